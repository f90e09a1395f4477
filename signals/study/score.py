"""Many events of one study at once: returns, the model, and how sure one can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signals.study.distributions import student_t_two_sided
from signals.study.models import Sums, abnormal, compound, cut, fit, running_sums
from signals.types import Floats, Ints, Study, Window

# Distance in standard errors between a true effect that a two-sided 5% test finds four times in five, and none.
DETECTABLE_80_AT_5 = 1.959964 + 0.841621


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Returns of N instruments on the T sessions of one market clock, each ``(N, T)``.

    `ret` close to close, `benchmark` the same of each instrument's benchmark (NaN where it has none), `gap` previous
    close to open, `session` open to close.
    """

    ret: Floats
    benchmark: Floats
    gap: Floats
    session: Floats

    def factors(self, model: str) -> Floats:
        """Return the ``(F, N, T)`` regressors of a model."""
        return self.benchmark[None] if model == "market" else np.empty((0, *self.ret.shape))


@dataclass(frozen=True, slots=True)
class Scores:
    """What was measured, each ``(E,)``; NaN where it could not be. Returns in decimals."""

    ret: Floats
    ret_gap: Floats
    ret_session: Floats
    benchmark_ret: Floats
    car: Floats
    bhar: Floats
    sigma: Floats
    t_stat: Floats
    z: Floats
    p_value: Floats
    minimum_detectable: Floats
    alpha: Floats
    beta: Floats
    n: Ints
    has_bars: NDArray[np.bool_]
    has_benchmark: NDArray[np.bool_]


def sums_for(panel: Panel, study: Study) -> Sums:
    """Return the prefix sums that `score` needs; make them once for a study and use them for all its windows."""
    return running_sums(panel.ret, panel.factors(study.model), center_on=study.estimation)


def score(panel: Panel, sums: Sums, study: Study, window: Window, instrument: Ints, day_zero: Ints) -> Scores:
    """Score E events.

    Parameters
    ----------
    panel, sums
        From the same returns.
    study, window
        How to measure, and over which sessions.
    instrument, day_zero
        ``(E,)`` rows and columns of the panel.

    Notes
    -----
    The estimation window is ``[s0 - g - L, s0 - g - 1]``. ``t = CAR / (s kappa)`` on n - k degrees of freedom, where
    kappa corrects for the error of the estimated coefficients; see `signals.study.models`.
    """
    factors = panel.factors(study.model)
    end = day_zero - study.gap
    fitted = fit(sums, instrument, end - study.estimation, end)
    length = window.last - window.first + 1
    moved = abnormal(panel.ret, factors, fitted, instrument, day_zero + window.first, length)
    benchmark = cut(panel.benchmark, instrument, day_zero + window.first, length)
    sigma = np.sqrt(np.where(fitted.n >= study.min_observations, fitted.s2, np.nan))
    error = sigma * moved.kappa
    with np.errstate(divide="ignore", invalid="ignore"):
        t_stat = np.where(error > 0, moved.car / error, np.nan)
    estimated = 1 + sums.factors
    return Scores(
        ret=moved.ret,
        ret_gap=panel.gap[instrument, day_zero],
        ret_session=panel.session[instrument, day_zero],
        benchmark_ret=compound(benchmark),
        car=moved.car,
        bhar=moved.ret - moved.expected,
        sigma=sigma,
        t_stat=t_stat,
        z=t_stat,
        p_value=student_t_two_sided(t_stat, fitted.n - estimated),
        minimum_detectable=DETECTABLE_80_AT_5 * error,
        alpha=fitted.alpha,
        beta=fitted.slopes[:, 0] if sums.factors else np.full(len(day_zero), np.nan),
        n=fitted.n,
        has_bars=np.isfinite(moved.ret),
        has_benchmark=np.isfinite(compound(benchmark)),
    )
