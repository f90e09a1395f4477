"""Intraday events -> rows of the moves table: windows by the clock, on bars finer than a day. Reads only.

Each instrument is its own market here: what is usual at a time of its day is told by that time on the sessions before,
and how far a move may stray from it by all windows of those days. Without intraday bars of the benchmark the model is
the constant mean, and the row says so.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import numpy as np

from signals.pipeline import Plan, Stamped
from signals.pipeline.derive.assign import SETTLES
from signals.pipeline.derive.confounders import action_words
from signals.pipeline.derive.daily import UNMEASURED, columns_of, numbers, reference
from signals.pipeline.derive.intraday_series import Taped, Tapes
from signals.store import Connection, events
from signals.study.calibration import calibrate
from signals.study.confounding import MARKET_WIDE, Confounder, summary, usual_days
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
from signals.study.models import Panel
from signals.study.placebo import POOLED
from signals.study.score import Scores, score, sums_for
from signals.study.session_activity import activity_at_start, activity_so_far, adjust_for_activity
from signals.types import Floats, Instrument, IntradayStudy, IntradayWindow, Ints, Reason, Status, Window, return_model

OWN_SLOTS = "own_slots"  # how p was made where the reference is all windows of the instrument's own days
SESSION = Window(0, 0)  # to the core a window by the clock is a session: it comes once a day

Event = Any  # a row of the events table


def intraday_moves(db: Connection, plan: Plan, run: Stamped, moments: Sequence[Event]) -> list[dict[str, Any]]:
    """Return one row per intraday event, study and window: scored, or the reason why not."""
    rows: list[dict[str, Any]] = []
    for laid in lay(db, plan, run, moments):
        near = _stories_near(db, laid.events)
        for window in laid.study.windows:
            cut = measure(laid, window)
            rows += [_row(cut, e, near, run) for e in range(len(laid.events))]
    return rows


# --- laid on the bars, and measured ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """Events of one instrument under one study, on the bars of one source; without bars `taped` is None.

    `day_zero` is the column of each event's session, or -1. `model` is the one that is used, and `said` names it with
    the reason where it is not the study's; `against` are the benchmark's bars if it uses them, and `lively` is
    `signals.study.session_activity.so_far`.
    """

    events: Sequence[Event]
    own: Instrument
    benchmark: Instrument | None
    study: IntradayStudy
    taped: Taped | None
    day_zero: Ints
    model: str
    said: str | None
    against: IntradaySeries | None
    lively: Floats | None


def lay(db: Connection, plan: Plan, run: Stamped, moments: Sequence[Event]) -> Iterable[Laid]:
    """Yield events study by study and instrument by instrument."""
    by_ticker = {i.ticker: i for i in plan.instruments}
    tapes = Tapes(db, plan, run)
    for study in plan.intraday:

        def chosen(event: Event, interval: str = study.interval) -> tuple[str, str, str]:
            benchmark = by_ticker[event.ticker].benchmark
            source, other = (tapes.source(t, interval, event.day_zero) or "" for t in (event.ticker, benchmark))
            return str(event.ticker), source, other

        for (ticker, source, _), group in groupby(sorted(moments, key=lambda e: (chosen(e), e.event_id)), key=chosen):
            listed, own = list(group), by_ticker[ticker]
            taped = tapes.of(own, study.interval, source, listed[0].day_zero) if source else None
            model, said = _model(study, own, taped)
            against = taped.benchmark if taped is not None and return_model(model).needs_benchmark else None
            column = np.full(len(listed), -1) if taped is None else columns_of(taped.hours.sessions, listed)
            lively = None if taped is None else activity_so_far(taped.tape, against)
            benchmark = by_ticker.get(own.benchmark or "")
            yield Laid(listed, own, benchmark, study, taped, column, model, said, against, lively)


def _model(study: IntradayStudy, own: Instrument, taped: Taped | None) -> tuple[str, str | None]:
    if not study.needs_benchmark or own.benchmark is None or taped is None or taped.benchmark is not None:
        return study.model, None
    return "constant-mean", f"constant-mean: {own.benchmark} has no {study.interval} bars beside those of {own.ticker}"


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Where the windows of E events lie, and what was measured of them.

    `row` is each event's row of the panel, or -1 where the window has no place in a session that is known; `base` and
    `exit` are the places, or the slots nearest to them, whose prices it lies between.
    """

    taped: Taped
    located: LocatedWindows
    row: Ints
    base: Ints
    exit: Ints
    panel: Panel
    stirs: Floats
    scores: Scores

    def instant(self, e: int, place: int) -> datetime:
        """Return when the price of a place of an event's session is struck."""
        session = int(self.located.session[e])
        return datetime.fromtimestamp(instant(self.taped.hours, self.taped.tape.grid, session, place), UTC)

    def next_close(self, e: int, moment: datetime) -> datetime:
        """Return when the first slot ends after a moment of an event's session."""
        hours, grid = self.taped.hours, self.taped.tape.grid
        local = int(moment.timestamp()) - int(hours.midnight[self.located.session[e]])
        return self.instant(e, int(grid.slot(np.array(local))))


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """The events of `laid` under one window; without bars nothing is found."""

    laid: Laid
    window: IntradayWindow
    found: Found | None


