"""What shares the window of an event: other stories on the instrument, its ex-days, market-wide days."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from signals.pipeline.derive.panels import Market, Series
from signals.store import Connection, bars, events
from signals.study.confounding import MARKET_WIDE, Confounder, summary, usual_days
from signals.types import Floats, Instrument, Study, Times

Event = Any  # a row of the events table


class Around:
    """What happened around some events of one market, read once for all of their studies and windows."""

    def __init__(self, db: Connection, market: Market, found: Sequence[Event]) -> None:
        self._market = market
        days = [e.day_zero for e in found]
        tickers = sorted({e.ticker for e in found})
        first, last = min(days) - events.REACH, max(days) + events.REACH
        self._stories = _stories(events.events_between(db, tickers, first, last), market.sessions)
        self._actions = bars.actions_between(db, tickers, first - timedelta(days=10), last)
        self._usual: dict[int, Floats] = {}

    def confounders(
        self, event: Event, own: Instrument, series: Series, study: Study, first: int, last: int
    ) -> tuple[bool, str]:
        """Return whether a window, given by its first and last column, is confounded, and by what."""
        return summary(
            [
                *self._other_stories(event, first, last),
                *self._ex_days(own, series, first, last),
                *self._market_wide(own, series, study, first, last),
            ]
        )

    def _other_stories(self, event: Event, first: int, last: int) -> Iterator[Confounder]:
        if event.relevant_stories > 1:
            yield Confounder(f"{event.relevant_stories} stories on day zero", counts=True)
        near = self._stories.get(event.ticker, ())
        for _, key, stories in near[bisect_left(near, (first,)) : bisect_left(near, (last + 1,))]:
            if key != event.event_id:
                yield Confounder(f"{key} ({stories} {'story' if stories == 1 else 'stories'})", counts=True)

    def _ex_days(self, own: Instrument, series: Series, first: int, last: int) -> Iterator[Confounder]:
        """Say which dividends and splits take effect inside the window; see `signals.study.confounding`."""
        theirs = self._actions.get(own.ticker, ())
        accounted = [a for a in theirs if a.source == series.source]
        for action in accounted or _once(theirs):
            day = np.datetime64(action.ex_date)
            if (self._market.sessions[:1] <= day).all() and first <= np.searchsorted(
                self._market.sessions, day
            ) <= last:
                inside = "in the return" if accounted else f"known from {action.source}, not in the return"
                for what in action_words(action.dividend, action.split, own.currency):
                    yield Confounder(f"{what} {action.ex_date} ({inside})", counts=not accounted)

    def _market_wide(
        self, own: Instrument, series: Series, study: Study, first: int, last: int
    ) -> Iterator[Confounder]:
        row = self._market.rows[series]
        if row not in self._usual:
            self._usual[row] = usual_days(self._market.panel.benchmark[row])
        usual = self._usual[row]
        for column in range(max(first, 0), min(last + 1, len(usual))):
            if usual[column] >= MARKET_WIDE:
                ret, day = self._market.panel.benchmark[row, column], self._market.sessions[column]
                inside = "expected by the model" if study.needs_benchmark else "not taken out by the model"
                text = f"market-wide day {day}: {own.benchmark} {ret:+.1%}, {usual[column]:.1f} usual days ({inside})"
                yield Confounder(text, counts=not study.needs_benchmark)


def _stories(found: Iterable[Event], sessions: Times) -> Mapping[str, Sequence[tuple[int, str, int]]]:
    """Return, per instrument, its events that carry a relevant story: (column, event_id, stories)."""
    near: defaultdict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for e in found:
        if e.relevant_stories:
            column = int(np.searchsorted(sessions, np.datetime64(e.day_zero)))
            near[e.ticker].append((column, e.event_id, e.relevant_stories))
    return near


def _once(theirs: Sequence[Any]) -> Sequence[Any]:
    """Keep one of the actions that several sources give for one day."""
    first: dict[date, Any] = {}
    for action in theirs:
        first.setdefault(action.ex_date, action)
    return list(first.values())


def action_words(dividend: float, split: float, currency: str) -> Iterator[str]:
    """Write a dividend per new share, and new shares per old one, as people read them."""
    if dividend:
        yield f"ex-dividend {dividend:g} {currency}"
    if split != 1:
        yield f"split {split:g} for 1" if split > 1 else f"split 1 for {1 / split:g}"
