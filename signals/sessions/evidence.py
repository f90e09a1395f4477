"""What the bars of a market say of its days: on which of them it was open, and on which it was shut.

A day that the calendar lists was a session if any series has a bar on it. It was none if no series has one, though a
steady one spans it. A day that the calendar does not list was a session if most of the series that span it printed a
price there, and at least two did: a vendor's stray row makes no session. Before the calendar begins, bars alone decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from signals.types import SeriesSpan, Times

#: A steady series has a bar on this share of the weekdays that it spans; holidays take up to 0.07 of them.
STEADY = 0.9


def is_steady(span: SeriesSpan) -> bool:
    """Return whether a day on which a series has no bar says that its market was shut."""
    end = np.datetime64(span.last) + 1
    return span.bars >= STEADY * int(np.busday_count(np.datetime64(span.first), end))


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The days on which the series of a market have bars.

    Attributes
    ----------
    days
        ``datetime64[D]``, ascending: days with a bar of any series.
    spans
        The spans of the series.
    printed
        How many series printed a price, on days that the calendar may not list. A bar without volume that repeats the
        last price was filled in by its vendor and is no print.
    """

    days: Times
    spans: Sequence[SeriesSpan]
    printed: Mapping[date, int]

    @classmethod
    def of_sessions(cls, days: Times) -> Evidence:
        """Return the evidence of a market of which all sessions from the first to the last are known."""
        days = np.unique(days.astype("datetime64[D]"))
        first, last = days[0].item(), days[-1].item()
        span = SeriesSpan(first, last, (last - first).days + 1)
        return cls(days, (span, span), dict.fromkeys(days.tolist(), 2))

    def opened(self, scheduled: Times, since: np.datetime64) -> Times:
        """Return the days on which the market was open, ascending.

        `scheduled` are the sessions of its calendar, which begins on `since`.
        """
        barred = np.union1d(np.intersect1d(self.days, scheduled), self.days[self.days < since])
        beside = np.array([day for day, prints in self.printed.items() if self._agreed(day, prints)], "datetime64[D]")
        return np.union1d(barred, np.setdiff1d(beside, scheduled))

    def _agreed(self, day: date, prints: int) -> bool:
        return prints >= 2 and 2 * prints > sum(span.first <= day <= span.last for span in self.spans)

    def shut(self, scheduled: Times) -> Times:
        """Return the scheduled sessions on which the market was shut, ascending."""
        without = np.setdiff1d(scheduled, self.days)
        return without[_covered(without, (span for span in self.spans if is_steady(span)))]


def _covered(days: Times, spans: Iterable[SeriesSpan]) -> NDArray[np.bool_]:
    """Return which days lie in any of the spans."""
    covered = np.zeros(len(days), dtype=bool)
    for first, last in {(span.first, span.last) for span in spans}:
        covered |= (days >= np.datetime64(first)) & (days <= np.datetime64(last))
    return covered
