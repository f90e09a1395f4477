"""Typical moves: quantiles of the last year of measurable sessions."""

import numpy as np
import pytest
import statsmodels.api as sm

from signals.study.models import sums_for
from signals.study.typical_moves import YEAR, typical_moves
from signals.types import Study
from tests.study.conftest import STUDY, Market, first_sessions, simulated


def test_typical_and_large_moves_are_quantiles_of_the_last_year(market: Market) -> None:
    panel, sums, _ = market
    moves = typical_moves(panel, sums, STUDY, 3)
    last = moves.measured[-YEAR:]
    sizes = np.abs(panel.ret[3, last])
    assert len(last) == YEAR
    assert (moves.typical, moves.large) == (np.quantile(sizes, 0.5), np.quantile(sizes, 0.95))


def test_abnormal_sizes_are_out_of_sample(market: Market) -> None:
    panel, sums, _ = market
    moves = typical_moves(panel, sums, STUDY, 3)
    sizes = []
    for column in moves.measured[-YEAR:].tolist():
        part = slice(max(column - STUDY.gap - STUDY.estimation, 0), column - STUDY.gap)
        r, m = panel.ret[3, part], panel.benchmark[3, part]
        used = np.isfinite(r)
        alpha, beta = sm.OLS(r[used], sm.add_constant(m[used])).fit().params
        sizes.append(abs(panel.ret[3, column] - alpha - beta * panel.benchmark[3, column]))
    assert [moves.typical_ar, moves.large_ar] == pytest.approx(np.quantile(sizes, [0.5, 0.95]), rel=1e-9)


def test_a_session_needs_a_return_and_enough_observations_before_its_gap() -> None:
    panel = simulated(3, sessions=120)
    panel.ret[0] = 0.01 * np.random.default_rng(1).standard_normal(120)
    panel.ret[0, 100] = np.nan
    measured = typical_moves(panel, sums_for(panel, STUDY), STUDY, 0).measured
    assert measured.tolist() == [c for c in range(STUDY.min_observations + STUDY.gap, 120) if c != 100]


def test_earlier_sessions_are_measurable_whatever_comes_later(market: Market) -> None:
    panel, sums, _ = market
    short = first_sessions(panel, 300)
    whole = typical_moves(panel, sums, STUDY, 5).measured
    assert typical_moves(short, sums_for(short, STUDY), STUDY, 5).measured.tolist() == whole[whole < 300].tolist()


def test_an_instrument_without_measurable_sessions_has_no_typical_moves() -> None:
    panel = simulated(3, sessions=40)
    moves = typical_moves(panel, sums_for(panel, STUDY), STUDY, 0)
    assert len(moves.measured) == 0
    assert np.isnan([moves.typical, moves.large, moves.typical_ar, moves.large_ar]).all()


def test_without_a_model_the_abnormal_move_is_the_move(market: Market) -> None:
    panel, study = market[0], Study("raw", "raw", estimation=60, min_observations=40)
    moves = typical_moves(panel, sums_for(panel, study), study, 2)
    assert (moves.typical_ar, moves.large_ar) == (moves.typical, moves.large)
