r"""Least squares over prefix sums, so that the cost of an event does not depend on the length of its window.

y is regressed on an optional intercept and F factors over an estimation window. With centred moments over the n
valid sessions of the window, decomposed as ``S_xx = L D L'``,

.. math:: b = S_{xx}^{-1} S_{xy},\quad s^2 = e'e / (n - k),\quad
          \kappa^2 = K + K^2/n + d' S_{xx}^{-1} d,\quad d = \sum_{window} (x - \bar x),

where K is the number of sessions of the event window and k the number of estimated coefficients. ``s * kappa`` is the
standard deviation of the cumulative abnormal return, estimation error included [1]_. Without an intercept the moments
are uncentred, the means are taken as 0 and ``K^2/n`` is absent; if nothing is estimated (k = 0), ``kappa^2 = K``.

References
----------
.. [1] Campbell, Lo and MacKinlay (1997), The Econometrics of Financial Markets, ch. 4; Patell (1976).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from signals.types import Floats, Ints

Bools = NDArray[np.bool_]

# The difference of two prefix sums keeps ten of 16 digits if a window's centred sum of squares exceeds these shares of
# its uncentred sum of squares, and of the prefix sum up to its end.
MIN_WINDOW_SHARE, MIN_PREFIX_SHARE = 1e-8, 16 * np.finfo(float).eps / 1e-10
# Sums of squares of decimal returns below which a factor counts as constant, or the residuals as zero.
NO_VARIATION, NO_RESIDUAL = 1e-18, 1e-24
COLLINEAR = 1e-12  # smallest share of a factor's variation that earlier factors may leave unexplained
CHUNK, BLOCK = 64, 1 << 15  # sessions and events at a time, so that their sums fit into the processor's cache


class Sums(NamedTuple):
    """Prefix sums of the jointly valid rows of y and its factors, centred per instrument.

    Attributes
    ----------
    series
        F + 1 arrays ``(N, T)``: the factors, then y, uncentred.
    valid
        ``(N, T)``: the sessions that estimation windows use.
    center
        ``(F + 1, N)``: the means of the instrument's first valid rows.
    counts
        ``(N, T + 1)``: the number of valid rows before each session; None if all are valid.
    prefix
        ``(T + 1, Q, N)``: running sums of the centred rows and of the lower triangle of their products.
    """

    series: Sequence[Floats]
    valid: Bools
    center: Floats
    counts: Ints | None
    prefix: Floats

    @property
    def factors(self) -> int:
        """F, the number of factors."""
        return len(self.center) - 1


class Fit(NamedTuple):
    """A model fitted for E events.

    Attributes
    ----------
    n
        ``(E,)`` valid sessions in the estimation window.
    estimated
        ``(E,)`` k, the number of estimated coefficients.
    alpha, s2
        ``(E,)`` intercept and residual variance. They and all numbers derived from them are NaN where the window is
        too short or degenerate.
    slopes, mean
        ``(E, F)`` coefficients, and factor means over the window, which are 0 without an intercept.
    lower, pivots
        ``(E, F, F)`` and ``(E, F)``: L below its unit diagonal, and D, of the factors' cross-products, which are
        centred if the model has an intercept.
    """

    n: Ints
    estimated: Ints
    alpha: Floats
    s2: Floats
    slopes: Floats
    mean: Floats
    lower: Floats
    pivots: Floats


def running_sums(y: Floats, factors: Sequence[Floats], leave_out: Bools | None = None, center_on: int = 120) -> Sums:
    """Compute the prefix sums that every estimation window is fitted from.

    Parameters
    ----------
    y
        ``(N, T)`` returns.
    factors
        F arrays ``(N, T)`` of factor returns; F may be 0.
    leave_out
        ``(N, T)`` sessions that no estimation window may use, such as the instrument's own event days.
    center_on
        The number of first valid rows whose means centre the series. It must not exceed the minimum number of
        observations of a fit, so that these rows lie before the event of every fitted window.
    """
    series = (*factors, y)
    valid = np.isfinite(y)
    for factor in factors:
        valid &= np.isfinite(factor)
    if leave_out is not None:
        valid &= ~leave_out
    (instruments, sessions), width = y.shape, len(series)
    center = _early_means(series, valid, center_on)
    prefix = np.empty((sessions + 1, width + width * (width + 1) // 2, instruments))
    prefix[0] = 0.0
    has_gaps = not valid.all()
    for start in range(0, sessions, CHUNK):
        part = slice(start, start + CHUNK)
        rows = prefix[1:][part]
        column = width
        for i, values in enumerate(series):
            np.subtract(values[:, part].T, center[i], out=rows[:, i])
            if has_gaps:
                np.copyto(rows[:, i], 0.0, where=~valid[:, part].T)
            for j in range(i + 1):
                np.multiply(rows[:, i], rows[:, j], out=rows[:, column])
                column += 1
        before = prefix[start]
        for row in rows:
            np.add(row, before, out=row)
            before = row
    counts = np.cumsum(np.pad(valid, ((0, 0), (1, 0))), axis=1, dtype=np.int64) if has_gaps else None
    return Sums(series, valid, center, counts, prefix)


def _early_means(series: Sequence[Floats], valid: Bools, count: int) -> Floats:
    """Return each instrument's means ``(F + 1, N)`` over its first `count` valid rows."""
    head = count
    while head < valid.shape[1] and np.count_nonzero(valid[:, :head], axis=1).min(initial=count) < count:
        head *= 2  # for most instruments the first columns are enough
    early = valid[:, :head] & (np.cumsum(valid[:, :head], axis=1) <= count)
    total = np.array([np.where(early, values[:, :head], 0.0).sum(axis=1) for values in series])
    means: Floats = total / np.maximum(early.sum(axis=1), 1)
    return means


