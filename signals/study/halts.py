"""Halts: sessions without a normal trade, and the return across them.

A return across a session without a trade is missing, not zero, and so is that of the session on which trading resumed.
Neither enters an estimation window, and no placebo window is comparable with them. The return from the last close
before a halt to the close of the session on which trading resumed is stored separately, on the latter session.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signals.study.leastsquares import Bools
from signals.study.returns import Aligned
from signals.types import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Halts:
    """The trading status of one instrument on the T sessions of a clock, each ``(T,)``.

    Attributes
    ----------
    untraded
        Sessions between its first and its last close without a bar, with a bar without a price, or with one that only
        repeats the last price.
    quiet
        Of these, the sessions whose bar has no volume and repeats the last price.
    limit
        One price all day, different from the last close: a price limit, or a single trade.
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
        """Whether any session is untraded or at a limit."""
        return bool(self.untraded.any() or self.limit.any())


def halts(aligned: Aligned) -> Halts:
    """Return the sessions without a normal trade of one instrument, and the returns across them."""
    closed = np.isfinite(aligned.close)
    position = np.arange(len(closed))
    last = np.maximum.accumulate(np.where(closed, position, -1))
    since = np.append(-1, last[:-1])[: len(closed)]
    closes_later = closed[::-1].cumsum()[::-1] > 0
    untraded = ~closed & (since >= 0) & closes_later
    resumed = np.flatnonzero(closed & (since >= 0) & (position - since > 1))
    across = np.full(len(closed), np.nan)
    # One share of the last close has become `shares` shares by a session, and has paid `cash` until then.
    shares = np.cumprod(aligned.split)
    cash = np.cumsum(shares * aligned.dividend)
    before = since[resumed]
    value = shares[resumed] * aligned.close[resumed] + cash[resumed] - cash[before]
    across[resumed] = value / (shares[before] * aligned.close[before]) - 1
    return Halts(untraded, untraded & aligned.quiet, aligned.locked & closed, since, across)
