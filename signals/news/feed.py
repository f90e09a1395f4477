"""Feeds from a URL or files: RSS, Atom, JSON Feed and news sitemaps, told apart by their content.

feedparser parses the structure of RSS and Atom, `feed_formats` that of the others; dates are parsed here from their
text.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
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
)
from signals.news.authors import split_names
from signals.news.edgar_filings import filing_of_entry
from signals.news.feed_formats import read_other_feed
from signals.news.markup import parse_markup
from signals.news.source_stamps import as_day, parse_source_stamp, stamps_are_days
from signals.news.tag_cells import tag_names
from signals.redacting import address_key
from signals.types import Article, Document, NewsSpec, Refusal, SourceFailure, Stamp, Tag
from signals.types.identity import text_key

#: A feed or an item as feedparser returns it; feedparser ships without types.
Parsed = Any

_ROOT = re.compile(rb"<(?:\w{1,20}:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
# A document type that declares entities: no feed needs them, and nested ones can exhaust the memory.
_DOCTYPE = re.compile(rb"<!DOCTYPE[^<>\[]{0,1000}\[", re.IGNORECASE)
_DOCTYPE_END = re.compile(rb"\]\s*>")
_MAX_UNCLOSED = 20  # CDATA sections; each that is not closed costs a search to the end of the feed
# A full stop behind an abbreviation or an initial ends no sentence.
_SENTENCE_END = re.compile(
    r"(?<!\b[A-Z])(?<!\b(?:Mr|Dr|St|Co|vs|No))(?<!\b(?:Inc|Ltd|Mrs|Sen|Rep|Gov|Gen))(?<!\bCorp)[.!?…]{1,5}(?=\s)"
)
_MAX_TITLE = 200
_NOT_A_FEED = (
    "it is no feed: not RSS, Atom, JSON Feed or a news sitemap (perhaps a page that asks for a login); open it in a "
    "browser and correct it"
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
        """Yield the feeds that are new or changed."""
        if self._spec.url:
            fetcher = http.Fetcher(self._spec, now, self._sleep)
            return fetcher.fetch(self._spec.url, previous.get(address_key(self._spec.url)))
        return files.fetch(self._spec, self._root, previous, now)

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Return an article or a refusal for each item of one feed; a whole refusal for what is no feed."""
        try:
            parsed = read_feed(document)
        except RejectedError as error:
            return (replace(build_refusal(self._spec, document.origin, error), whole=True),)
        site = clean_title(str(parsed.feed.get("title", "")))
        stamps: list[Stamp] = []
        for entry in parsed.entries:
            with suppress(RejectedError):
                stamps.append(self._stamp(entry))
        days = stamps_are_days(self._spec, stamps)
        return [self._parse_item(document, number, entry, site, days) for number, entry in enumerate(parsed.entries, 1)]

    def _parse_item(self, document: Document, number: int, entry: Parsed, site: str, days: bool) -> Article | Refusal:
        url = clean_line(str(entry.get("link", "")))
        title = clean_title(str(entry.get("title", "")))
        key = clean_line(str(entry.get("id", ""))) or url
        try:
            fields = self._fields(entry, title, url, site)
            fields = replace(fields, stamp=as_day(fields.stamp)) if days else fields
            return build_article(self._spec, document, key or text_key(fields.title, fields.stamp.text), fields)
        except RejectedError as error:
            return build_refusal(self._spec, key or f"{document.origin} item {number}", error)

    def _fields(self, entry: Parsed, title: str, url: str, site: str) -> ArticleFields:
        contents = [str(part.get("value", "")) for part in entry.get("content", ())] or [str(entry.get("summary", ""))]
        body, tags = parse_markup("\n\n".join(contents))
        title = title or first_sentence(body)
        if not title:
            raise RejectedError("no_title", "the item has no title")
        stamp = self._stamp(entry)
        filing = filing_of_entry(title, str(entry.get("id", "")), "", "", url)
        tags = (
            *(filing.tags if filing else ()),
            *map(Tag, tag_names([str(entry.get("tickers", ""))], self._spec)),
            *tags,
        )
        author = clean_title(str(entry.get("author", "")))
        agency, dateline_site = boilerplate.dateline_source(body)
        agency = agency or (author if boilerplate.is_agency(author) else "")
        site = dateline_site or (author if boilerplate.is_site(author) else site)
        names = () if boilerplate.is_agency(author) or boilerplate.is_site(author) else split_names(author)
        return ArticleFields(title, body, stamp, url, agency, site, tags, names)

    def _stamp(self, entry: Parsed) -> Stamp:
        """Return the publication stamp of an item; raises `RejectedError` if it has none that is understood."""
        # Tested with `in`, because feedparser answers a missing `updated` with `published` and a warning.
        date = next((str(entry[name]) for name in ("published", "created", "updated") if name in entry), "")
        try:
            return parse_source_stamp(date, self._spec, with_format=True)
        except ValueError as error:
            raise RejectedError("no_date", str(error)) from None


def first_sentence(body: str) -> str:
    """Return the first sentence of a text, for an item without a title; empty if there is no text."""
    line = next((clean_title(line) for line in body.split("\n") if line.strip()), "")
    end = _SENTENCE_END.search(line)
    sentence = line[: end.end()] if end else line
    return sentence if len(sentence) <= _MAX_TITLE else sentence[:_MAX_TITLE].rpartition(" ")[0] + " …"


def read_feed(document: Document) -> Parsed:
    """Return the structure of a feed.

    Raises
    ------
    RejectedError
        ``too_large``; ``not_a_feed``; ``unreadable``: the feed is broken before its first item.
    """
    check_size(len(document.payload))
    payload = _without_doctypes(document.payload)
    _check_sections(payload)
    before, *sections = payload.split(b"<![CDATA[")
    check_size(len(payload), before.count(b"<") + sum(part.partition(b"]]>")[2].count(b"<") for part in sections))
    if (channel := read_other_feed(payload)) is not None:
        return channel
    if not _has_feed_root(payload):
        raise RejectedError("not_a_feed", _NOT_A_FEED)
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


def _without_doctypes(payload: bytes) -> bytes:
    """Return a document without its document types that declare entities."""
    parts, at = list[bytes](), 0
    for start in _DOCTYPE.finditer(payload):
        if start.start() < at:
            continue
        end = _DOCTYPE_END.search(payload, start.end())
        if end is None:
            break
        parts.append(payload[at : start.start()])
        at = end.end()
    return b"".join((*parts, payload[at:]))


def _check_sections(payload: bytes) -> None:
    """Raise `RejectedError` for a feed with many CDATA sections that are not closed."""
    text = payload.replace(b"\0", b"")  # as in UTF-16
    unclosed = text.count(b"<![CDATA[", text.rfind(b"]]>") + 1)
    if unclosed > _MAX_UNCLOSED:
        raise RejectedError("unreadable", f"the feed is broken: {unclosed:,} CDATA sections are not closed")


def _has_feed_root(payload: bytes) -> bool:
    """Return whether the beginning of a document has the root element of a feed."""
    head = payload[:4_096].replace(b"\0", b"")
    return bool(_ROOT.search(head))
