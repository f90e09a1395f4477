"""Archives of articles: a record each, several records where one article stands under several tickers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from signals.errors import ConfigError
from signals.news import boilerplate, delimited, files, records
from signals.news.articles import Reading, Unread, clean_line, clean_title, compose, refuse, text_digest
from signals.news.markup import read_cell
from signals.news.record import KEYS, MISSING, REQUIRED, Record
from signals.news.timestamps import read_stamp
from signals.types import Article, Document, NewsSpec, Refusal, SourceFailure, Tag

Format = Callable[[Document, NewsSpec], Iterator[tuple[str, Record | Unread]]]

_FORMATS: dict[str, Format] = {"csv": delimited.records, "jsonl": records.json_lines, "parquet": records.parquet}
# What a file is, whatever the kind of its source says.
_ENDINGS = {".parquet": records.parquet, ".jsonl": records.json_lines, ".ndjson": records.json_lines}


class ArchiveSource:
    """A `NewsSource` over archives: delimited files, JSON Lines or Parquet."""

    def __init__(self, spec: NewsSpec, root: Path) -> None:
        where = f"news[{spec.name}]"
        dialect = spec.dialect
        if not spec.path:
            raise ConfigError(f"{where}.path", f"is missing; name a file, or many as in archive/*.{spec.kind}")
        if (spec.kind == "parquet" or spec.path.endswith(".parquet")) and not records.installed():
            raise ConfigError(f"{where}.path", records.NO_PYARROW)
        if len(dialect.delimiter) != 1 or dialect.delimiter in '"\r\n':
            raise ConfigError(f"{where}.delimiter", f"{dialect.delimiter!r} is not one character to part cells by")
        if not dialect.header and spec.kind != "csv":
            raise ConfigError(f"{where}.header", "only a csv file can be without one; in others columns have names")
        for key, column in dialect.columns.items():
            if key not in KEYS:
                raise ConfigError(f"{where}.columns.{key}", f"this key is unknown; known: {', '.join(KEYS)}")
            if not dialect.header and (not isinstance(column, int) or column < 0):
                raise ConfigError(f"{where}.columns.{key}", f"without a header it is a position from 0, not {column!r}")
        if not dialect.header and (missing := [key for key in REQUIRED if key not in dialect.columns]):
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
        """Read one archive: its articles in the order of the file, then the records that were refused."""
        spec, origin = self._spec, document.origin
        found: dict[str, tuple[str, Reading]] = {}
        refused: list[Refusal] = []
        try:
            records = _ENDINGS.get(files.ending(Path(origin)), _FORMATS[spec.kind])(document, spec)
            for where, record in records:
                try:
                    key, reading = self._reading(record)
                except Unread as why:
                    refused.append(refuse(spec, f"{origin} {where}", why))
                    continue
                first = found.get(key)
                found[key] = (first[0], _merged(first[1], reading)) if first else (where, reading)
        except Unread as why:
            return (refuse(spec, origin, why),)
        read: list[Article] = []
        for key, (where, reading) in found.items():
            try:
                read.append(compose(spec, document, key, reading))
            except Unread as why:
                refused.append(refuse(spec, f"{origin} {where}", why))
        return [*read, *refused]

    def _reading(self, record: Record | Unread) -> tuple[str, Reading]:
        if isinstance(record, Unread):
            raise record
        dialect = self._spec.dialect
        title = clean_title(record.text("title"))
        if not title:
            raise Unread("no_title", "the row has no title")
        try:
            stamp = read_stamp(
                clean_line(record.text("published_at")), dialect.timezone, dialect.dayfirst, dialect.date_format
            )
        except ValueError as error:
            raise Unread("no_date", str(error)) from None
        body, links = read_cell(record.text("body"))
        tags = (*(Tag(name) for name in map(clean_line, record.tags()) if name not in MISSING), *links)
        url, own = clean_line(record.text("url")), clean_line(record.text("id"))
        agency, site = boilerplate.credits(body)
        agency = clean_title(record.text("publisher")) or agency
        return own or url or text_digest(title, stamp.text), Reading(title, body, stamp, url, agency, site, tags)


def _merged(first: Reading, other: Reading) -> Reading:
    """Join two records of one article: the first one's words and the tags of both."""
    tags = tuple(dict.fromkeys(first.tags + other.tags))
    return replace(first, body=first.body or other.body, agency=first.agency or other.agency, tags=tags)
