"""JSON of vendors -> a `Table`: records, arrays side by side, rows of arrays, objects by date, replies of charts.

Pure. Numbers keep the digits that they are written with; one that is not text is written with the dialect's mark.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from signals.prices.delimited import decoded
from signals.prices.text_table import Table
from signals.types import CsvDialect

_PRICE_NAME = re.compile(r"\b(close|c|last|price)$", re.IGNORECASE)
_DIGIT = re.compile(r"\d")

ENDINGS = (".json", ".jsonl", ".ndjson")

Json = Mapping[str, object]
Records = tuple[list[str], list[list[object]]]

_DATE_KEY = re.compile(r"\d{4}-\d\d-\d\d([ T].*)?|\d{8}|\d{9,13}")
_NUMBERED = re.compile(r"^\d+[a-z]?\.\s+")  # Alpha Vantage: "4. close"
_FIELDS = ("open", "high", "low", "close", "adj close", "volume")
_LETTERS = {"t": "date", "o": "open", "h": "high", "l": "low", "c": "close", "v": "volume"}  # UDF and its kin
_DEPTH = 5


class _Number(str):
    """A number as it is written in the file."""

    __slots__ = ()


def read(payload: bytes, dialect: CsvDialect, records: str | None = None) -> Table:
    """Return the rows of a JSON file; the number of a record stands for that of its line.

    Parameters
    ----------
    records
        The path of the records, such as ``data.items``; by default they are looked for.

    Raises
    ------
    ValueError
        The file is not JSON, has no such path, or nothing in it has the shape of bars.
    """
    try:
        whole = _loaded(decoded(payload, dialect.encoding))
    except RecursionError:
        raise ValueError("its values are nested too deeply for bars; export it again") from None
    for key in records.split(".") if records else ():
        if not isinstance(whole, dict) or key not in whole:
            raise ValueError(f"there is no {records!r} in it; correct `records`")
        whole = whole[key]
    table = _find(whole, _DEPTH)
    if table is None:
        _refuse_message(whole)
        raise ValueError("it has no records of bars; set `records` to the path of their list, such as data.items")
    header, rows = table
    if not rows:
        raise ValueError("the file is empty; export it again")
    names = [_NUMBERED.sub("", name) for name in header]
    if {"t", "c"} <= set(names):
        names = [_LETTERS.get(name, name) for name in names]
    return Table(tuple(names), tuple((n, [_text(v, dialect) for v in row]) for n, row in enumerate(rows, start=1)))


def _loaded(text: str) -> object:
    """Return the values of a file, of one text or of a record a line."""
    try:
        return json.loads(text, parse_float=_Number, parse_int=_Number)
    except json.JSONDecodeError as error:
        if not text.strip():
            raise ValueError("the file is empty; export it again") from None
        if not error.msg.startswith("Extra data"):
            raise ValueError(f"line {error.lineno} is not JSON ({error.msg}); export it again") from None
    values = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            values += [json.loads(line, parse_float=_Number, parse_int=_Number)] if line.strip() else []
        except json.JSONDecodeError as error:
            raise ValueError(f"line {number} is not JSON ({error.msg}); export it again") from None
    return values


def _refuse_message(reply: object) -> None:
    """Raise ValueError with what a vendor says in place of bars."""
    texts = [value for value in reply.values() if isinstance(value, str)] if isinstance(reply, dict) else []
    words = max((text for text in texts if " " in text), key=len, default="")
    if words:
        raise ValueError(f"the vendor answered without bars ({words[:200]}); ask it again")


def _text(value: object, dialect: CsvDialect) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, _Number):
        return value.replace(".", dialect.decimal)
    return str(value)


def _find(value: object, depth: int) -> Records | None:
    """Return the records of a value, or of the first of its parts that has some, preferably with closes."""
    table = _as_list(value) if isinstance(value, list) else _as_object(value) if isinstance(value, dict) else None
    if table is not None or depth == 0:
        return table
    parts = value.values() if isinstance(value, dict) else value[:1] if isinstance(value, list) else ()
    tables = [inner for part in parts if (inner := _find(part, depth - 1)) is not None]
    return next((table for table in tables if _has_closes(table)), next(iter(tables), None))


def _has_closes(table: Records) -> bool:
    """Return whether records may be bars: they have closes by name, or no names."""
    return not table[0] or any(_PRICE_NAME.search(name) for name in table[0])


def _as_list(rows: Sequence[object]) -> Records | None:
    if rows and all(isinstance(row, dict) for row in rows):
        flat = [dict(_flat(row)) for row in rows if isinstance(row, dict)]
        if sum(len(row) > 1 for row in flat) < len(flat) or _nested(rows[0]):
            return None
        header = list(dict.fromkeys(key for row in flat for key in row))
        return header, [[row.get(key) for key in header] for row in flat]
    if rows and all(isinstance(row, list) and len(row) > 1 for row in rows):
        lists = [row for row in rows if isinstance(row, list)]
        if any(isinstance(cell, list | dict) for cell in lists[0]):
            return None
        named = all(isinstance(cell, str) and not _DIGIT.search(cell) for cell in lists[0])
        return ([str(cell) for cell in lists[0]], lists[1:]) if named else ([], lists)
    return None


def _flat(record: Json, head: str = "") -> Iterator[tuple[str, object]]:
    for key, value in record.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{head}{key}.")
        else:
            yield head + key, value


def _nested(record: object) -> bool:
    """Return whether a record holds lists: it is a reply or a result then, and no bar."""
    return isinstance(record, dict) and any(isinstance(v, list) for _, v in _flat(record))


def _as_object(value: Json) -> Records | None:
    return _chart(value) or _split(value) or _by_date(value) or _arrays(value) or _by_symbol(value)


def _chart(value: Json) -> Records | None:
    """Read a chart of Yahoo: times, and quotes in arrays below them; the unit of the prices is in its `meta`."""
    times, indicators = value.get("timestamp"), value.get("indicators")
    if not isinstance(times, list) or not isinstance(indicators, dict):
        return None
    columns: dict[str, list[object]] = {"timestamp": times}
    for group in indicators.values():
        for quotes in group if isinstance(group, list) else ():
            columns |= {k: v for k, v in quotes.items() if isinstance(v, list) and len(v) == len(times)}
    meta = value.get("meta")
    if isinstance(meta, dict) and "currency" in meta:
        columns["currency"] = [meta["currency"]] * len(times)
    return list(columns), [list(row) for row in zip(*columns.values(), strict=True)]


def _split(value: Json) -> Records | None:
    """Read a frame in the orientation `split`, and a block of ISS: names of columns beside rows."""
    columns, data, index = value.get("columns"), value.get("data"), value.get("index")
    if not isinstance(columns, list) or not isinstance(data, list) or not all(isinstance(r, list) for r in data):
        return None
    if isinstance(index, list) and len(index) == len(data):
        return ["date", *map(str, columns)], [[at, *row] for at, row in zip(index, data, strict=True)]
    return [str(name) for name in columns], [list(row) for row in data]


def _by_date(value: Json) -> Records | None:
    """Read an object whose keys are dates, or a frame in the orientation `columns`, which has it the other way."""
    if value and all(map(_DATE_KEY.fullmatch, value)) and not any(isinstance(v, dict | list) for v in value.values()):
        return ["date", "close"], [[date, close] for date, close in value.items()]
    parts = {key: part for key, part in value.items() if isinstance(part, dict)}
    if len(parts) < len(value) or not value:
        return None
    if all(map(_DATE_KEY.fullmatch, value)):
        header = list(dict.fromkeys(key for part in parts.values() for key in part))
        return ["date", *header], [[date, *(part.get(key) for key in header)] for date, part in parts.items()]
    dates = list(dict.fromkeys(date for part in parts.values() for date in part))
    deeper = any(isinstance(v, dict) for part in parts.values() for v in part.values())
    if dates and all(map(_DATE_KEY.fullmatch, dates)) and not deeper:
        names = list(parts) if len(parts) > 1 or next(iter(parts)).lower() in _FIELDS else ["close"]
        return ["date", *names], [[date, *(part.get(date) for part in parts.values())] for date in dates]
    return None


def _arrays(value: Json) -> Records | None:
    """Read arrays of one length side by side."""
    arrays = {key: part for key, part in value.items() if isinstance(part, list)}
    lengths = {len(part) for part in arrays.values()}
    if len(arrays) < 2 or len(lengths) != 1 or any(isinstance(c, list | dict) for a in arrays.values() for c in a[:1]):
        return None
    return list(arrays), [list(row) for row in zip(*arrays.values(), strict=True)]


def _by_symbol(value: Json) -> Records | None:
    """Read an object that has the records of each symbol under its key."""
    parts = {key: inner for key, part in value.items() if (inner := _part(part)) is not None}
    if len(parts) < 2 or len(parts) < len(value) or len({tuple(header) for header, _ in parts.values()}) != 1:
        return None
    header = next(iter(parts.values()))[0]
    return ["symbol", *header], [[key, *row] for key, (_, rows) in parts.items() for row in rows]


def _part(part: object) -> Records | None:
    table = _as_list(part) if isinstance(part, list) else None
    if isinstance(part, dict):
        table = _arrays(part) or _by_date(part)
    return table if table is not None and table[0] else None
