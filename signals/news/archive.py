"""kind: csv. An archive of rows, one article each; rows of one article on several tickers are read as one."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from signals.errors import ConfigError
from signals.news.files import changed_files
from signals.news.markup import looks_like_html, read_fragment
from signals.news.stamps import read_stamp
from signals.news.words import agency, clean, digest, headline
from signals.types import Article, Document, NewsSpec, Refusal, SourceFailure, Stamp, Tag

_FIELDS = ("published_at", "title", "body", "url", "publisher", "tags", "id")
_MISSING = ("", "-", "null", "None", "NaN", "nan")
_LONGEST_CELL = 50_000_000


@dataclass(slots=True)
class _Entry:
    """An article while its rows are being gathered."""

    title: str
    body: str
    url: str
    publisher: str
    stamp: Stamp
    tags: dict[Tag, None]


class Archive:
    """Delimited files of articles, found by a glob."""

    def __init__(self, spec: NewsSpec, root: Path) -> None:
        self._where = f"news[{spec.name}]"
        if not spec.path:
            raise ConfigError(f"{self._where}.path", "a source of kind csv needs the files to read")
        for name in ("published_at", "title"):
            if name not in spec.dialect.columns:
                raise ConfigError(f"{self._where}.columns.{name}", "say which column of the file this is")
        for name in spec.dialect.columns:
            if name not in _FIELDS:
                raise ConfigError(
                    f"{self._where}.columns.{name}", f"is not a field of an article: {', '.join(_FIELDS)}"
                )
        self.name = spec.name
        self._spec = spec
        self._root = root

    def fetch(self, known: Mapping[str, Document], now: datetime) -> Iterator[Document | SourceFailure]:
        """Yield the files that are new or changed."""
        return changed_files(self._spec, self._root, known, now)

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Read one file; a row that cannot be read is refused with its line, and the rest goes on."""
        dialect = self._spec.dialect
        try:
            text = document.payload.decode(dialect.encoding)
        except (UnicodeDecodeError, LookupError) as error:
            detail = f"{error}; set `encoding` of {self._where}"
            return [Refusal(self.name, document.origin, "encoding", detail)]
        csv.field_size_limit(_LONGEST_CELL)
        rows = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=dialect.delimiter)
        try:
            return self._articles(document, rows)
        except csv.Error as error:
            detail = f"line {rows.line_num}: {error}; check `delimiter` of {self._where}"
            return [Refusal(self.name, document.origin, "unreadable", detail)]

    def _articles(self, document: Document, rows: Iterator[list[str]]) -> list[Article | Refusal]:
        header = next(rows, None) if self._spec.dialect.header else []
        if header is None or (self._spec.dialect.header and not any(cell.strip() for cell in header)):
            return [Refusal(self.name, document.origin, "empty", "the file is empty")]
        columns, missing = _positions(self._spec.dialect.columns, header)
        if missing:
            have = ", ".join(repr(name) for name in header[:20])
            detail = f"it has no column {missing!r}; its columns are {have}; correct `columns` of {self._where}"
            return [Refusal(self.name, document.origin, "no_column", detail)]
        entries: dict[str, _Entry] = {}
        refused: list[Article | Refusal] = []
        line = getattr(rows, "line_num", 0)
        for row in rows:
            start, line = line + 1, getattr(rows, "line_num", line + 1)
            if not any(cell.strip() for cell in row):
                continue
            try:
                self._gather(entries, row, columns)
            except ValueError as error:
                refused.append(Refusal(self.name, f"{document.origin}:{start}", "row", f"line {start}: {error}"))
        return [*(self._article(document, key, entry) for key, entry in entries.items()), *refused]

    def _gather(self, entries: dict[str, _Entry], row: list[str], columns: Mapping[str, int]) -> None:
        """Add a row to its article; raises ValueError with what is wrong with the row."""
        if len(row) <= max(columns[name] for name in ("published_at", "title")):
            raise ValueError(f"the row has {len(row)} cells, too few for its date and title")
        cell = {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()}
        cell = {name: "" if text in _MISSING else text for name, text in cell.items()}
        dialect = self._spec.dialect
        stamp = read_stamp(cell["published_at"], dialect.timezone, dialect.dayfirst, dialect.date_format)
        title = headline(cell["title"])
        if not title:
            raise ValueError("the title is missing")
        body, tags = cell.get("body", ""), tuple(Tag(text) for text in self._tags(cell.get("tags", "")))
        key = cell.get("id") or cell.get("url") or _key_of(title, stamp)
        if key in entries:
            entries[key].tags.update(dict.fromkeys(tags))
            return
        if looks_like_html(body):
            body, linked = read_fragment(body)
            tags = (*tags, *linked)
        publisher = headline(cell.get("publisher", ""))
        entries[key] = _Entry(title, clean(body), cell.get("url", ""), publisher, stamp, dict.fromkeys(tags))

    def _tags(self, text: str) -> Iterator[str]:
        separator = self._spec.tag_separator
        for part in text.split(separator) if separator else [text]:
            if part.strip():
                yield part.strip()

    def _article(self, document: Document, key: str, entry: _Entry) -> Article:
        who = agency(entry.body) or entry.publisher or self._spec.publisher
        tags = tuple(entry.tags)
        seen_at = entry.stamp.at if self._spec.known_at == "published" else document.fetched_at
        revision = digest(entry.title, entry.body, entry.url, who, entry.stamp, tags)
        return Article(self.name, key, entry.title, entry.body, entry.stamp, seen_at, revision, entry.url, who, tags)


def _positions(columns: Mapping[str, str | int], header: Sequence[str]) -> tuple[dict[str, int], str | int | None]:
    """Return where each column stands, and the first that is not there."""
    names = [name.strip().lstrip("\ufeff") for name in header]
    found: dict[str, int] = {}
    for field, name in columns.items():
        if isinstance(name, int):
            found[field] = name
        elif name in names:
            found[field] = names.index(name)
        else:
            return found, name
    return found, None


def _key_of(title: str, stamp: Stamp) -> str:
    return hashlib.blake2b(f"{title}\0{stamp.text}".encode(), digest_size=10).hexdigest()
