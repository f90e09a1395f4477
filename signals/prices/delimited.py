"""Delimited text in a declared dialect: bytes -> rows of cells -> numbers and times.

Pure. A file that cannot be read is a ValueError with the sentence; a cell that cannot be read is reported by position.
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
_MULTIPLIERS = {"K": "e3", "M": "e6", "B": "e9"}


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file, each with its line number. `header` is empty where the dialect has none."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]

    @property
    def width(self) -> int:
        """The number of cells in a complete row."""
        return len(self.header or (self.rows[0][1] if self.rows else ()))


def read(payload: bytes, ending: str, dialect: CsvDialect) -> Table:
    """Split a file into rows of cells.

    Parameters
    ----------
    payload
        The bytes of the file.
    ending
        The last suffix of its name; ``.gz``, ``.bz2`` and ``.xz`` are decompressed.

    Raises
    ------
    ValueError
        The file is damaged, empty, or not text in the declared encoding.
    """
    text = _decode(_decompressed(payload, ending), dialect.encoding)
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
    # Concatenated files repeat their header.
    return Table(tuple(name.strip() for name in names), tuple(row for row in rows[1:] if row[1] != names))


def _decompressed(payload: bytes, ending: str) -> bytes:
    try:
        return _DECOMPRESS.get(ending, bytes)(payload)
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise ValueError(f"the {ending} file is damaged ({error}); fetch it again") from None


def _decode(payload: bytes, encoding: str) -> str:
    try:
        return payload.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(
            f"byte {error.start} is not {encoding} text; set `encoding` to that of the file, such as cp1251"
        ) from None


def locate_columns(
    table: Table, columns: Mapping[str, str | int], names: Sequence[str], required: Sequence[str]
) -> dict[str, int]:
    """Return the position of each column in `names`; one that `columns` does not map is looked up by its own name.

    Raises
    ------
    ValueError
        A required column, or one that `columns` maps, is missing.
    """
    positions: dict[str, int] = {}
    lower = [name.lower() for name in table.header]
    for key in names:
        name = columns.get(key, key)
        if isinstance(name, int) and 0 <= name < table.width:
            positions[key] = name
        elif name in table.header:
            positions[key] = table.header.index(str(name))
        elif key not in columns and key in lower:
            positions[key] = lower.index(key)
        elif key in columns or key in required:
            present = ", ".join(map(repr, table.header)) or f"positions 0 to {table.width - 1}"
            raise ValueError(f"there is no column {name!r} for {key}; set `columns.{key}` to one of {present}")
    return positions


def parse_number(text: str, dialect: CsvDialect) -> float:
    """Return the number in a cell, NaN where it is missing; raises ValueError where it is not a number."""
    cell = text.strip()
    if cell.lower() in _MISSING:
        return nan
    exponent = _MULTIPLIERS.get(cell[-1].upper(), "")
    if exponent:
        cell = cell[:-1]
    if dialect.thousands:
        cell = "".join(cell.split()) if dialect.thousands.isspace() else cell.replace(dialect.thousands, "")
    if dialect.decimal != ".":
        if "." in cell:
            raise ValueError(f"{text!r} is not a number with the decimal mark {dialect.decimal!r}")
        cell = cell.replace(dialect.decimal, ".")
    try:
        return float(cell + exponent)
    except ValueError:
        raise ValueError(f"{text!r} is not a number") from None


def parse_numbers(cells: Sequence[str], dialect: CsvDialect) -> tuple[list[float], dict[int, str]]:
    """Return the numbers of a column, and the problem of each cell that cannot be read by its position."""
    if dialect.decimal == "." and not dialect.thousands:
        try:
            return list(map(float, cells)), {}
        except ValueError:
            pass  # a cell is missing or has a multiplier: read cell by cell
    values, problems = [nan] * len(cells), {}
    for n, cell in enumerate(cells):
        try:
            values[n] = parse_number(cell, dialect)
        except ValueError as error:
            problems[n] = str(error)
    return values, problems


def parse_times(cells: Sequence[str], dialect: CsvDialect) -> tuple[list[datetime | None], dict[int, str]]:
    """Return the dates or times of a column, and the problem of each cell that cannot be read by its position.

    All cells have one format: `date_format`, or else ISO 8601, or day, month and year in numbers in the order that
    `dayfirst` gives, or ``Mar 25, 2022``.
    """
    parse = _parser(next((cell for cell in cells if cell.strip()), ""), dialect)
    values: list[datetime | None] = [None] * len(cells)
    problems: dict[int, str] = {}
    for n, cell in enumerate(cells):
        try:
            values[n] = parse(cell.strip())
        except ValueError:
            hint = f"`date_format` {dialect.date_format!r}" if dialect.date_format else "a date; set `date_format`"
            problems[n] = f"{cell!r} is not {hint}"
    return values, problems


def _parser(sample: str, dialect: CsvDialect) -> Callable[[str], datetime]:
    if dialect.date_format:
        return _by_format(dialect.date_format)
    match = re.fullmatch(r"\s*\d{1,2}([./-])\d{1,2}\1(\d{4}|\d{2})(\s+\d{1,2}:\d\d(:\d\d)?)?\s*", sample)
    if match:
        mark, year, clock, seconds = match.groups()
        day = f"%d{mark}%m" if dialect.dayfirst else f"%m{mark}%d"
        hours = (" %H:%M:%S" if seconds else " %H:%M") if clock else ""
        return _by_format(f"{day}{mark}{'%Y' if len(year) == 4 else '%y'}{hours}")
    if sample.strip()[:1].isalpha():
        return _by_format("%b %d, %Y")
    return datetime.fromisoformat


def _by_format(form: str) -> Callable[[str], datetime]:
    parsed: dict[str, datetime] = {}  # strptime is slow, and a file for many symbols repeats each date

    def parse(cell: str) -> datetime:
        if cell not in parsed:
            parsed[cell] = datetime.strptime(cell, form)  # noqa: DTZ007 - the caller has the zone
        return parsed[cell]

    return parse
