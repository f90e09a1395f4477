"""Typical moves: the quantiles of an instrument's daily returns, with news or without, as a base rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signals.study.leastsquares import Sums
from signals.study.models import Panel, abnormal, fit_events
from signals.types import Floats, Ints, Study

YEAR = 250  # sessions


@dataclass(frozen=True, slots=True, eq=False)
class TypicalMoves:
    """Quantiles of the last `YEAR` measurable sessions of one instrument. Returns in decimals.

    Attributes
    ----------
    measured
        Ascending columns of all sessions that have a return and an estimation window.
    typical, large
        The median and the 95% quantile of the absolute return; NaN without any measurable session.
    typical_ar, large_ar
        The same of the abnormal return.
    """

    measured: Ints
    typical: float
    large: float
    typical_ar: float
    large_ar: float


def typical_moves(panel: Panel, sums: Sums, study: Study, row: int) -> TypicalMoves:
    """Return the typical moves of one instrument under a study; `sums` are of the same sessions as the panel."""
    own = panel.of_rows(np.array([row]))
    design = own.design(study)
    columns = np.arange(panel.ret.shape[1])
    end = columns - study.gap
    count = np.concatenate([[0], np.cumsum(sums.valid[row])])
    n = count[np.maximum(end, 0)] - count[np.maximum(end - study.estimation, 0)]
    present = np.isfinite(design.y[0]) & np.all([np.isfinite(factor[0]) for factor in design.factors], axis=0)
    measured = np.flatnonzero(present & (n >= study.min_observations))
    last = measured[-YEAR:]
    fitted = fit_events(sums, study, np.full(len(last), row), last)
    path = abnormal(design.y, design.factors, fitted, np.zeros_like(last), last, 1).path[:, 0]
    return TypicalMoves(measured, *_quantiles(own.ret[0, last]), *_quantiles(path))


def _quantiles(values: Floats) -> tuple[float, float]:
    """Return the median and the 95% quantile of the absolute values, NaN where there are none."""
    sizes = np.abs(values[np.isfinite(values)])
    if not len(sizes):
        return np.nan, np.nan
    median, tail = np.quantile(sizes, (0.5, 0.95))
    return float(median), float(tail)
