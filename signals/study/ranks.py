"""The rank of a move in the instrument's own estimation window."""

from __future__ import annotations

from functools import partial

import numpy as np

from signals.study.leastsquares import Fit, Sums, in_blocks
from signals.types import Floats, Ints, Study

BLOCK = 1 << 9  # events at a time, each with its whole estimation window


def own_history_rank(
    sums: Sums, study: Study, fitted: Fit, instrument: Ints, day_zero: Ints, car: Floats, length: int
) -> Floats:
    """Return ``(1 + #{|e_j| >= |CAR|}) / (1 + #{e_j})``, e_j the K-session sums of the estimation window's residuals.

    The sample-quantile test of Gelbach, Helland and Klick (2013), Valid inference in single-firm, single-event studies,
    with the finite-sample rank. It cannot go below ``1 / (L - K + 2)`` and ignores changes of volatility.
    A window longer than the estimation window has no rank: NaN.

    Parameters
    ----------
    sums, study, fitted
        The prefix sums and fits of the events.
    instrument, day_zero, car
        ``(E,)`` rows, columns of day zero, and CARs.
    length
        K, the number of sessions of the event window.
    """
    p = np.full(len(car), np.nan)
    count = study.estimation - length + 1
    if count < 1:
        return p
    before = study.gap + study.estimation
    measured = np.flatnonzero(np.isfinite(car))
    rows, row = np.unique(instrument[measured], return_inverse=True)
    *factors, y = sums.series
    windows = []  # per series, (rows, T, count): the sums of K sessions of the estimation window of each day zero
    for values in (y, *factors):
        sums_of_k = rolling_sum(np.where(sums.valid[rows], values[rows], np.nan), length)
        padded = np.pad(sums_of_k, ((0, 0), (before, 0)), constant_values=np.nan)
        windows.append(np.lib.stride_tricks.sliding_window_view(padded, count, axis=1))
    rank = partial(_rank, windows, length)
    events = (values[measured] for values in (day_zero, car, fitted.alpha, fitted.slopes))
    p[measured] = in_blocks(rank, row, *events, block=BLOCK)[0]
    return p


def _rank(
    windows: list[Floats], length: int, instrument: Ints, day_zero: Ints, car: Floats, alpha: Floats, slopes: Floats
) -> tuple[Floats]:
    """Return the ranks of a block of events, as the tuple that `in_blocks` joins."""
    residuals, *factors = (window[instrument, day_zero] for window in windows)
    residuals -= length * alpha[:, None]
    for slope, x in zip(slopes.T, factors, strict=True):
        residuals -= slope[:, None] * x
    beyond = np.count_nonzero(np.abs(residuals) >= np.abs(car)[:, None], axis=1)
    count = np.count_nonzero(np.isfinite(residuals), axis=1)
    return ((1 + beyond) / (1 + count),)


def rolling_sum(values: Floats, length: int) -> Floats:
    """Return the sum of `length` sessions from each session on, ``(N, T)``; NaN where one of them is missing."""
    total = np.full_like(values, np.nan)
    last = values.shape[1] - length + 1
    if last > 0:
        total[:, :last] = sum(values[:, k : last + k] for k in range(length))
    return total
