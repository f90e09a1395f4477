"""The least squares over prefix sums, compared with check values, statsmodels and two passes."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.study.distributions import student_t_two_sided
from signals.study.leastsquares import BLOCK, Fit, fit, in_blocks, running_sums
from signals.study.models import abnormal
from signals.types import Floats
from tests.study.conftest import ints


@pytest.fixture
def waves() -> tuple[Floats, Floats]:
    """Return market and stock of the published check values: pure arithmetic, no random numbers."""
    t = np.arange(250)
    m = 0.0005 + 0.01 * np.sin(0.7 * t) + 0.004 * np.cos(1.9 * t)
    r = 0.0002 + 1.2 * m + 0.012 * np.sin(2.3 * t + 0.5) + 0.005 * np.cos(5.1 * t)
    return np.append(m, [0.003, -0.011, 0.006])[None], np.append(r, [0.031, -0.020, 0.012])[None]


def fit_one(y: Floats, factors: list[Floats], first: int, end: int) -> Fit:
    """Fit the first row with an intercept."""
    return fit(running_sums(y, factors), ints(0), ints(first), ints(end), 1 + len(factors))


def same_bits(one: Fit, other: Fit) -> bool:
    return all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


def test_the_market_model_gives_the_check_values(waves: tuple[Floats, Floats]) -> None:
    m, r = waves
    fitted = fit_one(r, [m], 0, 250)
    first = abnormal(r, [m], fitted, ints(0), ints(250), 1)
    three = abnormal(r, [m], fitted, ints(0), ints(250), 3)
    s = np.sqrt(fitted.s2)
    t = first.car / (s * first.kappa)
    numbers = [*fitted.alpha, *fitted.slopes[0], *s, *t, *student_t_two_sided(t, fitted.n - fitted.estimated)]
    assert numbers == pytest.approx(
        [0.000254704732, 1.193819507791, 0.009260292864, 2.9269119914, 0.0037413769], abs=1e-10
    )
    numbers = [*three.car, *three.kappa, *(three.car / (s * three.kappa))]
    assert numbers == pytest.approx([0.024623524820, 1.742676289643, 1.5258392331], abs=1e-10)


@st.composite
def gappy_panels(draw: st.DrawFn) -> tuple[Floats, Floats]:
    """Draw one instrument with one to three factors, on 80 sessions, some of them missing."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    factors = rng.normal(0.0005, 0.01, (draw(st.integers(1, 3)), 1, 80))
    scale = draw(st.sampled_from([1e-4, 1e-2, 1.0]))
    y = 0.3 * factors.sum(axis=0) + scale * rng.standard_t(4, (1, 80))
    y[0, rng.random(80) < draw(st.sampled_from([0.0, 0.1, 0.4]))] = np.nan
    y[0, 60:65] = rng.normal(0, scale, 5)
    return factors, y


@settings(max_examples=100, deadline=None)
@given(gappy_panels())
def test_coefficients_and_prediction_variance_agree_with_statsmodels(panel: tuple[Floats, Floats]) -> None:
    factors, y = panel
    fitted = fit_one(y, list(factors), 5, 50)
    event = abnormal(y, list(factors), fitted, ints(0), ints(60), 5)
    used = np.isfinite(y[0, 5:50])
    design = sm.add_constant(factors[:, 0, 5:50].T[used], has_constant="add")
    oracle = sm.OLS(y[0, 5:50][used], design).fit()
    ahead = np.column_stack([np.ones(5), factors[:, 0, 60:65].T])
    ones = np.ones(5)
    variance = oracle.mse_resid * (5 + ones @ ahead @ oracle.normalized_cov_params @ ahead.T @ ones)
    assert (fitted.n[0], fitted.estimated[0]) == (used.sum(), 1 + len(factors))
    assert [fitted.alpha[0], *fitted.slopes[0]] == pytest.approx(list(oracle.params), rel=1e-9, abs=1e-12)
    assert fitted.s2[0] == pytest.approx(oracle.mse_resid, rel=1e-9)
    assert event.car[0] == pytest.approx(y[0, 60:65].sum() - oracle.predict(ahead).sum(), rel=1e-9, abs=1e-12)
    assert fitted.s2[0] * event.kappa[0] ** 2 == pytest.approx(variance, rel=1e-9)


