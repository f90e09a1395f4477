"""Windows of whole sessions: events aligned with the sessions of their market, and measured. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

import numpy as np

from signals.pipeline import Plan, RunContext
from signals.pipeline.derive.confounders import ConfounderIndex, WindowColumns
from signals.pipeline.derive.currency import is_comparable, no_rate
from signals.pipeline.derive.halt_marks import across, marks
from signals.pipeline.derive.panels import Market, Markets, Series
from signals.pipeline.derive.price_breaks import sentence
from signals.pipeline.derive.slices import AcrossHalt, Answer, MissingBars, WindowSlice, columns_of, moves_of
from signals.store import Connection
from signals.study.confounding import Confounder
from signals.study.score import Scores, score
from signals.types import (
    Event,
    Floats,
    Instrument,
    Ints,
    Move,
    Reason,
    Status,
    Study,
    Times,
    Unscored,
    Window,
)


@dataclass(frozen=True, slots=True, eq=False)
class AlignedEvents:
    """Events of one market on its clock: each event's series, and its row and column in the panel.

    Events before the market's first bar have column -1.
    """

    events: Sequence[Event]
    market: Market
    series: Sequence[Series]
    instrument: Ints
    day_zero: Ints

    @property
    def sessions(self) -> Times:
        """The sessions of the market's clock."""
        return self.market.sessions

    def columns(self, e: int, window: Window) -> WindowColumns:
        """Return the columns of a window of event `e`."""
        return WindowColumns(int(self.day_zero[e]) + window.first, int(self.day_zero[e]) + window.last)


def align_events(
    markets: Markets, events: Sequence[Event], by_ticker: Mapping[str, Instrument]
) -> Iterator[AlignedEvents]:
    """Yield events aligned, market by market."""

    def market_of(event: Event) -> tuple[str, str]:
        return by_ticker[event.ticker].market.sort_key

    for _, group in groupby(sorted(events, key=lambda e: (market_of(e), e.event_id)), key=market_of):
        same_market = list(group)
        market = markets.of(by_ticker[same_market[0].ticker].market)
        series = [markets.choose(by_ticker[e.ticker], e.day_zero) for e in same_market]
        instrument = np.array([market.rows[s] for s in series], dtype=np.int64)
        yield AlignedEvents(same_market, market, series, instrument, columns_of(market.sessions, same_market))


def daily_moves(db: Connection, markets: Markets, plan: Plan, run: RunContext, events: Sequence[Event]) -> list[Move]:
    """Return one move per event, study and window: scored, or the reason why not."""
    by_ticker = plan.by_ticker()
    moves: list[Move] = []
    for aligned in align_events(markets, events, by_ticker):
        index = ConfounderIndex(db, aligned.market, aligned.events)
        for study in plan.studies:
            market = by_ticker[aligned.events[0].ticker].market
            (_, sums, calibration), raw = (markets.calibrated(market, s) for s in (study, study.raw))
            for window in study.windows:
                panel, at = aligned.market.panel, (aligned.instrument, aligned.day_zero)
                scores = score(panel, sums, study, window, *at, calibration, raw)
                common = (study, window, aligned.events, study.return_model, None)
                moves += moves_of(DailySlice(*common, plan, by_ticker, aligned, index, scores), run.now)
    return moves


