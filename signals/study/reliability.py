"""Were earlier statements right? How often moves were chance, beside how likely that was said to be.

Whether a single move was chance is never known. Of many it is: p-values without an effect are uniform, so that the
number of chance moves within a range of p is their share times its width.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from signals.study.error_rates import EDGES, TwoGroups
from signals.types import Floats, Ints, Reliability

STEPS = np.linspace(0.0, 1.0, 11)  # of local_fdr
_FLAT = 0.5  # p-values above it count as chance: Storey 2002 with lambda of one half


def reliability(groups: Sequence[TwoGroups], of_group: Ints, p: Floats) -> list[Reliability]:
    """Compare what was stated of moves with what came out, by tenths of `local_fdr`; empty tenths are left out.

    Parameters
    ----------
    groups
        What was fitted before the moves.
    of_group, p
        ``(E,)`` which of them each move was judged by, and its p-value.
    """
    if not len(p):
        return []
    flat = min(1.0, float(np.mean(p > _FLAT)) / (1 - _FLAT))
    counts = np.bincount(of_group, minlength=len(groups))
    expected = np.zeros(len(STEPS) - 1)
    stated = np.empty(len(p))
    for n, fitted in enumerate(groups):
        edges = np.interp(STEPS, fitted.local_fdr(EDGES), EDGES)  # local_fdr rises with p
        edges[0], edges[-1] = 0.0, 1.0
        expected += counts[n] * flat * np.diff(edges)
        stated[of_group == n] = fitted.local_fdr(p[of_group == n])
    step = np.clip(np.searchsorted(STEPS, stated, side="left") - 1, 0, len(expected) - 1)
    events = np.bincount(step, minlength=len(expected))
    sums = np.bincount(step, weights=stated, minlength=len(expected))
    used = events > 0
    share = expected[used] / events[used]
    columns = (sums[used] / events[used], np.minimum(share, 1.0), share / np.sqrt(events[used]), events[used])
    return [Reliability(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
