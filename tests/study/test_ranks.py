"""The rank of a move in its own estimation window."""

import numpy as np
import pytest
import statsmodels.api as sm

from signals.study.models import abnormal, fit_events, sums_for
from signals.study.ranks import own_history_rank, rolling_sum
from signals.types import Floats, Study, Window
from tests.study.conftest import STUDY, Market, all_events, ints


def ranks(market: Market, window: Window, row: int, column: int) -> tuple[float, float]:
    """Return the CAR of one event and its rank."""
    panel, sums, _ = market
    design, length = panel.design(STUDY), window.last - window.first + 1
    fitted = fit_events(sums, STUDY, ints(row), ints(column))
    car = abnormal(design.y, design.factors, fitted, ints(row), ints(column + window.first), length).car
    return float(car[0]), float(own_history_rank(sums, STUDY, fitted, ints(row), ints(column), car, length)[0])


@pytest.mark.parametrize("window", STUDY.windows, ids=str)
@pytest.mark.parametrize("column", [90, 300, 470])
def test_the_rank_is_that_of_the_car_among_the_sums_of_the_residuals(
    market: Market, window: Window, column: int
) -> None:
    panel = market[0]
    row = int(np.flatnonzero(np.isfinite(panel.ret[:, column - 5 : column + 3]).all(axis=1))[0])
    car, p = ranks(market, window, row, column)
    estimation = slice(column - STUDY.gap - STUDY.estimation, column - STUDY.gap)
    r, m = panel.ret[row, estimation], panel.benchmark[row, estimation]
    used = np.isfinite(r)
    oracle = sm.OLS(r[used], sm.add_constant(m[used])).fit()
    residuals = r - oracle.params[0] - oracle.params[1] * m
    length = window.last - window.first + 1
    sums_of_k = [residuals[j : j + length].sum() for j in range(STUDY.estimation - length + 1)]
    sums_of_k = [one for one in sums_of_k if np.isfinite(one)]
    beyond = sum(abs(one) >= abs(car) for one in sums_of_k)
    assert p == pytest.approx((1 + beyond) / (1 + len(sums_of_k)))


def test_ranks_do_not_depend_on_the_blocks_of_events(market: Market) -> None:
    panel, sums, _ = market
    design = panel.design(STUDY)
    row, column = all_events(panel)
    fitted = fit_events(sums, STUDY, row, column)
    car = abnormal(design.y, design.factors, fitted, row, column, 1).car
    p = own_history_rank(sums, STUDY, fitted, row, column, car, 1)
    assert np.array_equal(np.isfinite(p), np.isfinite(car))
    for e in (700, 3_000, 5_999):
        assert np.isnan(p[e]) if np.isnan(car[e]) else p[e] == ranks(market, Window(0, 0), row[e], column[e])[1]


def test_without_factors_the_residuals_are_the_returns_less_their_mean(market: Market) -> None:
    panel, study = market[0], Study("mean", "constant-mean", estimation=60, min_observations=40)
    sums = sums_for(panel, study)
    fitted = fit_events(sums, study, ints(3), ints(200))
    p = own_history_rank(sums, study, fitted, ints(3), ints(200), np.array([0.02]), 1)
    window = panel.ret[3, 130:190]
    beyond = np.sum(np.abs(window[np.isfinite(window)] - np.nanmean(window)) >= 0.02)
    assert p[0] == pytest.approx((1 + beyond) / (1 + np.isfinite(window).sum()))


def test_a_window_longer_than_the_estimation_window_has_a_car_and_no_rank(market: Market) -> None:
    whole = np.isfinite(market[0].ret[:, 300 : 301 + STUDY.estimation]).all(axis=1)
    car, p = ranks(market, Window(0, STUDY.estimation), int(np.argmax(whole)), 300)
    assert np.isfinite(car)
    assert np.isnan(p)


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_rolling_sum_starts_on_each_session(length: int) -> None:
    values: Floats = np.arange(12.0).reshape(2, 6) ** 2
    values[1, 2] = np.nan
    expected = [[row[t : t + length].sum() if t + length <= 6 else np.nan for t in range(6)] for row in values]
    assert rolling_sum(values, length) == pytest.approx(np.array(expected), nan_ok=True)


def test_a_rolling_sum_longer_than_the_data_is_missing() -> None:
    assert np.isnan(rolling_sum(np.ones((2, 4)), 5)).all()
