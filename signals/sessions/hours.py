"""The sessions of a calendar with their hours: exchange_calendars, corrected by the overlay of the market."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from signals.errors import ConfigError
from signals.sessions.local_time import to_local, to_utc
from signals.sessions.moscow import MOSCOW
from signals.sessions.overlay import Overlay
from signals.types import Ints, Times

Bools = NDArray[np.bool_]

#: Corrections of a calendar, by its name.
OVERLAYS: dict[str, Overlay] = {"XMOS": MOSCOW}


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """Sessions, ascending, with opens and closes in UTC.

    `fixed_close` marks the sessions whose close no source can set later: half days, and days whose hours come from
    the overlay. `since` is the first day that the calendar covers.
    """

    sessions: Times
    opens: Times
    closes: Times
    fixed_close: Bools
    since: np.datetime64

    def take(self, index: Bools | Ints) -> Days:
        """Return the sessions that a mask or positions select, in the order of the positions."""
        return Days(self.sessions[index], self.opens[index], self.closes[index], self.fixed_close[index], self.since)


@lru_cache(maxsize=64)
def calendar_days(calendar: str, zone_name: str, first_year: int, last_year: int) -> Days:
    """Return the sessions of whole years; a calendar that covers less gives fewer."""
    scheduled = _scheduled(calendar, first_year, last_year)
    overlay = OVERLAYS.get(calendar)
    return _corrected(scheduled, overlay, ZoneInfo(zone_name), last_year) if overlay else scheduled


def _scheduled(calendar: str, first_year: int, last_year: int) -> Days:
    import exchange_calendars  # here because importing it and pandas takes a second, and reports need neither

    start, end = date(first_year, 1, 1), date(last_year, 12, 31)
    try:
        # The library's own default is twenty years back to one year ahead, with an error outside.
        table = exchange_calendars.get_calendar(calendar, start=start.isoformat(), end=end.isoformat())
    except ValueError:
        # Some markets' holidays are listed for certain years only; the bounds are those of a calendar that was built.
        default = exchange_calendars.get_calendar(calendar)
        start = max(start, (default.bound_min() or default.first_session).date())
        end = min(end, (default.bound_max() or default.last_session).date())
        if start > end:
            raise ConfigError(
                f"calendar {calendar}",
                f"exchange_calendars does not cover {first_year}..{last_year}; install a newer version",
            ) from None
        table = exchange_calendars.get_calendar(calendar, start=start.isoformat(), end=end.isoformat())
    days = table.sessions.values.astype("datetime64[D]")
    opens, closes = (column.values.astype("datetime64[s]") for column in (table.opens, table.closes))
    half_days = np.isin(days, table.early_closes.values.astype("datetime64[D]"))
    return Days(days, opens, closes, half_days, np.datetime64(start))


def _corrected(scheduled: Days, overlay: Overlay, zone: ZoneInfo, last_year: int) -> Days:
    """Apply a market's dated rules to the calendar's days."""
    added = np.array([day for day in overlay.added_sessions if day.year <= last_year], dtype="datetime64[D]")
    is_open = np.array([not overlay.is_closed(day) for day in scheduled.sessions.tolist()], dtype=bool)
    days = with_days(scheduled.take(is_open), added[added >= scheduled.since], zone)
    opens, closes, fixed_close = days.opens.copy(), days.closes.copy(), days.fixed_close.copy()
    before: date = scheduled.since.astype(object)
    for n, day in enumerate(days.sessions.tolist()):
        hours = overlay.hours_on(day)
        if hours:
            begins = overlay.begins_on(before, day)
            opening = hours.opens if begins == day else overlay.off_days.opens
            opens[n], closes[n] = to_utc([datetime.combine(begins, opening), datetime.combine(day, hours.closes)], zone)
            fixed_close[n] = True
        before = day
    return Days(days.sessions, opens, closes, fixed_close, days.since)


def with_days(scheduled: Days, added: Times, zone: ZoneInfo) -> Days:
    """Add sessions that are not scheduled, each with the local hours most common among the ten nearest sessions."""
    added = np.setdiff1d(added, scheduled.sessions)
    if not len(added):
        return scheduled
    columns = (scheduled.sessions, scheduled.opens, scheduled.closes)
    hours: list[tuple[datetime, datetime]] = []
    for day in added.tolist():
        index = int(np.searchsorted(scheduled.sessions, np.datetime64(day)))
        low = max(0, min(index - 5, len(scheduled.sessions) - 10))
        near = [
            tuple(to_local(instant, zone) - datetime.combine(session, time.min) for instant in instants)
            for session, *instants in zip(*(column[low : low + 10].tolist() for column in columns), strict=True)
        ]
        open_after, close_after = max(near, key=near.count)
        midnight = datetime.combine(day, time.min)
        hours.append((midnight + open_after, midnight + close_after))
    sessions = np.concatenate([scheduled.sessions, added])
    opens = np.concatenate([scheduled.opens, to_utc([opens_at for opens_at, _ in hours], zone)])
    closes = np.concatenate([scheduled.closes, to_utc([closes_at for _, closes_at in hours], zone)])
    fixed_close = np.concatenate([scheduled.fixed_close, np.zeros(len(added), dtype=bool)])
    return Days(sessions, opens, closes, fixed_close, scheduled.since).take(np.argsort(sessions))
