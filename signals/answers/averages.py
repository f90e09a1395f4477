"""Scored events -> what they have in common: the average move and whether it differs from zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from math import isfinite
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from signals.pipeline import Plan, RunContext
from signals.pipeline.derive.currency import depends_on
from signals.pipeline.derive.panels import Markets
from signals.store import Connection, events
from signals.study.leastsquares import Bools
from signals.study.models import Panel, abnormal, cut, fit_events, sums_for
from signals.study.portfolio import Aggregate, Sample, portfolios
from signals.types import (
    Average,
    AverageTest,
    Floats,
    Instrument,
    IntradayWindow,
    Ints,
    LinkRow,
    MarketKey,
    Status,
    Study,
    Times,
    Window,
)

if TYPE_CHECKING:
    from signals.pipeline.derive.intraday import AlignedIntraday, LocatedWindow

EventWindow = Window | IntradayWindow
EventKey = Callable[[LinkRow], object]

# What the links of one event have in common.
_DAILY: EventKey = attrgetter("ticker", "day_zero")
_INTRADAY: EventKey = attrgetter("ticker", "base_at", "exit_at")


def averages(db: Connection, plan: Plan, links: Iterable[LinkRow], now: datetime) -> list[Average]:
    """Return one average per group, study and window over the events behind links.

    The groups are all events, then the events of each news source and of each tag where there are several. An event
    counts once in a group, however many articles fall on it.
    """
    tickers = {i.ticker for i in plan.instruments}
    scored = [link for link in links if link.status == Status.SCORED and link.ticker in tickers]
    plan, run, by_study = narrowed(plan, scored), RunContext(0, now), _by(scored, "study")
    markets = Markets(db, plan, run, stored=True)
    rows: list[Average] = []
    for study in plan.studies:
        if of_study := by_study.get(study.name):
            ids, samples = _samples(markets, plan, study, of_study)
            rows += _averaged(study.name, study.windows, ids, samples, of_study, _DAILY)
    return rows + list(_intraday(db, plan, run, by_study))


def _intraday(
    db: Connection, plan: Plan, run: RunContext, by_study: Mapping[str, Sequence[LinkRow]]
) -> Iterator[Average]:
    """Yield the averages of intraday studies; events of an instrument between the same prices count once."""
    links = [link for study in plan.intraday for link in by_study.get(study.name, ())]
    if not links:
        return
    from signals.pipeline.derive import intraday  # start-up: it needs calendars

    shared = events.events_by_id(db, sorted({link.event_id for link in links}))
    parts: dict[tuple[str, IntradayWindow], list[tuple[list[str], Sample]]] = {}
    for aligned in intraday.align_intraday(db, plan, run, shared):
        for window in aligned.study.windows:
            located = intraday.locate_window(aligned, window)
            if located is not None:
                sample = _intraday_sample(aligned, located, intraday.SESSION)
                parts.setdefault((aligned.study.name, window), []).append(sample)
    for (study, window), samples in parts.items():
        ids = [event_id for part, _ in samples for event_id in part]
        joined = _joined([sample for _, sample in samples])
        yield from _averaged(study, [window], ids, [joined], by_study.get(study, ()), _INTRADAY)


def _averaged(
    study: str,
    windows: Sequence[EventWindow],
    ids: Sequence[str],
    samples: Sequence[Sample],
    links: Sequence[LinkRow],
    event: EventKey,
) -> Iterator[Average]:
    """Yield an average per window and group.

    `ids` are the events of the samples; of links with the same `event` one counts.
    """
    row_of = {event_id: row for row, event_id in enumerate(ids)}
    by_window = _by((link for link in links if link.event_id in row_of), "event_window")
    groups = [
        {group: list({event(link): link for link in members}.values()) for group, members in _groups(in_window)}
        for in_window in (by_window.get(str(window), ()) for window in windows)
    ]
    rows = [[np.array([row_of[link.event_id] for link in once]) for once in of_window.values()] for of_window in groups]
    for window, of_window, aggregates in zip(windows, groups, portfolios(samples, rows), strict=True):
        for (group, once), aggregate in zip(of_window.items(), aggregates, strict=True):
            ret = float(np.mean([link.ret for link in once if link.ret is not None]))
            yield _average(group, study, str(window), ret, aggregate)


def _intraday_sample(aligned: AlignedIntraday, located: LocatedWindow, session: Window) -> tuple[list[str], Sample]:
    """Return the events that have a place among the bars, and what was measured of them."""
    study, placed = aligned.study.measured_as(aligned.model.name), np.flatnonzero(located.row >= 0)
    row, column = located.row[placed], located.located.session[placed]
    no_days = np.zeros(located.panel.ret.shape, dtype=bool)
    sessions = located.prices.hours.sessions
    [sample] = _measured_again(located.panel, no_days, sessions, study, [session], row, column)
    return [aligned.events[e].event_id for e in placed.tolist()], sample


def narrowed(plan: Plan, links: Sequence[LinkRow]) -> Plan:
    """Leave out the instruments that no event needs."""
    tickers = {link.ticker for link in links}
    needed = tickers.union(*(others for ticker, others in depends_on(plan).items() if ticker in tickers))
    return replace(plan, instruments=tuple(i for i in plan.instruments if i.ticker in needed))


def _groups(links: Sequence[LinkRow]) -> Iterator[tuple[str, Sequence[LinkRow]]]:
    if links:
        yield "all", links
    for name in ("source", "tag"):
        parts = _by(links, name)
        if len(parts) > 1:
            yield from ((f"{name}={value}", parts[value]) for value in sorted(parts))


def _by(links: Iterable[LinkRow], name: str) -> dict[str, list[LinkRow]]:
    groups: dict[str, list[LinkRow]] = defaultdict(list)
    for link in links:
        groups[getattr(link, name)].append(link)
    return groups


def _samples(markets: Markets, plan: Plan, study: Study, links: Sequence[LinkRow]) -> tuple[list[str], list[Sample]]:
    """Measure the events of a study again; returns their ids, and a sample per window with what the tests need."""
    by_ticker = plan.by_ticker()
    by_market: dict[MarketKey, dict[str, tuple[Instrument, date]]] = {}
    for link in links:
        own = by_ticker[link.ticker]
        by_market.setdefault(own.market, {})[link.event_id] = own, link.day_zero
    parts = [_market_samples(markets, study, list(days.values())) for days in by_market.values()]
    ids = [event_id for days in by_market.values() for event_id in days]
    return ids, [_joined(part) for part in zip(*parts, strict=True)]


def _joined(parts: Sequence[Sample]) -> Sample:
    if len(parts) == 1:
        return parts[0]
    return Sample(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Sample)))


def _market_samples(markets: Markets, study: Study, days_of: Sequence[tuple[Instrument, date]]) -> list[Sample]:
    market = markets.of(days_of[0][0].market)
    instrument = np.array([market.rows[markets.choose(i, day)] for i, day in days_of], dtype=np.int64)
    days = np.array([day for _, day in days_of], dtype="datetime64[D]")
    day_zero = np.searchsorted(market.sessions, days).astype(np.int64)
    return _measured_again(market.panel, market.event_days, market.sessions, study, study.windows, instrument, day_zero)


def _measured_again(
    panel: Panel,
    event_days: Bools,
    sessions: Times,
    study: Study,
    windows: Sequence[Window],
    instrument: Ints,
    day_zero: Ints,
) -> list[Sample]:
    fitted = fit_events(sums_for(panel, study, event_days), study, instrument, day_zero)
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


def _average(group: str, study: str, window: str, ret: float, aggregate: Aggregate) -> Average:
    tests = (
        AverageTest(test.name, _number(test.statistic), _number(test.p_value), test.events, test.reason)
        for test in aggregate.tests.values()
    )
    return Average(
        group=group,
        study=study,
        event_window=window,
        events=aggregate.events,
        ret=ret,
        caar=_number(aggregate.caar),
        aar=tuple(map(_number, aggregate.aar)),
        counts=tuple(aggregate.counts),
        mean_correlation=_number(aggregate.mean_correlation),
        default=aggregate.default,
        tests=tuple(tests),
    )


def _number(value: float) -> float | None:
    return value if isfinite(value) else None
