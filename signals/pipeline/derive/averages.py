"""Scored events -> what they have in common: the average move and whether it differs from zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import isfinite
from operator import attrgetter

import numpy as np

from signals.pipeline import Plan, Progress, RunContext
from signals.pipeline.derive.currency import depends_on
from signals.pipeline.derive.event_samples import daily_samples, intraday_samples
from signals.pipeline.derive.panels import Markets
from signals.store import Connection
from signals.store import averages as stored
from signals.store.isolation import Failed, isolated
from signals.study.portfolio import Aggregate, Sample, portfolios
from signals.types import (
    Average,
    AverageTest,
    IntradayWindow,
    LinkRow,
    ScoredLink,
    Status,
    Window,
)

GroupedLink = LinkRow | ScoredLink
EventWindow = Window | IntradayWindow
EventKey = Callable[[GroupedLink], object]

# What the links of one event have in common.
_DAILY: EventKey = attrgetter("ticker", "day_zero")
_INTRADAY: EventKey = attrgetter("ticker", "base_at", "exit_at")


def save_averages(
    db: Connection, markets: Markets, plan: Plan, run: RunContext, tickers: Iterable[str], progress: Progress
) -> list[Failed[str]]:
    """Write the averages of instruments anew, market by market: each one's are computed by themselves.

    Returns the instruments that raise; they have no averages then.
    """

    def save(one: Sequence[str]) -> None:
        for ticker in one:
            links = stored.scored_links(db, ticker)
            stored.save_averages(db, ticker, averages(db, markets, plan, run, links))

    failed = list[Failed[str]]()
    by_ticker = plan.by_ticker()
    chosen = sorted((t for t in tickers if t in by_ticker), key=lambda t: (by_ticker[t].market.sort_key, t))
    for done, ticker in enumerate(chosen):
        progress("averaging", done, len(chosen))
        failed += isolated(db, [ticker], save).failed
    for bad in failed:
        stored.save_averages(db, bad.item, [])
    return failed


def averages(
    db: Connection, markets: Markets, plan: Plan, run: RunContext, links: Iterable[GroupedLink]
) -> list[Average]:
    """Return one average per group, study and window over the events behind links.

    The groups are all events, then the events of each news source and of each tag where there are several. An event
    counts once in a group, however many articles fall on it. The order of the links does not matter.
    """
    by_ticker = plan.by_ticker()
    scored = [link for link in links if link.status == Status.SCORED and link.ticker in by_ticker]
    by_study = _by(sorted(scored, key=attrgetter("event_id")), "study")
    rows: list[Average] = []
    for study in plan.studies:
        if of_study := by_study.get(study.name):
            days = {link.event_id: (by_ticker[link.ticker], link.day_zero) for link in of_study}
            ids, samples = daily_samples(markets, study, days)
            rows += _averaged(study.name, study.windows, ids, samples, of_study, _DAILY)
    if ids := sorted({link.event_id for study in plan.intraday for link in by_study.get(study.name, ())}):
        for name, window, placed, sample in intraday_samples(db, plan, run, ids):
            rows += _averaged(name, [window], placed, [sample], by_study.get(name, ()), _INTRADAY)
    return rows


def _averaged(
    study: str,
    windows: Sequence[EventWindow],
    ids: Sequence[str],
    samples: Sequence[Sample],
    links: Sequence[GroupedLink],
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


def narrowed(plan: Plan, links: Sequence[GroupedLink]) -> Plan:
    """Leave out the instruments that no event needs."""
    tickers = {link.ticker for link in links}
    needed = tickers.union(*(others for ticker, others in depends_on(plan).items() if ticker in tickers))
    return replace(plan, instruments=tuple(i for i in plan.instruments if i.ticker in needed))


def _groups(links: Sequence[GroupedLink]) -> Iterator[tuple[str, Sequence[GroupedLink]]]:
    if links:
        yield "all", links
    for name in ("source", "tag"):
        parts = _by(links, name)
        if len(parts) > 1:
            yield from ((f"{name}={value}", parts[value]) for value in sorted(parts))


def _by(links: Iterable[GroupedLink], name: str) -> dict[str, list[GroupedLink]]:
    groups: dict[str, list[GroupedLink]] = defaultdict(list)
    for link in links:
        groups[getattr(link, name)].append(link)
    return groups


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
