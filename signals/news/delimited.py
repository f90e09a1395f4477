"""The records of delimited files, a broken one with what is wrong with it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from signals.news.articles import Unread, clean_line
from signals.news.record import KEYS, MISSING, REQUIRED
from signals.types import Document, NewsSpec

# An opening quotation mark that is never closed would take the rest of the file for one cell.
_LONGEST_RECORD = 1_000
_ENOUGH_ROWS = 20

_UNDECODED = re.compile(r"[\udc80-\udcff]")
# A limit of the whole process, made for smaller cells than articles.
csv.field_size_limit(2**31 - 1)

Row = Sequence[str]


def records(document: Document, spec: NewsSpec) -> Iterator[tuple[str, Record | Unread]]:
    """Yield the records of a file, each with where it stands.

    Raises
    ------
    Unread
        The file as a whole cannot be read: ``encoding``, ``empty``, ``columns``.
    """
    lines = _lines(document, spec.dialect.encoding)
    sheet, start = _sheet(lines, spec)
    for number, row in _rows(lines, start, spec.dialect.delimiter, sheet):
        yield f"line {number}", row if isinstance(row, Unread) else Record(sheet, row, spec.tag_separator)


@dataclass(frozen=True, slots=True)
class Record:
    """A row by the keys of an archive."""

    sheet: _Sheet
    row: Row
    separator: str | None

    def text(self, key: str) -> str:
        """Return a cell; empty where it is missing."""
        cell = self.row[self.sheet.where[key]] if key in self.sheet.where else ""
        return "" if cell.strip() in MISSING else cell

    def tags(self) -> Sequence[str]:
        """Return the names in the cell of tags."""
        cell = self.text("tags")
        return cell.split(self.separator) if self.separator else [cell]


def _sheet(lines: Sequence[str], spec: NewsSpec) -> tuple[_Sheet, int]:
    """Find the columns; returns them with the first line of the rows."""
    columns, delimiter = spec.dialect.columns, spec.dialect.delimiter
    if not spec.dialect.header:
        where = {key: int(column) for key, column in columns.items()}
        return _Sheet(where, 1 + max(where.values()), exact=False), 0
    if not lines:
        raise Unread("empty", "the file is empty; export it again")
    row, used = _record(lines, 0, delimiter)
    if isinstance(row, Unread):
        raise row
    names = [clean_line(cell) for cell in row]
    if _has_index(lines, used, delimiter, len(names)):
        names = ["", *names]
    where = {}
    for key in KEYS:
        column = columns.get(key, key)
        if isinstance(column, int) and 0 <= column < len(names):
            where[key] = column
        elif column in names:
            where[key] = names.index(str(column))
        elif key in columns or key in REQUIRED:
            raise Unread("columns", f"there is no column {column!r} for {key} among {', '.join(names)[:200]}")
    return _Sheet(where, len(names), exact=True), used


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Where the columns stand, and how many cells a row has (at least so many, if not `exact`)."""

    where: Mapping[str, int]
    width: int
    exact: bool

    def misfit(self, row: Row) -> str:
        """Say what is wrong with the number of cells, or nothing."""
        if len(row) < self.width or (self.exact and any(row[self.width :])):
            return f"the row has {len(row)} cells in place of {self.width}"
        return ""


def _lines(document: Document, encoding: str) -> list[str]:
    """Decode a file, keeping bytes that do not fit for the rows that have them."""
    try:
        text = document.payload.decode(encoding, "surrogateescape")
    except UnicodeError as error:
        raise Unread("encoding", f"{document.origin} is not written in {encoding} ({error}); set `encoding`") from None
    return io.StringIO(text, newline="").readlines()


def _rows(lines: Sequence[str], start: int, delimiter: str, sheet: _Sheet) -> Iterator[tuple[int, Row | Unread]]:
    """Yield the records with the number of their first line, a broken one as what is wrong with it.

    A broken record is given up after its first line: what seemed to be its rest may be records of their own.
    """
    at = start
    while at < len(lines):
        row, used = _record(lines, at, delimiter)
        number = at + 1
        if isinstance(row, Unread):
            used = 1
        elif not any(map(str.strip, row)):
            at += used
            continue
        elif problem := sheet.misfit(row):
            row, used = Unread("row", f"line {number}: {problem}; a line break or a quotation mark is astray"), 1
        elif any(_UNDECODED.search(cell) for cell in row):
            row = Unread("encoding", f"line {number}: a byte is not written in the file's `encoding`")
        yield number, row
        at += used


def _has_index(lines: Sequence[str], start: int, delimiter: str, width: int) -> bool:
    """Tell whether the first rows all begin with a cell that the header leaves out, as data frames are written."""
    at, lengths = start, set()
    for _ in range(_ENOUGH_ROWS):
        if at >= len(lines):
            break
        row, used = _record(lines, at, delimiter)
        lengths |= {len(row)} if not isinstance(row, Unread) and row else set()
        at += used
    return lengths == {width + 1}


def _record(lines: Sequence[str], at: int, delimiter: str) -> tuple[Row | Unread, int]:
    """Read the record that begins on a line; returns it with the number of lines it takes."""
    ahead = (lines[i] for i in range(at, min(at + _LONGEST_RECORD, len(lines))))
    reader = csv.reader(ahead, delimiter=delimiter, strict=True)
    try:
        return next(reader), reader.line_num
    except csv.Error:
        if reader.line_num == 1 and lines[at].count('"') % 2 == 0:
            # Quotation marks within a quoted cell, on a line that is whole.
            return next(csv.reader([lines[at]], delimiter=delimiter)), 1
        return Unread("row", f"line {at + 1}: a quotation mark is opened there and not closed"), 1
