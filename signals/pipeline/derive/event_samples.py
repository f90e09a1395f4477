"""Scored events -> what tests of their average need: their abnormal returns, and those of their estimation windows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from signals.pipeline import Plan, RunContext
from signals.pipeline.derive.panels import Markets
from signals.store import Connection, events
from signals.study.leastsquares import Bools, Sums
from signals.study.models import Panel, abnormal, cut, fit_events, sums_for
from signals.study.portfolio import Sample
from signals.types import Floats, Instrument, IntradayWindow, Ints, MarketKey, Study, Times, Window

if TYPE_CHECKING:
    from signals.pipeline.derive.intraday import AlignedIntraday, PlacedWindow


def daily_samples(
    markets: Markets, study: Study, days: Mapping[str, tuple[Instrument, date]]
) -> tuple[list[str], list[Sample]]:
    """Measure events again, each an instrument and a day zero; returns their ids, and a sample per window."""
    by_market: dict[MarketKey, dict[str, tuple[Instrument, date]]] = {}
    for event_id, (own, day) in days.items():
        by_market.setdefault(own.market, {})[event_id] = own, day
    parts = [_market_samples(markets, study, list(of_market.values())) for of_market in by_market.values()]
    ids = [event_id for of_market in by_market.values() for event_id in of_market]
    return ids, [_joined(part) for part in zip(*parts, strict=True)]


def intraday_samples(
    db: Connection, plan: Plan, run: RunContext, ids: Sequence[str]
) -> Iterator[tuple[str, IntradayWindow, list[str], Sample]]:
    """Yield, per study and window by the clock, the events that have a place among the bars, and their sample."""
    from signals.pipeline.derive import intraday  # start-up: it needs calendars

    parts: dict[tuple[str, IntradayWindow], list[tuple[list[str], Sample]]] = {}
    for aligned in intraday.align_intraday(db, plan, run, events.events_by_id(db, ids)):
        for window in aligned.study.windows:
            placed = intraday.place_window(aligned, window)
            if placed is not None:
                sample = _intraday_sample(aligned, placed, intraday.SESSION)
                parts.setdefault((aligned.study.name, window), []).append(sample)
    for (study, window), samples in parts.items():
        placed_ids = [event_id for part, _ in samples for event_id in part]
        yield study, window, placed_ids, _joined([sample for _, sample in samples])


def _joined(parts: Sequence[Sample]) -> Sample:
    if len(parts) == 1:
        return parts[0]
    return Sample(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Sample)))


def _intraday_sample(aligned: AlignedIntraday, placed: PlacedWindow, session: Window) -> tuple[list[str], Sample]:
    """Return the events that have a place among the bars, and what was measured of them."""
    study, inside = aligned.study.measured_as(aligned.model.name), np.flatnonzero(placed.row >= 0)
    row, column = placed.row[inside], placed.located.session[inside]
    no_days = np.zeros(placed.panel.ret.shape, dtype=bool)
    sums, sessions = sums_for(placed.panel, study), placed.prices.hours.sessions
    [sample] = _measured_again(placed.panel, sums, no_days, sessions, study, [session], row, column)
    return [aligned.events[e].event_id for e in inside.tolist()], sample


def _market_samples(markets: Markets, study: Study, days_of: Sequence[tuple[Instrument, date]]) -> list[Sample]:
    key = days_of[0][0].market
    market, sums = markets.of(key), markets.sums(key, study)
    instrument = np.array([market.rows[markets.choose(i, day)] for i, day in days_of], dtype=np.int64)
    days = np.array([day for _, day in days_of], dtype="datetime64[D]")
    day_zero = np.searchsorted(market.sessions, days).astype(np.int64)
    at = (instrument, day_zero)
    return _measured_again(market.panel, sums, market.event_days, market.sessions, study, study.windows, *at)


def _measured_again(
    panel: Panel,
    sums: Sums,
    event_days: Bools,
    sessions: Times,
    study: Study,
    windows: Sequence[Window],
    instrument: Ints,
    day_zero: Ints,
) -> list[Sample]:
    fitted = fit_events(sums, study, instrument, day_zero)
    design = panel.design(study)
    start = day_zero - study.gap - study.estimation
    before = abnormal(design.y, design.factors, fitted, instrument, start, study.estimation)
    residuals = _estimated_from(before.path, event_days, study, instrument, start)
    dates = _dates(sessions, start, study.estimation)
    s, df = np.sqrt(fitted.s2), fitted.n - fitted.estimated
    samples = []
    for window in windows:
        first, length = day_zero + window.first, window.last - window.first + 1
        moved = abnormal(design.y, design.factors, fitted, instrument, first, length)
        samples.append(Sample(moved.path, _dates(sessions, first, length), residuals, dates, s, moved.kappa, df))
    return samples


def _estimated_from(residuals: Floats, event_days: Bools, study: Study, instrument: Ints, start: Ints) -> Floats:
    """Return residuals ``(E, L)`` with NaN on the sessions that the estimation left out."""
    if not study.exclude_events:
        return residuals
    own = cut(event_days.astype(float), instrument, start, study.estimation) == 1
    estimated: Floats = np.where(own, np.nan, residuals)
    return estimated


def _dates(sessions: Times, first: Ints, length: int) -> Ints:
    """Return day numbers ``(E, K)``; before the first session of the clock they count down from it."""
    columns = first[:, None] + np.arange(length)
    days = sessions.astype("datetime64[D]").astype(np.int64)
    numbers: Ints = days[np.clip(columns, 0, len(days) - 1)] + np.minimum(columns, 0)
    return numbers
