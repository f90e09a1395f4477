r"""Many calls, night after night: how likely a move is chance, and which share of the calls is.

A p-value of an event without effect is uniform. Of the events of one study and window a share pi has an effect, and
their p-values have the density g, so that with c = `FINEST`

    g(p) = a (p + c)^(a-1) / ((1+c)^a - c^a)        G(p) = ((p + c)^a - c^a) / ((1+c)^a - c^a)
    f(p) = 1 - pi + pi g(p)                         u = 1 - pi + pi g(1)
    local_fdr = min(1, u / f(p))                    q = min(1, u p / ((1 - pi) p + pi G(p)))

What is flat at p = 1 counts as chance (u; Pounds and Morris 2003). `local_fdr` is how likely this move is chance
(Efron, Tibshirani, Storey and Tusher 2001). q is the share of chance among all calls at this p or below (the tail-area
false-discovery rate; Storey 2002).

pi and a are fitted by maximum a posteriori on earlier events. Each class of relevance has a pi of its own, which leans
on that of all events.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from signals.types import Floats, Ints

FINEST = 0.001  # no more evidence is read from p than it was validated for
SHAPES = np.linspace(0.05, 0.60, 12)  # the candidates for a
USUAL_SHAPE, SHAPE_SPREAD = 0.25, 0.15  # the penalty of a: as of a normal prior
USUAL_SHARE, SHARE_EVENTS = 0.10, 50.0  # the prior of pi: worth so many events
CLASS_EVENTS = 20.0  # the prior of a class's pi: worth so many events at the pi of all
BINS = 240  # of p, equal in log(p + c): 2.9% wide
_BISECTIONS = 60

# The edges of the bins in p; a p of 1 belongs to the last.
EDGES = FINEST * ((1 + FINEST) / FINEST) ** (np.arange(BINS + 1) / BINS) - FINEST
EDGES[0], EDGES[-1] = 0.0, 1.0


@dataclass(frozen=True, slots=True)
class TwoGroups:
    """Events of which a share `pi` has an effect, with p-values of the shape `a`, and the others have none.

    Attributes
    ----------
    pi, a
        The share of events with an effect, and the exponent of g: smaller is nearer to zero.
    events
        How many events of the same class they were fitted on.
    """

    pi: float = USUAL_SHARE
    a: float = USUAL_SHAPE
    events: int = 0

    @property
    def chance(self) -> float:
        """The share u of events that counts as chance."""
        return float(1 - self.pi + self.pi * _density(np.ones(1), self.a)[0])

    def local_fdr(self, p: Floats) -> Floats:
        """Return how likely each move is chance, ``(E,)``; NaN where p is NaN."""
        rates: Floats = np.minimum(1.0, self.chance / (1 - self.pi + self.pi * _density(p, self.a)))
        return rates

    def q_values(self, p: Floats) -> Floats:
        """Return the share of chance among all events with such a p or a lower one, ``(E,)``."""
        least = np.maximum(p, np.finfo(float).tiny)  # q tends to local_fdr there
        below = (1 - self.pi) * least + self.pi * _distribution(least, self.a)
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
        One per class. All have the same a; without any event they are the defaults of `TwoGroups`.
    """
    total = counts.sum(axis=0)
    ratios = np.diff(_distribution(EDGES, SHAPES[:, None]), axis=1) / np.diff(EDGES)  # of g to the uniform, by bin
    shares = np.array([_share(total, ratio, USUAL_SHARE, SHARE_EVENTS) for ratio in ratios])
    fits = (total * np.log1p(shares[:, None] * (ratios - 1))).sum(axis=1)
    prior = SHARE_EVENTS * (USUAL_SHARE * np.log(shares) + (1 - USUAL_SHARE) * np.log1p(-shares))
    best = int(np.argmax(fits + prior - ((SHAPES - USUAL_SHAPE) / SHAPE_SPREAD) ** 2 / 2))
    pi = float(shares[best])
    return [
        TwoGroups(_share(of_class, ratios[best], pi, CLASS_EVENTS), float(SHAPES[best]), int(of_class.sum()))
        for of_class in counts
    ]


def _share(counts: Ints, ratio: Floats, usual: float, events: float) -> float:
    """Return the most probable pi: the root of the derivative, which falls from plus to minus infinity."""
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        pi = (low + high) / 2
        slope = float((counts * (ratio - 1) / (1 + pi * (ratio - 1))).sum())
        if slope + events * (usual / pi - (1 - usual) / (1 - pi)) > 0:
            low = pi
        else:
            high = pi
    return (low + high) / 2


def _density(p: Floats, a: float) -> Floats:
    density: Floats = a * (p + FINEST) ** (a - 1) / ((1 + FINEST) ** a - FINEST**a)
    return density


def _distribution(p: Floats, a: float | Floats) -> Floats:
    share: Floats = np.expm1(a * np.log1p(p / FINEST)) / np.expm1(a * np.log1p(1 / FINEST))  # a tiny p cancels nothing
    return share
