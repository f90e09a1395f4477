"""News by ticker from Yahoo Finance through yfinance: headlines with a summary, the latest fifty of each symbol.

Yahoo lists an article under every symbol that it thinks it concerns, and not always rightly, so that each listing is an
article of its own (`id@SYMBOL`) which says no more than under what it was filed; copies are one story all the same.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tenacity

from signals.errors import ConfigError, RateLimitedError, SourceError, UnavailableError
from signals.net.politeness import HOSTS
from signals.net.yahoo_session import YFINANCE_RETRIES, YahooSession, YFRateLimitError, settle, yf
from signals.news import boilerplate
from signals.news.articles import Reading, Unread, clean_line, clean_title, compose, refuse
from signals.news.documents import document
from signals.news.markup import read_cell
from signals.news.timestamps import read_stamp
from signals.types import Article, Document, NewsSpec, Refusal, Scheme, SourceFailure, Tag

COUNT = 50
ATTEMPTS = 3
_LIST = "/xhr/ncp"


class ListSession(YahooSession):
    """A session that tells an outage from a list without news, which yfinance does not."""

    def request(self, method: Any, url: str, *args: Any, **kwargs: Any) -> Any:
        """Send one request; a list that is refused or is none raises `UnavailableError`."""
        response = super().request(method, url, *args, **kwargs)
        if urlsplit(url).path == _LIST and response.status_code not in YFINANCE_RETRIES and not _is_list(response):
            problem = f"Yahoo answered {response.status_code} without a list of news; run again later"
            raise UnavailableError(self.source, "finance.yahoo.com", problem)
        return response


def _is_list(response: Any) -> bool:
    try:
        listed = response.json()["data"]["tickerStream"]["stream"]
    except (ValueError, KeyError, TypeError):
        return False
    return response.status_code == HTTPStatus.OK and isinstance(listed, list)


class YahooNewsSource:
    """A `NewsSource` over the lists of news that Yahoo keeps for symbols."""

    def __init__(self, spec: NewsSpec, root: Path, sleep: Callable[[float], None] = time.sleep) -> None:  # noqa: ARG002 - every kind is made so
        if not spec.symbols:
            problem = "is missing; list Yahoo's symbols, or give instruments one under a price source of kind yahoo"
            raise ConfigError(f"news[{spec.name}].symbols", problem)
        self._spec = spec
        self._sleep = sleep
        self._session = ListSession(spec.name, spec.base_url, spec.timeout)

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        return self._spec.name

    def fetch(self, known: Mapping[str, Document], now: datetime) -> Iterable[Document | SourceFailure]:
        """Yield the list of each symbol if it changed. Once Yahoo asks to slow down, no further symbol is asked."""
        symbols = list(dict.fromkeys(self._spec.symbols))
        for done, symbol in enumerate(symbols, 1):
            try:
                payload = json.dumps(self._listed(symbol), sort_keys=True, ensure_ascii=False).encode()
            except SourceError as error:
                left = f"; {len(symbols) - done} more symbols were not asked" if done < len(symbols) else ""
                stop = isinstance(error, RateLimitedError)
                yield SourceFailure(self.name, symbol, error.reason, error.problem + (left if stop else ""))
                if stop:
                    return
                continue
            fetched = document(self._spec, f"yahoo:{symbol}", payload, now, "application/json")
            if fetched.origin not in known or known[fetched.origin].digest != fetched.digest:
                yield fetched

    def _listed(self, symbol: str) -> list[Any]:
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(UnavailableError),
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=tenacity.wait_exponential(multiplier=2),
            sleep=self._sleep,
            reraise=True,
        )
        found: list[Any] = retrying(self._ask, symbol)
        return found

    def _ask(self, symbol: str) -> list[Any]:
        settle()
        with HOSTS.turn("finance.yahoo.com", self._spec.delay, self._sleep):
            try:
                return list(yf.Ticker(symbol, session=self._session).get_news(count=COUNT))
            except SourceError as error:
                raise type(error)(self.name, symbol, error.problem) from None
            except YFRateLimitError:
                raise RateLimitedError(self.name, symbol, "Yahoo asks to slow down; run again later") from None
            except Exception as error:  # yfinance and curl_cffi raise what they will
                raise UnavailableError(self.name, symbol, f"Yahoo cannot be reached or read ({error})") from None

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Read the list of one symbol."""
        symbol = document.origin.partition(":")[2]
        return [
            self._item(document, symbol, item, number) for number, item in enumerate(json.loads(document.payload), 1)
        ]

    def _item(self, document: Document, symbol: str, item: Any, number: int) -> Article | Refusal:
        content = _inner(item, "content") or item if isinstance(item, dict) else {}
        own = _text(item, "id") or _text(item, "uuid")
        try:
            if not (title := clean_title(_text(content, "title"))):
                raise Unread("no_title", "the item has no title")
            try:
                written = _text(content, "pubDate") or _text(content, "providerPublishTime")
                stamp = read_stamp(written, self._spec.dialect.timezone)
            except ValueError as error:
                raise Unread("no_date", str(error)) from None
            body, links = read_cell(_text(content, "summary") or _text(content, "description"))
            agency, site = boilerplate.credits(body)
            agency = agency or clean_title(
                _text(_inner(content, "provider"), "displayName") or _text(content, "publisher")
            )
            url = clean_line(_text(_inner(content, "canonicalUrl"), "url") or _text(content, "link"))
            tags = (Tag(symbol, Scheme.YAHOO), *links)
            reading = Reading(title, body, stamp, url, agency, site or "Yahoo Finance", tags)
            return compose(self._spec, document, f"{own or url or title}@{symbol}", reading)
        except Unread as why:
            return refuse(self._spec, f"{document.origin} {own or f'item {number}'}", why)


def _inner(value: Any, name: str) -> Mapping[str, Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _text(value: Any, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return str(found) if isinstance(found, (str, int)) else ""
