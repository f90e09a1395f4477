r"""Portfolio tests: the average abnormal return of many events, and whether it differs from zero.

With N events, CAR_i over a window of K sessions, residual standard deviation s_i and forecast correction kappa_i, the
standardised CAR is ``SCAR_i = CAR_i / (s_i kappa_i)``. Every test is a two-sided test that the mean (or the median) of
the CARs is zero. The tests differ in their assumptions:

=================== =================================================== =========================================
test                distribution under no effect                        rejects too often when
=================== =================================================== =========================================
adjusted_bmp        Student t; degrees of freedom in `adjusted_bmp`     (the default)
adjusted_rank       normal; all windows on the same dates               (the default there if the events move alike)
grank_t             Student t, sessions - 2; from 30 events             windows of different events overlap in part
rank                normal                                              the same, or the event raises the variance
bmp                 Student t, N - 1                                    events share dates
patell              normal                                              the same, or the event raises the variance
cross_sectional_t   Student t, N - 1                                    events share dates
sign                normal                                              the same, or returns are skewed
generalised_sign    normal                                              events share dates
=================== =================================================== =========================================

The unit is the event. The number of articles, or of copies of one, does not matter.

References
----------
Patell (1976), Corporate forecasts of earnings per share and stock price behavior. Boehmer, Musumeci and Poulsen (1991),
Event-study methodology under conditions of event-induced variance. Kolari and Pynnonen (2010), Event study testing with
cross-sectional correlation of abnormal returns. Kolari and Pynnonen (2011), Nonparametric rank tests for event studies.
Corrado (1989), A nonparametric test for abnormal security-price performance. Corrado and Zivney (1992), The
specification and power of the sign test. Cowan (1992), Nonparametric event study tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import erfc, isfinite, isnan, nan, sqrt

import numpy as np

from signals.study.correlation import mean_correlations
from signals.study.distributions import student_t
from signals.study.leastsquares import Bools
from signals.types import Floats, Ints

DEFAULT = "adjusted_bmp"
DEFAULT_ALIKE = "adjusted_rank"
ALIKE = 0.1  # mean correlation above which events whose windows coincide are judged by their ranks
MIN_EVENTS = 5
MIN_EVENTS_GRANK = 30
NO_COMMON_HISTORY = "events share dates, but too few common sessions to estimate their correlation"
NOT_ONE_WINDOW = "the windows do not coincide"


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """E distinct events of one study and one window of K sessions, with L sessions of estimation.

    Attributes
    ----------
    abnormal
        ``(E, K)`` abnormal returns, decimals; NaN where a session is missing.
    dates
        ``(E, K)`` calendar numbers of these sessions, ascending; equal numbers are the same date for all instruments.
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
    """One test of the mean CAR. If it has no result its numbers are NaN and `reason` gives the cause."""

    name: str
    statistic: float
    p_value: float
    events: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The average abnormal return of some events, and the tests of it.

    Attributes
    ----------
    events
        The number of events with a complete CAR, which `caar` and the tests use.
    caar
        Their mean CAR, decimals; NaN without events.
    aar, counts
        For each session of the window the mean over the events that have a return on it, and their number.
    mean_correlation
        r-bar of `signals.study.correlation`.
    tests
        By name.
    default
        The name of the test to report: `DEFAULT_ALIKE` where the windows coincide and the mean correlation is above
        `ALIKE`, else `DEFAULT`.
    """

    events: int
    caar: float
    aar: tuple[float, ...]
    counts: tuple[int, ...]
    mean_correlation: float
    tests: Mapping[str, Test]
    default: str


def portfolio(sample: Sample) -> Aggregate:
    """Return the average of the events and its tests; an event without a complete CAR counts in `aar` only."""
    [[aggregate]] = portfolios([sample], [[np.arange(len(sample.s))]])
    return aggregate


def portfolios(samples: Sequence[Sample], groups: Sequence[Sequence[Ints]]) -> list[list[Aggregate]]:
    """Return `portfolio` of groups of events for several windows; shared intermediate results are computed once.

    Parameters
    ----------
    samples
        A sample for each event window, of the same events with the same estimation windows.
    groups
        For each sample the rows of each of its groups.

    Returns
    -------
    list of list of Aggregate
        For each sample the aggregate of each group.
    """
    residuals = samples[0].residuals
    ranks = _ranks(residuals)
    used = [
        [rows[complete[rows]] for rows in sample_groups]
        for complete, sample_groups in zip(map(_complete, samples), groups, strict=True)
    ]
    r_bars = mean_correlations([s.dates for s in samples], used, residuals, samples[0].residual_dates)
    return [
        [_aggregate(sample, ranks, *group) for group in zip(*by_group, strict=True)]
        for sample, *by_group in zip(samples, groups, used, r_bars, strict=True)
    ]


def _complete(sample: Sample) -> Bools:
    """Return ``(E,)`` whether the CAR of an event is complete and has a standard error."""
    error = sample.s * sample.kappa
    complete: Bools = np.isfinite(sample.abnormal).all(axis=1) & np.isfinite(error) & (error > 0) & (sample.df > 2)
    return complete


def _aggregate(sample: Sample, ranks: Floats, rows: Ints, used: Ints, r_bar: float) -> Aggregate:
    """Return the aggregate of the events `rows`, of which `used` have a complete CAR."""
    counts = np.isfinite(sample.abnormal[rows]).sum(axis=0)
    aar = np.nansum(sample.abnormal[rows], axis=0) / np.where(counts, counts, np.nan)
    abnormal, residuals, ranks = sample.abnormal[used], sample.residuals[used], ranks[used]
    car, s, df = abnormal.sum(axis=1), sample.s[used], sample.df[used]
    scar = car / (s * sample.kappa[used])
    together = coincide(sample.dates[used])
    tests = [
        adjusted_bmp(scar, r_bar),
        adjusted_rank(abnormal, residuals, ranks, scar, r_bar) if together else _apart(len(used)),
        grank_t(scar, s, residuals, ranks),
        rank(abnormal, residuals, ranks),
        bmp(scar),
        patell(scar, df),
        cross_sectional_t(car),
        sign(car),
        generalised_sign(car, residuals),
    ]
    return Aggregate(
        events=len(used),
        caar=float(car.mean()) if len(used) else nan,
        aar=tuple(aar.tolist()),
        counts=tuple(counts.tolist()),
        mean_correlation=r_bar,
        tests={test.name: test for test in tests},
        default=DEFAULT_ALIKE if together and r_bar > ALIKE else DEFAULT,
    )


def coincide(dates: Ints) -> bool:
    """Return whether the windows ``(N, K)`` of several events hold the same dates, session by session."""
    return len(dates) > 1 and bool((dates == dates[0]).all())


def cross_sectional_t(car: Floats) -> Test:
    """Compare the mean CAR with the spread of the CARs: ``sqrt(N) mean(CAR) / sd(CAR)``."""
    return _student("cross_sectional_t", _mean_over_error(car), len(car), len(car) - 1)


def patell(scar: Floats, df: Ints) -> Test:
    """Compare the sum of the SCARs with its deviation were they Student t: ``sum SCAR / sqrt(sum df / (df - 2))``."""
    spread = sqrt(float((df / (df - 2)).sum()))
    return _normal("patell", float(scar.sum()) / spread if spread else nan, len(scar))


def bmp(scar: Floats) -> Test:
    """Compare the mean SCAR with the spread of the SCARs, which allows the event to raise the variance."""
    return _student("bmp", _mean_over_error(scar), len(scar), len(scar) - 1)


def adjusted_bmp(scar: Floats, r_bar: float) -> Test:
    """Correct BMP for events that share dates: ``t sqrt((1 - r) / (1 + (N - 1) r))``, r the mean correlation.

    With correlation r the variance of the SCARs about their mean is smaller by the factor 1 - r, and that of the mean
    larger by 1 + (N - 1) r. A negative estimate of r counts as zero: it is mostly noise and would only lower p.

    The degrees of freedom are not the N - 1 of BMP but those of the ``N / (1 + (N - 1) r)`` independent events with the
    same information. The common part of the returns is observed only once, and its variance changes over months.
    Without shared dates both are N - 1.
    """
    events, r = len(scar), max(0.0, r_bar)
    if isnan(r_bar):
        return _without_result("adjusted_bmp", events, NO_COMMON_HISTORY)
    inflation = 1 + (events - 1) * r
    statistic = _mean_over_error(scar) * sqrt((1 - r) / inflation)
    return _student("adjusted_bmp", statistic, events, events / inflation - 1)


def grank_t(scar: Floats, s: Floats, residuals: Floats, ranks: Floats) -> Test:
    """Rank each event's SCAR among its own standardised residuals, and average the ranks by session.

    The SCARs are first divided by their own spread, which allows the event to raise the variance. The spread of the
    average rank over time includes the effect of correlation between events. `ranks` are those of `residuals`
    ``(E, L)``: standardising does not change them, so the SCAR is converted to the residuals' unit instead.
    """
    events = len(scar)
    if events < MIN_EVENTS_GRANK:
        return _without_result("grank_t", events, f"fewer than {MIN_EVENTS_GRANK} events")
    spread = _spread(scar)
    mean, weight = _mean_ranks((scar / (spread or 1.0) * s)[:, None], residuals, ranks)
    sessions = int((weight > 0).sum())
    variance = float((weight / events * mean**2).sum()) / sessions
    square = float(mean[0]) ** 2 / variance if spread and variance else nan
    remainder = sessions - 1 - square
    statistic = float(np.sign(mean[0])) * sqrt(square * (sessions - 2) / remainder) if remainder > 0 else nan
    return _student("grank_t", statistic, events, sessions - 2)


def rank(abnormal: Floats, residuals: Floats, ranks: Floats) -> Test:
    """Rank each event's abnormal returns ``(E, K)`` among its residuals: Corrado's test, with missing residuals.

    Over K sessions the statistic is the sum of the K daily statistics over sqrt(K). `ranks` are those of `residuals`.
    """
    events, length = abnormal.shape
    mean, weight = _mean_ranks(abnormal, residuals, ranks)
    scaled = mean * np.sqrt(weight)
    spread = sqrt(float((scaled**2).sum()) / max(int((weight > 0).sum()), 1))
    return _normal("rank", float(scaled[:length].sum()) / sqrt(length) / spread if spread else nan, events)


def adjusted_rank(abnormal: Floats, residuals: Floats, ranks: Floats, scar: Floats, r_bar: float) -> Test:
    """Correct `rank` for an event that raises the variance, where the windows of all events hold the same dates.

    The spread of the SCARs about their mean is ``sqrt(1 - r)`` if the event leaves the variance alone, with the mean
    correlation r. The abnormal returns are divided by the factor by which the spread exceeds that, never multiplied.
    The common part of the returns is observed only once; its spread is that of the mean rank over the sessions of the
    estimation window, which the dates of the events have in common. That is what `adjusted_bmp` does not use.
    """
    if isnan(r_bar):
        return _without_result(DEFAULT_ALIKE, len(scar), NO_COMMON_HISTORY)
    usual = sqrt(1 - min(max(r_bar, 0.0), 1.0))
    raised = max(1.0, _spread(scar) / usual) if usual else 1.0
    return replace(rank(abnormal / raised, residuals, ranks), name=DEFAULT_ALIKE)


def _apart(events: int) -> Test:
    """Return `adjusted_rank` of events whose windows do not coincide."""
    few = f"fewer than {MIN_EVENTS} events" if events < MIN_EVENTS else NOT_ONE_WINDOW
    return _without_result(DEFAULT_ALIKE, events, few)


def sign(car: Floats) -> Test:
    """Compare the number of positive CARs with one half."""
    return _normal("sign", _sign_z(car, 0.5), len(car))


def generalised_sign(car: Floats, residuals: Floats) -> Test:
    """Compare the number of positive CARs with the mean share of positive residuals ``(E, L)``."""
    count = np.isfinite(residuals).sum(axis=1)
    share = float(((residuals > 0).sum(axis=1) / np.maximum(count, 1)).mean()) if len(car) else nan
    return _normal("generalised_sign", _sign_z(car, share), len(car))


def _sign_z(car: Floats, share: float) -> float:
    """Return the z statistic of the number of positive CARs, if a share of them is expected to be positive."""
    events = len(car)
    spread = sqrt(events * share * (1 - share)) if 0 < share < 1 else 0.0
    return (int((car > 0).sum()) - events * share) / spread if spread else nan


def _mean_over_error(values: Floats) -> float:
    """Return the mean over its standard error; NaN without variation."""
    spread = _spread(values)
    return float(values.mean()) * sqrt(len(values)) / spread if spread else nan


def _spread(values: Floats) -> float:
    """Return the standard deviation; exactly 0 for equal values, whose deviation may round to another value."""
    return float(values.std(ddof=1)) if len(values) > 1 and np.ptp(values) > 0 else 0.0


def _mean_ranks(values: Floats, residuals: Floats, ranks: Floats) -> tuple[Floats, Floats]:
    """Return each column's mean rank, and the number of rows that have a value in the column.

    Each row of `values` ``(E, K)`` and `residuals` ``(E, L)`` is ranked together, and its ranks scaled to -1/2 .. 1/2.
    `ranks` are those of the residuals alone, to which the comparisons with the values are added. The residuals are
    therefore sorted only once for several windows.
    """
    present = np.isfinite(residuals)
    value_ranks, shifts = _ranks(values), np.zeros(residuals.shape, np.int16)
    for k, value in enumerate(values.T[:, :, None]):
        higher = (residuals > value).view(np.int8) - (residuals < value).view(np.int8)
        value_ranks[:, k] -= higher.sum(axis=1)
        shifts += higher
    scale = 0.5 / (present.sum(axis=1) + value_ranks.shape[1] + 1)
    sums = [np.einsum("el,e->l", part, scale) for part in (value_ranks, ranks + shifts)]
    weight = np.concatenate([np.full(value_ranks.shape[1], len(values)), present.sum(axis=0)]).astype(float)
    return np.concatenate(sums) / np.maximum(weight, 1), weight


def _ranks(values: Floats) -> Floats:
    """Return the number of values of the row below each value less the number above it; 0 where it is missing.

    Among n values that is ``2 rank - (n + 1)``, where equal values share their mean rank.
    """
    if values.shape[1] == 1:
        return np.zeros(values.shape)  # a value alone
    order = np.argsort(values, axis=1)
    ascending = np.take_along_axis(values, order, axis=1)
    position = np.broadcast_to(np.arange(values.shape[1], dtype=np.int16), values.shape)
    differs = np.ones(values.shape, bool)  # from the value before it
    differs[:, 1:] = ascending[:, 1:] != ascending[:, :-1]
    first = np.maximum.accumulate(np.where(differs, position, 0), axis=1)
    ends = np.roll(differs, -1, axis=1)
    last = np.minimum.accumulate(np.where(ends, position, values.shape[1])[:, ::-1], axis=1)[:, ::-1]
    present = np.isfinite(values)
    ranks = np.empty(values.shape)
    np.put_along_axis(ranks, order, first + last + 1.0 - present.sum(axis=1, keepdims=True), axis=1)
    return np.where(present, ranks, 0.0)


def _student(name: str, statistic: float, events: int, df: float) -> Test:
    """Return a test whose statistic has Student's t distribution."""
    return _checked(Test(name, statistic, student_t(statistic, df), events))


def _normal(name: str, statistic: float, events: int) -> Test:
    """Return a test whose statistic is normal."""
    return _checked(Test(name, statistic, erfc(abs(statistic) / sqrt(2)), events))


def _checked(test: Test) -> Test:
    """Return the test, or one without a result if it has too few events or no p-value."""
    if test.events < MIN_EVENTS:
        return _without_result(test.name, test.events, f"fewer than {MIN_EVENTS} events")
    return test if isfinite(test.p_value) else _without_result(test.name, test.events, "the events do not differ")


def _without_result(name: str, events: int, reason: str) -> Test:
    return Test(name, nan, nan, events, reason)
