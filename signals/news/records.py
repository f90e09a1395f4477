"""Read the records of JSON and Parquet, which may hold lists and nested objects; `replies` locates those of JSON.

A column is a name in the file, with dots into nested objects (`source.name`) and into lists of objects
(`tickers.symbol`). pyarrow is optional; without it a Parquet file is rejected with the command that installs it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from importlib.util import find_spec

from signals.errors import missing_library
from signals.news.articles import RejectedError
from signals.news.record import KEYS, MISSING, REQUIRED
from signals.news.tag_cells import code_of, tag_names
from signals.types import Document, NewsSpec

#: The names under which MongoDB's extended JSON writes a scalar.
_MONGO = ("$date", "$numberLong", "$numberInt", "$numberDouble", "$oid")

NO_PYARROW = missing_library("a Parquet file", "pyarrow")


def has_pyarrow() -> bool:
    """Return whether pyarrow is installed."""
    return find_spec("pyarrow") is not None


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
        selected = [name for name in names if any(_holds(name, column_of(spec, key)) for key in KEYS)]
        for key in KEYS:
            column = column_of(spec, key)
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


def column_of(spec: NewsSpec, key: str) -> str:
    """Return the column of a key in the file."""
    return str(spec.dialect.columns.get(key, key))


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON object or a Parquet row by the keys of an archive.

    Attributes
    ----------
    path
        Where the record stood in a reply; columns may be written with or without it.
    reply
        The reply, whose own tags and publisher are those of its records.
    """

    values: Mapping[str, object]
    spec: NewsSpec
    path: str = ""
    reply: Mapping[str, object] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return the first value of a key as text; empty if it is missing."""
        return next((text for value in self._values(key) if (text := _as_text(value)).strip() not in MISSING), "")

    def tags(self) -> Sequence[str]:
        """Return the names under the key of tags: those of a list, or of one text that is split."""
        return tag_names((_as_text(value) or code_of(value) for value in self._values("tags")), self.spec)

    def _values(self, key: str) -> list[object]:
        column = column_of(self.spec, key)
        own = column.removeprefix(f"{self.path}.") if self.path else column
        values = [self.values[own]] if own in self.values else _follow([self.values], own.split("."))
        # A date of the reply is a record's only if the configuration leads to it outside of the list.
        shared = ("tags", "publisher") if self.spec.records else ("tags", "publisher", "published_at")
        if not values and own == column and key in shared and key in self.spec.dialect.columns:
            values = _follow([self.reply], column.split("."))
        return list(_flatten(values))


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
    """Return a scalar as text; empty for null, NaN, a boolean, bytes or an object that is not MongoDB's scalar."""
    while isinstance(value, dict) and len(value) == 1 and (name := next(iter(value))) in _MONGO:
        value = value[name]
    if value is None or isinstance(value, (bool, dict, list, bytes)) or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if isinstance(value, date) else str(value)
