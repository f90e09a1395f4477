"""Windows by the clock: which bars they lie between, whatever is published when, and how they are judged."""

from datetime import UTC, datetime, timedelta
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
    IntradaySeries,
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
from signals.types import Bars, Floats, IntradayStudy, IntradayWindow, Ints, Window

NEW_YORK = ZoneInfo("America/New_York")
DAYS = [datetime(2021, 3, day) for day in (10, 11, 12, 15, 16)]  # noqa: DTZ001 - dates; summer time came on the 14th
HOUR = 3_600


def hours(days: list[datetime], short: int | None = None) -> Hours:
    """Sessions from 9:30 to 16:00 in New York; the one numbered `short` ends at 13:00."""
    opens = [day.replace(hour=9, minute=30, tzinfo=NEW_YORK) for day in days]
    closes = [day.replace(hour=13 if n == short else 16, tzinfo=NEW_YORK) for n, day in enumerate(days)]
    starts, ends = (np.array([int(t.timestamp()) for t in side], dtype="datetime64[s]") for side in (opens, closes))
    offsets = np.array([int((t.utcoffset() or timedelta()).total_seconds()) for t in opens])
    return Hours.of(np.array(days, dtype="datetime64[D]"), starts, ends, offsets)


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).timestamp())


def bars(start: Ints, close: Floats, open_: Floats | None = None) -> Bars:
    nothing, none = np.full(len(close), np.nan), np.array([])
    stamps = np.asarray(start, dtype="datetime64[s]")
    return Bars(
        "ACME", "local", "", stamps, close if open_ is None else open_, nothing, nothing, close, nothing,
        none.astype("datetime64[D]"), none, none, datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def tape(of: Hours, grid: Grid, found: Bars) -> IntradaySeries:
    return align_bars(of, grid, found, np.zeros(len(of.sessions)), np.ones(len(of.sessions)))


def starts(of: Hours, interval: int) -> Ints:
    """Return when every bar of every session begins, the one that holds the open included."""
    return np.concatenate(
        [
            np.arange(m + o - o % interval, m + c, interval)
            for m, o, c in zip(of.midnight.tolist(), of.opens.tolist(), of.closes.tolist(), strict=True)
        ]
    )


# --- how a window is written ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["-30m..0m", "0m..15m", "0m..60m", "15m..60m", "0m..close", "30m..close", "overnight"])
def test_a_window_reads_as_it_is_written(text: str) -> None:
    assert str(IntradayWindow.parse(text)) == text


def test_hours_are_minutes() -> None:
    assert IntradayWindow.parse("-1h..0h") == IntradayWindow.parse("-60m..0m")


@pytest.mark.parametrize("text", ["0..1", "0m", "0m..", "30m..15m", "-30m..30m", "-30m..close", "close..0m", "night"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="window"):
        IntradayWindow.parse(text)


# --- which bars a window lies between -------------------------------------------------------------------------------


def ended(of: Hours, found: Bars, interval: int) -> list[tuple[int, int, float]]:
    """Return (session, end, close) of bars, longhand."""
    listed = []
    for begin, close in zip(
        found.start.astype("datetime64[s]").astype(np.int64).tolist(), found.close.tolist(), strict=True
    ):
        for n in range(len(of.sessions)):
            opens, closes = of.midnight[n] + of.opens[n], of.midnight[n] + of.closes[n]
            if begin < closes and begin + interval > opens:
                listed.append((n, min(begin + interval, int(closes)), close))
    return listed


def longhand(of: Hours, found: Bars, interval: int, at: int, minutes: int) -> tuple[float, float] | None:
    """Return base and exit of the window 0m..minutes, or None where there is none, by looking at every bar."""
    closes = (of.midnight + of.closes).tolist()
    day = next(n for n, close in enumerate(closes) if close > at)
    opens = int(of.midnight[day] + of.opens[day])
    begins, late = max(at, opens), max(interval, 1_800)
    wanted = begins + 60 * minutes
    if wanted > closes[day]:
        return None
    own = [(end, close) for n, end, close in ended(of, found, interval) if n == day]
    first_end = opens - opens % interval + interval
    if begins < first_end:  # no bar of this session can have closed: the last close of the one before
        before = [(end, close) for n, end, close in ended(of, found, interval) if n == day - 1]
        base = [close for end, close in before if closes[day - 1] - end < late]
    else:
        base = [close for end, close in own if end <= begins and begins - begins % interval - end < late]
    after = [close for end, close in own if end >= wanted and end - -(-wanted // interval) * interval < late]
    return (base[-1], after[0]) if base and after else None


@settings(max_examples=150, deadline=None)
@given(data=st.data(), interval=st.sampled_from([300, 900, 1_800, 3_600]), minutes=st.sampled_from([15, 30, 60, 120]))
def test_base_is_the_last_close_before_and_exit_the_first_after(
    data: st.DataObject, interval: int, minutes: int
) -> None:
    of, grid = hours(DAYS), Grid(interval, 0)
    every = starts(of, interval)
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=len(every), max_size=len(every))))
    found = bars(every[kept], (100.0 + np.arange(len(every)))[kept])
    at = data.draw(st.integers(utc("2021-03-10T16:00"), utc("2021-03-16T15:59:59")))
    window = IntradayWindow(0, minutes)
    day = np.array([int(np.searchsorted(of.midnight + of.closes, at, side="right"))])
    located = locate(of, grid, window, day, np.array([at]))
    pair = int(located.start[0]), int(located.end[0])
    expected = longhand(of, found, interval, at, minutes)
    if NO_PLACE in pair:
        assert expected is None
    else:
        assert row_of(pairs(of, grid, window), located.start, located.end)[0] >= 0
        got = tape(of, grid, found).series(pair, window)[day[0]]
        assert got == pytest.approx(
            np.nan if expected is None else expected[1] / expected[0] - 1, nan_ok=True, abs=1e-12
        )


@settings(max_examples=50, deadline=None)
@given(
    at=st.integers(utc("2021-03-10T16:00"), utc("2021-03-16T15:59:59")),
    text=st.sampled_from(["-60m..-30m", "-30m..0m", "0m..15m", "0m..60m", "5m..60m", "0m..close", "overnight"]),
    interval=st.sampled_from([60, 300, 3_600]),
)  # fmt: skip
def test_a_window_after_publication_ends_after_it_and_one_before_it_never_does(
    at: int, text: str, interval: int
) -> None:
    of, grid, window = hours(DAYS), Grid(interval, 0), IntradayWindow.parse(text)
    day = np.array([int(np.searchsorted(of.midnight + of.closes, at, side="right"))])
    located = locate(of, grid, window, day, np.array([at]))
    session, start, end = int(located.session[0]), int(located.start[0]), int(located.end[0])
    if NO_PLACE in (start, end) or session >= len(of.sessions):
        return
    begins, finished = (instant(of, grid, session, place) for place in (start, end))
    assert begins <= finished
    if window.before_publication:
        assert finished <= at
    else:
        assert finished > at
        assert window.delayed or window.first is None or begins <= at


def located(at: str, text: str, of: Hours | None = None, grid: Grid = Grid(HOUR, 0)) -> tuple[int, int, int]:  # noqa: B008
    of = of or hours(DAYS)
    moment = utc(at)
    day = np.array([int(np.searchsorted(of.midnight + of.closes, moment, side="right"))])
    found = locate(of, grid, IntradayWindow.parse(text), day, np.array([moment]))
    return int(found.session[0]), int(found.start[0]), int(found.end[0])


@pytest.mark.parametrize(
    ("at", "text", "session", "start", "end"),
    [
        ("2021-03-11T12:10", "0m..60m", 1, 11, 13),  # 12:00 -> 14:00
        ("2021-03-11T12:00", "0m..60m", 1, 11, 12),  # at the very close of a bar: 12:00 -> 13:00
        ("2021-03-11T12:10", "-60m..0m", 1, 10, 11),
        ("2021-03-11T09:40", "0m..60m", 1, PREVIOUS, 10),  # no bar has closed yet
        ("2021-03-11T08:00", "0m..60m", 1, PREVIOUS, 10),  # the clock starts at the open: 10:30 -> 11:00
        ("2021-03-10T18:00", "-60m..0m", 0, 14, 15),  # the last hour of the session before
        ("2021-03-11T15:30", "0m..60m", 1, 14, NO_PLACE),
        ("2021-03-11T09:40", "-60m..0m", 1, NO_PLACE, NO_PLACE),
        ("2021-03-11T12:10", "0m..close", 1, 11, CLOSE),
        ("2021-03-11T12:10", "overnight", 2, PREVIOUS, OPEN),  # the night after
        ("2021-03-11T18:00", "overnight", 2, PREVIOUS, OPEN),  # the night in which it came out
        ("2021-03-12T12:10", "overnight", 3, PREVIOUS, OPEN),  # a weekend
    ],
)
def test_the_places_of_a_window_on_hourly_bars(at: str, text: str, session: int, start: int, end: int) -> None:
    assert located(at, text) == (session, start, end)


def test_summer_time_moves_the_instants_and_not_the_places() -> None:
    of = hours(DAYS)
    before, after = located("2021-03-12T12:10", "0m..60m", of), located("2021-03-15T12:10", "0m..60m", of)
    assert before[1:] == after[1:]
    days = instant(of, Grid(HOUR, 0), after[0], after[2]) - instant(of, Grid(HOUR, 0), before[0], before[2])
    assert days == 3 * 86_400 - HOUR


def test_the_phase_is_read_off_the_bars() -> None:
    of = hours(DAYS)
    begins = np.array([utc(f"2021-03-11T{hour}:30") for hour in ("09", "10", "11")], dtype="datetime64[s]")
    grid = Grid.of(of, begins, HOUR)
    assert grid == Grid(HOUR, 1_800)
    assert located("2021-03-11T12:10", "0m..60m", of, grid) == (1, 10, 12)  # 11:30 -> 13:30


def test_an_auction_bar_before_the_open_is_no_bar_of_the_session() -> None:
    of, grid = hours(DAYS), Grid(HOUR, 0)
    begins = np.array([utc("2021-03-11T08:00"), utc("2021-03-11T09:00"), utc("2021-03-11T10:00")])
    found = tape(of, grid, bars(begins, np.array([90.0, 100.0, 101.0])))
    assert found.open[1] == 100.0
    assert np.nansum(found.close[1]) == 201.0


def test_a_half_day_has_no_window_to_its_close_and_others_do_not_see_it() -> None:
    days = [datetime(2021, 11, 1) + timedelta(days=n) for n in range(25)]  # noqa: DTZ001 - dates
    of, grid, window = hours(days, short=22), Grid(HOUR, 0), IntradayWindow.parse("0m..close")
    begins = starts(of, HOUR)
    found = tape(of, grid, bars(begins, np.linspace(100, 110, len(begins))))
    to_close = found.series((10, CLOSE), window)
    assert found.odd.nonzero()[0].tolist() == [22]
    assert np.isnan(to_close).nonzero()[0].tolist() == [22]
    assert np.isfinite(found.series((PREVIOUS, 10), IntradayWindow(0, 60))[23])  # its last close is a close


def test_a_split_and_a_dividend_between_two_sessions_are_no_move() -> None:
    of, grid = hours(DAYS[:2]), Grid(HOUR, 0)
    begins = starts(of, HOUR)
    close = np.where(begins < utc("2021-03-11T00:00"), 700.0, 99.0)
    found = align_bars(of, grid, bars(begins, close), np.array([0.0, 1.0]), np.array([1.0, 7.0]))
    night = found.series((PREVIOUS, OPEN), IntradayWindow(None, None))
    assert night[1] == pytest.approx(0, abs=1e-12)


# --- what other sessions say ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world() -> tuple[Hours, Bars]:
    """400 sessions of hourly bars, wild at the open and the close."""
    days = [datetime(2019, 1, 1) + timedelta(days=n) for n in range(400)]  # noqa: DTZ001 - dates
    of = hours(days)
    rng = np.random.default_rng(5)
    begins = starts(of, HOUR)
    size = np.tile([0.006, 0.003, 0.002, 0.0015, 0.0015, 0.002, 0.004], 400) * np.repeat(rng.lognormal(0, 0.5, 400), 7)
    close = 100 * np.exp(np.cumsum(size * rng.standard_t(4, len(begins)) / np.sqrt(2)))
    return of, bars(begins, close, np.append(100.0, close[:-1]))


STUDY = IntradayStudy("hourly", "1h", (IntradayWindow(0, 60),), "constant-mean")


def scored(of: Hours, found: Bars, window: IntradayWindow, session: int) -> tuple[Scores, Ints]:
    """Score a window on one session as if news had come at every time of the day."""
    grid = Grid(HOUR, 0)
    listed = pairs(of, grid, window)
    panel = panel_of(tape(of, grid, found), None, window, listed)
    study = STUDY.measured_as("constant-mean")
    sums = sums_for(panel, study)
    rows = np.arange(len(listed))
    whole = tape(of, grid, found)
    activity = activity_at_start(activity_so_far(whole, None), whole, listed)
    calibration = adjust_for_activity(calibrate(panel.traded(), sums, study), activity)
    return score(panel, sums, study, Window(0, 0), rows, np.full(len(rows), session), calibration), listed


def test_an_hour_is_judged_by_that_hour_of_other_days(world: tuple[Hours, Bars]) -> None:
    scores, listed = scored(*world, IntradayWindow(0, 60), 390)
    sigma = {tuple(pair): value for pair, value in zip(listed.tolist(), scores.volatility.tolist(), strict=True)}
    assert sigma[14, 15] > 1.7 * sigma[12, 13]  # the last hour of the day beside the quiet one
    assert set(scores.p_method) == {"pooled"}


def test_an_hour_is_judged_by_what_the_session_has_shown_so_far(world: tuple[Hours, Bars]) -> None:
    of, found = world
    opens = found.start.astype(np.int64) == of.midnight[390] + 9 * HOUR
    after = np.cumsum(opens) > 0

    def afternoon(jump: float) -> float:
        close = np.where(after, found.close * (1 + jump), found.close)
        scores, listed = scored(of, bars(found.start.astype(np.int64), close, found.open), IntradayWindow(0, 60), 390)
        return float(scores.volatility[listed.tolist().index([13, 14])])

    assert afternoon(0.05) > 1.3 * afternoon(0.0)


def test_noise_after_a_window_changes_no_bit_of_it(world: tuple[Hours, Bars]) -> None:
    of, found = world
    later = found.start.astype(np.int64) >= of.midnight[380] + 13 * HOUR  # in the middle of the session
    noisy = np.where(later, found.close * np.random.default_rng(6).uniform(0.8, 1.2, len(found)), found.close)
    calm, listed = scored(of, found, IntradayWindow(0, 60), 380)
    shaken, _ = scored(of, bars(found.start.astype(np.int64), noisy, found.open), IntradayWindow(0, 60), 380)
    ended = listed[:, 1] <= 12
    assert ended.sum() == 6
    for name in ("ret", "car", "volatility", "z", "p_value", "p_rank"):
        assert getattr(calm, name)[ended].tobytes() == getattr(shaken, name)[ended].tobytes(), name
    assert calm.reference_id.tolist() == shaken.reference_id.tolist()
    assert not np.array_equal(calm.ret, shaken.ret)
