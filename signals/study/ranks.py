"""The rank of a move in the instrument's own estimation window."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from signals.study.models import BLOCK, Fit, Sums, cut, in_blocks
from signals.study.panel import Design
from signals.types import Floats, Ints, Study


def own_history_rank(
    design: Design, sums: Sums, study: Study, fitted: Fit, instrument: Ints, day_zero: Ints, car: Floats, length: int
) -> Floats:
    r"""Return ``(1 + #{|e_j| >= |CAR|}) / (1 + #{e_j})`` over the K-session sums e_j of the estimation window's residuals.

    The sample-quantile test of Gelbach, Helland and Klick (2013), Valid inference in single-firm, single-event studies,
    with the finite-sample rank. It cannot go below ``1 / (L - K + 2)`` and does not know how volatile the time is.

    Parameters
    ----------
    design, sums, study, fitted
        The model of the events.
    instrument, day_zero, car
        ``(E,)`` the events.
    length
        K.
    """
    series = [rolling_sum(np.where(sums.valid, values, np.nan), length) for values in (design.y, *design.factors)]
    first = day_zero - study.gap - study.estimation
    count = study.estimation - length + 1
    rank = partial(_rank, series, length, count)
    (p,) = in_blocks(rank, instrument, first, car, fitted.alpha, fitted.slopes)
    result: Floats = p
    return result


def rolling_sum(values: Floats, length: int) -> Floats:
    """Return the sums of `length` sessions from each one on, ``(N, T)``; NaN where one of them is missing."""
    total = np.full_like(values, np.nan)
    last = values.shape[1] - length + 1
    if last > 0:
        total[:, :last] = sum(values[:, k : last + k] for k in range(length))
    return total
