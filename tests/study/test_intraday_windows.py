"""Intraday windows: their places, the prices at these places, and the scores of a window by other days."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.study.calibration import calibrate
from signals.study.intraday_windows import (
    CLOSE,
    NO_PLACE,
    OPEN,
    PREVIOUS,
    Grid,
    Hours,
    align_bars,
    instant,
    locate,
    pairs,
    panel_of,
    row_of,
)
from signals.study.models import sums_for
from signals.study.score import Scores, score
from signals.study.session_activity import activity_at_start, activity_so_far, adjust_for_activity
from signals.types import Bars, IntradayStudy, IntradayWindow, Ints, Window
from tests.study.hourly_bars import (
    DAYS,
    HOUR,
    HOURLY,
    bars_at,
    hours_of,
    series_of,
    simulated_hours,
    starts_of,
    utc,
)

# --- the text of a window ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["-30m..0m", "0m..15m", "0m..60m", "15m..60m", "0m..close", "30m..close", "overnight"])
def test_a_window_is_written_as_it_is_parsed(text: str) -> None:
    assert str(IntradayWindow.parse(text)) == text


def test_hours_are_parsed_as_minutes() -> None:
    assert IntradayWindow.parse("-1h..0h") == IntradayWindow.parse("-60m..0m")


@pytest.mark.parametrize("text", ["0..1", "0m", "0m..", "30m..15m", "-30m..30m", "-30m..close", "close..0m", "night"])
def test_any_other_text_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="window"):
        IntradayWindow.parse(text)


# --- the places of windows ------------------------------------------------------------------------------------------


def bars_by_end(hours: Hours, bars: Bars, interval: int) -> list[tuple[int, int, float]]:
    """Return (session, end, close) of each bar."""
    ends = []
    for begin, close in zip(bars.start.astype(np.int64).tolist(), bars.close.tolist(), strict=True):
        for n in range(len(hours.sessions)):
            opens, closes = hours.midnight[n] + hours.opens[n], hours.midnight[n] + hours.closes[n]
            if begin < closes and begin + interval > opens:
                ends.append((n, min(begin + interval, int(closes)), close))
    return ends


def prices_by_search(hours: Hours, bars: Bars, interval: int, at: int, minutes: int) -> tuple[float, float] | None:
    """Return base and exit price of the window 0m..minutes, or None if one is missing, by a search of all bars."""
    closes = (hours.midnight + hours.closes).tolist()
    day = next(n for n, close in enumerate(closes) if close > at)
    opens = int(hours.midnight[day] + hours.opens[day])
    begins, late = max(at, opens), max(interval, 1_800)
    target = begins + 60 * minutes
    if target > closes[day]:
        return None
    own = [(end, close) for n, end, close in bars_by_end(hours, bars, interval) if n == day]
    first_end = opens - opens % interval + interval
    if begins < first_end:  # no bar of this session can have closed: the last close of the one before
        before = [(end, close) for n, end, close in bars_by_end(hours, bars, interval) if n == day - 1]
        base = [close for end, close in before if closes[day - 1] - end < late]
    else:
        base = [close for end, close in own if end <= begins and begins - begins % interval - end < late]
    after = [close for end, close in own if end >= target and end - -(-target // interval) * interval < late]
    return (base[-1], after[0]) if base and after else None


@settings(max_examples=150, deadline=None)
@given(data=st.data(), interval=st.sampled_from([300, 900, 1_800, 3_600]), minutes=st.sampled_from([15, 30, 60, 120]))
def test_base_is_the_last_close_before_and_exit_the_first_after(
    data: st.DataObject, interval: int, minutes: int
) -> None:
    hours, grid = hours_of(DAYS), Grid(interval, 0)
    every = starts_of(hours, interval)
    present = np.array(data.draw(st.lists(st.booleans(), min_size=len(every), max_size=len(every))))
    bars = bars_at(every[present], (100.0 + np.arange(len(every)))[present])
    at = data.draw(st.integers(utc("2021-03-10T16:00"), utc("2021-03-16T15:59:59")))
    window = IntradayWindow(0, minutes)
    day = np.array([int(np.searchsorted(hours.midnight + hours.closes, at, side="right"))])
    located = locate(hours, grid, window, day, np.array([at]))
    pair = int(located.start[0]), int(located.end[0])
    expected = prices_by_search(hours, bars, interval, at, minutes)
    if NO_PLACE in pair:
        assert expected is None
    else:
        assert row_of(pairs(hours, grid, window), located.start, located.end)[0] >= 0
        ret = series_of(hours, grid, bars).series(pair, window)[day[0]]
        assert ret == pytest.approx(
            np.nan if expected is None else expected[1] / expected[0] - 1, nan_ok=True, abs=1e-12
        )


@settings(max_examples=50, deadline=None)
@given(
    at=st.integers(utc("2021-03-10T16:00"), utc("2021-03-16T15:59:59")),
    text=st.sampled_from(["-60m..-30m", "-30m..0m", "0m..15m", "0m..60m", "5m..60m", "0m..close", "overnight"]),
    interval=st.sampled_from([60, 300, 3_600]),
)  # fmt: skip
def test_only_a_window_after_publication_ends_after_it(at: int, text: str, interval: int) -> None:
    hours, grid, window = hours_of(DAYS), Grid(interval, 0), IntradayWindow.parse(text)
    day = np.array([int(np.searchsorted(hours.midnight + hours.closes, at, side="right"))])
    located = locate(hours, grid, window, day, np.array([at]))
    session, start, end = int(located.session[0]), int(located.start[0]), int(located.end[0])
    if NO_PLACE in (start, end) or session >= len(hours.sessions):
        return
    begins, finished = (instant(hours, grid, session, place) for place in (start, end))
    assert begins <= finished
    if window.before_publication:
        assert finished <= at
    else:
        assert finished > at
        assert window.delayed or window.first is None or begins <= at


def located_at(at: str, text: str, grid: Grid = HOURLY) -> tuple[int, int, int]:
    """Return session, start and end of a window around a time of New York."""
    hours, second = hours_of(DAYS), utc(at)
    day = np.array([int(np.searchsorted(hours.midnight + hours.closes, second, side="right"))])
    located = locate(hours, grid, IntradayWindow.parse(text), day, np.array([second]))
    return int(located.session[0]), int(located.start[0]), int(located.end[0])


@pytest.mark.parametrize(
    ("at", "text", "session", "start", "end"),
    [
        ("2021-03-11T12:10", "0m..60m", 1, 11, 13),  # 12:00 -> 14:00
        ("2021-03-11T12:00", "0m..60m", 1, 11, 12),  # at the end of a bar: 12:00 -> 13:00
        ("2021-03-11T12:10", "-60m..0m", 1, 10, 11),
        ("2021-03-11T09:40", "0m..60m", 1, PREVIOUS, 10),  # before the end of the first bar
        ("2021-03-11T08:00", "0m..60m", 1, PREVIOUS, 10),  # counted from the open: 10:30 -> 11:00
        ("2021-03-10T18:00", "-60m..0m", 0, 14, 15),  # the last hour of the session before
        ("2021-03-11T15:30", "0m..60m", 1, 14, NO_PLACE),
        ("2021-03-11T09:40", "-60m..0m", 1, NO_PLACE, NO_PLACE),
        ("2021-03-11T12:10", "0m..close", 1, 11, CLOSE),
        ("2021-03-11T12:10", "overnight", 2, PREVIOUS, OPEN),  # the night after
        ("2021-03-11T18:00", "overnight", 2, PREVIOUS, OPEN),  # the night of publication
        ("2021-03-12T12:10", "overnight", 3, PREVIOUS, OPEN),  # a weekend
    ],
)
def test_the_places_of_a_window_on_hourly_bars(at: str, text: str, session: int, start: int, end: int) -> None:
    assert located_at(at, text) == (session, start, end)


def test_summer_time_moves_the_instants_and_not_the_places() -> None:
    hours = hours_of(DAYS)
    before, after = located_at("2021-03-12T12:10", "0m..60m"), located_at("2021-03-15T12:10", "0m..60m")
    assert before[1:] == after[1:]
    seconds = instant(hours, HOURLY, after[0], after[2]) - instant(hours, HOURLY, before[0], before[2])
    assert seconds == 3 * 86_400 - HOUR


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (PREVIOUS, "2021-03-10T16:00"),
        (OPEN, "2021-03-11T09:30"),
        (9, "2021-03-11T10:00"),
        (15, "2021-03-11T16:00"),
        (CLOSE, "2021-03-11T16:00"),
    ],
)
def test_each_place_has_an_instant(place: int, expected: str) -> None:
    assert instant(hours_of(DAYS), HOURLY, 1, place) == utc(expected)


def test_a_slot_ends_with_its_session_at_the_latest() -> None:
    assert instant(hours_of(DAYS), Grid(HOUR, 1_800), 1, 15) == utc("2021-03-11T16:00")


@pytest.mark.parametrize("text", ["-60m..0m", "0m..60m", "30m..60m", "0m..close", "overnight"])
def test_the_pairs_of_a_window_are_those_that_publications_have(text: str) -> None:
    hours, window = hours_of(DAYS), IntradayWindow.parse(text)
    at = np.arange(utc("2021-03-10T16:00"), utc("2021-03-16T15:59"), 60)
    day_zero = np.searchsorted(hours.midnight + hours.closes, at, side="right")
    located = locate(hours, HOURLY, window, day_zero, at)
    used = {*zip(located.start.tolist(), located.end.tolist(), strict=True)}
    possible = {(a, b) for a, b in used if NO_PLACE not in (a, b) and a != b}
    assert {tuple(pair) for pair in pairs(hours, HOURLY, window).tolist()} == possible


TOKYO = ZoneInfo("Asia/Tokyo")


def tokyo(text: str) -> int:
    """Return a time of Tokyo in UTC seconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=TOKYO).timestamp())


