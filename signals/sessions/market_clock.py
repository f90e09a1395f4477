"""The clock of a market: its sessions with their hours.

The exchange calendar gives the usual hours, dated rows what the calendar misses, and the bars of the market's series
say which days were sessions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np

from signals.errors import ConfigError
from signals.sessions.evidence import Evidence
from signals.sessions.hours import OVERLAYS, Bools, Days, calendar_days, with_days
from signals.sessions.local_time import local_midnights, to_local, to_utc
from signals.sessions.markets import Market, market
from signals.sessions.overlay import off_day_mask
from signals.types import Ints, MarketRules, Times


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """The sessions of one market with their hours.

    Attributes
    ----------
    first
        The first day that the clock covers, a session or not. It ends with the close of its last session.
    sessions
        ``datetime64[D]``, ascending.
    opens, closes
        ``datetime64[s]`` in UTC, one per session. The close is when the last price of the trading day is set, by the
        closing auction where there is one.
    break_starts, break_ends
        ``datetime64[s]`` in UTC: the break of the session, NaT if it has none.
    begins, ends
        ``datetime64[s]`` in UTC: local midnight before and after each session's date.
    observed_to
        The last session that bars confirmed; None without bars.
    removed, added
        ``datetime64[D]``: where the bars overruled the calendar, listed sessions on which the market was shut and
        sessions that the calendar does not list.
    stray
        ``datetime64[D]``: days with a bar that are no sessions, nor a part of the next one.
    """

    mic: str
    zone: str
    first: date
    sessions: Times
    opens: Times
    closes: Times
    break_starts: Times
    break_ends: Times
    begins: Times
    ends: Times
    observed_to: date | None
    removed: Times
    added: Times
    stray: Times

    def index_of(self, day: date) -> int | None:
        """Return the position of the session on `day`, or None if that day is no session here."""
        index = int(np.searchsorted(self.sessions, np.datetime64(day)))
        return index if index < len(self.sessions) and self.sessions[index] == np.datetime64(day) else None


def clock(
    mic: str,
    first: date,
    last: date,
    evidence: Evidence | None = None,
    close_time: time | None = None,
    rules: MarketRules | None = None,
) -> Clock:
    """Build the clock of a market.

    Parameters
    ----------
    mic, rules
        One of `supported_mics`, or a market that its entry of the configuration says all of.
    first, last
        The days to cover, both included. A calendar that covers less gives a shorter clock.
    evidence
        The bars of the market's series. They decide which days were sessions where they reach; trading that is part of
        the next session makes none.
    close_time
        Local time of the source's daily close. A half day that closes earlier keeps its own.

    Raises
    ------
    ConfigError
        The market is not supported, or `close_time` is before its open.
    """
    own = market(mic, rules)
    zone = ZoneInfo(own.zone)
    since, until = np.datetime64(first), np.datetime64(last)
    scheduled = calendar_days(own, first.year, last.year)
    evidence = evidence or Evidence(scheduled.sessions[:0], (), {})
    traded = _traded(evidence, scheduled, own)
    shut = _shut(evidence, scheduled, own)
    added = np.setdiff1d(traded[_within(traded, since, until)], scheduled.sessions)
    days = with_days(scheduled, added, zone)
    days = days.take(_within(days.sessions, since, until) & ~np.isin(days.sessions, shut))
    days = days if close_time is None else replace(days, closes=_closes_at(close_time, days, mic, zone))
    return Clock(
        mic=mic,
        zone=own.zone,
        first=date.fromisoformat(str(max(since, min([scheduled.since, *traded[:1]])))),
        **{name: getattr(days, name) for name in ("sessions", "opens", "closes", "break_starts", "break_ends")},
        begins=local_midnights(days.sessions, zone),
        ends=local_midnights(days.sessions + 1, zone),
        observed_to=traded[-1].item() if len(traded) else None,
        removed=shut[_within(shut, since, until)],
        added=added,
        stray=_stray(evidence.days[_within(evidence.days, since, until)], days.sessions, own),
    )


def _traded(evidence: Evidence, scheduled: Days, own: Market) -> Times:
    """Return the days that bars confirm as sessions of their own, ascending."""
    opened = evidence.opened(scheduled.sessions, scheduled.since)
    beside = ~np.isin(opened, scheduled.sessions)
    return opened[~beside | (own.bars_add & ~off_day_mask(opened, OVERLAYS.get(own.calendar)))]


def _shut(evidence: Evidence, scheduled: Days, own: Market) -> Times:
    """Return the scheduled sessions that bars deny, ascending; bars take none from a market that they cannot shut."""
    return evidence.shut(scheduled.sessions) if own.bars_remove else scheduled.sessions[:0]


def _stray(barred: Times, sessions: Times, own: Market) -> Times:
    beside = np.setdiff1d(barred, sessions)
    return beside[~off_day_mask(beside, OVERLAYS.get(own.calendar))]


def _within(days: Times, first: np.datetime64, last: np.datetime64) -> Bools:
    return (days >= first) & (days <= last)


def _closes_at(close_time: time, days: Days, mic: str, zone: ZoneInfo) -> Times:
    """Return the closes of a source that sets them at `close_time`."""
    closes = to_utc([datetime.combine(day, close_time) for day in days.sessions.tolist()], zone)
    closes = np.where(days.fixed_close, np.minimum(days.closes, closes), closes)
    early = closes <= days.opens
    if early.any():
        day = days.sessions[np.argmax(early)]
        raise ConfigError("close_time", f"{close_time} is before {mic} opens on {day}; write it in {zone.key} time")
    return closes


def utc_offsets(clock: Clock) -> Ints:
    """Return the UTC offset of the market's local time, in seconds east, at the open of each session."""
    zone = ZoneInfo(clock.zone)
    return np.array([int((to_local(at, zone) - at).total_seconds()) for at in clock.opens.tolist()], dtype=np.int64)
