"""The minimum detectable move of an event, and an estimate of its true move.

The minimum detectable move is called significant at 5% with a power of 80%. With c and m the 95% and 60% quantiles of
the reference's |z|, z lies below -m with probability 20%. A true effect d is detected where ``z + d > c``, with
probability 80% if ``d = c + m``.

Moves that are selected because they are large overstate the true move. With true moves distributed about zero with
variance tau2, and CAR = true move + noise of standard deviation v, the expected true move given the CAR is
``CAR tau2 / (tau2 + v^2)``.
"""

from __future__ import annotations

from math import fsum

import numpy as np

from signals.types import Floats


def minimum_detectable(critical: Floats, middle: Floats, unit: Floats) -> Floats:
    """Return the |CAR| detected at 5% with 80% power, ``(E,)``.

    Parameters
    ----------
    critical, middle
        95% and 60% quantiles of the reference's |z|.
    unit
        The CAR at which z is one.
    """
    return (critical + middle) * unit


def evidence(car: Floats, noise: Floats) -> tuple[float, float]:
    """Return the sums that estimate tau2, ``sum(CAR^2 / v^2 - 1)`` and ``sum(1 / v^2)``, each rounded once.

    The sums of several sets of events can be added in any order.
    """
    precision = 1 / noise**2
    return fsum(car**2 * precision - 1), fsum(precision)


def shrunk(car: Floats, noise: Floats, excess: Floats, weight: Floats) -> Floats:
    """Return CARs shrunk towards zero, ``(E,)``.

    ``tau2 = max(0, excess / weight)``, as in DerSimonian and Laird (1986) about a mean of zero. It is 0 where `weight`
    is 0, or where events vary no more than placebos do.

    Parameters
    ----------
    car, noise
        CARs, and the standard deviations v of the CARs of placebo windows like theirs.
    excess, weight
        The sums of `evidence` over the events whose windows had ended before each event's day zero.
    """
    tau2 = np.maximum(excess, 0.0) / np.where(weight > 0, weight, 1.0)
    result: Floats = car * tau2 / (tau2 + noise**2) + 0.0  # adding 0.0 turns -0.0 into 0.0: databases differ on it
    return result