def tokyo_hours() -> Hours:
    """Return three sessions from 9:00 to 15:00 with a break from 11:30 to 12:30; the last ends before the break."""
    days = ("2021-03-10", "2021-03-11", "2021-03-12")
    columns = [np.array([tokyo(f"{d}T{at}") for d in days], dtype="datetime64[s]") for at in ("09:00", "15:00")]
    breaks = [np.array([tokyo(f"{d}T{at}") for d in days], dtype="datetime64[s]") for at in ("11:30", "12:30")]
    columns[1][2] = breaks[0][2]
    for side in breaks:
        side[2] = np.datetime64("NaT")
    offsets = np.full(3, 9 * HOUR)
    return Hours.of(np.array(days, dtype="datetime64[D]"), columns[0], columns[1], offsets, (breaks[0], breaks[1]))


@pytest.mark.parametrize(
    ("at", "text", "begins", "ends"),
    [
        ("12:10", "0m..15m", "11:30", "12:45"),  # counted from the end of the break, from the close before it
        ("11:30", "0m..15m", "11:30", "12:45"),
        ("11:29", "0m..15m", "11:25", "12:35"),  # would end in the break: the first close after it
        ("12:32", "0m..15m", "11:30", "12:50"),  # no bar has ended since the break
        ("12:36", "0m..15m", "12:35", "12:55"),
        ("12:10", "-30m..0m", "11:00", "11:30"),
        ("12:45", "-30m..0m", "11:30", "12:45"),
        ("12:10", "0m..close", "11:30", "15:00"),
        ("12:10", "5m..15m", "12:35", "12:45"),
    ],
)
def test_a_place_in_a_break_is_the_close_before_or_after_it(at: str, text: str, begins: str, ends: str) -> None:
    hours, grid = tokyo_hours(), Grid(300, 0)
    located = locate(hours, grid, IntradayWindow.parse(text), np.array([1]), np.array([tokyo(f"2021-03-11T{at}")]))
    instants = [instant(hours, grid, 1, int(place[0])) for place in (located.start, located.end)]
    assert instants == [tokyo(f"2021-03-11T{begins}"), tokyo(f"2021-03-11T{ends}")]
    assert row_of(pairs(hours, grid, IntradayWindow.parse(text)), located.start, located.end)[0] >= 0


