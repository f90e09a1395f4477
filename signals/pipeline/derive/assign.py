"""Publication instants -> events: which session could react first, by the market's own clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

import numpy as np

from signals import sessions
from signals.pipeline import Plan, Stamped
from signals.pipeline.derive.source_choice import preferred
from signals.sessions import Clock
from signals.store import Connection, articles, assignments, bars, instruments
from signals.store.assignments import Fallen, Unsettled
from signals.store.bars import Coverage
from signals.types import DayZero, Instrument, Refusal

AHEAD = timedelta(days=45)  # how far after now a clock knows sessions
SETTLES = timedelta(days=10)  # after this long without bars the calendar's word stands


class MarketClocks:
    """The clock of each instrument's market, with the bars as the last word on sessions.

    A session closes when the source strikes its close whose bars an event of that day is scored on. The benchmark's
    bars say what was a session. Without one, a session on which nothing in that market has a bar was none; bars on
    other days (weekend rows of a vendor) do not make one.
    """

    def __init__(self, db: Connection, plan: Plan, run: Stamped) -> None:
        self._db = db
        self._plan = plan
        self._last = run.now.date() + AHEAD
        self._made: dict[tuple[str, str | None, time | None], Clock] = {}
        self._covered: dict[str, Sequence[Coverage]] = {}

    def of(self, instrument: Instrument, first: date, day: date | None = None) -> Clock:
        """Return the clock from `first` on, with the closes that hold for an event of `day`."""
        struck = self.close_time(instrument, day or self._last)
        key = (instrument.mic, instrument.benchmark, struck)
        if key not in self._made or self._made[key].first > first:
            if instrument.benchmark:
                observed = bars.sessions_seen(self._db, [instrument.benchmark])
            else:
                usual = sessions.clock(instrument.mic, first, self._last).sessions
                listed = instruments.listed_on(self._db, instrument.mic)
                observed = np.intersect1d(usual, bars.sessions_seen(self._db, listed))
            self._made[key] = sessions.clock(instrument.mic, first, self._last, observed, struck)
        return self._made[key]

    def close_time(self, instrument: Instrument, day: date) -> time | None:
        """Return when the close of a day is struck by the source that its events are scored on."""
        if not self._plan.close_times:
            return None
        if instrument.ticker not in self._covered:
            found = bars.coverage(self._db, [instrument.ticker])
            self._covered[instrument.ticker] = found.get(instrument.ticker, ())
        source = preferred(self._covered[instrument.ticker], self._plan.price_sources, day)
        return self._plan.close_times.get(source or self._plan.first_source(instrument) or "")


def place(db: Connection, plan: Plan, run: Stamped) -> None:
    """Give every article-instrument pair that has none yet its event, market by market."""
    by_ticker = {i.ticker: i for i in plan.instruments}
    waiting = [u for u in assignments.unsettled(db) if u.ticker in by_ticker]
    clocks = MarketClocks(db, plan, run)

    def market(item: Unsettled) -> tuple[str, str, str]:
        own = by_ticker[item.ticker]
        return own.mic, own.benchmark or "", str(clocks.close_time(own, item.stamp.at.date()) or "")

    for _, group in groupby(
        sorted(waiting, key=lambda u: (market(u), u.is_copy, u.stamp.at, u.article_id)), key=market
    ):
        items = list(group)
        first = min(item.stamp.at for item in items).date() - timedelta(days=15)
        clock = clocks.of(by_ticker[items[0].ticker], first, items[0].stamp.at.date())
        _place_market(db, clock, items, plan, run)


def _place_market(db: Connection, clock: Clock, items: Sequence[Unsettled], plan: Plan, run: Stamped) -> None:
    """Place pairs of one market, given so that a story's first copy comes before its later ones."""
    chosen = sessions.day_zeros(clock, [item.stamp for item in items], plan.plausible_zones)
    earlier = assignments.placed(db, {(item.story_id, item.ticker) for item in items if item.is_copy})
    rows: list[dict[str, Any]] = []
    hours: dict[str, dict[str, Any]] = {}
    left: set[str] = set()
    touched: set[str] = set()
    outside: list[Unsettled] = []
    for item, day in zip(items, chosen, strict=True):
        if day is None and item.stamp.at.date() > clock.first:
            continue  # published after the last session that the calendar knows yet: it waits
        if day is None:
            outside.append(item)
            continue
        own = Fallen(
            event_id(item.ticker, day.session), moment_id(item.ticker, item.stamp.at) if plan.intraday else None
        )
        # A later copy of a story falls on the events of its first copy, if that names the instrument too.
        fallen = own.with_first(earlier.get((item.story_id, item.ticker), own))
        earlier[item.article_id, item.ticker] = fallen
        about = {
            "ticker": item.ticker,
            "day_zero": day.session,
            "opens_at": day.opens_at,
            "closes_at": day.closes_at,
            "published_at": None,
        }
        if fallen.event_id == own.event_id:
            hours[fallen.event_id] = about
        if own.moment_id and fallen.moment_id == own.moment_id:
            hours[own.moment_id] = {**about, "published_at": item.stamp.at.replace(microsecond=0)}
        if fallen != item.fallen:
            left |= {event for event in item.fallen if event} - {*fallen}
            touched |= {event for event in fallen if event}
        rows.append(
            {
                "article_id": item.article_id,
                "ticker": item.ticker,
                **fallen._asdict(),
                "anchor": day.anchor.value,
                "day_zero_sensitive": int(day.sensitive),
                "settled": int(_is_settled(clock, day, run)),
            }
        )
    assignments.save_placements(db, rows, {e: about for e, about in hours.items() if e in touched}, left | touched)
    _refuse(db, outside, clock, run)


def event_id(ticker: str, session: date) -> str:
    """Return the key of an event."""
    return f"{ticker}@{session.isoformat()}"


def moment_id(ticker: str, published_at: datetime) -> str:
    """Return the key of an intraday event: an instrument and an instant, as in ``GAZP@2015-01-21T13:10:00Z``."""
    return f"{ticker}@{published_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _is_settled(clock: Clock, day: DayZero, run: Stamped) -> bool:
    """Tell whether no bar can change day zero any more: it closed, and the bars have confirmed it or never will."""
    if run.now < day.closes_at:
        return False
    confirmed = clock.observed_to is not None and day.session <= clock.observed_to
    return confirmed or run.now - day.closes_at > SETTLES


def _refuse(db: Connection, outside: Iterable[Unsettled], clock: Clock, run: Stamped) -> None:
    listed = list(outside)
    found = [
        Refusal(
            "placing",
            f"{item.article_id} {item.ticker}",
            "outside_calendar",
            f"published {item.stamp.text}, where the calendar of {clock.mic} (from {clock.first}) knows no session",
        )
        for item in listed
    ]
    articles.save_refusals(db, found, run.now)
    assignments.give_up(db, [(item.article_id, item.ticker) for item in listed])