def measure(laid: Laid, window: IntradayWindow) -> Cut:
    """Locate the windows of events, and score those that have a place in a session."""
    taped, lively = laid.taped, laid.lively
    if taped is None or lively is None:
        return Cut(laid, window, None)
    at = np.array([int(e.published_at.timestamp()) for e in laid.events])
    located = locate(taped.hours, taped.tape.grid, window, laid.day_zero, at)
    inside = (laid.day_zero >= 0) & (located.session >= 0) & (located.session < len(taped.hours.sessions))
    listed = pairs(taped.hours, taped.tape.grid, window)
    row = np.where(inside, row_of(listed, located.start, located.end), -1)
    panel = panel_of(taped.tape, laid.against, window, listed)
    study = laid.study.measured_as(laid.model)
    sums = sums_for(panel, study)
    stirs = activity_at_start(lively, taped.tape, listed)
    calibration = adjust_for_activity(calibrate(panel.traded(), sums, study), stirs)
    scores = score(panel, sums, study, SESSION, np.maximum(row, 0), located.session, calibration)
    session = np.where(inside, located.session, 0)
    base = taped.tape.struck(session, located.start, backwards=not window.delayed)
    last = taped.tape.struck(session, located.end, backwards=window.before_publication)
    return Cut(laid, window, Found(taped, located, row, base, last, panel, stirs, scores))


# --- the row --------------------------------------------------------------------------------------------------------

_Answer = tuple[Status, str, str]


def _row(cut: Cut, e: int, near: _Near, run: Stamped) -> dict[str, Any]:
    laid, event, found = cut.laid, cut.laid.events[e], cut.found
    status, reason, detail = _status(cut, e, run)
    instants = struck(cut, e)
    return {
        "event_id": event.event_id,
        "study": laid.study.name,
        "event_window": str(cut.window),
        "day_zero": event.day_zero,
        "status": status.value,
        "reason": reason,
        "reason_detail": detail,
        "session_marks": "",
        "benchmark": laid.own.benchmark if return_model(laid.model).needs_benchmark else None,
        "price_source": found.taped.source if found else None,
        "benchmark_source": found.taped.benchmark_source if found else None,
        **_numbers(found, e, status),
        **_span(found, e),
        **_confounded(cut, e, instants, near),
        "digest": _digest(cut, e, (status.value, reason, detail)),
        "run_id": run.run_id,
        "scored_at": run.now,
        "model": laid.said,
        **instants,
    }


def _status(cut: Cut, e: int, run: Stamped) -> _Answer:
    """Say whether an event is scored, and if not, why, with the numbers behind it."""
    laid, event, found = cut.laid, cut.laid.events[e], cut.found
    own, benchmark, study = laid.own, laid.benchmark, laid.study
    if study.needs_benchmark and benchmark is None:
        return Status.UNSCORED, Reason.NO_BENCHMARK, f"the study {study.name} needs one; {own.ticker} names none"
    if return_model(laid.model).needs_benchmark and benchmark is not None and benchmark.currency != own.currency:
        detail = f"{own.ticker} is in {own.currency}, its benchmark {benchmark.ticker} in {benchmark.currency}"
        return Status.UNSCORED, Reason.CURRENCY, detail
    if event.day_only:
        return Status.UNSCORED, Reason.DAY_ONLY, "the stamps name a day, no hour"
    if found is None:
        return Status.UNSCORED, Reason.NO_BARS, f"{own.ticker} has no bars of {study.interval}"
    if laid.day_zero[e] < 0:
        detail = f"the {study.interval} bars of {own.ticker} show no session on {event.day_zero}"
        return Status.UNSCORED, Reason.NO_BARS, detail
    return _misplaced(cut, found, e) or _unpriced(cut, found, e, run) or _unknown(study, found, e) or _SCORED


