"""Read the records of JSON Lines and Parquet files, which may hold lists and nested objects.

A column is a name in the file, with dots into nested objects (`source.name`) and into lists of objects
(`tickers.symbol`). pyarrow is optional; without it a Parquet file is rejected with the command that installs it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.util import find_spec

from signals.errors import missing_library
from signals.news.articles import RejectedError
from signals.news.record import KEYS, MISSING, REQUIRED
from signals.types import Document, NewsSpec

NO_PYARROW = missing_library("a Parquet file", "pyarrow")


def has_pyarrow() -> bool:
    """Return whether pyarrow is installed."""
    return find_spec("pyarrow") is not None


def read_json_lines(document: Document, spec: NewsSpec) -> Iterator[tuple[str, Record | RejectedError]]:
    """Yield the object of each line of a file, with its line."""
    for number, line in enumerate(document.payload.split(b"\n"), 1):
        if line.strip(b" \t\r\xef\xbb\xbf"):
            yield f"line {number}", _parse_object(line, number, spec)


def _parse_object(line: bytes, number: int, spec: NewsSpec) -> Record | RejectedError:
    try:
        value = json.loads(line.decode(spec.dialect.encoding), strict=False)
    except UnicodeError:
        problem = f"line {number}: a byte does not fit the encoding {spec.dialect.encoding}; set `encoding`"
        return RejectedError("encoding", problem)
    except (ValueError, RecursionError) as error:
        return RejectedError("row", f"line {number}: it is not JSON ({error})")
    if not isinstance(value, dict):
        return RejectedError("row", f"line {number}: it is not a JSON object; write one object on each line")
    return Record(value, spec)


def read_parquet(document: Document, spec: NewsSpec) -> Iterator[tuple[str, Record | RejectedError]]:
    """Yield the rows of a Parquet file, each with its number.

    Raises
    ------
    RejectedError
        The file as a whole cannot be read: ``unreadable``, ``columns``, ``too_large``, or pyarrow is not installed.
    """
    if not has_pyarrow():
        raise RejectedError("unreadable", NO_PYARROW)
    # Imported by name, because a type checker finds pyarrow on one machine and not on another.
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    try:
        file = parquet.ParquetFile(io.BytesIO(document.payload))
        groups = range(file.metadata.num_row_groups)
        size = sum(file.metadata.row_group(n).total_byte_size for n in groups)
        if size > spec.max_bytes:
            problem = f"it holds {size:,} bytes when decompressed; raise max_bytes if that is intended"
            raise RejectedError("too_large", problem)
        names = file.schema_arrow.names
        selected = [name for name in names if any(_holds(name, _column(spec, key)) for key in KEYS)]
        for key in KEYS:
            column = _column(spec, key)
            if (key in spec.dialect.columns or key in REQUIRED) and not any(_holds(name, column) for name in selected):
                problem = f"there is no column {column!r} for {key} among {', '.join(names)[:200]}"
                raise RejectedError("columns", problem)
        # Threads of pyarrow can abort the interpreter at its exit.
        batches = file.iter_batches(batch_size=1_000, columns=selected, use_threads=False)
        rows = (row for batch in batches for row in batch.to_pylist())
        yield from ((f"row {number}", Record(row, spec)) for number, row in enumerate(rows, 1))
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise RejectedError("unreadable", f"the Parquet file is damaged ({error}); fetch it again") from None


def _holds(name: str, column: str) -> bool:
    """Return whether a column of the file is, or contains, a configured column."""
    return column == name or column.startswith(name + ".")


def _column(spec: NewsSpec, key: str) -> str:
    return str(spec.dialect.columns.get(key, key))


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON object or a Parquet row by the keys of an archive."""

    values: Mapping[str, object]
    spec: NewsSpec

    def text(self, key: str) -> str:
        """Return the first value of a key as text; empty if it is missing."""
        return next(iter(self._texts(key)), "")

    def tags(self) -> Sequence[str]:
        """Return the names under the key of tags: those of a list, or of one text that is split."""
        names, separator = self._texts("tags"), self.spec.tag_separator
        return names[0].split(separator) if separator and len(names) == 1 else names

    def _texts(self, key: str) -> list[str]:
        column = _column(self.spec, key)
        values = [self.values[column]] if column in self.values else _follow([self.values], column.split("."))
        return [text for value in _flatten(values) if (text := _as_text(value)).strip() not in MISSING]


def _follow(values: Sequence[object], path: Sequence[str]) -> Sequence[object]:
    """Return the values at a path of names, through nested objects and lists of objects."""
    for name in path:
        values = [value[name] for value in _flatten(values) if isinstance(value, dict) and name in value]
    return values


def _flatten(values: Sequence[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, list):
            yield from (item for item in value if not isinstance(item, list))
        else:
            yield value


def _as_text(value: object) -> str:
    """Return a scalar as text; empty for null, NaN, a boolean, bytes or an object."""
    if value is None or isinstance(value, (bool, dict, bytes)) or value != value:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)
