"""The difference of two groups of events: its size with few and dependent clusters, and groups that give no result."""

from math import sqrt

import numpy as np
import pytest
from scipy import stats

from signals.study.contrast import MIN_CLUSTERS, contrast
from signals.types import Floats, Ints


def clustered(rng: np.random.Generator, clusters: int, events: int, shock: float = 0.0) -> Floats:
    """Return the moves of events, `clusters` after each other, of which those of one cluster share a shock."""
    own = rng.standard_t(4, (clusters, events)) + shock * rng.normal(size=(clusters, 1))
    return 0.01 * own.ravel()


def numbers(clusters: int, events: int, first: int = 0) -> Ints:
    return np.repeat(np.arange(first, first + clusters), events)


def test_clusters_of_their_own_are_compared_by_welch_with_the_fewer_degrees_of_freedom() -> None:
    rng = np.random.default_rng(1)
    a, b = clustered(rng, 6, 5), clustered(rng, 9, 5)
    answer = contrast(a, b, numbers(6, 5), numbers(9, 5, 100))
    x, y = a.reshape(6, 5).mean(axis=1), b.reshape(9, 5).mean(axis=1)
    expected = stats.ttest_ind(x, y, equal_var=False)
    assert answer.statistic == pytest.approx(expected.statistic)
    assert (answer.df, answer.clusters, answer.paired) == (5, (6, 9), False)
    assert answer.p_value == pytest.approx(2 * stats.t.sf(abs(expected.statistic), 5))
    error = answer.difference / answer.statistic
    assert answer.high - answer.difference == pytest.approx(stats.t.ppf(0.975, 5) * error)
    assert answer.detectable == pytest.approx((stats.t.ppf(0.975, 5) + stats.t.ppf(0.8, 5)) * error)


def test_shared_clusters_are_paired_so_that_a_common_shock_cancels() -> None:
    rng = np.random.default_rng(2)
    shock = np.repeat(0.2 * rng.normal(size=8), 5)
    a, b = clustered(rng, 8, 5), clustered(rng, 8, 5)
    still, shaken = (contrast(a + s, b + s, numbers(8, 5), numbers(8, 5)) for s in (0 * shock, shock))
    assert still.paired
    assert shaken.p_value == pytest.approx(still.p_value)
    x, y = (v.reshape(8, 5).mean(axis=1) for v in (a, b))
    assert still.p_value == pytest.approx(stats.ttest_rel(x, y).pvalue)


@pytest.mark.parametrize(("first", "second"), [((4, 5), (4, 5)), ((4, 2), (12, 20)), ((12, 10), (12, 10))])
@pytest.mark.parametrize("shock", [0.0, 3.0])
def test_it_keeps_its_size_with_few_clusters_that_move_together(
    first: tuple[int, int], second: tuple[int, int], shock: float
) -> None:
    rng = np.random.default_rng(3)
    clusters = numbers(*first), numbers(*second, 100)
    p = [contrast(clustered(rng, *first, shock), clustered(rng, *second, shock), *clusters).p_value for _ in range(500)]
    assert np.mean(np.array(p) <= 0.05) < 0.05 + 2 * sqrt(0.05 * 0.95 / 500)


def test_it_detects_the_difference_that_it_says_it_could_four_times_in_five() -> None:
    rng = np.random.default_rng(4)
    clusters = numbers(12, 10), numbers(12, 10, 100)
    detectable = np.mean([
        contrast(clustered(rng, 12, 10), clustered(rng, 12, 10), *clusters).detectable for _ in range(50)
    ])  # fmt: skip
    significant = [
        contrast(clustered(rng, 12, 10) + detectable, clustered(rng, 12, 10), *clusters).p_value <= 0.05
        for _ in range(300)
    ]
    assert 0.7 < np.mean(significant) < 0.9


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ((2, 2), (8, 5), "fewer than 5 events in a group"),
        ((3, 5), (8, 5), f"fewer than {MIN_CLUSTERS} clusters in a group, and fewer shared"),
        ((0, 5), (8, 5), "fewer than 5 events in a group"),
    ],
)
def test_too_few_events_or_clusters_give_a_reason(first: tuple[int, int], second: tuple[int, int], reason: str) -> None:
    rng = np.random.default_rng(5)
    answer = contrast(clustered(rng, *first), clustered(rng, *second), numbers(*first), numbers(*second, 100))
    assert answer.reason == reason
    assert np.isnan([answer.difference, answer.p_value, answer.detectable]).all()


def test_clusters_that_are_shared_by_too_few_to_pair_are_left_out() -> None:
    rng = np.random.default_rng(6)
    a, b = clustered(rng, 6, 5), clustered(rng, 7, 5)
    answer = contrast(a, b, numbers(6, 5), numbers(7, 5, 5))  # the last of the first is the first of the second
    assert (answer.clusters, answer.paired) == ((5, 6), False)


def test_groups_whose_clusters_do_not_differ_have_no_test() -> None:
    equal = np.full(20, 0.01)
    assert contrast(equal, equal, numbers(4, 5), numbers(4, 5, 9)).reason == "the clusters do not differ"
