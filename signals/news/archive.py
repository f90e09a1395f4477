"""Archives of articles in delimited files: a row each, several rows where one article stands under several tickers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from signals.errors import ConfigError
from signals.news import files, furniture
from signals.news.articles import Reading, Unread, clean_line, clean_title, compose, refuse, text_digest
from signals.news.cells import read_cell
from signals.news.stamps import read_stamp
from signals.types import Article, Document, NewsSpec, Refusal, SourceFailure, Tag

KEYS = ("published_at", "title", "body", "url", "publisher", "tags", "id")
_REQUIRED = ("published_at", "title")
_MISSING = ("", "-")
# An opening quotation mark that is never closed would take the rest of the file for one cell.
_LONGEST_RECORD = 1_000
_ENOUGH_ROWS = 20

_UNDECODED = re.compile(r"[\udc80-\udcff]")
# A limit of the whole process, made for smaller cells than articles.
csv.field_size_limit(2**31 - 1)

Row = Sequence[str]


class CsvSource:
    """A `NewsSource` over delimited files."""

    def __init__(self, spec: NewsSpec, root: Path) -> None:
        where = f"news[{spec.name}]"
        columns = spec.dialect.columns
        if not spec.path:
            raise ConfigError(f"{where}.path", "is missing; name a file, or many as in archive/*.csv")
        if len(spec.dialect.delimiter) != 1 or spec.dialect.delimiter in '"\r\n':
            raise ConfigError(f"{where}.delimiter", f"{spec.dialect.delimiter!r} is not one character to part cells by")
        for key, column in columns.items():
            if key not in KEYS:
                raise ConfigError(f"{where}.columns.{key}", f"this key is unknown; known: {', '.join(KEYS)}")
            if not spec.dialect.header and (not isinstance(column, int) or column < 0):
                raise ConfigError(f"{where}.columns.{key}", f"without a header it is a position from 0, not {column!r}")
        if not spec.dialect.header and (missing := [key for key in _REQUIRED if key not in columns]):
            raise ConfigError(f"{where}.columns.{missing[0]}", "is missing; give its position from 0")
        self._spec = spec
        self._root = root

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        return self._spec.name

    def fetch(self, known: Mapping[str, Document], now: datetime) -> Iterable[Document | SourceFailure]:
        """Yield the files that are new or changed."""
        return files.fetch(self._spec, self._root, known, now)

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Read one archive: its articles in the order of the file, then the rows that were refused."""
        found: dict[str, Reading] = {}
        refused: list[Refusal] = []
        try:
            lines = _lines(document, self._spec.dialect.encoding)
            sheet, start = self._sheet(lines)
        except Unread as why:
            return (refuse(self._spec, document.origin, why),)
        for number, record in _records(lines, start, self._spec.dialect.delimiter, sheet):
            try:
                if isinstance(record, Unread):
                    raise record
                key, reading = self._reading(sheet, record)
            except Unread as why:
                refused.append(refuse(self._spec, f"{document.origin} line {number}", why))
                continue
            found[key] = _merged(found[key], reading) if key in found else reading
        read: list[Article] = []
        for key, reading in found.items():
            try:
                read.append(compose(self._spec, document, key, reading))
            except Unread as why:
                refused.append(refuse(self._spec, f"{document.origin} {key}", why))
        return [*read, *refused]

    def _sheet(self, lines: Sequence[str]) -> tuple[_Sheet, int]:
        """Find the columns; returns them with the first line of the rows."""
        columns = self._spec.dialect.columns
        if not self._spec.dialect.header:
            where = {key: int(column) for key, column in columns.items()}
            return _Sheet(where, 1 + max(where.values()), exact=False), 0
        if not lines:
            raise Unread("empty", "the file is empty; export it again")
        row, used = _record(lines, 0, self._spec.dialect.delimiter)
        if isinstance(row, Unread):
            raise row
        names = [clean_line(cell) for cell in row]
        if _has_index(lines, used, self._spec.dialect.delimiter, len(names)):
            names = ["", *names]
        where = {}
        for key in KEYS:
            column = columns.get(key, key)
            if isinstance(column, int) and 0 <= column < len(names):
                where[key] = column
            elif column in names:
                where[key] = names.index(str(column))
            elif key in columns or key in _REQUIRED:
                raise Unread("columns", f"there is no column {column!r} for {key} among {', '.join(names)[:200]}")
        return _Sheet(where, len(names), exact=True), used

    def _reading(self, sheet: _Sheet, row: Row) -> tuple[str, Reading]:
        dialect = self._spec.dialect
        title = clean_title(sheet.cell(row, "title"))
        if not title:
            raise Unread("no_title", "the row has no title")
        try:
            stamp = read_stamp(
                clean_line(sheet.cell(row, "published_at")), dialect.timezone, dialect.dayfirst, dialect.date_format
            )
        except ValueError as error:
            raise Unread("no_date", str(error)) from None
        body, links = read_cell(sheet.cell(row, "body"))
        cell, separator = sheet.cell(row, "tags"), self._spec.tag_separator
        names = map(clean_line, cell.split(separator) if separator else [cell])
        tags = (*(Tag(name) for name in names if name not in _MISSING), *links)
        url, own = clean_line(sheet.cell(row, "url")), clean_line(sheet.cell(row, "id"))
        agency, site = furniture.credits(body)
        agency = clean_title(sheet.cell(row, "publisher")) or agency
        return own or url or text_digest(title, stamp.text), Reading(title, body, stamp, url, agency, site, tags)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Where the columns stand, and how many cells a row has (at least so many, if not `exact`)."""

    where: Mapping[str, int]
    width: int
    exact: bool

    def cell(self, row: Row, key: str) -> str:
        """Return a cell as text; empty where it is missing."""
        text = row[self.where[key]] if key in self.where else ""
        return "" if text.strip() in _MISSING else text

    def misfit(self, row: Row) -> str:
        """Say what is wrong with the number of cells, or nothing."""
        if len(row) < self.width or (self.exact and any(row[self.width :])):
            return f"the row has {len(row)} cells in place of {self.width}"
        return ""


def _merged(first: Reading, other: Reading) -> Reading:
    """Join two rows of one article: the first row's words and both rows' tags."""
    tags = tuple(dict.fromkeys(first.tags + other.tags))
    return replace(first, body=first.body or other.body, agency=first.agency or other.agency, tags=tags)


# --- lines and records ----------------------------------------------------------------------------------------------


def _lines(document: Document, encoding: str) -> list[str]:
    """Decode a file, keeping bytes that do not fit for the rows that have them."""
    try:
        text = document.payload.decode(encoding, "surrogateescape")
    except UnicodeError as error:
        raise Unread("encoding", f"{document.origin} is not written in {encoding} ({error}); set `encoding`") from None
    return io.StringIO(text, newline="").readlines()


def _records(lines: Sequence[str], start: int, delimiter: str, sheet: _Sheet) -> Iterator[tuple[int, Row | Unread]]:
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
