r"""Return models: one least-squares core over prefix sums, so that an event's cost does not depend on the window.

A model regresses y on an optional intercept and F factors over an estimation window. With centred moments over the n
valid sessions of the window,

.. math:: b = S_{xx}^{-1} S_{xy},\quad s^2 = e'e / (n - k),\quad
          \kappa^2 = K + K^2/n + d' S_{xx}^{-1} d,\quad d = \sum_{window} (x - \bar x),

where K is the number of sessions of the event window and k the number of estimated coefficients. ``s * kappa`` is the
standard deviation of the cumulative abnormal return, estimation error included [1]_. Without an intercept (k = 0)
nothing is estimated and ``kappa^2 = K``.

References
----------
.. [1] Campbell, Lo and MacKinlay (1997), The Econometrics of Financial Markets, ch. 4; Patell (1976).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signals.types import Floats, Ints

# Below this share of unexplained variance the difference of two prefix sums has lost too many digits.
NEARLY_EXACT = 1e-8


@dataclass(frozen=True, slots=True)
class Sums:
    """Prefix sums of the jointly valid rows of y and its factors, centred per instrument.

    Attributes
    ----------
    rows
        ``(N, T, F + 1)``: factors, then y, minus `center`; 0 on sessions that are not jointly valid.
    center
        ``(N, F + 1)``: their means over the instrument's first valid sessions: constants that never see the future.
    prefix
        ``(N, T + 1, Q)``: running sums of the count, the rows and the upper triangle of their products.
    """

    rows: Floats
    center: Floats
    prefix: Floats

    @property
    def factors(self) -> int:
        """F, the number of factors."""
        return int(self.center.shape[1]) - 1


@dataclass(frozen=True, slots=True)
class Fit:
    """A model fitted for E events. `n` is 0 where the window holds nothing.

    Attributes
    ----------
    n
        ``(E,)`` valid sessions in the estimation window.
    alpha, s2
        ``(E,)`` intercept and residual variance; NaN where the window is too short or degenerate.
    slopes
        ``(E, F)``.
    mean
        ``(E, F)`` factor means over the window.
    inverse
        ``(E, F, F)``: the inverse of the centred cross-products of the factors.
    """

    n: Ints
    alpha: Floats
    slopes: Floats
    s2: Floats
    mean: Floats
    inverse: Floats
    intercept: bool


@dataclass(frozen=True, slots=True)
class Abnormal:
    """What the event windows of E events hold.

    Attributes
    ----------
    path
        ``(E, K)`` abnormal returns; NaN where a session is missing.
    car, kappa
        ``(E,)`` their sum, and its standard deviation in units of s; NaN unless every session is there.
    ret, expected
        ``(E,)`` compounded return, and the compounded return that the model expected.
    """

    path: Floats
    car: Floats
    kappa: Floats
    ret: Floats
    expected: Floats


def running_sums(y: Floats, factors: Floats, leave_out: NDArray[np.bool_] | None = None, center_on: int = 250) -> Sums:
    """Accumulate what every estimation window needs.

    Parameters
    ----------
    y
        ``(N, T)`` returns.
    factors
        ``(F, N, T)`` factor returns; F may be 0.
    leave_out
        ``(N, T)`` sessions that no estimation window may use, such as the instrument's own event days.
    center_on
        How many of the first valid sessions the centring constants are taken from.
    """
    columns = np.concatenate([factors, y[None]]).transpose(1, 2, 0)
    valid = np.isfinite(columns).all(axis=2)
    if leave_out is not None:
        valid &= ~leave_out
    early = valid & (np.cumsum(valid, axis=1) <= center_on)
    count = np.maximum(early.sum(axis=1), 1)
    center = np.where(early[..., None], columns, 0.0).sum(axis=1) / count[:, None]
    rows = np.where(valid[..., None], columns - center[:, None], 0.0)
    width = rows.shape[2]
    left, right = np.triu_indices(width)
    prefix = np.zeros((*y.shape[:1], y.shape[1] + 1, 1 + width + len(left)))
    np.cumsum(valid, axis=1, out=prefix[:, 1:, 0])
    np.cumsum(rows, axis=1, out=prefix[:, 1:, 1 : 1 + width])
    for column, (i, j) in enumerate(zip(left, right, strict=True), start=1 + width):
        np.cumsum(rows[..., i] * rows[..., j], axis=1, out=prefix[:, 1:, column])
    return Sums(rows, center, prefix)


def fit(sums: Sums, instrument: Ints, first: Ints, end: Ints, intercept: bool = True) -> Fit:
    """Fit the model for E events at once.

    Parameters
    ----------
    sums
        From `running_sums`.
    instrument
        ``(E,)`` rows.
    first, end
        ``(E,)`` columns of the first session of each estimation window and of the first after it; clipped to the data.
    intercept
        Estimate an intercept and slopes. Without it there must be no factors, and y is its own residual.
    """
    width = sums.factors + 1
    stop = sums.prefix.shape[1] - 1
    low, high = np.clip(first, 0, stop), np.clip(end, 0, stop)
    span = sums.prefix[instrument, high] - sums.prefix[instrument, low]
    n = np.rint(span[:, 0]).astype(np.int64)
    counted = np.maximum(n, 1).astype(np.float64)
    total = span[:, 1 : 1 + width]
    cross = np.empty((len(n), width, width))
    left, right = np.triu_indices(width)
    cross[:, left, right] = cross[:, right, left] = span[:, 1 + width :]
    if not intercept:
        center = sums.center[instrument, -1]
        raw = cross[:, 0, 0] + 2 * center * total[:, 0] + n * center**2
        nothing = np.empty((len(n), 0))
        s2 = np.where(n > 0, raw / counted, np.nan)
        return Fit(n, np.zeros(len(n)), nothing, s2, nothing, np.empty((len(n), 0, 0)), intercept)
    mean = total / counted[:, None]
    moments = cross - counted[:, None, None] * mean[:, :, None] * mean[:, None, :]
    slopes, inverse, rss = _solve(moments)
    lost = (n > width) & ~(rss > NEARLY_EXACT * cross[:, -1, -1])
    for e in np.flatnonzero(lost):  # rare: the sums of these windows have cancelled; take the data themselves
        rows = sums.rows[instrument[e], low[e] : high[e]]
        used = np.diff(sums.prefix[instrument[e], low[e] : high[e] + 1, 0]) > 0
        mean[e] = rows[used].mean(axis=0)
        exact = rows[used] - mean[e]
        moments[e] = exact.T @ exact
    if lost.any():
        slopes[lost], inverse[lost], rss[lost] = _solve(moments[lost])
    enough = n > width
    s2 = np.where(enough, rss / np.where(enough, n - width, 1), np.nan)
    center = sums.center[instrument]
    alpha = mean[:, -1] + center[:, -1] - ((mean + center)[:, :-1] * slopes).sum(axis=1)
    return Fit(n, np.where(enough, alpha, np.nan), slopes, s2, (mean + center)[:, :-1], inverse, intercept)


def _solve(moments: Floats) -> tuple[Floats, Floats, Floats]:
    """Return slopes, inverse of the factor moments and residual sum of squares; NaN where the factors do not vary."""
    sxx, sxy, syy = moments[:, :-1, :-1], moments[:, :-1, -1], moments[:, -1, -1]
    events, factors = sxy.shape
    if factors == 0:
        return sxy, sxx, np.maximum(syy, 0.0)
    if factors == 1:
        with np.errstate(divide="ignore", invalid="ignore"):
            inverse = np.where(sxx > 0, 1 / sxx, np.nan)
    else:
        scale = np.sqrt(np.einsum("eii->ei", sxx))
        scaled = sxx / (scale[:, :, None] * scale[:, None, :])
        usable = np.isfinite(scaled).all(axis=(1, 2))
        usable[usable] &= np.linalg.cond(scaled[usable]) < 1e12
        inverse = np.full((events, factors, factors), np.nan)
        inverse[usable] = np.linalg.inv(scaled[usable]) / (scale[:, :, None] * scale[:, None, :])[usable]
    slopes = np.einsum("eij,ej->ei", inverse, sxy)
    return slopes, inverse, np.maximum(syy - (slopes * sxy).sum(axis=1), 0.0)


def abnormal(y: Floats, factors: Floats, fitted: Fit, instrument: Ints, first: Ints, length: int) -> Abnormal:
    """Subtract what the model expected over the event windows.

    Parameters
    ----------
    y, factors
        As in `running_sums`.
    fitted
        From `fit`, for the same E events.
    instrument, first
        ``(E,)`` rows, and the column of the first session of each event window.
    length
        K, the number of sessions of the window.
    """
    actual = cut(y, instrument, first, length)
    x = np.stack([cut(f, instrument, first, length) for f in factors]) if len(factors) else np.empty((0, *actual.shape))
    expected = fitted.alpha[:, None] + np.einsum("ef,fek->ek", fitted.slopes, x)
    path = actual - expected
    kappa2 = np.full(len(first), float(length))
    if fitted.intercept:
        d = x.sum(axis=2).T - length * fitted.mean
        kappa2 += length**2 / np.maximum(fitted.n, 1) + np.einsum("ef,efg,eg->e", d, fitted.inverse, d)
    return Abnormal(path, path.sum(axis=1), np.sqrt(kappa2), compound(actual), compound(expected))


def cut(values: Floats, instrument: Ints, first: Ints, length: int) -> Floats:
    """Cut pieces ``(E, K)`` out of ``(N, T)``, one per event; NaN outside."""
    columns = first[:, None] + np.arange(length)
    inside = (columns >= 0) & (columns < values.shape[1])
    piece: Floats = np.where(inside, values[instrument[:, None], np.where(inside, columns, 0)], np.nan)
    return piece


def compound(returns: Floats) -> Floats:
    """Compound simple returns along the last axis."""
    grown: Floats = np.prod(1 + returns, axis=-1)
    return grown - 1
