"""The report for programs: json and csv, under the column names of the views."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import orjson

_FORMULA = frozenset("=+-@\t\r")
_AS_IT_IS = frozenset({float, int, type(None)})


def to_json(report: Mapping[str, Any]) -> str:
    """Write a report as one JSON object, a row per line; instants as UTC ISO-8601, nothing as null."""
    return "{" + ",".join(f"\n  {_text(name)}: {_lines(value)}" for name, value in report.items()) + "\n}\n"


def _lines(value: object) -> str:
    """Write a list a row per line."""
    if not isinstance(value, list) or not value:
        return _text(value)
    return "[\n    " + ",\n    ".join(map(_text, value)) + "\n  ]"


@lru_cache(maxsize=64)  # rows of one article, which stand together, have the same instants
def as_json(value: object) -> str:
    """Write what JSON has no form for: an instant in UTC, a session as its date."""
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no JSON form")


def _text(value: object) -> str:
    return orjson.dumps(value, default=as_json, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


def instant(value: datetime) -> str:
    """Write an instant as the store does."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def to_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Write rows as CSV. A text that a spreadsheet would run as a formula gets an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:  # there may be 300,000 cells, and few of them are not written as they are
        writer.writerow(
            [
                value
                if (kind := type(value := row[name])) in _AS_IT_IS or (kind is str and value[:1] not in _FORMULA)
                else _cell(value)
                for name in columns
            ]
        )
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, date):
        return as_json(value)
    if isinstance(value, str) and value[:1] in _FORMULA:
        return "'" + value
    return value
