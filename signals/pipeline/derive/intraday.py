"""Windows by the clock: events aligned with bars finer than a day, and measured. Reads only.

Each instrument is its own market here: what is usual at a time of its day comes from that time of the sessions before,
and how far a move may stray from it by all windows of those days. Without intraday bars of the benchmark the model is
the constant mean, and the move says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby

import numpy as np

from signals.pipeline import Plan, RunContext
from signals.pipeline.derive.confounders import Neighbours, actions_in_words, market_wide, stories_sharing
from signals.pipeline.derive.currency import is_comparable, no_rate
from signals.pipeline.derive.intraday_series import SeriesPair, SeriesReader
from signals.pipeline.derive.slices import Answer, MissingBars, PriceInstants, WindowSlice, columns_of, moves_of
from signals.store import Connection
from signals.store import events as stored_events
from signals.study.calibration import CalibratedStudy, calibrate
from signals.study.confounding import MARKET_WIDE, Confounder, usual_days
from signals.study.intraday_windows import (
    CLOSE,
    NO_PLACE,
    PREVIOUS,
    IntradaySeries,
    LocatedWindows,
    instant,
    locate,
    pairs,
    panel_of,
    row_of,
)
from signals.study.leastsquares import Bools
from signals.study.models import Panel
from signals.study.placebo import POOLED
from signals.study.score import Scores, score, sums_for
from signals.study.session_activity import activity_at_start, activity_so_far, adjust_for_activity
from signals.types import (
    CONSTANT_MEAN,
    Event,
    Floats,
    Instrument,
    IntradayStudy,
    IntradayWindow,
    Ints,
    Move,
    Reason,
    ReturnModel,
    Status,
    Study,
    Unscored,
    Window,
)

OWN_SLOTS = "own_slots"  # how p was made where the reference is all windows of the instrument's own days
SESSION = Window(0, 0)  # to the core a window by the clock is a session: it comes once a day


def intraday_moves(db: Connection, plan: Plan, run: RunContext, events: Sequence[Event]) -> list[Move]:
    """Return one move per intraday event, study and window: scored, or the reason why not."""
    moves: list[Move] = []
    for aligned in align_intraday(db, plan, run, events):
        neighbours = _stories_near(db, aligned.events)
        for window in aligned.study.windows:
            moves += moves_of(intraday_slice(aligned, window, neighbours), run.now)
    return moves


# --- aligned with the bars ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class AlignedIntraday:
    """Events of one instrument under one study, on the bars of one source; without bars `prices` is None.

    `day_zero` is the column of each event's session, or -1. `model` is the one that is used, and `model_note` names it
    with the reason where it is not the study's; `benchmark_series` are the benchmark's bars if the model uses them, and
    `activity` is `signals.study.session_activity.activity_so_far`.
    """

    events: Sequence[Event]
    own: Instrument
    benchmark: Instrument | None
    currency_problem: str
    study: IntradayStudy
    prices: SeriesPair | None
    day_zero: Ints
    model: ReturnModel
    model_note: str | None
    benchmark_series: IntradaySeries | None
    activity: Floats | None


def align_intraday(db: Connection, plan: Plan, run: RunContext, events: Sequence[Event]) -> Iterator[AlignedIntraday]:
    """Yield events aligned, study by study and instrument by instrument."""
    by_ticker, reader = plan.by_ticker(), SeriesReader(db, plan, run)
    for study in plan.intraday:

        def choice(event: Event, interval: str = study.interval) -> tuple[str, str, str]:
            benchmark = by_ticker[event.ticker].benchmark
            source, other = (reader.source(t, interval, event.day_zero) or "" for t in (event.ticker, benchmark))
            return event.ticker, source, other

        for (ticker, source, _), group in groupby(sorted(events, key=lambda e: (choice(e), e.event_id)), key=choice):
            same_series, own = list(group), by_ticker[ticker]
            prices = reader.pair(own, study.interval, source, same_series[0].day_zero) if source else None
            yield _aligned(plan, study, own, by_ticker.get(own.benchmark or ""), prices, same_series)


def _aligned(
    plan: Plan,
    study: IntradayStudy,
    own: Instrument,
    benchmark: Instrument | None,
    prices: SeriesPair | None,
    events: Sequence[Event],
) -> AlignedIntraday:
    problem = _currency_problem(plan, study, own, benchmark, prices)
    model, note = (study.return_model, None) if problem else _model(study, own, prices)
    benchmark_series = prices.benchmark if prices is not None and model.needs_benchmark else None
    column = np.full(len(events), -1) if prices is None else columns_of(prices.hours.sessions, events)
    activity = None if prices is None else activity_so_far(prices.own, benchmark_series)
    return AlignedIntraday(
        events, own, benchmark, problem, study, prices, column, model, note, benchmark_series, activity
    )


def _currency_problem(
    plan: Plan, study: IntradayStudy, own: Instrument, benchmark: Instrument | None, prices: SeriesPair | None
) -> str:
    """Return why the benchmark cannot be compared with the instrument, empty if it can or need not be."""
    if benchmark is None or not study.needs_benchmark:
        return ""
    if prices is not None and prices.benchmark is None and not prices.missing_rate:
        return ""  # without its bars the model is another one
    if not is_comparable(plan, own, benchmark):
        return no_rate(own, benchmark)
    if prices is not None and prices.missing_rate:
        return f"{prices.missing_rate} has no {study.interval} bars to convert {benchmark.ticker} into {own.currency}"
    return ""


def _model(study: IntradayStudy, own: Instrument, prices: SeriesPair | None) -> tuple[ReturnModel, str | None]:
    if not study.needs_benchmark or own.benchmark is None or prices is None or prices.benchmark is not None:
        return study.return_model, None
    reason = f"{own.benchmark} has no {study.interval} bars beside those of {own.ticker}"
    return CONSTANT_MEAN, f"{CONSTANT_MEAN.name}: {reason}"


# --- measured -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class PlacedWindow:
    """Where one window of E events lies, and the returns of all windows like it.

    `row` is each event's row of the panel, or -1 where the window has no place in a session that is known; `inside`
    says whether its session is one. `places` ``(R, 2)`` are the two places of each row.
    """

    prices: SeriesPair
    located: LocatedWindows
    inside: Bools
    row: Ints
    places: Ints
    panel: Panel


@dataclass(frozen=True, slots=True, eq=False)
class LocatedWindow:
    """Where one window of E events lies, and what was measured of it.

    `row` is each event's row of the panel, or -1 where the window has no place in a session that is known; `base` and
    `exit` are the places, or the slots nearest to them, whose prices it lies between. `activity` ``(R, T)`` is how
    active each session had been when the window began.
    """

    prices: SeriesPair
    located: LocatedWindows
    row: Ints
    base: Ints
    exit: Ints
    panel: Panel
    activity: Floats
    scores: Scores

    def instant(self, e: int, place: int) -> datetime:
        """Return the instant of the price at a place of an event's session."""
        session = int(self.located.session[e])
        return datetime.fromtimestamp(instant(self.prices.hours, self.prices.own.grid, session, place), UTC)

    def next_close(self, e: int, after: datetime) -> datetime:
        """Return when the first slot ends after an instant of an event's session; in a break, when the break ends."""
        hours, grid = self.prices.hours, self.prices.own.grid
        session = self.located.session[e]
        local = np.array(int(after.timestamp()) - int(hours.midnight[session]))
        day = hours.day(session)
        if day.in_break(local):
            return datetime.fromtimestamp(int(hours.midnight[session] + day.break_ends), UTC)
        return self.instant(e, int(grid.outside_break(grid.slot(local), day, backwards=False)))


