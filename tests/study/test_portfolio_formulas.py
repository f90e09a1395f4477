"""The portfolio tests compared with the papers' formulas, event by event and session by session."""

from itertools import combinations
from math import isnan, nan, sqrt
from statistics import NormalDist, correlation, fmean, stdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student_t

from signals.study.correlation import MIN_COMMON
from signals.study.portfolio import Sample, portfolio

ESTIMATION, GAP = 60, 2


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """Draw events of seven correlated instruments, with repeated firms, clustered dates and missing days."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    length = draw(st.integers(1, 3))
    days = 100 + rng.choice(draw(st.sampled_from([1, 3, 12, 60])), 12)
    loading = draw(st.sampled_from([0.0, 0.3, 2.0])) * rng.normal(0.7, 1, (7, 1))
    ret = 0.01 * (rng.standard_t(4, (7, 170)) + loading * rng.normal(size=170))
    ret = np.round(ret, draw(st.sampled_from([2, 12])))  # whole per cents give ties
    ret[rng.random(ret.shape) < draw(st.sampled_from([0.0, 0.05, 0.3]))] = np.nan
    events = sorted({(int(i), int(day)) for i in range(7) for day in days})
    events = [events[i] for i in rng.permutation(len(events))[: draw(st.integers(0, 70))]]
    first = np.array([day for _, day in events], int)[:, None]
    rows = np.array([i for i, _ in events], int)[:, None]
    dates, before = first + np.arange(length), first - GAP - ESTIMATION + np.arange(ESTIMATION)
    y = ret[rows, before]
    n = np.isfinite(y).sum(axis=1)
    mean = np.nanmean(y, axis=1, keepdims=True)
    residuals = y - mean
    s = np.sqrt(np.nansum(residuals**2, axis=1) / (n - 1))
    return Sample(ret[rows, dates] - mean, dates, residuals, before, s, np.sqrt(length + length**2 / n), n - 1)


def mean_correlation_of_pairs(sample: Sample, used: list[int]) -> float:
    series = {
        i: {
            int(d): float(e) for d, e in zip(sample.residual_dates[i], sample.residuals[i], strict=True) if not isnan(e)
        }
        for i in used
    }
    shares: list[float] = []
    estimated: list[tuple[float, float]] = []
    for i, j in combinations(used, 2):
        share = len(set(sample.dates[i].tolist()) & set(sample.dates[j].tolist())) / sample.dates.shape[1]
        common = sorted(set(series[i]) & set(series[j]))
        if share:
            shares.append(share)
            if len(common) >= MIN_COMMON:
                r = correlation([series[i][d] for d in common], [series[j][d] for d in common])
                estimated.append((share, r))
    if not shares:
        return 0.0
    if not estimated:
        return nan
    mean = sum(share * r for share, r in estimated) / sum(share for share, _ in estimated)
    return sum(shares) * mean / len(list(combinations(used, 2)))


def scaled_ranks(rows: list[list[float]]) -> tuple[list[float], list[int]]:
    """Return the mean of rank / (M + 1) - 1/2 by column, and the number of rows with a value in the column."""
    scaled: list[list[float]] = [[] for _ in rows[0]]
    for row in rows:
        present = [x for x in row if not isnan(x)]
        for column, x in enumerate(row):
            if not isnan(x):
                rank = sum(y < x for y in present) + (sum(y == x for y in present) + 1) / 2
                scaled[column].append(rank / (len(present) + 1) - 0.5)
    return [fmean(column) if column else nan for column in scaled], [len(column) for column in scaled]


def by_formula(sample: Sample) -> dict[str, tuple[float, float]]:
    """Return statistic and two-sided p-value of every test that has a result."""
    length = sample.abnormal.shape[1]
    used = [i for i, path in enumerate(sample.abnormal) if not np.isnan(path).any()]
    n = len(used)
    if n < 5:
        return {}
    car = [sum(sample.abnormal[i].tolist()) for i in used]
    scar = [c / (sample.s[i] * sample.kappa[i]) for c, i in zip(car, used, strict=True)]
    residuals = [sample.residuals[i].tolist() for i in used]

    def student(t: float, df: float) -> tuple[float, float]:
        return t, 2 * float(student_t.sf(abs(t), df))

    def normal(z: float) -> tuple[float, float]:
        return z, 2 * NormalDist().cdf(-abs(z))

    positive = sum(c > 0 for c in car)
    share = fmean(sum(e > 0 for e in row) / sum(not isnan(e) for e in row) for row in residuals)
    tests = {
        "cross_sectional_t": student(fmean(car) / (stdev(car) / sqrt(n)), n - 1),
        "patell": normal(sum(scar) / sqrt(sum(sample.df[i] / (sample.df[i] - 2) for i in used))),
        "bmp": student(fmean(scar) / (stdev(scar) / sqrt(n)), n - 1),
        "sign": normal((positive / n - 0.5) * sqrt(n) / 0.5),
        "generalised_sign": normal((positive - n * share) / sqrt(n * share * (1 - share))),
    }
    r = max(mean_correlation_of_pairs(sample, used), 0.0)
    if not isnan(r):
        tests["adjusted_bmp"] = student(tests["bmp"][0] * sqrt((1 - r) / (1 + (n - 1) * r)), n / (1 + (n - 1) * r) - 1)

    def by_rank(divisor: float) -> tuple[float, float]:
        returns = ([x / divisor for x in sample.abnormal[i].tolist()] for i in used)
        mean, count = scaled_ranks([own + row for own, row in zip(returns, residuals, strict=True)])
        columns = [t for t, rows_with_value in enumerate(count) if rows_with_value]
        spread = sqrt(fmean((mean[t] * sqrt(count[t])) ** 2 for t in columns))
        return normal(sum(mean[t] * sqrt(count[t]) / spread for t in range(length)) / sqrt(length))

    tests["rank"] = by_rank(1.0)
    if not isnan(r) and len({tuple(sample.dates[i].tolist()) for i in used}) == 1:
        tests["adjusted_rank"] = by_rank(max(1.0, stdev(scar) / sqrt(1 - r)))
    if n >= 30:
        spread = stdev(scar)
        rows = [[x / spread, *(e / sample.s[i] for e in row)] for x, row, i in zip(scar, residuals, used, strict=True)]
        mean, count = scaled_ranks(rows)
        used_columns = [t for t, rows_with_value in enumerate(count) if rows_with_value]
        z = mean[0] / sqrt(sum(count[t] / n * mean[t] ** 2 for t in used_columns) / len(used_columns))
        tests["grank_t"] = student(
            z * sqrt((len(used_columns) - 2) / (len(used_columns) - 1 - z**2)), len(used_columns) - 2
        )
    return tests


@settings(max_examples=120, deadline=None)
@given(samples())
def test_every_test_agrees_with_its_formula(sample: Sample) -> None:
    tests = portfolio(sample).tests
    results = {test.name: (test.statistic, test.p_value) for test in tests.values() if not test.reason}
    expected = by_formula(sample)
    assert set(results) == set(expected)
    for name, numbers in expected.items():
        assert results[name] == pytest.approx(numbers, rel=1e-9, abs=1e-9), name


@settings(max_examples=50, deadline=None)
@given(samples())
def test_the_average_path_is_over_the_events_with_a_return(sample: Sample) -> None:
    aggregate = portfolio(sample)
    for k, (mean, count) in enumerate(zip(aggregate.aar, aggregate.counts, strict=True)):
        present = [x for x in sample.abnormal[:, k].tolist() if not isnan(x)]
        assert count == len(present)
        assert mean == pytest.approx(fmean(present) if present else nan, abs=1e-15, nan_ok=True)
    complete = [sum(path) for path in sample.abnormal.tolist() if not any(map(isnan, path))]
    assert aggregate.events == len(complete)
    assert aggregate.caar == pytest.approx(fmean(complete) if complete else nan, abs=1e-15, nan_ok=True)
