"""The clock of a market: its sessions with their hours.

The exchange calendar gives the usual hours, an overlay what the calendar misses, and the bars of the market's series
say which days were sessions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np

from signals.errors import ConfigError
from signals.sessions.evidence import Evidence
from signals.sessions.hours import OVERLAYS, Bools, Days, calendar_days, with_days
from signals.sessions.local_time import local_midnights, to_local, to_utc
from signals.sessions.markets import market
from signals.sessions.overlay import off_day_mask
from signals.types import Ints, Times


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
        ``datetime64[s]`` in UTC, one per session.
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


def clock(mic: str, first: date, last: date, evidence: Evidence | None = None, close_time: time | None = None) -> Clock:
    """Build the clock of a market.

    Parameters
    ----------
    mic
        One of `supported_mics`.
    first, last
        The days to cover, both included. A calendar that covers less (some end with the current year) gives a shorter
        clock; an instant outside it has no day zero.
    evidence
        The bars of the market's series. They decide which days were sessions where they reach; a session that the
        calendar does not list is given the usual hours of those days. Trading that is part of the next session
        (Moscow's weekends) makes none.
    close_time
        Local time at which the source sets its daily close, if that is not the end of the trading day. A half day
        keeps its own close where that is earlier.

    Raises
    ------
    ConfigError
        The market is not supported, or `close_time` comes before the market opens.
    """
    calendar, zone_name = market(mic)
    zone = ZoneInfo(zone_name)
    since, until = np.datetime64(first), np.datetime64(last)
    scheduled = calendar_days(calendar, zone_name, first.year, last.year)
    evidence = evidence or Evidence(scheduled.sessions[:0], (), {})
    traded, shut = _traded(evidence, scheduled, calendar), evidence.shut(scheduled.sessions)
    begin = min(scheduled.since, traded[0]) if len(traded) else scheduled.since
    added = np.setdiff1d(traded[_within(traded, since, until)], scheduled.sessions)
    days = with_days(scheduled, added, zone)
    days = days.take(_within(days.sessions, since, until) & ~np.isin(days.sessions, shut))
    return Clock(
        mic=mic,
        zone=zone_name,
        first=date.fromisoformat(str(max(since, begin))),
        sessions=days.sessions,
        opens=days.opens,
        closes=days.closes if close_time is None else _closes_at(close_time, days, mic, zone),
        begins=local_midnights(days.sessions, zone),
        ends=local_midnights(days.sessions + 1, zone),
        observed_to=traded[-1].item() if len(traded) else None,
        removed=shut[_within(shut, since, until)],
        added=added,
        stray=_stray(evidence.days[_within(evidence.days, since, until)], days.sessions, calendar),
    )


def _traded(evidence: Evidence, scheduled: Days, calendar: str) -> Times:
    """Return the days that bars confirm as sessions of their own, ascending."""
    opened = evidence.opened(scheduled.sessions, scheduled.since)
    part_of_next = off_day_mask(opened, OVERLAYS.get(calendar)) & ~np.isin(opened, scheduled.sessions)
    return opened[~part_of_next]


def _stray(barred: Times, sessions: Times, calendar: str) -> Times:
    beside = np.setdiff1d(barred, sessions)
    return beside[~off_day_mask(beside, OVERLAYS.get(calendar))]


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
