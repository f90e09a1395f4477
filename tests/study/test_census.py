"""The census of placebos: sizes, and p-values of placebos that were moved."""

import numpy as np
import pytest

from signals.study.census import Census, sizes
from signals.study.models import Panel
from signals.types import Study, Window


@pytest.fixture(scope="module")
def census() -> Census:
    rng = np.random.default_rng(11)
    market = rng.normal(0, 0.01, 500)
    ret = market + 0.01 * rng.standard_t(5, (10, 500))
    missing = np.full_like(ret, np.nan)
    study = Study("market", estimation=100, min_observations=60, windows=(Window(0, 0), Window(0, 2)))
    return Census(Panel(ret, np.broadcast_to(market, ret.shape).copy(), missing, missing), study)


@pytest.mark.parametrize("window", [Window(0, 0), Window(0, 2)])
def test_the_tests_of_a_census_are_those_of_the_scores(census: Census, window: Window) -> None:
    scores = census.score(window)
    tests, unit = census.tests(window, census.row, census.column)
    assert np.array_equal(tests.p_value, scores.p_value, equal_nan=True)
    finite = np.isfinite(tests.p_value)
    row, column = census.row[finite], census.column[finite]
    still = census.p_with_effect(window, row, column, tests.z[finite], unit[finite], np.zeros(finite.sum()))
    assert np.array_equal(still, tests.p_value[finite])
    moved = census.p_with_effect(window, row, column, tests.z[finite], unit[finite], np.full(finite.sum(), 0.1))
    assert sizes(moved)[1] > 90 > 10 > sizes(still)[1]


def test_sizes_are_percentages_at_each_level() -> None:
    assert sizes(np.array([0.0005, 0.03, 0.2, np.nan])).tolist() == pytest.approx([200 / 3, 200 / 3, 100 / 3, 100 / 3])
    assert np.isnan(sizes(np.array([]))).all()
