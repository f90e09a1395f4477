"""The mean correlation of events whose windows share dates."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.study import correlation
from signals.study.correlation import MIN_COMMON, mean_correlation, mean_correlations
from signals.types import Floats, Ints

ESTIMATION = 120


def residuals_of(seed: int, first: Ints, rho: float) -> tuple[Floats, Ints]:
    """Return residuals of one instrument per event, with correlation `rho` on each date, and their dates."""
    rng = np.random.default_rng(seed)
    returns = np.sqrt(rho) * rng.normal(size=(1, 500)) + np.sqrt(1 - rho) * rng.normal(size=(len(first), 500))
    dates = first[:, None] - ESTIMATION - 10 + np.arange(ESTIMATION)
    return returns[np.arange(len(first))[:, None], dates], dates


def windows_of(first: Ints, length: int) -> Ints:
    return first[:, None] + np.arange(length)


def mean_over_pairs(windows: Ints, residuals: Floats, dates: Ints) -> float:
    """Return the mean correlation pair by pair, without the pairs that have none."""
    total = 0.0
    for i, j in combinations(range(len(windows)), 2):
        overlap = len(np.intersect1d(windows[i], windows[j])) / windows.shape[1]
        _, a, b = np.intersect1d(dates[i], dates[j], return_indices=True)
        total += overlap * np.corrcoef(residuals[i, a], residuals[j, b])[0, 1] if overlap else 0.0
    return total / (len(windows) * (len(windows) - 1) / 2)


def test_windows_without_a_common_date_are_uncorrelated_however_much_their_estimation_windows_overlap() -> None:
    apart, same = 200 + 2 * np.arange(40), np.full(40, 300)
    assert mean_correlation(windows_of(apart, 2), *residuals_of(6, apart, 0.9)) == 0
    assert mean_correlation(windows_of(same, 2), *residuals_of(6, same, 0.9)) == pytest.approx(0.9, abs=0.05)


def test_windows_that_overlap_in_part_count_in_part() -> None:
    partly, whole = np.array([200, 201]), np.array([200, 200])
    expected = 2 / 3 * mean_correlation(windows_of(whole, 3), *residuals_of(7, whole, 0.9))
    assert mean_correlation(windows_of(partly, 3), *residuals_of(7, partly, 0.9)) == pytest.approx(expected, abs=0.02)


def test_equal_residuals_have_correlation_1_and_mirrored_ones_minus_1() -> None:
    first = np.array([300, 300])
    residuals, dates = residuals_of(8, first, 0.0)
    for factor in (2.5, -2.5):
        pair = np.stack([residuals[0], factor * residuals[0]])
        assert mean_correlation(windows_of(first, 1), pair, dates) == pytest.approx(np.sign(factor), abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4))
def test_the_mean_is_that_over_all_pairs(seed: int, length: int) -> None:
    first = np.random.default_rng(seed).integers(250, 290, 12)
    residuals, dates = residuals_of(seed, first, 0.4)
    expected = mean_over_pairs(windows_of(first, length), residuals, dates)
    assert mean_correlation(windows_of(first, length), residuals, dates) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_neither_the_order_of_events_nor_the_unit_of_residuals_matters(seed: int) -> None:
    rng = np.random.default_rng(seed)
    first = rng.integers(250, 270, 30)
    residuals, dates = residuals_of(seed, first, 0.3)
    order, scale = rng.permutation(30), rng.uniform(0.01, 100, (30, 1))
    once = mean_correlation(windows_of(first, 2), residuals, dates)
    other = mean_correlation(windows_of(first, 2)[order], (scale * residuals)[order], dates[order])
    assert other == pytest.approx(once, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("common", "estimated"), [(MIN_COMMON - 1, False), (MIN_COMMON, True)])
def test_a_correlation_needs_enough_common_dates(common: int, estimated: bool) -> None:
    first = np.array([300, 300])
    residuals, dates = residuals_of(9, first, 0.5)
    residuals[0, common:] = np.nan
    assert np.isfinite(mean_correlation(windows_of(first, 1), residuals, dates)) == estimated


def test_a_pair_without_a_correlation_gets_the_mean_of_the_others() -> None:
    first = np.full(3, 300)
    residuals, dates = residuals_of(10, first, 0.5)
    residuals[2] = np.nan
    pair = mean_correlation(windows_of(first[:2], 1), residuals[:2], dates[:2])
    assert mean_correlation(windows_of(first, 1), residuals, dates) == pytest.approx(pair)


def test_residuals_without_variance_have_no_correlation() -> None:
    first = np.array([300, 300])
    residuals, dates = residuals_of(11, first, 0.5)
    residuals[0] = 0.01
    assert np.isnan(mean_correlation(windows_of(first, 1), residuals, dates))


@pytest.mark.parametrize("events", [0, 1])
def test_without_a_pair_of_events_there_is_no_correlation(events: int) -> None:
    first = np.full(2, 300)
    residuals, dates = residuals_of(12, first, 0.5)
    assert mean_correlations([windows_of(first, 1)], [[np.arange(events)]], residuals, dates) == [[0.0]]


def test_windows_and_groups_together_equal_each_alone() -> None:
    first = np.random.default_rng(13).integers(250, 280, 50)
    residuals, dates = residuals_of(13, first, 0.3)
    windows = [windows_of(first, length) for length in (1, 4)]
    groups = [[np.arange(50), np.arange(0, 50, 3)], [np.arange(20)]]
    together = mean_correlations(windows, groups, residuals, dates)
    for window, rows_of_groups, values in zip(windows, groups, together, strict=True):
        for rows, value in zip(rows_of_groups, values, strict=True):
            assert value == pytest.approx(mean_correlation(window[rows], residuals[rows], dates[rows]), rel=1e-9)


def test_blocks_bound_the_memory_and_not_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    first = np.random.default_rng(8).integers(250, 280, 90)
    residuals, dates = residuals_of(8, first, 0.3)
    whole = mean_correlation(windows_of(first, 3), residuals, dates)
    monkeypatch.setattr(correlation, "MIN_BLOCK", 3)
    monkeypatch.setattr(correlation, "MAX_BLOCK", 7)
    assert mean_correlation(windows_of(first, 3), residuals, dates) == pytest.approx(whole, rel=1e-12)
