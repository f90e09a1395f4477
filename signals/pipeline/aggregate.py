"""Scored events -> what they have in common: the average move and whether it differs from zero."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from math import isfinite
from typing import Any

import numpy as np

from signals.pipeline import Plan, Stamped
from signals.pipeline.currency import leant_on
from signals.pipeline.intraday import SESSION, Cut, Found, lay, measure
from signals.pipeline.markets import Market, Markets
from signals.store import Connection, events
from signals.study.leastsquares import Bools
from signals.study.models import Panel, abnormal, cut, fit_events, sums_for
from signals.study.portfolio import Aggregate, Sample, portfolio
from signals.types import Floats, Instrument, Ints, Study, Times, Window

Row = Mapping[str, Any]


def aggregates(db: Connection, plan: Plan, links: Iterable[Row], now: datetime) -> list[dict[str, Any]]:
    """Return one row per group, study and window over the events behind rows of v_links.

    The groups are all events, then the events of each news source and of each tag where there are several. An event
    counts once in a group, however many articles fall on it.
    """
    scored = [link for link in links if link["status"] == "scored"]
    markets = Markets(db, narrowed(plan, scored), Stamped(0, now), stored=True)
    rows = []
    for study in plan.studies:
        for window in study.windows:
            here = [r for r in scored if (r["study"], r["event_window"]) == (study.name, str(window))]
            for group, members in _groups(here):
                events = {(link["ticker"], link["day_zero"]): link for link in members}
                sample = _sample(markets, plan, study, window, list(events))
                ret = float(np.mean([link["ret"] for link in events.values()]))
                rows.append({"group": group, **_row(study.name, str(window), ret, portfolio(sample))})
    return rows + list(_by_the_clock(db, narrowed(plan, scored), Stamped(0, now), scored))


def _by_the_clock(db: Connection, plan: Plan, run: Stamped, scored: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Yield the rows of intraday studies; events of an instrument that lie between the same prices count once."""
    names = {study.name for study in plan.intraday}
    moments = events.event_rows(db, sorted({link["event_id"] for link in scored if link["study"] in names}))
    parts: dict[tuple[str, str], list[tuple[list[str], Sample]]] = {}
    for laid in lay(db, plan, run, moments):
        for window in laid.study.windows:
            cut = measure(laid, window)
            if cut.found is not None:
                parts.setdefault((laid.study.name, str(window)), []).append(_clocked_sample(cut, cut.found))
    for (study, text), found in parts.items():
        place = {key: n for n, key in enumerate(key for ids, _ in found for key in ids)}
        whole = _joined([sample for _, sample in found])
        here = [r for r in scored if (r["study"], r["event_window"]) == (study, text) and r["event_id"] in place]
        for group, members in _groups(here):
            once = {(link["ticker"], link["base_at"], link["exit_at"]): link for link in members}
            chosen = np.array([place[link["event_id"]] for link in once.values()])
            ret = float(np.mean([link["ret"] for link in once.values()]))
            sample = Sample(*(getattr(whole, f.name)[chosen] for f in fields(Sample)))
            yield {"group": group, **_row(study, text, ret, portfolio(sample))}


def _clocked_sample(cut: Cut, found: Found) -> tuple[list[str], Sample]:
    """Return the events of a window by the clock that have a place, and what was measured of them."""
    study, there = cut.laid.study.measured_as(cut.laid.model), np.flatnonzero(found.row >= 0)
    row, column = found.row[there], found.located.session[there]
    no_days = np.zeros(found.panel.ret.shape, dtype=bool)
    sample = _measured_again(found.panel, no_days, found.taped.hours.sessions, study, SESSION, row, column)
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
        values = sorted({link[name] for link in links})
        if len(values) > 1:
            yield from ((f"{name}={value}", [link for link in links if link[name] == value]) for value in values)


def _sample(markets: Markets, plan: Plan, study: Study, window: Window, events: Sequence[tuple[str, Any]]) -> Sample:
    """Measure events again and keep what the tests want of them."""
    by_ticker = {i.ticker: i for i in plan.instruments}
    parts: list[Sample] = []
    for key in sorted({(i.mic, i.benchmark or "") for t, _ in events if (i := by_ticker.get(t)) is not None}):
        theirs = [(by_ticker[t], day) for t, day in events if t in by_ticker]
        theirs = [(i, day) for i, day in theirs if (i.mic, i.benchmark or "") == key]
        parts.append(_market_sample(markets, markets.of(theirs[0][0]), study, window, theirs))
    return _joined(parts)


def _joined(parts: Sequence[Sample]) -> Sample:
    return Sample(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Sample)))


def _market_sample(
    markets: Markets, market: Market, study: Study, window: Window, events: Sequence[tuple[Instrument, Any]]
) -> Sample:
    sessions = market.sessions
    instrument = np.array([market.rows[markets.choose(i, day)] for i, day in events], dtype=np.int64)
    day_zero = np.searchsorted(sessions, np.array([day for _, day in events], dtype="datetime64[D]")).astype(np.int64)
    return _measured_again(market.panel, market.event_days, sessions, study, window, instrument, day_zero)


def _measured_again(
    panel: Panel, event_days: Bools, sessions: Times, study: Study, window: Window, instrument: Ints, day_zero: Ints
) -> Sample:
    fitted = fit_events(sums_for(panel, study, event_days), study, instrument, day_zero)
    design = panel.design(study)
    first, length = day_zero + window.first, window.last - window.first + 1
    moved = abnormal(design.y, design.factors, fitted, instrument, first, length)
    start = day_zero - study.gap - study.estimation
    before = abnormal(design.y, design.factors, fitted, instrument, start, study.estimation)
    residuals = _kept(before.path, event_days, study, instrument, start)
    df = fitted.n - fitted.estimated
    return Sample(
        moved.path,
        _dates(sessions, first, length),
        residuals,
        _dates(sessions, start, study.estimation),
        np.sqrt(fitted.s2),
        moved.kappa,
        df,
    )


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
