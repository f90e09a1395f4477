"""The size of a benchmark's sessions, and the summary of confounders."""

import numpy as np
import pytest

from signals.study.confounding import MARKET_WIDE, MIN_SESSIONS, TRAILING_SESSIONS, Confounder, summary, usual_days


def test_a_session_is_measured_in_units_of_the_trailing_root_mean_square() -> None:
    market = np.array([0.01, -0.01] * 100 + [0.035])
    assert usual_days(market)[-1] == pytest.approx(3.5)
    assert usual_days(market)[-1] >= MARKET_WIDE > usual_days(market)[-2]


def test_only_the_trailing_sessions_count() -> None:
    market = np.random.default_rng(3).normal(0, 0.01, 700)
    other = market.copy()
    other[: 699 - TRAILING_SESSIONS] *= 5
    assert usual_days(other)[699] == pytest.approx(usual_days(market)[699])
    other[699] = 0.2
    np.testing.assert_array_equal(usual_days(other)[:699], usual_days(other[:699]))


def test_without_enough_sessions_the_size_is_0() -> None:
    market = np.full(MIN_SESSIONS + 1, 0.01)
    assert not usual_days(market)[:MIN_SESSIONS].any()
    assert usual_days(market)[MIN_SESSIONS] == pytest.approx(1)
    market[5] = np.nan
    assert usual_days(market)[MIN_SESSIONS] == 0
    assert usual_days(np.zeros(100))[99] == 0


def test_confounders_that_count_come_first() -> None:
    dividend = Confounder("ex-dividend 1 RUB 2024-01-09 (in the return)", False)
    story = Confounder("X@2024-01-10 (1 story)", True)
    assert summary([]) == (False, "")
    assert summary([dividend]) == (False, dividend.text)
    assert summary([dividend, story]) == (True, f"{story.text}; {dividend.text}")


def test_the_unit_and_the_sign_of_the_returns_do_not_matter() -> None:
    market = np.random.default_rng(4).normal(0, 0.01, 400)
    assert np.array_equal(usual_days(-4 * market), usual_days(market))
