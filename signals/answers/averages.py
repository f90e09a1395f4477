"""Scored events -> what they have in common: the average move and whether it differs from zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from math import isfinite
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from signals.pipeline import Plan, Stamped
from signals.pipeline.derive.currency import leant_on
from signals.pipeline.derive.panels import Key, Markets
from signals.store import Connection, events
from signals.study.leastsquares import Bools
from signals.study.models import Panel, abnormal, cut, fit_events, sums_for
from signals.study.portfolio import Aggregate, Sample, portfolios
from signals.types import Floats, Instrument, IntradayWindow, Ints, Study, Times, Window

if TYPE_CHECKING:
    from signals.pipeline.derive.intraday import Cut, Found

Row = Mapping[str, Any]

# What the links of one event have in common.
_DAILY, _BY_THE_CLOCK = itemgetter("ticker", "day_zero"), itemgetter("ticker", "base_at", "exit_at")


def aggregates(db: Connection, plan: Plan, links: Iterable[Row], now: datetime) -> list[dict[str, Any]]:
    """Return one row per group, study and window over the events behind rows of v_links.

    The groups are all events, then the events of each news source and of each tag where there are several. An event
    counts once in a group, however many articles fall on it.
    """
    known = {i.ticker for i in plan.instruments}
    scored = [link for link in links if link["status"] == "scored" and link["ticker"] in known]
    plan, run, by_study = narrowed(plan, scored), Stamped(0, now), _by("study", scored)
    markets = Markets(db, plan, run, stored=True)
    rows: list[dict[str, Any]] = []
    for study in plan.studies:
        if here := by_study.get(study.name):
            ids, samples = _samples(markets, plan, study, here)
            rows += _averaged(study.name, study.windows, ids, samples, here, _DAILY)
    return rows + list(_by_the_clock(db, plan, run, by_study))


def _by_the_clock(
    db: Connection, plan: Plan, run: Stamped, by_study: Mapping[str, Sequence[Row]]
) -> Iterator[dict[str, Any]]:
    """Yield the rows of intraday studies; events of an instrument that lie between the same prices count once."""
    links = [link for study in plan.intraday for link in by_study.get(study.name, ())]
    if not links:
        return
    from signals.pipeline.derive.intraday import lay, measure

    moments = events.event_rows(db, sorted({link["event_id"] for link in links}))
    parts: dict[tuple[str, IntradayWindow], list[tuple[list[str], Sample]]] = {}
    for laid in lay(db, plan, run, moments):
        for window in laid.study.windows:
            cut = measure(laid, window)
            if cut.found is not None:
                parts.setdefault((laid.study.name, window), []).append(_clocked_sample(cut, cut.found))
    for (study, window), found in parts.items():
        ids = [event_id for part, _ in found for event_id in part]
        sample = _joined([sample for _, sample in found])
        yield from _averaged(study, [window], ids, [sample], by_study.get(study, ()), _BY_THE_CLOCK)


def _averaged(
    study: str,
    windows: Sequence[Window | IntradayWindow],
    ids: Sequence[str],
    samples: Sequence[Sample],
    links: Sequence[Row],
    event: Callable[[Row], object],
) -> Iterator[dict[str, Any]]:
    """Yield a row per window and group. `ids` are the samples' events; of links with the same `event` one counts."""
    place = {event_id: row for row, event_id in enumerate(ids)}
    by_window = _by("event_window", (link for link in links if link["event_id"] in place))
    groups = [
        {group: list({event(link): link for link in members}.values()) for group, members in _groups(here)}
        for here in (by_window.get(str(window), ()) for window in windows)
    ]
    rows = [[np.array([place[link["event_id"]] for link in once]) for once in named.values()] for named in groups]
    for window, named, found in zip(windows, groups, portfolios(samples, rows), strict=True):
        for (group, once), average in zip(named.items(), found, strict=True):
            ret = float(np.mean([link["ret"] for link in once]))
            yield {"group": group, **_row(study, str(window), ret, average)}


def _clocked_sample(cut: Cut, found: Found) -> tuple[list[str], Sample]:
    """Return the events of a window by the clock that have a place, and what was measured of them."""
    from signals.pipeline.derive.intraday import SESSION

    study, there = cut.laid.study.measured_as(cut.laid.model), np.flatnonzero(found.row >= 0)
    row, column = found.row[there], found.located.session[there]
    no_days = np.zeros(found.panel.ret.shape, dtype=bool)
    sessions = found.taped.hours.sessions
    [sample] = _measured_again(found.panel, no_days, sessions, study, [SESSION], row, column)
    return [cut.laid.events[e].event_id for e in there.tolist()], sample


