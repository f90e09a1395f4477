"""How volatile an instrument is now: the expected size of its next abnormal return, known the day before.

For each instrument, with u its standardised abnormal returns of single sessions (``AR / kappa``, out of sample):

- E_1, E_5, E_25 and A = E_125: exponential averages of |u| with these centres of mass in sessions;
- f = the mean of |u| / A over the instruments of the pool, and F_5, F_1 its exponential averages;
- seven terms x = (mean |u| of the pool so far, E_1, E_5, E_25, A, A F_5, A F_1), all known before the session.

The expected |CAR| / kappa of a window of K sessions is ``max(w'x, FLOOR mean(x))``. The weights w, one set for all
instruments and for each K, minimise the squared relative error over the windows that had ended, each session counting
once however many instruments it has. Nothing is scaled by sqrt(K).

After Bollerslev, Hood, Huss and Pedersen (2018), Risk everywhere: modeling and managing volatility, who mix the same
four averages of realised variance and a pooled factor smoothed over 5, with coefficients common to all assets. Absolute
daily returns in place of realised variance, the pool's last session (F_1) and its overall mean are ours. The ladder of
horizons is after Corsi (2009), A simple approximate long-memory model of realized volatility; relative errors after
Engle and Gallo (2006), A multiple indicators model for volatility using intra-daily data. `docs/scoring.md` says where
each constant comes from.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from signals.types import Floats, Ints

OWN = np.array([1.0, 5.0, 25.0, 125.0])  # centres of mass: day, week, month, half-year
POOL = np.array([5.0, 1.0])
TERMS = 1 + len(OWN) + len(POOL)
CAP = 8.0  # one |u| counts for at most this many long-run means
MIN_AGE = 25  # returns before an instrument's averages are used
PRIOR = 20.0  # an equal mixture is worth this many sessions of evidence
FLOOR = 0.3  # the least that the scale may be of the equal mixture
CHUNK = 256  # sessions at a time: bounds the memory, not the result


class Averages(NamedTuple):
    """The running averages after a session: everything that the next ones need.

    `total` and `weight` are ``(4, N)`` discounted sums and counts of |u|, `age` ``(N,)`` counts returns, `pool`
    ``(2,)`` holds F_5 and F_1, and `level` ``(2,)`` the sum and the count of all |u|.
    """

    total: Floats
    weight: Floats
    age: Ints
    pool: Floats
    level: Floats

    @classmethod
    def none(cls, instruments: int) -> Averages:
        """Return what is there before the first session."""
        own = np.zeros((len(OWN), instruments))
        return cls(own, own, np.zeros(instruments, dtype=np.int64), np.ones(len(POOL)), np.zeros(2))


class Terms(NamedTuple):
    """The seven terms of each session: their mean ``(T, N)``, and each over that mean ``(T, N, 7)``.

    An instrument that is too young has a NaN mean and zeros.
    """

    mean: Floats
    share: Floats

    @classmethod
    def none(cls, sessions: int, instruments: int) -> Terms:
        """Return terms of sessions before there was an instrument."""
        return cls(np.full((sessions, instruments), np.nan), np.zeros((sessions, instruments, TERMS)))


class Evidence(NamedTuple):
    """The normal equations of the weights, ``(7, 7)`` and ``(7,)``, over the windows that have ended."""

    xx: Floats
    xy: Floats

    @classmethod
    def none(cls) -> Evidence:
        """Return what is known before the first window has ended."""
        return cls(np.zeros((TERMS, TERMS)), np.zeros(TERMS))


def volatility_terms(u: Floats, averages: Averages) -> tuple[Terms, Averages]:
    """Average |u| ``(T, N)`` session by session, going on from `averages`; a missing session changes nothing.

    Returns
    -------
    Terms
        Row t is known before session t.
    Averages
        After the last row: the next call goes on from there as if there had been one call.
    """
    total, weight, age, pool, level = averages
    keep, pool_keep = (OWN / (1 + OWN))[:, None], POOL / (1 + POOL)
    terms = Terms.none(*u.shape)
    x = np.empty((TERMS, u.shape[1]))
    with np.errstate(divide="ignore", invalid="ignore"):
        for t, now in enumerate(np.abs(u)):
            x[1:5] = total / weight
            slow = x[4]
            old = (age >= MIN_AGE) & (slow > 0)
            x[0] = level[0] / level[1]
            x[5:] = slow * pool[:, None]
            mean = x.sum(axis=0) / TERMS
            terms.mean[t, old] = mean[old]
            terms.share[t, old] = (x[:, old] / mean[old]).T

            there = np.isfinite(now)
            size = np.where(there, now, 0.0)
            size = np.where(old, np.minimum(size, CAP * slow), size)
            both = there & old
            if both.any():
                pool = pool_keep * pool + (1 - pool_keep) * np.mean(size[both] / slow[both])
            level = level + np.array([size.sum(), there.sum()])
            total = np.where(there, keep * total + (1 - keep) * size, total)
            weight = np.where(there, keep * weight + (1 - keep), weight)
            age = age + there
    return terms, Averages(total, weight, age, pool, level)


def mixture_weights(terms: Terms, y: Floats, evidence: Evidence) -> tuple[Floats, Evidence]:
    """Weigh the terms by pooled least squares on relative errors, in closed form.

    Parameters
    ----------
    terms, y
        Of windows by their first session: ``(T, N)`` |CAR| / kappa and the terms known before it. Row by row these
        are the windows that end in time for the sessions to be weighed: row t is the last that session t may use.
    evidence
        From all earlier windows.

    Returns
    -------
    weights
        ``(T, 7)``.
    evidence
        With the last row.
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
        xx[0] += evidence.xx
        xy[0] += evidence.xy
        np.cumsum(xx, axis=0, out=xx)
        np.cumsum(xy, axis=0, out=xy)
        evidence = Evidence(xx[-1].copy(), xy[-1].copy())
    weights = np.linalg.solve(xx + PRIOR * np.eye(TERMS), (xy + PRIOR / TERMS)[..., None])
    return np.asarray(weights[..., 0], dtype=np.float64), evidence


def expected_size(terms: Terms, weights: Floats) -> Floats:
    """Return the expected |CAR| / kappa ``(T, N)`` of windows by their first session, whose weights are ``(T, 7)``."""
    size: Floats = terms.mean * np.maximum(np.matmul(terms.share, weights[:, :, None])[..., 0], FLOOR)
    return size
