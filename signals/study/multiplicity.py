"""Many p-values at once: the false-discovery rate."""

from __future__ import annotations

import numpy as np

from signals.types import Floats


def q_values(p: Floats) -> Floats:
    """Return Benjamini-Hochberg q-values, shape ``(m,)``, in the order of `p`.

    ``q_(i) = min over j >= i of m p_(j) / j``; calling every q <= a a discovery keeps the expected share of false ones
    at or below a (Benjamini and Hochberg 1995; Benjamini and Yekutieli 2001 for positive dependence).
    """
    m = len(p)
    order = np.argsort(p, kind="stable")
    stepped = p[order] * m / np.arange(1, m + 1)
    q = np.empty(m)
    q[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    return q