_SCORED = (Status.SCORED, "", "")


def _misplaced(cut: Cut, found: Found, e: int) -> _Answer | None:
    """Say why a window has no place in its session, if it has none."""
    session, start, end = (int(part[e]) for part in (found.located.session, found.located.start, found.located.end))
    if NO_PLACE in (start, end) or session < 0:
        detail = f"{cut.window} around {cut.laid.events[e].published_at:%Y-%m-%d %H:%M} UTC reaches out of the session"
        return Status.UNSCORED, Reason.BEYOND_SESSION, detail
    if start == end:
        return Status.UNSCORED, Reason.NO_BARS, f"no bar of {cut.laid.study.interval} ends inside {cut.window}"
    odd = found.taped.tape.odd
    if end == CLOSE and session < len(odd) and odd[session]:
        detail = (
            f"the session closed at {found.instant(e, CLOSE):%H:%M} UTC, not at its usual hour: no other day compares"
        )
        return Status.UNSCORED, Reason.ODD_HOURS, detail
    return None


def _unpriced(cut: Cut, found: Found, e: int, run: Stamped) -> _Answer | None:
    """Say whether a window is still running or lacks a price, if so."""
    session = int(found.located.session[e])
    if session >= len(found.taped.hours.sessions):
        return Status.PENDING, Reason.WINDOW_OPEN, "until a session not yet known"
    begins, ends = (found.instant(e, int(part[e])) for part in (found.located.start, found.located.end))
    if ends > run.now:
        return Status.PENDING, Reason.WINDOW_OPEN, f"until {ends:%Y-%m-%d %H:%M} UTC"
    wanted = [(found.panel.ret, cut.laid.own.ticker, Reason.NO_BARS)]
    if return_model(cut.laid.model).needs_benchmark:
        wanted.append((found.panel.benchmark, str(cut.laid.own.benchmark), Reason.BENCHMARK_BARS))
    for returns, ticker, reason in wanted:
        if not np.isfinite(returns[found.row[e], session]):
            detail = f"{ticker} has no {cut.laid.study.interval} bars for {begins:%Y-%m-%d %H:%M} to {ends:%H:%M} UTC"
            if run.now - ends <= SETTLES:
                return Status.PENDING, Reason.AWAITING_BARS, detail
            return Status.UNSCORED, reason, detail
    return None


def _unknown(study: IntradayStudy, found: Found, e: int) -> _Answer | None:
    """Say why ordinary days are not known well enough, if they are not."""
    if found.scores.n[e] < study.min_observations:
        detail = f"{found.scores.n[e]} valid sessions of the {study.min_observations} that scoring wants"
        return Status.UNSCORED, Reason.SHORT_HISTORY, detail
    if not np.isfinite(found.scores.p_value[e]):
        return Status.UNSCORED, Reason.DEGENERATE, "the returns of the estimation window do not vary"
    return None


def _numbers(found: Found | None, e: int, status: Status) -> dict[str, Any]:
    if found is None or found.row[e] < 0:
        return dict(UNMEASURED)
    made = {**numbers(found.scores, e, status), **reference(found.scores, e, status)}
    if made["p_method"] == POOLED:
        made["p_method"] = OWN_SLOTS
    return {**made, "n_estimation": int(found.scores.n[e])}


def _span(found: Found | None, e: int) -> dict[str, Any]:
    if found is None or found.row[e] < 0:
        return {"first_session": None, "last_session": None}
    last = int(found.located.session[e])
    first = last - 1 if found.located.start[e] == PREVIOUS else last
    days = found.taped.hours.sessions
    return {"first_session": days[first].item() if first >= 0 else None, "last_session": days[last].item()}


