"""How alike the abnormal returns of events are that share sessions."""

from __future__ import annotations

import numpy as np

from signals.types import Floats, Ints

# A correlation over fewer common sessions than this says nothing.
MIN_COMMON = 30
# Events per matrix product: bounds the memory, not the result.
CHUNK = 256


def mean_correlation(dates: Ints, residuals: Floats, residual_dates: Ints) -> float:
    r"""Return r-bar, the mean correlation of the CARs over all pairs of N events [1]_.

    .. math:: \bar r = \frac{2}{N(N-1)} \sum_{i<j} \frac{|D_i \cap D_j|}{K} r_{ij}

    D is an event's window of K dates and r the correlation of two events' residuals over the estimation dates that both
    have. A pair whose windows share no date counts zero, however much their estimation windows overlap. One whose
    windows share a part counts that part [2]_: an instrument's own overlapping windows come out right by it. A pair
    with fewer than `MIN_COMMON` common dates, or without variance on them, is given the mean of the others.

    Parameters
    ----------
    dates
        ``(N, K)`` calendar numbers of the event windows, ascending.
    residuals
        ``(N, L)`` of the estimation windows; NaN where missing.
    residual_dates
        ``(N, L)`` their calendar numbers, none twice in an event.

    Returns
    -------
    float
        0 where no two windows share a date; NaN where some do and none of their correlations is known.

    References
    ----------
    .. [1] Kolari and Pynnonen (2010), Event study testing with cross-sectional correlation of abnormal returns.
    .. [2] Kolari, Pape and Pynnonen (2018), Event study testing with cross-sectional correlation due to partially
       overlapping event windows.
    """
    events, length = dates.shape
    order = np.argsort(dates[:, 0], kind="stable")
    dates, residuals, residual_dates = dates[order], residuals[order], residual_dates[order]
    total = known = overlap = 0.0
    for start in range(0, events, CHUNK):
        last = dates[start : start + CHUNK, -1].max()
        near = slice(start, int(np.searchsorted(dates[:, 0], last, side="right")))
        days = _on_calendar(np.ones(dates[near].shape), dates[near])
        shared = np.triu(days[:CHUNK] @ days.T, k=1) / length
        left, right = np.flatnonzero(shared.any(axis=1)), np.flatnonzero(shared.any(axis=0))
        if not len(left):
            continue
        weight = shared[np.ix_(left, right)]
        r = _correlations(residuals[near], residual_dates[near], left, right)
        total += float(np.nansum(weight * r))
        known += float(weight[np.isfinite(r)].sum())
        overlap += float(weight.sum())
    if not overlap:
        return 0.0
    return total / known * overlap / (events * (events - 1) / 2) if known else float("nan")


def _correlations(values: Floats, dates: Ints, left: Ints, right: Ints) -> Floats:
    """Correlate the rows `left` with the rows `right`, each pair over its common dates; NaN where that is unknown."""
    there = np.isfinite(values)
    count = np.maximum(there.sum(axis=1, keepdims=True), 1)
    centred = values - np.where(there, values, 0.0).sum(axis=1, keepdims=True) / count
    scale = np.sqrt(np.where(there, centred**2, 0.0).sum(axis=1, keepdims=True) / count)
    x = _on_calendar(centred / np.where(scale > 0, scale, 1.0), dates)  # so that the sums are of numbers near one
    mask = _on_calendar(np.where(there, 1.0, np.nan), dates)
    a, b, a_there, b_there = x[left], x[right].T, mask[left], mask[right].T
    n = a_there @ b_there
    sum_a, sum_b = a @ b_there, a_there @ b
    square_a, square_b = n * (a**2 @ b_there) - sum_a**2, n * (a_there @ b**2) - sum_b**2
    fine = (n >= MIN_COMMON) & (np.minimum(square_a, square_b) > 1e-9 * n**2)
    product = np.where(fine, square_a * square_b, np.nan)
    r: Floats = np.clip((n * (a @ b) - sum_a * sum_b) / np.sqrt(product), -1, 1)
    return r


def _on_calendar(values: Floats, dates: Ints) -> Floats:
    """Lay the finite values of each row on the calendar that all rows share; 0 elsewhere."""
    calendar = np.unique(dates)
    row, column = np.nonzero(np.isfinite(values))
    laid = np.zeros((len(values), len(calendar)))
    laid[row, np.searchsorted(calendar, dates[row, column])] = values[row, column]
    return laid
