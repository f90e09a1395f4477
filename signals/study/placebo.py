r"""How unusual a move is beside the ordinary windows of comparable instruments.

The reference of an event is |z| of every window of its K sessions, of all instruments of its panel, that had ended
before s0 - g: those that began in the last `LOOK_BACK` sessions, and further back in the same steps while they are
fewer than `ENOUGH`. It is taken at the first session of s0's block of `RENEWED` sessions, so that neighbouring events
share it and one digest names it. ``p = (1 + #{|z_ref| >= |z|}) / (n_ref + 1)``.

Below `LEAST` windows z is taken for a Student t with 4 degrees of freedom. Its mean absolute value is 1, which is what
the volatility is made to give, so that no constant has to be chosen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

from signals.study.distributions import student_t4_quantile, student_t4_two_sided
from signals.study.models import cut
from signals.types import Floats, Ints

LOOK_BACK = 250  # sessions: as far as the estimation window
ENOUGH = 5_000  # windows: five of them beyond p = 0.001
LEAST = 1_000  # windows: one
RENEWED = 10  # sessions: the gap
POOLED, OWN_HISTORY, STUDENT_T = "pooled", "own_history", "student_t"
# From E|x| = 1 to standard deviation 1, were x normal: so that volatility and z read as usual.
NORMAL = sqrt(pi / 2)


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """What z looks like when nothing happened.

    Attributes
    ----------
    sample
        |z| of ordinary windows, ascending; empty where there are too few, and Student's t is used.
    method
        `pooled`, `own_history` (the panel holds one instrument) or `student_t`.
    key
        A digest of the sample: equal keys are equal references.
    """

    sample: Floats
    method: str
    key: str

    def p_value(self, z: Floats) -> Floats:
        """Return the two-sided p of z ``(E,)``; NaN where z is NaN."""
        if self.method == STUDENT_T:
            return student_t4_two_sided(z * NORMAL)
        beyond = len(self.sample) - np.searchsorted(self.sample, np.abs(z), side="left")
        return np.where(np.isfinite(z), (1 + beyond) / (1 + len(self.sample)), np.nan)

    def quantile(self, probability: float) -> float:
        """Return the quantile of |z|, an order statistic of the sample."""
        if self.method == STUDENT_T:
            return student_t4_quantile((1 + probability) / 2) / NORMAL
        return float(self.sample[int(probability * (len(self.sample) - 1))])

    @property
    def deviation(self) -> float:
        """Return the standard deviation of z about zero; the largest thousandth counts as its least member."""
        if self.method == STUDENT_T:
            return sqrt(2) / NORMAL
        return float(np.sqrt(np.mean(np.minimum(self.sample, self.quantile(0.999)) ** 2)))


@dataclass(frozen=True, slots=True, eq=False)
class Placebos:
    """Every window of K sessions of a panel, scaled.

    Attributes
    ----------
    length, gap
        K, and how many sessions before day zero a reference ends.
    volatility
        ``(N, T)`` of the window that begins on each session, known before it: standard deviation of a single session's
        abnormal return as a normal distribution would have it.
    z
        ``(N, T)`` CAR / (volatility kappa) of that window; NaN where it is not complete or there is no fit.
    """

    length: int
    gap: int
    volatility: Floats
    z: Floats

    def reference(self, column: int) -> Reference:
        """Return the reference of events with day zero in the block of sessions that `column` lies in."""
        stop = max(column - column % RENEWED - self.gap - self.length + 1, 0)
        sizes = np.empty((len(self.z), 0))
        start = stop
        while start > 0 and np.isfinite(sizes).sum() < ENOUGH:
            start = max(start - LOOK_BACK, 0)
            sizes = np.abs(self.z[:, start:stop])
        there = np.count_nonzero(np.isfinite(sizes), axis=1)
        if there.sum() < LEAST:
            return Reference(np.empty(0), STUDENT_T, "student-t4")
        sample = np.sort(sizes, axis=None)[: there.sum()]  # NaN sorts last
        method = POOLED if np.count_nonzero(there) > 1 else OWN_HISTORY
        return Reference(sample, method, hashlib.blake2b(sample.tobytes(), digest_size=10).hexdigest())


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """How unusual E events are; `critical` and `middle` are the 95% and 60% quantiles of the reference's |z|."""

    volatility: Floats
    z: Floats
    p_value: Floats
    p_method: NDArray[np.object_]
    n_reference: Ints
    reference_id: NDArray[np.object_]
    critical: Floats
    middle: Floats
    deviation: Floats


def judge(placebos: Placebos, instrument: Ints, first: Ints, day_zero: Ints, car: Floats, kappa: Floats) -> Judged:
    """Compare the CARs of E events with the references of their day zero.

    Parameters
    ----------
    placebos
        Of windows as long as the events'.
    instrument, first, day_zero
        ``(E,)`` rows, and the columns of the window's first session and of day zero.
    car, kappa
        ``(E,)`` from `signals.study.models.abnormal`.
    """
    volatility = cut(placebos.volatility, instrument, first, 1)[:, 0]
    z = car / (volatility * kappa)
    events = len(z)
    p_value, critical, middle, deviation = np.full((4, events), np.nan)
    n_reference = np.zeros(events, dtype=np.int64)
    p_method, reference_id = np.empty((2, events), object)
    for own in _by_block(day_zero):
        reference = placebos.reference(int(day_zero[own[0]]))
        p_value[own] = reference.p_value(z[own])
        p_method[own], reference_id[own] = reference.method, reference.key
        n_reference[own] = len(reference.sample)
        critical[own], middle[own] = reference.quantile(0.95), reference.quantile(0.60)
        deviation[own] = reference.deviation
    return Judged(volatility, z, p_value, p_method, n_reference, reference_id, critical, middle, deviation)


def _by_block(day_zero: Ints) -> Iterator[Ints]:
    block = day_zero // RENEWED
    order = np.argsort(block, kind="stable")
    edges = np.flatnonzero(np.diff(block[order])) + 1
    yield from (own for own in np.split(order, edges) if len(own))
