"""The market clock: a publication instant -> day zero, and the rule that chose it.

Exchange calendars know the usual hours, an overlay what they miss, and the bars of the benchmark are the last word on
what was a session. Day zero is the first session whose close comes after the instant: strictly after, because what is
published at the very close can no longer be traded in that session.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np

from signals.errors import ConfigError
from signals.sessions.hours import OVERLAYS, known_days, with_days
from signals.sessions.markets import known_mics, market, zone_of
from signals.sessions.overlay import side_sessions_among
from signals.sessions.walls import midnights, utc, wall
from signals.types import Anchor, DayZero, Ints, Precision, Stamp, Times, ZoneBasis

__all__ = ["ANCHORS", "Clock", "clock", "day_zero", "day_zeros", "known_mics", "place", "utc_offsets", "zone_of"]

# The codes that `place` answers with are positions in this tuple.
ANCHORS = tuple(Anchor)


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """The sessions of one market with their hours.

    Attributes
    ----------
    first
        The day that the clock starts to know about, a session or not. It ends with its last session's close.
    sessions
        ``datetime64[D]``, ascending.
    opens, closes
        ``datetime64[s]`` in UTC, one per session.
    begins, ends
        ``datetime64[s]`` in UTC: local midnight before and after each session's date.
    observed_to
        The last day on which the benchmark's bars confirmed a session; None without them.
    removed, added
        ``datetime64[D]``: where the observed bars overruled the calendar, sessions it lists that had no bar and
        sessions it does not list that had one.
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

    def index_of(self, day: date) -> int | None:
        """Return the position of the session of `day`, or None if that day is no session here."""
        at = int(np.searchsorted(self.sessions, np.datetime64(day)))
        return at if at < len(self.sessions) and self.sessions[at] == np.datetime64(day) else None


def clock(mic: str, first: date, last: date, observed: Times | None = None, close_time: time | None = None) -> Clock:
    """Build the clock of a market.

    Parameters
    ----------
    mic
        One of `known_mics`.
    first, last
        The days to cover, both included. A calendar that knows less (some end with the current year) gives a shorter
        clock; what lies outside is answered with None, never with a guess.
    observed
        The dates on which the benchmark printed a close, in any order. From the first to the last of them they decide
        what was a session; a session that the calendar does not list is given the usual hours of those days. Trading
        that is part of the next session (Moscow's weekends) makes none.
    close_time
        Local time at which the source strikes its daily close, if that is not the last of the trading day. A half day
        keeps its own close where that is earlier.

    Raises
    ------
    ConfigError
        The market is not known, or `close_time` comes before the market opens.
    """
    calendar, zone_name = market(mic)
    zone = ZoneInfo(zone_name)
    since, until = np.datetime64(first), np.datetime64(last)
    known = known_days(calendar, zone_name, first.year, last.year)
    start, listed = known.since, known.sessions
    seen = np.unique(observed.astype("datetime64[D]")) if observed is not None else listed[:0]
    seen = seen[np.isin(seen, listed) | ~side_sessions_among(seen, OVERLAYS.get(calendar))]
    unseen = np.zeros(len(listed), dtype=bool)
    if len(seen):
        start = min(start, seen[0])
        unseen = (listed >= seen[0]) & (listed <= seen[-1]) & ~np.isin(listed, seen)
    added = np.setdiff1d(seen[(seen >= since) & (seen <= until)], listed)
    days = with_days(known, added, zone)
    outside = (days.sessions < since) | (days.sessions > until)
    days = days.take(~outside & ~np.isin(days.sessions, listed[unseen]))
    closes = days.closes
    if close_time is not None:
        struck = utc([datetime.combine(day, close_time) for day in days.sessions.tolist()], zone)
        closes = np.where(days.firm, np.minimum(closes, struck), struck)
        if (closes <= days.opens).any():
            day = days.sessions[np.argmax(closes <= days.opens)]
            raise ConfigError(
                "close_time", f"{close_time} is before {mic} opens on {day}; write it in {zone_name} time"
            )
    return Clock(
        mic=mic,
        zone=zone_name,
        first=date.fromisoformat(str(max(since, start))),
        sessions=days.sessions,
        opens=days.opens,
        closes=closes,
        begins=midnights(days.sessions, zone),
        ends=midnights(days.sessions + 1, zone),
        observed_to=seen[-1].item() if len(seen) else None,
        removed=listed[unseen & (listed >= since) & (listed <= until)],
        added=added,
    )


