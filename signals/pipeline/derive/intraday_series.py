"""Bars finer than a day -> series: an instrument's bars, and its benchmark's, on the slots of its market's sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from signals.pipeline import Plan, RunContext
from signals.pipeline.derive.assign import MarketClocks
from signals.pipeline.derive.currency import Rate, rate_between
from signals.pipeline.derive.source_choice import preferred_source
from signals.sessions import utc_offsets
from signals.store import Connection, bars
from signals.store.bars import Coverage
from signals.study.intraday_windows import Grid, Hours, IntradaySeries, align_bars
from signals.study.returns import effective_actions
from signals.types import Bars, Floats, Instrument, Times


@dataclass(frozen=True, slots=True, eq=False)
class SeriesPair:
    """One instrument's bars of an interval from one source, and its benchmark's, from the source's first bar on.

    `benchmark` is in the instrument's currency; it is None without bars of the benchmark, or of the rate between the
    two, which `missing_rate` then names.
    """

    source: str
    benchmark_source: str | None
    hours: Hours
    own: IntradaySeries
    benchmark: IntradaySeries | None
    missing_rate: str = ""


class SeriesReader:
    """Reads the intraday bars of a plan from the store."""

    def __init__(self, db: Connection, plan: Plan, run: RunContext) -> None:
        self._db = db
        self._plan = plan
        self._today = run.now.date()
        self._currencies = {i.ticker: i.currency for i in plan.instruments}
        self._bars: dict[tuple[str, str, str], Bars] = {}  # of benchmarks and rates, which many instruments share
        self._clocks = MarketClocks(db, plan, run)
        self._coverage_of: dict[str, Mapping[str, Sequence[Coverage]]] = {}

    def source(self, ticker: str | None, interval: str, day: date) -> str | None:
        """Choose one source for all windows of an event: the most preferred whose bars span day zero."""
        return preferred_source(self._coverage(interval).get(ticker or "", ()), self._plan.price_sources, day)

    def pair(self, own: Instrument, interval: str, source: str, day: date) -> SeriesPair:
        """Align the bars of an instrument from one source, and those of its benchmark that are chosen for a day."""
        first = next(c.first for c in self._coverage(interval)[own.ticker] if c.source == source)
        clock = self._clocks.of(own, first - timedelta(days=1))
        since = clock.sessions >= np.datetime64(first)
        breaks = clock.break_starts[since], clock.break_ends[since]
        opens, closes, offsets = clock.opens[since], clock.closes[since], utc_offsets(clock)[since]
        hours = Hours.of(clock.sessions[since], opens, closes, offsets, breaks)
        own_bars = self._load(own.ticker, source, interval)
        grid = Grid.of(hours, own_bars.start, seconds(interval))
        dividend, split = self._actions(own.ticker, own_bars, hours.sessions, day)
        series = align_bars(hours, grid, own_bars, dividend, split)
        other = self._other(own.benchmark, interval, day, hours, grid)
        if other is None or own.benchmark is None:
            return SeriesPair(source, None, hours, series, None)
        benchmark, benchmark_source = other
        base = self._currencies[own.benchmark]
        rate = rate_between(self._plan, base, own.currency) if base != own.currency else None
        if rate is None:
            return SeriesPair(source, benchmark_source, hours, series, benchmark)
        quotes = self._other(rate.ticker, interval, day, hours, grid)
        if quotes is None:
            return SeriesPair(source, None, hours, series, None, missing_rate=rate.ticker)
        return SeriesPair(source, benchmark_source, hours, series, _converted(benchmark, quotes[0], rate))

    def _other(
        self, ticker: str | None, interval: str, day: date, hours: Hours, grid: Grid
    ) -> tuple[IntradaySeries, str] | None:
        """Return the series of a benchmark or rate with its source; None without bars that fit the grid."""
        source = self.source(ticker, interval, day)
        if ticker is None or source is None:
            return None
        key = (ticker, source, interval)
        other_bars = self._bars[key] = self._bars.get(key) or self._load(*key)
        if Grid.of(hours, other_bars.start, seconds(interval)) != grid:
            return None
        dividend, split = self._actions(ticker, other_bars, hours.sessions, day)
        return align_bars(hours, grid, other_bars, dividend, split), source

    def _coverage(self, interval: str) -> Mapping[str, Sequence[Coverage]]:
        if interval not in self._coverage_of:
            tickers = [i.ticker for i in self._plan.instruments]
            self._coverage_of[interval] = bars.coverage(self._db, tickers, interval)
        return self._coverage_of[interval]

    def _load(self, ticker: str, source: str, interval: str) -> Bars:
        return bars.load_bars(self._db, ticker, source, interval, date.min, self._today)

    def _actions(self, ticker: str, intraday: Bars, sessions: Times, day: date) -> tuple[Floats, Floats]:
        """Return the source's own dividends and splits, else those of the daily bars.

        Where one has adjusted its prices for splits and the other has not, a dividend is in another unit: unknown.
        """
        daily_source = self.source(ticker, "1d", day)
        if len(intraday.action_date) or daily_source is None:
            return effective_actions(intraday, sessions)
        daily = self._load(ticker, daily_source, "1d")
        dividend, split = effective_actions(replace(daily, split_adjusted=intraday.split_adjusted), sessions)
        if daily.split_adjusted != intraday.split_adjusted:
            dividend[dividend != 0] = np.nan
        return dividend, split


def _converted(series: IntradaySeries, quotes: IntradaySeries, rate: Rate) -> IntradaySeries:
    """Return a series in another currency: each price by the rate of the same slot, a dividend by that of the open."""

    def price(values: Floats, by: Floats) -> Floats:
        return values / by if rate.inverse else values * by

    # An ordinary session has no dividend, whether the rate has an open then or not.
    dividend = np.where(series.dividend == 0, 0.0, price(series.dividend, quotes.open))
    return replace(
        series,
        close=price(series.close, quotes.close),
        open=price(series.open, quotes.open),
        last=price(series.last, quotes.last),
        dividend=dividend,
    )


def seconds(interval: str) -> int:
    """Return the length of a bar."""
    return int(interval[:-1]) * {"m": 60, "h": 3_600, "d": 86_400}[interval[-1]]
