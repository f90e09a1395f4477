"""Halts: untraded sessions, price limits, and the returns across them."""

from dataclasses import replace

import numpy as np
import pytest

from signals.study.halts import halts
from signals.study.returns import Aligned, align
from tests.study.test_returns import DAYS, bars


def traded(closes: list[float], volumes: list[float], actions: dict[str, tuple[float, float]] | None = None) -> Aligned:
    """Return closes aligned with `DAYS`, each bar with one price."""
    one = bars([str(day) for day in DAYS], closes, actions or {})
    return align(replace(one, high=one.close, low=one.close, volume=np.array(volumes)), DAYS)


def test_the_return_across_a_halt_belongs_to_the_session_on_which_trading_resumed() -> None:
    one = halts(traded([100, np.nan, np.nan, 120, 126], [5, 0, 0, 5, 5]))
    assert one.untraded.tolist() == [False, True, True, False, False]
    assert one.across[3] == pytest.approx(0.2)
    assert np.isnan(one.across[[0, 1, 2, 4]]).all()
    assert one.since.tolist() == [-1, 0, 0, 0, 3]


def test_the_return_across_a_halt_includes_dividends_and_splits() -> None:
    # 100 becomes two shares of 50; each pays 5; they resume at 60: 2 * (60 + 5) / 100.
    actions = {"2024-01-09": (0.0, 2.0), "2024-01-10": (5.0, 1.0)}
    one = halts(traded([100, np.nan, np.nan, 60, 60], [5, 0, 0, 5, 5], actions))
    assert one.across[3] == pytest.approx(0.3)


def test_before_the_first_and_after_the_last_close_there_is_no_halt() -> None:
    one = halts(traded([np.nan, 100, 101, np.nan, np.nan], [0, 5, 5, 0, 0]))
    assert not one.untraded.any()
    assert np.isnan(one.across).all()


def test_a_bar_without_volume_that_repeats_the_last_price_is_not_a_trade() -> None:
    one = traded([100, 100, 100, 120, 120], [5, 0, 0, 5, 5])
    assert np.isnan(one.ret).tolist() == [True, True, True, True, False]
    assert halts(one).quiet.tolist() == [False, True, True, False, False]
    assert halts(one).across[3] == pytest.approx(0.2)


def test_an_index_without_volume_is_traded_and_a_price_that_moves_without_volume_too() -> None:
    assert np.isfinite(traded([100, 100, 100, 100, 100], [0, 0, 0, 0, 0]).ret[1:]).all()
    assert np.isfinite(traded([100, 101, 102, 103, 104], [5, 0, 0, 5, 5]).ret[1:]).all()


def test_a_bar_without_volume_repeats_the_last_price_across_a_missing_one() -> None:
    one = traded([100, np.nan, 100, 101, 102], [5, 0, 0, 5, 5])
    assert halts(one).untraded.tolist() == [False, True, True, False, False]
    assert halts(one).across[3] == pytest.approx(0.01)


def test_a_repeated_price_with_a_volume_or_an_unknown_one_is_a_trade() -> None:
    assert traded([100, 100, 100, 101, 101], [5, 5, np.nan, 5, 5]).ret[1:3].tolist() == [0, 0]


def test_one_price_all_day_that_differs_from_the_last_close_is_a_limit() -> None:
    assert halts(traded([100, 110, 110, 121, 121], [5, 5, 5, 5, 5])).limit.tolist() == [False, True, False, True, False]


def test_an_instrument_that_trades_every_day_has_no_halts() -> None:
    assert not halts(align(bars([str(day) for day in DAYS], [100, 101, 102, 103, 104], {}), DAYS)).any
    assert halts(traded([100, np.nan, 101, 102, 103], [5, 0, 5, 5, 5])).any


def test_a_later_session_changes_no_return_across_an_earlier_halt() -> None:
    early = halts(traded([100, np.nan, 120, 121, 122], [5, 0, 5, 5, 5]))
    late = halts(traded([100, np.nan, 120, np.nan, 300], [5, 0, 5, 0, 5]))
    assert np.array_equal(early.across[:3], late.across[:3], equal_nan=True)
    assert late.across[4] == pytest.approx(1.5)


def test_without_sessions_there_are_no_halts() -> None:
    assert not halts(align(bars(["2024-01-08"], [100], {}), DAYS[:0])).any