@settings(max_examples=100, deadline=None)
@given(gappy_panels())
def test_slopes_without_an_intercept_agree_with_statsmodels(panel: tuple[Floats, Floats]) -> None:
    factors, y = panel
    fitted = fit(running_sums(y, list(factors)), ints(0), ints(5), ints(50), len(factors))
    event = abnormal(y, list(factors), fitted, ints(0), ints(60), 5)
    used = np.isfinite(y[0, 5:50])
    oracle = sm.OLS(y[0, 5:50][used], factors[:, 0, 5:50].T[used]).fit()
    ahead = factors[:, 0, 60:65].T.sum(axis=0)
    variance = oracle.mse_resid * (5 + ahead @ oracle.normalized_cov_params @ ahead)
    assert (fitted.n[0], fitted.estimated[0], fitted.alpha[0]) == (used.sum(), len(factors), 0.0)
    assert list(fitted.slopes[0]) == pytest.approx(list(oracle.params), rel=1e-9, abs=1e-12)
    assert fitted.s2[0] == pytest.approx(oracle.mse_resid, rel=1e-9)
    assert event.car[0] == pytest.approx(y[0, 60:65].sum() - ahead @ oracle.params, rel=1e-9, abs=1e-12)
    assert fitted.s2[0] * event.kappa[0] ** 2 == pytest.approx(variance, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1e6, 50.0, -1.0]), st.booleans())
def test_prefix_sums_agree_with_two_passes_after_gaps_and_impossible_ticks(
    seed: int, tick: float, without_parameters: bool
) -> None:
    rng = np.random.default_rng(seed)
    m = rng.normal(0, 0.01, (1, 300))
    y = m + rng.standard_t(3, (1, 300)) * 0.02
    y[0, rng.random(300) < 0.15] = np.nan
    y[0, 20] = tick
    used = np.isfinite(y[0, 100:250])
    exact = y[0, 100:250][used].astype(np.longdouble)
    if without_parameters:
        fitted = fit(running_sums(y, ()), ints(0), ints(100), ints(250), 0)
        expected = (exact @ exact) / used.sum()
    else:
        fitted = fit_one(y, [m], 100, 250)
        x = m[0, 100:250][used].astype(np.longdouble)
        x, exact = x - x.mean(), exact - exact.mean()
        slope = x @ exact / (x @ x)
        assert fitted.slopes[0, 0] == pytest.approx(float(slope), rel=1e-9)
        expected = ((exact - slope * x) ** 2).sum() / (used.sum() - 2)
    assert fitted.s2[0] == pytest.approx(float(expected), rel=1e-9)


def test_a_series_that_follows_its_factor_almost_exactly_keeps_its_digits() -> None:
    rng = np.random.default_rng(3)
    m = rng.normal(0, 0.01, (1, 300))
    y = 1 + 2 * m + rng.normal(0, 1e-9, (1, 300))
    oracle = sm.OLS(y[0], sm.add_constant(m[0])).fit()
    assert fit_one(y, [m], 0, 300).s2[0] == pytest.approx(oracle.mse_resid, rel=1e-5)


def test_returns_after_the_estimation_window_change_no_bit_of_the_fit() -> None:
    rng = np.random.default_rng(10)
    m, y = rng.normal(0, 0.01, (2, 3, 300))
    noisy = y.copy()
    noisy[:, 250:] = rng.normal(0, 1e3, (3, 50))
    windows = ints(0, 1, 2), ints(100, 120, 130), ints(250, 240, 250)
    assert same_bits(fit(running_sums(y, [m]), *windows, 2), fit(running_sums(noisy, [m]), *windows, 2))
    assert same_bits(fit(running_sums(y, [m]), *windows, 2), fit(running_sums(y[:, :250], [m[:, :250]]), *windows, 2))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(-6, 6))
