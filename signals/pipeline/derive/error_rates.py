"""Earlier p-values -> the error rates of events: fitted once for the events of 28 days, and kept.

The events of a block of days are judged by windows that had ended 14 days before the block began, so that articles and
bars that come late are still counted, and a rebuild fits the same.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from signals.store import Connection, error_rates
from signals.study.error_rates import TwoGroups, counts_of, fit
from signals.types import ErrorRate, Ints, RelevanceClass

LAG = 14  # calendar days; also the days that are read and counted together
BLOCK = 2 * LAG  # days whose events share a fit: twenty sessions
HISTORY = 50  # times LAG: about five hundred sessions
_CLASSES = tuple(RelevanceClass)

StudyWindow = tuple[str, str]


def first_day(day: date) -> date:
    """Return the first day of the block of days that a day zero belongs to."""
    return date.fromordinal(day.toordinal() // BLOCK * BLOCK)


class ErrorRates:
    """The error rates of a store's events; those of new blocks are fitted when they are first asked for, and written.

    The events of earlier blocks must have been scored by then.
    """

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._rates: dict[StudyWindow, dict[tuple[date, RelevanceClass], ErrorRate]] = {}
        self._counts: dict[StudyWindow, dict[int, Ints]] = {}

    def of(self, study: str, window: str, day_zero: date, relevance_class: RelevanceClass) -> ErrorRate:
        """Return the error rate of an event."""
        key, block = (study, window), first_day(day_zero)
        if key not in self._rates:
            rows = error_rates.error_rates_of(self._db, study, window)
            self._rates[key] = {(row.first_day, row.relevance_class): row for row in rows}
        if (block, relevance_class) not in self._rates[key]:
            fitted = self._fit(study, window, block)
            error_rates.save_error_rates(self._db, fitted)
            self._rates[key] |= {(row.first_day, row.relevance_class): row for row in fitted}
        return self._rates[key][block, relevance_class]

    def _fit(self, study: str, window: str, block: date) -> list[ErrorRate]:
        last = block.toordinal() // LAG - 1
        counts = self._counted(study, window, last - HISTORY, last)
        return [
            ErrorRate(study, window, block, relevance_class, groups.pi, groups.a, groups.c, groups.events)
            for relevance_class, groups in zip(_CLASSES, fit(counts), strict=True)
        ]

    def _counted(self, study: str, window: str, first: int, before: int) -> Ints:
        """Count the p-values of windows that ended in some spans of days; each span is read once."""
        counts = self._counts.setdefault((study, window), {})
        missing = [span for span in range(first, before) if span not in counts]
        if missing:
            counts |= self._read(study, window, missing[0], missing[-1] + 1)
        total: Ints = np.sum([counts[span] for span in range(first, before)], axis=0)
        return total

    def _read(self, study: str, window: str, first: int, before: int) -> dict[int, Ints]:
        days = (date.fromordinal(max(span * LAG, 1)) for span in (first, before))
        rows = error_rates.evidence(self._db, study, window, *days)
        # Events between the same prices are one move: by the clock, two stories minutes apart.
        once = {(row.ticker, row.base_at, row.exit_at) if row.base_at else n: row for n, row in enumerate(rows)}
        span = np.array([row.last_session.toordinal() // LAG - first for row in once.values()], dtype=np.int64)
        label = np.array([_CLASSES.index(row.relevance_class) for row in once.values()], dtype=np.int64)
        p = np.array([row.p_value for row in once.values()], dtype=float)
        counts = counts_of(p, span * len(_CLASSES) + label, (before - first) * len(_CLASSES))
        return {first + n: part for n, part in enumerate(counts.reshape(before - first, len(_CLASSES), -1))}


def groups_of(rate: ErrorRate) -> TwoGroups:
    """Return what was fitted, to compute error rates with."""
    return TwoGroups(rate.pi, rate.a, rate.c, rate.events)