def test_news_of_a_break_has_a_base_on_bars_that_stop_for_it() -> None:
    hours, grid, window = tokyo_hours(), Grid(300, 0), IntradayWindow(0, 15)
    begins = np.concatenate(
        [np.arange(tokyo(f"2021-03-11T{a}"), tokyo(f"2021-03-11T{b}"), 300) for a, b in (("09:00", "11:30"),
                                                                                         ("12:30", "15:00"))]
    )  # fmt: skip
    series = series_of(hours, grid, bars_at(begins, np.arange(100.0, 100.0 + len(begins))))
    located = locate(hours, grid, window, np.array([1]), np.array([tokyo("2021-03-11T12:10")]))
    # 30 bars before the break, so that the last close is 129, and the third one after it closes at 132.
    assert series.series((int(located.start[0]), int(located.end[0])), window)[1] == pytest.approx(132 / 129 - 1)


@pytest.mark.parametrize(
    ("interval", "phase", "base"),
    [
        (HOUR, 0, "11:30"),  # the bar of 11:00 ends with the break's begin
        (4 * HOUR, 3 * HOUR, "11:00"),  # the bar of 11:00 goes over the break
    ],
)
def test_the_base_of_news_in_a_break_is_before_it_whatever_the_bars(interval: int, phase: int, base: str) -> None:
    hours, grid = tokyo_hours(), Grid(interval, phase)
    at = np.array([tokyo("2021-03-11T11:45")])
    located = locate(hours, grid, IntradayWindow.parse("0m..close"), np.array([1]), at)
    assert instant(hours, grid, 1, int(located.start[0])) == tokyo(f"2021-03-11T{base}")


