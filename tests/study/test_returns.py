"""Total returns from prices and corporate actions; returns without a trade are missing."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.study.returns import align, effective_actions, total_returns
from signals.types import Bars

DAYS = np.array(["2024-01-08", "2024-01-09", "2024-01-10", "2024-01-11", "2024-01-12"], dtype="datetime64[D]")


def bars(days: list[str], closes: list[float], actions: dict[str, tuple[float, float]], adjusted: bool = False) -> Bars:
    missing = np.full(len(days), np.nan)
    return Bars(
        "X", "local", "1d", np.array(days, dtype="datetime64[s]"), missing, missing, missing, np.array(closes), missing,
        np.array(list(actions), dtype="datetime64[D]"),
        np.array([dividend for dividend, _ in actions.values()], dtype=float),
        np.array([split for _, split in actions.values()], dtype=float),
        datetime(2024, 2, 1, tzinfo=UTC), split_adjusted=adjusted,
    )  # fmt: skip


def test_a_dividend_is_part_of_the_return() -> None:
    one = align(bars(["2024-01-08", "2024-01-09"], [100, 93], {"2024-01-09": (7, 1)}), DAYS)
    assert one.ret[1] == 0


def test_a_split_does_not_change_the_return() -> None:
    one = align(bars(["2024-01-08", "2024-01-09"], [700, 101], {"2024-01-09": (0, 7)}), DAYS)
    assert one.ret[1] == pytest.approx(0.01)


def test_a_split_that_the_vendor_applied_is_not_applied_again() -> None:
    one = align(bars(["2024-01-08", "2024-01-09"], [100, 101], {"2024-01-09": (0, 7)}, adjusted=True), DAYS)
    assert one.ret[1] == pytest.approx(0.01)


def test_an_ex_date_without_a_session_takes_effect_on_the_next_one() -> None:
    days = DAYS[[0, 1, 3]]
    one = align(bars(["2024-01-08", "2024-01-09", "2024-01-11"], [100, 100, 93], {"2024-01-10": (7, 1)}), days)
    assert one.ret[2] == 0


def test_a_return_across_a_missing_session_is_missing_and_not_zero() -> None:
    one = align(bars(["2024-01-08", "2024-01-10", "2024-01-11"], [100, 110, 121], {}), DAYS)
    assert np.isnan(one.ret).tolist() == [True, True, True, False, True]


def test_a_bar_outside_the_sessions_is_ignored() -> None:
    one = align(bars(["2024-01-06", "2024-01-08"], [1, 100], {}), DAYS)
    assert np.nansum(one.close) == 100


def test_returns_are_simple_and_total() -> None:
    returns = total_returns(np.array([10.0, 5.5, 6.0]), np.array([0, 0.5, 0]), np.array([1.0, 2, 1]))
    assert np.isnan(returns[0])
    assert returns[1:] == pytest.approx([2 * (5.5 + 0.5) / 10 - 1, 6 / 5.5 - 1])


def test_an_action_before_the_first_or_after_the_last_session_has_no_effect() -> None:
    actions = {"2024-01-05": (7.0, 2.0), "2024-01-15": (5.0, 3.0)}
    dividend, split = effective_actions(bars(["2024-01-08"], [100], actions), DAYS)
    assert (dividend.tolist(), split.tolist()) == ([0] * 5, [1] * 5)


def test_actions_of_one_session_add_up() -> None:
    days = DAYS[[0, 1, 3]]
    actions = {"2024-01-10": (1.0, 2.0), "2024-01-11": (0.5, 3.0)}
    dividend, split = effective_actions(bars(["2024-01-08"], [100], actions), days)
    assert (dividend.tolist(), split.tolist()) == ([0, 0, 1.5], [1, 1, 6])


def test_the_return_is_split_into_the_gap_and_the_session() -> None:
    two = bars(["2024-01-08", "2024-01-09"], [100, 55], {"2024-01-09": (2, 2)})
    one = align(replace(two, open=np.array([99.0, 52.0])), DAYS)
    assert one.ret_gap[1] == pytest.approx(2 * (52 + 2) / 100 - 1)
    assert one.ret_session[:2] == pytest.approx([100 / 99 - 1, 55 / 52 - 1])
    assert np.isnan(one.ret_gap[0])


def test_without_bars_or_sessions_there_are_no_returns() -> None:
    assert np.isnan(align(bars([], [], {}), DAYS).ret).all()
    assert align(bars(["2024-01-08"], [100], {}), DAYS[:0]).ret.shape == (0,)


@given(st.lists(st.floats(1, 1e4), min_size=5, max_size=5), st.integers(-8, 8))
def test_returns_do_not_depend_on_the_unit_of_prices(closes: list[float], exponent: int) -> None:
    days, scaled = [str(day) for day in DAYS], [close * 2.0**exponent for close in closes]
    once, other = align(bars(days, closes, {}), DAYS), align(bars(days, scaled, {}), DAYS)
    assert np.array_equal(once.ret, other.ret, equal_nan=True)
