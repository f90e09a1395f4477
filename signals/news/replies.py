"""Read the records of JSON: a whole reply of a vendor, an array, indented or not, or a value on each line.

A reply holds its records in a list that `records` names (`data.items`), or that the column of the title leads
through (`data.title`). Columns may also be parallel arrays, as pandas and EDGAR write a table. A value without that
list is a record itself, so that the same entry reads whole replies and the records of one, line by line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from signals.news.articles import RejectedError
from signals.news.documents import marked_encoding
from signals.news.record import KEYS
from signals.news.records import Record, column_of
from signals.types import Document, NewsSpec

_BLANKS = re.compile(r"[\s,\x1e\ufeff]*")
#: How deep a list of records is searched for, to name it in a refusal.
_SEARCH_DEPTH = 4
Item = tuple[str, Record | RejectedError]


def read_json(document: Document, spec: NewsSpec) -> Iterator[Item]:
    """Yield the records of a file of JSON, each with its position; raise `RejectedError` if it is ``too_large``."""
    if len(document.payload) > spec.max_bytes:
        problem = f"it holds {len(document.payload):,} bytes; raise max_bytes if that is intended"
        raise RejectedError("too_large", problem)
    try:
        text = document.payload.decode(marked_encoding(document.payload) or spec.dialect.encoding)
    except UnicodeError:
        yield from _read_lines(document.payload.split(b"\n"), spec)
        return
    values = None if _holds_lines(text) else json_values(text)
    if values is None:
        yield from _read_lines(text.split("\n"), spec)
        return
    records = (record for value in values for record in _records(value, spec))
    yield from ((f"record {number}", record) for number, record in enumerate(records, 1))


def _holds_lines(text: str) -> bool:
    """Return whether the first line of several is a value of its own."""
    first, _, rest = text.lstrip("\ufeff \t\r\n").partition("\n")
    return bool(rest.strip()) and isinstance(_value(first), (dict, list))


def json_values(text: str) -> list[object] | None:
    """Return the JSON values that follow each other in a text; None if it is not JSON to its end."""
    decoder, values, at = json.JSONDecoder(strict=False), [], 0
    try:
        while (start := _end_of_blanks(text, at)) < len(text):
            value, at = decoder.raw_decode(text, start)
            values.append(value)
    except (ValueError, RecursionError):
        return None
    return values


def _end_of_blanks(text: str, at: int) -> int:
    match = _BLANKS.match(text, at)
    return match.end() if match else at


def _value(line: str) -> object:
    """Return the JSON value of a line, an error if it is none; a comma behind it is allowed."""
    try:
        return json.loads(line.strip("\ufeff \t\r,\x1e"), strict=False)
    except (ValueError, RecursionError) as error:
        return error


def _read_lines(lines: Iterable[str | bytes], spec: NewsSpec) -> Iterator[Item]:
    for number, raw in enumerate(lines, 1):
        try:
            line = raw.decode(spec.dialect.encoding) if isinstance(raw, bytes) else raw
        except UnicodeError:
            problem = f"line {number}: a byte does not fit the encoding {spec.dialect.encoding}; set `encoding`"
            yield f"line {number}", RejectedError("encoding", problem)
            continue
        if line.strip("\ufeff \t\r,\x1e") in ("", "[", "]"):
            continue
        value = _value(line)
        if isinstance(value, Exception):
            yield f"line {number}", RejectedError("row", f"line {number}: it is not JSON ({value})")
            continue
        records = list(_records(value, spec))
        for n, record in enumerate(records, 1):
            yield f"line {number}" + (f" record {n}" if len(records) > 1 else ""), record


# --- the records of a value -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _List:
    """The values under a path in a reply, where its records are searched for."""

    path: str
    values: Sequence[object]


def _records(value: object, spec: NewsSpec) -> Iterator[Record | RejectedError]:
    """Yield the records in one JSON value."""
    if isinstance(value, list):
        for item in value:
            if isinstance(item, list):
                yield _not_an_object()
            else:
                yield from _records(item, spec)
        return
    if not isinstance(value, dict):
        yield _not_an_object()
        return
    if _is_plain(value, spec):
        yield Record(value, spec)
        return
    located = _configured_list(value, spec) if spec.records else _list_of_title(value, spec)
    if located is None:
        yield from _table(value, value, "", spec) or [_single(value, spec)]
        return
    for item in located.values:
        if isinstance(item, dict):
            yield from _table(item, value, located.path, spec) or [Record(item, spec, located.path, value)]
        else:
            yield _not_an_object()


def _is_plain(value: Mapping[str, object], spec: NewsSpec) -> bool:
    """Return whether an object is clearly a record: it has a title of its own, and no list of others."""
    if not isinstance(value.get(column_of(spec, "title")), str) or "." in column_of(spec, "tags"):
        return False
    return not spec.records or spec.records.partition(".")[0] not in value


def _not_an_object() -> RejectedError:
    return RejectedError("row", "a record is not a JSON object; write objects, one on each line or in a list")


def _configured_list(value: Mapping[str, object], spec: NewsSpec) -> _List | None:
    """Return the values at `records`; None if the reply has nothing of that name."""
    path = str(spec.records)
    values: list[object] = [value]
    for name in path.split("."):
        values = [each[name] for each in _flatten(values) if isinstance(each, dict) and name in each]
        if not values:
            return None
    return _List(path, [item for item in _flatten(values) if item is not None])


def _list_of_title(value: Mapping[str, object], spec: NewsSpec) -> _List | None:
    """Return the objects of the innermost list that the column of the title leads through; None if it is none."""
    names = column_of(spec, "title").split(".")
    located, values = None, [value]
    if ".".join(names) in value:
        return None
    for depth, name in enumerate(names[:-1], 1):
        inner = [each[name] for each in values if isinstance(each, dict) and name in each]
        values = [each for each in _flatten(inner) if isinstance(each, dict)]
        if any(isinstance(each, list) for each in inner):
            located = _List(".".join(names[:depth]), values)
        elif located:
            break
    return located


def _flatten(values: Sequence[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, list):
            yield from value
        else:
            yield value


def _table(
    table: Mapping[str, object], reply: Mapping[str, object], path: str, spec: NewsSpec
) -> list[Record | RejectedError]:
    """Return the rows of an object that holds its columns as parallel arrays; empty if it does not."""
    columns = {key: column_of(spec, key).removeprefix(f"{path}." if path else "") for key in KEYS}
    *parents, title = columns["title"].split(".")
    inner: object = table
    for name in parents:
        inner = inner.get(name) if isinstance(inner, dict) else None
    if not isinstance(inner, dict):
        return []
    prefix = "".join(f"{name}." for name in parents)
    names = {column.removeprefix(prefix) for column in columns.values() if column.startswith(prefix)}
    cells = {name: inner[name] for name in names if name in inner}
    arrays = {name: _array(cell) for name, cell in cells.items()}
    titles, dates = arrays.get(title), arrays.get(columns["published_at"].removeprefix(prefix))
    if not titles or not dates or isinstance(titles[0], (list, dict)):
        return []
    lengths = {name: len(array) for name, array in arrays.items() if array is not None}
    if len(set(lengths.values())) > 1:
        sizes = ", ".join(f"{name} {length}" for name, length in sorted(lengths.items()))
        return [RejectedError("row", f"its columns are arrays of different lengths ({sizes}); fetch it again")]
    whole = (f"{path}." if path else "") + prefix.rstrip(".")
    rows = ({name: array[n] if array else cells[name] for name, array in arrays.items()} for n in range(len(titles)))
    return [Record(row, spec, whole.rstrip("."), reply) for row in rows]


def _array(cell: object) -> Sequence[object] | None:
    """Return a column as an array, also where pandas writes it as an object with the index as its names."""
    if isinstance(cell, dict) and cell and all(name.isdigit() for name in cell):
        return list(cell.values())
    return cell if isinstance(cell, list) else None


def _single(value: Mapping[str, object], spec: NewsSpec) -> Record | RejectedError:
    """Return a reply that is a record itself; the refusal, with the key to set, if it wraps records."""
    record, title, lists = Record(value, spec), column_of(spec, "title"), list(_lists_of_objects(value))
    wrapped = [path for path, names in lists if names & {title, "title", "headline"}]
    if record.text("title"):
        # A list of tags of which each has its own title and date, or address, is a list of records.
        others, tags = {column_of(spec, "published_at"), column_of(spec, "url"), "link"}, column_of(spec, "tags")
        wrapped = [path for path, names in lists if path in wrapped and names & others and tags.startswith(f"{path}.")]
    elif not wrapped and not record.text("published_at"):
        wrapped = [path for path, names in lists if len(names) > 1]
    if wrapped and wrapped[0] != spec.records:
        return RejectedError("records", f"it is a reply that holds its records in a list; set `records: {wrapped[0]}`")
    if spec.records and not record.text("title"):
        names = ", ".join(map(str, value))[:200]
        return RejectedError("records", f"it has no list {spec.records!r} and no {title!r} (it has: {names})")
    return record


def _lists_of_objects(value: Mapping[str, object], depth: int = 1) -> Iterator[tuple[str, set[str]]]:
    """Yield the path of each list of objects in a reply with the names in its first object."""
    for name, inner in value.items():
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            yield name, set(inner[0])
        elif isinstance(inner, dict) and depth < _SEARCH_DEPTH:
            yield from ((f"{name}.{path}", names) for path, names in _lists_of_objects(inner, depth + 1))
