"""Events per second compared with a `numpy.linalg.lstsq` loop and a statsmodels loop, in one run on one core.

Usage: ``python benchmarks/throughput.py``. Compare the ratios: they carry over to other machines.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable

import numpy as np
import statsmodels.api as sm

from signals.study.calibration import calibrate
from signals.study.models import Panel, fit_events, sums_for
from signals.study.placebo import significance
from signals.study.score import measure, score
from signals.types import Ints, Study, Window

ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
INSTRUMENTS, SESSIONS, EVENTS, FEW = 500, 2_500, 1_000_000, 10_000
WINDOWS = (Window(0, 1), Window(-1, 1))
LOOP = 2_000  # events that the loops are timed on


def simulated() -> Panel:
    """Return a panel of market-model returns with Student-t residuals."""
    rng = np.random.default_rng(20261123)
    market = np.broadcast_to(rng.normal(0.0003, 0.01, SESSIONS), (INSTRUMENTS, SESSIONS)).copy()
    ret = rng.uniform(0.5, 1.5, (INSTRUMENTS, 1)) * market + 0.015 * rng.standard_t(4, (INSTRUMENTS, SESSIONS))
    return Panel(ret, market, np.full_like(ret, np.nan), np.full_like(ret, np.nan))


def seconds(work: Callable[[], object], repeat: int = 5) -> float:
    """Return the shortest of a few timings."""
    best = np.inf
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def market_model(panel: Panel, study: Study, instrument: Ints, day_zero: Ints) -> None:
    """Compute alpha, beta, sigma, CAR and forecast-corrected t of every window, including the prefix sums."""
    fitted = fit_events(sums_for(panel, study), study, instrument, day_zero)
    for window in WINDOWS:
        measure(panel, study, window, fitted, instrument, day_zero)


def pooled_p(panel: Panel, study: Study, instrument: Ints, day_zero: Ints) -> None:
    """Compute the pooled p-value of every window, including the calibration of the panel."""
    sums = sums_for(panel, study)
    placebos = calibrate(panel, sums, study).placebos
    fitted = fit_events(sums, study, instrument, day_zero)
    for window in WINDOWS:
        measured = measure(panel, study, window, fitted, instrument, day_zero)
        length = window.last - window.first + 1
        significance(placebos[length], instrument, day_zero + window.first, day_zero, measured.car, measured.kappa)


def everything(panel: Panel, study: Study, instrument: Ints, day_zero: Ints) -> None:
    """Compute all scores, including the own-history rank and the minimum detectable move."""
    sums = sums_for(panel, study)
    calibration = calibrate(panel, sums, study)
    for window in WINDOWS:
        score(panel, sums, study, window, instrument, day_zero, calibration)


def lstsq_loop(panel: Panel, study: Study, instrument: Ints, day_zero: Ints) -> None:
    """Fit one event at a time with numpy."""
    for i, s0 in zip(instrument.tolist(), day_zero.tolist(), strict=True):
        estimation = slice(s0 - study.gap - study.estimation, s0 - study.gap)
        x = np.column_stack([np.ones(study.estimation), panel.benchmark[i, estimation]])
        b, rss, _, _ = np.linalg.lstsq(x, panel.ret[i, estimation], rcond=None)
        sigma = np.sqrt(rss[0] / (study.estimation - 2))
        inverse = np.linalg.inv(x.T @ x)
        for window in WINDOWS:
            event = slice(s0 + window.first, s0 + window.last + 1)
            ahead = np.column_stack([np.ones(window.last - window.first + 1), panel.benchmark[i, event]])
            total = ahead.sum(axis=0)
            car = (panel.ret[i, event] - ahead @ b).sum()
            car / (sigma * np.sqrt(len(ahead) + total @ inverse @ total))


def statsmodels_loop(panel: Panel, study: Study, instrument: Ints, day_zero: Ints) -> None:
    """Fit one event at a time with statsmodels, with the forecast error of its own prediction."""
    for i, s0 in zip(instrument.tolist(), day_zero.tolist(), strict=True):
        estimation = slice(s0 - study.gap - study.estimation, s0 - study.gap)
        result = sm.OLS(panel.ret[i, estimation], sm.add_constant(panel.benchmark[i, estimation])).fit()
        for window in WINDOWS:
            event = slice(s0 + window.first, s0 + window.last + 1)
            ahead = sm.add_constant(panel.benchmark[i, event], has_constant="add")
            expected = result.get_prediction(ahead.sum(axis=0))
            car = panel.ret[i, event].sum() - expected.predicted_mean
            car / np.sqrt(result.mse_resid * len(ahead) + expected.se_mean**2)


def main() -> int:
    """Print the rates and ratios; return 1 if a target is missed."""
    panel, study = simulated(), Study("market", windows=WINDOWS)
    rng = np.random.default_rng(1)
    instrument = rng.integers(0, INSTRUMENTS, EVENTS)
    day_zero = rng.integers(2 * study.estimation + study.gap + 1, SESSIONS - 2, EVENTS)
    some, many, few = (slice(0, n) for n in (LOOP, EVENTS, FEW))

    def rate(work: Callable[..., object], part: slice, study: Study = study) -> float:
        return len(instrument[part]) / seconds(lambda: work(panel, study, instrument[part], day_zero[part]))

    longer = Study("longer", estimation=2 * study.estimation, windows=WINDOWS)
    lstsq, statsmodels = rate(lstsq_loop, some), rate(statsmodels_loop, some)
    model, model_few, model_longer = rate(market_model, many), rate(market_model, few), rate(market_model, many, longer)
    pooled, full = rate(pooled_p, many), rate(everything, many)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    checks = [
        ("numpy.linalg.lstsq loop", f"{lstsq:,.0f} events/s", None),
        ("statsmodels loop", f"{statsmodels:,.0f} events/s", None),
        ("market model, a million events", *_against(model, lstsq, "lstsq", 40)),
        ("pooled p, a million events", *_against(pooled, lstsq, "lstsq", 8)),
        ("all scores", f"{full:,.0f} events/s, {full / lstsq:.0f} x lstsq", None),
        ("market model, ten thousand events", *_against(model_few, statsmodels, "statsmodels", 100)),
        ("estimation window doubled", f"{model / model_longer - 1:+.1%} time", model / model_longer < 1.1),
        ("peak memory", f"{memory:,.0f} MB", memory < 1024),
    ]
    print(f"{INSTRUMENTS} instruments x {SESSIONS} sessions, estimation {study.estimation}, windows", *WINDOWS)
    for name, figure, passed in checks:
        print(f"{name:<34}{figure:<60}{'' if passed is None else 'pass' if passed else 'FAIL'}")
    return int(any(passed is False for *_, passed in checks))


def _against(rate: float, other: float, name: str, target: float) -> tuple[str, bool]:
    return f"{rate:,.0f} events/s, {rate / other:.0f} x {name} (at least {target})", rate >= target * other


if __name__ == "__main__":
    if os.environ.get("OMP_NUM_THREADS") != "1":  # the libraries read it when they are loaded: start again with it
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | ONE_CORE)
    sys.exit(main())