@dataclass(frozen=True, eq=False)
class DailySlice(WindowSlice[Study, Window]):
    """The events of one market under one study and window of whole sessions."""

    plan: Plan
    by_ticker: Mapping[str, Instrument]
    aligned: AlignedEvents
    index: ConfounderIndex
    measured: Scores

    def scores(self, e: int) -> Scores:  # noqa: ARG002 - all events of a market have a place in its panel
        """Return what was measured of all events."""
        return self.measured

    def instrument(self, e: int) -> Instrument:
        """Return the instrument of an event."""
        return self.by_ticker[self.events[e].ticker]

    def benchmark(self, e: int) -> Instrument | None:
        """Return the benchmark of an event's instrument."""
        return self.by_ticker.get(self.instrument(e).benchmark or "")

    def currency_problem(self, e: int) -> str:
        """Return why a benchmark in another currency cannot be converted; empty if it is, or is in the same one."""
        own, benchmark = self.instrument(e), self.benchmark(e)
        return "" if benchmark is None or is_comparable(self.plan, own, benchmark) else no_rate(own, benchmark)

    def day_only_detail(self) -> str:
        """Return the sentence for an event whose articles give no hour, where the window needs one."""
        return "the stamps name a day, no hour; the window does not reach offset 1"

    def misplaced(self, e: int) -> Unscored | None:
        """Return that the market has no such session, if it has none."""
        if self.aligned.day_zero[e] >= 0:
            return None
        day_zero, begins = self.events[e].day_zero, str(self.aligned.sessions[0])
        early = f"the bars of this market begin on {begins}, after {day_zero}"
        none = f"the bars of this market show no session on {day_zero}"
        return Unscored(Status.UNSCORED, Reason.NO_BARS, early if str(day_zero) < begins else none)

    def ends_at(self, e: int) -> datetime | None:
        """Return when the last session of the window closes, None if it is not known yet."""
        last = self.aligned.columns(e, self.window).last
        return utc(self.aligned.market.closes[last]) if last < len(self.aligned.sessions) else None

    def ends_text(self, e: int) -> str:
        """Return until when a running window is pending."""
        last, sessions = self.aligned.columns(e, self.window).last, self.aligned.sessions
        return f"until {sessions[last] if last < len(sessions) else 'a session not yet known'} has closed"

    def missing_bars(self, e: int) -> Iterator[MissingBars]:
        """Yield the bars that the window lacks."""
        own, panel = self.instrument(e), self.aligned.market.panel
        last = self.aligned.sessions[self.aligned.columns(e, self.window).last]
        has_benchmark = self.measured.has_benchmark[e] or not self.model.needs_benchmark
        for complete, returns, reason, ticker in (
            (self.measured.has_bars[e], panel.ret, Reason.NO_BARS, own.ticker),
            (has_benchmark, panel.benchmark, Reason.BENCHMARK_BARS, own.benchmark),
        ):
            if not complete:
                awaited = f"{ticker} has no bars yet up to {last}"
                yield MissingBars(reason, awaited, f"{ticker} has no return on {self._days_without(returns, e)}")

    def _days_without(self, returns: Floats, e: int) -> str:
        """Return the first three sessions of the window that have no return."""
        window, sessions = self.aligned.columns(e, self.window), self.aligned.sessions
        columns = np.arange(max(window.first, 0), window.last + 1)
        missing = columns[~np.isfinite(returns[self.aligned.instrument[e], columns])]
        return ", ".join(str(sessions[c]) for c in missing[:3]) + (" ..." if len(missing) > 3 else "")

    def sources(self, e: int) -> tuple[str | None, str | None]:
        """Return the sources of the instrument's and the benchmark's bars."""
        series = self.aligned.series[e]
        return series.source, series.benchmark_source

    def sessions(self, e: int) -> tuple[date | None, date | None]:
        """Return the first and last session of the window."""
        window, sessions = self._columns(e), self.aligned.sessions
        first, last = (sessions[c].item() if 0 <= c < len(sessions) else None for c in window)
        return first, last

    def _columns(self, e: int) -> WindowColumns:
        """Return the columns of the window of an event, also of one that the market's bars do not reach."""
        return self.aligned.columns(e, self.window)

    def confounders(self, e: int) -> Iterator[Confounder]:
        """Yield what shares the window."""
        window = self._columns(e) if self.aligned.day_zero[e] >= 0 else WindowColumns(-1, -1)
        return self.index.confounders(self.events[e], self.instrument(e), self.aligned.series[e], self.model, window)

    def price_break(self, e: int) -> str:
        """Return at which jump of the instrument's price the window is held back; empty if it holds none."""
        if self.aligned.day_zero[e] < 0:
            return ""
        window, row, breaks = self._columns(e), int(self.aligned.instrument[e]), self.aligned.market.breaks
        columns = (column for column in range(max(window.first, 0), window.last + 1) if (row, column) in breaks)
        return next((sentence(breaks[row, column]) for column in columns), "")

    def session_marks(self, e: int) -> str:
        """Return which sessions of the window were not traded as usual."""
        if self.aligned.day_zero[e] < 0:
            return ""
        halts = self.aligned.market.halts.get(int(self.aligned.instrument[e]))
        return marks(halts, self.aligned.sessions, *self._columns(e))

    def across_halt(self, e: int) -> AcrossHalt | None:
        """Return what the window moved across a halt, None if it holds none."""
        row, panel, marked = int(self.aligned.instrument[e]), self.aligned.market.panel, self.session_marks(e)
        halts = self.aligned.market.halts.get(row)
        if halts is None or not marked.startswith(("halted", "no volume", "resumed")):
            return None
        moved = across(halts, panel.ret[row], panel.benchmark[row], *self._columns(e))
        if moved is None:
            return AcrossHalt(f"{marked}: the window begins or ends without a close to measure from or to")
        ret, benchmark_ret = (value if np.isfinite(value) else None for value in moved)
        detail = f"{marked}: measured and not scored, no ordinary window is like it"
        return AcrossHalt(detail, True, ret, benchmark_ret)

    def digest_terms(self, e: int, answer: Answer) -> tuple[object, ...]:  # noqa: ARG002 - the arrays identify the event
        """Return the values that the numbers of an event depend on, beside the arrays."""
        halt = answer.halt
        returns = {"ret": halt.ret, "benchmark_ret": halt.benchmark_ret} if halt is not None and halt.measured else {}
        return (self.study, str(self.window), *answer.terms, None if halt is None else returns, answer.marks)

    def digest_arrays(self, e: int) -> Iterator[Floats]:
        """Yield the arrays that the numbers of an event depend on."""
        panel, row, day_zero = self.aligned.market.panel, self.aligned.instrument[e], int(self.aligned.day_zero[e])
        start, stop = max(day_zero - self.study.gap - self.study.estimation, 0), day_zero + self.window.last + 1
        for values in (panel.ret, panel.benchmark, *(panel.factors[name] for name in self.study.factors)):
            yield values[row, start:stop]
        for values in (panel.gap, panel.session):
            yield values[row, max(day_zero, 0) : day_zero + 1]


def utc(instant: np.datetime64) -> datetime:
    """Return an instant of numpy's as an aware datetime."""
    return datetime.fromisoformat(f"{instant}+00:00")
