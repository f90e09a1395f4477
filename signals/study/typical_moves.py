"""How much an instrument moves on ordinary days: the base rate that any single move is to be read against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signals.study.leastsquares import Sums
from signals.study.models import Panel, abnormal, fit_events
from signals.types import Floats, Ints, Study

YEAR = 250  # sessions


@dataclass(frozen=True, slots=True, eq=False)
class TypicalMoves:
    """The last `YEAR` sessions that could be measured, news or none. Returns in decimals.

    Attributes
    ----------
    measured
        ``(T,)`` columns of all sessions that have a return and enough history before them.
    typical, large
        The absolute return that half and that one in twenty of the last year's sessions exceed; NaN without any.
    typical_ar, large_ar
        The same of the abnormal return.
    """

    measured: Ints
    typical: float
    large: float
    typical_ar: float
    large_ar: float


def typical_moves(panel: Panel, sums: Sums, study: Study, row: int) -> TypicalMoves:
    """Return the base rate of one instrument under a study."""
    design = panel.design(study)
    columns = np.arange(panel.ret.shape[1])
    end = columns - study.gap
    count = np.concatenate([[0], np.cumsum(sums.valid[row])])
    n = count[np.maximum(end, 0)] - count[np.maximum(end - study.estimation, 0)]
    there = np.isfinite(design.y[row]) & np.all([np.isfinite(factor[row]) for factor in design.factors], axis=0)
    measured = np.flatnonzero(there & (n >= study.min_observations))
    last = measured[-YEAR:]
    rows = np.full(len(last), row)
    path = abnormal(design.y, design.factors, fit_events(sums, study, rows, last), rows, last, 1).path[:, 0]
    return TypicalMoves(measured, *_sizes(panel.ret[row, last]), *_sizes(path))


def _sizes(values: Floats) -> tuple[float, float]:
    """Return the median and the 95% quantile of absolute values."""
    known = np.abs(values[np.isfinite(values)])
    if not len(known):
        return np.nan, np.nan
    half, tail = np.quantile(known, (0.5, 0.95))
    return float(half), float(tail)
