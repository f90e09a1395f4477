"""Confounders: what else happened in an event's window, and whether the abnormal return already excludes it.

Something confounds an event if the abnormal return still contains it. Another story on the instrument always does. A
dividend or a split does unless the prices of the move account for it. A market-wide day does under a model without a
benchmark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from signals.types import Floats

TRAILING_SESSIONS = 250
MIN_SESSIONS = 60
MARKET_WIDE = 3.0  # absolute return of the benchmark, in trailing root mean squares


@dataclass(frozen=True, slots=True, order=True)
class Confounder:
    """One thing that shares a window: its description, and whether the abnormal return still contains it."""

    text: str
    counts: bool


def summary(confounders: Sequence[Confounder]) -> tuple[bool, str]:
    """Return whether any confounder counts, and the list of them in one line, those that count first."""
    ordered = [c for c in confounders if c.counts] + [c for c in confounders if not c.counts]
    return any(c.counts for c in ordered), "; ".join(c.text for c in ordered)


def usual_days(market: Floats) -> Floats:
    """Return the size of each session's return of a benchmark, in units of its trailing root mean square.

    The root mean square is that of the returns of the 250 sessions before, at least 60 of which must have one.

    Parameters
    ----------
    market
        Returns of the benchmark, ``(T,)``, NaN where it has none.

    Returns
    -------
    Floats
        ``(T,)``, absolute; 0 where the session has no return or too few sessions come before it.
    """
    present = np.isfinite(market)
    squares = np.concatenate([[0.0], np.cumsum(np.where(present, market, 0.0) ** 2)])
    counts = np.concatenate([[0], np.cumsum(present)])
    end = np.arange(len(market))
    start = np.maximum(end - TRAILING_SESSIONS, 0)
    count = counts[end] - counts[start]
    mean = (squares[end] - squares[start]) / np.maximum(count, 1)
    measurable = present & (count >= MIN_SESSIONS) & (mean > 0)
    sizes = np.zeros(len(market))
    sizes[measurable] = np.abs(market[measurable]) / np.sqrt(mean[measurable])
    return sizes
