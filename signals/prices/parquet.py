"""Parquet files as the tables of text that `delimited` reads: typed values are written as the dialect writes them.

pyarrow is not a dependency; where it is absent, an entry of `prices:` that names a Parquet file cannot be opened.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from signals.prices.delimited import Table
from signals.types import CsvDialect

ENDING = ".parquet"


def installed() -> bool:
    """Tell whether Parquet files can be read here."""
    return find_spec("pyarrow") is not None


def read(payload: bytes, dialect: CsvDialect) -> Table:
    """Read a file; text stays as it is, dates and times are ISO 8601, numbers carry the dialect's decimal mark.

    Raises
    ------
    ValueError
        It is damaged, or has no row.
    """
    # By name, because a type checker finds pyarrow on one machine and not on the next.
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    try:
        # pyarrow's threads have been seen to abort an interpreter at its end.
        table = parquet.read_table(io.BytesIO(payload), use_threads=False)
    except (arrow.ArrowException, OSError) as error:
        raise ValueError(f"the {ENDING} file is damaged ({error}); fetch it again") from None
    if not table.num_rows:
        raise ValueError("the file is empty; export it again")
    write = _writer(dialect)
    columns = [[write(value) for value in column.to_pylist()] for column in table.columns]
    rows = ((n, list(cells)) for n, cells in enumerate(zip(*columns, strict=True), start=1))
    return Table(tuple(name.strip() for name in table.column_names), tuple(rows))


def _writer(dialect: CsvDialect) -> Callable[[Any], str]:
    def write(value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, date):
            return value.isoformat()
        return str(value).replace(".", dialect.decimal)

    return write
