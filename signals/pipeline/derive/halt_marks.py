"""The words and returns of a window with sessions on which the instrument was not traded as usual."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from signals.study.halts import Halts
from signals.study.leastsquares import Bools
from signals.study.models import compound
from signals.types import Floats, Times


def marks(halts: Halts | None, sessions: Times, first: int, last: int) -> str:
    """Name the sessions of a window that were not traded as usual; empty where all were."""
    if halts is None:
        return ""
    inside = np.zeros(len(sessions), dtype=bool)
    inside[max(first, 0) : last + 1] = True
    resumed = np.flatnonzero(inside & np.isfinite(halts.across))
    spans = [
        *_spans("halted", sessions, inside & halts.untraded & ~halts.quiet),
        *_spans("no volume", sessions, inside & halts.quiet),
        *(f"resumed {sessions[c]}, return since {sessions[halts.since[c]]}" for c in resumed),
        *_spans("limit", sessions, inside & halts.limit),
    ]
    return "; ".join(spans)


def _spans(word: str, sessions: Times, mask: Bools) -> Iterable[str]:
    columns = np.flatnonzero(mask)
    for part in np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1):
        if len(part):
            first, last = sessions[part[0]], sessions[part[-1]]
            yield f"{word} {first}" if first == last else f"{word} {first} to {last}"


def across(halts: Halts, own: Floats, benchmark: Floats, first: int, last: int) -> tuple[float, float] | None:
    """Return what an instrument and its benchmark did over a window that holds a halt, or None if that is not known.

    Parameters
    ----------
    halts
        Of the instrument.
    own, benchmark
        ``(T,)`` returns; the benchmark's is NaN where a session's is missing.
    first, last
        Columns of the window. It must end with a close; where it begins within a halt, both returns begin with the last
        close before the halt, so that they are over the same span.
    """
    window = np.arange(max(first, 0), last + 1)
    resumed = np.isfinite(halts.across[window])
    returns = np.where(resumed, halts.across[window], own[window])
    returns = returns[~halts.untraded[window]]
    if halts.untraded[last] or not resumed.any() or not np.isfinite(returns).all():
        return None
    begins = min(first, int(halts.since[window[resumed][0]]) + 1)
    return float(compound(returns)), float(compound(benchmark[begins : last + 1]))
