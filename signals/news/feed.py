"""RSS and Atom, from an address or a file. feedparser reads the structure; dates are read from their text here."""

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
from signals.news import boilerplate, files
from signals.news.articles import Reading, Unread, check_size, clean_line, clean_title, compose, refuse, text_digest
from signals.news.markup import read_cell
from signals.news.timestamps import read_stamp
from signals.types import Article, Document, NewsSpec, Refusal, SourceFailure

_ROOT = re.compile(rb"<(?:\w{1,20}:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
# A document type with entities of its own: nothing in a feed needs them, and they can be made to fill the memory.
_DECLARED = re.compile(rb"<!DOCTYPE[^>\[]{0,1000}\[.*?\]\s*>", re.DOTALL | re.IGNORECASE)
_CDATA = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_NOT_A_FEED = "it is no RSS or Atom feed (a page that asks for a log-in, perhaps); open it in a browser and correct it"


class FeedSource:
    """A `NewsSource` over one feed at an address, or over files that hold feeds."""

    def __init__(self, spec: NewsSpec, root: Path, sleep: Callable[[float], None] = time.sleep) -> None:
        where = f"news[{spec.name}]"
        if bool(spec.url) == bool(spec.path):
            raise ConfigError(f"{where}.url", "give the feed's address here, or its file as `path`; one of the two")
        if spec.urls:
            raise ConfigError(
                f"{where}.urls", "a feed has one address; give it as `url`, and each feed an entry of its own"
            )
        if spec.url and not host_of(spec.url):
            raise ConfigError(f"{where}.url", f"{spec.url!r} is not an http address")
        self._spec = spec
        self._root = root
        self._sleep = sleep

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        return self._spec.name

    def fetch(self, known: Mapping[str, Document], now: datetime) -> Iterable[Document | SourceFailure]:
        """Yield the feed if it is new or changed; an answer that is no feed is a failure."""
        if self._spec.url:
            # requests takes its time to load, and a file needs none of it.
            from signals.news import http

            visitor = http.Visitor(self._spec, now, self._sleep)
            fetched: Iterable[Document | SourceFailure] = visitor.fetch(self._spec.url, known.get(self._spec.url))
        else:
            fetched = files.fetch(self._spec, self._root, known, now)
        for item in fetched:
            yield self._checked(item) if isinstance(item, Document) else item

    def _checked(self, document: Document) -> Document | SourceFailure:
        """Return a feed as it is, or why it is none: told every night, while a document that was read is old news."""
        try:
            _opened(document)
        except Unread as why:
            return SourceFailure(self.name, document.origin, why.reason, why.detail)
        return document

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Read the items of one feed."""
        try:
            parsed = _opened(document)
        except Unread as why:
            return (refuse(self._spec, document.origin, why),)
        site = clean_title(str(parsed.feed.get("title", "")))
        return [self._item(document, number, entry, site) for number, entry in enumerate(parsed.entries, 1)]

    def _item(self, document: Document, number: int, entry: Mapping[str, Any], site: str) -> Article | Refusal:
        url = clean_line(str(entry.get("link", "")))
        title = clean_title(str(entry.get("title", "")))
        key = clean_line(str(entry.get("id", ""))) or url
        try:
            if not title:
                raise Unread("no_title", "the item has no title")
            reading = self._reading(entry, title, url, site)
            return compose(self._spec, document, key or text_digest(title, reading.stamp.text), reading)
        except Unread as why:
            return refuse(self._spec, key or f"{document.origin} item {number}", why)

    def _reading(self, entry: Mapping[str, Any], title: str, url: str, site: str) -> Reading:
        dialect = self._spec.dialect
        # Asked by `in`, because a missing `updated` is answered with `published` and a warning.
        written = next((str(entry[name]) for name in ("published", "created", "updated") if name in entry), "")
        try:
            stamp = read_stamp(written, dialect.timezone, dialect.dayfirst, dialect.date_format)
        except ValueError as error:
            raise Unread("no_date", str(error)) from None
        contents = [str(part.get("value", "")) for part in entry.get("content", ())] or [str(entry.get("summary", ""))]
        body, tags = read_cell("\n\n".join(contents))
        author = clean_title(str(entry.get("author", "")))
        agency, own = boilerplate.credits(body)
        agency = agency or (author if boilerplate.is_agency(author) else "")
        return Reading(title, body, stamp, url, agency, own or (author if boilerplate.is_site(author) else site), tags)


def _opened(document: Document) -> Any:
    """Let feedparser read the structure of a feed; raises `Unread` for what is no feed, or broken before its items."""
    check_size(len(document.payload))
    payload = _DECLARED.sub(b"", document.payload)
    if not _is_feed(payload):
        raise Unread("not_a_feed", _NOT_A_FEED)
    check_size(len(payload), _CDATA.sub(b"", payload).count(b"<"))
    import feedparser

    kind = {"content-type": document.media_type} if document.media_type else {}
    try:
        parsed = feedparser.parse(
            io.BytesIO(payload), response_headers=kind, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # what feedparser reads broken XML with fails on some of it, in many ways
        problem = f"the feed is broken ({type(error).__name__}); it is asked for again next time"
        raise Unread("unreadable", problem) from None
    if not parsed.get("version"):
        raise Unread("not_a_feed", _NOT_A_FEED)
    if parsed.get("bozo") and not parsed.entries:
        problem = clean_line(str(parsed.get("bozo_exception")))
        raise Unread("unreadable", f"the feed is broken and no item could be read: {problem}")
    return parsed


def _is_feed(payload: bytes) -> bool:
    """Tell whether the root element is a feed's; a page that only shows one is not."""
    head = payload[:4_096].replace(b"\0", b"")
    return bool(_ROOT.search(head))
