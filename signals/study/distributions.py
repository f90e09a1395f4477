"""Tail probabilities that numpy does not have."""

from __future__ import annotations

from math import acos, copysign, cos, lgamma, sqrt

import numpy as np

from signals.types import Floats, Ints


def student_t_two_sided(t: Floats, df: Floats | Ints) -> Floats:
    """Return ``P(|T| >= |t|)`` for Student's t, element-wise; NaN where t is NaN or df is not positive.

    It is the regularised incomplete beta function ``I_x(df/2, 1/2)`` at ``x = df / (df + t^2)`` (Abramowitz and Stegun
    26.7.1), by its continued fraction (26.5.8) with the modified Lentz algorithm.
    """
    t, df = np.broadcast_arrays(np.asarray(t, float), np.asarray(df, float))
    result = np.full(t.shape, np.nan)
    fine = np.isfinite(t) & (df > 0)
    if fine.any():
        square, degrees = t[fine] ** 2, df[fine]
        total = degrees + square
        result[fine] = _incomplete_beta(degrees / total, square / total, degrees / 2, np.full(degrees.shape, 0.5))
    return result


def student_t4_two_sided(t: Floats) -> Floats:
    """Return ``P(|T| >= |t|)`` for 4 degrees of freedom: ``(1 - w)^2 (2 + w) / 2`` with ``w = |t| / sqrt(4 + t^2)``.

    1 - w is written as ``4 / ((4 + t^2) (1 + w))``, which keeps its digits far out.
    """
    square = t**2
    w = np.sqrt(square / (4 + square))
    p: Floats = 0.5 * (4 / ((4 + square) * (1 + w))) ** 2 * (2 + w)
    return p


def student_t4_quantile(probability: float) -> float:
    """Return the quantile for 4 degrees of freedom, in closed form."""
    root = sqrt(4 * probability * (1 - probability))
    return copysign(2 * sqrt(max(cos(acos(root) / 3) / root - 1, 0.0)), probability - 0.5)


def _incomplete_beta(x: Floats, complement: Floats, a: Floats, b: Floats) -> Floats:
    """``I_x(a, b)``, with ``complement = 1 - x`` given exactly."""
    flip = x > (a + 1) / (a + b + 2)  # the fraction converges fast on the other side of the mean only
    x, complement = np.where(flip, complement, x), np.where(flip, x, complement)
    a, b = np.where(flip, b, a), np.where(flip, a, b)
    log_gamma = np.vectorize(lgamma, otypes=[float])
    with np.errstate(divide="ignore"):
        log_front = log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * np.log(x) + b * np.log(complement)
    part = np.exp(log_front) * _beta_fraction(x, a, b) / a
    value: Floats = np.where(flip, 1 - part, part)
    return value


def _beta_fraction(x: Floats, a: Floats, b: Floats) -> Floats:
    tiny = 1e-300
    c = np.ones_like(x)
    d = 1 / _away_from_zero(1 - (a + b) * x / (a + 1), tiny)
    value = d.copy()
    for m in range(1, 300):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        change = np.ones_like(x)
        for step in (even, odd):
            d = 1 / _away_from_zero(1 + step * d, tiny)
            c = _away_from_zero(1 + step / c, tiny)
            change = c * d
            value *= change
        if np.all(np.abs(change - 1) < 1e-15):
            break
    return value


def _away_from_zero(value: Floats, tiny: float) -> Floats:
    return np.where(np.abs(value) < tiny, tiny, value)
