"""What a source is still to be asked for: sessions that have closed, and a week before them to catch corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock

import numpy as np

from signals import sessions
from signals.pipeline import Plan
from signals.pipeline.derive.currency import depends_on
from signals.sessions import Clock
from signals.store.bars import Series
from signals.types import QUOTED_UNITS, Instrument

Span = tuple[date, date]

OVERLAP = timedelta(days=7)  # asked again with each new session, to catch corrections
PATIENCE = timedelta(days=1)  # for how long after its close a session's bar may still be on its way
PAUSE = timedelta(hours=1)  # between two askings for such a bar
_BACK, _AHEAD = timedelta(days=40), timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Closed:
    """The last session of a market that has closed, and when it did."""

    session: date
    at: datetime


class ClosedSessions:
    """The last closed session of each market at an instant; a clock is built when it is first asked for."""

    def __init__(self, plan: Plan, now: datetime) -> None:
        self._plan = plan
        self._now = now
        self._of_market: dict[tuple[str, time | None], Closed] = {}
        self._one = Lock()  # threads would build one clock several times

    def of(self, instrument: Instrument, source: str) -> Closed:
        """Return it for the market of an instrument and the time at which a source sets its close."""
        key = (instrument.mic, self._plan.close_times.get(source))
        with self._one:
            if key not in self._of_market:
                self._of_market[key] = self._closed(*key)
        return self._of_market[key]

    def _closed(self, mic: str, close_time: time | None) -> Closed:
        today = self._now.date()
        rules = self._plan.rules_of(mic)
        clock = sessions.clock(mic, today - _BACK, today + _AHEAD, close_time=close_time, rules=rules)
        return last_closed(clock, self._now)


def last_closed(clock: Clock, now: datetime) -> Closed:
    """Return the last session that had closed at `now`; yesterday where the calendar does not reach as far."""
    at = int(np.searchsorted(clock.closes, np.datetime64(now.replace(tzinfo=None), "s"), side="right")) - 1
    if at < 0 or len(clock.sessions) == 0 or clock.sessions[-1] <= np.datetime64(now.date()):
        yesterday = now.date() - timedelta(days=1)
        return Closed(yesterday, datetime(now.year, now.month, now.day, tzinfo=UTC))
    return Closed(clock.sessions[at].item(), clock.closes[at].item().replace(tzinfo=UTC))


def spans_to_ask(
    before: Series | None, last_bar: date | None, first: date, closed: Closed, now: datetime
) -> Sequence[Span]:
    """Return the spans that a source is still to be asked for.

    Parameters
    ----------
    before
        What it was asked, if it was.
    last_bar
        The date of the last bar that it gave.
    first
        The first day that is needed.
    closed
        The last session that has closed. Nothing later is asked for: a bar of a session that is open is not one yet.
    now
        A session that closed since the last asking is new; until the next one closes there is nothing to ask. Only a
        bar that has not come is asked for again within a day of its close, an hour apart.
    """
    if before is None:
        return [(first, closed.session)] if first <= closed.session else []
    if before.currency in QUOTED_UNITS:  # an earlier version stored its prices in pence
        return [(min(first, before.first_asked), closed.session)]
    spans = [(first, before.first_asked)] if first < before.first_asked else []
    late = (last_bar is None or last_bar < closed.session) and now - closed.at <= PATIENCE
    if before.asked_at < closed.at or (late and now - before.asked_at >= PAUSE):
        spans.append((max(min(before.last_asked, closed.session) - OVERLAP, first), closed.session))
    return spans


def history_reach(plan: Plan) -> timedelta:
    """Return how many calendar days before day zero the widest estimation window may begin."""
    daily = [s.estimation + s.gap - min(w.first for w in s.windows) for s in plan.studies]
    sessions = max([*daily, *(s.estimation + s.gap for s in plan.intraday)], default=260)
    return timedelta(days=int(sessions * 1.5) + 15)


def first_days(plan: Plan, named: Mapping[str, date], today: date) -> dict[str, date]:
    """Return the first day of which each instrument's bars are needed, given the day that news first names it.

    What others are measured against is needed from where they are.
    """
    reach = history_reach(plan)
    days = {i.ticker: min(named.get(i.ticker, today), today) for i in plan.instruments}
    needed = dict(days)
    for ticker, others in depends_on(plan).items():
        for other in others:
            needed[other] = min(needed[other], days[ticker])
    return {ticker: day - reach for ticker, day in needed.items()}
