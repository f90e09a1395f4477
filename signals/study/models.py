"""Return models: the regression behind each, and the abnormal returns of event windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from signals.study.leastsquares import Bools, Fit, Sums, fit, in_blocks, running_sums
from signals.types import Benchmark, FactorTerms, Floats, Ints, KappaTerms, Study, Window


class Design(NamedTuple):
    """A return model as a regression of `y` ``(N, T)`` on `factors`, each ``(N, T)``.

    `subtracted` ``(N, T)`` is the benchmark's return if the model subtracts it from y, else None.
    """

    y: Floats
    factors: tuple[Floats, ...]
    subtracted: Floats | None = None

    @property
    def unit_beta_abnormal(self) -> Floats:
        """``(N, T)`` abnormal returns of alpha 0 and beta 1, for instruments with too few returns for a fit."""
        return self.y - self.factors[0] if self.factors else self.y


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Returns of N instruments on the T sessions of one market clock, each ``(N, T)``.

    `ret` is close to close, `benchmark` the same of each instrument's benchmark (NaN where it has none), `gap` previous
    close to open, and `session` open to close. `factors` are the further regressors that studies name.
    """

    ret: Floats
    benchmark: Floats
    gap: Floats
    session: Floats
    factors: Mapping[str, Floats] = field(default_factory=dict)

    def traded(self) -> Panel:
        """Return the panel up to its last return; the sessions of a clock extend into the future."""
        columns = np.flatnonzero(np.isfinite(self.ret).any(axis=0))
        end = int(columns[-1]) + 1 if len(columns) else 1
        if end == self.ret.shape[1]:
            return self
        factors = {name: values[:, :end].copy() for name, values in self.factors.items()}
        ret, benchmark = self.ret[:, :end].copy(), self.benchmark[:, :end].copy()
        return Panel(ret, benchmark, self.gap[:, :end], self.session[:, :end], factors)

    def of_rows(self, rows: Ints) -> Panel:
        """Return a copy of the panel of some of the instruments."""
        ret, benchmark, gap, session = (v[rows] for v in (self.ret, self.benchmark, self.gap, self.session))
        return Panel(ret, benchmark, gap, session, {name: values[rows] for name, values in self.factors.items()})

    def design(self, study: Study) -> Design:
        """Return the regression behind a study's model; raises ValueError if the study names an unknown model."""
        model = study.return_model
        if model.benchmark is Benchmark.SUBTRACTED:
            return Design(self.ret - self.benchmark, (), subtracted=self.benchmark)
        benchmark = (self.benchmark,) if model.benchmark is Benchmark.REGRESSOR else ()
        return Design(self.ret, (*benchmark, *(self.factors[name] for name in _factor_names(study))))


def _factor_names(study: Study) -> tuple[str, ...]:
    """Return the names of the study's factors, if its model takes any."""
    return study.factors if study.return_model.takes_factors else ()


def sums_for(panel: Panel, study: Study, event_days: Bools | None = None) -> Sums:
    """Return the prefix sums of a panel for a study; all windows of the study use the same.

    `event_days` ``(N, T)`` marks each instrument's own event days, which a study with `exclude_events` leaves out.
    """
    design = panel.design(study)
    leave_out = event_days if study.exclude_events else None
    return running_sums(design.y, design.factors, leave_out, center_on=study.min_observations)


def fit_events(sums: Sums, study: Study, instrument: Ints, day_zero: Ints) -> Fit:
    """Return the fits of a study's model for E events, over ``[s0 - g - L, s0 - g - 1]``."""
    end = day_zero - study.gap
    parameters = study.return_model.parameters(len(_factor_names(study)))
    return fit(sums, instrument, end - study.estimation, end, parameters, study.min_observations)


class Abnormal(NamedTuple):
    """Abnormal returns of the event windows of E events.

    Attributes
    ----------
    path
        ``(E, K)`` abnormal returns; NaN where a session is missing.
    car, kappa
        ``(E,)`` their sum, and its standard deviation in units of s.
    ret, expected
        ``(E,)`` compounded y, and the compounded y that the model expected; like `car`, NaN if a session is missing.
    """

    path: Floats
    car: Floats
    kappa: Floats
    ret: Floats
    expected: Floats


def abnormal(y: Floats, factors: Sequence[Floats], fitted: Fit, instrument: Ints, first: Ints, length: int) -> Abnormal:
    """Return actual less expected returns over the event windows.

    Parameters
    ----------
    y, factors
        As in `running_sums`.
    fitted
        From `fit`, for the same E events.
    instrument, first
        ``(E,)`` rows, and the column of the first session of each event window.
    length
        K, the number of sessions of the window.
    """
    return Abnormal(*in_blocks(partial(_abnormal, y, factors, length), instrument, first, *fitted))


def _abnormal(
    y: Floats, factors: Sequence[Floats], length: int, instrument: Ints, first: Ints, *fit_arrays: Any
) -> Abnormal:
    """Return `abnormal` of a block of events; the arrays of a `Fit` have several element types, hence Any."""
    fitted = Fit(*fit_arrays)
    actual = cut(y, instrument, first, length).T
    expected = np.broadcast_to(fitted.alpha, actual.shape)
    n = np.maximum(fitted.n, 1)
    kappa2 = length + np.where(fitted.estimated > len(factors), length**2 / n, 0.0)  # if there is an intercept
    orthogonal: list[Floats] = []  # L^-1 d
    for i, factor in enumerate(factors):
        x = cut(factor, instrument, first, length).T
        expected = expected + fitted.slopes[:, i] * x
        d = x.sum(axis=0) - length * fitted.mean[:, i]
        for j, before in enumerate(orthogonal):
            d -= fitted.lower[:, i, j] * before
        orthogonal.append(d)
        kappa2 = kappa2 + d**2 / fitted.pivots[:, i]
    path = actual - expected
    return Abnormal(path.T, path.sum(axis=0), np.sqrt(kappa2), compound(actual.T), compound(expected.T))


def kappa_terms(
    panel: Panel, sums: Sums, study: Study, window: Window, instrument: Ints, day_zero: Ints
) -> KappaTerms | None:
    """Return the terms of kappa of one event, or None without a fit or with more than one factor."""
    fitted = fit_events(sums, study, instrument, day_zero)
    factors, length = panel.design(study).factors, window.last - window.first + 1
    if not np.isfinite(fitted.s2[0]) or len(factors) > 1:
        return None
    factor = None
    if factors:
        in_window = cut(factors[0], instrument, day_zero + window.first, length)
        factor = FactorTerms(float(fitted.mean[0, 0]), float(fitted.pivots[0, 0]), float(in_window[0].sum()))
    return KappaTerms(length, int(fitted.n[0]), bool(fitted.estimated[0] > len(factors)), factor)


def cut(values: Floats, instrument: Ints, first: Ints, length: int) -> Floats:
    """Return slices ``(E, K)`` of ``(N, T)``, one per event, from column `first` on; NaN outside the data."""
    sessions = values.shape[1]
    columns = first + np.arange(length)[:, None]
    inside = (columns >= 0) & (columns < sessions)
    slices: Floats = values.reshape(-1).take(instrument * sessions + columns, mode="clip")
    if not inside.all():
        slices[~inside] = np.nan
    return slices.T


def compound(returns: Floats) -> Floats:
    """Return simple returns compounded along the last axis."""
    compounded: Floats = np.prod(1 + returns, axis=-1) - 1
    return compounded
