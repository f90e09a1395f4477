"""Delimited text as its dialect declares it: bytes -> rows of cells -> numbers and moments.

Pure. A file that cannot be read is a ValueError with the sentence; a cell that cannot be read is its row's own fault.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import nan

from signals.types import CsvDialect

_DECOMPRESS = {".gz": gzip.decompress, ".bz2": bz2.decompress, ".xz": lzma.decompress}
_MISSING = frozenset({"", "-", "nan", "null", "n/a"})
_ENDINGS = {"K": "e3", "M": "e6", "B": "e9"}


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file, each with its line number. `header` is empty where the dialect has none."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]

    @property
    def width(self) -> int:
        """Count the cells that a whole row has."""
        return len(self.header or (self.rows[0][1] if self.rows else ()))


def read(payload: bytes, ending: str, dialect: CsvDialect) -> Table:
    """Split a file into rows of cells.

    Parameters
    ----------
    payload
        The bytes of the file.
    ending
        The last ending of its name; ``.gz``, ``.bz2`` and ``.xz`` are unpacked.

    Raises
    ------
    ValueError
        It is damaged, empty, or not text of the declared encoding.
    """
    text = _decode(_unpack(payload, ending), dialect.encoding)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter)
    try:
        rows = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num} is not delimited text ({error})") from None
    if not rows:
        raise ValueError("the file is empty; export it again")
    if not dialect.header:
        return Table((), tuple(rows))
    names = rows[0][1]
    # Files that were glued together repeat their header.
    return Table(tuple(name.strip() for name in names), tuple(row for row in rows[1:] if row[1] != names))


def _unpack(payload: bytes, ending: str) -> bytes:
    try:
        return _DECOMPRESS.get(ending, bytes)(payload)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise ValueError(f"the {ending} file is damaged ({error}); fetch it again") from None


def _decode(payload: bytes, encoding: str) -> str:
    try:
        return payload.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(
            f"byte {error.start} is not {encoding} text; set `encoding` to what the file is written in, such as cp1251"
        ) from None


def locate(
    table: Table, columns: Mapping[str, str | int], wanted: Sequence[str], needed: Sequence[str]
) -> dict[str, int]:
    """Find the position of each wanted column; one that `columns` does not name is looked up by its own name.

    Raises
    ------
    ValueError
        A needed or a named column is not there.
    """
    found: dict[str, int] = {}
    lower = [name.lower() for name in table.header]
    for key in wanted:
        name = columns.get(key, key)
        if isinstance(name, int) and 0 <= name < table.width:
            found[key] = name
        elif name in table.header:
            found[key] = table.header.index(str(name))
        elif key not in columns and key in lower:
            found[key] = lower.index(key)
        elif key in columns or key in needed:
            present = ", ".join(map(repr, table.header)) or f"positions 0 to {table.width - 1}"
            raise ValueError(f"there is no column {name!r} for {key}; set `columns.{key}` to one of {present}")
    return found


def number(text: str, dialect: CsvDialect) -> float:
    """Read one cell, NaN where it is missing; raises ValueError where it is not a number."""
    cell = text.strip()
    if cell.lower() in _MISSING:
        return nan
    ending = _ENDINGS.get(cell[-1].upper(), "")
    if ending:
        cell = cell[:-1]
    if dialect.thousands:
        cell = "".join(cell.split()) if dialect.thousands.isspace() else cell.replace(dialect.thousands, "")
    if dialect.decimal != ".":
        if "." in cell:
            raise ValueError(f"{text!r} is not a number with the decimal mark {dialect.decimal!r}")
        cell = cell.replace(dialect.decimal, ".")
    try:
        return float(cell + ending)
    except ValueError:
        raise ValueError(f"{text!r} is not a number") from None


def numbers(cells: Sequence[str], dialect: CsvDialect) -> tuple[list[float], dict[int, str]]:
    """Read a column; returns the values and what is wrong by position."""
    if dialect.decimal == "." and not dialect.thousands:
        try:
            return list(map(float, cells)), {}
        except ValueError:
            pass  # something is missing or carries an ending: cell by cell
    values, wrong = [nan] * len(cells), {}
    for n, cell in enumerate(cells):
        try:
            values[n] = number(cell, dialect)
        except ValueError as error:
            wrong[n] = str(error)
    return values, wrong


def moments(cells: Sequence[str], dialect: CsvDialect) -> tuple[list[datetime | None], dict[int, str]]:
    """Read a column of dates or times, all written alike; returns the values and what is wrong by position.

    Without `date_format` it is ISO 8601, or day, month and year in numbers in the order that `dayfirst` says, or
    ``Mar 25, 2022``.
    """
    parse = _parser(next((cell for cell in cells if cell.strip()), ""), dialect)
    values: list[datetime | None] = [None] * len(cells)
    wrong: dict[int, str] = {}
    for n, cell in enumerate(cells):
        try:
            values[n] = parse(cell.strip())
        except ValueError:
            hint = f"`date_format` {dialect.date_format!r}" if dialect.date_format else "a date; set `date_format`"
            wrong[n] = f"{cell!r} is not {hint}"
    return values, wrong


def _parser(sample: str, dialect: CsvDialect) -> Callable[[str], datetime]:
    if dialect.date_format:
        return _by_format(dialect.date_format)
    written = re.fullmatch(r"\s*\d{1,2}([./-])\d{1,2}\1(\d{4}|\d{2})(\s+\d{1,2}:\d\d(:\d\d)?)?\s*", sample)
    if written:
        mark, year, clock, with_seconds = written.groups()
        day = f"%d{mark}%m" if dialect.dayfirst else f"%m{mark}%d"
        hours = (" %H:%M:%S" if with_seconds else " %H:%M") if clock else ""
        return _by_format(f"{day}{mark}{'%Y' if len(year) == 4 else '%y'}{hours}")
    if sample.strip()[:1].isalpha():
        return _by_format("%b %d, %Y")
    return datetime.fromisoformat


def _by_format(form: str) -> Callable[[str], datetime]:
    known: dict[str, datetime] = {}  # strptime is slow, and in a file for many each date stands many times

    def parse(cell: str) -> datetime:
        if cell not in known:
            known[cell] = datetime.strptime(cell, form)  # noqa: DTZ007 - the caller knows the zone
        return known[cell]

    return parse