def test_a_pair_that_a_window_cannot_have_has_no_row() -> None:
    assert row_of(np.array([[1, 2], [3, 4]]), np.array([3, 1, NO_PLACE]), np.array([4, 4, 2])).tolist() == [1, -1, -1]


# --- prices at places -----------------------------------------------------------------------------------------------


def test_the_phase_is_that_of_most_bars() -> None:
    begins = np.array([utc(f"2021-03-11T{hour}:30") for hour in ("09", "10", "11")], dtype="datetime64[s]")
    grid = Grid.of(hours_of(DAYS), begins, HOUR)
    assert grid == Grid(HOUR, 1_800)
    assert located_at("2021-03-11T12:10", "0m..60m", grid) == (1, 10, 12)  # 11:30 -> 13:30
    assert Grid.of(hours_of(DAYS), begins[:0], HOUR) == HOURLY


def test_an_auction_bar_before_the_open_does_not_belong_to_the_session() -> None:
    begins = np.array([utc("2021-03-11T08:00"), utc("2021-03-11T09:00"), utc("2021-03-11T10:00")])
    series = series_of(hours_of(DAYS), HOURLY, bars_at(begins, np.array([90.0, 100.0, 101.0])))
    assert series.open[1] == 100.0
    assert np.nansum(series.close[1]) == 201.0


def test_a_bar_that_its_vendor_filled_in_is_no_price() -> None:
    begins = np.array([utc(f"2021-03-11T{hour}:00") for hour in ("09", "10", "11", "12")])
    filled = replace(bars_at(begins, np.array([100.0, 100.0, 100.0, 101.0])), volume=np.array([5.0, 0.0, 5.0, 0.0]))
    series = series_of(hours_of(DAYS), HOURLY, filled)
    # 10:00 repeats the price without volume; 11:00 has volume, and at 12:00 the price differs.
    assert series.close[1][np.isfinite(series.close[1])].tolist() == [100.0, 100.0, 101.0]
    assert np.isnan(series.close[1, 10 - series.low])


