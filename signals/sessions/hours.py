"""The sessions of a market with their hours: a calendar or days of the week, corrected by what is dated.

The order is: the calendar; the hours and the closing auction of the market; the rows that are shipped for the calendar
(`signals/sessions/dated`); the overlay (Moscow's); the rows of the configuration.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from signals.errors import ConfigError
from signals.sessions.local_time import to_local, to_utc
from signals.sessions.markets import Market
from signals.sessions.moscow import MOSCOW
from signals.sessions.overlay import Overlay
from signals.types import DatedHours, Ints, Times

Bools = NDArray[np.bool_]

#: Corrections of a calendar that take more than rows, by its name.
OVERLAYS: dict[str, Overlay] = {"XMOS": MOSCOW}

#: Rows of dated hours, a file per calendar.
DATED = Path(__file__).parent / "dated"

_NO_TIME = np.datetime64("NaT", "s")
_MIDNIGHT = time(0)
_HOURS = ("opens", "closes", "break_starts", "break_ends")


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """Sessions, ascending, with their hours in UTC.

    Attributes
    ----------
    sessions
        ``datetime64[D]``, ``(T,)`` as the others.
    opens, closes, break_starts, break_ends
        ``datetime64[s]``; NaT where there is no break.
    fixed_close
        The sessions whose close no source can set later: half days, and days with hours of their own.
    usual_open, usual_close
        The sessions that open and close at the market's usual time.
    since
        The first day that the calendar covers.
    """

    sessions: Times
    opens: Times
    closes: Times
    break_starts: Times
    break_ends: Times
    fixed_close: Bools
    usual_open: Bools
    usual_close: Bools
    since: np.datetime64

    def take(self, index: Bools | Ints) -> Days:
        """Return the sessions that a mask or positions select, in the order of the positions."""
        columns = {f.name: getattr(self, f.name)[index] for f in fields(self) if f.name != "since"}
        return replace(self, **columns)

    def copy(self) -> Days:
        """Return the same sessions with columns of their own."""
        return self.take(np.arange(len(self.sessions)))


@lru_cache(maxsize=128)
def calendar_days(market: Market, first_year: int, last_year: int) -> Days:
    """Return the sessions of whole years; a calendar that covers less gives fewer."""
    zone, calendar = ZoneInfo(market.zone), market.calendar
    days = _scheduled(calendar, first_year, last_year) if calendar else _by_weekday(market, first_year, last_year)
    if market.auction.minutes:
        later = days.sessions >= np.datetime64(market.auction.since)
        days = replace(days, closes=days.closes + np.where(later, np.timedelta64(60 * market.auction.minutes, "s"), 0))
    rows = [market.usual] if market.usual else []
    days = with_rows(days, [*rows, *shipped_rows(calendar)], zone, last_year)
    if calendar in OVERLAYS:
        days = _overlaid(days, OVERLAYS[calendar], zone, last_year)
    return _with_real_breaks(with_rows(days, market.dated, zone, last_year))


@lru_cache(maxsize=128)
def shipped_rows(calendar: str) -> tuple[DatedHours, ...]:
    """Return the rows that the program knows of a calendar."""
    path = DATED / f"{calendar}.csv"
    if not calendar or not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(DatedHours.parse(row) for row in csv.DictReader(file))


# --- what is scheduled ----------------------------------------------------------------------------------------------


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
    opens, closes, break_starts, break_ends = (
        column.values.astype("datetime64[s]")
        for column in (table.opens, table.closes, table.break_starts, table.break_ends)
    )
    half_days, late_opens = (
        np.isin(days, column.values.astype("datetime64[D]")) for column in (table.early_closes, table.late_opens)
    )
    return Days(
        days, opens, closes, break_starts, break_ends, half_days, ~late_opens, ~half_days, np.datetime64(start)
    )  # fmt: skip


def _by_weekday(market: Market, first_year: int, last_year: int) -> Days:
    """Return every day of the market's days of the week, with the whole day as hours until rows say more."""
    first = date(first_year, 1, 1)
    span = (first + timedelta(days=n) for n in range((date(last_year, 12, 31) - first).days + 1))
    days = np.array([day for day in span if day.weekday() in market.weekdays], dtype="datetime64[D]")
    return _whole_days(days, ZoneInfo(market.zone), np.datetime64(first))


def _whole_days(days: Times, zone: ZoneInfo, since: np.datetime64) -> Days:
    midnights, ends = (
        to_utc((datetime.combine(day, _MIDNIGHT) for day in span.tolist()), zone) for span in (days, days + 1)
    )
    no_break, yes = np.full(len(days), _NO_TIME), np.ones(len(days), dtype=bool)
    return Days(days, midnights, ends, no_break, no_break, ~yes, yes, yes, since)


# --- what is dated --------------------------------------------------------------------------------------------------


def with_rows(days: Days, rows: Iterable[DatedHours], zone: ZoneInfo, last_year: int) -> Days:
    """Return days with rows applied in their order, those after `last_year` and before the calendar left out."""
    for row in rows:
        if row.rule == "closed":
            days = days.take(~_within(days, row))
        elif row.rule == "session":
            first, last = max(row.first, days.since.astype(object)), min(row.last, date(last_year, 12, 31))
            span = (first + timedelta(days=n) for n in range((last - first).days + 1))
            added = [day for day in span if not row.weekdays or day.weekday() in row.weekdays]
            days = with_days(days, np.array(added, dtype="datetime64[D]"), zone)
        if row.rule != "closed":
            days = _with_hours(days, row, zone)
    return days


