"""Two groups of events compared: tickers, sources, tags, or before and after a date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import isfinite

import numpy as np

from signals.answers.instrument_names import instrument_row
from signals.app import App
from signals.errors import UnknownNameError
from signals.pipeline import Plan
from signals.store import Connection, queries
from signals.store.queries import LinkFilters
from signals.study.contrast import Difference
from signals.study.contrast import contrast as difference_of
from signals.types import Contrast, ContrastTest, EventGroup, Floats, GroupMean, Ints, LinkRow, Status

MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "year": 12}  # in a period
EventKey = tuple[object, ...]


def contrast(
    app: App,
    first: EventGroup,
    second: EventGroup,
    study: str | None = None,
    window: str | None = None,
    period: str = "month",
) -> Contrast:
    """Compare two groups of events under one study and window, by default the first study and 0..0.

    The events of one calendar period are a cluster, whatever their instruments. Events of both groups are left out.

    Raises
    ------
    UnknownNameError
        The store has no such ticker, study or window, or a period has another name.
    """
    app.require_schema()
    if period not in MONTHS:
        raise UnknownNameError("period", period, f"Known periods: {', '.join(MONTHS)}.")
    study, window = _study_and_window(app, study, window)
    with app.store.read() as db:
        first, second = (_with_ticker(db, app.plan, group) for group in (first, second))
        a, b = (_events(db, group, study, window) for group in (first, second))
    both = a.keys() & b.keys()
    mine, others = ([link for key, link in events.items() if key not in both] for events in (a, b))
    # A date between the groups cuts the period that it lies in: events of its two sides share no session.
    apart = 0 if _overlap(first, second) else -1
    clusters = _clusters(mine, period, 0), _clusters(others, period, apart)
    car, standardised = (
        difference_of(_values(mine, name), _values(others, name), *clusters) for name in ("car", "t_stat")
    )
    return Contrast(
        study=study,
        event_window=window,
        period=period,
        first=_mean(first, mine),
        second=_mean(second, others),
        in_both=len(both),
        car=_test(car),
        standardised=_test(standardised),
    )


def group_of(names: Mapping[str, str | date]) -> EventGroup:
    """Return the group that a mapping of its fields describes; dates may be text."""
    days = {n: date.fromisoformat(v) for n, v in names.items() if n in ("since", "until") and isinstance(v, str)}
    return EventGroup(**{**names, **days})  # type: ignore[arg-type]  # another name is refused by the class


def _study_and_window(app: App, study: str | None, window: str | None) -> tuple[str, str]:
    """Return the names of a study and a window of it, by default the first study and the session of day zero."""
    with app.store.read() as db:
        plan = app.derived_by(db)
    windows = {s.name: [str(w) for w in s.windows] for s in plan.studies}
    windows |= {s.name: [str(w) for w in s.windows] for s in plan.intraday}
    study = study or next(iter(windows), "")
    if study not in windows:
        raise UnknownNameError("study", study, f"Known studies: {', '.join(windows)}.")
    default = "0..0" if "0..0" in windows[study] else windows[study][0]
    if (window or default) not in windows[study]:
        raise UnknownNameError("window", str(window), f"Windows of {study}: {', '.join(windows[study])}.")
    return study, window or default


def _with_ticker(db: Connection, plan: Plan, group: EventGroup) -> EventGroup:
    """Return a group with the ticker that its name of an instrument means."""
    return group if group.ticker is None else replace(group, ticker=instrument_row(db, plan, group.ticker).ticker)


def _events(db: Connection, group: EventGroup, study: str, window: str) -> dict[EventKey, LinkRow]:
    """Return one scored link per event of a group; intraday events between the same prices are one."""
    filters = LinkFilters(ticker=group.ticker, since=group.since, until=group.until, study=study, window=window)
    return {
        (link.ticker, link.day_zero if link.base_at is None else link.base_at, link.exit_at): link
        for link in sorted(queries.links(db, filters), key=lambda link: (link.day_zero, link.event_id))
        if link.status == Status.SCORED
        and None not in (link.car, link.t_stat)
        and group.source in (None, link.source)
        and group.tag in (None, link.tag)
    }


def _overlap(first: EventGroup, second: EventGroup) -> bool:
    """Return whether both groups may have events of one day."""
    ends = ((first.until, second.since), (second.until, first.since))
    return not any(until is not None and since is not None and until < since for until, since in ends)


def _clusters(links: Sequence[LinkRow], period: str, sign: int) -> Ints:
    """Return the number of the period of each event; with a sign of -1 those of another side of a date."""
    months = [12 * link.day_zero.year + link.day_zero.month - 1 for link in links]
    numbers = np.array(months, dtype=np.int64) // MONTHS[period]
    return -1 - numbers if sign else numbers


def _values(links: Sequence[LinkRow], name: str) -> Floats:
    return np.array([getattr(link, name) for link in links], dtype=float)


def _mean(group: EventGroup, links: Sequence[LinkRow]) -> GroupMean:
    ret, car = (float(np.mean(_values(links, name))) if links else None for name in ("ret", "car"))
    return GroupMean(group, len(links), ret, car)


def _test(test: Difference) -> ContrastTest:
    return ContrastTest(
        difference=_number(test.difference),
        low=_number(test.low),
        high=_number(test.high),
        statistic=_number(test.statistic),
        p_value=_number(test.p_value),
        detectable=_number(test.detectable),
        df=test.df,
        clusters=test.clusters,
        paired=test.paired,
        reason=test.reason,
    )


def _number(value: float) -> float | None:
    return value if isfinite(value) else None
