"""Bars finer than a day -> a window around a publication instant, and the same window on every other session.

A day is cut into slots as long as a bar, by the market's wall clock, so that summer time moves nothing. A bar lies in
the slot that holds its start, and its close is struck at the slot's end, or at the close of the session if that is
earlier: the New York bar of 09:00 is 09:30 to 10:00. Bars outside a session's hours are left out, and with them the
opening auction that Moscow prints as a bar of its own on some dates and not on others.

A window begins and ends at *places* of a session: a slot's end, the session's open or close, or the close of the
session before. A pair of places makes a series with one return per session, which the models, the volatility and the
reference of daily moves take as it is (K = 1): what is usual at that time of the day comes by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signals.study.leastsquares import Bools
from signals.study.models import Panel
from signals.types import Bars, Floats, IntradayWindow, Ints, Times

PREVIOUS, OPEN, CLOSE = -100_000, 100_000, 100_001  # places that are no slots
NO_PLACE = 100_002  # a place outside the session
LATE = 1_800  # seconds that a price may be older, or later, than the instant it stands for, if bars are finer
USUAL_SESSIONS = 20  # sessions before, whose median close is the ordinary one


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
        ``(T,)`` that midnight in UTC seconds, by the offset that holds when the session opens.
    """

    sessions: Times
    opens: Ints
    closes: Ints
    midnight: Ints

    @classmethod
    def of(cls, sessions: Times, opens: Times, closes: Times, offsets: Ints) -> Hours:
        """Take hours in UTC, and how many seconds east of it each session's clock stands."""
        midnight = sessions.astype("datetime64[s]").astype(np.int64) - offsets
        return cls(
            sessions,
            opens.astype("datetime64[s]").astype(np.int64) - midnight,
            closes.astype("datetime64[s]").astype(np.int64) - midnight,
            midnight,
        )

    def odd(self) -> Bools:
        """``(T,)`` where the session closes at another hour than most of the sessions before it: a half day."""
        odd = np.zeros(len(self.closes), dtype=bool)
        for t in np.flatnonzero(self.closes != np.append(self.closes[:1], self.closes[:-1])):
            odd[t : t + USUAL_SESSIONS] = True
        for t in np.flatnonzero(odd):
            before = self.closes[max(t - USUAL_SESSIONS, 0) : t]
            odd[t] = len(before) > 0 and self.closes[t] != np.sort(before)[len(before) // 2]
        return odd


@dataclass(frozen=True, slots=True)
class Grid:
    """How days are cut: slots of `interval` seconds, which begin `phase` seconds after a multiple of it."""

    interval: int
    phase: int

    @classmethod
    def of(cls, hours: Hours, start: Times, interval: int) -> Grid:
        """Read the phase off the starts of bars: the most common one."""
        begins = start.astype("datetime64[s]").astype(np.int64)
        day = _session_of(hours, begins, interval)
        local = (begins - hours.midnight[day])[day >= 0]
        phases, counts = np.unique(local % interval, return_counts=True)
        return cls(interval, int(phases[np.argmax(counts)]) if len(phases) else 0)

    def slot(self, local: Ints) -> Ints:
        """Return the slot that holds a second of the day."""
        return (local - self.phase) // self.interval

    def closed(self, local: Ints, close: Ints) -> Ints:
        """Return the last slot that has ended at or before a second of the session that closes at `close`."""
        return np.where(local >= close, self.closing(close), self.slot(local) - 1)

    def closing(self, local: Ints) -> Ints:
        """Return the first slot that ends at or after a second of the day."""
        return -((self.phase - local) // self.interval) - 1

    @property
    def slack(self) -> int:
        """How many slots a price may be away from its own."""
        return max(LATE // self.interval - 1, 0)


def _session_of(hours: Hours, begins: Ints, interval: int) -> Ints:
    """Return the session that each bar, by its start in UTC seconds, shares some time with; else -1."""
    day = np.searchsorted(hours.midnight + hours.closes, begins, side="right")
    inside = day < len(hours.sessions)
    inside[inside] = begins[inside] + interval > (hours.midnight + hours.opens)[day[inside]]
    return np.where(inside, day, -1)


# --- where a window begins and ends ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class LocatedWindows:
    """Where the windows of E publications begin and end: sessions and places, each ``(E,)``.

    A place is `NO_PLACE` where the window reaches beyond its session.
    """

    session: Ints
    start: Ints
    end: Ints


def locate(hours: Hours, grid: Grid, window: IntradayWindow, day_zero: Ints, at: Ints) -> LocatedWindows:
    """Find the places of a window around E publications.

    Parameters
    ----------
    hours, grid, window
        The market's hours, how its days are cut, and the window.
    day_zero
        ``(E,)`` the first session whose close is after publication.
    at
        ``(E,)`` publication in UTC seconds.

    Notes
    -----
    The clock of a window starts at publication, or at the open of day zero if that is later. An offset up to zero is
    the last close at or before it, one above zero the first close at or after it. What was published outside a session
    is preceded by the end of the session before it; the night after what was published in one follows that session.
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
    start, end = places(grid, window, clock, hours.opens[session], hours.closes[session])
    return LocatedWindows(session, start, end)


def places(grid: Grid, window: IntradayWindow, clock: Ints, opens: Ints, closes: Ints) -> tuple[Ints, Ints]:
    """Return the places at which a window begins and ends, for E seconds of the day of sessions with these hours."""

    def place(offset: int) -> Ints:
        moment = clock + 60 * offset
        if offset > 0:
            return np.where(moment > closes, NO_PLACE, grid.closing(moment))
        slot = grid.closed(moment, closes)
        before_open = PREVIOUS if offset == 0 and not window.before_publication else NO_PLACE
        return np.where(slot < grid.slot(opens), before_open, slot)

    start = place(window.first or 0)
    return start, np.full_like(start, CLOSE) if window.last is None else place(window.last)


def pairs(hours: Hours, grid: Grid, window: IntradayWindow) -> Ints:
    """Return every pair of places that a window can have, ``(R, 2)`` in a fixed order, whatever is published when."""
    if window.first is None:
        return np.array([[PREVIOUS, OPEN]])
    found: list[Ints] = []
    for opens, closes in sorted({*zip(hours.opens.tolist(), hours.closes.tolist(), strict=True)}):
        clock = np.arange(opens, closes + window.before_publication, 30)
        found.append(np.column_stack(places(grid, window, clock, np.array(opens), np.array(closes))))
    listed = np.unique(np.concatenate(found), axis=0)
    kept: Ints = listed[(listed != NO_PLACE).all(axis=1) & (listed[:, 0] != listed[:, 1])]
    return kept


# --- prices at places -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class IntradaySeries:
    """One instrument's bars on the slots of T sessions.

    Attributes
    ----------
    low
        The slot of the first column of `close`, which is ``(T, S)``; NaN where there is no bar.
    open
        ``(T,)`` the price at which the session opened; NaN where its first bar is missing.
    last
        ``(T,)`` the last close of the session; NaN where the bars end too long before it closed.
    dividend, split
        ``(T,)`` per new share, and new shares per old one, from that session on.
    odd
        ``(T,)`` where the close is not at its usual hour, so that a window that ends there has no equals.
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

    def struck(self, session: Ints, place: Ints, backwards: bool) -> Ints:
        """Return the slots ``(E,)`` whose closes are the prices at places of sessions.

        Where a slot has no bar it is the next one that has, before or after it, and `NO_PLACE` if that is too far. A
        place that is no slot stays.
        """
        found = np.where(np.isin(place, (PREVIOUS, OPEN, CLOSE)), place, NO_PLACE)
        for step in range(self.grid.slack, -1, -1):
            slot = place - step if backwards else place + step
            there = (slot >= self.low) & (slot < self.low + self.close.shape[1])
            there[there] = np.isfinite(self.close[session[there], slot[there] - self.low])
            found[there] = slot[there]
        return found

    def _price(self, place: int, backwards: bool) -> Floats:
        if place in (OPEN, CLOSE):
            return self.open if place == OPEN else self.last
        sessions = np.arange(len(self.close))
        slots = self.struck(sessions, np.full(len(sessions), place), backwards)
        there = slots != NO_PLACE
        price = np.full(len(slots), np.nan)
        price[there] = self.close[there, slots[there] - self.low]
        return price


def align_bars(hours: Hours, grid: Grid, bars: Bars, dividend: Floats, split: Floats) -> IntradaySeries:
    """Lay bars on the sessions of a market; a bar without a close is none.

    `dividend` and `split` are ``(T,)`` by session, 0 and 1 where there is none.
    """
    begins = bars.start.astype("datetime64[s]").astype(np.int64)
    day = _session_of(hours, begins, grid.interval)
    slot = grid.slot(begins - hours.midnight[day])
    first, final = grid.slot(hours.opens), grid.closing(hours.closes)
    used = (day >= 0) & np.isfinite(bars.close) & (slot >= first[day])
    day, slot = day[used], slot[used]
    low, high = (int(first.min()), int(final.max())) if len(first) else (0, 0)
    close, opens = np.full((2, len(first), high - low + 1), np.nan)
    close[day, slot - low] = bars.close[used]
    opens[day[::-1], slot[::-1] - low] = bars.open[used][::-1]  # of two bars in one slot the first
    opened, last = np.full((2, len(first)), np.nan)
    for step in range(grid.slack + 1):
        for prices, source, at in ((opened, opens, first + step), (last, close, final - step)):
            here = np.flatnonzero(np.isnan(prices) & (first <= at) & (at <= final))
            prices[here] = source[here, at[here] - low]
    return IntradaySeries(grid, low, close, opened, last, dividend, split, hours.odd())


def panel_of(tape: IntradaySeries, benchmark: IntradaySeries | None, window: IntradayWindow, listed: Ints) -> Panel:
    """Return the panel of one instrument: a row per pair of places ``(R, 2)``, a column per session."""

    def rows(of: IntradaySeries) -> Floats:
        return np.array([of.series((start, end), window) for start, end in listed.tolist()]).reshape(
            len(listed), len(of.open)
        )

    ret = rows(tape)
    nothing = np.full_like(ret, np.nan)
    return Panel(ret, nothing if benchmark is None else rows(benchmark), nothing, nothing)


def row_of(listed: Ints, start: Ints, end: Ints) -> Ints:
    """Return the row of each pair of places in ``(R, 2)``, or -1."""
    known = {tuple(pair): n for n, pair in enumerate(listed.tolist())}
    return np.array([known.get(pair, -1) for pair in zip(start.tolist(), end.tolist(), strict=True)], dtype=np.int64)


def instant(hours: Hours, grid: Grid, session: int, place: int) -> int:
    """Return when the price of a place of a session is struck, in UTC seconds."""
    if place == PREVIOUS:
        session = max(session - 1, 0)
    if place == OPEN:
        return int(hours.midnight[session] + hours.opens[session])
    ends = int(hours.closes[session])
    if place not in (PREVIOUS, CLOSE):
        ends = min(grid.phase + (place + 1) * grid.interval, ends)
    return int(hours.midnight[session]) + ends
