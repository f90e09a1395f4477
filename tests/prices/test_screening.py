"""Screening: the bars that are rejected, and above all the bars that are not."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.errors import UnreadableError
from signals.prices.intervals import interval_seconds
from signals.prices.screening import screen, span
from signals.types import Bars, History, Quarantined

NOW = datetime(2026, 1, 1, tzinfo=UTC)
START = np.datetime64("2015-01-05", "s")


def bars(
    close: list[float],
    *,
    step: str = "1d",
    interval: str = "1d",
    splits: dict[int, float] | None = None,
    **parts: list[float],
) -> Bars:
    starts = START + np.arange(len(close)) * np.timedelta64(interval_seconds(step), "s")
    opens, highs, lows = (np.array(parts.get(name, [np.nan] * len(close)), float) for name in ("open", "high", "low"))
    split = splits or {}
    return Bars(
        "X", "local", interval, starts, opens, highs, lows, np.array(close, float), np.zeros(len(close)),
        starts[list(split)].astype("datetime64[D]"), np.zeros(len(split)), np.array(list(split.values())), NOW,
    )  # fmt: skip


def reasons(history: History) -> list[tuple[str, str]]:
    return [(q.start, q.reason) for q in history.quarantined]


@pytest.mark.parametrize(
    ("close", "reason"),
    [(0.0, "non_positive"), (-1.0, "non_positive"), (float("inf"), "non_finite"), (1e6, "spike"), (1e-6, "spike")],
)
def test_an_impossible_close_is_rejected(close: float, reason: str) -> None:
    history = screen(bars([100, 101, close, 102, 103]), NOW)
    assert reasons(history) == [("2015-01-07", reason)]
    assert history.bars.close.tolist() == [100, 101, 102, 103]


def test_a_spike_is_recognised_by_its_neighbours_across_a_halt() -> None:
    history = screen(bars([100, float("nan"), 1e6, float("nan"), 102]), NOW)
    assert reasons(history) == [("2015-01-07", "spike")]


def test_a_spike_of_three_bars_is_rejected_and_good_bars_between_spikes_stay() -> None:
    assert screen(bars([100, 9e5, 9e5, 9e5, 101]), NOW).bars.close.tolist() == [100, 101]
    assert screen(bars([100, 9e5, 101, 9e5, 102]), NOW).bars.close.tolist() == [100, 101, 102]


@pytest.mark.parametrize("factor", [7, 1 / 7, 20, 1 / 20, 5000, 1 / 5000])
def test_a_split_without_a_record_is_no_bad_tick(factor: float) -> None:
    history = screen(bars([600, 610, 605, 605 * factor, 606 * factor, 600 * factor]), NOW)
    assert history.quarantined == ()


def test_a_crash_that_partly_recovers_is_no_bad_tick() -> None:
    assert screen(bars([260, 250, 130, 40, 60, 90]), NOW).quarantined == ()


def test_a_last_bar_a_million_times_higher_waits_for_the_next() -> None:
    assert reasons(screen(bars([100, 101, 1e8]), NOW)) == [("2015-01-07", "unconfirmed")]
    assert reasons(screen(bars([100, 101, 1e8, 101]), NOW)) == [("2015-01-07", "spike")]


def test_a_last_bar_that_a_split_explains_or_that_falls_by_nine_tenths_is_kept() -> None:
    assert screen(bars([100, 101, 101 * 5000], splits={2: 1 / 5000}), NOW).quarantined == ()
    assert screen(bars([100, 101, 10]), NOW).quarantined == ()


def test_a_row_with_prices_and_no_close_is_rejected_and_a_row_without_prices_is_a_halt() -> None:
    nan = float("nan")
    history = screen(bars([1, nan, nan], open=[1, 1, nan]), NOW)
    assert reasons(history) == [("2015-01-06", "no_close")]
    assert len(history.bars) == 2


def test_a_close_outside_high_and_low_is_rejected_and_rounding_is_not() -> None:
    history = screen(bars([10, 12, 10.0005], high=[11, 11, 10], low=[9, 9, 9]), NOW)
    assert reasons(history) == [("2015-01-06", "inconsistent")]


def test_a_high_below_the_low_is_rejected() -> None:
    assert reasons(screen(bars([10], high=[9], low=[11]), NOW)) == [("2015-01-05", "inconsistent")]


def test_an_impossible_open_becomes_nan_and_the_close_stays() -> None:
    history = screen(bars([10, 10, 10], open=[0, 20, 10], high=[11] * 3, low=[9] * 3), NOW)
    assert reasons(history) == [("2015-01-05", "bad_open"), ("2015-01-06", "bad_open")]
    assert history.bars.close.tolist() == [10, 10, 10]
    np.testing.assert_array_equal(history.bars.open, [np.nan, np.nan, 10])


def test_a_day_that_has_not_begun_anywhere_is_rejected_and_does_not_affect_the_others() -> None:
    now = datetime(2015, 1, 7, 9, 0, tzinfo=UTC)  # 8 January has not begun at UTC+14
    history = screen(bars([100, 1e6, 1e6, 100]), now)
    assert reasons(history) == [("2015-01-08", "future")]
    assert len(history.bars) == 3


def test_a_date_that_has_begun_east_of_here_is_no_future() -> None:
    assert screen(bars([100, 101]), datetime(2015, 1, 5, 11, 0, tzinfo=UTC)).quarantined == ()  # 01:00 at UTC+14


def test_an_hour_that_has_not_begun_is_rejected() -> None:
    history = screen(bars([1, 1, 1], step="1h", interval="1h"), datetime(2015, 1, 5, 1, 30, tzinfo=UTC))
    assert reasons(history) == [("2015-01-05T02:00:00", "future")]


@pytest.mark.parametrize(
    ("interval", "step", "actual"),
    [
        ("1d", "1wk", "1wk"),
        ("1d", "1h", "1h"),
        ("1d", "1mo", "1mo"),
        ("1h", "5m", "5m"),
        ("5m", "1h", "1h"),
        ("1h", "1d", "1d"),
        ("1wk", "1d", "1d"),
    ],
)
def test_a_series_that_is_spaced_unlike_its_interval_is_refused(interval: str, step: str, actual: str) -> None:
    with pytest.raises(
        UnreadableError, match=f"are called {interval} and are spaced like {actual}; set `interval: {actual}`"
    ):
        screen(bars([100.0] * 12, step=step, interval=interval), NOW)


@pytest.mark.parametrize("interval", ["1d", "1h", "5m", "1wk"])
def test_a_series_that_is_spaced_like_its_interval_passes(interval: str) -> None:
    assert len(screen(bars([100.0] * 12, step=interval, interval=interval), NOW).bars) == 12


def test_a_daily_series_across_a_closed_month_passes() -> None:
    series = bars([100.0] * 20)
    series.start[10:] += np.timedelta64(26, "D")
    assert len(screen(series, NOW).bars) == 20


def test_a_span_lists_the_bars_that_were_rejected_inside_it() -> None:
    history = screen(bars([100, 0, 102, 0, 104]), NOW)
    cut = span(history, date(2015, 1, 6), date(2015, 1, 7))
    assert cut.bars.close.tolist() == [102]
    assert reasons(cut) == [("2015-01-06", "non_positive")]


prices = st.one_of(st.floats(0.01, 1e4), st.sampled_from([0.0, -1.0, float("nan"), float("inf"), 1e9, 1e-9]))


@given(st.lists(prices, max_size=40), st.permutations(range(40)))
def test_every_bar_is_passed_or_rejected_whatever_the_order_of_the_file(close: list[float], order: list[int]) -> None:
    ordered = bars(close)
    shuffled = [n for n in order if n < len(close)]
    moved = replace(ordered, start=ordered.start[shuffled], close=ordered.close[shuffled])
    history, same = screen(ordered, NOW), screen(moved, NOW)
    assert len(history.bars) + len(history.quarantined) == len(close)
    np.testing.assert_array_equal(history.bars.close, same.bars.close)
    passed = history.bars.close
    assert (np.isnan(passed) | ((passed > 0) & np.isfinite(passed))).all()


@given(st.lists(st.floats(-0.5, 0.5), min_size=2, max_size=60))
def test_moves_of_less_than_a_factor_of_five_are_never_rejected(moves: list[float]) -> None:
    assert screen(bars((100 * np.exp(np.cumsum(moves))).tolist()), NOW).quarantined == ()


def test_a_repeated_day_is_one_bar_or_an_error_that_names_the_difference() -> None:
    twice = bars([100, 100, 102])
    twice.start[1] = twice.start[0]
    assert screen(twice, NOW).bars.close.tolist() == [100, 102]
    twice.close[1] = 101
    with pytest.raises(UnreadableError, match=r"2015-01-05 stands twice with different values \(close 100 and 101\)"):
        screen(twice, NOW)
    assert screen(twice, NOW, "last").bars.close.tolist() == [101, 102]


def test_a_daily_bar_with_a_time_of_day_begins_at_midnight() -> None:
    series = bars([100, 101])
    series.start[:] += np.timedelta64(18, "h")
    assert screen(series, NOW).bars.start.astype(str).tolist() == ["2015-01-05T00:00:00", "2015-01-06T00:00:00"]


def test_a_span_cuts_by_local_dates_and_takes_the_actions_inside_it() -> None:
    history = screen(bars([100, 101, 102], splits={0: 2.0, 2: 3.0}), NOW)
    local = np.array(["2015-01-06", "2015-01-07", "2015-01-08"], "datetime64[D]")
    cut = span(history, date(2015, 1, 7), date(2015, 1, 8), local)
    assert (cut.bars.close.tolist(), cut.bars.split.tolist()) == ([101, 102], [3.0])


def test_a_rejected_row_without_a_date_belongs_to_every_span() -> None:
    rejected = Quarantined("X", "local", "soon", "unreadable", "line 5")
    history = replace(screen(bars([100]), NOW), quarantined=(rejected,))
    assert span(history, date(1999, 1, 1), date(1999, 1, 2)).quarantined == (rejected,)
