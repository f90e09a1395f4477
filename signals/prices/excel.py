"""Sheets of Excel as rows of text cells; typed values become text in the dialect.

openpyxl is not a dependency; without it, an entry of `prices:` that names an .xlsx file cannot be opened.
"""

from __future__ import annotations

import io
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from importlib import import_module
from importlib.util import find_spec

from signals.prices.header import Names, arrange, header_position
from signals.prices.text_table import Line, Table
from signals.types import CsvDialect

ENDINGS = (".xlsx", ".xlsm")

# What openpyxl raises of files that are none: it has no errors of its own for them.
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, LookupError, ValueError, TypeError, AttributeError,
            SyntaxError)  # fmt: skip


def installed() -> bool:
    """Return whether openpyxl is installed."""
    return find_spec("openpyxl") is not None


def read(payload: bytes, dialect: CsvDialect, names: Names) -> Table:
    """Return the rows of the first sheet that has the header, else of the first that has some.

    Dates are ISO 8601, numbers have the dialect's mark.

    Raises
    ------
    ValueError
        The file is damaged, or has no row.
    """
    # By name, because a type checker finds openpyxl on one machine and not on the next.
    openpyxl = import_module("openpyxl")
    write = _writer(dialect)
    try:
        with warnings.catch_warnings(action="ignore"):  # about styles, which nobody asks for
            book = openpyxl.load_workbook(io.BytesIO(payload), read_only=True, data_only=True)
            sheets = [rows for sheet in book.worksheets if (rows := _rows(sheet.iter_rows(values_only=True), write))]
    except _DAMAGED as error:
        raise ValueError(f"it is no .xlsx file that can be read ({error}); save it as .xlsx or .csv again") from None
    if not sheets:
        raise ValueError("the file is empty; export it again")
    rows = next((rows for rows in sheets if header_position(rows, names) is not None), sheets[0])
    return arrange(rows, names) if dialect.header else Table((), tuple(rows))


def _rows(cells: Iterable[Sequence[object]], write: Callable[[object], str]) -> list[Line]:
    """Return the rows that are not empty, all as wide as the widest."""
    rows = [(n, [write(value) for value in row]) for n, row in enumerate(cells, start=1)]
    rows = [(n, row) for n, row in rows if any(row)]
    width = max((max(k for k, cell in enumerate(row) if cell) + 1 for _, row in rows), default=0)
    return [(n, (row + [""] * width)[:width]) for n, row in rows]


def _writer(dialect: CsvDialect) -> Callable[[object], str]:
    def write(value: object) -> str:
        if value is None or isinstance(value, bool):
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, date | time):
            return value.isoformat()
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            value = int(value)
        return str(value).replace(".", dialect.decimal)

    return write