def _within(days: Days, row: DatedHours) -> Bools:
    """Return which sessions a row is about."""
    inside = (days.sessions >= np.datetime64(row.first)) & (days.sessions <= np.datetime64(row.last))
    if row.weekdays:
        inside &= np.isin((days.sessions.astype(np.int64) + 3) % 7, row.weekdays)  # 1970-01-01 was a Thursday
    return inside


def _with_hours(days: Days, row: DatedHours, zone: ZoneInfo) -> Days:
    """Return days with the hours of a row: a single day has them whatever it had, a span where days were usual."""
    inside, own = _within(days, row), row.one_day or row.rule == "session"
    days = days.copy()

    def at(sessions: Times, clock: time) -> Times:
        return to_utc((datetime.combine(day, clock) for day in sessions.tolist()), zone)

    if row.closes is not None:
        changed = inside & (own | days.usual_close)
        sessions = days.sessions[changed]
        days.closes[changed] = at(sessions + int(row.closes == _MIDNIGHT), row.closes)
        days.fixed_close[changed] |= own
        days.usual_close[changed] &= not own
    if row.opens is not None:
        changed = inside & (own | days.usual_open)
        sessions = days.sessions[changed]
        opens = at(sessions, row.opens)
        days.opens[changed] = np.where(opens < days.closes[changed], opens, at(sessions - 1, row.opens))
        days.usual_open[changed] &= not own
    if row.break_starts is not None and row.break_ends is not None:
        days.break_starts[inside] = at(days.sessions[inside], row.break_starts)
        days.break_ends[inside] = at(days.sessions[inside], row.break_ends)
    return days


def _with_real_breaks(days: Days) -> Days:
    """Return days without the breaks of sessions that open or close in them, or have an empty one."""
    real = (days.opens < days.break_starts) & (days.break_starts < days.break_ends) & (days.break_ends < days.closes)
    starts, ends = (np.where(real, side, _NO_TIME) for side in (days.break_starts, days.break_ends))
    return replace(days, break_starts=starts, break_ends=ends)


def _overlaid(scheduled: Days, overlay: Overlay, zone: ZoneInfo, last_year: int) -> Days:
    """Apply a market's overlay to the calendar's days."""
    added = np.array([day for day in overlay.added_sessions if day.year <= last_year], dtype="datetime64[D]")
    is_open = np.array([not overlay.is_closed(day) for day in scheduled.sessions.tolist()], dtype=bool)
    days = with_days(scheduled.take(is_open), added[added >= scheduled.since], zone).copy()
    before: date = scheduled.since.astype(object)
    for n, day in enumerate(days.sessions.tolist()):
        hours = overlay.hours_on(day)
        if hours:
            begins = overlay.begins_on(before, day)
            opening = hours.opens if begins == day else overlay.off_days.opens
            days.opens[n], days.closes[n] = to_utc(
                [datetime.combine(begins, opening), datetime.combine(day, hours.closes)], zone
            )
            days.fixed_close[n] = True
        before = day
    return days


def with_days(scheduled: Days, added: Times, zone: ZoneInfo) -> Days:
    """Add sessions that are not scheduled, each with the local hours most common among the ten nearest sessions."""
    added = np.setdiff1d(added, scheduled.sessions)
    if not len(added):
        return scheduled
    whole = _whole_days(added, zone, scheduled.since)
    if len(scheduled.sessions):
        whole = _with_common_hours(whole, scheduled, zone)
    columns = {
        f.name: np.concatenate([getattr(scheduled, f.name), getattr(whole, f.name)])
        for f in fields(Days)
        if f.name != "since"
    }
    days = Days(**columns, since=scheduled.since)
    return days.take(np.argsort(days.sessions))


def _with_common_hours(added: Days, scheduled: Days, zone: ZoneInfo) -> Days:
    """Return sessions with the hours of their neighbours, breaks included."""
    added = added.copy()
    for n, day in enumerate(added.sessions.tolist()):
        index = int(np.searchsorted(scheduled.sessions, np.datetime64(day)))
        low = max(0, min(index - 5, len(scheduled.sessions) - 10))
        near = [_after_midnight(scheduled, at, zone) for at in range(low, min(low + 10, len(scheduled.sessions)))]
        common = max(near, key=lambda hours: sum(hours == other for other in near))
        for name, after in zip(_HOURS, common, strict=True):
            if after is not None:
                getattr(added, name)[n] = to_utc([datetime.combine(day, _MIDNIGHT) + after], zone)[0]
    return added


def _after_midnight(days: Days, at: int, zone: ZoneInfo) -> tuple[timedelta | None, ...]:
    """Return how long after its local midnight each of a session's hours is; None for a break that it has not."""
    midnight = datetime.combine(days.sessions[at].item(), _MIDNIGHT)
    instants = [getattr(days, name)[at].item() for name in _HOURS]
    return tuple(None if instant is None else to_local(instant, zone) - midnight for instant in instants)
