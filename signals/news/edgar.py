"""Filings with the SEC from EDGAR: the feed of current filings, or the submissions of some filers.

Each filer of a filing is a record of its own. The SEC asks for a contact in the User-Agent and for at most ten requests
a second.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from signals.errors import ConfigError
from signals.net.addresses import host_of
from signals.news import files, http
from signals.news.articles import ArticleFields, RejectedError, build_article, build_refusal, clean_line, clean_title
from signals.news.edgar_filings import ZONE, Filing, filing_of_entry, filings_of_reply
from signals.news.feed import read_feed
from signals.news.markup import parse_markup
from signals.news.replies import json_values
from signals.news.timestamps import parse_stamp
from signals.redacting import address_key
from signals.types import Article, Document, NewsSpec, Refusal, SourceFailure

BASE_URL = "https://data.sec.gov"
_SHORTEST_DELAY = 0.1
_LONGEST_CIK = 10


class EdgarSource:
    """A `NewsSource` over EDGAR: a feed, submissions of filers, or files that hold either."""

    def __init__(self, spec: NewsSpec, root: Path, sleep: Callable[[float], None] = time.sleep) -> None:
        where = f"news[{spec.name}]"
        self._urls = tuple(dict.fromkeys([*filter(None, [spec.url]), *spec.urls, *_submissions(spec)]))
        if not self._urls and not spec.path:
            problem = (
                "is missing; write the feed's address, `symbols` with central index keys, or a `path` of saved files"
            )
            raise ConfigError(f"{where}.url", problem)
        for url in self._urls:
            if not host_of(url):
                raise ConfigError(f"{where}.url", f"{url!r} is not an http address")
        if self._urls and "@" not in (spec.user_agent or ""):
            problem = "the SEC asks for a name and an address of who asks, such as `Jane Doe jane@example.com`"
            raise ConfigError(f"{where}.user_agent", problem)
        if self._urls and spec.delay < _SHORTEST_DELAY:
            raise ConfigError(f"{where}.delay", "the SEC allows ten requests a second; write 0.1 or more")
        self._spec = spec
        self._root = root
        self._sleep = sleep

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        return self._spec.name

    def fetch(self, previous: Mapping[str, Document], now: datetime) -> Iterable[Document | SourceFailure]:
        """Yield the replies and files that are new or changed."""
        if self._spec.path:
            yield from files.fetch(self._spec, self._root, previous, now)
        fetcher = http.Fetcher(replace(self._spec, url=None, urls=self._urls), now, self._sleep)
        for url in self._urls:
            yield from fetcher.fetch(url, previous.get(address_key(url)))

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Return an article or a refusal for each filer of each filing; a whole refusal for what holds none."""
        try:
            filings = self._filings(document)
        except RejectedError as error:
            return (replace(build_refusal(self._spec, document.origin, error), whole=True),)
        return [self._parse_filing(document, filing) for filing in filings]

    def _filings(self, document: Document) -> Sequence[Filing]:
        """Return the filings in a document, each filer of a filing once; raise `RejectedError` if there are none."""
        if len(document.payload) > self._spec.max_bytes:
            raise RejectedError("too_large", "it is larger than max_bytes; raise it if that is intended")
        payload = document.payload.lstrip(b"\xef\xbb\xbf \t\r\n")
        if payload.startswith((b"{", b"[")):
            values = json_values(payload.decode("utf-8", "replace"))
            if values is None:
                raise RejectedError("unreadable", "it is not JSON to its end; fetch it again")
            filings = [*filings_of_reply(values, document.origin)]
            if not filings and b'"accessionNumber"' not in payload:
                raise RejectedError("not_a_feed", "it holds no filings; name the submissions of a filer")
        else:
            feed = read_feed(document)
            filings = [filing for entry in feed.entries if (filing := self._filing(entry))]
            if not filings and feed.entries:
                raise RejectedError("not_a_feed", "it is no feed of EDGAR; read it with `kind: feed`")
        return list({filing.key: filing for filing in reversed(filings)}.values())[::-1]

    # Mapping: an entry of feedparser, which ships without types.
    def _filing(self, entry: Mapping[str, object]) -> Filing | None:
        title, entry_id, updated, summary, url = (
            str(entry.get(name, "")) for name in ("title", "id", "updated", "summary", "link")
        )
        return filing_of_entry(clean_title(title), entry_id, updated, summary, clean_line(url))

    def _parse_filing(self, document: Document, filing: Filing) -> Article | Refusal:
        dialect, key = self._spec.dialect, clean_line(filing.key)
        try:
            if not filing.accession:
                raise RejectedError("row", "the filing has no accession number")
            try:
                stamp = parse_stamp(clean_line(filing.accepted), dialect.timezone or ZONE)
            except ValueError as error:
                raise RejectedError("no_date", str(error)) from None
            body, links = parse_markup(filing.summary)
            tags = (*filing.tags, *links)
            fields = ArticleFields(
                clean_title(filing.title), body, stamp, clean_line(filing.url), site="SEC EDGAR", tags=tags
            )
            return build_article(self._spec, document, key, fields)
        except RejectedError as error:
            return build_refusal(self._spec, f"{document.origin} {key}", error)


def _submissions(spec: NewsSpec) -> Iterator[str]:
    """Yield the addresses of the submissions of the filers in `symbols`."""
    for symbol in spec.symbols:
        cik = symbol.upper().removeprefix("CIK").lstrip("0")
        if not cik.isdecimal() or len(cik) > _LONGEST_CIK:
            problem = f"{symbol!r} is not a central index key; write its digits, as in 0000789019"
            raise ConfigError(f"news[{spec.name}].symbols", problem)
        yield f"{(spec.base_url or BASE_URL).rstrip('/')}/submissions/CIK{cik:0>10}.json"