def fit(sums: Sums, instrument: Ints, first: Ints, end: Ints, parameters: int, min_observations: int = 0) -> Fit:
    """Compute the regressions of E events.

    Parameters
    ----------
    sums
        From `running_sums`.
    instrument
        ``(E,)`` rows.
    first, end
        ``(E,)`` columns of the first session of each estimation window and of the first after it; clipped to the data.
    parameters
        The number of estimated coefficients: 1 + F, an intercept and a slope for each factor; or F, the slopes alone.
    min_observations
        Windows with fewer valid sessions, or with no more than `parameters`, have no fit.
    """
    least = max(min_observations, 1 + parameters)
    return Fit(*in_blocks(partial(_fit, sums, parameters, least), instrument, first, end))


# The element types differ from array to array, and NamedTuples come back as plain tuples: hence Any.
def in_blocks(function: Callable[..., tuple[Any, ...]], *events: NDArray[Any], block: int = BLOCK) -> tuple[Any, ...]:
    """Return the results of `function` on blocks of arrays whose first axis is events, joined along that axis."""
    starts = range(0, max(len(events[0]), 1), block)
    parts = [function(*(values[start : start + block] for values in events)) for start in starts]
    return parts[0] if len(parts) == 1 else tuple(np.concatenate(part) for part in zip(*parts, strict=True))


