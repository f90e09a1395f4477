"""Publication instants -> events: which session could react first, by the market's own clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

import numpy as np

from signals import sessions
from signals.pipeline import Plan, Stamped
from signals.sessions import Clock
from signals.store import Connection, articles, bars, markets, placing
from signals.store.placing import Fallen, Unsettled
from signals.types import DayZero, Instrument, Refusal

AHEAD = timedelta(days=45)  # how far after now a clock knows sessions
SETTLES = timedelta(days=10)  # after this long without bars the calendar's word stands

ClockFor = Callable[[Instrument, date], Clock]


def market_clocks(db: Connection, plan: Plan, run: Stamped) -> ClockFor:
    """Return a maker of clocks: the instrument's market, with the bars as the last word on sessions.

    A session closes when the instrument's preferred price source strikes its close. The benchmark's bars say what was a
    session. Without one, a session on which nothing in that market has a bar was none; bars on other days (weekend rows
    of a vendor) do not make one.
    """
    made: dict[tuple[str, str | None, time | None], Clock] = {}

    def clock_for(instrument: Instrument, first: date) -> Clock:
        struck = plan.close_time(instrument)
        key = (instrument.mic, instrument.benchmark, struck)
        if key not in made or made[key].first > first:
            last = run.now.date() + AHEAD
            if instrument.benchmark:
                observed = bars.sessions_seen(db, [instrument.benchmark])
            else:
                usual = sessions.clock(instrument.mic, first, last).sessions
                observed = np.intersect1d(usual, bars.sessions_seen(db, markets.listed_on(db, instrument.mic)))
            made[key] = sessions.clock(instrument.mic, first, last, observed, struck)
        return made[key]

    return clock_for


def place(db: Connection, plan: Plan, run: Stamped) -> None:
    """Give every article-instrument pair that has none yet its event, market by market."""
    by_ticker = {i.ticker: i for i in plan.instruments}
    waiting = [u for u in placing.unsettled(db) if u.ticker in by_ticker]

    def market(item: Unsettled) -> tuple[str, str, str]:
        own = by_ticker[item.ticker]
        return own.mic, own.benchmark or "", str(plan.close_time(own) or "")

    for _, group in groupby(
        sorted(waiting, key=lambda u: (market(u), u.is_copy, u.stamp.at, u.article_id)), key=market
    ):
        items = list(group)
        first = min(item.stamp.at for item in items).date() - timedelta(days=15)
        clock = market_clocks(db, plan, run)(by_ticker[items[0].ticker], first)
        _place_market(db, clock, items, plan, run)


def _place_market(db: Connection, clock: Clock, items: Sequence[Unsettled], plan: Plan, run: Stamped) -> None:
    """Place pairs of one market, given so that a story's first copy comes before its later ones."""
    chosen = sessions.day_zeros(clock, [item.stamp for item in items], plan.plausible_zones)
    earlier = placing.placed(db, {(item.story_id, item.ticker) for item in items if item.is_copy})
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
    placing.save_placements(db, rows, {e: about for e, about in hours.items() if e in touched}, left | touched)
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
    placing.give_up(db, [(item.article_id, item.ticker) for item in listed])
