"""Bars, dividends and splits from Yahoo Finance through yfinance.

Yahoo always divides prices and dividends by later splits, so `split_adjusted` is true and splits are reported without
being applied again. What it quotes in pence and the like (GBp, ZAc, ILA) is stored in the currency. yfinance answers an
outage and an unknown symbol alike, with an empty frame and the words "possibly delisted"; `ChartSession` distinguishes
them before yfinance reads the answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from signals.errors import NotFoundError, RangeUnavailableError, RateLimitedError, SourceError, UnavailableError
from signals.net.rate_limit import RateLimiter
from signals.net.retry import retry
from signals.net.traffic import TRAFFIC, Traffic
from signals.net.yahoo_session import (
    YFINANCE_RETRIES,
    YahooSession,
    YfData,
    YFPricesMissingError,
    YFRateLimitError,
    configure_yfinance,
    yf,
)
from signals.prices import actions, local_time, screening
from signals.prices.intervals import check_interval
from signals.types import Bars, History, PriceSpec, quoted_unit

_CHART = "/v8/finance/chart/"
_MARGIN = timedelta(days=14)
_REFUSED_SPAN = frozenset({400, 422})

#: The intervals finer than a day that Yahoo serves, and how many days back.
DEPTH = {"1m": 8, "2m": 60, "5m": 60, "15m": 60, "30m": 60, "1h": 730}
_AHEAD = timedelta(hours=14)  # the most by which a date begins earlier than in UTC
_DELAY, _AT_ONCE = 0.1, 4  # by default: seconds between requests, symbols at the same time
_PROCESSING = timedelta(minutes=5)  # Yahoo counts its days when the request arrives, and by its own clock


class Chart(NamedTuple):
    """The parts of a chart that yfinance does not pass on."""

    currency: str | None = None
    zone: str = ""  # of the exchange
    is_empty: bool = False  # Yahoo knows the symbol and has no bar in the span


class ChartSession(YahooSession):
    """A session that raises Yahoo's refusals as errors of the source; `rate_limit` spaces its requests."""

    def __init__(
        self,
        source: str,
        base_url: str | None,
        timeout: float,
        rate_limit: RateLimiter,
        sleep: Callable[[float], None],
        traffic: Traffic,
    ) -> None:
        super().__init__(source, base_url, timeout, sleep, traffic)
        self._rate_limit = rate_limit
        self._charts = threading.local()

    @property
    def chart(self) -> Chart:
        """The last chart that this thread received."""
        chart: Chart = getattr(self._charts, "chart", Chart())
        return chart

    @chart.setter
    def chart(self, chart: Chart) -> None:
        self._charts.chart = chart

    # Any: the signature and the response are those of curl_cffi's session, which yfinance calls.
    def request(self, method: Any, url: str, *args: Any, **kwargs: Any) -> Any:
        """Send one request; sets `chart`, or raises a `SourceError` where Yahoo refuses the chart."""
        self.check_host(url)
        self._rate_limit.wait(self.pause)
        response = super().request(method, url, *args, **kwargs)
        path = urlsplit(url).path
        if _CHART in path and response.status_code not in YFINANCE_RETRIES:
            self.chart = self._read(unquote(PurePosixPath(path).name), response)
        return response

    def _read(self, symbol: str, response: Any) -> Chart:  # Any: the response of curl_cffi's session
        status = response.status_code
        try:
            answer = response.json()["chart"]
            error, result = answer.get("error"), answer.get("result")
        except (ValueError, KeyError, TypeError, AttributeError):
            error, result, answer = None, None, None
        if answer is None or status >= HTTPStatus.INTERNAL_SERVER_ERROR or not (error or result):
            raise UnavailableError(self.source, symbol, f"Yahoo answered {status} without a chart; run again later")
        if not error:
            meta = result[0].get("meta", {})
            return Chart(meta.get("currency"), meta.get("exchangeTimezoneName", ""), "timestamp" not in result[0])
        words = error.get("description") or error.get("code")
        if status == HTTPStatus.NOT_FOUND:
            raise NotFoundError(self.source, symbol, f"Yahoo does not know it ({words}); correct it under `symbols`")
        if status in _REFUSED_SPAN:
            raise RangeUnavailableError(self.source, symbol, f"Yahoo does not serve this span ({words})")
        raise UnavailableError(self.source, symbol, f"Yahoo answered {status} ({words}); run again later")