def place_window(aligned: AlignedIntraday, window: IntradayWindow) -> PlacedWindow | None:
    """Return where the windows of events lie, and the returns of all windows like them; None without bars."""
    prices = aligned.prices
    if prices is None:
        return None
    at = np.array([int(event.intraday_instant.timestamp()) for event in aligned.events])
    located = locate(prices.hours, prices.own.grid, window, aligned.day_zero, at)
    inside = (aligned.day_zero >= 0) & (located.session >= 0) & (located.session < len(prices.hours.sessions))
    places = pairs(prices.hours, prices.own.grid, window)
    row = np.where(inside, row_of(places, located.start, located.end), -1)
    panel = panel_of(prices.own, aligned.benchmark_series, window, places)
    return PlacedWindow(prices, located, inside, row, places, panel)


def locate_window(aligned: AlignedIntraday, window: IntradayWindow) -> LocatedWindow | None:
    """Locate the windows of events, and score those that have a place in a session; None without bars."""
    placed, activity = place_window(aligned, window), aligned.activity
    if placed is None or activity is None:
        return None
    prices, located, inside, row = placed.prices, placed.located, placed.inside, placed.row
    places, panel = placed.places, placed.panel
    at_start = activity_at_start(activity, prices.own, places)

    def calibrated(study: Study) -> CalibratedStudy:
        sums = sums_for(panel, study)
        return CalibratedStudy(study, sums, adjust_for_activity(calibrate(panel.traded(), sums, study), at_start))

    (study, sums, calibration) = own = calibrated(aligned.study.measured_as(aligned.model.name))
    raw = calibrated(study.raw) if aligned.model.needs_benchmark else own
    scores = score(panel, sums, study, SESSION, np.maximum(row, 0), located.session, calibration, raw)
    session = np.where(inside, located.session, 0)
    base = prices.own.price_slots(session, located.start, backwards=not window.delayed)
    last = prices.own.price_slots(session, located.end, backwards=window.before_publication)
    return LocatedWindow(prices, located, row, base, last, panel, at_start, scores)


