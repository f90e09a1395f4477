"""The least-squares core against check values, against statsmodels, and against the future."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.study.distributions import student_t_two_sided
from signals.study.models import abnormal, fit, running_sums
from signals.study.score import Panel, score, sums_for
from signals.types import Floats, Ints, Study, Window

ONE: Ints = np.array([0])


def at(column: int) -> Ints:
    return np.array([column])


@pytest.fixture
def waves() -> tuple[Floats, Floats]:
    """Market and stock of the published check values: pure arithmetic, no random numbers."""
    t = np.arange(250)
    m = 0.0005 + 0.01 * np.sin(0.7 * t) + 0.004 * np.cos(1.9 * t)
    r = 0.0002 + 1.2 * m + 0.012 * np.sin(2.3 * t + 0.5) + 0.005 * np.cos(5.1 * t)
    return np.append(m, [0.003, -0.011, 0.006])[None], np.append(r, [0.031, -0.020, 0.012])[None]


def test_the_market_model_gives_the_check_values(waves: tuple[Floats, Floats]) -> None:
    m, r = waves
    fitted = fit(running_sums(r, m[None]), ONE, at(0), at(250))
    first = abnormal(r, m[None], fitted, ONE, at(250), 1)
    three = abnormal(r, m[None], fitted, ONE, at(250), 3)
    s = np.sqrt(fitted.s2)
    t = first.car / (s * first.kappa)
    found = [*fitted.alpha, *fitted.slopes[0], *s, *t, *student_t_two_sided(t, fitted.n - 2)]
    assert found == pytest.approx(
        [0.000254704732, 1.193819507791, 0.009260292864, 2.9269119914, 0.0037413769], abs=1e-10
    )
    found = [*three.car, *three.kappa, *(three.car / (s * three.kappa))]
    assert found == pytest.approx([0.024623524820, 1.742676289643, 1.5258392331], abs=1e-10)


@st.composite
def gappy_panels(draw: st.DrawFn) -> tuple[Floats, Floats]:
    """One instrument with one to three factors, on 80 sessions, some of them missing."""
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
    fitted = fit(running_sums(y, factors), ONE, at(5), at(50))
    moved = abnormal(y, factors, fitted, ONE, at(60), 5)
    used = np.isfinite(y[0, 5:50])
    design = sm.add_constant(factors[:, 0, 5:50].T[used], has_constant="add")
    oracle = sm.OLS(y[0, 5:50][used], design).fit()
    ahead = np.column_stack([np.ones(5), factors[:, 0, 60:65].T])
    ones = np.ones(5)
    variance = oracle.mse_resid * (5 + ones @ ahead @ oracle.normalized_cov_params @ ahead.T @ ones)
    assert [fitted.alpha[0], *fitted.slopes[0]] == pytest.approx(list(oracle.params), rel=1e-9, abs=1e-12)
    assert fitted.s2[0] == pytest.approx(oracle.mse_resid, rel=1e-9)
    assert moved.car[0] == pytest.approx(y[0, 60:65].sum() - oracle.predict(ahead).sum(), rel=1e-9, abs=1e-12)
    assert fitted.s2[0] * moved.kappa[0] ** 2 == pytest.approx(variance, rel=1e-9)


def test_a_series_that_follows_its_factor_almost_exactly_keeps_its_digits() -> None:
    rng = np.random.default_rng(3)
    m = rng.normal(0, 0.01, (1, 300))
    y = 1 + 2 * m + rng.normal(0, 1e-9, (1, 300))
    fitted = fit(running_sums(y, m[None]), ONE, at(0), at(300))
    oracle = sm.OLS(y[0], sm.add_constant(m[0])).fit()
    assert fitted.s2[0] == pytest.approx(oracle.mse_resid, rel=1e-5)


def test_a_constant_factor_gives_no_score() -> None:
    rng = np.random.default_rng(4)
    fitted = fit(running_sums(rng.normal(0, 1, (1, 50)), np.full((1, 1, 50), 0.01)), ONE, at(0), at(50))
    assert not np.isfinite(fitted.s2[0])


def test_without_an_intercept_the_series_is_its_own_residual() -> None:
    y = np.array([[0.01, -0.02, np.nan, 0.03]])
    fitted = fit(running_sums(y, np.empty((0, 1, 4))), ONE, at(0), at(4), intercept=False)
    assert fitted.s2[0] == pytest.approx((0.01**2 + 0.02**2 + 0.03**2) / 3)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(150, 190))
def test_noise_after_the_window_changes_no_bit_of_a_score(seed: int, day_zero: int) -> None:
    rng = np.random.default_rng(seed)
    study, window = Study("market", estimation=120, min_observations=60), Window(0, 1)

    def scored(panel: Panel) -> tuple[float, ...]:
        scores = score(panel, sums_for(panel, study), study, window, ONE, at(day_zero))
        return tuple(float(getattr(scores, name)[0]) for name in ("car", "t_stat", "p_value", "bhar", "beta", "sigma"))

    calm = rng.normal(0, 0.01, (4, 1, 200))
    noisy = calm.copy()
    noisy[:, :, day_zero + 2 :] = rng.normal(0, 1e6, noisy[:, :, day_zero + 2 :].shape)
    assert scored(Panel(*calm)) == scored(Panel(*noisy))
