"""kind: feed. RSS and Atom, from a URL or a file. Dates are read by our own reader: feedparser takes MSK for UTC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import feedparser

from signals.errors import ConfigError, SourceError
from signals.news import http
from signals.news.files import changed_files
from signals.news.markup import looks_like_html, read_fragment
from signals.news.stamps import read_stamp
from signals.news.words import agency, clean, digest, headline
from signals.types import Article, Document, NewsSpec, Refusal, SourceFailure, Tag


class Feed:
    """One feed."""

    def __init__(self, spec: NewsSpec, root: Path) -> None:
        if bool(spec.path) == bool(spec.url):
            raise ConfigError(f"news[{spec.name}]", "a source of kind feed needs either `url` or `path`")
        self.name = spec.name
        self._spec = spec
        self._root = root

    def fetch(self, known: Mapping[str, Document], now: datetime) -> Iterator[Document | SourceFailure]:
        """Yield the feed if it is new or changed, or why it could not be had."""
        if self._spec.url is None:
            yield from changed_files(self._spec, self._root, known, now)
            return
        try:
            found = http.get(self._spec, self._spec.url, known.get(self._spec.url), now)
        except SourceError as error:
            yield SourceFailure(self.name, error.item, error.reason, str(error))
            return
        if found is not None and not _parsed(found).get("version"):
            detail = f"{self.name}: {self._spec.url}: answers something that is not a feed; correct `url`"
            yield SourceFailure(self.name, self._spec.url, "not_a_feed", detail)
        elif found is not None:
            yield found

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Read a feed's items; one without a date or title is refused."""
        feed = _parsed(document)
        if not feed.get("version"):
            return [Refusal(self.name, document.origin, "not_a_feed", "it is neither RSS nor Atom")]
        publisher = self._spec.publisher or headline(str(feed.feed.get("title", "")))
        items = [self._item(document, n, entry, publisher) for n, entry in enumerate(feed.entries, start=1)]
        return list({(i.key if isinstance(i, Article) else i.item): i for i in items}.values())

    def _item(self, document: Document, number: int, entry: Any, publisher: str) -> Article | Refusal:
        url = str(entry.get("link", ""))
        where = url or f"{document.origin} item {number}"
        title = headline(str(entry.get("title", "")))
        if not title:
            return Refusal(self.name, where, "no_title", "the item has no title")
        text = str(entry.get("published") or entry.get("updated") or "")
        if not text:
            return Refusal(self.name, where, "no_date", f"the item {title[:60]!r} has no date")
        dialect = self._spec.dialect
        try:
            stamp = read_stamp(text, dialect.timezone, dialect.dayfirst, dialect.date_format)
        except ValueError as error:
            return Refusal(self.name, where, "bad_date", str(error))
        body, tags = _body(entry)
        who = agency(body) or headline(str(entry.get("author", ""))) or publisher
        seen_at = stamp.at if self._spec.known_at == "published" else document.fetched_at
        revision = digest(title, body, url, who, stamp, tags)
        key = str(entry.get("id", "")) or url or f"{title} {text}"
        return Article(self.name, key, title, body, stamp, seen_at, revision, url, who, tags)


def _parsed(document: Document) -> Any:
    headers = {"content-type": document.media_type} if document.media_type else {}
    return feedparser.parse(document.payload, response_headers=headers, sanitize_html=False)


def _body(entry: Any) -> tuple[str, tuple[Tag, ...]]:
    texts = [str(c.get("value", "")) for c in entry.get("content", [])] or [str(entry.get("summary", ""))]
    text = max(texts, key=len)
    return read_fragment(text) if looks_like_html(text) else (clean(text), ())
