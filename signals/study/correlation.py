"""How alike the abnormal returns of events are that share sessions."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import numpy as np

from signals.types import Floats, Ints

# A correlation over fewer common sessions than this says nothing.
MIN_COMMON = 30
# Events per matrix product: those that share a date with the first, since others are multiplied in vain, but no fewer
# than pay and no more than fit into memory. The result is the same.
FEW, CHUNK = 16, 256


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
    [[found]] = mean_correlations([dates], [[np.arange(len(dates))]], residuals, residual_dates)
    return found


def mean_correlations(
    windows: Sequence[Ints], groups: Sequence[Sequence[Ints]], residuals: Floats, residual_dates: Ints
) -> list[list[float]]:
    """Return r-bar for several windows of the same events, and groups of them: what `mean_correlation` gives for each.

    Parameters
    ----------
    windows
        The dates ``(N, K)`` of each event window.
    groups
        For each window the rows of each group.
    residuals, residual_dates
        As there.
    """
    begins = np.min([dates[:, 0] for dates in windows], axis=0)
    ends = np.max([dates[:, -1] for dates in windows], axis=0)
    order = np.argsort(begins, kind="stable")
    begins, ends, windows = begins[order], ends[order], [dates[order] for dates in windows]
    values, there = _standardised(residuals[order])
    residual_dates = residual_dates[order]
    members = [_members(rows, order) for rows in groups]
    sums = [np.zeros((3, len(listed))) for listed in groups]
    start = 0
    while start < len(order):
        end = start + int(np.clip(np.searchsorted(begins, ends[start], side="right") - start, FEW, CHUNK))
        near = slice(start, int(np.searchsorted(begins, ends[start:end].max(), side="right")))
        shares = [_shared(dates[near], end - start) for dates in windows]
        if any(share.any() for share in shares):
            r = _correlations(values[near], there[near], residual_dates[near], end - start)
            known = np.isfinite(r)
            r[~known] = 0.0
            for share, member, total in zip(shares, members, sums, strict=True):
                weighted = (share * r, share * known, share)
                total += [((member[:, start:end] @ part) * member[:, near]).sum(axis=1) for part in weighted]
        start = end
    return [
        [
            _mean(total, known, overlap, len(rows))
            for total, known, overlap, rows in zip(*of_window, listed, strict=True)
        ]
        for of_window, listed in zip(sums, groups, strict=True)
    ]


def _members(groups: Sequence[Ints], order: Ints) -> Floats:
    """Return a row of 0 and 1 per group: whether each event, in an order, is in it."""
    inside = np.zeros((len(groups), len(order)))
    for row, rows in zip(inside, groups, strict=True):
        row[rows] = 1.0
    return inside[:, order]


def _mean(total: float, known: float, overlap: float, events: int) -> float:
    """Return the mean over all pairs; `total` lacks what the pairs without a correlation would add."""
    if not overlap:
        return 0.0
    return float(total / known * overlap / (events * (events - 1) / 2)) if known else nan


def _shared(dates: Ints, first: int) -> Floats:
    """Return which share of its dates each of the first rows has in common with each row after it."""
    days = _on_calendar(np.ones(dates.shape), dates)
    share: Floats = np.triu(days[:first] @ days.T, k=1) / dates.shape[1]
    return share


def _standardised(values: Floats) -> tuple[Floats, Floats]:
    """Return each row less its mean, in units of its spread, 0 where missing; and 1 where there is a value, else 0."""
    there = np.isfinite(values)
    count = np.maximum(there.sum(axis=1, keepdims=True), 1)
    centred = np.where(there, values - np.where(there, values, 0.0).sum(axis=1, keepdims=True) / count, 0.0)
    scale = np.sqrt((centred**2).sum(axis=1, keepdims=True) / count)
    return centred / np.where(scale > 0, scale, 1.0), there.astype(float)


def _correlations(values: Floats, there: Floats, dates: Ints, first: int) -> Floats:
    """Correlate each of the first rows with each row, over their common dates; NaN where that is unknown."""
    x, mask = _on_calendar(values, dates), _on_calendar(there, dates)
    a, b, a_there, b_there = x[:first], x.T, mask[:first], mask.T
    n = a_there @ b_there
    sum_a, sum_b = a @ b_there, a_there @ b
    square_a, square_b = n * (a**2 @ b_there) - sum_a**2, n * (a_there @ b**2) - sum_b**2
    fine = (n >= MIN_COMMON) & (np.minimum(square_a, square_b) > 1e-9 * n**2)
    product = np.where(fine, square_a * square_b, np.nan)
    r: Floats = np.clip((n * (a @ b) - sum_a * sum_b) / np.sqrt(product), -1, 1)
    return r


def _on_calendar(values: Floats, dates: Ints) -> Floats:
    """Lay each row on the calendar that all rows share; 0 where it has no value."""
    first = dates.min()
    laid = np.zeros((len(values), dates.max() - first + 1))
    laid[np.arange(len(values))[:, None], dates - first] = values
    return laid
