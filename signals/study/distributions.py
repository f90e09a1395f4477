"""Tail probabilities and quantiles of Student's t, which NumPy lacks."""

from __future__ import annotations

from math import acos, copysign, cos, exp, isfinite, lgamma, log, nan, sqrt

import numpy as np

from signals.types import Floats, Ints


def student_t(t: float, df: float) -> float:
    """Return ``P(|T| >= |t|)`` for Student's t; NaN where t is not finite or df is not positive.

    The probability is the regularised incomplete beta function ``I_x(df/2, 1/2)`` at ``x = df / (df + t^2)``
    (Abramowitz and Stegun 26.7.1), computed by its continued fraction (26.5.8) with the modified Lentz algorithm.
    """
    if not isfinite(t) or not df > 0:
        return nan
    square = t * t
    x, complement = df / (df + square), square / (df + square)
    if x == 0 or complement == 0:
        return x
    a, b = df / 2, 0.5
    mirrored = x > (a + 1) / (a + b + 2)  # the fraction converges fast only on the other side of the mean
    if mirrored:
        x, complement, a, b = complement, x, b, a
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(complement))
    part = front * _beta_fraction(x, a, b) / a
    return 1 - part if mirrored else part


def student_t_quantile(probability: float, df: float) -> float:
    """Return the quantile of Student's t for a probability of at least one half, by bisection of `student_t`."""
    low, high = 0.0, 1.0
    while student_t(high, df) / 2 > 1 - probability:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if student_t(middle, df) / 2 > 1 - probability else (low, middle)
    return (low + high) / 2


def student_t_two_sided(t: Floats, df: Floats | Ints) -> Floats:
    """Return `student_t` of each element."""
    p: Floats = np.vectorize(student_t, otypes=[float])(t, df)
    return p


def student_t4_two_sided(t: Floats) -> Floats:
    """Return ``P(|T| >= |t|)`` for 4 degrees of freedom: ``(1 - w)^2 (2 + w) / 2`` with ``w = |t| / sqrt(4 + t^2)``.

    1 - w is written as ``4 / ((4 + t^2) (1 + w))``, which keeps its digits for large t.
    """
    square = t**2
    w = np.sqrt(square / (4 + square))
    p: Floats = 0.5 * (4 / ((4 + square) * (1 + w))) ** 2 * (2 + w)
    return p


def student_t4_quantile(probability: float) -> float:
    """Return the quantile of Student's t for 4 degrees of freedom, by its closed form."""
    root = sqrt(4 * probability * (1 - probability))
    return copysign(2 * sqrt(max(cos(acos(root) / 3) / root - 1, 0.0)), probability - 0.5)


def _beta_fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction of the incomplete beta function (26.5.8)."""
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 300):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        change = 1.0
        for step in (even, odd):
            d = 1 / _away_from_zero(1 + step * d)
            c = _away_from_zero(1 + step / c)
            change = c * d
            value *= change
        if abs(change - 1) < 1e-15:
            break
    return value


def _away_from_zero(value: float) -> float:
    """Return the value, or 1e-300 where it is too small to divide by."""
    return value if abs(value) >= 1e-300 else 1e-300
