"""Saved pages: a glob of text and HTML files, one article each."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from signals.errors import ConfigError
from signals.news import files
from signals.news.articles import Unread, compose, refuse
from signals.news.text import read_text
from signals.types import Article, Document, NewsSpec, Refusal, SourceFailure

_ENDINGS = (".txt", ".html", ".htm")
# The longer marks first: that of UTF-16 begins that of UTF-32.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|article|div|p)\b", re.IGNORECASE)


class PageSource:
    """A `NewsSource` over saved pages. A page that says its own address is known by it, another by its file's name."""

    def __init__(self, spec: NewsSpec, root: Path) -> None:
        if not spec.path:
            raise ConfigError(f"news[{spec.name}].path", "is missing; name a file, or many as in inbox/*.txt")
        self._spec = spec
        self._root = root

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        return self._spec.name

    def fetch(self, known: Mapping[str, Document], now: datetime) -> Iterable[Document | SourceFailure]:
        """Yield the pages that are new or changed."""
        return files.fetch(self._spec, self._root, known, now, _ENDINGS)

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Read one page."""
        spec = self._spec
        try:
            text = decode(document, spec.dialect.encoding)
            if not text.strip():
                raise Unread("empty", "the file is empty; save the page again")
            if _HTML.search(text[:5_000]):
                # lxml takes its time to load, and pages saved as text do without it.
                from signals.news.html import read_page

                reading = read_page(text, spec)
            else:
                reading = read_text(text, spec)
            key = reading.url or files.short_name(spec, document.origin)
            return (compose(spec, document, key, reading),)
        except Unread as why:
            return (refuse(spec, document.origin, why),)


def decode(document: Document, encoding: str) -> str:
    """Decode a page: by its byte order mark, else as UTF-8 if it fits, as the source says, as the page declares.

    Text in another encoding does not pass for UTF-8, while a saved page often declares what it was sent in.

    Raises
    ------
    Unread
        ``encoding``, with the file and the first byte that is not UTF-8.
    """
    payload = document.payload
    marked = next((name for mark, name in _MARKS if payload.startswith(mark)), None)
    declared = _CHARSET.search(payload[:4_096])
    named = declared[1].decode("ascii").lower() if declared else None
    if named in ("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii"):
        named = "cp1252"  # as every browser reads it
    for name in [marked] if marked else filter(None, ("utf-8-sig", encoding, named)):
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
