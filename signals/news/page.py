"""kind: page. Saved pages, as text or HTML, found by a glob."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath

from signals.errors import ConfigError
from signals.news.files import changed_files
from signals.news.markup import read_html
from signals.news.stamps import read_stamp
from signals.news.text import read_page
from signals.news.words import agency, clean, digest, headline
from signals.types import Article, Document, NewsSpec, Refusal, SourceFailure, Stamp, Tag

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]+)", re.IGNORECASE)
_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)


class Pages:
    """Saved pages. Each is one article; its key is its canonical address, or else the name of its file."""

    def __init__(self, spec: NewsSpec, root: Path) -> None:
        if not spec.path:
            raise ConfigError(f"news[{spec.name}].path", "a source of kind page needs the files to read")
        self.name = spec.name
        self._spec = spec
        self._root = root

    def fetch(self, known: Mapping[str, Document], now: datetime) -> Iterator[Document | SourceFailure]:
        """Yield the pages that are new or changed."""
        return changed_files(self._spec, self._root, known, now)

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Read one page; what is missing or contradictory is refused with the reason."""
        payload, origin = document.payload, document.origin
        if not payload.strip(b"\xef\xbb\xbf \t\r\n\0"):
            return [self._refusal(origin, "empty", "the file is empty; save the page again")]
        is_html = bool(_HTML.match(payload[:4000]))
        try:
            text = _decoded(payload, self._spec.dialect.encoding, is_html)
        except (UnicodeDecodeError, LookupError) as error:
            return [self._refusal(origin, "encoding", f"{error}; save it as UTF-8, or set `encoding` for this source")]
        if is_html:
            page = read_html(text)
            return [
                self._article(document, page.title, page.stamps[:1], page.tags, page.body, page.url, page.publisher)
            ]
        saved = read_page(clean(text))
        return [self._article(document, saved.title, saved.stamps, saved.tags, saved.body, "", "")]

    def _article(
        self,
        document: Document,
        title: str,
        stamps: Sequence[str],
        tags: tuple[Tag, ...],
        body: str,
        url: str,
        publisher: str,
    ) -> Article | Refusal:
        origin = document.origin
        if not stamps:
            return self._refusal(origin, "no_date", "no publication stamp was found near the headline")
        try:
            read = [self._stamp(text) for text in stamps]
        except ValueError as error:
            return self._refusal(origin, "bad_date", str(error))
        if len({stamp.at for stamp in read}) > 1:
            return self._refusal(origin, "two_dates", "it names two: " + " and ".join(repr(s) for s in stamps[:2]))
        if not title:
            return self._refusal(origin, "no_title", "no headline was found above the stamp")
        name = headline(title)
        who = agency(body) or publisher or self._spec.publisher
        key = url or PurePosixPath(origin).name
        seen_at = read[0].at if self._spec.known_at == "published" else document.fetched_at
        revision = digest(name, body, url, who, read[0], tags)
        return Article(self.name, key, name, body, read[0], seen_at, revision, url, who, tags)

    def _stamp(self, text: str) -> Stamp:
        dialect = self._spec.dialect
        return read_stamp(text, dialect.timezone, dialect.dayfirst, dialect.date_format)

    def _refusal(self, origin: str, reason: str, detail: str) -> Refusal:
        return Refusal(self.name, origin, reason, detail)


def _decoded(payload: bytes, encoding: str, is_html: bool) -> str:
    """Decode by byte-order mark, then the page's own charset, then the configured encoding."""
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if payload.startswith(mark):
            return payload.decode(name)
    declared = _CHARSET.search(payload[:4000]) if is_html else None
    return payload.decode(declared[1].decode() if declared else encoding)
