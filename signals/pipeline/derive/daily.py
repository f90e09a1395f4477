"""Events -> rows of the moves table: lay them on their market's clock, score, or say why not. Reads only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import numpy as np

from signals.pipeline import Plan, Stamped
from signals.pipeline.derive.assign import SETTLES
from signals.pipeline.derive.confounders import Around
from signals.pipeline.derive.currency import rate_between
from signals.pipeline.derive.halt_marks import across, marks
from signals.pipeline.derive.panels import Market, Markets, Series
from signals.store import Connection
from signals.study.score import Scores, score
from signals.types import Floats, Instrument, Ints, Reason, Status, Study, Times, Window

Event = Any  # a row of the events table


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """Events of one market laid on its clock: each event's series, row and column."""

    events: Sequence[Event]
    market: Market
    series: Sequence[Series]
    instrument: Ints
    day_zero: Ints

    @property
    def sessions(self) -> Times:
        """The sessions of the market's clock."""
        return self.market.sessions

    def columns(self, e: int, window: Window) -> tuple[int, int]:
        """Return the first and last column of a window of event `e`."""
        return int(self.day_zero[e]) + window.first, int(self.day_zero[e]) + window.last


def lay(markets: Markets, events: Sequence[Event], by_ticker: Mapping[str, Instrument]) -> Iterable[Laid]:
    """Yield events market by market. Those before the market's first bar are laid on column -1."""

    def market_of(event: Event) -> tuple[str, str]:
        return by_ticker[event.ticker].mic, by_ticker[event.ticker].benchmark or ""

    for _, group in groupby(sorted(events, key=lambda e: (market_of(e), e.event_id)), key=market_of):
        listed = list(group)
        market = markets.of(by_ticker[listed[0].ticker])
        series = [markets.choose(by_ticker[e.ticker], e.day_zero) for e in listed]
        instrument = np.array([market.rows[s] for s in series], dtype=np.int64)
        yield Laid(listed, market, series, instrument, columns_of(market.sessions, listed))


def columns_of(sessions: Times, events: Sequence[Event]) -> Ints:
    """Return the position of each event's day zero among sessions, or -1."""
    days = np.array([e.day_zero for e in events], dtype="datetime64[D]")
    column = np.searchsorted(sessions, days).astype(np.int64)
    known = column < len(sessions)
    known[known] = sessions[column[known]] == days[known]
    return np.where(known, column, -1)


def moves_of_events(
    db: Connection, markets: Markets, plan: Plan, run: Stamped, events: Sequence[Event]
) -> list[dict[str, Any]]:
    """Return one row per event, study and window: scored, or the reason why not."""
    by_ticker = {i.ticker: i for i in plan.instruments}
    rows: list[dict[str, Any]] = []
    for laid in lay(markets, events, by_ticker):
        around = Around(db, laid.market, laid.events)
        for study in plan.studies:
            sums, calibration = markets.calibrated(by_ticker[laid.events[0].ticker], study)
            for window in study.windows:
                scores = score(laid.market.panel, sums, study, window, laid.instrument, laid.day_zero, calibration)
                cut = _Cut(plan, laid, study, window, scores)
                rows += [_row(cut, e, by_ticker, around, run) for e in range(len(laid.events))]
    return rows


@dataclass(frozen=True, slots=True)
class _Cut:
    """The events of one market under one study and window."""

    plan: Plan
    laid: Laid
    study: Study
    window: Window
    scores: Scores


def _row(cut: _Cut, e: int, by_ticker: Mapping[str, Instrument], around: Around, run: Stamped) -> dict[str, Any]:
    event, series = cut.laid.events[e], cut.laid.series[e]
    own = by_ticker[event.ticker]
    status, reason, detail = _status(cut, e, own, by_ticker.get(own.benchmark or ""), run)
    first, last = cut.laid.columns(e, cut.window) if cut.laid.day_zero[e] >= 0 else (-1, -1)
    confounded, confounders = around.confounders(event, own, series, cut.study, first, last)
    marked = _marks(cut, e)
    told = _halted(cut, e, marked) if reason == Reason.NO_BARS else None
    if told is not None:
        reason, detail = Reason.HALTED, told.pop("detail")
    return {
        "event_id": event.event_id,
        "study": cut.study.name,
        "event_window": str(cut.window),
        "day_zero": event.day_zero,
        "status": status.value,
        "reason": reason,
        "reason_detail": detail,
        "benchmark": own.benchmark if cut.study.needs_benchmark else None,
        "price_source": series.source,
        "benchmark_source": series.benchmark_source,
        **numbers(cut.scores, e, status),
        **(told or {}),
        "session_marks": marked,
        **reference(cut.scores, e, status),
        "n_estimation": int(cut.scores.n[e]),
        **_span(cut, e),
        "confounded": int(confounded),
        "confounders": confounders,
        "digest": _digest(cut, e, status, reason, detail, told, marked),
        "run_id": run.run_id,
        "scored_at": run.now,
        **dict.fromkeys(("model", "base_at", "entry_at", "exit_at")),
    }


