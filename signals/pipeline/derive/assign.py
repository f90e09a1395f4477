"""Publication instants -> events: which session could react first, by the market's own clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from itertools import groupby

import numpy as np

from signals import sessions
from signals.pipeline import Plan, RunContext
from signals.pipeline.derive.slices import BARS_ARRIVE
from signals.pipeline.derive.source_choice import preferred_source
from signals.sessions import Clock, Evidence
from signals.store import Connection, articles, assignments, bars, instruments
from signals.store.assignments import Assignment, EventHours, Unassigned
from signals.store.bars import Coverage
from signals.store.isolation import Failed, isolated
from signals.types import DayZero, EventIds, Instrument, Refusal, Times, event_id, intraday_event_id

AHEAD = timedelta(days=45)  # how far after now a clock has sessions


class MarketClocks:
    """The clock of each instrument's market, where bars overrule the calendar on what was a session.

    A session closes at the close time of the source whose bars an event of that day is scored on. All instruments on
    markets that share a calendar say together which days were sessions, the benchmark as one of them.
    """

    def __init__(self, db: Connection, plan: Plan, run: RunContext) -> None:
        self._db = db
        self._plan = plan
        self._last = run.now.date() + AHEAD
        self._clocks: dict[tuple[str, time | None], Clock] = {}
        self._evidence: dict[str, Evidence] = {}
        self._coverage: dict[str, Sequence[Coverage]] = {}

    def of(self, instrument: Instrument, first: date, day: date | None = None) -> Clock:
        """Return the clock from `first` on, with the closes that hold for an event of `day`."""
        close_time = self.close_time(instrument, day or self._last)
        key = (instrument.mic, close_time)
        if key not in self._clocks or self._clocks[key].first > first:
            rules = self._plan.rules_of(instrument.mic)
            scheduled = sessions.clock(instrument.mic, first, self._last, rules=rules).sessions
            evidence = self._evidence_beside(scheduled, instrument.mic, first)
            self._clocks[key] = sessions.clock(instrument.mic, first, self._last, evidence, close_time, rules)
        return self._clocks[key]

    def _evidence_beside(self, scheduled: Times, mic: str, first: date) -> Evidence:
        """Return what the bars of all markets with the calendar of this one say of its days from `first` on."""
        stored = instruments.tickers_by_mic(self._db)
        tickers = [ticker for other in stored if self._share_calendar(mic, other) for ticker in stored[other]]
        if mic not in self._evidence:
            days = bars.sessions_seen(self._db, tickers)
            self._evidence[mic] = Evidence(days, bars.daily_spans(self._db, tickers), {})
        evidence = self._evidence[mic]
        beside = np.setdiff1d(evidence.days[evidence.days >= np.datetime64(first)], scheduled)
        return replace(evidence, printed=bars.prints(self._db, tickers, beside))

    def _share_calendar(self, mic: str, other: str) -> bool:
        changed = any(self._plan.rules_of(one) is not None for one in (mic, other))
        return mic == other or (not changed and sessions.share_calendar(mic, other))

    def close_time(self, instrument: Instrument, day: date) -> time | None:
        """Return the close time of the source that the events of a day are scored on; None for the calendar's."""
        if not self._plan.close_times:
            return None
        if instrument.ticker not in self._coverage:
            coverage = bars.coverage(self._db, [instrument.ticker])
            self._coverage[instrument.ticker] = coverage.get(instrument.ticker, ())
        source = preferred_source(self._coverage[instrument.ticker], self._plan.price_sources, day)
        return self._plan.close_times.get(source or self._plan.first_source(instrument) or "")