def intraday_slice(
    aligned: AlignedIntraday, window: IntradayWindow, neighbours: Neighbours[datetime] = ()
) -> IntradaySlice:
    """Return the events of an instrument under one study and window, measured."""
    common = (aligned.study, window, aligned.events, aligned.model, aligned.model_note)
    return IntradaySlice(*common, aligned, locate_window(aligned, window), neighbours)


@dataclass(frozen=True, eq=False)
class IntradaySlice(WindowSlice[IntradayStudy, IntradayWindow]):
    """The events of one instrument under one study and window by the clock; without bars nothing is located."""

    aligned: AlignedIntraday
    located: LocatedWindow | None
    neighbours: Neighbours[datetime]

    def placed(self, e: int) -> LocatedWindow | None:
        """Return where the window lies, None if this event's has no place in a session that is known."""
        return self.located if self.located is not None and self.located.row[e] >= 0 else None

    def scores(self, e: int) -> Scores | None:
        """Return what was measured of all events, or None if this one has no place among the bars."""
        placed = self.placed(e)
        return None if placed is None else placed.scores

    def instrument(self, e: int) -> Instrument:  # noqa: ARG002 - all events are one instrument's
        """Return the instrument of the events."""
        return self.aligned.own

    def benchmark(self, e: int) -> Instrument | None:  # noqa: ARG002 - as above
        """Return the benchmark of the instrument."""
        return self.aligned.benchmark

    def currency_problem(self, e: int) -> str:  # noqa: ARG002 - as above
        """Return why a benchmark in another currency cannot be converted; empty if it is, or is in the same one."""
        return self.aligned.currency_problem

    def day_only_detail(self) -> str:
        """Return the sentence for an event whose articles give no hour."""
        return "the stamps name a day, no hour"

    def misplaced(self, e: int) -> Unscored | None:
        """Return why the window has no place in its session, if it has none."""
        own, interval = self.aligned.own, self.study.interval
        if self.located is None:
            return Unscored(Status.UNSCORED, Reason.NO_BARS, f"{own.ticker} has no bars of {interval}")
        if self.aligned.day_zero[e] < 0:
            detail = f"the {interval} bars of {own.ticker} show no session on {self.events[e].day_zero}"
            return Unscored(Status.UNSCORED, Reason.NO_BARS, detail)
        where = self.located.located
        session, start, end = (int(part[e]) for part in (where.session, where.start, where.end))
        if NO_PLACE in (start, end) or session < 0:
            published = self.events[e].intraday_instant
            detail = f"{self.window} around {published:%Y-%m-%d %H:%M} UTC reaches out of the session"
            return Unscored(Status.UNSCORED, Reason.BEYOND_SESSION, detail)
        if start == end:
            return Unscored(Status.UNSCORED, Reason.NO_BARS, f"no bar of {interval} ends inside {self.window}")
        odd = self.located.prices.own.odd
        if end == CLOSE and session < len(odd) and odd[session]:
            closed = f"the session closed at {self.located.instant(e, CLOSE):%H:%M} UTC, not at its usual hour"
            return Unscored(Status.UNSCORED, Reason.ODD_HOURS, f"{closed}: no other day compares")
        return None

    def ends_at(self, e: int) -> datetime | None:
        """Return the instant of the last price of the window, None if its session is not known yet."""
        located = self.located
        if located is None or int(located.located.session[e]) >= len(located.prices.hours.sessions):
            return None
        return located.instant(e, int(located.located.end[e]))

    def ends_text(self, e: int) -> str:
        """Return until when a running window is pending."""
        ends_at = self.ends_at(e)
        return "until a session not yet known" if ends_at is None else f"until {ends_at:%Y-%m-%d %H:%M} UTC"

    def missing_bars(self, e: int) -> Iterator[MissingBars]:
        """Yield the bars that the window lacks."""
        located = self.located
        if located is None:
            return
        session = int(located.located.session[e])
        required = [(located.panel.ret, self.aligned.own.ticker, Reason.NO_BARS)]
        if self.model.needs_benchmark:
            required.append((located.panel.benchmark, str(self.aligned.own.benchmark), Reason.BENCHMARK_BARS))
        for returns, ticker, reason in required:
            if not np.isfinite(returns[located.row[e], session]):
                begins, ends = (located.instant(e, int(p[e])) for p in (located.located.start, located.located.end))
                span = f"{begins:%Y-%m-%d %H:%M} to {ends:%H:%M} UTC"
                detail = f"{ticker} has no {self.study.interval} bars for {span}"
                yield MissingBars(reason, detail, detail)

    def sources(self, e: int) -> tuple[str | None, str | None]:  # noqa: ARG002 - all events are one instrument's
        """Return the sources of the instrument's and the benchmark's bars."""
        prices = self.aligned.prices
        return (None, None) if prices is None else (prices.source, prices.benchmark_source)

    def sessions(self, e: int) -> tuple[date | None, date | None]:
        """Return the first and last session of the window."""
        placed = self.placed(e)
        if placed is None:
            return None, None
        last = int(placed.located.session[e])
        first = last - 1 if placed.located.start[e] == PREVIOUS else last
        days = placed.prices.hours.sessions
        return days[first].item() if first >= 0 else None, days[last].item()

    def instants(self, e: int) -> PriceInstants:
        """Return the instants of the window's prices, and of the first one after publication to enter it at."""
        placed, event = self.placed(e), self.events[e]
        if placed is None or not np.isfinite(placed.panel.ret[placed.row[e], placed.located.session[e]]):
            return PriceInstants()
        base_at, exit_at = (placed.instant(e, int(part[e])) for part in (placed.base, placed.exit))
        entry_at, published_at = None, event.intraday_instant
        if base_at > published_at:
            entry_at = base_at
        elif not self.window.before_publication:
            in_session = published_at >= event.opens_at
            entry_at = placed.next_close(e, published_at) if in_session else event.opens_at
        return PriceInstants(base_at, entry_at, exit_at)

    def p_method(self, method: str) -> str:
        """Return how a p-value of this slice was made."""
        return OWN_SLOTS if method == POOLED else method

    def confounders(self, e: int) -> Iterator[Confounder]:
        """Yield what shares the window."""
        instants, placed = self.instants(e), self.placed(e)
        span = instants.base_at, instants.exit_at
        yield from stories_sharing(self.events[e], "at that instant", self.neighbours, *span)
        if placed is not None:
            yield from self._ex_day(placed, e)
            yield from self._market_wide(placed, e)

    def _ex_day(self, placed: LocatedWindow, e: int) -> Iterator[Confounder]:
        """Yield the dividend and split that take effect overnight in the window; its return accounts for them."""
        session, series = int(placed.located.session[e]), placed.prices.own
        if placed.located.start[e] == PREVIOUS and np.isfinite(series.dividend[session]):
            day, currency = placed.prices.hours.sessions[session], self.aligned.own.currency
            for words in actions_in_words(float(series.dividend[session]), float(series.split[session]), currency):
                yield Confounder(f"{words} {day} (in the return)", counts=False)

    def _market_wide(self, placed: LocatedWindow, e: int) -> Iterator[Confounder]:
        benchmark = placed.prices.benchmark
        if benchmark is None:
            return
        session, where = int(placed.located.session[e]), placed.located
        returns = benchmark.series((int(where.start[e]), int(where.end[e])), self.window)
        usual = float(usual_days(returns)[session])
        if usual >= MARKET_WIDE:
            moved = f"{self.aligned.own.benchmark} {returns[session]:+.1%} in the window, {usual:.1f} usual ones"
            yield market_wide(f"market-wide: {moved}", self.model)

    def digest_terms(self, e: int, answer: Answer) -> tuple[object, ...]:  # noqa: ARG002 - the arrays identify the event
        """Return the values that the numbers of an event depend on, beside the arrays."""
        return (self.study, str(self.window), self.model_note, answer.terms)

    def digest_arrays(self, e: int) -> Iterator[Floats]:
        """Yield the arrays that the numbers of an event depend on."""
        placed = self.placed(e)
        if placed is None:
            return
        session = int(placed.located.session[e])
        span = slice(max(session - self.study.gap - self.study.estimation, 0), session + 1)
        for values in (placed.panel.ret, placed.panel.benchmark):
            yield values[placed.row[e], span]
        yield placed.activity[placed.row[e], session]


def _stories_near(db: Connection, shared: Sequence[Event]) -> Neighbours[datetime]:
    """Return the intraday events of an instrument that carry a relevant story, by their instants."""
    days = [event.day_zero for event in shared]
    span = min(days) - stored_events.REACH, max(days) + stored_events.REACH
    near = stored_events.events_between(db, [shared[0].ticker], *span, intraday=True)
    return sorted((e.intraday_instant, e.event_id, e.relevant_stories) for e in near if e.relevant_stories)
