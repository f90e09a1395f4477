"""The market clock: a publication instant -> day zero, and the rule that chose it.

Exchange calendars know the usual hours; the bars of the benchmark are the last word on what was a session. Day zero is
the first session whose close comes after the instant: strictly after, because what is published at the very close can
no longer be traded in that session.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from signals.errors import ConfigError
from signals.types import Anchor, DayZero, Ints, Precision, Stamp, Times, ZoneBasis

# ISO 10383 market -> (name of its calendar in exchange_calendars, zone of its floor). The library has no calendar under
# some of these names: Moscow is XMOS there and the floors of the CME group share one.
MARKETS: dict[str, tuple[str, str]] = {
    "ARCX": ("XNYS", "America/New_York"),
    "BATS": ("XNYS", "America/New_York"),
    "BVMF": ("BVMF", "America/Sao_Paulo"),
    "IFEU": ("IEPA", "Europe/London"),
    "IFUS": ("IEPA", "America/New_York"),
    "MISX": ("XMOS", "Europe/Moscow"),
    "OTCM": ("XNYS", "America/New_York"),
    "XAMS": ("XAMS", "Europe/Amsterdam"),
    "XASE": ("XNYS", "America/New_York"),
    "XASX": ("XASX", "Australia/Sydney"),
    "XBKK": ("XBKK", "Asia/Bangkok"),
    "XBOM": ("XBOM", "Asia/Kolkata"),
    "XBRU": ("XBRU", "Europe/Brussels"),
    "XCBF": ("XCBF", "America/Chicago"),
    "XCBT": ("CMES", "America/Chicago"),
    "XCEC": ("CMES", "America/New_York"),
    "XCME": ("CMES", "America/Chicago"),
    "XCSE": ("XCSE", "Europe/Copenhagen"),
    "XDUB": ("XDUB", "Europe/Dublin"),
    "XETR": ("XETR", "Europe/Berlin"),
    "XFRA": ("XFRA", "Europe/Berlin"),
    "XHEL": ("XHEL", "Europe/Helsinki"),
    "XHKG": ("XHKG", "Asia/Hong_Kong"),
    "XIDX": ("XIDX", "Asia/Jakarta"),
    "XIST": ("XIST", "Europe/Istanbul"),
    "XJSE": ("XJSE", "Africa/Johannesburg"),
    "XKLS": ("XKLS", "Asia/Kuala_Lumpur"),
    "XKRX": ("XKRX", "Asia/Seoul"),
    "XLIS": ("XLIS", "Europe/Lisbon"),
    "XLON": ("XLON", "Europe/London"),
    "XMAD": ("XMAD", "Europe/Madrid"),
    "XMEX": ("XMEX", "America/Mexico_City"),
    "XMIL": ("XMIL", "Europe/Rome"),
    "XNAS": ("XNYS", "America/New_York"),
    "XNSE": ("XBOM", "Asia/Kolkata"),
    "XNYM": ("CMES", "America/New_York"),
    "XNYS": ("XNYS", "America/New_York"),
    "XNZE": ("XNZE", "Pacific/Auckland"),
    "XOSL": ("XOSL", "Europe/Oslo"),
    "XPRA": ("XPRA", "Europe/Prague"),
    "XPAR": ("XPAR", "Europe/Paris"),
    "XSES": ("XSES", "Asia/Singapore"),
    "XSHE": ("XSHG", "Asia/Shanghai"),
    "XSHG": ("XSHG", "Asia/Shanghai"),
    "XSTO": ("XSTO", "Europe/Stockholm"),
    "XSWX": ("XSWX", "Europe/Zurich"),
    "XTAE": ("XTAE", "Asia/Jerusalem"),
    "XTAI": ("XTAI", "Asia/Taipei"),
    "XTKS": ("XTKS", "Asia/Tokyo"),
    "XTSE": ("XTSE", "America/Toronto"),
    "XTSX": ("XTSE", "America/Toronto"),
    "XWAR": ("XWAR", "Europe/Warsaw"),
    "XWBO": ("XWBO", "Europe/Vienna"),
}

# The codes that `place` answers with are positions in this tuple.
ANCHORS = tuple(Anchor)


def known_mics() -> tuple[str, ...]:
    """Return the markets that a clock can be built for, in alphabetical order."""
    return tuple(sorted(MARKETS))


def zone_of(mic: str) -> str:
    """Return the IANA zone of a market's floor; raises ConfigError for a market that is not known."""
    return _market(mic)[1]


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
        what was a session; a session that the calendar does not list is given the usual hours of those days.
    close_time
        Local time at which the source strikes its daily close, if that is not the calendar's close. A half day keeps
        its own close where that is earlier.

    Raises
    ------
    ConfigError
        The market is not known, or `close_time` comes before the market opens.
    """
    calendar, zone_name = _market(mic)
    zone = ZoneInfo(zone_name)
    since, until = np.datetime64(first), np.datetime64(last)
    days, opens, closes, early, start = _hours(calendar, first.year, last.year)
    seen = np.unique(observed.astype("datetime64[D]")) if observed is not None else days[:0]
    unseen = np.zeros(len(days), dtype=bool)
    if len(seen):
        start = min(start, seen[0])
        unseen = (days >= seen[0]) & (days <= seen[-1]) & ~np.isin(days, seen)
    added = np.setdiff1d(seen[(seen >= since) & (seen <= until)], days)
    added_opens, added_closes = _usual_hours(added, days, opens, closes, zone)
    sessions = np.concatenate([days[~unseen], added])
    opens = np.concatenate([opens[~unseen], added_opens])
    closes = np.concatenate([closes[~unseen], added_closes])
    early = np.concatenate([early[~unseen], np.zeros(len(added), dtype=bool)])

    order = np.argsort(sessions)
    order = order[(sessions[order] >= since) & (sessions[order] <= until)]
    sessions, opens, closes, early = sessions[order], opens[order], closes[order], early[order]
    if close_time is not None:
        struck = _utc([datetime.combine(day, close_time) for day in sessions.tolist()], zone)
        closes = np.where(early, np.minimum(closes, struck), struck)
        if (closes <= opens).any():
            day = sessions[np.argmax(closes <= opens)]
            raise ConfigError(
                "close_time", f"{close_time} is before {mic} opens on {day}; write it in {zone_name} time"
            )
    return Clock(
        mic=mic,
        zone=zone_name,
        first=date.fromisoformat(str(max(since, start))),
        sessions=sessions,
        opens=opens,
        closes=closes,
        begins=_midnights(sessions, zone),
        ends=_midnights(sessions + 1, zone),
        observed_to=seen[-1].item() if len(seen) else None,
        removed=days[unseen & (days >= since) & (days <= until)],
        added=added,
    )


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
        at >= _midnights(np.array([clock.first], dtype="datetime64[D]"), ZoneInfo(clock.zone))
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


# --- calendars ------------------------------------------------------------------------------------------------------


def _market(mic: str) -> tuple[str, str]:
    if mic not in MARKETS:
        near = difflib.get_close_matches(mic, MARKETS, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise ConfigError(
            f"mic {mic}", f"{hint}write the ISO 10383 code of one of the known markets: {', '.join(known_mics())}"
        )
    return MARKETS[mic]


@lru_cache(maxsize=64)
def _hours(
    calendar: str, first_year: int, last_year: int
) -> tuple[Times, Times, Times, NDArray[np.bool_], np.datetime64]:
    """Return days, opens, closes, which are half days, and the first day that the calendar can speak of."""
    import exchange_calendars  # here because it takes a second, with pandas behind it

    start, end = date(first_year, 1, 1), date(last_year, 12, 31)
    try:
        # The library's own default is twenty years back to one year ahead, with an error outside.
        book = exchange_calendars.get_calendar(calendar, start=start.isoformat(), end=end.isoformat())
    except ValueError:
        # It knows the holidays of some markets for certain years only, and tells which once a calendar is built.
        known = exchange_calendars.get_calendar(calendar)
        start = max(start, (known.bound_min() or known.first_session).date())
        end = min(end, (known.bound_max() or known.last_session).date())
        if start > end:
            raise ConfigError(
                f"calendar {calendar}",
                f"exchange_calendars knows nothing of it in {first_year}..{last_year}; install a newer one",
            ) from None
        book = exchange_calendars.get_calendar(calendar, start=start.isoformat(), end=end.isoformat())
    days = book.sessions.values.astype("datetime64[D]")
    opens, closes = (side.values.astype("datetime64[s]") for side in (book.opens, book.closes))
    return days, opens, closes, np.isin(days, book.early_closes.values.astype("datetime64[D]")), np.datetime64(start)


def _usual_hours(added: Times, days: Times, opens: Times, closes: Times, zone: ZoneInfo) -> tuple[Times, Times]:
    """Give days that the calendar does not list the local hours most common among the ten days nearest to them."""
    hours: list[tuple[datetime, datetime]] = []
    for day in added.tolist():
        at = int(np.searchsorted(days, np.datetime64(day)))
        low = max(0, min(at - 5, len(days) - 10))
        near = [
            tuple(_wall(instant, zone) - datetime.combine(listed, time.min) for instant in sides)
            for listed, *sides in zip(*(a[low : low + 10].tolist() for a in (days, opens, closes)), strict=True)
        ]
        open_after, close_after = max(near, key=near.count)
        midnight = datetime.combine(day, time.min)
        hours.append((midnight + open_after, midnight + close_after))
    return _utc([opens_at for opens_at, _ in hours], zone), _utc([closes_at for _, closes_at in hours], zone)


# --- wall clocks ----------------------------------------------------------------------------------------------------


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def _utc(walls: Iterable[datetime], zone: ZoneInfo) -> Times:
    return np.array([int(wall.replace(tzinfo=zone).timestamp()) for wall in walls], dtype="datetime64[s]")


def _midnights(days: Times, zone: ZoneInfo) -> Times:
    return _utc((datetime.combine(day, time.min) for day in days.tolist()), zone)


def _day_zero(clock: Clock, at: int, anchor: Anchor, sensitive: bool) -> DayZero:
    opens_at, closes_at = (side[at].item().replace(tzinfo=UTC) for side in (clock.opens, clock.closes))
    return DayZero(clock.sessions[at].item(), anchor, opens_at, closes_at, sensitive)
