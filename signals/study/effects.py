"""How large a move could have been found, and how large it probably is.

The smallest move that is found at 5% four times in five: with c and m the 95% and 60% quantiles of the reference's |z|,
z lies below -m one time in five. A true effect d is found where ``z + d > c``: four times in five if ``d = c + m``.

A move that was singled out because it is large is too large. With CARs drawn about zero with variance tau2, and noise
of known standard deviation v on top, the expectation of the true move given the CAR is ``CAR tau2 / (tau2 + v^2)``.
"""

from __future__ import annotations

from math import fsum

import numpy as np

from signals.types import Floats


def minimum_detectable(critical: Floats, middle: Floats, unit: Floats) -> Floats:
    """Return the |CAR| found with 80% power at 5%, ``(E,)``.

    Parameters
    ----------
    critical, middle
        95% and 60% quantiles of the reference's |z|.
    unit
        The CAR at which z is one.
    """
    return (critical + middle) * unit


def evidence(car: Floats, noise: Floats) -> tuple[float, float]:
    """Return what some events say of tau2: ``sum(CAR^2 / v^2 - 1)`` and ``sum(1 / v^2)``, rounded once.

    Sums of several sets of events add up, in any order.
    """
    precision = 1 / noise**2
    return fsum(car**2 * precision - 1), fsum(precision)


def shrunk(car: Floats, noise: Floats, excess: Floats, weight: Floats) -> Floats:
    """Shrink CARs towards zero, ``(E,)``.

    ``tau2 = max(0, excess / weight)``, as in DerSimonian and Laird (1986) about a mean of zero; 0 without evidence, or
    where events vary no more than placebos do.

    Parameters
    ----------
    car, noise
        CARs, and the standard deviations v of ordinary windows like theirs.
    excess, weight
        `evidence` of the events whose windows had ended before each event's day zero, so that it sees no future.
    """
    tau2 = np.maximum(excess, 0.0) / np.where(weight > 0, weight, 1.0)
    result: Floats = car * tau2 / (tau2 + noise**2) + 0.0  # no negative zero: databases differ on it
    return result
