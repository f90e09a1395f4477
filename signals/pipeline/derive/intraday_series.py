"""Bars finer than a day -> tapes: an instrument's bars, and its benchmark's, on the slots of its market's sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from signals.pipeline import Plan, Stamped
from signals.pipeline.derive.assign import MarketClocks
from signals.pipeline.derive.source_choice import preferred
from signals.sessions import utc_offsets
from signals.store import Connection, bars
from signals.store.bars import Coverage
from signals.study.intraday_windows import Grid, Hours, IntradaySeries, align_bars
from signals.study.returns import effective_actions
from signals.types import Bars, Floats, Instrument, Times


@dataclass(frozen=True, slots=True, eq=False)
class Taped:
    """One instrument's bars of an interval from one source, and its benchmark's, from the source's first bar on."""

    source: str
    benchmark_source: str | None
    hours: Hours
    tape: IntradaySeries
    benchmark: IntradaySeries | None


class Tapes:
    """The intraday bars of a plan as the store knows them."""

    def __init__(self, db: Connection, plan: Plan, run: Stamped) -> None:
        self._db = db
        self._plan = plan
        self._today = run.now.date()
        self._benchmarks: dict[tuple[str, str, str], Bars] = {}  # kept, because many instruments share one
        self._clocks = MarketClocks(db, plan, run)
        self._covered: dict[str, Mapping[str, Sequence[Coverage]]] = {}

    def source(self, ticker: str | None, interval: str, day: date) -> str | None:
        """Choose one source for all windows of an event: the most preferred whose bars span day zero."""
        return preferred(self._coverage(interval).get(ticker or "", ()), self._plan.price_sources, day)

    def of(self, own: Instrument, interval: str, source: str, day: date) -> Taped:
        """Lay the bars of an instrument from one source, and those of its benchmark that are chosen for a day."""
        first = next(c.first for c in self._coverage(interval)[own.ticker] if c.source == source)
        clock = self._clocks.of(own, first - timedelta(days=1))
        known = clock.sessions >= np.datetime64(first)
        hours = Hours.of(clock.sessions[known], clock.opens[known], clock.closes[known], utc_offsets(clock)[known])
        theirs = self._load(own.ticker, source, interval)
        grid = Grid.of(hours, theirs.start, seconds(interval))
        tape = align_bars(hours, grid, theirs, *self._actions(own.ticker, theirs, hours.sessions, day))
        other = self.source(own.benchmark, interval, day)
        benchmark = None
        if own.benchmark is not None and other is not None:
            key = (own.benchmark, other, interval)
            its = self._benchmarks[key] = self._benchmarks.get(key) or self._load(*key)
            if Grid.of(hours, its.start, seconds(interval)) == grid:
                benchmark = align_bars(hours, grid, its, *self._actions(own.benchmark, its, hours.sessions, day))
        return Taped(source, other if benchmark else None, hours, tape, benchmark)

    def _coverage(self, interval: str) -> Mapping[str, Sequence[Coverage]]:
        if interval not in self._covered:
            self._covered[interval] = bars.coverage(self._db, [i.ticker for i in self._plan.instruments], interval)
        return self._covered[interval]

    def _load(self, ticker: str, source: str, interval: str) -> Bars:
        return bars.load_bars(self._db, ticker, source, interval, date.min, self._today)

    def _actions(self, ticker: str, found: Bars, sessions: Times, day: date) -> tuple[Floats, Floats]:
        """Return the source's own dividends and splits, else those of the daily bars.

        Where one has adjusted its prices for splits and the other has not, a dividend is in another unit: not known.
        """
        daily = self.source(ticker, "1d", day)
        if len(found.action_date) or daily is None:
            return effective_actions(found, sessions)
        other = self._load(ticker, daily, "1d")
        dividend, split = effective_actions(replace(other, split_adjusted=found.split_adjusted), sessions)
        if other.split_adjusted != found.split_adjusted:
            dividend[dividend != 0] = np.nan
        return dividend, split


def seconds(interval: str) -> int:
    """Return the length of a bar."""
    return int(interval[:-1]) * {"m": 60, "h": 3_600, "d": 86_400}[interval[-1]]
