"""Archives of articles: one record per article, or several records for an article with several tickers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from signals.errors import ConfigError
from signals.news import boilerplate, delimited, files, records, replies
from signals.news.articles import (
    ArticleFields,
    RejectedError,
    build_article,
    build_refusal,
    clean_line,
    clean_title,
)
from signals.news.markup import parse_markup
from signals.news.record import KEYS, MISSING, REQUIRED, Record
from signals.news.source_stamps import as_day, parse_source_stamp, stamps_are_days
from signals.types import Article, Document, NewsSpec, Refusal, SourceFailure, Tag
from signals.types.identity import Evidence, Relation, evidence, headline_words, relation, text_key

#: Yields the records of a document, each with its position in the file.
Reader = Callable[[Document, NewsSpec], Iterator[tuple[str, Record | RejectedError]]]

_READERS: dict[str, Reader] = {
    "csv": delimited.read_delimited, "json": replies.read_json, "jsonl": replies.read_json,
    "parquet": records.read_parquet,
}  # fmt: skip
# The suffix of a file takes precedence over the kind of its source.
_SUFFIXES: dict[str, Reader] = {
    ".parquet": records.read_parquet, ".json": replies.read_json, ".jsonl": replies.read_json,
    ".ndjson": replies.read_json,
}  # fmt: skip

#: Of a file without an article, this many refusals with different reasons are listed one by one.
_MANY = 10
#: A file whose first records, as many as these, cannot be read is read no further.
_HOPELESS = 100_000


class ArchiveSource:
    """A `NewsSource` over archives: delimited files, JSON Lines or Parquet."""

    def __init__(self, spec: NewsSpec, root: Path) -> None:
        _check_spec(spec)
        self._spec = spec
        self._root = root

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        return self._spec.name

    def fetch(self, previous: Mapping[str, Document], now: datetime) -> Iterable[Document | SourceFailure]:
        """Yield the files that are new or changed."""
        return files.fetch(self._spec, self._root, previous, now)

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Return the articles of one archive in the order of the file, then the refusals of its records."""
        spec, origin = self._spec, document.origin
        parsed = _Parsed()
        refusals: list[Refusal] = []
        read = _SUFFIXES.get(files.suffix(Path(origin)), _READERS[spec.kind])
        try:
            for position, record in read(document, spec):
                try:
                    key, fields = self._fields(record)
                except RejectedError as error:
                    refusals.append(build_refusal(spec, f"{origin} {position}", error))
                    if not parsed.articles and len(refusals) >= _HOPELESS:
                        break
                    continue
                parsed.add(position, key, fields)
        except RejectedError as error:
            return (build_refusal(spec, origin, error),)
        articles: list[Article] = []
        days = stamps_are_days(spec, [fields.stamp for _, _, fields in parsed.articles])
        for position, key, fields in parsed.articles:
            fields = replace(fields, stamp=as_day(fields.stamp)) if days else fields
            try:
                articles.append(build_article(spec, document, key, fields))
            except RejectedError as error:
                refusals.append(build_refusal(spec, f"{origin} {position}", error))
        return [*articles, *(refusals if articles else _fold(spec, origin, refusals))]

    def _fields(self, record: Record | RejectedError) -> tuple[str, ArticleFields]:
        """Return the key and the fields of a record; raise `RejectedError` if it is broken."""
        if isinstance(record, RejectedError):
            raise record
        title = clean_title(record.text("title"))
        if not title:
            raise RejectedError("no_title", "the record has no title")
        try:
            stamp = parse_source_stamp(_stamp_text(record, self._spec), self._spec, with_format=True)
        except ValueError as error:
            raise RejectedError("no_date", str(error)) from None
        body, links = parse_markup(record.text("body"))
        tags = (*(Tag(name) for name in map(clean_line, record.tags()) if name not in MISSING), *links)
        url, record_id = clean_line(record.text("url")), clean_line(record.text("id"))
        agency, site = boilerplate.dateline_source(body)
        agency = clean_title(record.text("publisher")) or agency
        key = record_id or url or text_key(title, stamp.text)
        return key, ArticleFields(title, body, stamp, url, agency, site, tags)


def _stamp_text(record: Record, spec: NewsSpec) -> str:
    """Return the text of a record's stamp; its time may stand in a column of its own."""
    day = clean_line(record.text("published_at"))
    return f"{day} {clean_line(record.text('time'))}".strip() if "time" in spec.dialect.columns else day


