"""Scores of events: agreement of their numbers, no look-ahead, and events without a score."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.study.calibration import CalibratedStudy, calibrate
from signals.study.models import Panel, fit_events, sums_for
from signals.study.score import Scores, every_session, measure, score
from signals.types import Study, Window
from tests.study.conftest import (
    STUDY,
    Market,
    all_events,
    first_sessions,
    ints,
    same_bits,
    simulated,
    with_noise,
)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(120, 480))
def test_returns_after_a_window_change_no_bit_of_its_score(seed: int, cut: int) -> None:
    panel = simulated(seed, instruments=6)
    for window in STUDY.windows:
        row, column = all_events(panel, cut - max(window.last, 0))

        def scored(changed: Panel) -> Scores:
            sums = sums_for(changed, STUDY)
            return score(changed, sums, STUDY, window, row, column, calibrate(changed, sums, STUDY))  # noqa: B023 - called within the loop

        expected = scored(panel)
        assert same_bits(expected, scored(with_noise(panel, cut)))
        assert same_bits(expected, scored(first_sessions(panel, cut)))


def test_p_raw_is_the_p_value_of_the_study_without_a_benchmark(market: Market) -> None:
    panel, sums, calibration = market
    row, column = all_events(panel)
    own = STUDY.raw
    raw = CalibratedStudy(own, sums_for(panel, own), calibrate(panel, sums_for(panel, own), own))
    for window in STUDY.windows:
        scored = score(panel, sums, STUDY, window, row, column, calibration, raw)
        expected = score(panel, raw.sums, own, window, row, column, raw.calibration).p_value
        np.testing.assert_array_equal(scored.p_raw, expected)
        assert np.isfinite(expected).sum() > 1000
        assert np.isnan(score(panel, sums, STUDY, window, row, column, calibration).p_raw).all()
        np.testing.assert_array_equal(
            scored.p_value, score(panel, sums, STUDY, window, row, column, calibration).p_value
        )


def test_repeating_an_event_changes_nothing(market: Market) -> None:
    panel, sums, calibration = market
    row, column = all_events(panel)
    once = score(panel, sums, STUDY, STUDY.windows[0], row, column, calibration)
    repeated = np.repeat(np.arange(0, len(row), 7), 10)
    often = score(panel, sums, STUDY, STUDY.windows[0], row[repeated], column[repeated], calibration)
    assert same_bits(Scores(**{f.name: getattr(once, f.name)[repeated] for f in fields(Scores)}), often)


def test_the_order_of_events_does_not_matter(market: Market) -> None:
    panel, sums, calibration = market
    row, column = all_events(panel)
    order = np.random.default_rng(3).permutation(len(row))
    ordered = score(panel, sums, STUDY, Window(0, 2), row, column, calibration)
    shuffled = score(panel, sums, STUDY, Window(0, 2), row[order], column[order], calibration)
    assert same_bits(Scores(**{f.name: getattr(ordered, f.name)[order] for f in fields(Scores)}), shuffled)


def test_every_session_equals_scoring_each_one(market: Market) -> None:
    panel, sums, calibration = market
    row, column = all_events(panel)
    scored = score(panel, sums, STUDY, STUDY.windows[0], row, column, calibration)
    sessions = every_session(panel, sums, STUDY, calibration, since=400)
    for name, other in (("ar", "car"), ("z", "z"), ("p_value", "p_value"), ("sigma", "sigma")):
        expected = getattr(scored, other).reshape(panel.ret.shape)[:, 400:]
        assert np.array_equal(getattr(sessions, name), expected, equal_nan=True), name
    assert np.array_equal(sessions.ret, panel.ret[:, 400:], equal_nan=True)


def test_a_window_before_the_event_is_measured_by_the_model_of_the_event(market: Market) -> None:
    panel, sums, calibration = market
    before = score(panel, sums, STUDY, Window(-5, -1), ints(2), ints(300), calibration)
    event = score(panel, sums, STUDY, Window(0, 0), ints(2), ints(300), calibration)
    assert (before.alpha, before.beta, before.sigma) == (event.alpha, event.beta, event.sigma)
    expected = panel.ret[2, 295:300] - before.alpha - before.beta * panel.benchmark[2, 295:300]
    assert before.car[0] == pytest.approx(expected.sum())
    assert before.volatility[0] == calibration.placebos[5].volatility[2, 295]


def test_the_scores_agree_with_one_another(market: Market) -> None:
    panel, sums, calibration = market
    scores = score(panel, sums, STUDY, Window(0, 2), ints(0, 5), ints(300, 410), calibration)
    assert scores.t_stat == pytest.approx(scores.car / (scores.sigma * scores.kappa))
    assert scores.z == pytest.approx(scores.car / (scores.volatility * scores.kappa))
    assert scores.ret == pytest.approx(
        [np.prod(1 + panel.ret[i, c : c + 3]) - 1 for i, c in ((0, 300), (5, 410))], rel=1e-12
    )
    reference = calibration.placebos[3].reference(300)
    assert (scores.n_reference[0], scores.reference_id[0]) == (len(reference.sample), reference.key)
    unit = scores.volatility[0] * scores.kappa[0]
    assert scores.noise[0] == pytest.approx(reference.deviation * unit)
    assert scores.minimum_detectable[0] == pytest.approx((reference.quantile(0.95) + reference.quantile(0.60)) * unit)
    assert scores.ret_gap.tolist() == panel.gap[[0, 5], [300, 410]].tolist()


def test_a_market_adjusted_move_is_the_return_less_that_of_the_benchmark(market: Market) -> None:
    panel = market[0]
    study = Study("adjusted", "market-adjusted", estimation=60, min_observations=40)
    sums = sums_for(panel, study)
    scores = score(panel, sums, study, Window(0, 1), ints(1), ints(300), calibrate(panel, sums, study))
    difference = panel.ret[1, 300:302] - panel.benchmark[1, 300:302]
    assert scores.car[0] == pytest.approx(difference.sum())
    assert scores.bhar[0] == pytest.approx(scores.ret[0] - scores.benchmark_ret[0])
    assert (scores.alpha[0], scores.beta[0], scores.kappa[0]) == (0, 1, pytest.approx(np.sqrt(2)))
    assert 0 < scores.p_value[0] <= 1


@pytest.mark.parametrize("model", ["constant-mean", "raw"])
def test_a_model_without_a_benchmark_has_no_beta(market: Market, model: str) -> None:
    panel, study = market[0], Study("alone", model, estimation=60, min_observations=40)
    fitted = fit_events(sums_for(panel, study), study, ints(1), ints(300))
    measured = measure(panel, study, Window(0, 0), fitted, ints(1), ints(300))
    assert np.isnan(measured.beta[0])
    assert measured.car[0] == pytest.approx(panel.ret[1, 300] - measured.alpha[0])
    assert measured.benchmark_ret[0] == pytest.approx(panel.benchmark[1, 300])


def test_a_missing_session_in_the_window_gives_no_score() -> None:
    panel = simulated(1)
    panel.ret[4, 301] = np.nan
    sums = sums_for(panel, STUDY)
    scores = score(panel, sums, STUDY, Window(0, 2), ints(4), ints(300), calibrate(panel, sums, STUDY))
    assert np.isnan([scores.car[0], scores.z[0], scores.p_value[0], scores.p_rank[0]]).all()
    assert scores.has_benchmark[0]
    assert not scores.has_bars[0]


@pytest.mark.parametrize("column", [-1, 498, 499, 500, 900])
def test_a_window_beyond_the_panel_gives_no_score(market: Market, column: int) -> None:
    panel, sums, calibration = market
    scores = score(panel, sums, STUDY, Window(0, 2), ints(1), ints(column), calibration)
    assert np.isnan([scores.car[0], scores.z[0], scores.p_value[0], scores.p_rank[0]]).all()
    assert not scores.has_bars[0]
