r"""Many events at once: the average abnormal move, and whether it differs from zero.

With N events, CAR_i over a window of K sessions, residual standard deviation s_i and forecast correction kappa_i, the
standardised CAR is ``SCAR_i = CAR_i / (s_i kappa_i)``. Every test asks whether the mean (or the median) of the CARs is
zero, against both sides. They differ in what they hold constant:

==================== ============================================ =========================================
test                 distribution under no effect                 wrong when
==================== ============================================ =========================================
adjusted_bmp         Student t, N - 1                             (the default)
grank_t              Student t, L - 1; from 30 events             few events
rank                 normal                                       the event raises the variance
bmp                  Student t, N - 1                             events share dates
patell               normal                                       the same, or the event raises the variance
cross_sectional_t    Student t, N - 1                             events share dates
sign                 normal                                       the same, or returns are skewed
generalised_sign     normal                                       events share dates
==================== ============================================ =========================================

The unit is the event: an article, or a copy of one, is never counted.

References
----------
Patell (1976), Corporate forecasts of earnings per share and stock price behavior. Boehmer, Musumeci and Poulsen (1991),
Event-study methodology under conditions of event-induced variance. Kolari and Pynnonen (2010), Event study testing with
cross-sectional correlation of abnormal returns. Kolari and Pynnonen (2011), Nonparametric rank tests for event studies.
Corrado (1989), A nonparametric test for abnormal security-price performance. Corrado and Zivney (1992), The
specification and power of the sign test. Cowan (1992), Nonparametric event study tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import erfc, isfinite, nan, sqrt

import numpy as np

from signals.study.correlation import mean_correlation
from signals.study.distributions import student_t_two_sided
from signals.types import Floats, Ints

DEFAULT = "adjusted_bmp"
MIN_EVENTS = 5
MIN_EVENTS_GRANK = 30


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """E different events measured by one study over one window of K sessions, with L sessions of estimation.

    Attributes
    ----------
    abnormal
        ``(E, K)`` abnormal returns, decimals; NaN where a session is missing.
    dates
        ``(E, K)`` calendar numbers of these sessions, ascending: equal numbers are the same date for all instruments.
    residuals
        ``(E, L)`` residuals of the estimation window by distance to the event; NaN where missing.
    residual_dates
        ``(E, L)`` their calendar numbers.
    s
        ``(E,)`` residual standard deviation.
    kappa
        ``(E,)`` standard deviation of the CAR in units of s, estimation error included.
    df
        ``(E,)`` degrees of freedom of s, n - k.
    """

    abnormal: Floats
    dates: Ints
    residuals: Floats
    residual_dates: Ints
    s: Floats
    kappa: Floats
    df: Ints


@dataclass(frozen=True, slots=True)
class Test:
    """One test of the mean CAR; where it cannot be made its numbers are NaN and `reason` says why."""

    name: str
    statistic: float
    p_value: float
    events: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """What the events have in common.

    Attributes
    ----------
    events
        Events whose CAR is complete: what `caar` and the tests rest on.
    caar
        Their mean CAR, decimals; NaN without events.
    aar, counts
        For each session of the window the mean over the events that have it, and how many have it.
    mean_correlation
        r-bar of `signals.study.correlation`.
    tests
        By name, the default first.
    default
        The name of the test to quote.
    """

    events: int
    caar: float
    aar: tuple[float, ...]
    counts: tuple[int, ...]
    mean_correlation: float
    tests: Mapping[str, Test]
    default: str = DEFAULT


def portfolio(sample: Sample) -> Aggregate:
    """Average the events and test the mean; an event without a complete CAR counts in `aar` only."""
    counts = np.isfinite(sample.abnormal).sum(axis=0)
    with np.errstate(invalid="ignore"):
        aar = np.nansum(sample.abnormal, axis=0) / np.where(counts, counts, np.nan)
    used = _complete(sample)
    car = used.abnormal.sum(axis=1)
    events = len(car)
    r_bar = mean_correlation(used.dates, used.residuals, used.residual_dates) if events >= MIN_EVENTS else nan
    return Aggregate(
        events=events,
        caar=float(car.mean()) if events else nan,
        aar=tuple(aar.tolist()),
        counts=tuple(counts.tolist()),
        mean_correlation=r_bar,
        tests={test.name: test for test in _tests(used, car, r_bar)},
    )


def _complete(sample: Sample) -> Sample:
    error = sample.s * sample.kappa
    used = np.isfinite(sample.abnormal).all(axis=1) & np.isfinite(error) & (error > 0) & (sample.df > 2)
    return Sample(
        sample.abnormal[used],
        sample.dates[used],
        sample.residuals[used],
        sample.residual_dates[used],
        sample.s[used],
        sample.kappa[used],
        sample.df[used],
    )


def _tests(sample: Sample, car: Floats, r_bar: float) -> list[Test]:
    events = len(car)
    scar = car / (sample.s * sample.kappa)
    ...
