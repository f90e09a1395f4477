"""Mean correlation of the abnormal returns of events whose windows share sessions."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import numpy as np

from signals.types import Floats, Ints

MIN_COMMON = 30  # common dates below which a correlation is not estimated
# Events per matrix product: all that share a date with the first, within these bounds. More would be multiplied in vain
# or not fit into memory; fewer would not pay for the call. The result does not depend on them.
MIN_BLOCK, MAX_BLOCK = 16, 256


def mean_correlation(dates: Ints, residuals: Floats, residual_dates: Ints) -> float:
    r"""Return r-bar, the mean correlation of the CARs over all pairs of N events [1]_.

    .. math:: \bar r = \frac{2}{N(N-1)} \sum_{i<j} \frac{|D_i \cap D_j|}{K} r_{ij}

    D is an event's window of K dates, and r the correlation of two events' residuals over their common estimation
    dates. A pair whose windows share no date counts zero, however much their estimation windows overlap. A pair whose
    windows overlap in part counts that share [2]_, which also covers overlapping windows of one instrument. A pair with
    fewer than `MIN_COMMON` common dates, or without variance on them, gets the mean of the other pairs.

    Parameters
    ----------
    dates
        ``(N, K)`` calendar numbers of the event windows, ascending.
    residuals
        ``(N, L)`` of the estimation windows; NaN where missing.
    residual_dates
        ``(N, L)`` their calendar numbers, unique within an event.

    Returns
    -------
    float
        0 where no two windows share a date; NaN where some do and none of their correlations can be estimated.

    References
    ----------
    .. [1] Kolari and Pynnonen (2010), Event study testing with cross-sectional correlation of abnormal returns.
    .. [2] Kolari, Pape and Pynnonen (2018), Event study testing with cross-sectional correlation due to partially
       overlapping event windows.
    """
    [[r_bar]] = mean_correlations([dates], [[np.arange(len(dates))]], residuals, residual_dates)
    return r_bar


def mean_correlations(
    windows: Sequence[Ints], groups: Sequence[Sequence[Ints]], residuals: Floats, residual_dates: Ints
) -> list[list[float]]:
    """Return `mean_correlation` for several windows of the same events, and for groups of the events.

    Parameters
    ----------
    windows
        The dates ``(N, K)`` of each event window.
    groups
        For each window the rows of each group.
    residuals, residual_dates
        As in `mean_correlation`.

    Returns
    -------
    list of list of float
        For each window r-bar of each group.
    """
    begins = np.min([dates[:, 0] for dates in windows], axis=0)
    ends = np.max([dates[:, -1] for dates in windows], axis=0)
    order = np.argsort(begins, kind="stable")
    begins, ends, windows = begins[order], ends[order], [dates[order] for dates in windows]
    values, present = _standardised(residuals[order])
    residual_dates = residual_dates[order]
    members = [_members(window_groups, order) for window_groups in groups]
    sums = [np.zeros((3, len(window_groups))) for window_groups in groups]
    start = 0
    while start < len(order):
        end = start + int(np.clip(np.searchsorted(begins, ends[start], side="right") - start, MIN_BLOCK, MAX_BLOCK))
        near = slice(start, int(np.searchsorted(begins, ends[start:end].max(), side="right")))
        overlaps = [_overlaps(dates[near], end - start) for dates in windows]
        if any(overlap.any() for overlap in overlaps):
            r = _correlations(values[near], present[near], residual_dates[near], end - start)
            estimated = np.isfinite(r)
            r[~estimated] = 0.0
            for overlap, member, total in zip(overlaps, members, sums, strict=True):
                weighted = (overlap * r, overlap * estimated, overlap)
                total += [((member[:, start:end] @ part) * member[:, near]).sum(axis=1) for part in weighted]
        start = end
    return [
        [
            _mean(total, estimated, overlap, len(rows))
            for total, estimated, overlap, rows in zip(*window_sums, window_groups, strict=True)
        ]
        for window_sums, window_groups in zip(sums, groups, strict=True)
    ]


def _members(groups: Sequence[Ints], order: Ints) -> Floats:
    """Return a row per group, with 1 for each event of the group and else 0, in the order of the events."""
    inside = np.zeros((len(groups), len(order)))
    for row, rows in zip(inside, groups, strict=True):
        row[rows] = 1.0
    return inside[:, order]


def _mean(total: float, estimated: float, overlap: float, events: int) -> float:
    """Return the mean over all pairs of events.

    `total` sums overlap times correlation and `estimated` the overlap of the pairs whose correlation is estimated;
    `overlap` is the sum over all pairs.
    """
    if not overlap:
        return 0.0
    return float(total / estimated * overlap / (events * (events - 1) / 2)) if estimated else nan


def _overlaps(dates: Ints, first: int) -> Floats:
    """Return the share of its dates that each of the first rows has in common with each row after it."""
    days = _on_calendar(np.ones(dates.shape), dates)
    share: Floats = np.triu(days[:first] @ days.T, k=1) / dates.shape[1]
    return share


def _standardised(values: Floats) -> tuple[Floats, Floats]:
    """Return each row less its mean, in units of its spread, 0 where missing; and 1 where there is a value, else 0."""
    present = np.isfinite(values)
    count = np.maximum(present.sum(axis=1, keepdims=True), 1)
    centred = np.where(present, values - np.where(present, values, 0.0).sum(axis=1, keepdims=True) / count, 0.0)
    scale = np.sqrt((centred**2).sum(axis=1, keepdims=True) / count)
    return centred / np.where(scale > 0, scale, 1.0), present.astype(float)


def _correlations(values: Floats, present: Floats, dates: Ints, first: int) -> Floats:
    """Correlate each of the first rows with each row, over their common dates; NaN where that cannot be estimated."""
    x, mask = _on_calendar(values, dates), _on_calendar(present, dates)
    a, b, a_mask, b_mask = x[:first], x.T, mask[:first], mask.T
    n = a_mask @ b_mask
    sum_a, sum_b = a @ b_mask, a_mask @ b
    square_a, square_b = n * (a**2 @ b_mask) - sum_a**2, n * (a_mask @ b**2) - sum_b**2
    estimable = (n >= MIN_COMMON) & (np.minimum(square_a, square_b) > 1e-9 * n**2)
    product = np.where(estimable, square_a * square_b, np.nan)
    r: Floats = np.clip((n * (a @ b) - sum_a * sum_b) / np.sqrt(product), -1, 1)
    return r


def _on_calendar(values: Floats, dates: Ints) -> Floats:
    """Align each row with the calendar that all rows share; 0 where it has no value."""
    first = dates.min()
    aligned = np.zeros((len(values), dates.max() - first + 1))
    aligned[np.arange(len(values))[:, None], dates - first] = values
    return aligned
