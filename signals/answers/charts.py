"""Links -> what a chart of them needs: prices, and the path of every event around its day zero."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from math import isfinite, sqrt

import numpy as np

from signals.pipeline import Plan, RunContext
from signals.pipeline.derive.averages import narrowed
from signals.pipeline.derive.panels import Market, Markets
from signals.store import Connection, bars
from signals.study.corrections import corrected
from signals.study.models import abnormal, fit_events, sums_for
from signals.types import AveragePoint, Chart, Floats, Instrument, LinkRow, PricePoint, Status, Study

BEFORE, AFTER = 5, 5  # sessions on either side of day zero
LEAD = timedelta(days=400)  # of prices before the first link
NORMAL_95 = 1.96


def chart_of(db: Connection, plan: Plan, ticker: str, links: Sequence[LinkRow], now: datetime) -> Chart:
    """Return the prices behind a ticker's links and the abnormal returns around their events."""
    instrument = plan.by_ticker().get(ticker)
    offsets = list(range(-BEFORE, AFTER + 1))
    if instrument is None or not links:
        return Chart((), offsets, {}, {})
    markets = Markets(db, narrowed(plan, links), RunContext(0, now), stored=True)
    market = markets.of(instrument.market)
    paths = {}
    for study in plan.studies:
        own = [link for link in links if link.study == study.name and link.status == Status.SCORED]
        days = {link.event_id: link.day_zero for link in own}
        paths[study.name] = _paths(markets, market, instrument, study, days)
    return Chart(
        prices=_prices(db, markets, market, instrument, min(link.day_zero for link in links) - LEAD, now),
        offsets=offsets,
        paths={study: {event: _rounded(path) for event, path in of.items()} for study, of in paths.items()},
        average={study: _average(list(of.values())) for study, of in paths.items()},
    )


def _prices(
    db: Connection, markets: Markets, market: Market, instrument: Instrument, first: date, now: datetime
) -> list[PricePoint]:
    """Return the sessions of the series that the latest session is read from."""
    series = markets.choose(instrument, now.date())
    if series.source is None:
        return []
    row = market.rows[series]
    stored = bars.load_bars(db, instrument.ticker, series.source, "1d", first, now.date())
    stored = corrected(stored, instrument.corrections)
    closes = dict(zip(stored.start.astype("datetime64[D]").tolist(), stored.close.tolist(), strict=True))
    ret, benchmark = market.panel.ret[row], market.panel.benchmark[row]
    return [
        PricePoint(day, _number(closes[day]), _number(ret[column]), _number(benchmark[column]))
        for column, day in enumerate(market.sessions.tolist())
        if day in closes
    ]


def _paths(
    markets: Markets, market: Market, instrument: Instrument, study: Study, days: Mapping[str, date]
) -> dict[str, Floats]:
    """Return the abnormal returns from `BEFORE` sessions before day zero to `AFTER` after it, by event."""
    if not days:
        return {}
    row = np.array([market.rows[markets.choose(instrument, day)] for day in days.values()], dtype=np.int64)
    day_zero = np.searchsorted(market.sessions, np.array(list(days.values()), dtype="datetime64[D]")).astype(np.int64)
    fitted = fit_events(sums_for(market.panel, study, market.event_days), study, row, day_zero)
    design = market.panel.design(study)
    paths = abnormal(design.y, design.factors, fitted, row, day_zero - BEFORE, BEFORE + 1 + AFTER).path
    return dict(zip(days, paths, strict=True))


def cumulated(path: Floats) -> Floats:
    """Cumulate abnormal returns ``(..., K)`` from the last close before day zero, forwards and backwards."""
    forwards = np.cumsum(path[..., BEFORE:], axis=-1)
    backwards = -np.cumsum(path[..., BEFORE - 1 : 0 : -1], axis=-1)[..., ::-1]
    return np.concatenate([backwards, np.zeros((*path.shape[:-1], 1)), forwards], axis=-1)


def _average(paths: Sequence[Floats]) -> list[AveragePoint]:
    """Return the average path over the events that have an offset, for each offset."""
    if not paths:
        return []
    points = []
    for column in cumulated(np.array(paths)).T:
        finite = column[np.isfinite(column)]
        half = NORMAL_95 * float(np.std(finite, ddof=1)) / sqrt(len(finite)) if len(finite) > 1 else None
        points.append(AveragePoint(float(np.mean(finite)) if len(finite) else None, half, len(finite)))
    return points


def _rounded(path: Floats) -> list[float | None]:
    return [None if not isfinite(value) else round(value, 7) for value in path.tolist()]


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None
