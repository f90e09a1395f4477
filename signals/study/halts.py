"""Sessions on which an instrument was not traded as usual, and what moved across them.

A return across a session without a trade is missing, not zero, and so is that of the session on which trading resumed:
neither is estimated from, nor is there an ordinary window to compare it with. What the price did from the last close
before to the close of the session on which it resumed is kept apart and belongs to that session.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signals.study.leastsquares import Bools
from signals.study.returns import Aligned
from signals.types import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Halts:
    """How one instrument traded on the T sessions of a clock, each ``(T,)``.

    Attributes
    ----------
    untraded
        Between its first and its last close: no bar, a bar without a price, or one that only repeats the last price.
    quiet
        Of these, those whose bar has no volume and repeats the last price.
    limit
        One price all day, away from the last close: the price was held by a limit, or there was one trade.
    since
        The position of the last close before; -1 where there is none.
    across
        The total return since that close where it lies more than one session back; NaN elsewhere.
    """

    untraded: Bools
    quiet: Bools
    limit: Bools
    since: Ints
    across: Floats

    @property
    def any(self) -> bool:
        """Tell whether there is anything to mark."""
        return bool(self.untraded.any() or self.limit.any())


def halts(aligned: Aligned) -> Halts:
    """Find the sessions on which an instrument was not traded as usual."""
    closed = np.isfinite(aligned.close)
    at = np.arange(len(closed))
    last = np.maximum.accumulate(np.where(closed, at, -1))
    since = np.append(-1, last[:-1])[: len(closed)]
    later = closed[::-1].cumsum()[::-1] > 0
    untraded = ~closed & (since >= 0) & later
    resumed = np.flatnonzero(closed & (since >= 0) & (at - since > 1))
    across = np.full(len(closed), np.nan)
    # One share of the last close is `shares` on a session and has brought in `cash` until then.
    shares = np.cumprod(aligned.split)
    cash = np.cumsum(shares * aligned.dividend)
    before = since[resumed]
    value = shares[resumed] * aligned.close[resumed] + cash[resumed] - cash[before]
    across[resumed] = value / (shares[before] * aligned.close[before]) - 1
    return Halts(untraded, untraded & aligned.quiet, aligned.locked & closed, since, across)