class YahooSource:
    """A `PriceSource` over yfinance. It has no use for the folder `_root`."""

    def __init__(
        self, spec: PriceSpec, _root: Path = Path(), *, sleep: Callable[[float], None] = time.sleep,
        traffic: Traffic = TRAFFIC,
    ) -> None:  # fmt: skip
        check_interval(spec, ("1d", *DEPTH))
        configure_yfinance()
        self._spec = spec
        rate_limit = RateLimiter(_DELAY if spec.delay is None else spec.delay, sleep)
        self._session = ChartSession(spec.name, spec.base_url, spec.timeout, rate_limit, sleep, traffic)

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        return self._spec.name

    @property
    def interval(self) -> str:
        """The spacing of its bars."""
        return self._spec.interval

    @property
    def at_once(self) -> int:
        """The number of threads that may request at the same time."""
        return self._spec.at_once or _AT_ONCE

    def version(self, symbol: str) -> None:  # noqa: ARG002 - the protocol gives the symbol
        """Return None: Yahoo is requested by spans."""
        return

    def serves_from(self, now: datetime) -> date | None:
        """Return the first day that has bars of this interval on every exchange; None for daily bars."""
        return None if self._daily else (self._earliest(now) + _AHEAD).date() + timedelta(days=1)

    def history(self, symbol: str, first: date, last: date, now: datetime) -> History:
        """Return the bars of `first` to `last`, both included.

        Raises
        ------
        NotFoundError
            Yahoo does not know the symbol.
        RangeUnavailableError
            Yahoo knows the symbol and refuses the span.
        RateLimitedError, UnavailableError
            Yahoo asked to slow down, failed or did not answer with a chart, also after retries.
        LeftAloneError, OverBudgetError
            Yahoo is left alone for now, or the symbol took more than it may.
        """
        begin = self._begin(symbol, first, now)
        with self._session.asking(symbol):
            frame = retry(lambda: self._frame(symbol, begin, last), self._session.pause)
        days = frame.index.tz_localize(None).to_numpy().astype("datetime64[D]")
        starts = days if self._daily else frame.index.tz_convert("UTC").tz_localize(None).to_numpy()
        column = {name: frame[name].to_numpy(dtype=np.float64) for name in frame.columns}
        splits = np.where(column["Stock Splits"] == 0, 1.0, column["Stock Splits"])
        ex_dates, dividend, split = actions.merge(days, column["Dividends"], splits)
        chart = self._session.chart
        unit = quoted_unit(chart.currency or "")
        opens, highs, lows, closes = (column[name] * unit.per_unit for name in ("Open", "High", "Low", "Close"))
        bars = Bars(
            symbol, self.name, self.interval, starts.astype("datetime64[s]"), opens, highs, lows, closes,
            column["Volume"], ex_dates, dividend * unit.per_unit, split, now, unit.currency or None,
            split_adjusted=True,
        )  # fmt: skip
        screened = screening.screen(bars, now)
        if self._daily or not len(screened.bars):
            return screening.span(screened, first, last)
        sessions = local_time.local_dates(screened.bars.start, ZoneInfo(chart.zone))
        return screening.span(screened, first, last, sessions)

    @property
    def _daily(self) -> bool:
        return self.interval not in DEPTH

    def _begin(self, symbol: str, first: date, now: datetime) -> datetime:
        """Return the start of the request: earlier than `first`, because the bars before a bad tick show it."""
        midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
        if self._daily:
            return midnight - _MARGIN
        earliest = self._earliest(now)
        if midnight - _AHEAD < earliest:
            raise RangeUnavailableError(
                self.name, symbol,
                f"Yahoo serves {self.interval} bars {DEPTH[self.interval]} days back, from {self.serves_from(now)} on; "
                "give older ones as files",
            )  # fmt: skip
        return max(midnight - _MARGIN, earliest)

    def _earliest(self, now: datetime) -> datetime:
        return now - timedelta(days=DEPTH[self.interval]) + _PROCESSING

    def _frame(self, symbol: str, begin: datetime, last: date) -> Any:  # Any: a frame of pandas, which has no types
        """Return the frame of one request, of a day more than the span, which is cut by the exchange's dates."""
        self._session.chart = Chart()
        YfData.cache_get.cache_clear()  # it caches the answers to past spans, failures included
        ticker = yf.Ticker(symbol, session=self._session)
        # Without a zone yfinance sends a request for the exchange's, to read dates without one. These dates have one.
        ticker._tz = "UTC"
        end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=2)
        try:
            return ticker.history(
                # With "1h" yfinance would put an ex-date before the opening on the bar of the day before. A row
                # without a price is a halt among days, and of no interest among finer bars.
                start=begin, end=end, interval="60m" if self.interval == "1h" else self.interval, auto_adjust=False,
                back_adjust=False, actions=True, keepna=self._daily, timeout=self._spec.timeout,
            )  # fmt: skip
        except SourceError:
            raise
        except YFRateLimitError:
            raise RateLimitedError(self.name, symbol, "Yahoo asks to slow down; run again later") from None
        except Exception as error:
            if isinstance(error, YFPricesMissingError) and self._session.chart.is_empty:
                return _no_bars()
            raise UnavailableError(self.name, symbol, f"Yahoo cannot be reached or read ({error})") from None


def _no_bars() -> Any:  # Any: as `_frame`
    columns = ["Open", "High", "Low", "Close", "Volume", "Dividends", "Stock Splits"]
    return pd.DataFrame(columns=columns, index=pd.DatetimeIndex([], tz="UTC"), dtype=float)