def utc_offsets(clock: Clock) -> Ints:
    """Return how many seconds east of UTC the market's wall clock stands when each session opens."""
    zone = ZoneInfo(clock.zone)
    return np.array([int((wall(at, zone) - at).total_seconds()) for at in clock.opens.tolist()], dtype=np.int64)


def place(clock: Clock, instants: Ints) -> tuple[Ints, Ints]:
    """Place many publication instants on the clock.

    Parameters
    ----------
    clock
        The market's clock.
    instants
        Seconds since 1970-01-01 UTC, one dimension.

    Returns
    -------
    index, anchor
        Positions in ``clock.sessions`` of the first session whose close is after the instant, and in `ANCHORS` of the
        rule; both -1 where the instant lies outside the clock.

    Notes
    -----
    ``in_session`` from the open until before the close; ``pre_open`` on the local date of that session; ``after_close``
    on the local date of the session before; ``non_session`` on a local date without a session.
    """
    at = np.asarray(instants, dtype=np.int64).astype("datetime64[s]")
    index = np.searchsorted(clock.closes, at, side="right").astype(np.int64)
    known = (index < len(clock.sessions)) & (
        at >= midnights(np.array([clock.first], dtype="datetime64[D]"), ZoneInfo(clock.zone))
    )
    anchor = np.full(len(at), -1, dtype=np.int64)
    i, t = index[known], at[known]
    before = np.maximum(i - 1, 0)
    anchor[known] = np.select(
        [t >= clock.opens[i], t >= clock.begins[i], (i > 0) & (t >= clock.begins[before]) & (t < clock.ends[before])],
        [ANCHORS.index(rule) for rule in (Anchor.IN_SESSION, Anchor.PRE_OPEN, Anchor.AFTER_CLOSE)],
        ANCHORS.index(Anchor.NON_SESSION),
    )
    return np.where(known, index, -1), anchor


def day_zeros(clock: Clock, stamps: Sequence[Stamp], plausible_zones: Iterable[str] = ()) -> list[DayZero | None]:
    """Choose day zero for many stamps.

    Parameters
    ----------
    clock
        The market's clock; build it to well after the last stamp.
    stamps
        When the articles were published. A stamp that is only a day takes the first session on or after it.
    plausible_zones
        What else the wall-clock time of a stamp whose zone is not stated may have meant.

    Returns
    -------
    list of DayZero or None
        None for a stamp outside the clock. ``sensitive`` is set where a plausible reading falls on another session or
        outside the clock, and for every stamp that is only a day.
    """
    index, anchor = place(clock, np.array([int(stamp.at.timestamp()) for stamp in stamps], dtype=np.int64))
    sensitive = np.zeros(len(stamps), dtype=bool)
    unsure = np.array([n for n, stamp in enumerate(stamps) if stamp.basis is not ZoneBasis.STATED], dtype=np.int64)
    for name in plausible_zones:
        zone = ZoneInfo(name)
        reading = [int(stamps[n].wall.replace(tzinfo=zone).timestamp()) for n in unsure]
        sensitive[unsure] |= place(clock, np.array(reading, dtype=np.int64))[0] != index[unsure]

    daily = [n for n, stamp in enumerate(stamps) if stamp.precision is Precision.DAY]
    if daily:
        dates = np.array([stamps[n].wall.date() for n in daily], dtype="datetime64[D]")
        on_or_after = np.searchsorted(clock.sessions, dates)
        known = (on_or_after < len(clock.sessions)) & (dates >= np.datetime64(clock.first))
        index[daily] = np.where(known, on_or_after, -1)
        anchor[daily] = ANCHORS.index(Anchor.DAY_ONLY)
        sensitive[daily] = True
    return [
        _day_zero(clock, i, ANCHORS[a], bool(s)) if i >= 0 else None
        for i, a, s in zip(index.tolist(), anchor.tolist(), sensitive.tolist(), strict=True)
    ]


def day_zero(clock: Clock, stamp: Stamp, plausible_zones: Iterable[str] = ()) -> DayZero | None:
    """Choose day zero for one stamp; see `day_zeros`."""
    return day_zeros(clock, [stamp], plausible_zones)[0]


def _day_zero(clock: Clock, at: int, anchor: Anchor, sensitive: bool) -> DayZero:
    opens_at, closes_at = (side[at].item().replace(tzinfo=UTC) for side in (clock.opens, clock.closes))
    return DayZero(clock.sessions[at].item(), anchor, opens_at, closes_at, sensitive)
