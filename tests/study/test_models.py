"""Return models as regressions, and the abnormal returns of event windows."""

import numpy as np
import pytest
import statsmodels.api as sm

from signals.study.models import Panel, abnormal, compound, cut, fit_events, kappa_terms, sums_for
from signals.types import Study, Window
from tests.study.conftest import ints

MODELS = ("raw", "constant-mean", "market-adjusted", "market")


def returns(seed: int, sessions: int = 300) -> Panel:
    """Return one instrument with a benchmark and the factor `sector`."""
    rng = np.random.default_rng(seed)
    market, sector = rng.normal(0, 0.01, (2, 1, sessions))
    ret = 0.001 + 1.3 * market + 0.6 * sector + rng.normal(0, 0.01, (1, sessions))
    return Panel(ret, market, np.full_like(ret, np.nan), np.full_like(ret, np.nan), {"sector": sector})


def study_of(name: str) -> Study:
    return Study(name, "market", factors=("sector",)) if name == "factors" else Study(name, name)


def test_each_model_is_the_regression_of_its_definition() -> None:
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
        study = study_of(name)
        fitted = fit_events(sums_for(panel, study), study, ints(0), ints(300))
        assert [fitted.alpha[0], *fitted.slopes[0], fitted.s2[0]] == pytest.approx([alpha, *slopes, s2], rel=1e-9), name


@pytest.mark.parametrize(("name", "parameters"), [*zip(MODELS, (0, 1, 0, 2), strict=True), ("factors", 3)])
def test_the_degrees_of_freedom_follow_from_the_model(name: str, parameters: int) -> None:
    study = study_of(name)
    fitted = fit_events(sums_for(returns(6), study), study, ints(0), ints(300))
    assert fitted.estimated.tolist() == [parameters]


def test_a_model_that_takes_no_factors_ignores_them() -> None:
    panel, study = returns(6), Study("mean", "constant-mean", factors=("sector",))
    fitted = fit_events(sums_for(panel, study), study, ints(0), ints(300))
    assert panel.design(study).factors == ()
    assert fitted.estimated.tolist() == [1]


def test_an_unknown_model_is_an_error() -> None:
    with pytest.raises(ValueError, match="no return model"):
        returns(7).design(Study("x", "magic"))


def test_a_subtracted_benchmark_is_part_of_the_design() -> None:
    panel = returns(7)
    design = panel.design(Study("adjusted", "market-adjusted"))
    assert design.subtracted is panel.benchmark
    assert np.array_equal(design.y, panel.ret - panel.benchmark)
    assert np.array_equal(design.unit_beta_abnormal, design.y)
    market = panel.design(Study("market"))
    assert market.subtracted is None
    assert np.array_equal(market.unit_beta_abnormal, design.y)


def test_a_study_may_leave_out_the_instruments_own_event_days() -> None:
    panel, event_days = returns(8), np.zeros((1, 300), bool)
    event_days[0, [100, 200]] = True
    including, excluding = Study("including"), Study("excluding", exclude_events=True)
    fitted = fit_events(sums_for(panel, excluding, event_days), excluding, ints(0), ints(300))
    assert fitted.n[0] == 248
    panel.ret[event_days] = np.nan
    gaps = fit_events(sums_for(panel, including), including, ints(0), ints(300))
    assert (fitted.alpha, fitted.slopes, fitted.s2) == (gaps.alpha, gaps.slopes, gaps.s2)
    assert fit_events(sums_for(returns(8), including, event_days), including, ints(0), ints(300)).n[0] == 250


@pytest.mark.parametrize("name", [*MODELS, "factors"])
def test_the_abnormal_return_is_the_return_less_what_the_model_expects(name: str) -> None:
    panel, study = returns(9), study_of(name)
    design = panel.design(study)
    fitted = fit_events(sums_for(panel, study), study, ints(0), ints(290))
    event = abnormal(design.y, design.factors, fitted, ints(0), ints(290), 3)
    expected = fitted.alpha[0] + sum(b * x[0, 290:293] for b, x in zip(fitted.slopes[0], design.factors, strict=True))
    assert event.path[0] == pytest.approx(design.y[0, 290:293] - expected)
    assert event.car[0] == pytest.approx(event.path.sum())
    assert event.ret[0] == pytest.approx(np.prod(1 + design.y[0, 290:293]) - 1)
    assert event.expected[0] == pytest.approx(np.prod(1 + np.broadcast_to(expected, 3)) - 1)


def test_a_missing_session_leaves_the_path_and_no_car() -> None:
    panel, study = returns(10), Study("market")
    panel.ret[0, 291] = np.nan
    design = panel.design(study)
    fitted = fit_events(sums_for(panel, study), study, ints(0), ints(290))
    event = abnormal(design.y, design.factors, fitted, ints(0), ints(290), 3)
    assert np.isnan(event.path[0]).tolist() == [False, True, False]
    assert np.isnan([event.car[0], event.ret[0]]).all()
    assert np.isfinite(event.kappa[0])


@pytest.mark.parametrize("name", MODELS)
def test_the_terms_of_kappa_give_kappa(name: str) -> None:
    panel, study, window = returns(11), study_of(name), Window(-1, 2)
    sums, design = sums_for(panel, study), panel.design(study)
    terms = kappa_terms(panel, sums, study, window, ints(0), ints(290))
    assert terms is not None
    k, n = terms.sessions, terms.n_estimation
    square = k + (k**2 / n if terms.intercept else 0)
    assert (terms.factor is not None) is (name == "market")
    if terms.factor is not None:
        square += (terms.factor.event_sum - k * terms.factor.mean) ** 2 / terms.factor.sum_of_squares
    fitted = fit_events(sums, study, ints(0), ints(290))
    event = abnormal(design.y, design.factors, fitted, ints(0), ints(289), 4)
    assert np.sqrt(square) == pytest.approx(event.kappa[0], rel=1e-12)


@pytest.mark.parametrize(("name", "column"), [("market", 50), ("factors", 290)])
def test_kappa_has_no_terms_without_a_fit_or_with_several_factors(name: str, column: int) -> None:
    panel, study = returns(11), study_of(name)
    assert kappa_terms(panel, sums_for(panel, study), study, Window(0, 0), ints(0), ints(column)) is None


def test_a_traded_panel_ends_with_the_last_return_of_any_instrument() -> None:
    panel = returns(12, sessions=10)
    panel.ret[0, 7:] = np.nan
    traded = panel.traded()
    assert traded.ret.shape == traded.benchmark.shape == traded.factors["sector"].shape == (1, 7)
    panel.ret[:] = np.nan
    assert panel.traded().ret.shape == (1, 1)


def test_slices_begin_at_each_event_and_are_missing_outside_the_data() -> None:
    values = np.arange(10.0).reshape(2, 5)
    assert cut(values, ints(0, 1), ints(1, 2), 2).tolist() == [[1, 2], [7, 8]]
    outside = cut(values, ints(0, 1, 1), ints(-1, 4, 9), 2)
    assert outside == pytest.approx(np.array([[np.nan, 0], [9, np.nan], [np.nan, np.nan]]), nan_ok=True)


def test_simple_returns_compound() -> None:
    assert compound(np.array([[0.1, -0.5], [0.2, np.nan]])) == pytest.approx([-0.45, np.nan], nan_ok=True)