def _status(cut: _Cut, e: int, own: Instrument, benchmark: Instrument | None, run: Stamped) -> tuple[Status, str, str]:
    """Say whether an event is scored, and if not, why, with the numbers behind it."""
    event, market, study = cut.laid.events[e], cut.laid.market, cut.study
    first, last = cut.laid.columns(e, cut.window)
    needs_benchmark = study.needs_benchmark
    if needs_benchmark and benchmark is None:
        return Status.UNSCORED, Reason.NO_BENCHMARK, f"the study {study.name} needs one; {own.ticker} names none"
    if needs_benchmark and benchmark is not None and not _comparable(cut.plan, benchmark, own):
        pair = f"{own.ticker} is in {own.currency}, its benchmark {benchmark.ticker} in {benchmark.currency}"
        hint = f"name what one {benchmark.currency} costs as fx.{benchmark.currency}{own.currency}"
        return Status.UNSCORED, Reason.CURRENCY, f"{pair}; {hint}"
    if event.day_only and cut.window.last < 1:
        return Status.UNSCORED, Reason.DAY_ONLY, "the stamps name a day, no hour; the window does not reach offset 1"
    if cut.laid.day_zero[e] < 0:
        begins = str(market.sessions[0])
        early = f"the bars of this market begin on {begins}, after {event.day_zero}"
        none = f"the bars of this market show no session on {event.day_zero}"
        return Status.UNSCORED, Reason.NO_BARS, early if str(event.day_zero) < begins else none
    if last >= len(market.sessions) or utc(market.closes[last]) > run.now:
        until = str(market.sessions[last]) if last < len(market.sessions) else "a session not yet known"
        return Status.PENDING, Reason.WINDOW_OPEN, f"until {until} has closed"
    for fine, returns, reason, ticker in (
        (cut.scores.has_bars[e], cut.laid.market.panel.ret, Reason.NO_BARS, own.ticker),
        (cut.scores.has_benchmark[e] or not needs_benchmark, cut.laid.market.panel.benchmark, Reason.BENCHMARK_BARS,
         own.benchmark),
    ):  # fmt: skip
        if not fine and run.now - utc(market.closes[last]) <= SETTLES:
            return Status.PENDING, Reason.AWAITING_BARS, f"{ticker} has no bars yet up to {market.sessions[last]}"
        if not fine:
            missing = _missing_days(returns[cut.laid.instrument[e]], market, first, last)
            return Status.UNSCORED, reason, f"{ticker} has no return on {missing}"
    if not np.isfinite(cut.scores.car[e]) and cut.scores.n[e] >= study.min_observations and study.factors:
        return Status.UNSCORED, Reason.FACTOR_BARS, f"{', '.join(study.factors)} lack returns in the window"
    if cut.scores.n[e] < study.min_observations:
        detail = f"{cut.scores.n[e]} valid sessions of the {study.min_observations} that scoring wants"
        return Status.UNSCORED, Reason.SHORT_HISTORY, detail
    if not np.isfinite(cut.scores.p_value[e]):
        return Status.UNSCORED, Reason.DEGENERATE, "the returns of the estimation window do not vary"
    return Status.SCORED, "", ""


def _comparable(plan: Plan, benchmark: Instrument, own: Instrument) -> bool:
    return benchmark.currency == own.currency or rate_between(plan, benchmark.currency, own.currency) is not None