def assign_events(
    db: Connection, plan: Plan, run: RunContext, clocks: MarketClocks
) -> tuple[int, list[Failed[Unassigned]]]:
    """Give every article-instrument pair that has none yet its event, market by market.

    Returns how many events are new, and the pairs that raise, which wait for the next run.
    """
    by_ticker = plan.by_ticker()
    waiting = [pair for pair in assignments.unassigned(db) if pair.ticker in by_ticker]

    def market(pair: Unassigned) -> tuple[str, str, str]:
        own = by_ticker[pair.ticker]
        return *own.market.sort_key, str(clocks.close_time(own, pair.stamp.at.date()) or "")

    waiting.sort(key=lambda pair: (market(pair), pair.is_copy, pair.stamp.at, pair.article_id))

    def assign(pairs: Sequence[Unassigned]) -> int:
        first = min(pair.stamp.at for pair in pairs).date() - timedelta(days=15)
        clock = clocks.of(by_ticker[pairs[0].ticker], first, pairs[0].stamp.at.date())
        return _assign_market(db, clock, pairs, plan, run)

    added, failed = 0, list[Failed[Unassigned]]()
    for _, group in groupby(waiting, key=market):
        outcome = isolated(db, list(group), assign)
        added += outcome.result or 0
        failed += outcome.failed
    return added, failed


@dataclass(slots=True)
class _Changes:
    """What the assignments of one market change."""

    rows: list[Assignment] = field(default_factory=list)
    hours: dict[str, EventHours] = field(default_factory=dict)
    gained: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)

    def move(self, before: Iterable[str | None], after: EventIds) -> None:
        """Note which events an article leaves and which it comes to."""
        self.lost |= {event for event in before if event} - {*after}
        self.gained |= {event for event in after if event}


def _assign_market(db: Connection, clock: Clock, pairs: Sequence[Unassigned], plan: Plan, run: RunContext) -> int:
    """Assign pairs of one market, given so that a story's first copy comes before its later ones.

    Returns how many events are new.
    """
    days = sessions.day_zeros(clock, [pair.stamp for pair in pairs], plan.plausible_zones)
    ids_of = assignments.assigned(db, {(pair.story_id, pair.ticker) for pair in pairs if pair.is_copy})
    changes = _Changes()
    outside: list[Unassigned] = []
    for pair, day in zip(pairs, days, strict=True):
        if day is None and pair.stamp.at.date() > clock.first:
            continue  # published after the last session that the calendar has yet: it waits
        if day is None:
            outside.append(pair)
            continue
        own = EventIds(
            event_id(pair.ticker, day.session),
            intraday_event_id(pair.ticker, pair.stamp.at) if plan.intraday else None,
        )
        # A later copy of a story falls on the events of its first copy, if that names the instrument too.
        ids = own.with_first_copy(ids_of.get((pair.story_id, pair.ticker), own))
        ids_of[pair.article_id, pair.ticker] = ids
        if ids.event_id == own.event_id:
            changes.hours[ids.event_id] = EventHours(pair.ticker, day.session, day.opens_at, day.closes_at)
        if own.intraday_event_id and ids.intraday_event_id == own.intraday_event_id:
            instant = pair.stamp.at.replace(microsecond=0)
            hours = EventHours(pair.ticker, day.session, day.opens_at, day.closes_at, instant)
            changes.hours[own.intraday_event_id] = hours
        if ids != pair.events:
            changes.move(pair.events, ids)
        is_final = _is_final(clock, day, run)
        changes.rows.append(Assignment(pair.article_id, pair.ticker, ids, day.anchor, day.sensitive, is_final))
    hours_of_gained = {event: hours for event, hours in changes.hours.items() if event in changes.gained}
    added = assignments.save_assignments(db, changes.rows, hours_of_gained, changes.lost | changes.gained)
    _refuse(db, outside, clock, run)
    return added


def _is_final(clock: Clock, day: DayZero, run: RunContext) -> bool:
    """Return whether no bar can change day zero any more: it closed, and bars have confirmed it or never will."""
    if run.now < day.closes_at:
        return False
    confirmed = clock.observed_to is not None and day.session <= clock.observed_to
    return confirmed or run.now - day.closes_at > BARS_ARRIVE


def _refuse(db: Connection, outside: Sequence[Unassigned], clock: Clock, run: RunContext) -> None:
    """Refuse pairs that were published where the calendar has no session."""
    refusals = [
        Refusal(
            "event assignment",
            f"{pair.article_id} {pair.ticker}",
            "outside_calendar",
            f"published {pair.stamp.text}; the calendar of {clock.mic} begins on {clock.first} and has no session then",
        )
        for pair in outside
    ]
    articles.save_refusals(db, refusals, run.now)
    assignments.mark_unplaceable(db, [(pair.article_id, pair.ticker) for pair in outside])
