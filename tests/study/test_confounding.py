"""What a usual day of a market is, and how confounders are summary."""

import numpy as np
import pytest

from signals.study.confounding import MARKET_WIDE, MIN_SESSIONS, TRAILING_SESSIONS, Confounder, summary, usual_days


def test_a_session_is_measured_in_the_root_mean_square_of_those_before() -> None:
    market = np.array([0.01, -0.01] * 100 + [0.035])
    assert usual_days(market)[-1] == pytest.approx(3.5)
    assert usual_days(market)[-1] >= MARKET_WIDE > usual_days(market)[-2]


def test_only_the_sessions_before_count_and_only_the_last_ones() -> None:
    rng = np.random.default_rng(3)
    market = rng.normal(0, 0.01, 700)
    other = market.copy()
    other[: 699 - TRAILING_SESSIONS] *= 5
    assert usual_days(other)[699] == pytest.approx(usual_days(market)[699])
    other[699] = 0.2
    np.testing.assert_array_equal(usual_days(other)[:699], usual_days(other[:699]))


def test_without_enough_sessions_nothing_is_told() -> None:
    market = np.full(MIN_SESSIONS + 1, 0.01)
    assert not usual_days(market)[:MIN_SESSIONS].any()
    assert usual_days(market)[MIN_SESSIONS] == pytest.approx(1)
    market[5] = np.nan
    assert usual_days(market)[MIN_SESSIONS] == 0
    assert usual_days(np.zeros(100))[99] == 0


def test_what_confounds_is_told_first() -> None:
    inside, left = (
        Confounder("ex-dividend 1 RUB 2024-01-09 (in the return)", False),
        Confounder("X@2024-01-10 (1 story)", True),
    )
    assert summary([]) == (False, "")
    assert summary([inside]) == (False, inside.text)
    assert summary([inside, left]) == (True, f"{left.text}; {inside.text}")
