"""Parquet files as tables of text; typed values become text in the dialect.

pyarrow is not a dependency; without it, an entry of `prices:` that names a Parquet file cannot be opened.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from importlib import import_module
from importlib.util import find_spec

from signals.prices.header import with_tickers
from signals.prices.text_table import Table
from signals.types import CsvDialect

SUFFIX = ".parquet"


def installed() -> bool:
    """Return whether pyarrow is installed."""
    return find_spec("pyarrow") is not None


def read(payload: bytes, dialect: CsvDialect) -> Table:
    """Return the rows of a file; text is unchanged, dates and times are ISO 8601, numbers have the dialect's mark.

    Raises
    ------
    ValueError
        The file is damaged, or has no row.
    """
    # By name, because a type checker finds pyarrow on one machine and not on the next.
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    try:
        # pyarrow's threads can abort the interpreter at its exit.
        table = parquet.read_table(io.BytesIO(payload), use_threads=False)
    except (arrow.ArrowException, OSError) as error:
        raise ValueError(f"the {SUFFIX} file is damaged ({error}); fetch it again") from None
    if not table.num_rows:
        raise ValueError("the file is empty; export it again")
    write = _writer(dialect)
    columns = [[write(value) for value in column.to_pylist()] for column in table.columns]
    rows = ((n, list(cells)) for n, cells in enumerate(zip(*columns, strict=True), start=1))
    return with_tickers(Table(tuple(name.strip() for name in table.column_names), tuple(rows)))


def _writer(dialect: CsvDialect) -> Callable[[object], str]:
    def write(value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, date):
            return value.isoformat()
        return str(value).replace(".", dialect.decimal)

    return write