def _fold(spec: NewsSpec, origin: str, refusals: Sequence[Refusal]) -> Sequence[Refusal]:
    """Return one refusal for a file of which nothing can be read; the refusals of its records if they differ."""
    reasons = {refusal.reason for refusal in refusals}
    if len(refusals) < 2 or (len(reasons) > 1 and len(refusals) <= _MANY):
        return refusals
    reason = reasons.pop() if len(reasons) == 1 else "unreadable"
    problem = f"none of its {len(refusals):,} records can be read; the first: {refusals[0].detail}"
    return (build_refusal(spec, origin, RejectedError(reason, problem)),)


def _check_spec(spec: NewsSpec) -> None:
    """Raise `ConfigError` for an entry of `news:` that no archive can be read by."""
    where, dialect = f"news[{spec.name}]", spec.dialect
    if not spec.path:
        raise ConfigError(f"{where}.path", f"is missing; name a file, or many as in archive/*.{spec.kind}")
    if (spec.kind == "parquet" or spec.path.endswith(".parquet")) and not records.has_pyarrow():
        raise ConfigError(f"{where}.path", records.NO_PYARROW)
    if len(dialect.delimiter) != 1 or dialect.delimiter in '"\r\n':
        problem = f"{dialect.delimiter!r} is not a delimiter; write one character such as , or ;"
        raise ConfigError(f"{where}.delimiter", problem)
    if not dialect.header and spec.kind != "csv":
        raise ConfigError(f"{where}.header", "only a csv file can lack a header; other formats name their columns")
    if spec.tag_template is not None and spec.tag_template.count("{ticker}") != 1:
        problem = f"{spec.tag_template!r} does not say where the ticker is; write {{ticker}} in its place"
        raise ConfigError(f"{where}.tag_template", problem)
    for key, column in dialect.columns.items():
        if key not in KEYS:
            raise ConfigError(f"{where}.columns.{key}", f"this key is unknown; known keys: {', '.join(KEYS)}")
        if not dialect.header and (not isinstance(column, int) or column < 0):
            problem = f"{column!r} is not a position; without a header, columns are numbered from 0"
            raise ConfigError(f"{where}.columns.{key}", problem)
    if not dialect.header and (missing := [key for key in REQUIRED if key not in dialect.columns]):
        raise ConfigError(f"{where}.columns.{missing[0]}", "is missing; write its position, counted from 0")


class _Parsed:
    """The articles of an archive so far: records with one key, headline and stamp are one, and their tags are joined.

    Others under the same key are versions or articles of their own: docs/identity.md.
    """

    def __init__(self) -> None:
        self._by_key: dict[str, int] = {}
        self._by_headline: dict[tuple[str, ...], int] = {}
        self._by_text: dict[tuple[str, ...], int] = {}
        #: Each article's first position in the file, its key and its fields.
        self.articles: list[tuple[str, str, ArticleFields]] = []

    def add(self, position: str, key: str, fields: ArticleFields) -> None:
        """Add a record, with its position in the file."""
        number = self._by_key.setdefault(key, len(self.articles))
        if self._take(number, position, key, fields):
            return
        self._by_headline.setdefault(_headline(key, self.articles[number][2]), number)
        number = self._by_headline.setdefault(_headline(key, fields), len(self.articles))
        if self._take(number, position, key, fields):
            return
        text = (*_headline(key, fields), fields.url, fields.body)
        self._take(self._by_text.setdefault(text, len(self.articles)), position, key, fields)

    def _take(self, number: int, position: str, key: str, fields: ArticleFields) -> bool:
        """Add a record as a new article, or to the article with a number if it is of that; return whether it was."""
        if number == len(self.articles):
            self.articles.append((position, key, fields))
            return True
        first_position, first_key, first = self.articles[number]
        one, other = _evidence(key, first), _evidence(key, fields)
        if first.stamp.at != fields.stamp.at or relation(one, other, together=True) is not Relation.SAME:
            return False
        self.articles[number] = (first_position, first_key, _merge(first, fields))
        return True


def _headline(key: str, fields: ArticleFields) -> tuple[str, ...]:
    return (key, *headline_words(fields.title), fields.stamp.at.isoformat())


def _evidence(key: str, fields: ArticleFields) -> Evidence:
    stamp = fields.stamp
    this = evidence(key, fields.url, fields.title, stamp.text, stamp.at, stamp.wall, stamp.precision, "")
    return replace(this, body=fields.body)


def _merge(first: ArticleFields, other: ArticleFields) -> ArticleFields:
    """Return the fields of two records of one article: the texts of the first and the tags of both."""
    tags = tuple(dict.fromkeys(first.tags + other.tags))
    return replace(first, body=first.body or other.body, agency=first.agency or other.agency, tags=tags)
