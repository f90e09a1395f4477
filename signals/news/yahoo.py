"""News by symbol from Yahoo Finance through yfinance: the latest fifty headlines of each symbol, with a summary.

Yahoo lists an article under every symbol that it considers related, not always correctly. Each listing is therefore
an article of its own (`id@SYMBOL`) whose only tag is that symbol; the copies are later joined to one story.
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

from signals.errors import ConfigError, RateLimitedError, SourceError, UnavailableError
from signals.net.politeness import HOST_LIMITER
from signals.net.retry import retry
from signals.net.yahoo_session import YFINANCE_RETRIES, YahooSession, YFRateLimitError, configure_yfinance, yf
from signals.news import boilerplate
from signals.news.articles import ArticleFields, RejectedError, build_article, build_refusal, clean_line, clean_title
from signals.news.documents import make_document
from signals.news.markup import parse_markup
from signals.news.source_stamps import parse_source_stamp
from signals.types import Article, Document, NewsSpec, Refusal, Scheme, SourceFailure, Tag

COUNT = 50
ATTEMPTS = 3
_NEWS_PATH = "/xhr/ncp"

#: A response of curl_cffi, which yfinance leaves untyped.
Response = Any


class NewsSession(YahooSession):
    """A session that tells an outage from an empty list of news; yfinance returns an empty list for both.

    Requests for news are `delay` seconds apart.
    """

    def __init__(self, spec: NewsSpec, sleep: Callable[[float], None]) -> None:
        super().__init__(spec.name, spec.base_url, spec.timeout, sleep)
        self.delay = spec.delay

    # Any: yfinance calls it with the arguments of curl_cffi.
    def request(self, method: Any, url: str, *args: Any, **kwargs: Any) -> Response:
        """Send one request; raise `UnavailableError` if a request for news is answered with anything but a list."""
        if urlsplit(url).path != _NEWS_PATH:
            return super().request(method, url, *args, **kwargs)
        self.check_host(url)
        with HOST_LIMITER.request("finance.yahoo.com", self.delay, self.pause):
            response = super().request(method, url, *args, **kwargs)
        if response.status_code not in YFINANCE_RETRIES and not _is_list(response):
            problem = f"Yahoo answered {response.status_code} without a list of news; run again later"
            raise UnavailableError(self.source, self.item.name, problem)
        return response


def _is_list(response: Response) -> bool:
    try:
        stream = response.json()["data"]["tickerStream"]["stream"]
    except (ValueError, KeyError, TypeError):
        return False
    return response.status_code == HTTPStatus.OK and isinstance(stream, list)


class YahooNewsSource:
    """A `NewsSource` over the news of some symbols on Yahoo Finance."""

    def __init__(self, spec: NewsSpec, root: Path, sleep: Callable[[float], None] = time.sleep) -> None:  # noqa: ARG002 - all kinds are constructed with the folder
        if not spec.symbols:
            problem = "is missing; list Yahoo's symbols, or give instruments one under a price source of kind yahoo"
            raise ConfigError(f"news[{spec.name}].symbols", problem)
        self._spec = spec
        self._session = NewsSession(spec, sleep)

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        return self._spec.name

    def fetch(self, previous: Mapping[str, Document], now: datetime) -> Iterable[Document | SourceFailure]:
        """Yield the list of each symbol if it has changed."""
        for symbol in dict.fromkeys(self._spec.symbols):
            try:
                payload = json.dumps(self._news(symbol), sort_keys=True, ensure_ascii=False).encode()
            except SourceError as error:
                yield SourceFailure(self.name, symbol, error.reason, error.problem)
                continue
            fetched = make_document(self._spec, f"yahoo:{symbol}", payload, now, "application/json")
            if fetched.origin not in previous or previous[fetched.origin].digest != fetched.digest:
                yield fetched

    def _news(self, symbol: str) -> list[object]:
        """Return the items that Yahoo lists for a symbol."""

        def request() -> list[object]:
            configure_yfinance()
            try:
                return list(yf.Ticker(symbol, session=self._session).get_news(count=COUNT))
            except SourceError:
                raise
            except YFRateLimitError:
                raise RateLimitedError(self.name, symbol, "Yahoo asks for fewer requests; run again later") from None
            except Exception as error:  # yfinance and curl_cffi raise errors of many types
                raise UnavailableError(self.name, symbol, f"Yahoo cannot be reached or read ({error})") from None

        with self._session.asking(symbol):
            return retry(request, self._session.pause, ATTEMPTS)

    def parse(self, document: Document) -> Sequence[Article | Refusal]:
        """Return an article or a refusal for each item in the list of one symbol."""
        symbol = document.origin.partition(":")[2]
        try:
            items = json.loads(document.payload)
        except (ValueError, RecursionError) as error:
            problem = f"it is not a JSON list of news ({error})"
            return (build_refusal(self._spec, document.origin, RejectedError("unreadable", problem)),)
        items = items if isinstance(items, list) else [items]
        return [self._parse_item(document, symbol, item, number) for number, item in enumerate(items, 1)]

    def _parse_item(self, document: Document, symbol: str, item: object, number: int) -> Article | Refusal:
        content = _object(item, "content") or item
        item_id = _text(item, "id") or _text(item, "uuid")
        try:
            if not (title := clean_title(_text(content, "title"))):
                raise RejectedError("no_title", "the item has no title")
            try:
                date = _text(content, "pubDate") or _text(content, "providerPublishTime")
                stamp = parse_source_stamp(date, self._spec)
            except ValueError as error:
                raise RejectedError("no_date", str(error)) from None
            body, links = parse_markup(_text(content, "summary") or _text(content, "description"))
            agency, site = boilerplate.dateline_source(body)
            agency = agency or clean_title(
                _text(_object(content, "provider"), "displayName") or _text(content, "publisher")
            )
            url = clean_line(_text(_object(content, "canonicalUrl"), "url") or _text(content, "link"))
            tags = (Tag(symbol, Scheme.YAHOO), *links)
            fields = ArticleFields(title, body, stamp, url, agency, site or "Yahoo Finance", tags)
            return build_article(self._spec, document, f"{item_id or url or title}@{symbol}", fields)
        except RejectedError as error:
            return build_refusal(self._spec, f"{document.origin} {item_id or f'item {number}'}", error)


def _object(value: object, name: str) -> Mapping[str, object]:
    """Return the object under a name; empty if there is none."""
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def _text(value: object, name: str) -> str:
    """Return the text or number under a name as text; empty if there is none."""
    inner = value.get(name) if isinstance(value, dict) else None
    return str(inner) if isinstance(inner, (str, int)) else ""
