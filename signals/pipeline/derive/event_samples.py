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
from signals.study.models import sums_for
from signals.study.portfolio import Sample
from signals.study.samples import samples
from signals.types import Instrument, IntradayWindow, MarketKey, Study, Window

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
    for (study, window), of_window in parts.items():
        placed_ids = [event_id for part, _ in of_window for event_id in part]
        yield study, window, placed_ids, _joined([sample for _, sample in of_window])


def _joined(parts: Sequence[Sample]) -> Sample:
    if len(parts) == 1:
        return parts[0]
    return Sample(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Sample)))


def _intraday_sample(aligned: AlignedIntraday, placed: PlacedWindow, session: Window) -> tuple[list[str], Sample]:
    """Return the events that have a place among the bars, and what was measured of them."""
    study, inside = aligned.study.measured_as(aligned.model.name), np.flatnonzero(placed.row >= 0)
    row, column = placed.row[inside], placed.located.session[inside]
    sums, sessions = sums_for(placed.panel, study), placed.prices.hours.sessions
    [sample] = samples(placed.panel, sums, sessions, study, [session], row, column)
    return [aligned.events[e].event_id for e in inside.tolist()], sample


def _market_samples(markets: Markets, study: Study, days_of: Sequence[tuple[Instrument, date]]) -> list[Sample]:
    key = days_of[0][0].market
    market, sums = markets.of(key), markets.sums(key, study)
    instrument = np.array([market.rows[markets.choose(i, day)] for i, day in days_of], dtype=np.int64)
    days = np.array([day for _, day in days_of], dtype="datetime64[D]")
    day_zero = np.searchsorted(market.sessions, days).astype(np.int64)
    at = (instrument, day_zero)
    return samples(market.panel, sums, market.sessions, study, study.windows, *at, market.event_days)
