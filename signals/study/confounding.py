"""What else happened in an event's window, and whether the abnormal return already leaves it out.

The rule is one: **something confounds if what is measured still contains it.** Another story always does. A dividend or
a split does not where the prices of the move account for it, and does where they do not. A market-wide day does not
where the model expects the market's part, and does under a model without a benchmark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from signals.types import Floats

USUAL_SESSIONS = 250
FEWEST_SESSIONS = 60
MARKET_WIDE = 3.0  # times a usual day of the benchmark


@dataclass(frozen=True, slots=True, order=True)
class Confounder:
    """One thing that shares a window, in words that people read, and whether it is left in what was measured."""

    text: str
    counts: bool


def summary(found: Sequence[Confounder]) -> tuple[bool, str]:
    """Return whether any of it confounds, and all of it in one line; what confounds comes first."""
    ordered = [c for c in found if c.counts] + [c for c in found if not c.counts]
    return any(c.counts for c in ordered), "; ".join(c.text for c in ordered)


def usual_days(market: Floats) -> Floats:
    """Return how many usual days each session of a benchmark was worth.

    A usual day is the root mean square of its returns over the 250 sessions before (what is known then), of which at
    least 60 must have one.

    Parameters
    ----------
    market
        Returns of the benchmark, ``(T,)``, NaN where it has none.

    Returns
    -------
    Floats
        ``(T,)``, absolute; 0 where it cannot be told.
    """
    known = np.isfinite(market)
    squares = np.concatenate([[0.0], np.cumsum(np.where(known, market, 0.0) ** 2)])
    counts = np.concatenate([[0], np.cumsum(known)])
    end = np.arange(len(market))
    start = np.maximum(end - USUAL_SESSIONS, 0)
    count = counts[end] - counts[start]
    mean = (squares[end] - squares[start]) / np.maximum(count, 1)
    enough = known & (count >= FEWEST_SESSIONS) & (mean > 0)
    found = np.zeros(len(market))
    found[enough] = np.abs(market[enough]) / np.sqrt(mean[enough])
    return found
