"""Returns of many instruments on one market clock, and what each return model makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from signals.study.models import Bools, Fit, Sums, fit, running_sums
from signals.types import Floats, Ints, Study


class Design(NamedTuple):
    """A return model as a regression: of `y` ``(N, T)`` on `factors` ``(F, N, T)``, after `pinned` was taken off."""

    y: Floats
    factors: Floats
    intercept: bool
    pinned: Floats | None = None

    @property
    def unfitted(self) -> Floats:
        """``(N, T)`` abnormal returns of instruments too young for a fit: alpha 0, beta 1."""
        return self.y - self.factors[0] if len(self.factors) else self.y


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Returns of N instruments on the T sessions of one market clock, each ``(N, T)``.

    `ret` close to close, `benchmark` the same of each instrument's benchmark (NaN where it has none), `gap` previous
    close to open, `session` open to close, `factors` the further regressors that studies name.
    """

    ret: Floats
    benchmark: Floats
    gap: Floats
    session: Floats
    factors: Mapping[str, Floats] = field(default_factory=dict)

    def design(self, study: Study) -> Design:
        """Return the regression behind a study's model; raises ValueError for a name that is no model."""
        none = np.empty((0, *self.ret.shape))
        if study.model == "raw":
            return Design(self.ret, none, intercept=False)
        if study.model == "constant-mean":
            return Design(self.ret, none, intercept=True)
        if study.model == "market-adjusted":
            return Design(self.ret - self.benchmark, none, intercept=False, pinned=self.benchmark)
        if study.model == "market":
            regressors = [self.benchmark, *(self.factors[name] for name in study.factors)]
            return Design(self.ret, np.stack(regressors), intercept=True)
        raise ValueError(f"{study.model!r} is no return model: raw, constant-mean, market-adjusted or market")


def sums_for(panel: Panel, study: Study, event_days: Bools | None = None) -> Sums:
    """Return the prefix sums that `score` needs; make them once for a study and use them for all its windows.

    `event_days` ``(N, T)`` marks each instrument's own event days; a study with `exclude_events` estimates without them.
    """
    design = panel.design(study)
    leave_out = event_days if study.exclude_events else None
    return running_sums(design.y, design.factors, leave_out, center_on=study.min_observations)


def fit_events(sums: Sums, study: Study, instrument: Ints, day_zero: Ints) -> Fit:
    """Fit a study's model for E events over ``[s0 - g - L, s0 - g - 1]``."""
    intercept = study.model in ("constant-mean", "market")
    end = day_zero - study.gap
    return fit(sums, instrument, end - study.estimation, end, intercept, study.min_observations)
