"""Answers for programs: JSON and CSV under the column names of the views."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import attrgetter

import orjson

from signals.types import Contrast, LinkList, Report, UnusualReport

_FORMULA = frozenset("=+-@\t\r")
_WRITTEN_BY_CSV = frozenset({float, int, type(None)})
_ROWS_AT_ONCE = 200

_INSTRUMENT = ("name", "mic", "timezone", "currency", "kind", "benchmark")
_COVERAGE = ("first_bar", "last_bar", "articles", "links")


def report_json(report: Report, link_columns: Sequence[str]) -> str:
    """Return a report as one JSON object, a row per line; instants are UTC in ISO-8601, a missing value is null."""
    about, fresh = report.instrument, report.freshness
    coverage = {name: getattr(about, name) for name in _COVERAGE}
    return _object(
        {
            "ticker": report.ticker,
            "instrument": {name: getattr(about, name) for name in _INSTRUMENT},
            "as_of": report.as_of,
            "coverage": {**coverage, "news_to": fresh.news_to, "last_run": fresh.last_run},
            "base_rate": report.base_rate,
            "aggregates": report.averages,
            "links": _records(report.links, link_columns),
            "unusual": report.unusual,
            "unscored": report.unscored,
            "refused_tags": report.refused_tags,
        }
    )


def links_json(answer: LinkList, columns: Sequence[str]) -> str:
    """Return links across instruments as one JSON object."""
    return _object({"as_of": answer.as_of, "links": _records(answer.links, columns)})


def moves_json(answer: UnusualReport, session_columns: Sequence[str]) -> str:
    """Return unusual sessions as one JSON object, a row per line."""
    sessions = _records(answer.sessions, (*session_columns, "news"))
    return _object({"as_of": answer.as_of, "base_rates": answer.base_rates, "moves": sessions})


def contrast_json(answer: Contrast) -> str:
    """Return two groups compared as one JSON object."""
    return _object({f.name: getattr(answer, f.name) for f in fields(answer)})


def to_csv(rows: Sequence[object], columns: Sequence[str]) -> str:
    """Return rows as CSV. A text that a spreadsheet would run as a formula gets an apostrophe in front."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    read = values_of(columns)
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        cells = zip(*map(read, rows[first : first + _ROWS_AT_ONCE]), strict=True)
        writer.writerows(zip(*map(_column, cells), strict=True))
    return out.getvalue()


def _column(values: Sequence[object]) -> Sequence[object]:
    """Return a column as CSV writes it: few columns need a change, and neighbours often have the same text."""
    if _WRITTEN_BY_CSV.issuperset(map(type, values)):
        return values
    cells = {value: _cell(value) for value in set(values)}
    return [cells[value] for value in values]


def _cell(value: object) -> object:
    if isinstance(value, str):
        text = f"'{value}" if value[:1] in _FORMULA else value
        return text.replace("\r\n", "\n").replace("\r", "\n")  # a bare CR would end the row, as csv does not quote it
    return as_json(value) if isinstance(value, date) else value


def values_of(columns: Sequence[str]) -> Callable[[object], tuple[object, ...]]:
    """Return a function that reads columns of a row, which are its attributes."""
    if len(columns) == 1:
        (name,) = columns
        return lambda row: (getattr(row, name),)
    return attrgetter(*columns)


def _records(rows: Sequence[object], columns: Sequence[str]) -> Iterator[Mapping[str, object]]:
    """Yield rows as records, in the order of the columns."""
    for values in map(values_of(columns), rows):
        yield dict(zip(columns, values, strict=True))


def _object(members: Mapping[str, object]) -> str:
    """Write an object, its lists a row per line."""
    pieces: list[str] = []
    for name, value in members.items():
        pieces += [",\n  " if pieces else "{\n  ", encoded(name), ": "]
        pieces += _lines(value) if isinstance(value, list | tuple | Iterator) else [encoded(value)]
    return "".join([*pieces, "\n}\n"])


def _lines(rows: Iterable[object]) -> list[str]:
    pieces = [piece for row in rows for piece in (",\n    ", encoded(row))]
    return ["[\n    ", *pieces[1:], "\n  ]"] if pieces else ["[]"]


def encoded(value: object) -> str:
    """Return a value as JSON: dataclasses by their fields, instants and sessions as `as_json` writes them."""
    return orjson.dumps(value, default=as_json, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


@lru_cache(maxsize=64)  # rows of one article, which stand together, have the same instants
def as_json(value: object) -> str:
    """Return what JSON has no form for: an instant in UTC, a session as its date.

    Raises
    ------
    TypeError
        The value is neither.
    """
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no JSON form")


def instant(value: datetime) -> str:
    """Return an instant as the store writes it."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
