"""Volatility: the expected size of an instrument's next abnormal return, known the day before.

For each instrument, with u its standardised abnormal returns of single sessions (``AR / kappa``, out of sample):

- E_1, E_5, E_25 and A = E_125: exponential averages of |u| with these centres of mass in sessions;
- f: the mean of |u| / A over the instruments of the pool, and F_5, F_1 its exponential averages;
- seven terms x = (mean |u| of the pool so far, E_1, E_5, E_25, A, A F_5, A F_1), all known before the session.

The expected |CAR| / kappa of a window of K sessions is ``max(w'x, FLOOR mean(x))``. The weights w are common to all
instruments, one set for each K. They minimise the squared relative error over the windows that have ended. Each session
has the same weight, whatever its number of instruments. Nothing is scaled by sqrt(K).

The four averages with coefficients common to all assets, and the pooled factor smoothed over 5 sessions, are those of
Bollerslev, Hood, Huss and Pedersen (2018), Risk everywhere: modeling and managing volatility, who average realised
variances. Absolute daily returns in their place, the pool's last session (F_1) and its overall mean are our changes.
The horizons are after Corsi (2009), A simple approximate long-memory model of realized volatility; relative errors
after Engle and Gallo (2006), A multiple indicators model for volatility using intra-daily data. `docs/scoring.md` gives
the source of each constant.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from signals.types import Floats, Ints

OWN = np.array([1.0, 5.0, 25.0, 125.0])  # centres of mass in sessions: day, week, month, half-year
POOL = np.array([5.0, 1.0])
TERMS = 1 + len(OWN) + len(POOL)
CAP = 8.0  # the largest |u|, in long-run means, that enters an average
MIN_AGE = 25  # returns before an instrument's averages are used
PRIOR = 20.0  # weight, in sessions, of the prior that all terms weigh the same
FLOOR = 0.3  # the smallest expected size, as a share of the mean of the terms
CHUNK = 256  # sessions at a time: bounds the memory, not the result


class Averages(NamedTuple):
    """The running averages after a session: the state that later sessions continue from.

    `total` and `weight` are ``(4, N)`` discounted sums and counts of |u|, `age` ``(N,)`` counts returns, `pool`
    ``(2,)`` holds F_5 and F_1, and `level` ``(2,)`` the sum and the count of all |u|.
    """

    total: Floats
    weight: Floats
    age: Ints
    pool: Floats
    level: Floats

    @classmethod
    def initial(cls, instruments: int) -> Averages:
        """Return the state before the first session."""
        own = np.zeros((len(OWN), instruments))
        return cls(own, own, np.zeros(instruments, dtype=np.int64), np.ones(len(POOL)), np.zeros(2))


class Terms(NamedTuple):
    """The seven terms of each session: their mean ``(T, N)``, and each over that mean ``(T, N, 7)``.

    An instrument with too few returns has a NaN mean and zeros.
    """

    mean: Floats
    share: Floats

    @classmethod
    def missing(cls, sessions: int, instruments: int) -> Terms:
        """Return the terms of sessions on which no instrument has any."""
        return cls(np.full((sessions, instruments), np.nan), np.zeros((sessions, instruments, TERMS)))


class NormalEquations(NamedTuple):
    """The normal equations of the weights, ``(7, 7)`` and ``(7,)``, summed over the windows that have ended."""

    xx: Floats
    xy: Floats

    @classmethod
    def zero(cls) -> NormalEquations:
        """Return the equations before the first window has ended."""
        return cls(np.zeros((TERMS, TERMS)), np.zeros(TERMS))


def volatility_terms(u: Floats, averages: Averages) -> tuple[Terms, Averages]:
    """Average |u| ``(T, N)`` session by session, starting from `averages`; a missing value changes nothing.

    Returns
    -------
    Terms
        Row t is known before session t.
    Averages
        The state after the last row. A later call that starts from it gives the same bits as one call for all rows.
    """
    total, weight, age, pool, level = averages
    decay, pool_decay = (OWN / (1 + OWN))[:, None], POOL / (1 + POOL)
    terms = Terms.missing(*u.shape)
    x = np.empty((TERMS, u.shape[1]))
    with np.errstate(divide="ignore", invalid="ignore"):
        for t, absolute in enumerate(np.abs(u)):
            x[1:5] = total / weight
            long_run = x[4]
            mature = (age >= MIN_AGE) & (long_run > 0)
            x[0] = level[0] / level[1]
            x[5:] = long_run * pool[:, None]
            mean = x.sum(axis=0) / TERMS
            terms.mean[t, mature] = mean[mature]
            terms.share[t, mature] = (x[:, mature] / mean[mature]).T

            present = np.isfinite(absolute)
            size = np.where(present, absolute, 0.0)
            size = np.where(mature, np.minimum(size, CAP * long_run), size)
            pooled = present & mature
            if pooled.any():
                pool = pool_decay * pool + (1 - pool_decay) * np.mean(size[pooled] / long_run[pooled])
            level = level + np.array([size.sum(), present.sum()])
            total = np.where(present, decay * total + (1 - decay) * size, total)
            weight = np.where(present, decay * weight + (1 - decay), weight)
            age = age + present
    return terms, Averages(total, weight, age, pool, level)


def mixture_weights(terms: Terms, y: Floats, equations: NormalEquations) -> tuple[Floats, NormalEquations]:
    """Return the weights of the terms by pooled least squares on relative errors, in closed form.

    Parameters
    ----------
    terms, y
        ``(T, N)`` |CAR| / kappa of windows by their first session, and the terms known before it. Row t holds the last
        windows that session t may use, because they ended before its gap.
    equations
        Summed over all earlier windows.

    Returns
    -------
    weights
        ``(T, 7)``.
    equations
        The sum after the last row.
    """
    xx, xy = np.empty((len(y), TERMS, TERMS)), np.empty((len(y), TERMS))
    for start in range(0, len(y), CHUNK):
        part = slice(start, start + CHUNK)
        relative = y[part] / terms.mean[part]
        used = np.isfinite(relative)
        per = 1 / np.maximum(used.sum(axis=1), 1)
        x = np.where(used[..., None], terms.share[part], 0.0)
        target = np.where(used, np.minimum(relative, CAP), 0.0)
        xx[part] = np.matmul(x.transpose(0, 2, 1), x) * per[:, None, None]
        xy[part] = np.matmul(x.transpose(0, 2, 1), target[..., None])[..., 0] * per[:, None]
    if len(y):
        xx[0] += equations.xx
        xy[0] += equations.xy
        np.cumsum(xx, axis=0, out=xx)
        np.cumsum(xy, axis=0, out=xy)
        equations = NormalEquations(xx[-1].copy(), xy[-1].copy())
    weights = np.linalg.solve(xx + PRIOR * np.eye(TERMS), (xy + PRIOR / TERMS)[..., None])
    return np.asarray(weights[..., 0], dtype=np.float64), equations


def expected_size(terms: Terms, weights: Floats) -> Floats:
    """Return the expected |CAR| / kappa ``(T, N)`` of windows by their first session, whose weights are ``(T, 7)``."""
    size: Floats = terms.mean * np.maximum(np.matmul(terms.share, weights[:, :, None])[..., 0], FLOOR)
    return size
