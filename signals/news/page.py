"""Pages of one article each: saved pages, as a glob of text and HTML files, and the pages at configured addresses."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from signals.errors import ConfigError, NotFoundError
from signals.net.addresses import host_of
from signals.news import files, http
from signals.news.articles import RejectedError, build_article, build_refusal, check_size
from signals.news.documents import marked_encoding
from signals.news.html import parse_page
from signals.news.plain_text import parse_text
from signals.redacting import address_key
from signals.types import Article, Document, Gone, NewsSpec, Refusal, SourceFailure

_SUFFIXES = (".txt", ".html", ".htm")
_CHARSET = re.compile(r"(?:<meta[^>]{0,200}?|;\s*)charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|article|div|p)\b", re.IGNORECASE)


class PageSource:
    """A `NewsSource` over pages. The key of an article is the URL that its page states, else the page's origin."""

    def __init__(self, spec: NewsSpec, root: Path, sleep: Callable[[float], None] = time.sleep) -> None:
        where = f"news[{spec.name}]"
        if not spec.path and not spec.urls:
            problem = "is missing; name a file, or many as in inbox/*.txt, or list addresses as `urls`"
            raise ConfigError(f"{where}.path", problem)
        if spec.url:
            raise ConfigError(f"{where}.url", "list the addresses of pages as `urls`, in brackets")
        for url in spec.urls:
            if not host_of(url):
                raise ConfigError(f"{where}.urls", f"{url!r} is not an http address")
        self._spec = spec
        self._root = root
        self._sleep = sleep

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        return self._spec.name

    def fetch(self, previous: Mapping[str, Document], now: datetime) -> Iterable[Document | Gone | SourceFailure]:
        """Yield the pages that are new or changed, and those that their servers no longer have."""
        if self._spec.path:
            yield from files.fetch(self._spec, self._root, previous, now, _SUFFIXES)
        if self._spec.urls:
            yield from self._fetch_urls(previous, now)

    def _fetch_urls(self, previous: Mapping[str, Document], now: datetime) -> Iterator[Document | Gone | SourceFailure]:
        fetcher = http.Fetcher(self._spec, now, self._sleep)
        for url in dict.fromkeys(self._spec.urls):
            key = address_key(url)
            for item in fetcher.fetch(url, previous.get(key)):
                if isinstance(item, SourceFailure) and item.reason == NotFoundError.reason and key in previous:
                    if previous[key].digest:  # empty if the page was gone at the last fetch already
                        yield Gone(self.name, key)
                else:
                    yield item

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Return the article of one page, or its refusal."""
        spec = self._spec
        try:
            check_size(len(document.payload))
            text = decode(document, spec.dialect.encoding)
            if not text.strip():
                raise RejectedError("empty", "the file is empty; save the page again")
            address = document.origin if host_of(document.origin) else ""
            fields = parse_page(text, spec, address) if _HTML.search(text[:5_000]) else parse_text(text, spec)
            fields = replace(fields, url=fields.url or address)
            key = fields.url or files.short_name(spec, document.origin)
            return (build_article(spec, document, key, fields),)
        except RejectedError as error:
            return (build_refusal(spec, document.origin, error),)


def decode(document: Document, encoding: str) -> str:
    """Return the text of a page, decoded by its byte order mark if it has one.

    Otherwise the first encoding that fits is used: UTF-8, the configured one, that of the server, that of the page.
    UTF-8 comes first because text in another encoding is hardly ever valid UTF-8, while a saved page often declares
    the encoding in which it was sent.

    Raises
    ------
    RejectedError
        ``encoding``, with the position of the first byte that does not fit the first of these encodings.
    """
    payload = document.payload
    marked = marked_encoding(payload)
    charsets = (_CHARSET.search(document.media_type), _CHARSET.search(payload[:4_096].decode("ascii", "replace")))
    declared = [match[1].lower() for match in charsets if match]
    # Browsers decode these as Windows-1252 (WHATWG Encoding Standard).
    latin = ("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii")
    declared = ["cp1252" if name in latin else name for name in declared]
    errors: list[UnicodeDecodeError] = []
    for name in [marked] if marked else ("utf-8-sig", encoding, *declared):
        try:
            return payload.decode(name)
        except UnicodeDecodeError as error:
            errors.append(error)
        except LookupError:  # a page may declare anything
            continue
    problem = f"byte {errors[0].start} of {document.origin} is not {errors[0].encoding.upper()}"
    raise RejectedError("encoding", f"{problem}; set `encoding`, or save it as UTF-8")
