"""The sessions of a calendar with their hours: exchange_calendars, corrected by the overlay of the market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from signals.errors import ConfigError
from signals.sessions.moscow import MOSCOW
from signals.sessions.overlay import Overlay
from signals.sessions.walls import utc, wall
from signals.types import Ints, Times

Bools = NDArray[np.bool_]

#: What is known of a market beyond its calendar, by the calendar's name.
OVERLAYS: dict[str, Overlay] = {"XMOS": MOSCOW}


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """Sessions, ascending, with opens and closes in UTC.

    `firm` marks those whose close no source can strike later: half days, and days whose hours the overlay tells.
    `since` is the first day that the calendar can speak of.
    """

    sessions: Times
    opens: Times
    closes: Times
    firm: Bools
    since: np.datetime64

    def take(self, chosen: Bools | Ints) -> Days:
        """Return the chosen sessions, in the order in which they are named."""
        return Days(self.sessions[chosen], self.opens[chosen], self.closes[chosen], self.firm[chosen], self.since)


@lru_cache(maxsize=64)
def known_days(calendar: str, zone_name: str, first_year: int, last_year: int) -> Days:
    """Return the sessions of whole years; a calendar that knows less gives fewer."""
    found = _listed(calendar, first_year, last_year)
    overlay = OVERLAYS.get(calendar)
    return _corrected(found, overlay, ZoneInfo(zone_name), last_year) if overlay else found


def _listed(calendar: str, first_year: int, last_year: int) -> Days:
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
    half_days = np.isin(days, book.early_closes.values.astype("datetime64[D]"))
    return Days(days, opens, closes, half_days, np.datetime64(start))


def _corrected(listed: Days, overlay: Overlay, zone: ZoneInfo, last_year: int) -> Days:
    """Apply a market's dated rules to the calendar's days."""
    opened = np.array([day for day in overlay.opened if day.year <= last_year], dtype="datetime64[D]")
    open_on = np.array([not overlay.is_shut(day) for day in listed.sessions.tolist()], dtype=bool)
    found = with_days(listed.take(open_on), opened[opened >= listed.since], zone)
    opens, closes, firm = found.opens.copy(), found.closes.copy(), found.firm.copy()
    before: date = listed.since.astype(object)
    for n, day in enumerate(found.sessions.tolist()):
        hours = overlay.hours_on(day)
        if hours:
            begins = overlay.begins_on(before, day)
            opening = hours.opens if begins == day else overlay.side_sessions.opens
            opens[n], closes[n] = utc([datetime.combine(begins, opening), datetime.combine(day, hours.closes)], zone)
            firm[n] = True
        before = day
    return Days(found.sessions, opens, closes, firm, found.since)


def with_days(known: Days, added: Times, zone: ZoneInfo) -> Days:
    """Add sessions that are not listed, each with the local hours most common among the ten days nearest to it."""
    added = np.setdiff1d(added, known.sessions)
    if not len(added):
        return known
    columns = (known.sessions, known.opens, known.closes)
    hours: list[tuple[datetime, datetime]] = []
    for day in added.tolist():
        at = int(np.searchsorted(known.sessions, np.datetime64(day)))
        low = max(0, min(at - 5, len(known.sessions) - 10))
        near = [
            tuple(wall(instant, zone) - datetime.combine(listed, time.min) for instant in sides)
            for listed, *sides in zip(*(a[low : low + 10].tolist() for a in columns), strict=True)
        ]
        open_after, close_after = max(near, key=near.count)
        midnight = datetime.combine(day, time.min)
        hours.append((midnight + open_after, midnight + close_after))
    sessions = np.concatenate([known.sessions, added])
    opens = np.concatenate([known.opens, utc([opens_at for opens_at, _ in hours], zone)])
    closes = np.concatenate([known.closes, utc([closes_at for _, closes_at in hours], zone)])
    firm = np.concatenate([known.firm, np.zeros(len(added), dtype=bool)])
    return Days(sessions, opens, closes, firm, known.since).take(np.argsort(sessions))
