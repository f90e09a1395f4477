r"""Significance of a move: its rank among the placebo windows of comparable instruments.

The reference of an event is |z| of the windows of K sessions, of all instruments of its panel, that had ended before
s0 - g. It holds the windows that began in the last `REFERENCE_SESSIONS` sessions, and goes back further in steps of the
same size while it has fewer than `TARGET_WINDOWS`. It is that of the first session of s0's block of `BLOCK_SESSIONS`
sessions, so that neighbouring events share it and one digest names it. ``p = (1 + #{|z_ref| >= |z|}) / (n_ref + 1)``.

Instruments of thin trading (`signals.study.thin_trading`) are compared with each other, and the others with the others,
where the reference holds `TARGET_WINDOWS` of both kinds; else all are compared with all.

With fewer than `MIN_WINDOWS` windows, p is that of a Student t with 4 degrees of freedom. Its mean absolute value is 1,
which is also the unit of the expected size, so that no further constant is needed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

from signals.study.distributions import student_t4_quantile, student_t4_two_sided
from signals.study.leastsquares import Bools
from signals.study.models import cut
from signals.types import Floats, Ints

REFERENCE_SESSIONS = 250  # as long as the default estimation window
TARGET_WINDOWS = 5_000  # five of them lie beyond p = 0.001
MIN_WINDOWS = 1_000  # one of them lies beyond p = 0.001
BLOCK_SESSIONS = 10  # as long as the default gap
POOLED, OWN_HISTORY, STUDENT_T = "pooled", "own_history", "student_t"
THIN, THIN_AMONG_ALL = "thin", "thin_among_all"
# The standard deviation of a normal variable with E|x| = 1, which turns an expected size into a standard deviation.
NORMAL_SCALE = sqrt(pi / 2)


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The distribution of |z| of placebo windows.

    Attributes
    ----------
    sample
        |z| of the windows, ascending; empty if there are too few and Student's t is used.
    method
        `pooled`, `thin` (windows of thin trading), `thin_among_all` (for thin trading, but the panel has too few such
        windows, and most are of the other kind), `own_history` (the panel holds one instrument) or `student_t`.
    key
        A digest of the sample: equal keys are equal references.
    """

    sample: Floats
    method: str
    key: str

    def p_value(self, z: Floats) -> Floats:
        """Return the two-sided p-value of z ``(E,)``; NaN where z is NaN."""
        if self.method == STUDENT_T:
            return student_t4_two_sided(z * NORMAL_SCALE)
        beyond = len(self.sample) - np.searchsorted(self.sample, np.abs(z), side="left")
        return np.where(np.isfinite(z), (1 + beyond) / (1 + len(self.sample)), np.nan)

    def quantile(self, probability: float) -> float:
        """Return the quantile of |z|, an order statistic of the sample."""
        if self.method == STUDENT_T:
            return student_t4_quantile((1 + probability) / 2) / NORMAL_SCALE
        return float(self.sample[int(probability * (len(self.sample) - 1))])

    @property
    def deviation(self) -> float:
        """The standard deviation of z about zero, with |z| capped at its 99.9% quantile."""
        if self.method == STUDENT_T:
            return sqrt(2) / NORMAL_SCALE
        return float(np.sqrt(np.mean(np.minimum(self.sample, self.quantile(0.999)) ** 2)))


@dataclass(frozen=True, slots=True, eq=False)
class Placebos:
    """The z of every window of K sessions of a panel.

    Attributes
    ----------
    length, gap
        K, and the number of sessions between the end of a reference and day zero.
    volatility
        ``(N, T)`` of the window that begins on each session, known before it: the standard deviation of a single
        session's abnormal return, if that were normal.
    z
        ``(N, T)`` CAR / (volatility kappa) of that window; NaN where it is incomplete or has no fit.
    thin
        ``(N, T)`` whether trading was thin before that window.
    """

    length: int
    gap: int
    volatility: Floats
    z: Floats
    thin: Bools

    def reference(self, column: int, thin: bool = False) -> Reference:
        """Return the reference of events of one kind whose day zero lies in the same block of sessions as `column`."""
        stop = max(column - column % BLOCK_SESSIONS - self.gap - self.length + 1, 0)
        sizes = np.empty((len(self.z), 0))
        start = stop
        while start > 0 and np.isfinite(sizes).sum() < TARGET_WINDOWS:
            start = max(start - REFERENCE_SESSIONS, 0)
            sizes = np.abs(self.z[:, start:stop])
        chosen = np.isfinite(sizes)
        windows = int(chosen.sum())
        if windows < MIN_WINDOWS:
            return Reference(np.empty(0), STUDENT_T, "student-t4")
        of_thin = chosen & self.thin[:, start:stop]
        thin_windows, method = int(of_thin.sum()), POOLED
        if min(thin_windows, windows - thin_windows) >= TARGET_WINDOWS:
            chosen, method = (of_thin, THIN) if thin else (chosen & ~of_thin, POOLED)
        elif thin and thin_windows < windows / 2:
            method = THIN_AMONG_ALL
        if np.count_nonzero(chosen.any(axis=1)) == 1:
            method = OWN_HISTORY
        sample = np.sort(sizes[chosen])
        return Reference(sample, method, hashlib.blake2b(sample.tobytes(), digest_size=10).hexdigest())


@dataclass(frozen=True, slots=True, eq=False)
class Significance:
    """The significance of E events, each ``(E,)``.

    `critical` and `middle` are the 95% and 60% quantiles of the reference's |z|, `deviation` the standard deviation of
    its z.
    """

    volatility: Floats
    z: Floats
    p_value: Floats
    p_method: NDArray[np.object_]
    n_reference: Ints
    reference_id: NDArray[np.object_]
    critical: Floats
    middle: Floats
    deviation: Floats


def significance(
    placebos: Placebos, instrument: Ints, first: Ints, day_zero: Ints, car: Floats, kappa: Floats
) -> Significance:
    """Compare the CARs of E events with the references of their days zero.

    Parameters
    ----------
    placebos
        Of windows of the same length.
    instrument, first, day_zero
        ``(E,)`` rows, and the columns of the window's first session and of day zero.
    car, kappa
        ``(E,)`` from `signals.study.models.abnormal`.
    """
    volatility = cut(placebos.volatility, instrument, first, 1)[:, 0]
    thin = placebos.thin[instrument, np.clip(first, 0, placebos.thin.shape[1] - 1)]
    z = car / (volatility * kappa)
    events = len(z)
    p_value, critical, middle, deviation = np.full((4, events), np.nan)
    n_reference = np.zeros(events, dtype=np.int64)
    p_method, reference_id = np.empty((2, events), object)
    for members in _by_reference(day_zero, thin):
        reference = placebos.reference(int(day_zero[members[0]]), bool(thin[members[0]]))
        p_value[members] = reference.p_value(z[members])
        p_method[members], reference_id[members] = reference.method, reference.key
        n_reference[members] = len(reference.sample)
        critical[members], middle[members] = reference.quantile(0.95), reference.quantile(0.60)
        deviation[members] = reference.deviation
    return Significance(volatility, z, p_value, p_method, n_reference, reference_id, critical, middle, deviation)


def _by_reference(day_zero: Ints, thin: Bools) -> Iterator[Ints]:
    """Yield the positions of the events of each block of sessions and kind of trading."""
    group = 2 * (day_zero // BLOCK_SESSIONS) + thin
    order = np.argsort(group, kind="stable")
    edges = np.flatnonzero(np.diff(group[order])) + 1
    yield from (members for members in np.split(order, edges) if len(members))
