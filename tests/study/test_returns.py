"""Prices and actions become returns; what was not traded stays missing."""

from datetime import UTC, datetime

import numpy as np
import pytest

from signals.study.returns import align, total_returns
from signals.types import Bars

DAYS = np.array(["2024-01-08", "2024-01-09", "2024-01-10", "2024-01-11", "2024-01-12"], dtype="datetime64[D]")


def bars(days: list[str], closes: list[float], actions: dict[str, tuple[float, float]], adjusted: bool = False) -> Bars:
    nothing = np.full(len(days), np.nan)
    return Bars(
        "X", "local", "1d", np.array(days, dtype="datetime64[s]"), nothing, nothing, nothing, np.array(closes), nothing,
        np.array(list(actions), dtype="datetime64[D]"),
        np.array([dividend for dividend, _ in actions.values()], dtype=float),
        np.array([split for _, split in actions.values()], dtype=float),
        datetime(2024, 2, 1, tzinfo=UTC), split_adjusted=adjusted,
    )  # fmt: skip


def test_a_dividend_gap_is_no_move() -> None:
    one = align(bars(["2024-01-08", "2024-01-09"], [100, 93], {"2024-01-09": (7, 1)}), DAYS)
    assert one.ret[1] == 0


def test_a_split_is_no_move() -> None:
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


def test_a_bar_on_a_day_that_is_no_session_is_left_out() -> None:
    one = align(bars(["2024-01-06", "2024-01-08"], [1, 100], {}), DAYS)
    assert np.nansum(one.close) == 100


def test_returns_are_simple_and_total() -> None:
    found = total_returns(np.array([10.0, 5.5, 6.0]), np.array([0, 0.5, 0]), np.array([1.0, 2, 1]))
    assert found[1:] == pytest.approx([2 * (5.5 + 0.5) / 10 - 1, 6 / 5.5 - 1])
