"""Session activity: the size of a session's returns so far, and the adjustment of later windows for it.

The volatility of an intraday window is estimated from earlier sessions (`signals.study.volatility`), but news is more
frequent on days that are already volatile. The activity of a session is measured by the n returns of the night and of
the slots that had ended when a window began:

    activity = (2 + sum of |r_k| / A_k) / (2 + n)

This is an average with a prior of two slots of average size. A_k is the exponential average of |r_k| over the sessions
before, with a centre of mass of 25, and r_k the return less that of the benchmark, if there is one. The activity of a
window that begins before its session is 1.

The expected size of z is ``a + b (activity - 1)``. Its coefficients are estimated by least squares over all windows of
the instrument that had ended before the gap, with equal weight for each session, and shrunk to a = 1 and b = 0. The
cap, prior and floor are those of the volatility. Volatility and z of every window are scaled by the expected size, so
that an event and its reference have the same unit.

The product of a daily, a time-of-day and a remaining factor is after Engle and Sokalska (2012), Forecasting intraday
volatility in the US equity market: multiplicative component GARCH. The regression on one average is our simplification.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from signals.study.calibration import Calibration
from signals.study.intraday_windows import PREVIOUS, IntradaySeries
from signals.study.placebo import NORMAL_SCALE, Placebos
from signals.study.volatility import CAP, FLOOR, MIN_AGE, OWN, PRIOR
from signals.types import Floats, Ints

PRIOR_SLOTS = 2.0
MONTH = OWN[2]


def activity_so_far(instrument: IntradaySeries, benchmark: IntradaySeries | None) -> Floats:
    """Return the activity of each session after its night and after each of its slots, ``(T, 1 + S)``."""
    returns = _slot_returns(instrument)
    if benchmark is not None:
        returns = returns - _slot_returns(benchmark)
    size = np.abs(returns)
    relative = np.minimum(size / _long_run(size), CAP)
    present = np.isfinite(relative)
    total = PRIOR_SLOTS + np.cumsum(np.where(present, relative, 0.0), axis=1)
    activity: Floats = total / (PRIOR_SLOTS + np.cumsum(present, axis=1))
    return activity


def activity_at_start(activity: Floats, instrument: IntradaySeries, place_pairs: Ints) -> Floats:
    """Return the activity of each session when the windows between pairs of places ``(R, 2)`` began, ``(R, T)``.

    `activity` is that of `activity_so_far` for the same instrument.
    """
    starts = place_pairs[:, 0]
    columns = np.where(starts == PREVIOUS, 0, starts - instrument.low + 1)
    return np.where(starts[:, None] == PREVIOUS, 1.0, activity[:, columns].T)


def _slot_returns(instrument: IntradaySeries) -> Floats:
    """Return the overnight return and that of each slot, ``(T, 1 + S)``."""
    close = instrument.close
    missing = np.full((len(close), 1), np.nan)
    before = np.concatenate([missing, close[:, :-1]], axis=1)
    sessions, first = np.arange(len(close)), np.isfinite(close).argmax(axis=1)
    before[sessions, first] = instrument.open
    overnight = missing.copy()
    overnight[1:, 0] = instrument.split[1:] * (instrument.open[1:] + instrument.dividend[1:]) / instrument.last[:-1] - 1
    return np.concatenate([overnight, close / before - 1], axis=1)


def _long_run(size: Floats) -> Floats:
    """Average sizes ``(T, S)`` over the sessions before each one; NaN where they are too few."""
    decay = MONTH / (1 + MONTH)
    total, weight, age = np.zeros((3, size.shape[1]))
    average = np.full(size.shape, np.nan)
    for t, sizes in enumerate(size):
        mature = (age >= MIN_AGE) & (total > 0)
        average[t, mature] = total[mature] / weight[mature]
        present = np.isfinite(sizes)
        total = np.where(present, decay * total + (1 - decay) * np.where(present, sizes, 0.0), total)
        weight = np.where(present, decay * weight + (1 - decay), weight)
        age = age + present
    return average


def adjust_for_activity(calibration: Calibration, activity: Floats) -> Calibration:
    """Scale the volatility and the z of windows of one session by the size that the activity lets expect.

    Parameters
    ----------
    calibration
        Of the windows between pairs of places.
    activity
        ``(R, T)`` of the same windows, from `activity_at_start`; sessions beyond the calibrated ones are ignored.
    """
    before = calibration.placebos[1]
    x = activity[:, : before.z.shape[1]] - 1
    y = np.minimum(np.abs(before.z) * NORMAL_SCALE, CAP)
    used = np.isfinite(y)
    per = np.where(used, 1 / np.maximum(used.sum(axis=0), 1), 0.0)
    y = np.where(used, y, 0.0)
    xx = np.array([[per, per * x], [per * x, per * x**2]]).sum(axis=2).transpose(2, 0, 1)
    xy = np.array([per * y, per * x * y]).sum(axis=1).T
    lag = before.gap + 1
    for sums in (xx, xy):  # a session uses the windows that had ended before its gap
        np.cumsum(sums, axis=0, out=sums)
        sums[lag:] = sums[:-lag].copy()
        sums[:lag] = 0
    weights = np.linalg.solve(xx + PRIOR * np.eye(2), (xy + PRIOR * np.array([1.0, 0.0]))[..., None])[..., 0]
    scale = np.maximum(weights[:, 0] + weights[:, 1] * x, FLOOR)
    placebos = Placebos(1, before.gap, before.volatility * scale, before.z / scale, before.thin)
    return replace(calibration, placebos={**calibration.placebos, 1: placebos})
