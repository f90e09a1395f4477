"""Many events of one study at once: returns, the model, and how sure one can be."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from signals.study.calibration import Calibration
from signals.study.effects import minimum_detectable
from signals.study.leastsquares import Bools, Fit, Sums
from signals.study.models import Panel, abnormal, compound, cut, fit_events, sums_for
from signals.study.placebo import judge
from signals.study.ranks import own_history_rank
from signals.types import Floats, Ints, Study, Window

__all__ = ["Measured", "Panel", "Scores", "Sessions", "every_session", "measure", "score", "sums_for"]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What the model says of E events, each ``(E,)``; NaN where it could not be measured. Returns in decimals.

    `sigma` is the residual standard deviation s of the estimation window, ``t_stat = CAR / (s kappa)``.
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
class Scores(Measured):
    """What was measured, and how sure one can be, each ``(E,)``.

    Attributes
    ----------
    volatility
        Standard deviation of a single session's abnormal return as expected before the window: sigma, but now.
    z
        ``CAR / (volatility kappa)``.
    p_value, p_method, n_reference, reference_id
        How unusual z is beside ordinary windows, of what kind and how many, and their digest.
    p_rank
        The rank of the CAR among the estimation window's own sums of as many sessions.
    noise
        Standard deviation of the CAR of ordinary windows like this one; see `signals.study.effects.shrunk`.
    minimum_detectable
        The CAR found four times in five at 5%.
    """

    volatility: Floats
    z: Floats
    p_value: Floats
    p_method: NDArray[np.object_]
    p_rank: Floats
    n_reference: Ints
    reference_id: NDArray[np.object_]
    noise: Floats
    minimum_detectable: Floats


def measure(panel: Panel, study: Study, window: Window, fitted: Fit, instrument: Ints, day_zero: Ints) -> Measured:
    """Apply fitted models to the event windows of E events.

    Parameters
    ----------
    panel, study, window
        What to measure, how, and over which sessions.
    fitted
        From `signals.study.models.fit_events`, for the same events.
    instrument, day_zero
        ``(E,)`` rows and columns of the panel.
    """
    design = panel.design(study)
    first, length = day_zero + window.first, window.last - window.first + 1
    moved = abnormal(design.y, design.factors, fitted, instrument, first, length)
    benchmark_ret = compound(cut(panel.benchmark, instrument, first, length))
    ret = moved.ret if design.pinned is None else compound(cut(panel.ret, instrument, first, length))
    sigma = np.sqrt(fitted.s2)
    if design.pinned is not None:
        beta, expected = np.where(np.isfinite(sigma), 1.0, np.nan), benchmark_ret
    else:
        beta = fitted.slopes[:, 0] if design.factors else np.full(len(first), np.nan)
        expected = moved.expected
    return Measured(
        ret=ret,
        ret_gap=cut(panel.gap, instrument, day_zero, 1)[:, 0],
        ret_session=cut(panel.session, instrument, day_zero, 1)[:, 0],
        benchmark_ret=benchmark_ret,
        car=moved.car,
        bhar=ret - expected,
        kappa=moved.kappa,
        sigma=sigma,
        t_stat=moved.car / (sigma * moved.kappa),
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
) -> Scores:
    """Score E events.

    Parameters
    ----------
    panel, sums
        From the same returns.
    study, window
        How to measure, and over which sessions; the window is one of the study's.
    instrument, day_zero
        ``(E,)`` rows and columns of the panel.
    calibration
        Of the panel and study: `signals.study.calibration.calibrate`.

    Notes
    -----
    The estimation window is ``[s0 - g - L, s0 - g - 1]``, by which CAR and kappa are measured whatever the window; the
    volatility is that of the window's first session. See `signals.study.models`, `volatility` and `placebo`.
    """
    fitted = fit_events(sums, study, instrument, day_zero)
    measured = measure(panel, study, window, fitted, instrument, day_zero)
    length = window.last - window.first + 1
    first, placebos = day_zero + window.first, calibration.placebos[length]
    judged = judge(placebos, instrument, first, day_zero, measured.car, measured.kappa)
    unit = judged.volatility * measured.kappa
    return Scores(
        **{f.name: getattr(measured, f.name) for f in fields(measured)},
        volatility=judged.volatility,
        z=judged.z,
        p_value=judged.p_value,
        p_method=judged.p_method,
        p_rank=own_history_rank(panel.design(study), sums, study, fitted, instrument, day_zero, measured.car, length),
        n_reference=judged.n_reference,
        reference_id=judged.reference_id,
        noise=unit * judged.deviation,
        minimum_detectable=minimum_detectable(judged.critical, judged.middle, unit),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Sessions:
    """Every session of every instrument, news or none: single-session returns, each ``(N, T)``."""

    ret: Floats
    ar: Floats
    sigma: Floats
    volatility: Floats
    z: Floats
    p_value: Floats
    p_method: NDArray[np.str_]


def every_session(panel: Panel, sums: Sums, study: Study, calibration: Calibration, since: int = 0) -> Sessions:
    """Measure all sessions from column `since` on, ``(N, T - since)``: the base rate, and the unusual ones."""
    instruments, sessions = panel.ret.shape
    shape = (instruments, sessions - since)
    row, column = (x.ravel() for x in np.meshgrid(np.arange(instruments), np.arange(since, sessions), indexing="ij"))
    design = panel.design(study)
    fitted = fit_events(sums, study, row, column)
    moved = abnormal(design.y, design.factors, fitted, row, column, 1)
    judged = judge(calibration.placebos[1], row, column, column, moved.car, moved.kappa)
    return Sessions(
        ret=panel.ret[:, since:],
        ar=moved.car.reshape(shape),
        sigma=np.sqrt(fitted.s2).reshape(shape),
        volatility=judged.volatility.reshape(shape),
        z=judged.z.reshape(shape),
        p_value=judged.p_value.reshape(shape),
        p_method=judged.p_method.reshape(shape),
    )
