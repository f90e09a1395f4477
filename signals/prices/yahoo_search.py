"""Yahoo's search of listings through yfinance. It gives no currency and no ISIN; an ISIN may be searched for."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Mapping, Sequence

from signals.errors import RateLimitedError, SourceError, UnavailableError
from signals.net.retry import retry
from signals.net.yahoo_session import YahooSession, YfData, YFRateLimitError, configure_yfinance, yf
from signals.prices.yahoo_exchanges import exchange_of, ticker_of
from signals.types import Candidate, Kind, PriceSpec

_COUNT = 20

#: Yahoo's types of quotes that have prices of their own; options, funds and private companies have none.
KINDS: Mapping[str, Kind] = {
    "EQUITY": "equity",
    "ETF": "etf",
    "INDEX": "index",
    "FUTURE": "future",
    "CRYPTOCURRENCY": "crypto",
    "CURRENCY": "fx",
}


class YahooSearch:
    """A `ListingSearch` over yfinance."""

    def __init__(self, spec: PriceSpec, *, sleep: Callable[[float], None] = time.sleep) -> None:
        configure_yfinance()
        self._spec = spec
        self._session = YahooSession(spec.name, spec.base_url, spec.timeout, sleep)

    def search(self, text: str) -> Sequence[Candidate]:
        """Return the listings that Yahoo offers for a text.

        Raises
        ------
        RateLimitedError, UnavailableError
            Yahoo asked to slow down, failed or did not answer with a list, also after retries.
        LeftAloneError, OverBudgetError
            Yahoo is left alone for now, or the search took more than it may.
        """
        with self._session.asking(text):
            quotes = retry(lambda: self._quotes(text), self._session.pause)
        candidates = (_candidate(quote) for quote in quotes if isinstance(quote, dict))
        return [candidate for candidate in candidates if candidate is not None]

    def _quotes(self, text: str) -> list[object]:
        YfData.cache_get.cache_clear()  # it caches answers, failures included
        try:
            answer = yf.Search(
                text, max_results=_COUNT, news_count=0, lists_count=0, recommended=0, session=self._session,
                timeout=self._spec.timeout,
            )  # fmt: skip
            quotes = answer.response.get("quotes")
        except SourceError:
            raise
        except YFRateLimitError:
            raise RateLimitedError(self._spec.name, text, "Yahoo asks to slow down; try again later") from None
        except Exception as error:  # yfinance and curl_cffi raise errors of many types
            problem = f"Yahoo's search cannot be reached or read ({error}); try again later"
            raise UnavailableError(self._spec.name, text, problem) from None
        if not isinstance(quotes, list):
            raise UnavailableError(self._spec.name, text, "Yahoo's search answered without a list; try again later")
        return quotes


def _candidate(quote: Mapping[str, object]) -> Candidate | None:
    """Return the listing of a quote; None if it has no prices."""
    kind = KINDS.get(str(quote.get("quoteType", "")).upper())
    symbol = quote.get("symbol")
    if kind is None or not isinstance(symbol, str) or not symbol:
        return None
    exchange = exchange_of(str(quote.get("exchange", "")), symbol)
    name = html.unescape(str(quote.get("longname") or quote.get("shortname") or symbol))
    return Candidate(symbol, ticker_of(symbol, exchange), name, exchange.mic, kind=kind)
