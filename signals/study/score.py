"""Scores of the events of one study: returns, abnormal returns and their significance."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from signals.study.calibration import CalibratedStudy, Calibration
from signals.study.effects import minimum_detectable
from signals.study.leastsquares import Bools, Fit, Sums
from signals.study.models import Panel, abnormal, compound, cut, fit_events, sums_for
from signals.study.placebo import Significance, significance
from signals.study.ranks import own_history_rank
from signals.types import Floats, Ints, Study, Window

__all__ = [
    "Measurements",
    "Panel",
    "Scores",
    "Sessions",
    "every_session",
    "measure",
    "p_values",
    "score",
    "sums_for",
    "tested",
]


@dataclass(frozen=True, slots=True, eq=False)
class Measurements:
    """Returns and abnormal returns of E events, each ``(E,)``, in decimals; NaN where they cannot be measured.

    `sigma` is the residual standard deviation s of the estimation window, and ``t_stat = CAR / (s kappa)``.
    """

    ret: Floats
    ret_gap: Floats
    ret_session: Floats
    benchmark_ret: Floats
    car: Floats
    bhar: Floats
    kappa: Floats
    sigma: Floats
    t_stat: Floats
    alpha: Floats
    beta: Floats
    n: Ints
    has_bars: Bools
    has_benchmark: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Scores(Measurements):
    """Measurements of E events and their significance, each ``(E,)``.

    Attributes
    ----------
    volatility
        Standard deviation of a single session's abnormal return, as expected just before the window.
    z
        ``CAR / (volatility kappa)``.
    p_value, p_method, n_reference, reference_id
        The p-value of z by the event's reference of placebo windows, and the method, size and digest of the reference.
    p_raw
        The p-value of the return itself, without a benchmark; NaN where it was not asked for.
    p_rank
        The p-value of the CAR by its rank among sums of as many residuals of the estimation window.
    noise
        Standard deviation of the CAR of comparable placebo windows; see `signals.study.effects.shrunk`.
    minimum_detectable
        The |CAR| detected at 5% with 80% power.
    """

    volatility: Floats
    z: Floats
    p_value: Floats
    p_method: NDArray[np.object_]
    p_rank: Floats
    p_raw: Floats
    n_reference: Ints
    reference_id: NDArray[np.object_]
    noise: Floats
    minimum_detectable: Floats


def measure(panel: Panel, study: Study, window: Window, fitted: Fit, instrument: Ints, day_zero: Ints) -> Measurements:
    """Return what fitted models say of the event windows of E events.

    Parameters
    ----------
    panel, study, window
        The returns, the model and the event window.
    fitted
        From `signals.study.models.fit_events`, for the same events.
    instrument, day_zero
        ``(E,)`` rows and columns of the panel.
    """
    design = panel.design(study)
    first, length = day_zero + window.first, window.last - window.first + 1
    windows = abnormal(design.y, design.factors, fitted, instrument, first, length)
    benchmark_ret = compound(cut(panel.benchmark, instrument, first, length))
    ret = windows.ret if design.subtracted is None else compound(cut(panel.ret, instrument, first, length))
    sigma = np.sqrt(fitted.s2)
    if design.subtracted is not None:
        beta, expected = np.where(np.isfinite(sigma), 1.0, np.nan), benchmark_ret
    else:
        beta = fitted.slopes[:, 0] if design.factors else np.full(len(first), np.nan)
        expected = windows.expected
    return Measurements(
        ret=ret,
        ret_gap=cut(panel.gap, instrument, day_zero, 1)[:, 0],
        ret_session=cut(panel.session, instrument, day_zero, 1)[:, 0],
        benchmark_ret=benchmark_ret,
        car=windows.car,
        bhar=ret - expected,
        kappa=windows.kappa,
        sigma=sigma,
        t_stat=windows.car / (sigma * windows.kappa),
        alpha=fitted.alpha,
        beta=beta,
        n=fitted.n,
        has_bars=np.isfinite(ret),
        has_benchmark=np.isfinite(benchmark_ret),
    )


def score(
    panel: Panel,
    sums: Sums,
    study: Study,
    window: Window,
    instrument: Ints,
    day_zero: Ints,
    calibration: Calibration,
    raw: CalibratedStudy | None = None,
) -> Scores:
    """Measure E events and compute their significance.

    Parameters
    ----------
    panel, sums
        From the same returns.
    study, window
        The study and one of its windows.
    instrument, day_zero
        ``(E,)`` rows and columns of the panel.
    calibration
        Of the panel and study: `signals.study.calibration.calibrate`.
    raw
        The study of the returns themselves (`signals.types.Study.raw`) on the same panel, for `p_raw`.

    Notes
    -----
    The estimation window is ``[s0 - g - L, s0 - g - 1]`` for all event windows; the volatility is that of the event
    window's first session. See `signals.study.models`, `volatility` and `placebo`.
    """
    fitted = fit_events(sums, study, instrument, day_zero)
    measured = measure(panel, study, window, fitted, instrument, day_zero)
    length = window.last - window.first + 1
    first, placebos = day_zero + window.first, calibration.placebos[length]
    tests = significance(placebos, instrument, first, day_zero, measured.car, measured.kappa)
    unit = tests.volatility * measured.kappa
    return Scores(
        **{f.name: getattr(measured, f.name) for f in fields(measured)},
        volatility=tests.volatility,
        z=tests.z,
        p_value=tests.p_value,
        p_method=tests.p_method,
        p_rank=own_history_rank(sums, study, fitted, instrument, day_zero, measured.car, length),
        p_raw=np.full(len(day_zero), np.nan) if raw is None else p_values(panel, raw, window, instrument, day_zero),
        n_reference=tests.n_reference,
        reference_id=tests.reference_id,
        noise=unit * tests.deviation,
        minimum_detectable=minimum_detectable(tests.critical, tests.middle, unit),
    )


def p_values(panel: Panel, calibrated: CalibratedStudy, window: Window, instrument: Ints, day_zero: Ints) -> Floats:
    """Return nothing but the p-values of E events, ``(E,)``."""
    return tested(panel, calibrated, window, instrument, day_zero)[0].p_value


def tested(
    panel: Panel, calibrated: CalibratedStudy, window: Window, instrument: Ints, day_zero: Ints
) -> tuple[Significance, Floats]:
    """Return the significance of E events, and ``(E,)`` the CAR that a z of 1 is."""
    study, design = calibrated.study, panel.design(calibrated.study)
    fitted = fit_events(calibrated.sums, study, instrument, day_zero)
    first, length = day_zero + window.first, window.last - window.first + 1
    moved = abnormal(design.y, design.factors, fitted, instrument, first, length)
    placebos = calibrated.calibration.placebos[length]
    tests = significance(placebos, instrument, first, day_zero, moved.car, moved.kappa)
    return tests, tests.volatility * moved.kappa


@dataclass(frozen=True, slots=True, eq=False)
class Sessions:
    """Single-session returns of every instrument and their significance, each ``(N, T)``."""

    ret: Floats
    ar: Floats
    sigma: Floats
    volatility: Floats
    z: Floats
    p_value: Floats
    p_method: NDArray[np.object_]


def every_session(
    panel: Panel, sums: Sums, study: Study, calibration: Calibration, since: int = 0, until: int | None = None
) -> Sessions:
    """Return the scores of all sessions from column `since` on, with news or without, ``(N, T - since)``.

    They take a hundred times the memory of the returns, so that a caller with a large panel asks for a few sessions at
    a time, before the column `until`. Sessions of one reference should be asked for together.
    """
    columns = np.arange(since, panel.ret.shape[1] if until is None else until)
    shape = (len(panel.ret), len(columns))
    row, column = (x.ravel() for x in np.meshgrid(np.arange(len(panel.ret)), columns, indexing="ij"))
    design = panel.design(study)
    fitted = fit_events(sums, study, row, column)
    windows = abnormal(design.y, design.factors, fitted, row, column, 1)
    tests = significance(calibration.placebos[1], row, column, column, windows.car, windows.kappa)
    return Sessions(
        ret=panel.ret[:, columns],
        ar=windows.car.reshape(shape),
        sigma=np.sqrt(fitted.s2).reshape(shape),
        volatility=tests.volatility.reshape(shape),
        z=tests.z.reshape(shape),
        p_value=tests.p_value.reshape(shape),
        p_method=tests.p_method.reshape(shape),
    )
