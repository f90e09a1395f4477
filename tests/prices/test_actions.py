"""Dividends and splits: merging, and those that adjusted closes imply."""

import numpy as np
import pytest
from hypothesis import assume, given
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


@given(st.lists(st.floats(1.0, 1_000.0), min_size=2, max_size=30), st.floats(0.02, 0.19))  # .2: 5 for 4
def test_an_implied_dividend_gives_the_adjusted_return(closes: list[float], part: float) -> None:
    prices = np.round(np.array(closes) + 50, 2)
    ex = len(prices) // 2
    adjusted = np.where(np.arange(len(prices)) < ex, prices * (1 - part), prices)
    dates = np.datetime64("2015-01-20", "D") + np.arange(len(prices))
    (day, dividend, split), *others = rows(implied(dates, prices, adjusted))
    assert (day, split, others) == (str(dates[ex]), 1.0, [])
    assert (prices[ex] + dividend) / prices[ex - 1] == pytest.approx(adjusted[ex] / adjusted[ex - 1])


# --- adjusted closes with the decimals of a file --------------------------------------------------------------------

FULL = 40  # days before and after the action


def series(seed: int, level: float) -> np.ndarray:
    """Return closes of a share without actions."""
    moves = np.random.default_rng(seed).normal(0, 0.01, 2 * FULL)
    return level * np.exp(np.cumsum(moves))


def read(close: np.ndarray, adjusted: np.ndarray, decimals: int, of_close: int = 2) -> list[tuple[str, float, float]]:
    dates = np.datetime64("2015-01-01", "D") + np.arange(len(close))
    return rows(implied(dates, np.round(close, of_close), np.round(adjusted, decimals)))


@pytest.mark.parametrize("decimals", [2, 4, 6, 15])
@pytest.mark.parametrize("ratio", [2, 3, 1.5, 1.25, 10, 20, 0.8, 0.5, 0.1, 0.9, 0.05, 2 / 3])
def test_a_split_or_consolidation_of_any_ratio_is_read(ratio: float, decimals: int) -> None:
    adjusted = series(1, 100)
    close = np.round(adjusted * np.where(np.arange(2 * FULL) < FULL, ratio, 1), 2)
    adjusted = np.where(np.arange(2 * FULL) < FULL, close / ratio, close)
    ((day, dividend, split),) = read(close, adjusted, decimals)
    assert (day, dividend) == ("2015-02-10", 0)
    assert split == pytest.approx(ratio, rel=0 if ratio != 2 / 3 else 1e-12)


@pytest.mark.parametrize(("decimals", "least"), [(2, 0.001), (4, 0.0001), (6, 0.00001), (15, 0.00001)])
@pytest.mark.parametrize("seed", range(10))
def test_a_small_dividend_is_read_where_the_decimals_show_it(decimals: int, least: float, seed: int) -> None:
    close = np.round(series(seed, 50), 2)
    adjusted = np.where(np.arange(2 * FULL) < FULL, close * (1 - least), close)
    ((day, dividend, split),) = read(close, adjusted, decimals)
    assert (day, split) == ("2015-02-10", 1)
    assert dividend == pytest.approx(least * close[FULL], abs=3 * 10.0**-decimals + 1e-6)


@pytest.mark.parametrize("decimals", [0, 1, 2, 3, 4, 6, 15])
@pytest.mark.parametrize("of_close", [2, 4])
@pytest.mark.parametrize("level", [0.9, 10, 3_000])
@pytest.mark.parametrize("factor", [0.95, 0.1, 0.012_345])
def test_rounding_of_an_adjusted_close_is_no_action(decimals: int, of_close: int, level: float, factor: float) -> None:
    for seed in range(5):
        close = series(seed, level)
        if np.round(close * factor, decimals).min() > 0:
            assert read(close, np.round(close, of_close) * factor, decimals, of_close) == []
            assert read(close, close * factor, decimals, of_close) == []  # the vendor rounded closes afterwards


def test_closes_written_in_single_precision_have_no_actions() -> None:
    close = np.round(series(3, 40), 2)
    single = (close * 0.731).astype(np.float32).astype(np.float64)
    assert read(close, single, 15) == []
    assert read(close.astype(np.float32).astype(np.float64), single, 15, 15) == []


