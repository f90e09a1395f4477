"""Studies and their windows, in sessions and by the clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.types import MARKET, IntradayStudy, IntradayWindow, Study, Window, deciding_window, window_of


@given(st.integers(-400, 400), st.integers(0, 400))
def test_a_window_in_sessions_is_read_as_it_is_written(first: int, length: int) -> None:
    window = Window(first, first + length)
    assert window_of(str(window)) == window


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("-30m..0m", IntradayWindow(-30, 0)),
        ("0m..60m", IntradayWindow(0, 60)),
        ("1h..2h", IntradayWindow(60, 120)),
        ("0m..close", IntradayWindow(0, None)),
        ("overnight", IntradayWindow(None, None)),
    ],
)
def test_a_window_by_the_clock_is_read_as_it_is_written(text: str, window: IntradayWindow) -> None:
    assert window_of(text) == window
    assert window_of(str(window)) == window


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("0", "written first..last"),
        ("1..0", "ends before it begins"),
        ("a..b", "invalid literal"),
        ("0..60m", "an intraday window is written"),
        ("60m..0m", "ends before it begins"),
        ("-30m..30m", "begins before publication and ends after it"),
        ("-30m..close", "begins before publication and ends after it"),
    ],
)
def test_any_other_text_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        window_of(text)


@pytest.mark.parametrize(("text", "needs_hour"), [("0..0", True), ("-5..-1", True), ("0..1", False), ("0m..5m", True)])
def test_a_window_that_may_begin_after_the_move_needs_the_hour(text: str, needs_hour: bool) -> None:
    assert window_of(text).needs_hour is needs_hour


@pytest.mark.parametrize(
    ("text", "before", "delayed"),
    [("-30m..0m", True, False), ("0m..60m", False, False), ("15m..60m", False, True), ("0m..close", False, False),
     ("overnight", False, False)],
)  # fmt: skip
def test_a_window_by_the_clock_lies_before_publication_or_after_it(text: str, before: bool, delayed: bool) -> None:
    window = IntradayWindow.parse(text)
    assert (window.before_publication, window.delayed) == (before, delayed)


def test_the_name_of_a_study_s_model_says_what_changes_it() -> None:
    study = Study("s", factors=("OIL", "GOLD"), exclude_events=True)
    assert study.model_name == "market + OIL + GOLD, own events left out"
    assert (study.return_model, study.needs_benchmark) == (MARKET, True)
    assert not Study("s", "raw").needs_benchmark
    assert Study("s").model_name == "market"


def test_an_intraday_study_is_measured_as_windows_of_one_session() -> None:
    study = IntradayStudy("hourly", "1h", (IntradayWindow(0, 60),), "raw", 100, 5, 60)
    assert study.measured_as("raw") == Study("hourly", "raw", 100, 5, 60, (Window(0, 0),), "1h")
    assert (study.model_name, study.factors, study.needs_benchmark) == ("raw", (), False)


@pytest.mark.parametrize(
    ("windows", "decides", "hours", "day_only"),
    [
        ("0..0 0..1 0..5 -5..-1", None, "0..0", "0..1"),
        ("-5..-1 0..5 0..0", None, "0..5", "0..5"),
        ("0..0 0..1 0..5", "0..1", "0..1", "0..1"),
        ("0..1 0..0 0..5", "0..0", "0..0", "0..5"),
        ("0..5 0..0", "0..0", "0..0", "0..0"),  # no later one needs no hour
        ("0..0", None, "0..0", "0..0"),
        ("-5..-1", None, None, None),
        ("-5..0", None, "-5..0", "-5..0"),
        ("-60m..0m 15m..60m 0m..60m", None, "15m..60m", "15m..60m"),
        ("overnight 0m..close", "0m..close", "0m..close", "0m..close"),
    ],
)
def test_an_event_is_called_by_the_window_named_or_by_the_first_that_ends_after_publication(
    windows: str, decides: str | None, hours: str | None, day_only: str | None
) -> None:
    values = [window_of(text) for text in windows.split()]
    daily = tuple(window for window in values if isinstance(window, Window))
    intraday = tuple(window for window in values if isinstance(window, IntradayWindow))
    named = None if decides is None else window_of(decides)
    study: Study | IntradayStudy
    if daily:
        assert not isinstance(named, IntradayWindow)
        study = Study("s", windows=daily, decides=named)
    else:
        assert not isinstance(named, Window)
        study = IntradayStudy("s", "1h", intraday, decides=named)
    assert [deciding_window(study, flag) for flag in (False, True)] == [
        None if text is None else window_of(text) for text in (hours, day_only)
    ]


def test_a_window_in_sessions_is_before_publication_if_it_ends_before_day_zero() -> None:
    assert [Window.parse(text).before_publication for text in ("-5..-1", "-5..0", "0..0")] == [True, False, False]


def test_the_raw_study_measures_the_same_windows_without_a_benchmark() -> None:
    study = Study("s", "market", 100, 5, 60, (Window(0, 1),), "1d", ("OIL",), exclude_events=True, decides=Window(0, 1))
    assert study.raw == Study("", "constant-mean", 100, 5, 60, (Window(0, 1),), "1d", (), exclude_events=True)
    assert study.raw.raw == study.raw
    assert not study.raw.needs_benchmark
