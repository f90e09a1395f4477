"""RSS and Atom feeds from a URL or files. feedparser parses the structure; dates are parsed here from their text."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from signals.errors import ConfigError
from signals.net.addresses import host_of
from signals.news import boilerplate, files, http
from signals.news.articles import (
    ArticleFields,
    RejectedError,
    build_article,
    build_refusal,
    check_size,
    clean_line,
    clean_title,
    text_digest,
)
from signals.news.authors import split_names
from signals.news.markup import parse_markup
from signals.news.timestamps import parse_stamp
from signals.types import Article, Document, NewsSpec, Refusal, SourceFailure

#: A feed or an item as feedparser returns it; feedparser ships without types.
Parsed = Any

_ROOT = re.compile(rb"<(?:\w{1,20}:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
# A document type that declares entities: no feed needs them, and nested ones can exhaust the memory.
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]{0,1000}\[.*?\]\s*>", re.DOTALL | re.IGNORECASE)
_CDATA = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_NOT_A_FEED = (
    "it is not an RSS or Atom feed (perhaps a page that asks for a login); open it in a browser and correct it"
)


class FeedSource:
    """A `NewsSource` over one feed at a URL, or over files that hold feeds."""

    def __init__(self, spec: NewsSpec, root: Path, sleep: Callable[[float], None] = time.sleep) -> None:
        where = f"news[{spec.name}]"
        if bool(spec.url) == bool(spec.path):
            raise ConfigError(f"{where}.url", "write either the feed's address as `url`, or its file as `path`")
        if spec.urls:
            problem = "a feed has one address; write it as `url`, and give each feed an entry of its own"
            raise ConfigError(f"{where}.urls", problem)
        if spec.url and not host_of(spec.url):
            raise ConfigError(f"{where}.url", f"{spec.url!r} is not an http address")
        self._spec = spec
        self._root = root
        self._sleep = sleep

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        return self._spec.name

    def fetch(self, previous: Mapping[str, Document], now: datetime) -> Iterable[Document | SourceFailure]:
        """Yield the feeds that are new or changed; a response that is not a feed is a failure."""
        fetched: Iterable[Document | SourceFailure]
        if self._spec.url:
            fetcher = http.Fetcher(self._spec, now, self._sleep)
            fetched = fetcher.fetch(self._spec.url, previous.get(self._spec.url))
        else:
            fetched = files.fetch(self._spec, self._root, previous, now)
        for item in fetched:
            yield self._check(item) if isinstance(item, Document) else item

    def _check(self, document: Document) -> Document | SourceFailure:
        """Return a document that is a feed; a failure otherwise, so that it is reported by every run."""
        try:
            _parse_feed(document)
        except RejectedError as error:
            return SourceFailure(self.name, document.origin, error.reason, error.detail)
        return document

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Return an article or a refusal for each item of one feed."""
        try:
            parsed = _parse_feed(document)
        except RejectedError as error:
            return (build_refusal(self._spec, document.origin, error),)
        site = clean_title(str(parsed.feed.get("title", "")))
        return [self._parse_item(document, number, entry, site) for number, entry in enumerate(parsed.entries, 1)]

    def _parse_item(self, document: Document, number: int, entry: Parsed, site: str) -> Article | Refusal:
        url = clean_line(str(entry.get("link", "")))
        title = clean_title(str(entry.get("title", "")))
        key = clean_line(str(entry.get("id", ""))) or url
        try:
            if not title:
                raise RejectedError("no_title", "the item has no title")
            fields = self._fields(entry, title, url, site)
            return build_article(self._spec, document, key or text_digest(title, fields.stamp.text), fields)
        except RejectedError as error:
            return build_refusal(self._spec, key or f"{document.origin} item {number}", error)

    def _fields(self, entry: Parsed, title: str, url: str, site: str) -> ArticleFields:
        dialect = self._spec.dialect
        # Tested with `in`, because feedparser answers a missing `updated` with `published` and a warning.
        date = next((str(entry[name]) for name in ("published", "created", "updated") if name in entry), "")
        try:
            stamp = parse_stamp(date, dialect.timezone, dialect.dayfirst, dialect.date_format)
        except ValueError as error:
            raise RejectedError("no_date", str(error)) from None
        contents = [str(part.get("value", "")) for part in entry.get("content", ())] or [str(entry.get("summary", ""))]
        body, tags = parse_markup("\n\n".join(contents))
        author = clean_title(str(entry.get("author", "")))
        agency, dateline_site = boilerplate.dateline_source(body)
        agency = agency or (author if boilerplate.is_agency(author) else "")
        site = dateline_site or (author if boilerplate.is_site(author) else site)
        names = () if boilerplate.is_agency(author) or boilerplate.is_site(author) else split_names(author)
        return ArticleFields(title, body, stamp, url, agency, site, tags, names)


def _parse_feed(document: Document) -> Parsed:
    """Return the structure of a feed.

    Raises
    ------
    RejectedError
        ``too_large``; ``not_a_feed``; ``unreadable``: the feed is broken before its first item.
    """
    check_size(len(document.payload))
    payload = _DOCTYPE.sub(b"", document.payload)
    if not _has_feed_root(payload):
        raise RejectedError("not_a_feed", _NOT_A_FEED)
    check_size(len(payload), _CDATA.sub(b"", payload).count(b"<"))
    import feedparser  # slow to load, and not needed where no feed changed

    headers = {"content-type": document.media_type} if document.media_type else {}
    try:
        parsed = feedparser.parse(
            io.BytesIO(payload), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # its parsers of broken XML raise errors of many types
        problem = f"the feed is broken ({type(error).__name__}); the next run tries again"
        raise RejectedError("unreadable", problem) from None
    if not parsed.get("version"):
        raise RejectedError("not_a_feed", _NOT_A_FEED)
    if parsed.get("bozo") and not parsed.entries:
        problem = clean_line(str(parsed.get("bozo_exception")))
        raise RejectedError("unreadable", f"the feed is broken and has no complete item: {problem}")
    return parsed


def _has_feed_root(payload: bytes) -> bool:
    """Return whether the beginning of a document has the root element of a feed."""
    head = payload[:4_096].replace(b"\0", b"")
    return bool(_ROOT.search(head))
