"""Dividends and splits: merging, and those that adjusted closes imply."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.prices.actions import Actions, implied, merge, no_actions
from signals.types import Times


def days(*texts: str) -> Times:
    return np.array(texts, dtype="datetime64[D]")


def rows(actions: Actions) -> list[tuple[str, float, float]]:
    return list(
        zip(actions.ex_date.astype(str).tolist(), actions.dividend.tolist(), actions.split.tolist(), strict=True)
    )


def test_dividends_of_a_day_add_up_and_splits_multiply() -> None:
    dates = days("2015-02-01", "2015-01-01", "2015-02-01", "2015-02-01", "2015-02-01")
    merged = merge(dates, np.array([1.0, 5.0, 2.0, 0.0, 0.0]), np.array([1.0, 1.0, 1.0, 2.0, 3.0]))
    assert rows(merged) == [("2015-01-01", 5.0, 1.0), ("2015-02-01", 3.0, 6.0)]


def test_a_repeated_row_counts_once_and_a_row_without_an_action_not_at_all() -> None:
    dates = days("2015-02-01", "2015-02-01", "2015-03-01")
    assert rows(merge(dates, np.array([1.0, 1.0, 0.0]), np.ones(3))) == [("2015-02-01", 1.0, 1.0)]


def test_no_actions_are_empty_arrays() -> None:
    for actions in (no_actions(), merge(days(), np.array([]), np.array([]))):
        assert rows(actions) == []
        assert actions.ex_date.dtype == np.dtype("datetime64[D]")


def test_an_adjusted_close_implies_a_dividend_or_a_split() -> None:
    dates = days("2015-01-23", "2015-01-20", "2015-01-21", "2015-01-22")  # in any order
    implied_actions = implied(dates, np.array([49.0, 100, 100, 98]), np.array([49.0, 49, 49, 49]))
    ((paid, dividend, one), (divided, none, split)) = rows(implied_actions)
    assert (paid, one, divided, none) == ("2015-01-22", 1.0, "2015-01-23", 0.0)
    assert [dividend, split] == pytest.approx([2.0, 2.0])


@pytest.mark.parametrize("closes", [[100.0], [100.0, float("nan")], [100.0, -1.0]])
def test_fewer_than_two_closes_imply_nothing(closes: list[float]) -> None:
    dates = np.datetime64("2015-01-20", "D") + np.arange(len(closes))
    assert rows(implied(dates, np.array(closes), np.array(closes) / 2)) == []


def test_of_a_repeated_day_the_later_row_counts() -> None:
    dates = days("2015-01-20", "2015-01-20", "2015-01-21")
    assert rows(implied(dates, np.array([100.0, 50.0, 50.0]), np.array([50.0, 50.0, 50.0]))) == []


@given(st.lists(st.floats(1.0, 1_000.0), min_size=2, max_size=30), st.floats(0.02, 0.2))
def test_an_implied_dividend_gives_the_adjusted_return(closes: list[float], part: float) -> None:
    prices = np.round(np.array(closes) + 50, 2)
    ex = len(prices) // 2
    adjusted = np.where(np.arange(len(prices)) < ex, prices * (1 - part), prices)
    dates = np.datetime64("2015-01-20", "D") + np.arange(len(prices))
    (day, dividend, split), *others = rows(implied(dates, prices, adjusted))
    assert (day, split, others) == (str(dates[ex]), 1.0, [])
    assert (prices[ex] + dividend) / prices[ex - 1] == pytest.approx(adjusted[ex] / adjusted[ex - 1])
