"""The clock of one run: the wall clock, held against one that nobody sets."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from signals.errors import ClockError
from signals.store.wall_clock import MOST_BACK, REPAIR


def elapsed() -> float:
    """Return seconds of a clock that nobody sets and that, where the system has one, goes on while it sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class RunClock:
    """The wall clock since a run began. Calling it never raises: it is carried on where the wall clock has jumped."""

    def __init__(self, wall: Callable[[], datetime], seconds: Callable[[], float] = elapsed) -> None:
        self._wall = wall
        self._seconds = seconds
        self.began, self._from = wall(), seconds()

    def __call__(self) -> datetime:
        """Return the time: what the wall clock says, if that is within an hour of what it must be."""
        wall, carried = self._wall(), self._carried()
        return wall if abs(wall - carried) <= MOST_BACK else carried

    def require_steady(self) -> None:
        """Make sure that the wall clock has not gone back by more than an hour.

        Raises
        ------
        ClockError
            It has: what it said when the run began, and what the run learned since, may have been wrong.
        """
        wall, carried = self._wall(), self._carried()
        if wall < carried - MOST_BACK:
            problem = f"went back during the run, from {carried:%Y-%m-%d %H:%M} to {wall:%Y-%m-%d %H:%M} UTC"
            raise ClockError(problem, f"set it if it is wrong now; if it was wrong before, run {REPAIR}")

    def _carried(self) -> datetime:
        whole = timedelta(milliseconds=int((self._seconds() - self._from) * 1000))
        return self.began + whole