def test_a_file_whose_older_part_has_fewer_decimals_is_judged_by_each_part() -> None:
    close = np.round(series(5, 20), 2)
    adjusted = np.where(np.arange(2 * FULL) < FULL, np.round(close * 0.9, 2), np.round(close * 0.9, 6))
    assert read(close, adjusted, 15) == []


def test_a_close_that_is_adjusted_on_the_day_before_the_ex_date_alone_is_a_dividend_or_a_split() -> None:
    close = np.round(series(7, 60), 2)
    before = np.arange(2 * FULL) == FULL - 1
    (paid,) = read(close, np.where(before, close * 0.99, close), 6)
    assert paid[0] == "2015-02-10"
    assert paid[1:] == pytest.approx((close[FULL] / 99, 1), rel=1e-3)
    halved = np.where(np.arange(2 * FULL) < FULL, close * 2, close)
    assert read(halved, np.where(before, halved / 2, halved), 6) == [("2015-02-10", 0, 2)]


@pytest.mark.parametrize("length", [1, 5, 20])
@pytest.mark.parametrize("part", [0.003, 0.05, 0.5])
def test_a_stretch_before_an_ex_date_that_is_adjusted_alone_begins_without_an_action(length: int, part: float) -> None:
    close = np.round(series(11, 80), 2)
    close = np.round(np.where(np.arange(2 * FULL) < FULL, close / (1 - part), close), 2)
    rows_before = np.arange(2 * FULL)
    stretch = (rows_before >= FULL - length) & (rows_before < FULL)
    adjusted = np.where(stretch, close * (1 - part), close)
    assert [day for day, *_ in read(close, adjusted, 4)] == ["2015-02-10"]
    assert read(close[:FULL], adjusted[:FULL], 4) == []  # the ex-date is still to come


def test_a_consolidation_on_a_day_on_which_the_share_falls_is_read() -> None:
    adjusted = series(13, 20) * np.where(np.arange(2 * FULL) < FULL, 1.4, 1)
    close = np.where(np.arange(2 * FULL) < FULL, adjusted * 0.8, adjusted)
    close = np.append(close, np.full(70, close[-1]))
    adjusted = np.append(adjusted, np.full(70, adjusted[-1]))
    assert [split for _, _, split in read(close, adjusted, 6, 6)] == [0.8]


@pytest.mark.parametrize(("last", "split"), [(200.0, [("2015-03-21", 0.0, 0.5)]), (100.0, [])])
def test_a_fall_of_the_factor_on_the_last_day_is_a_consolidation_if_the_close_jumps(
    last: float, split: list[tuple[str, float, float]]
) -> None:
    close = np.append(np.full(2 * FULL - 1, 100.0), last)
    adjusted = np.append(close[:-1], last / 2)
    assert read(close, adjusted, 4) == split


@given(
    st.lists(st.tuples(st.integers(5, 195), st.sampled_from([0.8, 0.5, 2.0, 1.5, 0.1, 3.0])), max_size=4),
    st.lists(st.tuples(st.integers(5, 195), st.floats(0.002, 0.05)), max_size=6),
    st.integers(0, 1_000),
)
def test_the_actions_give_the_returns_of_the_adjusted_closes(
    splits: list[tuple[int, float]], dividends: list[tuple[int, float]], seed: int
) -> None:
    adjusted = 50 * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.01, 200)))
    step = np.ones(200)
    for day, change in {
        **dict(splits),
        **{day: 1 / (1 - part) for day, part in dividends if day not in dict(splits)},
    }.items():
        step[day] = change
    close = adjusted * np.cumprod(step)[-1] / np.cumprod(step)
    assume(close.min() > 0.5)  # of smaller ones six decimals are too few
    dates = np.datetime64("2015-01-01", "D") + np.arange(200)
    actions = implied(dates, np.round(close, 6), np.round(adjusted, 6))
    index = np.searchsorted(dates, actions.ex_date)
    dividend, split = np.zeros(200), np.ones(200)
    dividend[index], split[index] = actions.dividend, actions.split
    returns = (close[1:] * split[1:] + dividend[1:]) / close[:-1]
    np.testing.assert_allclose(returns, adjusted[1:] / adjusted[:-1], rtol=1e-4)