def _marks(cut: _Cut, e: int) -> str:
    halts = cut.laid.market.halts.get(int(cut.laid.instrument[e])) if cut.laid.day_zero[e] >= 0 else None
    return marks(halts, cut.laid.sessions, *cut.laid.columns(e, cut.window))


def _halted(cut: _Cut, e: int, marked: str) -> dict[str, Any] | None:
    """Return what an event without a score moved across a halt, or None if it is no halt that its window holds."""
    row = int(cut.laid.instrument[e])
    halts = cut.laid.market.halts.get(row)
    if halts is None or not marked.startswith(("halted", "no volume", "resumed")):
        return None
    panel = cut.laid.market.panel
    moved = across(halts, panel.ret[row], panel.benchmark[row], *cut.laid.columns(e, cut.window))
    if moved is None:
        return {"detail": f"{marked}: the window begins or ends without a close to measure from or to"}
    ret, benchmark_ret = (value if np.isfinite(value) else None for value in moved)
    return {
        "ret": ret,
        "benchmark_ret": benchmark_ret,
        "detail": f"{marked}: measured and not scored, no ordinary window is like it",
    }


def _missing_days(returns: Floats, market: Market, first: int, last: int) -> str:
    there = np.isfinite(returns[max(first, 0) : last + 1])
    missing = [
        c for c in range(max(first, 0), last + 1) if c - max(first, 0) >= len(there) or not there[c - max(first, 0)]
    ]
    return ", ".join(str(market.sessions[c]) for c in missing[:3]) + (" ..." if len(missing) > 3 else "")


def utc(instant: np.datetime64) -> datetime:
    """Return an instant of numpy's as an aware datetime."""
    return datetime.fromisoformat(f"{instant}+00:00")


_FACTS = ("ret", "ret_gap", "ret_session", "benchmark_ret")
_INFERRED = (
    "car", "bhar", "kappa", "t_stat", "z", "p_value", "p_rank", "minimum_detectable", "noise", "alpha", "beta",
)  # fmt: skip


UNMEASURED = dict.fromkeys(
    (*_FACTS, *_INFERRED, "sigma", "residual_sigma", "p_method", "n_reference", "reference_id", "n_estimation")
)  # the numbers of an event that has none


def numbers(scores: Scores, e: int, status: Status) -> dict[str, float | None]:
    """Return the numbers of one event; what was not measured, or not soundly, is None."""
    found: dict[str, float | None] = {}
    for name in (*_FACTS, *_INFERRED):
        value = float(getattr(scores, name)[e])
        sound = name in _FACTS if status is not Status.SCORED else True
        found[name] = value if sound and np.isfinite(value) else None
    scored = status is Status.SCORED
    found["sigma"] = float(scores.volatility[e]) if scored else None
    found["residual_sigma"] = float(scores.sigma[e]) if scored else None
    return found


def reference(scores: Scores, e: int, status: Status) -> dict[str, Any]:
    """Return what the p-value of one event was made with."""
    if status is not Status.SCORED:
        return {"p_method": None, "n_reference": None, "reference_id": None}
    return {
        "p_method": str(scores.p_method[e]),
        "n_reference": int(scores.n_reference[e]),
        "reference_id": str(scores.reference_id[e]),
    }


def _span(cut: _Cut, e: int) -> dict[str, date | None]:
    sessions = cut.laid.sessions
    first, last = cut.laid.columns(e, cut.window)
    return {
        "first_session": sessions[first].item() if 0 <= first < len(sessions) else None,
        "last_session": sessions[last].item() if 0 <= last < len(sessions) else None,
    }


def _digest(cut: _Cut, e: int, status: Status, *told: object) -> str:
    """Return the digest of everything that the numbers of an event depend on."""
    panel, row, day_zero = cut.laid.market.panel, cut.laid.instrument[e], int(cut.laid.day_zero[e])
    start, stop = max(day_zero - cut.study.gap - cut.study.estimation, 0), day_zero + cut.window.last + 1
    made = hashlib.blake2b(digest_size=10)
    made.update(repr((cut.study, str(cut.window), status.value, *told)).encode())
    for values in (panel.ret, panel.benchmark, *(panel.factors[name] for name in cut.study.factors)):
        made.update(values[row, start:stop].tobytes())
    for values in (panel.gap, panel.session):
        made.update(values[row, max(day_zero, 0) : day_zero + 1].tobytes())
    return made.hexdigest()
