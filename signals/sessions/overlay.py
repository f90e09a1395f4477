"""What a market did that its calendar does not know: closures, sessions, and trading hours by date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

import numpy as np
from numpy.typing import NDArray

from signals.types import Times


@dataclass(frozen=True, slots=True)
class Hours:
    """When the trading day of a session begins and when its last price is struck, in the market's local time."""

    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class SideSessions:
    """Trading on days that are no sessions: it is part of the next session, whose trading day it begins.

    They are held on weekends from `since` on and on the listed `holidays`, but not on the days of `none`.
    """

    since: date
    opens: time
    holidays: frozenset[date]
    none: frozenset[date]


@dataclass(frozen=True, slots=True)
class Overlay:
    """The dated rules of one market.

    Attributes
    ----------
    closures
        Spans of days, both ends included, without a session.
    opened
        Sessions that the calendar does not list.
    regimes
        Hours from a day on, in order of days; before the first of them the calendar's stand.
    single_days
        Hours of one day.
    """

    closures: tuple[tuple[date, date], ...]
    opened: tuple[date, ...]
    regimes: tuple[tuple[date, Hours], ...]
    single_days: Mapping[date, Hours]
    side_sessions: SideSessions

    def is_shut(self, day: date) -> bool:
        """Tell whether the market was shut on a day that the calendar lists."""
        return any(first <= day <= last for first, last in self.closures)

    def hours_on(self, day: date) -> Hours | None:
        """Return the hours of a session, or None where the calendar's stand."""
        began = [hours for since, hours in self.regimes if since <= day]
        return self.single_days.get(day) or (began[-1] if began else None)

    def is_side_session(self, day: date) -> bool:
        """Tell whether trading on a day that is no session is part of the next one."""
        side = self.side_sessions
        return day >= side.since and (day.weekday() >= 5 or day in side.holidays) and day not in side.none

    def begins_on(self, before: date, session: date) -> date:
        """Return the day on which the trading day of a session begins, `before` being the session before it."""
        between = (before + timedelta(days=n) for n in range(1, (session - before).days))
        return next((day for day in between if self.is_side_session(day)), session)


def side_sessions_among(days: Times, overlay: Overlay | None) -> NDArray[np.bool_]:
    """Mark the days on which trading is part of the next session."""
    marked: Iterable[bool] = (overlay is not None and overlay.is_side_session(day) for day in days.tolist())
    return np.fromiter(marked, dtype=bool, count=len(days))
