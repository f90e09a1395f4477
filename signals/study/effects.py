"""How large a move could have been found, and how large it probably is.

The smallest move that is found at 5% four times in five: with c and m the 95% and 60% quantiles of the reference's |z|,
z lies below -m one time in five. A true effect d is found where ``z + d > c``: four times in five if ``d = c + m``.

A move that was singled out because it is large is too large. With CARs drawn about zero with variance tau2, and noise
of known standard deviation v on top, the expectation of the true move given the CAR is ``CAR tau2 / (tau2 + v^2)``.
"""

from __future__ import annotations

import numpy as np

from signals.types import Floats, Ints


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


def shrunk(car: Floats, noise: Floats, day_zero: Ints, last: int) -> Floats:
    """Shrink the CARs of one study and window towards zero, ``(E,)``; NaN where one of the two is not known.

    tau2 is estimated by moments from the events whose windows had ended before the event's day zero, so that it sees no
    future: ``tau2 = max(0, sum(CAR^2 / v^2 - 1) / sum(1 / v^2))``, as in DerSimonian and Laird (1986) about a mean of
    zero. Without such events, or where they vary no more than placebos do, it is 0.

    Parameters
    ----------
    car, noise
        CARs, and the standard deviations v of ordinary windows like theirs.
    day_zero
        Session numbers.
    last
        The window's last offset.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = 1 / noise**2
        excess = car**2 * precision - 1
    known = np.isfinite(excess)
    order = np.argsort(day_zero, kind="stable")
    above = np.append(0.0, np.cumsum(np.where(known, excess, 0.0)[order]))
    weight = np.append(0.0, np.cumsum(np.where(known, precision, 0.0)[order]))
    ended = np.searchsorted(day_zero[order] + max(last, 0), day_zero, side="left")
    tau2 = np.maximum(above[ended], 0.0) / np.where(ended > 0, np.maximum(weight[ended], np.finfo(float).tiny), 1.0)
    result: Floats = np.where(known, car * tau2 / (tau2 + noise**2), np.nan)
    return result