def test_the_first_of_two_bars_in_a_slot_opens_it_and_the_last_closes_it() -> None:
    begins = np.array([utc("2021-03-11T09:30"), utc("2021-03-11T09:45")])
    series = series_of(hours_of(DAYS), HOURLY, bars_at(begins, np.array([100.0, 101.0]), np.array([99.0, 100.0])))
    assert (series.open[1], series.close[1, 9 - series.low]) == (99.0, 101.0)


@pytest.mark.parametrize(("shift", "priced"), [(0, True), (1, True), (2, False)])
def test_the_nearest_bar_within_half_an_hour_prices_a_place(shift: int, priced: bool) -> None:
    hours, grid = hours_of(DAYS), Grid(900, 0)
    begins = np.array([utc("2021-03-11T12:00"), utc("2021-03-11T14:00")])
    series = series_of(hours, grid, bars_at(begins, np.array([100.0, 101.0])))
    noon, two = 48, 56
    before = series.price_slots(np.array([1]), np.array([noon + shift]), backwards=True)
    after = series.price_slots(np.array([1]), np.array([two - shift]), backwards=False)
    assert (before[0], after[0]) == ((noon, two) if priced else (NO_PLACE, NO_PLACE))
    ret = series.series((noon + shift, two - shift), IntradayWindow(0, 60))[1]
    assert ret == pytest.approx(0.01) if priced else np.isnan(ret)


def test_places_that_are_not_slots_have_no_bar_of_their_own() -> None:
    series = series_of(hours_of(DAYS), HOURLY, bars_at(starts_of(hours_of(DAYS), HOUR), np.full(35, 100.0)))
    places = np.array([PREVIOUS, OPEN, CLOSE, NO_PLACE])
    assert series.price_slots(np.ones(4, dtype=np.int64), places, backwards=True).tolist() == places.tolist()


def test_a_half_day_has_no_window_to_its_close_and_does_not_affect_others() -> None:
    days = [datetime(2021, 11, 1) + timedelta(days=n) for n in range(25)]  # noqa: DTZ001 - dates
    hours, window = hours_of(days, short=22), IntradayWindow.parse("0m..close")
    begins = starts_of(hours, HOUR)
    series = series_of(hours, HOURLY, bars_at(begins, np.linspace(100, 110, len(begins))))
    assert series.odd.nonzero()[0].tolist() == [22]
    assert np.isnan(series.series((10, CLOSE), window)).nonzero()[0].tolist() == [22]
    assert np.isfinite(series.series((PREVIOUS, 10), IntradayWindow(0, 60))[23])  # its last close is a close


def test_a_new_hour_of_closing_is_normal_once_most_sessions_have_it() -> None:
    days = [datetime(2021, 11, 1) + timedelta(days=n) for n in range(60)]  # noqa: DTZ001 - dates
    hours = hours_of(days)
    hours.closes[30:] = 13 * HOUR
    assert hours.odd().nonzero()[0].tolist() == list(range(30, 41))


def test_the_overnight_return_includes_a_split_and_a_dividend() -> None:
    hours = hours_of(DAYS[:2])
    begins = starts_of(hours, HOUR)
    close = np.where(begins < utc("2021-03-11T00:00"), 700.0, 99.0)
    series = align_bars(hours, HOURLY, bars_at(begins, close), np.array([0.0, 1.0]), np.array([1.0, 7.0]))
    night = series.series((PREVIOUS, OPEN), IntradayWindow(None, None))
    assert night[1] == pytest.approx(0, abs=1e-12)
    assert np.isnan(night[0])


def test_the_panel_has_a_row_for_each_pair_and_the_benchmark_of_the_same_places() -> None:
    hours, bars = simulated_hours(sessions=30)
    series, window = series_of(hours, HOURLY, bars), IntradayWindow(0, 60)
    benchmark = series_of(hours, HOURLY, bars_at(bars.start.astype(np.int64), bars.close**2))
    place_pairs = pairs(hours, HOURLY, window)
    panel = panel_of(series, benchmark, window, place_pairs)
    for row, pair in enumerate(place_pairs.tolist()):
        assert np.array_equal(panel.ret[row], series.series((pair[0], pair[1]), window), equal_nan=True)
        assert np.array_equal(panel.benchmark[row], benchmark.series((pair[0], pair[1]), window), equal_nan=True)
    assert np.isnan(panel_of(series, None, window, place_pairs).benchmark).all()
    assert panel_of(series, None, window, place_pairs[:0]).ret.shape == (0, 30)


