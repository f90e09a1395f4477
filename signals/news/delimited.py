"""Read the records of delimited files; a broken record costs its first line only."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from signals.news.articles import RejectedError, clean_line
from signals.news.documents import marked_encoding
from signals.news.record import KEYS, MISSING, REQUIRED
from signals.news.tag_cells import tag_names
from signals.types import Document, NewsSpec

# Bounds a record, because an unclosed quotation mark would otherwise turn the rest of the file into one cell.
_MAX_RECORD_LINES = 1_000
_SAMPLE_ROWS = 20

_UNDECODED = re.compile(r"[\udc80-\udcff]")
# The default limit, set for the whole process, is smaller than the body of a long article.
csv.field_size_limit(2**31 - 1)

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class _Columns:
    """The positions of the keys, and the number of cells in a row: exactly `width`, or at least that many."""

    positions: Mapping[str, int]
    width: int
    exact: bool

    def check_width(self, row: Row) -> str:
        """Return the problem with the number of cells in a row; empty if there is none."""
        if len(row) < self.width or (self.exact and any(row[self.width :])):
            return f"the row has {len(row)} cells in place of {self.width}"
        return ""


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a delimited file by the keys of an archive."""

    columns: _Columns
    row: Row
    spec: NewsSpec

    def text(self, key: str) -> str:
        """Return the cell of a key; empty if it is missing."""
        cell = self.row[self.columns.positions[key]] if key in self.columns.positions else ""
        return "" if cell.strip() in MISSING else cell

    def tags(self) -> Sequence[str]:
        """Return the names in the cell of tags."""
        return tag_names([self.text("tags")], self.spec)


def read_delimited(document: Document, spec: NewsSpec) -> Iterator[tuple[str, Record | RejectedError]]:
    """Yield the records of a file, each with its line.

    Raises
    ------
    RejectedError
        The file as a whole cannot be read: ``encoding``, ``empty``, ``columns``.
    """
    lines = _decode_lines(document, spec.dialect.encoding)
    columns, start = _locate_columns(lines, spec)
    for number, row in _rows(lines, start, spec.dialect.delimiter, columns):
        yield f"line {number}", row if isinstance(row, RejectedError) else Record(columns, row, spec)


def _decode_lines(document: Document, encoding: str) -> list[str]:
    """Return the lines of a file; bytes that cannot be decoded become surrogates, to reject only their rows."""
    encoding = marked_encoding(document.payload) or encoding
    try:
        text = document.payload.decode(encoding, "surrogateescape")
    except UnicodeError as error:
        problem = f"{document.origin} is not written in {encoding} ({error}); set `encoding`"
        raise RejectedError("encoding", problem) from None
    return io.StringIO(text, newline="").readlines()


def _locate_columns(lines: Sequence[str], spec: NewsSpec) -> tuple[_Columns, int]:
    """Return the columns of a file and the index of the first line below its header."""
    configured, delimiter = spec.dialect.columns, spec.dialect.delimiter
    if not spec.dialect.header:
        positions = {key: int(column) for key, column in configured.items()}
        return _Columns(positions, 1 + max(positions.values()), exact=False), 0
    if not lines:
        raise RejectedError("empty", "the file is empty; export it again")
    header, used = _read_row(lines, 0, delimiter)
    if isinstance(header, RejectedError):
        raise header
    names = [clean_line(cell) for cell in header]
    if _has_index_column(lines, used, delimiter, len(names)):
        names = ["", *names]
    positions = {}
    for key in KEYS:
        column = configured.get(key, key)
        if isinstance(column, int) and 0 <= column < len(names):
            positions[key] = column
        elif column in names:
            positions[key] = names.index(str(column))
        elif key in configured or key in REQUIRED:
            raise RejectedError("columns", f"there is no column {column!r} for {key} among {', '.join(names)[:200]}")
    return _Columns(positions, len(names), exact=True), used


def _rows(
    lines: Sequence[str], start: int, delimiter: str, columns: _Columns
) -> Iterator[tuple[int, Row | RejectedError]]:
    """Yield the rows with the number of their first line, a broken row as its error.

    Reading goes on at the line after the first line of a broken row, because its other lines may be rows of their own.
    """
    at = start
    while at < len(lines):
        row, used = _read_row(lines, at, delimiter)
        number = at + 1
        if isinstance(row, RejectedError):
            used = 1
        elif not any(map(str.strip, row)):
            at += used
            continue
        elif problem := columns.check_width(row):
            problem = f"line {number}: {problem}; look for a misplaced line break or quotation mark"
            row, used = RejectedError("row", problem), 1
        elif any(_UNDECODED.search(cell) for cell in row):
            row = RejectedError("encoding", f"line {number}: a byte does not fit the encoding; set `encoding`")
        yield number, row
        at += used


def _has_index_column(lines: Sequence[str], start: int, delimiter: str, width: int) -> bool:
    """Return whether the first rows have one cell more than the header, as pandas writes an unnamed index."""
    at, lengths = start, set()
    for _ in range(_SAMPLE_ROWS):
        if at >= len(lines):
            break
        row, used = _read_row(lines, at, delimiter)
        lengths |= {len(row)} if not isinstance(row, RejectedError) and row else set()
        at += used
    return lengths == {width + 1}


def _read_row(lines: Sequence[str], at: int, delimiter: str) -> tuple[Row | RejectedError, int]:
    """Return the row that begins at a line, and the number of lines it takes."""
    ahead = (lines[i] for i in range(at, min(at + _MAX_RECORD_LINES, len(lines))))
    reader = csv.reader(ahead, delimiter=delimiter, strict=True)
    try:
        return next(reader), reader.line_num
    except csv.Error:
        if reader.line_num == 1 and lines[at].count('"') % 2 == 0:
            # A complete line with unescaped quotation marks inside a quoted cell.
            return next(csv.reader([lines[at]], delimiter=delimiter)), 1
        return RejectedError("row", f"line {at + 1}: a quotation mark is opened and not closed"), 1
