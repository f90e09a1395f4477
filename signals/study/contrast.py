r"""The difference of two groups of events, and whether it is one, with few and dependent clusters.

Events of one time or of one instrument move together, so they are not independent observations. Each group is
therefore cut into clusters, and each cluster counts as one observation: the mean of its events. The clusters of one
group may depend on each other within, in whatever way; between clusters they may not. The difference of the means over
the clusters of both groups is compared with its own spread,

.. math:: t = \frac{\bar a - \bar b}{\sqrt{s_a^2 / q_a + s_b^2 / q_b}}

with q the number of clusters and s their standard deviation, on Student's t with ``min(q_a, q_b) - 1`` degrees of
freedom [1]_ [2]_. That holds at 5% whatever the variances of the clusters are. It is conservative where they are equal.

Where both groups have events in the same clusters (a period in which both had news), a common shock moves both. Those
clusters are paired: the difference within each is one observation, and the shock cancels. Where too few are shared to
pair them, the others are compared.

.. math:: t = \bar d / (s_d / \sqrt q), \qquad d_c = \bar a_c - \bar b_c, \qquad q - 1 \text{ degrees of freedom}

References
----------
.. [1] Ibragimov and Mueller (2010), t-statistic based correlation and heterogeneity robust inference.
.. [2] Ibragimov and Mueller (2016), Inference with few heterogeneous clusters.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from signals.study.distributions import student_t, student_t_quantile
from signals.types import Floats, Ints

MIN_EVENTS = 5  # of each group
MIN_CLUSTERS = 4  # of each group, or shared by both
POWER, LEVEL = 0.80, 0.05


@dataclass(frozen=True, slots=True)
class Difference:
    """The first mean less the second; without a result the numbers are NaN and `reason` says why.

    Attributes
    ----------
    difference, low, high
        The difference of the means over clusters, and its 95% interval.
    detectable
        The size of a difference that is significant at 5% four times in five.
    clusters
        The clusters of the first and of the second group; if `paired`, those that both share, twice.
    """

    difference: float
    low: float
    high: float
    statistic: float
    p_value: float
    detectable: float
    df: int
    clusters: tuple[int, int]
    paired: bool
    reason: str = ""


def contrast(first: Floats, second: Floats, first_clusters: Ints, second_clusters: Ints) -> Difference:
    """Compare the values of two groups of events, given the number of the cluster of each event."""
    a, b = _means(first, first_clusters), _means(second, second_clusters)
    shared = sorted(a.keys() & b.keys())
    if min(len(first), len(second)) < MIN_EVENTS:
        return _without(f"fewer than {MIN_EVENTS} events in a group", len(a), len(b))
    if len(shared) >= MIN_CLUSTERS:
        d = np.array([a[c] - b[c] for c in shared])
        return _result(float(d.mean()), _variance(d), len(d) - 1, (len(d), len(d)), paired=True)
    x, y = (np.array([mean for c, mean in means.items() if c not in shared]) for means in (a, b))
    if min(len(x), len(y)) < MIN_CLUSTERS:
        return _without(f"fewer than {MIN_CLUSTERS} clusters in a group, and fewer shared", len(x), len(y))
    df = min(len(x), len(y)) - 1
    return _result(float(x.mean() - y.mean()), _variance(x) + _variance(y), df, (len(x), len(y)), paired=False)


def _means(values: Floats, clusters: Ints) -> dict[int, float]:
    """Return the mean of each cluster."""
    return {int(c): float(values[clusters == c].mean()) for c in np.unique(clusters)}


def _variance(means: Floats) -> float:
    """Return the squared standard error of the mean of clusters."""
    return float(means.var(ddof=1)) / len(means)


def _result(difference: float, variance: float, df: int, clusters: tuple[int, int], *, paired: bool) -> Difference:
    if not variance > 0:
        return _without("the clusters do not differ", *clusters)
    error = sqrt(variance)
    statistic, half = difference / error, student_t_quantile(1 - LEVEL / 2, df)
    return Difference(
        difference=difference,
        low=difference - half * error,
        high=difference + half * error,
        statistic=statistic,
        p_value=student_t(statistic, df),
        detectable=(half + student_t_quantile(POWER, df)) * error,
        df=df,
        clusters=clusters,
        paired=paired,
    )


def _without(reason: str, first: int, second: int) -> Difference:
    return Difference(nan, nan, nan, nan, nan, nan, 0, (first, second), paired=False, reason=reason)
