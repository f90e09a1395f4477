"""Corrections of a market's calendar: closures, added sessions, and trading hours by date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

import numpy as np
from numpy.typing import NDArray

from signals.types import Times


@dataclass(frozen=True, slots=True)
class Hours:
    """When the trading day of a session begins and when its last price is set, in the market's local time."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class OffDayTrading:
    """Trading on weekends and holidays that belongs to the next session, whose trading day it begins.

    It is held on weekends from `since` on and on the listed `holidays`, except on the days in `excluded`.
    """

    since: date
    opens: time
    holidays: frozenset[date]
    excluded: frozenset[date]


@dataclass(frozen=True, slots=True)
class Overlay:
    """The dated rules of one market.

    Attributes
    ----------
    closures
        Spans of days, both ends included, without a session.
    added_sessions
        Sessions that the calendar does not list.
    regimes
        Hours from a day on, in order of days; before the first of them the calendar's hours apply.
    single_days
        Hours of one day.
    off_days
        Trading on days that are no sessions.
    """

    closures: tuple[tuple[date, date], ...]
    added_sessions: tuple[date, ...]
    regimes: tuple[tuple[date, Hours], ...]
    single_days: Mapping[date, Hours]
    off_days: OffDayTrading

    def is_closed(self, day: date) -> bool:
        """Return whether the market was closed on a day that the calendar lists."""
        return any(first <= day <= last for first, last in self.closures)

    def hours_on(self, day: date) -> Hours | None:
        """Return the hours of a session, or None where the calendar's hours apply."""
        in_force = [hours for since, hours in self.regimes if since <= day]
        return self.single_days.get(day) or (in_force[-1] if in_force else None)

    def is_off_day(self, day: date) -> bool:
        """Return whether trading on a day that is no session belongs to the next session."""
        rule = self.off_days
        return day >= rule.since and (day.weekday() >= 5 or day in rule.holidays) and day not in rule.excluded

    def begins_on(self, before: date, session: date) -> date:
        """Return the day on which the trading day of a session begins; `before` is the session before it."""
        between = (before + timedelta(days=n) for n in range(1, (session - before).days))
        return next((day for day in between if self.is_off_day(day)), session)


def off_day_mask(days: Times, overlay: Overlay | None) -> NDArray[np.bool_]:
    """Return, for each day, whether trading on it belongs to the next session; shape ``(N,)``."""
    return np.array([overlay is not None and overlay.is_off_day(day) for day in days.tolist()], dtype=bool)