def narrowed(plan: Plan, links: Sequence[Row]) -> Plan:
    """Leave out the instruments that no event needs."""
    tickers = {link["ticker"] for link in links}
    needed = tickers.union(*(others for ticker, others in leant_on(plan).items() if ticker in tickers))
    return replace(plan, instruments=tuple(i for i in plan.instruments if i.ticker in needed))


def _groups(links: Sequence[Row]) -> Iterator[tuple[str, Sequence[Row]]]:
    if links:
        yield "all", links
    for name in ("source", "tag"):
        parts = _by(name, links)
        if len(parts) > 1:
            yield from ((f"{name}={value}", parts[value]) for value in sorted(parts))


def _by(name: str, links: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for link in links:
        found[link[name]].append(link)
    return found


def _samples(markets: Markets, plan: Plan, study: Study, links: Sequence[Row]) -> tuple[list[str], list[Sample]]:
    """Measure the events of a study again, and keep what the tests want of them: their ids, and a sample per window."""
    by_ticker = {i.ticker: i for i in plan.instruments}
    by_market: dict[Key, dict[str, tuple[Instrument, date]]] = {}
    for link in links:
        own = by_ticker[link["ticker"]]
        by_market.setdefault((own.mic, own.benchmark), {})[link["event_id"]] = own, link["day_zero"]
    parts = [_market_samples(markets, study, list(listed.values())) for listed in by_market.values()]
    ids = [event_id for listed in by_market.values() for event_id in listed]
    return ids, [_joined(part) for part in zip(*parts, strict=True)]


def _joined(parts: Sequence[Sample]) -> Sample:
    if len(parts) == 1:
        return parts[0]
    return Sample(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Sample)))


def _market_samples(markets: Markets, study: Study, events: Sequence[tuple[Instrument, date]]) -> list[Sample]:
    market = markets.of(events[0][0])
    instrument = np.array([market.rows[markets.choose(i, day)] for i, day in events], dtype=np.int64)
    days = np.array([day for _, day in events], dtype="datetime64[D]")
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
    residuals, dates = (
        _kept(before.path, event_days, study, instrument, start),
        _dates(sessions, start, study.estimation),
    )
    s, df = np.sqrt(fitted.s2), fitted.n - fitted.estimated
    samples = []
    for window in windows:
        first, length = day_zero + window.first, window.last - window.first + 1
        moved = abnormal(design.y, design.factors, fitted, instrument, first, length)
        samples.append(Sample(moved.path, _dates(sessions, first, length), residuals, dates, s, moved.kappa, df))
    return samples


def _kept(residuals: Floats, event_days: Any, study: Study, instrument: Ints, start: Ints) -> Floats:
    """Leave out the sessions that the estimation left out."""
    if not study.exclude_events:
        return residuals
    own = cut(event_days.astype(float), instrument, start, study.estimation) == 1
    kept: Floats = np.where(own, np.nan, residuals)
    return kept


def _dates(sessions: Any, first: Ints, length: int) -> Ints:
    """Return day numbers ``(E, K)``; before the first session of the clock they count down from it."""
    columns = first[:, None] + np.arange(length)
    days = sessions.astype("datetime64[D]").astype(np.int64)
    known: Ints = days[np.clip(columns, 0, len(days) - 1)] + np.minimum(columns, 0)
    return known


def _row(study: str, window: str, ret: float, found: Aggregate) -> dict[str, Any]:
    tests = [
        {
            "test": test.name,
            "statistic": _number(test.statistic),
            "p_value": _number(test.p_value),
            "events": test.events,
            "reason": test.reason,
        }
        for test in found.tests.values()
    ]
    return {
        "study": study,
        "event_window": window,
        "events": found.events,
        "ret": ret,
        "caar": _number(found.caar),
        "aar": [_number(value) for value in found.aar],
        "counts": list(found.counts),
        "mean_correlation": _number(found.mean_correlation),
        "default": found.default,
        "tests": tests,
    }


def _number(value: float) -> float | None:
    return value if isfinite(value) else None
