"""Prices and actions become returns; what was not traded stays missing."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from signals.study.halts import halts
from signals.study.returns import Aligned, align, total_returns
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


# --- halts ----------------------------------------------------------------------------------------------------------


def traded(closes: list[float], volumes: list[float], actions: dict[str, tuple[float, float]] | None = None) -> Aligned:
    """Lay closes on `DAYS`, each bar with one price."""
    one = bars([str(day) for day in DAYS], closes, actions or {})
    return align(replace(one, high=one.close, low=one.close, volume=np.array(volumes)), DAYS)


def test_the_return_across_a_halt_belongs_to_the_session_it_resumed_on() -> None:
    found = halts(traded([100, np.nan, np.nan, 120, 126], [5, 0, 0, 5, 5]))
    assert found.untraded.tolist() == [False, True, True, False, False]
    assert found.across[3] == pytest.approx(0.2)
    assert np.isnan(found.across[[0, 1, 2, 4]]).all()
    assert found.since.tolist() == [-1, 0, 0, 0, 3]


def test_dividends_and_splits_of_a_halt_are_in_its_return() -> None:
    # 100 becomes two shares of 50; each pays 5; they resume at 60: 2 * (60 + 5) / 100.
    actions = {"2024-01-09": (0.0, 2.0), "2024-01-10": (5.0, 1.0)}
    found = halts(traded([100, np.nan, np.nan, 60, 60], [5, 0, 0, 5, 5], actions))
    assert found.across[3] == pytest.approx(0.3)


def test_before_the_first_and_after_the_last_close_there_is_no_halt() -> None:
    found = halts(traded([np.nan, 100, 101, np.nan, np.nan], [0, 5, 5, 0, 0]))
    assert not found.untraded.any()
    assert np.isnan(found.across).all()


def test_a_bar_without_volume_that_repeats_the_last_price_is_no_trade() -> None:
    one = traded([100, 100, 100, 120, 120], [5, 0, 0, 5, 5])
    assert np.isnan(one.ret).tolist() == [True, True, True, True, False]
    assert halts(one).quiet.tolist() == [False, True, True, False, False]
    assert halts(one).across[3] == pytest.approx(0.2)


def test_an_index_without_volume_is_traded_and_a_price_that_moves_without_volume_too() -> None:
    assert np.isfinite(traded([100, 100, 100, 100, 100], [0, 0, 0, 0, 0]).ret[1:]).all()
    assert np.isfinite(traded([100, 101, 102, 103, 104], [5, 0, 0, 5, 5]).ret[1:]).all()


def test_one_price_all_day_away_from_the_last_close_is_a_limit() -> None:
    assert halts(traded([100, 110, 110, 121, 121], [5, 5, 5, 5, 5])).limit.tolist() == [False, True, False, True, False]
