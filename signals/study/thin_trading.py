"""Thin trading: instruments whose price often stands still from one session to the next.

Where few trade, the close is often that of the day before. The many returns of zero make the other ones larger beside
the mean size of all: the shape of |z| differs, whatever its scale. So instruments whose price stands still are compared
with others of the same kind (`signals.study.placebo`). The share of zero returns is the measure of illiquidity of
Lesmond, Ogden and Trzcinka (1999), A new estimate of transaction costs. It needs no volumes.
"""

from __future__ import annotations

import numpy as np

from signals.study.leastsquares import Bools
from signals.types import Floats, Ints

STILL = 1e-6  # a smaller return is that of an unchanged price, up to the rounding of adjusted prices
ONE_IN = 20  # trading is thin if more than one return in so many is zero


def thinly_traded(ret: Floats, sessions: int, since: int = 0) -> Bools:
    """Return whether trading was thin before each session from column `since` on, ``(N, T - since)``.

    Parameters
    ----------
    ret
        ``(N, T)`` returns, NaN where there is none.
    sessions
        How many sessions before each one are counted.
    """
    first = max(since - sessions, 0)
    recent = ret[:, first:]
    columns = np.arange(since - first, recent.shape[1])

    def count(mask: Bools) -> Ints:
        total = np.concatenate([np.zeros((len(mask), 1), np.int64), np.cumsum(mask, axis=1)], axis=1)
        counts: Ints = total[:, columns] - total[:, np.maximum(columns - sessions, 0)]
        return counts

    thin: Bools = ONE_IN * count(np.abs(recent) < STILL) > count(np.isfinite(recent))
    return thin
