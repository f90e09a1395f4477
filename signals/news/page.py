"""Pages of one article each: saved ones, a glob of text and HTML files; and addresses that the configuration lists."""

from __future__ import annotations

import codecs
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from signals.errors import ConfigError, NotFoundError
from signals.net.addresses import host_of
from signals.news import files
from signals.news.articles import Unread, check_size, compose, refuse
from signals.news.plain_text import read_text
from signals.types import Article, Document, Gone, NewsSpec, Refusal, SourceFailure

_ENDINGS = (".txt", ".html", ".htm")
# The longer marks first: that of UTF-16 begins that of UTF-32.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_CHARSET = re.compile(r"(?:<meta[^>]{0,200}?|;\s*)charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|article|div|p)\b", re.IGNORECASE)


class PageSource:
    """A `NewsSource` over pages. One that says its own address is known by it, another by where it was read."""

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

    def fetch(self, known: Mapping[str, Document], now: datetime) -> Iterable[Document | Gone | SourceFailure]:
        """Yield the pages that are new or changed, and those that their servers had and have no more."""
        if self._spec.path:
            yield from files.fetch(self._spec, self._root, known, now, _ENDINGS)
        if self._spec.urls:
            yield from self._visit(known, now)

    def _visit(self, known: Mapping[str, Document], now: datetime) -> Iterator[Document | Gone | SourceFailure]:
        # requests takes its time to load, and files need none of it.
        from signals.news import http

        visitor = http.Visitor(self._spec, now, self._sleep)
        for url in dict.fromkeys(self._spec.urls):
            for item in visitor.fetch(url, known.get(url)):
                if isinstance(item, SourceFailure) and item.reason == NotFoundError.reason and url in known:
                    if known[url].digest:  # it was there last time
                        yield Gone(self.name, url)
                else:
                    yield item

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Read one page."""
        spec = self._spec
        try:
            check_size(len(document.payload))
            text = decode(document, spec.dialect.encoding)
            if not text.strip():
                raise Unread("empty", "the file is empty; save the page again")
            if _HTML.search(text[:5_000]):
                # lxml takes its time to load, and pages saved as text do without it.
                from signals.news.html import read_page

                reading = read_page(text, spec)
            else:
                reading = read_text(text, spec)
            if host_of(document.origin):
                reading = replace(reading, url=reading.url or document.origin)
            key = reading.url or files.short_name(spec, document.origin)
            return (compose(spec, document, key, reading),)
        except Unread as why:
            return (refuse(spec, document.origin, why),)


def decode(document: Document, encoding: str) -> str:
    """Decode a page: by its byte order mark, else as UTF-8 if it fits, as the source, the server or the page says.

    Text in another encoding does not pass for UTF-8, while a saved page often declares what it was sent in.

    Raises
    ------
    Unread
        ``encoding``, with the file and the first byte that is not UTF-8.
    """
    payload = document.payload
    marked = next((name for mark, name in _MARKS if payload.startswith(mark)), None)
    said = (_CHARSET.search(document.media_type), _CHARSET.search(payload[:4_096].decode("ascii", "replace")))
    named = [found[1].lower() for found in said if found]
    # As every browser reads it.
    named = ["cp1252" if name in ("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii") else name for name in named]
    for name in [marked] if marked else ("utf-8-sig", encoding, *named):
        try:
            return payload.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError as error:
        problem = f"byte {error.start} of {document.origin} is not UTF-8; set `encoding`, or save it as UTF-8"
        raise Unread("encoding", problem) from None
    raise Unread("encoding", f"{document.origin} begins with the mark of {marked} and is not written in it")
