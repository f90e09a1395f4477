r"""Many calls, night after night: how likely a move is chance, and which share of the calls is.

A p-value of an event without effect is uniform. Of the events of one study and window a share pi has an effect, and
their p-values have the density g:

    g(p) = a (p + c)^(a-1) / ((1+c)^a - c^a)        G(p) = ((p + c)^a - c^a) / ((1+c)^a - c^a)
    f(p) = 1 - pi + pi g(p)                         u = 1 - pi + pi g(1)
    local_fdr = min(1, u / f(p))                    q = min(1, u p / ((1 - pi) p + pi G(p)))

What is flat at p = 1 counts as chance (u; Pounds and Morris 2003). `local_fdr` is how likely this move is chance
(Efron, Tibshirani, Storey and Tusher 2001). q is the share of chance among all calls at this p or below (the tail-area
false-discovery rate; Storey 2002). Below c a smaller p is no more evidence: the tails of ordinary days and of days with
news are alike there, the earlier the more ordinary the instrument.

pi, a and c are fitted by maximum a posteriori on earlier events. Each class of relevance has a pi of its own, which
leans on that of all events.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signals.types import Floats, Ints

FINEST = 0.001  # the smallest c: no more evidence is read from p than p was validated for
USUAL_SHAPE, SHAPE_SPREAD = 0.25, 0.15  # the prior of a, normal
DOUBLINGS_SPREAD = 3.0  # the prior of log2(c / FINEST), half-normal
USUAL_SHARE, SHARE_EVENTS = 0.10, 50.0  # the prior of pi: worth so many events
CLASS_EVENTS = 20.0  # the prior of a class's pi: worth so many events at the pi of all
BINS = 240  # of p, equal in log(p + FINEST): 2.9% wide
_BISECTIONS = 60

_DOUBLINGS, _EXPONENTS = (x.ravel() for x in np.meshgrid(np.arange(6.0), np.linspace(0.05, 0.60, 12), indexing="ij"))
_SHAPES: tuple[Floats, Floats] = _EXPONENTS, FINEST * 2**_DOUBLINGS  # the candidates for a and c
_PENALTY = ((_EXPONENTS - USUAL_SHAPE) / SHAPE_SPREAD) ** 2 / 2 + (_DOUBLINGS / DOUBLINGS_SPREAD) ** 2 / 2

# The edges of the bins in p; a p of 1 belongs to the last.
EDGES = FINEST * ((1 + FINEST) / FINEST) ** (np.arange(BINS + 1) / BINS) - FINEST
EDGES[0], EDGES[-1] = 0.0, 1.0


def _density(p: Floats, a: float, c: float) -> Floats:
    density: Floats = a * (p + c) ** (a - 1) / ((1 + c) ** a - c**a)
    return density


def _distribution(p: Floats, a: float | Floats, c: float | Floats) -> Floats:
    share: Floats = np.expm1(a * np.log1p(p / c)) / np.expm1(a * np.log1p(1 / c))  # a tiny p cancels nothing
    return share


# How much likelier each bin is under g than under the uniform, ``(shapes, BINS)``.
_RATIOS = np.diff(_distribution(EDGES, *(x[:, None] for x in _SHAPES)), axis=1) / np.diff(EDGES)


@dataclass(frozen=True, slots=True)
class TwoGroups:
    """Events of which a share `pi` has an effect, with p-values of the shape `a` and `c`; the others have none.

    `events` is how many events of the same class they were fitted on.
    """

    pi: float = USUAL_SHARE
    a: float = USUAL_SHAPE
    c: float = FINEST
    events: int = 0

    @property
    def chance(self) -> float:
        """The share u of events that counts as chance."""
        return float(1 - self.pi + self.pi * _density(np.ones(1), self.a, self.c)[0])

    def local_fdr(self, p: Floats) -> Floats:
        """Return how likely each move is chance, ``(E,)``; NaN where p is NaN."""
        rates: Floats = np.minimum(1.0, self.chance / (1 - self.pi + self.pi * _density(p, self.a, self.c)))
        return rates

    def q_values(self, p: Floats) -> Floats:
        """Return the share of chance among all events with such a p or a lower one, ``(E,)``."""
        least = np.maximum(p, np.finfo(float).tiny)  # q tends to local_fdr there
        below = (1 - self.pi) * least + self.pi * _distribution(least, self.a, self.c)
        rates: Floats = np.minimum(1.0, self.chance * least / below)
        return rates


def counts_of(p: Floats, label: Ints, classes: int) -> Ints:
    """Count p-values ``(E,)`` by class and bin, ``(classes, BINS)``; counts of parts may be added."""
    bins = np.clip(np.searchsorted(EDGES, p, side="left") - 1, 0, BINS - 1)
    counts: Ints = np.bincount(label * BINS + bins, minlength=classes * BINS).reshape(classes, BINS)
    return counts


def fit(counts: Ints) -> list[TwoGroups]:
    """Fit the two groups on earlier events.

    Parameters
    ----------
    counts
        ``(classes, BINS)`` from `counts_of`.

    Returns
    -------
    list of TwoGroups
        One per class. All have the same a and c; without any event they are the defaults of `TwoGroups`.
    """
    total = counts.sum(axis=0)
    shares = _shares(total, _RATIOS, USUAL_SHARE, SHARE_EVENTS)
    fits = (total * np.log1p(shares[:, None] * (_RATIOS - 1))).sum(axis=1)
    prior = SHARE_EVENTS * (USUAL_SHARE * np.log(shares) + (1 - USUAL_SHARE) * np.log1p(-shares))
    best = int(np.argmax(fits + prior - _PENALTY))
    pi, a, c = (float(values[best]) for values in (shares, *_SHAPES))
    of_classes = (_shares(of_class, _RATIOS[best : best + 1], pi, CLASS_EVENTS) for of_class in counts)
    return [
        TwoGroups(float(share[0]), a, c, int(of_class.sum()))
        for share, of_class in zip(of_classes, counts, strict=True)
    ]


def _shares(counts: Ints, ratios: Floats, usual: float, events: float) -> Floats:
    """Return the most probable pi for each shape: the root of the derivative, which falls from plus to minus infinity.

    The prior of pi is worth `events` events, of which the share `usual` has an effect.
    """
    low, high = np.zeros(len(ratios)), np.ones(len(ratios))
    for _ in range(_BISECTIONS):
        pi = (low + high) / 2
        slope = (counts * (ratios - 1) / (1 + pi[:, None] * (ratios - 1))).sum(axis=1)
        rising = slope + events * (usual / pi - (1 - usual) / (1 - pi)) > 0
        low, high = np.where(rising, pi, low), np.where(rising, high, pi)
    return (low + high) / 2
