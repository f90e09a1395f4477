"""Intraday windows: the window around a publication instant, and the same window on every other session.

A day is divided into slots of one bar's length, by the market's wall clock, so that summer time changes no slot. A bar
belongs to the slot that contains its start. Its close is the price at the slot's end, or at the close of the session if
that is earlier: the New York bar of 09:00 spans 09:30 to 10:00. Bars outside a session's hours are ignored. This drops
the opening auction, which Moscow publishes as a separate bar on some dates only.

A window begins and ends at *places* of a session: the end of a slot, the session's open or close, or the close of the
session before. A pair of places gives a series with one return per session. The models, the volatility and the
reference of daily moves apply to that series unchanged (K = 1), so that an hour is compared with the same hour of other
days.

In a break of the session there is no price. A publication in a break counts as one at its end, whose base is the last
close before the break; a window before publication ends where the break begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from signals.study.leastsquares import Bools
from signals.study.models import Panel
from signals.study.returns import without_trade
from signals.types import Bars, Floats, IntradayWindow, Ints, Times

PREVIOUS, OPEN, CLOSE = -100_000, 100_000, 100_001  # places that are not slots
NO_PLACE = 100_002  # a place outside the session
MAX_DISTANCE = 1_800  # seconds between an instant and the bar that prices it, if bars are shorter
TRAILING_SESSIONS = 20  # sessions before, whose median hour of closing is the normal one


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """The hours of T sessions by the wall clock.

    Attributes
    ----------
    sessions
        ``datetime64[D]`` ``(T,)``.
    opens, closes
        ``(T,)`` seconds from midnight of the session's date.
    midnight
        ``(T,)`` that midnight in UTC seconds, by the zone's offset at the open.
    break_starts, break_ends
        ``(T,)`` the break of the session, in seconds as `closes`; both are the close of a session without one.
    """

    sessions: Times
    opens: Ints
    closes: Ints
    midnight: Ints
    break_starts: Ints
    break_ends: Ints

    @classmethod
    def of(
        cls, sessions: Times, opens: Times, closes: Times, offsets: Ints, breaks: tuple[Times, Times] | None = None
    ) -> Hours:
        """Return hours from opens, closes and breaks (NaT for none) in UTC, and each session's UTC offset, seconds."""
        midnight = sessions.astype("datetime64[s]").astype(np.int64) - offsets

        def local(instants: Times) -> Ints:
            return np.where(np.isnat(instants), closes, instants).astype("datetime64[s]").astype(np.int64) - midnight

        starts, ends = breaks or (closes, closes)
        return cls(sessions, local(opens), local(closes), midnight, local(starts), local(ends))

    def day(self, session: Ints) -> Day:
        """Return the hours of E sessions by their positions."""
        return Day(*(column[session] for column in (self.opens, self.closes, self.break_starts, self.break_ends)))

    def days(self) -> Iterator[Day]:
        """Yield each combination of hours that a session has, in a fixed order."""
        columns = (self.opens, self.closes, self.break_starts, self.break_ends)
        for hours in sorted({*zip(*(column.tolist() for column in columns), strict=True)}):
            yield Day(*(np.array(second) for second in hours))

    def odd(self) -> Bools:
        """Return ``(T,)`` whether a session closes at another hour than the median of the sessions before it."""
        odd = np.zeros(len(self.closes), dtype=bool)
        for t in np.flatnonzero(self.closes[1:] != self.closes[:-1]) + 1:  # only sessions after a change can differ
            odd[t : t + TRAILING_SESSIONS] = True
        for t in np.flatnonzero(odd):
            before = self.closes[max(t - TRAILING_SESSIONS, 0) : t]
            odd[t] = self.closes[t] != np.sort(before)[len(before) // 2]
        return odd


class Day(NamedTuple):
    """The hours of E sessions, each ``(E,)``, or of one; see `Hours`."""

    opens: Ints
    closes: Ints
    break_starts: Ints
    break_ends: Ints

    def in_break(self, local: Ints) -> Bools:
        """Return whether a second of the day is in the break."""
        return (local >= self.break_starts) & (local < self.break_ends)


@dataclass(frozen=True, slots=True)
class Grid:
    """Slots of `interval` seconds, which begin `phase` seconds after a multiple of it."""

    interval: int
    phase: int

    @classmethod
    def of(cls, hours: Hours, start: Times, interval: int) -> Grid:
        """Return the grid whose phase is the most common one among the starts of bars."""
        begins = start.astype("datetime64[s]").astype(np.int64)
        session = _session_of(hours, begins, interval)
        local = (begins - hours.midnight[session])[session >= 0]
        phases, counts = np.unique(local % interval, return_counts=True)
        return cls(interval, int(phases[np.argmax(counts)]) if len(phases) else 0)

    def slot(self, local: Ints) -> Ints:
        """Return the slot that contains a second of the day."""
        return (local - self.phase) // self.interval

    def last_ended(self, local: Ints, close: Ints) -> Ints:
        """Return the last slot that ends at or before a second of a session that closes at `close`."""
        return np.where(local >= close, self.first_ending(close), self.slot(local) - 1)

    def first_ending(self, local: Ints) -> Ints:
        """Return the first slot that ends at or after a second of the day."""
        return -((self.phase - local) // self.interval) - 1

    def outside_break(self, slot: Ints, day: Day, backwards: bool) -> Ints:
        """Return the slots as they are, those inside the break replaced by the last before it or the first after it."""
        after = self.slot(day.break_ends)
        before = np.minimum(self.first_ending(day.break_starts), after - 1)
        inside = (day.break_starts < day.break_ends) & (slot > before) & (slot < after)
        return np.where(inside, before if backwards else after, slot)

    @property
    def max_shift(self) -> int:
        """The largest number of slots between a place and the bar that prices it."""
        return max(MAX_DISTANCE // self.interval - 1, 0)


def _session_of(hours: Hours, begins: Ints, interval: int) -> Ints:
    """Return the session that each bar overlaps, by its start in UTC seconds; -1 if none."""
    session = np.searchsorted(hours.midnight + hours.closes, begins, side="right")
    inside = session < len(hours.sessions)
    inside[inside] = begins[inside] + interval > (hours.midnight + hours.opens)[session[inside]]
    return np.where(inside, session, -1)


# --- the places of windows ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class LocatedWindows:
    """The sessions of the windows of E publications, and the places where they begin and end, each ``(E,)``.

    A place is `NO_PLACE` where the window extends beyond its session.
    """

    session: Ints
    start: Ints
    end: Ints


def locate(hours: Hours, grid: Grid, window: IntradayWindow, day_zero: Ints, at: Ints) -> LocatedWindows:
    """Return the places of a window around E publications.

    Parameters
    ----------
    hours, grid, window
        The market's hours, its slots, and the window.
    day_zero
        ``(E,)`` the first session whose close is after publication.
    at
        ``(E,)`` publication in UTC seconds.

    Notes
    -----
    The offsets of a window count from publication, or from the open of day zero if that is later. An offset up to zero
    stands for the last close at or before it, an offset above zero for the first close at or after it. For a
    publication outside a session, a window before it lies at the end of the previous session. The overnight window of
    a publication during a session follows that session. A place in a break is the close before or after it.
    """
    local = at - hours.midnight[day_zero]
    inside = local >= hours.opens[day_zero]
    if window.first is None:
        session = np.where(inside, day_zero + 1, day_zero)
        return LocatedWindows(session, np.full_like(session, PREVIOUS), np.full_like(session, OPEN))
    session, clock = day_zero, np.maximum(local, hours.opens[day_zero])
    if window.before_publication:
        session = np.where(inside, day_zero, day_zero - 1)
        clock = np.where(inside, local, hours.closes[session])
    start, end = places(grid, window, clock, hours.day(session))
    return LocatedWindows(session, start, end)


def places(grid: Grid, window: IntradayWindow, clock: Ints, day: Day) -> tuple[Ints, Ints]:
    """Return the places where a window begins and ends, from E seconds of the day of sessions with these hours."""
    clock = np.where(day.in_break(clock), day.break_starts if window.before_publication else day.break_ends, clock)

    def place(offset: int) -> Ints:
        second = clock + 60 * offset
        if offset > 0:
            slot = grid.outside_break(grid.first_ending(second), day, backwards=False)
            return np.where(second > day.closes, NO_PLACE, slot)
        slot = grid.outside_break(grid.last_ended(second, day.closes), day, backwards=True)
        before_open = PREVIOUS if offset == 0 and not window.before_publication else NO_PLACE
        return np.where(slot < grid.slot(day.opens), before_open, slot)

    start = place(window.first or 0)
    return start, np.full_like(start, CLOSE) if window.last is None else place(window.last)


def pairs(hours: Hours, grid: Grid, window: IntradayWindow) -> Ints:
    """Return every pair of places that a window can have, ``(R, 2)`` in a fixed order."""
    if window.first is None:
        return np.array([[PREVIOUS, OPEN]])
    candidates: list[Ints] = []
    for day in hours.days():
        clock = np.arange(int(day.opens), int(day.closes) + window.before_publication, 30)
        candidates.append(np.column_stack(places(grid, window, clock, day)))
    unique = np.unique(np.concatenate(candidates), axis=0)
    inside: Ints = unique[(unique != NO_PLACE).all(axis=1) & (unique[:, 0] != unique[:, 1])]
    return inside


# --- prices at places -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class IntradaySeries:
    """One instrument's bars on the slots of T sessions.

    Attributes
    ----------
    low
        The slot of the first column of `close`.
    close
        ``(T, S)`` by slot; NaN without a bar.
    open
        ``(T,)`` the price at the open; NaN where the first bar is missing.
    last
        ``(T,)`` the last close of the session; NaN where the bars end too long before the session closes.
    dividend, split
        ``(T,)`` dividend per new share, and new shares per old one, that take effect with the session.
    odd
        ``(T,)`` whether the session closes at another hour than usual, so that no window to its close is comparable.
    """

    grid: Grid
    low: int
    close: Floats
    open: Floats
    last: Floats
    dividend: Floats
    split: Floats
    odd: Bools

    def series(self, pair: tuple[int, int], window: IntradayWindow) -> Floats:
        """Return the returns between two places on every session, ``(T,)``."""
        after = self._price(pair[1], window.before_publication)
        if pair[0] == PREVIOUS:
            before = np.append(np.nan, self.last[:-1])
            after = self.split * (after + self.dividend)
        else:
            before = self._price(pair[0], not window.delayed)
        series: Floats = after / before - 1
        if pair[1] == CLOSE:
            series[self.odd] = np.nan
        return series

    def price_slots(self, session: Ints, place: Ints, backwards: bool) -> Ints:
        """Return the slots ``(E,)`` whose closes are the prices at places of sessions.

        A slot without a bar is replaced by the nearest one that has a bar, before it if `backwards`, else after it, or
        by `NO_PLACE` if that is more than `Grid.max_shift` slots away. `PREVIOUS`, `OPEN` and `CLOSE` are unchanged.
        """
        slots = np.where(np.isin(place, (PREVIOUS, OPEN, CLOSE)), place, NO_PLACE)
        for step in range(self.grid.max_shift, -1, -1):
            slot = place - step if backwards else place + step
            has_bar = (slot >= self.low) & (slot < self.low + self.close.shape[1])
            has_bar[has_bar] = np.isfinite(self.close[session[has_bar], slot[has_bar] - self.low])
            slots[has_bar] = slot[has_bar]
        return slots

    def _price(self, place: int, backwards: bool) -> Floats:
        """Return the prices at one place of every session, ``(T,)``."""
        if place in (OPEN, CLOSE):
            return self.open if place == OPEN else self.last
        sessions = np.arange(len(self.close))
        slots = self.price_slots(sessions, np.full(len(sessions), place), backwards)
        has_bar = slots != NO_PLACE
        price = np.full(len(slots), np.nan)
        price[has_bar] = self.close[has_bar, slots[has_bar] - self.low]
        return price


def align_bars(hours: Hours, grid: Grid, bars: Bars, dividend: Floats, split: Floats) -> IntradaySeries:
    """Return bars aligned with the sessions of a market; a bar without a close, or without a trade, is ignored.

    `dividend` and `split` are ``(T,)`` by session, 0 and 1 where there is none.
    """
    begins = bars.start.astype("datetime64[s]").astype(np.int64)
    session = _session_of(hours, begins, grid.interval)
    slot = grid.slot(begins - hours.midnight[session])
    first, final = grid.slot(hours.opens), grid.first_ending(hours.closes)
    used = (session >= 0) & np.isfinite(bars.close) & (slot >= first[session])
    used &= ~without_trade(bars.close, bars.volume)
    session, slot = session[used], slot[used]
    low, high = (int(first.min()), int(final.max())) if len(first) else (0, 0)
    close, opens = np.full((2, len(first), high - low + 1), np.nan)
    close[session, slot - low] = bars.close[used]
    opens[session[::-1], slot[::-1] - low] = bars.open[used][::-1]  # of two bars in one slot the first
    opened, last = np.full((2, len(first)), np.nan)
    for step in range(grid.max_shift + 1):
        for prices, source, at in ((opened, opens, first + step), (last, close, final - step)):
            rows = np.flatnonzero(np.isnan(prices) & (first <= at) & (at <= final))
            prices[rows] = source[rows, at[rows] - low]
    return IntradaySeries(grid, low, close, opened, last, dividend, split, hours.odd())


def panel_of(
    instrument: IntradaySeries, benchmark: IntradaySeries | None, window: IntradayWindow, place_pairs: Ints
) -> Panel:
    """Return the panel of one instrument: a row per pair of places ``(R, 2)``, a column per session."""

    def rows(bars: IntradaySeries) -> Floats:
        returns = [bars.series((start, end), window) for start, end in place_pairs.tolist()]
        return np.array(returns).reshape(len(place_pairs), len(bars.open))

    ret = rows(instrument)
    missing = np.full_like(ret, np.nan)
    return Panel(ret, missing if benchmark is None else rows(benchmark), missing, missing)


def row_of(place_pairs: Ints, start: Ints, end: Ints) -> Ints:
    """Return the row of each pair of places in ``(R, 2)``, or -1."""
    rows = {tuple(pair): n for n, pair in enumerate(place_pairs.tolist())}
    return np.array([rows.get(pair, -1) for pair in zip(start.tolist(), end.tolist(), strict=True)], dtype=np.int64)


def instant(hours: Hours, grid: Grid, session: int, place: int) -> int:
    """Return the time of the price at a place of a session, in UTC seconds."""
    if place == PREVIOUS:
        session = max(session - 1, 0)
    if place == OPEN:
        return int(hours.midnight[session] + hours.opens[session])
    ends = int(hours.closes[session])
    if place not in (PREVIOUS, CLOSE):
        ends = min(grid.phase + (place + 1) * grid.interval, ends)
        if hours.break_starts[session] < ends <= hours.break_ends[session]:
            ends = int(hours.break_starts[session])
    return int(hours.midnight[session]) + ends
