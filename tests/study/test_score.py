"""What stands beside the p-value: the rank, the smallest move that shows, the shrunk move."""

import random

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from signals.study.calibration import Calibration, calibrate
from signals.study.effects import evidence, minimum_detectable, shrunk
from signals.study.leastsquares import Sums
from signals.study.models import Panel, sums_for
from signals.study.placebo import Reference
from signals.study.score import score
from signals.types import Ints, Study, Window
from tests.study.conftest import STUDY, simulated

Market = tuple[Panel, Sums, Calibration]


def at(*values: int) -> Ints:
    return np.array(values, dtype=np.int64)


@pytest.mark.parametrize("window", STUDY.windows, ids=str)
@pytest.mark.parametrize("column", [90, 300, 470])
def test_the_rank_is_that_of_the_car_among_the_sums_of_the_residuals(
    market: Market, window: Window, column: int
) -> None:
    panel, sums, calibration = market
    row = int(np.flatnonzero(np.isfinite(panel.ret[:, column - 5 : column + 3]).all(axis=1))[0])
    found = score(panel, sums, STUDY, window, at(row), at(column), calibration)
    estimation = slice(column - STUDY.gap - STUDY.estimation, column - STUDY.gap)
    r, m = panel.ret[row, estimation], panel.benchmark[row, estimation]
    used = np.isfinite(r)
    fitted = sm.OLS(r[used], sm.add_constant(m[used])).fit()
    residuals = r - fitted.params[0] - fitted.params[1] * m
    length = window.last - window.first + 1
    moved = [residuals[j : j + length].sum() for j in range(STUDY.estimation - length + 1)]
    moved = [one for one in moved if np.isfinite(one)]
    beyond = sum(abs(one) >= abs(found.car[0]) for one in moved)
    assert found.p_rank[0] == pytest.approx((1 + beyond) / (1 + len(moved)))


def test_the_window_before_the_event_is_measured_by_the_events_own_model(market: Market) -> None:
    panel, sums, calibration = market
    before = score(panel, sums, STUDY, Window(-5, -1), at(2), at(300), calibration)
    event = score(panel, sums, STUDY, Window(0, 0), at(2), at(300), calibration)
    assert (before.alpha, before.beta, before.sigma) == (event.alpha, event.beta, event.sigma)
    expected = panel.ret[2, 295:300] - before.alpha - before.beta * panel.benchmark[2, 295:300]
    assert before.car[0] == pytest.approx(expected.sum())
    assert before.volatility[0] == calibration.placebos[5].volatility[2, 295]


def test_the_scores_agree_with_one_another(market: Market) -> None:
    panel, sums, calibration = market
    found = score(panel, sums, STUDY, Window(0, 2), at(0, 5), at(300, 410), calibration)
    assert found.t_stat == pytest.approx(found.car / (found.sigma * found.kappa))
    assert found.z == pytest.approx(found.car / (found.volatility * found.kappa))
    assert found.ret == pytest.approx(
        [np.prod(1 + panel.ret[i, c : c + 3]) - 1 for i, c in ((0, 300), (5, 410))], rel=1e-12
    )
    reference = calibration.placebos[3].reference(300)
    assert (found.n_reference[0], found.reference_id[0]) == (len(reference.sample), reference.key)


def test_a_market_adjusted_move_is_what_the_benchmark_did_not_do(market: Market) -> None:
    panel = market[0]
    study = Study("adjusted", "market-adjusted", estimation=60, min_observations=40)
    sums = sums_for(panel, study)
    found = score(panel, sums, study, Window(0, 1), at(1), at(300), calibrate(panel, sums, study))
    apart = panel.ret[1, 300:302] - panel.benchmark[1, 300:302]
    assert found.car[0] == pytest.approx(apart.sum())
    assert found.bhar[0] == pytest.approx(found.ret[0] - found.benchmark_ret[0])
    assert (found.alpha[0], found.beta[0], found.kappa[0]) == (0, 1, pytest.approx(np.sqrt(2)))
    assert 0 < found.p_value[0] <= 1