def _fit(sums: Sums, parameters: int, least: int, instrument: Ints, first: Ints, end: Ints) -> Fit:
    width, sessions = sums.factors + 1, sums.valid.shape[1]
    low, high = np.clip(first, 0, sessions), np.clip(end, 0, sessions)
    _, quantities, instruments = sums.prefix.shape
    offsets = (np.arange(quantities) * instruments)[:, None] + instrument
    until = sums.prefix.reshape(-1).take(offsets + high * (quantities * instruments), mode="clip")
    span = until - sums.prefix.reshape(-1).take(offsets + low * (quantities * instruments), mode="clip")
    n = high - low if sums.counts is None else sums.counts[instrument, high] - sums.counts[instrument, low]
    enough = n >= least
    counted = np.maximum(n, 1.0)
    mean = span[:width] / counted
    moments = np.zeros((width, width, len(n)))
    squares = np.cumsum(np.arange(1, width + 1)) + width - 1  # the positions of the squares among the quantities
    for i in range(width):
        for j in range(i + 1):
            moments[i, j] = span[squares[i] - i + j] - mean[i] * span[j]
    center = sums.center[:, instrument]
    intercept = parameters == width
    if not intercept:
        moments += _of_the_means(mean + center, counted)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower, pivots = _decomposed(moments)
        precise = (pivots > MIN_WINDOW_SHARE * span[squares]) & (pivots > MIN_PREFIX_SHARE * until[squares])
        lost = np.flatnonzero(enough & ~precise.all(axis=0))
        if len(lost):
            mean[:, lost], exact = _two_pass(sums, instrument[lost], low[lost], high[lost])
            if not intercept:
                exact += _of_the_means(mean[:, lost] + center[:, lost], counted[lost])
            lower[..., lost], pivots[:, lost] = _decomposed(exact)
    estimated = np.full(len(n), parameters)
    s2 = pivots[-1] / np.where(enough, n - estimated, 1)
    s2[~enough | (pivots[-1] <= NO_RESIDUAL)] = np.nan
    if np.isnan(s2).any():
        lower[..., np.isnan(s2)] = pivots[..., np.isnan(s2)] = np.nan
    slopes = lower[-1, : width - 1].copy()
    for i in range(width - 2, -1, -1):
        for j in range(i):
            slopes[j] -= lower[i, j] * slopes[i]
    alpha = np.where(np.isfinite(s2), 0.0, np.nan)
    if intercept:
        alpha += mean[-1] + center[-1]
        for i in range(width - 1):
            alpha -= slopes[i] * (mean[i] + center[i])
    factors = slice(0, width - 1)
    means = (mean + center)[factors] if intercept else np.zeros_like(mean[factors])
    return Fit(
        n, estimated, alpha, s2, slopes.T, means.T,
        lower[factors, factors].transpose(2, 0, 1), pivots[factors].T,
    )  # fmt: skip


def _of_the_means(mean: Floats, counted: Floats) -> Floats:
    """Return what uncentred moments have beyond centred ones ``(W, W, E)``, in the lower triangle."""
    return np.tril(np.ones((len(mean), len(mean))))[..., None] * (counted * (mean[:, None] * mean))


def _decomposed(moments: Floats) -> tuple[Floats, Floats]:
    """Return L and D of ``(W, W, E)`` moments; NaN where a factor has no variation of its own.

    The last pivot is the residual sum of squares. The last row of L holds the coefficients of y on the part of each
    factor that is orthogonal to the factors before it.
    """
    width = len(moments)
    lower, pivots = np.zeros_like(moments), np.empty(moments.shape[1:])
    for j in range(width):
        pivots[j] = moments[j, j]
        for k in range(j):
            pivots[j] -= lower[j, k] ** 2 * pivots[k]
        if j < width - 1:
            pivots[j, ~(pivots[j] > np.maximum(COLLINEAR * moments[j, j], NO_VARIATION))] = np.nan
        for i in range(j + 1, width):
            lower[i, j] = moments[i, j]
            for k in range(j):
                lower[i, j] -= lower[i, k] * lower[j, k] * pivots[k]
            lower[i, j] /= pivots[j]
    pivots[-1] = np.maximum(pivots[-1], 0.0)
    return lower, pivots


def _two_pass(sums: Sums, instrument: Ints, low: Ints, high: Ints) -> tuple[Floats, Floats]:
    """Return means ``(W, E)`` and centred moments ``(W, W, E)`` of windows whose prefix sums lost their digits."""
    width = sums.factors + 1
    columns = low[:, None] + np.arange(int((high - low).max()))
    inside = columns < high[:, None]
    at = instrument[:, None], np.where(inside, columns, 0)
    used = inside & sums.valid[at]
    count = used.sum(axis=1)
    mean, moments = np.empty((width, len(low))), np.zeros((width, width, len(low)))
    rows = []
    for i in range(width):
        values = np.where(used, sums.series[i][at] - sums.center[i, instrument, None], 0.0)
        mean[i] = values.sum(axis=1) / count
        rows.append(np.where(used, values - mean[i, :, None], 0.0))
        for j in range(i + 1):
            moments[i, j] = (rows[i] * rows[j]).sum(axis=1)
    return mean, moments
