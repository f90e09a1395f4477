"""The terms of the volatility, the weights of their mixture, and the expected size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.study.volatility import (
    FLOOR,
    MIN_AGE,
    Averages,
    NormalEquations,
    Terms,
    expected_size,
    mixture_weights,
    volatility_terms,
)
from signals.types import Floats


def noise(seed: int, sessions: int = 80, instruments: int = 4) -> Floats:
    return np.random.default_rng(seed).normal(0, 0.01, (sessions, instruments))


def terms_of(u: Floats) -> Terms:
    return volatility_terms(u, Averages.initial(u.shape[1]))[0]


def weighted_mean(sizes: Floats, mass: float) -> float:
    """Return an exponential average with a centre of mass, as an explicit weighted mean."""
    present = sizes[np.isfinite(sizes)]
    weights = (mass / (1 + mass)) ** np.arange(len(present))[::-1]
    return float((present * weights).sum() / weights.sum())


def test_the_terms_are_the_averages_of_their_definition() -> None:
    u = noise(5)
    u[10:15, 0] = np.nan
    terms = terms_of(u)
    x = terms.share[60, 0] * terms.mean[60, 0]
    assert x[1:5] == pytest.approx([weighted_mean(np.abs(u[:60, 0]), mass) for mass in (1, 5, 25, 125)], rel=1e-10)
    assert x[0] == pytest.approx(np.nanmean(np.abs(u[:60])), rel=1e-10)
    assert np.isnan(terms.mean[:MIN_AGE]).all()
    assert np.isfinite(terms.mean[MIN_AGE, 1:]).all()


def test_the_pooled_factors_average_the_sizes_relative_to_their_long_run_means() -> None:
    u = noise(8, sessions=28)
    terms, averages = volatility_terms(u, Averages.initial(4))
    five, one = 1.0, 1.0
    for t in range(MIN_AGE, 28):
        long_run = np.array([weighted_mean(np.abs(u[:t, i]), 125) for i in range(4)])
        expected = long_run * np.array([[five], [one]])
        assert terms.share[t].T[5:] * terms.mean[t] == pytest.approx(expected, rel=1e-10)
        relative = float(np.mean(np.minimum(np.abs(u[t]) / long_run, 8)))
        five, one = five * 5 / 6 + relative / 6, one / 2 + relative / 2
    assert averages.pool == pytest.approx([five, one], rel=1e-10)


def test_one_impossible_tick_does_not_dominate_the_volatility() -> None:
    u = noise(6)
    calm = terms_of(u)
    u[50, 0] = 1e6
    assert terms_of(u).mean[51, 0] < 8 * calm.mean[51, 0]


def test_a_missing_session_changes_nothing() -> None:
    u = noise(9)
    gap = np.insert(u, 40, np.full(4, np.nan), axis=0)
    assert np.array_equal(terms_of(u).share[40:], terms_of(gap).share[41:])


def test_no_session_uses_itself_or_a_later_one() -> None:
    u = noise(10)
    later = u.copy()
    later[50:] *= 100
    assert np.array_equal(terms_of(u).share[:51], terms_of(later).share[:51])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 80))
def test_averages_continue_with_the_same_bits(seed: int, cut: int) -> None:
    u = noise(seed)
    whole, end = volatility_terms(u, Averages.initial(4))
    first, between = volatility_terms(u[:cut], Averages.initial(4))
    second, continued_end = volatility_terms(u[cut:], between)
    for array, *parts in zip(whole, first, second, strict=True):
        assert np.array_equal(array, np.concatenate(parts), equal_nan=True)
    assert all(np.array_equal(a, b) for a, b in zip(end, continued_end, strict=True))


def test_terms_scale_with_the_returns() -> None:
    u = noise(11)
    once, scaled = terms_of(u), terms_of(4 * u)
    assert np.array_equal(scaled.mean, 4 * once.mean, equal_nan=True)
    assert np.array_equal(scaled.share, once.share)


def test_the_weights_are_the_ridge_regression_of_the_windows_that_have_ended() -> None:
    terms, y = terms_of(noise(7, 60, 5)), np.abs(noise(17, 60, 5))
    weights, _ = mixture_weights(terms, y, NormalEquations.zero())
    rows, targets = [np.sqrt(20.0) * np.eye(7)], [np.full(7, np.sqrt(20.0) / 7)]
    for t in range(25, 50):
        rows.append(terms.share[t] / np.sqrt(5))
        targets.append(np.minimum(y[t] / terms.mean[t], 8) / np.sqrt(5))
    oracle = np.linalg.lstsq(np.concatenate(rows), np.concatenate(targets), rcond=None)[0]
    assert weights[49] == pytest.approx(oracle, rel=1e-8)
    assert weights[24] == pytest.approx(np.full(7, 1 / 7))


def test_the_normal_equations_continue_with_the_same_bits() -> None:
    terms, y = terms_of(noise(12)), np.abs(noise(13))
    weights, equations = mixture_weights(terms, y, NormalEquations.zero())
    _, between = mixture_weights(Terms(*(x[:50] for x in terms)), y[:50], NormalEquations.zero())
    continued, end = mixture_weights(Terms(*(x[50:] for x in terms)), y[50:], between)
    assert np.array_equal(continued, weights[50:])
    assert np.array_equal(end.xx, equations.xx)


def test_the_expected_size_is_a_weighted_sum_with_a_floor() -> None:
    terms = terms_of(noise(14))
    equal = np.full((80, 7), 1 / 7)
    assert expected_size(terms, equal)[60] == pytest.approx(terms.mean[60])
    assert expected_size(terms, -equal)[60] == pytest.approx(FLOOR * terms.mean[60])


def test_sessions_without_instruments_have_no_terms() -> None:
    terms = Terms.missing(3, 2)
    assert np.isnan(terms.mean).all()
    assert not terms.share.any()
