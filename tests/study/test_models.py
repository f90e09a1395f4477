"""The least-squares core against check values, against statsmodels and against two passes."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.study.distributions import student_t_two_sided
from signals.study.leastsquares import fit, running_sums
from signals.study.models import Panel, abnormal, fit_events, sums_for
from signals.types import Floats, Ints, Study

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
    fitted = fit(running_sums(r, [m]), ONE, at(0), at(250), 2)
    first = abnormal(r, [m], fitted, ONE, at(250), 1)
    three = abnormal(r, [m], fitted, ONE, at(250), 3)
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
    fitted = fit(running_sums(y, list(factors)), ONE, at(5), at(50), 1 + len(factors))
    moved = abnormal(y, list(factors), fitted, ONE, at(60), 5)
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
    fitted = fit(running_sums(y, [m]), ONE, at(0), at(300), 2)
    oracle = sm.OLS(y[0], sm.add_constant(m[0])).fit()
    assert fitted.s2[0] == pytest.approx(oracle.mse_resid, rel=1e-5)


def test_a_constant_factor_gives_no_score() -> None:
    rng = np.random.default_rng(4)
    fitted = fit(running_sums(rng.normal(0, 1, (1, 50)), [np.full((1, 50), 0.01)]), ONE, at(0), at(50), 2)
    assert not np.isfinite(fitted.s2[0])


def test_without_an_intercept_the_series_is_its_own_residual() -> None:
    y = np.array([[0.01, -0.02, np.nan, 0.03]])
    fitted = fit(running_sums(y, ()), ONE, at(0), at(4), 0)
    assert fitted.s2[0] == pytest.approx((0.01**2 + 0.02**2 + 0.03**2) / 3)


def test_a_window_with_too_few_sessions_gives_no_fit() -> None:
    rng = np.random.default_rng(5)
    m, y = rng.normal(0, 0.01, (2, 1, 100))
    fitted = fit(running_sums(y, [m]), np.array([0, 0]), np.array([0, 0]), np.array([59, 60]), 2, min_observations=60)
    assert fitted.n.tolist() == [59, 60]
    assert np.isfinite(fitted.alpha).tolist() == np.isfinite(fitted.s2).tolist() == [False, True]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1e6, 50.0, -1.0]), st.booleans())
def test_prefix_sums_agree_with_two_passes_after_gaps_and_impossible_ticks(seed: int, tick: float, free: bool) -> None:
    rng = np.random.default_rng(seed)
    m = rng.normal(0, 0.01, (1, 300))
    y = m + rng.standard_t(3, (1, 300)) * 0.02
    y[0, rng.random(300) < 0.15] = np.nan
    y[0, 20] = tick
    factors = () if free else (m,)
    fitted = fit(running_sums(y, factors), ONE, at(100), at(250), 0 if free else 2)
    used = np.isfinite(y[0, 100:250])
    exact = y[0, 100:250][used].astype(np.longdouble)
    if free:
        expected = (exact @ exact) / used.sum()
    else:
        x = m[0, 100:250][used].astype(np.longdouble)
        x, exact = x - x.mean(), exact - exact.mean()
        slope = x @ exact / (x @ x)
        assert fitted.slopes[0, 0] == pytest.approx(float(slope), rel=1e-9)
        expected = ((exact - slope * x) ** 2).sum() / (used.sum() - 2)
    assert fitted.s2[0] == pytest.approx(float(expected), rel=1e-9)


def returns(seed: int, sessions: int = 300) -> Panel:
    rng = np.random.default_rng(seed)
    market, sector = rng.normal(0, 0.01, (2, 1, sessions))
    ret = 0.001 + 1.3 * market + 0.6 * sector + rng.normal(0, 0.01, (1, sessions))
    return Panel(ret, market, np.full_like(ret, np.nan), np.full_like(ret, np.nan), {"sector": sector})


def test_each_model_is_the_regression_that_its_name_says() -> None:
    panel, part = returns(6), slice(40, 290)
    r, m, f = panel.ret[0, part], panel.benchmark[0, part], panel.factors["sector"][0, part]
    expected: dict[str, tuple[float, list[float], float]] = {
        "raw": (0.0, [], (r**2).mean()),
        "constant-mean": (r.mean(), [], r.var(ddof=1)),
        "market-adjusted": (0.0, [], ((r - m) ** 2).mean()),
    }
    for name, columns in (("market", [m]), ("factors", [m, f])):
        oracle = sm.OLS(r, sm.add_constant(np.column_stack(columns))).fit()
        expected[name] = (oracle.params[0], list(oracle.params[1:]), oracle.mse_resid)
    for name, (alpha, slopes, s2) in expected.items():
        study = Study(name, "market", factors=("sector",)) if name == "factors" else Study(name, name)
        fitted = fit_events(sums_for(panel, study), study, ONE, at(300))
        assert [fitted.alpha[0], *fitted.slopes[0], fitted.s2[0]] == pytest.approx([alpha, *slopes, s2], rel=1e-9), name


def test_a_name_that_is_no_model_is_refused() -> None:
    with pytest.raises(ValueError, match="no return model"):
        returns(7).design(Study("x", "magic"))


def test_a_study_may_estimate_without_the_instruments_own_event_days() -> None:
    panel, event_days = returns(8), np.zeros((1, 300), bool)
    event_days[0, [100, 200]] = True
    with_them, without = Study("with"), Study("without", exclude_events=True)
    fitted = fit_events(sums_for(panel, without, event_days), without, ONE, at(300))
    assert fitted.n[0] == 248
    panel.ret[event_days] = np.nan
    holes = fit_events(sums_for(panel, with_them), with_them, ONE, at(300))
    assert (fitted.alpha, fitted.slopes, fitted.s2) == (holes.alpha, holes.slopes, holes.s2)
    assert fit_events(sums_for(returns(8), with_them, event_days), with_them, ONE, at(300)).n[0] == 250