def test_a_hole_in_the_window_gives_no_move(market: Market) -> None:
    panel = simulated(1)
    panel.ret[4, 301] = np.nan
    sums = sums_for(panel, STUDY)
    found = score(panel, sums, STUDY, Window(0, 2), at(4), at(300), calibrate(panel, sums, STUDY))
    assert np.isnan([found.car[0], found.z[0], found.p_value[0], found.p_rank[0]]).all()
    assert found.has_benchmark[0]
    assert not found.has_bars[0]


@pytest.mark.parametrize("column", [-1, 498, 499, 500, 900])
def test_a_day_zero_whose_window_is_not_in_the_panel_has_no_score(market: Market, column: int) -> None:
    panel, sums, calibration = market
    found = score(panel, sums, STUDY, Window(0, 2), at(1), at(column), calibration)
    assert np.isnan([found.car[0], found.z[0], found.p_value[0], found.p_rank[0]]).all()
    assert not found.has_bars[0]


def test_the_smallest_move_that_shows_does_so_four_times_in_five() -> None:
    rng = np.random.default_rng(8)
    ordinary = rng.standard_t(4, 200_000)
    reference = Reference(np.sort(np.abs(ordinary)), "pooled", "")
    quantiles = (np.array([reference.quantile(0.95)]), np.array([reference.quantile(0.60)]))
    smallest = minimum_detectable(*quantiles, np.array([0.02]))[0] / 0.02
    found = reference.p_value(rng.standard_t(4, 50_000) + smallest) <= 0.05
    assert np.mean(found) == pytest.approx(0.80, abs=0.01)
    student = Reference(np.empty(0), "student_t", "")
    assert student.quantile(0.95) * np.sqrt(np.pi / 2) == pytest.approx(2.7764451, rel=1e-6)


def test_a_shrunk_move_is_on_average_the_true_one() -> None:
    rng = np.random.default_rng(9)
    noise = rng.uniform(0.01, 0.03, 40_000)
    true = rng.normal(0, 0.02, 40_000)
    car = true + rng.normal(0, noise)
    excess, weight = (np.full(35_000, value) for value in evidence(car[:5_000], noise[:5_000]))
    found = shrunk(car[5_000:], noise[5_000:], excess, weight)
    flagged = np.abs(car[5_000:]) > 0.05
    expected = true[5_000:] * np.sign(car[5_000:])
    assert np.mean(np.abs(found[flagged])) == pytest.approx(np.mean(expected[flagged]), rel=0.05)


def test_moves_that_vary_as_placebos_do_shrink_to_nothing() -> None:
    car, noise = np.array([0.01, -0.01, 0.02]), np.full(3, 0.02)
    excess, weight = (np.full(3, value) for value in evidence(car, noise))
    assert shrunk(car, noise, excess, weight).tolist() == [0, 0, 0]


def test_without_evidence_a_move_shrinks_to_nothing() -> None:
    nothing = np.zeros(1)
    assert shrunk(np.array([0.05]), np.array([0.01]), nothing, nothing).tolist() == [0]


@given(st.lists(st.floats(-0.2, 0.2), min_size=2, max_size=20), st.randoms(use_true_random=False))
def test_evidence_does_not_depend_on_the_order_of_events(car: list[float], order: random.Random) -> None:
    shuffled = order.sample(car, len(car))
    noise = np.full(len(car), 0.02)
    assert evidence(np.array(car), noise) == evidence(np.array(shuffled), noise)


def test_a_shrunk_move_without_noise_or_car_is_not_known() -> None:
    some = np.ones(2)
    found = shrunk(np.array([0.01, np.nan]), np.array([np.nan, 0.01]), some, some)
    assert np.isnan(found).all()
