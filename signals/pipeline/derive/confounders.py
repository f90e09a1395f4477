"""What shares the window of an event: other stories on the instrument, its ex-days, market-wide days.

`signals.study.confounding` says what of it confounds. The wording is here, once for windows of whole sessions and for
windows by the clock.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

import numpy as np

from signals.pipeline.derive.panels import Market, Series
from signals.store import Connection, bars, events
from signals.store.bars import Action
from signals.study.confounding import MARKET_WIDE, Confounder, usual_days
from signals.types import Event, Floats, Instrument, ReturnModel, Times

Position = TypeVar("Position", int, datetime)  # a column among sessions, or an instant
Neighbours = Sequence[tuple[Position, str, int]]  # position, event_id, relevant stories; in the order of positions


def stories_sharing(
    event: Event, where: str, neighbours: Neighbours[Position], first: Position | None, after: Position | None
) -> Iterator[Confounder]:
    """Yield the other stories on an instrument: on the event itself, and on events from `first` on and before `after`.

    `where` says where the stories of the event itself lie. Without bounds there is no window to share.
    """
    if event.relevant_stories > 1:
        yield Confounder(f"{event.relevant_stories} stories {where}", counts=True)
    if first is None or after is None:
        return
    for _, key, stories in neighbours[bisect_left(neighbours, (first,)) : bisect_left(neighbours, (after,))]:
        if key != event.event_id:
            yield Confounder(f"{key} ({stories} {'story' if stories == 1 else 'stories'})", counts=True)


def actions_in_words(dividend: float, split: float, currency: str) -> Iterator[str]:
    """Write a dividend per new share, and new shares per old one, as people read them."""
    if dividend:
        yield f"ex-dividend {dividend:g} {currency}"
    if split != 1:
        yield f"split {split:g} for 1" if split > 1 else f"split 1 for {1 / split:g}"


def market_wide(text: str, model: ReturnModel) -> Confounder:
    """Return a market-wide move, which confounds where the model does not take it out."""
    inside = "expected by the model" if model.needs_benchmark else "not taken out by the model"
    return Confounder(f"{text} ({inside})", counts=not model.needs_benchmark)


# --- windows of whole sessions ----------------------------------------------------------------------------------------


class WindowColumns(NamedTuple):
    """The first and last column of a window among the sessions of a market."""

    first: int
    last: int


class ConfounderIndex:
    """What happened around some events of one market, read once for all of their studies and windows."""

    def __init__(self, db: Connection, market: Market, shared: Sequence[Event]) -> None:
        self._market = market
        days = [e.day_zero for e in shared]
        tickers = sorted({e.ticker for e in shared})
        first, last = min(days) - events.REACH, max(days) + events.REACH
        self._stories = _by_ticker(events.events_between(db, tickers, first, last), market.sessions)
        self._actions = bars.actions_between(db, tickers, first - timedelta(days=10), last)
        self._usual: dict[int, Floats] = {}

    def confounders(
        self, event: Event, own: Instrument, series: Series, model: ReturnModel, window: WindowColumns
    ) -> Iterator[Confounder]:
        """Yield what shares a window."""
        neighbours = self._stories.get(event.ticker, ())
        yield from stories_sharing(event, "on day zero", neighbours, window.first, window.last + 1)
        yield from self._ex_days(own, series, window)
        yield from self._market_wide_days(own, series, model, window)

    def _ex_days(self, own: Instrument, series: Series, window: WindowColumns) -> Iterator[Confounder]:
        """Yield the dividends and splits that take effect inside the window; see `signals.study.confounding`."""
        sessions, actions = self._market.sessions, self._actions.get(own.ticker, ())
        accounted = [a for a in actions if a.source == series.source]
        for action in accounted or _once(actions):
            day = np.datetime64(action.ex_date)
            column = int(np.searchsorted(sessions, day))
            if (sessions[:1] <= day).all() and window.first <= column <= window.last:
                inside = "in the return" if accounted else f"known from {action.source}, not in the return"
                for words in actions_in_words(action.dividend, action.split, own.currency):
                    yield Confounder(f"{words} {action.ex_date} ({inside})", counts=not accounted)

    def _market_wide_days(
        self, own: Instrument, series: Series, model: ReturnModel, window: WindowColumns
    ) -> Iterator[Confounder]:
        row = self._market.rows[series]
        if row not in self._usual:
            self._usual[row] = usual_days(self._market.panel.benchmark[row])
        usual = self._usual[row]
        for column in range(max(window.first, 0), min(window.last + 1, len(usual))):
            if usual[column] >= MARKET_WIDE:
                ret, day = self._market.panel.benchmark[row, column], self._market.sessions[column]
                text = f"market-wide day {day}: {own.benchmark} {ret:+.1%}, {usual[column]:.1f} usual days"
                yield market_wide(text, model)


def _by_ticker(near: Iterable[Event], sessions: Times) -> Mapping[str, Neighbours[int]]:
    """Return, per instrument, its events that carry a relevant story, by the column of their day zero."""
    neighbours: defaultdict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for event in near:
        if event.relevant_stories:
            column = int(np.searchsorted(sessions, np.datetime64(event.day_zero)))
            neighbours[event.ticker].append((column, event.event_id, event.relevant_stories))
    return neighbours


def _once(actions: Sequence[Action]) -> Sequence[Action]:
    """Return one of the actions that several sources give for one day."""
    first: dict[date, Action] = {}
    for action in actions:
        first.setdefault(action.ex_date, action)
    return list(first.values())