def struck(cut: Cut, e: int) -> dict[str, datetime | None]:
    """Return when the prices of an event's window were struck, and the first after publication to enter it at."""
    found, event = cut.found, cut.laid.events[e]
    if found is None or found.row[e] < 0 or not np.isfinite(found.panel.ret[found.row[e], found.located.session[e]]):
        return {"base_at": None, "entry_at": None, "exit_at": None}
    base_at, exit_at = (found.instant(e, int(part[e])) for part in (found.base, found.exit))
    entry_at = None
    if base_at > event.published_at:
        entry_at = base_at
    elif not cut.window.before_publication:
        entry_at = event.opens_at if event.published_at < event.opens_at else found.next_close(e, event.published_at)
    return {"base_at": base_at, "entry_at": entry_at, "exit_at": exit_at}


def _digest(cut: Cut, e: int, answer: tuple[str, str, str]) -> str:
    """Return the digest of everything that the numbers of an event depend on."""
    made = hashlib.blake2b(repr((cut.laid.study, str(cut.window), cut.laid.said, answer)).encode(), digest_size=10)
    found, study = cut.found, cut.laid.study
    if found is not None and found.row[e] >= 0:
        session = int(found.located.session[e])
        held = slice(max(session - study.gap - study.estimation, 0), session + 1)
        for values in (found.panel.ret, found.panel.benchmark):
            made.update(values[found.row[e], held].tobytes())
        made.update(found.stirs[found.row[e], session].tobytes())
    return made.hexdigest()


# --- what shares the window -----------------------------------------------------------------------------------------

_Near = Sequence[tuple[datetime, str, int]]


def _stories_near(db: Connection, moments: Sequence[Event]) -> _Near:
    """Return the intraday events of an instrument that carry a relevant story: (instant, event_id, stories)."""
    days = [e.day_zero for e in moments]
    around = min(days) - events.REACH, max(days) + events.REACH
    found = events.events_between(db, [moments[0].ticker], *around, intraday=True)
    return sorted((e.published_at, e.event_id, e.relevant_stories) for e in found if e.relevant_stories)


def _confounded(cut: Cut, e: int, instants: Mapping[str, datetime | None], near: _Near) -> dict[str, Any]:
    """List what shares a window, as for daily ones; see `signals.study.confounding`."""
    listed = list(_other_stories(cut.laid.events[e], instants, near))
    if cut.found is not None and cut.found.row[e] >= 0:
        listed += [*_ex_day(cut.laid, cut.found, e), *_market_wide(cut.laid, cut.found, cut.window, e)]
    confounded, confounders = summary(listed)
    return {"confounded": int(confounded), "confounders": confounders}


def _other_stories(event: Event, instants: Mapping[str, datetime | None], near: _Near) -> Iterator[Confounder]:
    if event.relevant_stories > 1:
        yield Confounder(f"{event.relevant_stories} stories at that instant", counts=True)
    base_at, exit_at = instants["base_at"], instants["exit_at"]
    if base_at is None or exit_at is None:
        return
    for _, key, stories in near[bisect_left(near, (base_at,)) : bisect_left(near, (exit_at,))]:
        if key != event.event_id:
            yield Confounder(f"{key} ({stories} {'story' if stories == 1 else 'stories'})", counts=True)


def _ex_day(laid: Laid, found: Found, e: int) -> Iterator[Confounder]:
    """Say what takes effect in the night that a window holds; its return accounts for it."""
    session, tape = int(found.located.session[e]), found.taped.tape
    if found.located.start[e] == PREVIOUS and np.isfinite(tape.dividend[session]):
        day = found.taped.hours.sessions[session]
        for what in action_words(float(tape.dividend[session]), float(tape.split[session]), laid.own.currency):
            yield Confounder(f"{what} {day} (in the return)", counts=False)


def _market_wide(laid: Laid, found: Found, window: IntradayWindow, e: int) -> Iterator[Confounder]:
    if found.taped.benchmark is None:
        return
    session = int(found.located.session[e])
    returns = found.taped.benchmark.series((int(found.located.start[e]), int(found.located.end[e])), window)
    usual = float(usual_days(returns)[session])
    if usual >= MARKET_WIDE:
        counts = not return_model(laid.model).needs_benchmark
        inside = "not taken out by the model" if counts else "expected by the model"
        moved = f"{laid.own.benchmark} {returns[session]:+.1%} in the window, {usual:.1f} usual ones"
        yield Confounder(f"market-wide: {moved} ({inside})", counts=counts)