def test_without_sessions_there_are_no_prices() -> None:
    hours = hours_of([])
    series = series_of(hours, HOURLY, bars_at(np.array([], dtype=np.int64), np.array([])))
    assert series.close.shape == (0, 1)
    assert len(series.odd) == 0


# --- scores by other days -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def market_hours() -> tuple[Hours, Bars]:
    """Return 400 sessions of hourly bars."""
    return simulated_hours()


STUDY = IntradayStudy("hourly", "1h", (IntradayWindow(0, 60),), "constant-mean")


def scored(hours: Hours, bars: Bars, window: IntradayWindow, session: int) -> tuple[Scores, Ints]:
    """Return the scores of every pair of places of a window on one session, and the pairs."""
    series, place_pairs = series_of(hours, HOURLY, bars), pairs(hours, HOURLY, window)
    panel = panel_of(series, None, window, place_pairs)
    study = STUDY.measured_as("constant-mean")
    sums = sums_for(panel, study)
    rows = np.arange(len(place_pairs))
    activity = activity_at_start(activity_so_far(series, None), series, place_pairs)
    calibration = adjust_for_activity(calibrate(panel.traded(), sums, study), activity)
    return score(panel, sums, study, Window(0, 0), rows, np.full(len(rows), session), calibration), place_pairs


def test_an_hour_is_compared_with_the_same_hour_of_other_days(market_hours: tuple[Hours, Bars]) -> None:
    scores, place_pairs = scored(*market_hours, IntradayWindow(0, 60), 390)
    volatility = dict(zip(map(tuple, place_pairs.tolist()), scores.volatility.tolist(), strict=True))
    assert volatility[14, 15] > 1.7 * volatility[12, 13]  # the last hour of the day and a calm one
    assert set(scores.p_method) == {"pooled"}


def test_the_volatility_of_an_hour_rises_with_the_activity_before_it(market_hours: tuple[Hours, Bars]) -> None:
    hours, bars = market_hours
    first = bars.start.astype(np.int64) == hours.midnight[390] + 9 * HOUR
    after = np.cumsum(first) > 0

    def afternoon(jump: float) -> float:
        close = np.where(after, bars.close * (1 + jump), bars.close)
        changed = bars_at(bars.start.astype(np.int64), close, bars.open)
        scores, place_pairs = scored(hours, changed, IntradayWindow(0, 60), 390)
        return float(scores.volatility[place_pairs.tolist().index([13, 14])])

    assert afternoon(0.05) > 1.3 * afternoon(0.0)


def test_noise_after_a_window_changes_no_bit_of_its_score(market_hours: tuple[Hours, Bars]) -> None:
    hours, bars = market_hours
    later = bars.start.astype(np.int64) >= hours.midnight[380] + 13 * HOUR  # in the middle of the session
    noise = np.where(later, bars.close * np.random.default_rng(6).uniform(0.8, 1.2, len(bars)), bars.close)
    scores, place_pairs = scored(hours, bars, IntradayWindow(0, 60), 380)
    noisy, _ = scored(hours, bars_at(bars.start.astype(np.int64), noise, bars.open), IntradayWindow(0, 60), 380)
    ended = place_pairs[:, 1] <= 12
    assert ended.sum() == 6
    for name in ("ret", "car", "volatility", "z", "p_value", "p_rank"):
        assert getattr(scores, name)[ended].tobytes() == getattr(noisy, name)[ended].tobytes(), name
    assert scores.reference_id.tolist() == noisy.reference_id.tolist()
    assert not np.array_equal(scores.ret, noisy.ret)