def test_coefficients_scale_with_the_returns(seed: int, exponent: int) -> None:
    rng = np.random.default_rng(seed)
    m, y = rng.normal(0, 0.01, (2, 1, 200))
    once, scaled = fit_one(y, [m], 0, 200), fit_one(2.0**exponent * y, [m], 0, 200)
    assert scaled.slopes[0, 0] == 2.0**exponent * once.slopes[0, 0]
    assert scaled.s2[0] == 4.0**exponent * once.s2[0]
    assert scaled.alpha[0] == pytest.approx(2.0**exponent * once.alpha[0], rel=1e-9, abs=1e-15)


def test_each_instrument_is_fitted_by_itself() -> None:
    rng = np.random.default_rng(11)
    m, y = rng.normal(0, 0.01, (2, 6, 200))
    y[2, 30:60] = np.nan
    y[4, 5] = 1e6
    sums = running_sums(y, [m])
    together = fit(sums, np.arange(6), np.full(6, 20), np.full(6, 200), 2)
    for i in range(6):
        alone = fit_one(y[i : i + 1], [m[i : i + 1]], 20, 200)
        for mine, theirs in zip(together, alone, strict=True):
            assert mine[i] == pytest.approx(theirs[0], rel=1e-9, abs=1e-15)


def test_a_constant_factor_has_no_fit() -> None:
    rng = np.random.default_rng(4)
    fitted = fit_one(rng.normal(0, 1, (1, 50)), [np.full((1, 50), 0.01)], 0, 50)
    assert np.isnan([fitted.s2[0], fitted.alpha[0], fitted.slopes[0, 0], fitted.pivots[0, 0]]).all()


def test_a_factor_that_repeats_another_has_no_fit() -> None:
    rng = np.random.default_rng(5)
    m, y = rng.normal(0, 0.01, (2, 1, 100))
    assert np.isnan(fit_one(y, [m, 2 * m], 0, 100).s2[0])


def test_a_constant_series_has_no_fit() -> None:
    assert np.isnan(fit_one(np.full((1, 50), 0.01), [], 0, 50).s2[0])


def test_without_parameters_the_series_is_its_own_residual() -> None:
    y = np.array([[0.01, -0.02, np.nan, 0.03]])
    fitted = fit(running_sums(y, ()), ints(0), ints(0), ints(4), 0)
    assert fitted.s2[0] == pytest.approx((0.01**2 + 0.02**2 + 0.03**2) / 3)
    assert (fitted.alpha[0], fitted.estimated[0]) == (0, 0)


def test_a_window_with_too_few_sessions_has_no_fit() -> None:
    m, y = np.random.default_rng(5).normal(0, 0.01, (2, 1, 100))
    fitted = fit(running_sums(y, [m]), ints(0, 0), ints(0, 0), ints(59, 60), 2, min_observations=60)
    assert fitted.n.tolist() == [59, 60]
    assert np.isfinite(fitted.alpha).tolist() == np.isfinite(fitted.s2).tolist() == [False, True]
    assert np.isnan(fit_one(y, [m], 0, 2).s2[0])  # two parameters from two sessions leave no residual


def test_sessions_that_are_left_out_enter_no_window() -> None:
    m, y = np.random.default_rng(6).normal(0, 0.01, (2, 1, 100))
    leave_out = np.zeros((1, 100), bool)
    leave_out[0, [10, 40]] = True
    missing = y.copy()
    missing[leave_out] = np.nan
    without = fit(running_sums(y, [m], leave_out), ints(0), ints(0), ints(100), 2)
    assert without.n[0] == 98
    assert same_bits(without, fit_one(missing, [m], 0, 100))


def test_a_window_is_clipped_to_the_data() -> None:
    y = np.random.default_rng(7).normal(0, 0.01, (1, 30))
    assert same_bits(fit_one(y, [], -20, 90), fit_one(y, [], 0, 30))


@pytest.mark.parametrize("events", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1])
def test_blocks_are_joined_in_order(events: int) -> None:
    doubled, negative = in_blocks(lambda x: (2 * x, -x), np.arange(events))
    assert np.array_equal(doubled, 2 * np.arange(events))
    assert np.array_equal(negative, -np.arange(events))
