"""The records of JSON Lines and Parquet files: objects, with lists and objects in them.

A column is named as the file names it, with dots into objects within (`source.name`) and through lists of them
(`tickers.symbol`). pyarrow is not a dependency; without it a Parquet file is refused with the sentence that says so.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from signals.errors import missing_library
from signals.news.articles import Unread
from signals.news.record import KEYS, MISSING, REQUIRED
from signals.types import Document, NewsSpec

NO_PYARROW = missing_library("a Parquet file", "pyarrow")


def installed() -> bool:
    """Tell whether Parquet files can be read here."""
    return find_spec("pyarrow") is not None


def json_lines(document: Document, spec: NewsSpec) -> Iterator[tuple[str, Record | Unread]]:
    """Yield the objects of a file with one on each line, each with where it stands."""
    for number, line in enumerate(document.payload.split(b"\n"), 1):
        if line.strip(b" \t\r\xef\xbb\xbf"):
            yield f"line {number}", _object(line, number, spec)


def _object(line: bytes, number: int, spec: NewsSpec) -> Record | Unread:
    try:
        value = json.loads(line.decode(spec.dialect.encoding), strict=False)
    except UnicodeError:
        return Unread("encoding", f"line {number}: a byte is not written in {spec.dialect.encoding}; set `encoding`")
    except (ValueError, RecursionError) as error:
        return Unread("row", f"line {number}: it is not JSON ({error})")
    if not isinstance(value, dict):
        return Unread("row", f"line {number}: it is JSON and no object; write one object on each line")
    return Record(value, spec)


def parquet(document: Document, spec: NewsSpec) -> Iterator[tuple[str, Record | Unread]]:
    """Yield the rows of a Parquet file, each with where it stands.

    Raises
    ------
    Unread
        The file as a whole cannot be read: ``unreadable``, ``columns``, ``too_large``, or pyarrow is not installed.
    """
    if not installed():
        raise Unread("unreadable", NO_PYARROW)
    # By name, because a type checker finds pyarrow on one machine and not on the next.
    arrow, files = import_module("pyarrow"), import_module("pyarrow.parquet")
    try:
        file = files.ParquetFile(io.BytesIO(document.payload))
        groups = range(file.metadata.num_row_groups)
        size = sum(file.metadata.row_group(n).total_byte_size for n in groups)
        if size > spec.max_bytes:
            problem = f"it holds {size:,} bytes when unpacked; raise max_bytes if that is meant"
            raise Unread("too_large", problem)
        names = file.schema_arrow.names
        wanted = [name for name in names if any(_is_at(name, _column(spec, key)) for key in KEYS)]
        for key in KEYS:
            column = _column(spec, key)
            if (key in spec.dialect.columns or key in REQUIRED) and not any(_is_at(name, column) for name in wanted):
                raise Unread("columns", f"there is no column {column!r} for {key} among {', '.join(names)[:200]}")
        # pyarrow's threads have been seen to abort an interpreter at its end.
        batches = file.iter_batches(batch_size=1_000, columns=wanted, use_threads=False)
        rows = (row for batch in batches for row in batch.to_pylist())
        yield from ((f"row {number}", Record(row, spec)) for number, row in enumerate(rows, 1))
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise Unread("unreadable", f"the Parquet file is damaged ({error}); fetch it again") from None


def _is_at(name: str, column: str) -> bool:
    return column == name or column.startswith(name + ".")


def _column(spec: NewsSpec, key: str) -> str:
    return str(spec.dialect.columns.get(key, key))


@dataclass(frozen=True, slots=True)
class Record:
    """An object by the keys of an archive."""

    values: Mapping[str, Any]
    spec: NewsSpec

    def text(self, key: str) -> str:
        """Return the first value under a key as text; empty where it is missing."""
        return next(iter(self._texts(key)), "")

    def tags(self) -> Sequence[str]:
        """Return the names under the key of tags: a list, or one text to be split."""
        found, separator = self._texts("tags"), self.spec.tag_separator
        return found[0].split(separator) if separator and len(found) == 1 else found

    def _texts(self, key: str) -> list[str]:
        column = _column(self.spec, key)
        found = [self.values[column]] if column in self.values else _reached([self.values], column.split("."))
        return [text for value in _flat(found) if (text := _written(value)).strip() not in MISSING]


def _reached(values: Sequence[Any], path: Sequence[str]) -> Sequence[Any]:
    """Follow a path of names into objects and through lists of them."""
    for name in path:
        values = [value[name] for value in _flat(values) if isinstance(value, dict) and name in value]
    return values


def _flat(values: Sequence[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from (item for item in value if not isinstance(item, list))
        else:
            yield value


def _written(value: Any) -> str:
    """Write a value as an archive of text would; an object has no text."""
    if value is None or isinstance(value, (bool, dict, bytes)) or value != value:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
