"""The minimum detectable move, and moves shrunk towards zero."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.study.effects import evidence, minimum_detectable, shrunk
from signals.study.placebo import Reference


def test_the_minimum_detectable_move_is_significant_four_times_in_five() -> None:
    rng = np.random.default_rng(8)
    reference = Reference(np.sort(np.abs(rng.standard_t(4, 200_000))), "pooled", "")
    quantiles = (np.array([reference.quantile(0.95)]), np.array([reference.quantile(0.60)]))
    smallest = minimum_detectable(*quantiles, np.array([0.02]))[0] / 0.02
    detected = reference.p_value(rng.standard_t(4, 50_000) + smallest) <= 0.05
    assert np.mean(detected) == pytest.approx(0.80, abs=0.01)


def test_a_shrunk_move_is_on_average_the_true_one() -> None:
    rng = np.random.default_rng(9)
    noise = rng.uniform(0.01, 0.03, 40_000)
    true = rng.normal(0, 0.02, 40_000)
    car = true + rng.normal(0, noise)
    excess, weight = (np.full(35_000, value) for value in evidence(car[:5_000], noise[:5_000]))
    estimate = shrunk(car[5_000:], noise[5_000:], excess, weight)
    selected = np.abs(car[5_000:]) > 0.05
    expected = true[5_000:] * np.sign(car[5_000:])
    assert np.mean(np.abs(estimate[selected])) == pytest.approx(np.mean(expected[selected]), rel=0.05)


def test_the_sums_estimate_the_variance_of_the_true_moves() -> None:
    assert evidence(np.array([0.03, -0.01]), np.array([0.01, 0.02])) == pytest.approx((8 - 0.75, 10_000 + 2_500))
    assert shrunk(np.array([0.03]), np.array([0.01]), np.array([3.0]), np.array([10_000.0])) == pytest.approx(
        0.03 * 0.0003 / 0.0004
    )


def test_moves_that_vary_as_placebos_do_shrink_to_zero() -> None:
    car, noise = np.array([0.01, -0.01, 0.02]), np.full(3, 0.02)
    excess, weight = (np.full(3, value) for value in evidence(car, noise))
    assert excess[0] < 0
    assert np.signbit(shrunk(car, noise, excess, weight)).tolist() == [False] * 3
    assert shrunk(car, noise, excess, weight).tolist() == [0, 0, 0]


def test_without_earlier_events_a_move_shrinks_to_zero() -> None:
    zero = np.zeros(1)
    assert shrunk(np.array([0.05]), np.array([0.01]), zero, zero).tolist() == [0]


@given(st.lists(st.floats(-0.2, 0.2), min_size=2, max_size=20), st.randoms(use_true_random=False))
def test_the_sums_do_not_depend_on_the_order_of_events(car: list[float], order: random.Random) -> None:
    shuffled = order.sample(car, len(car))
    noise = np.full(len(car), 0.02)
    assert evidence(np.array(car), noise) == evidence(np.array(shuffled), noise)


@given(st.floats(-0.2, 0.2, allow_subnormal=False), st.floats(0.001, 0.1), st.floats(0, 50), st.floats(1, 1e5))
def test_a_shrunk_move_keeps_its_sign_and_is_no_larger(car: float, noise: float, excess: float, weight: float) -> None:
    estimate = shrunk(*(np.array([value]) for value in (car, noise, excess, weight)))[0]
    assert 0 <= estimate * np.sign(car) <= abs(car)


def test_a_move_without_a_car_or_noise_has_no_shrunk_value() -> None:
    some = np.ones(2)
    assert np.isnan(shrunk(np.array([0.01, np.nan]), np.array([np.nan, 0.01]), some, some)).all()
