"""How lively a session has been so far, and what that says of the hours to come.

The volatility of a window by the clock is known from the sessions before (`signals.study.volatility`); news, though,
comes on days that are lively already. The returns of the night and of the slots that had ended when a window began say
so:

    stir = (2 + sum of |r_k| / A_k) / (2 + n)

as if two ordinary slots had come before the n. A_k is the exponential average of |r_k| over the sessions before, with a
centre of mass of 25, and r_k the return less that of the benchmark, if there is one. A window that begins before its
session has 1.

The expected size of z is ``a + b (stir - 1)``, least squares over all windows of the instrument that had ended before
the gap, each session counting once, shrunk to a = 1 and b = 0: with the cap, prior and floor of the volatility.
Volatility and z of every window are scaled by it, so that the reference is in the same unit. Intraday volatility as the
product of a daily, a time-of-day and a remaining factor is after Engle and Sokalska (2012), Forecasting intraday
volatility in the US equity market: multiplicative component GARCH; a regression on one average in its place is ours.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from signals.study.calibration import Calibration
from signals.study.intraday_windows import PREVIOUS, IntradaySeries
from signals.study.placebo import NORMAL, Placebos
from signals.study.volatility import CAP, FLOOR, MIN_AGE, OWN, PRIOR
from signals.types import Floats, Ints

ORDINARY_SLOTS = 2.0
MONTH = OWN[2]


def activity_so_far(tape: IntradaySeries, benchmark: IntradaySeries | None) -> Floats:
    """Return how lively each session was after its night and after each of its slots, ``(T, 1 + S)``."""
    moves = _slot_returns(tape)
    if benchmark is not None:
        moves = moves - _slot_returns(benchmark)
    size = np.abs(moves)
    relative = np.minimum(size / _long_run(size), CAP)
    known = np.isfinite(relative)
    total = ORDINARY_SLOTS + np.cumsum(np.where(known, relative, 0.0), axis=1)
    lively: Floats = total / (ORDINARY_SLOTS + np.cumsum(known, axis=1))
    return lively


def activity_at_start(lively: Floats, tape: IntradaySeries, listed: Ints) -> Floats:
    """Return how lively each session was when the windows between pairs of places ``(R, 2)`` began: ``(R, T)``."""
    starts = listed[:, 0]
    columns = np.where(starts == PREVIOUS, 0, starts - tape.low + 1)
    return np.where(starts[:, None] == PREVIOUS, 1.0, lively[:, columns].T)


def _slot_returns(tape: IntradaySeries) -> Floats:
    """Return the night's return and that of each slot, ``(T, 1 + S)``."""
    before = np.concatenate([np.full((len(tape.close), 1), np.nan), tape.close[:, :-1]], axis=1)
    sessions, first = np.arange(len(tape.close)), np.isfinite(tape.close).argmax(axis=1)
    before[sessions, first] = tape.open
    night = np.full((len(tape.close), 1), np.nan)
    night[1:, 0] = tape.split[1:] * (tape.open[1:] + tape.dividend[1:]) / tape.last[:-1] - 1
    return np.concatenate([night, tape.close / before - 1], axis=1)


def _long_run(size: Floats) -> Floats:
    """Average sizes ``(T, S)`` over the sessions before each; NaN while there are too few."""
    keep = MONTH / (1 + MONTH)
    total, weight, age = np.zeros((3, size.shape[1]))
    found = np.full(size.shape, np.nan)
    for t, now in enumerate(size):
        old = (age >= MIN_AGE) & (total > 0)
        found[t, old] = total[old] / weight[old]
        there = np.isfinite(now)
        total = np.where(there, keep * total + (1 - keep) * np.where(there, now, 0.0), total)
        weight = np.where(there, keep * weight + (1 - keep), weight)
        age = age + there
    return found


def adjust_for_activity(calibration: Calibration, stirs: Floats) -> Calibration:
    """Scale the volatility and the z of windows of one session by what the sessions had shown when they began.

    Parameters
    ----------
    calibration
        Of the windows between pairs of places.
    stirs
        ``(R, T)`` of the same windows, from `stir`; more sessions than are calibrated are left out.
    """
    before = calibration.placebos[1]
    x = stirs[:, : before.z.shape[1]] - 1
    y = np.minimum(np.abs(before.z) * NORMAL, CAP)
    used = np.isfinite(y)
    per = np.where(used, 1 / np.maximum(used.sum(axis=0), 1), 0.0)
    y = np.where(used, y, 0.0)
    xx = np.array([[per, per * x], [per * x, per * x**2]]).sum(axis=2).transpose(2, 0, 1)
    xy = np.array([per * y, per * x * y]).sum(axis=1).T
    lag = before.gap + 1
    for sums in (xx, xy):  # what had ended before the gap
        np.cumsum(sums, axis=0, out=sums)
        sums[lag:] = sums[:-lag].copy()
        sums[:lag] = 0
    weights = np.linalg.solve(xx + PRIOR * np.eye(2), (xy + PRIOR * np.array([1.0, 0.0]))[..., None])[..., 0]
    scale = np.maximum(weights[:, 0] + weights[:, 1] * x, FLOOR)
    placebos = Placebos(1, before.gap, before.volatility * scale, before.z / scale)
    return replace(calibration, placebos={**calibration.placebos, 1: placebos})
