"""Events as people have them: dates in many forms, times of day, missing values, and arguments that make no sense."""

from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

import signals
from tests.tables.conftest import DAY, Frame


def days_zero(closes: Frame, *values: Any, **options: Any) -> list[str]:
    """Return day zero that values give, as text."""
    events = pd.DataFrame({"ticker": "S3", "day_zero": pd.Series(list(values), dtype=object)})
    results = signals.event_study(events, closes, "INDEX", windows=["0..0"], **options)
    return [str(day)[:10] for day in results["day_zero"]]


def test_a_date_is_read_in_every_form_that_has_one_meaning(closes: Frame) -> None:
    forms = [
        "2021-12-01", "20211201", "2021/12/01", "2021-12-01 00:00", date(2021, 12, 1),
        datetime.fromisoformat("2021-12-01"),
        np.datetime64("2021-12-01"), pd.Timestamp("2021-12-01", tz="Asia/Tokyo"), pd.Period("2021-12-01", "D"),
        "2021-12-01T00:00:00+03:00",
    ]  # fmt: skip
    assert set(days_zero(closes, *forms)) == {"2021-12-01"}
    assert days_zero(closes, "2021-12-04") == ["2021-12-06"]  # a Saturday counts as the Monday


@pytest.mark.parametrize("value", ["01/12/2021", "1.12.2021", "Dec 1, 2021", "2021-12-01 17:30 PST",
                                   20211201, 44531.0, True, "2021-13-01",
                                   pd.Period("2021-12", "M")])  # fmt: skip
def test_a_date_with_another_meaning_or_none_is_refused(closes: Frame, value: Any) -> None:
    with pytest.raises(ValueError, match="day_zero of row 1 of events is"):
        days_zero(closes, "2021-12-01", value)


@pytest.mark.parametrize("value", ["2021-12-01 17:30", "2021-12-01T00:00:00.5",
                                   datetime.fromisoformat("2021-12-01T09:00"),
                                   pd.Timestamp("2021-12-01 05:00", tz="UTC")])  # fmt: skip
def test_a_time_of_day_needs_a_market(closes: Frame, value: Any) -> None:
    with pytest.raises(ValueError, match=r"day_zero of row 0 of events has the time of day .* market='XNYS'"):
        days_zero(closes, value)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2021-12-01 09:00", "2021-12-01"),  # local time, before the open
        ("2021-12-01 15:59", "2021-12-01"),
        ("2021-12-01 16:00", "2021-12-02"),  # at the close, the session can no longer react
        ("2021-12-01 16:00:00.5", "2021-12-02"),
        ("2021-12-03 16:30", "2021-12-06"),  # a Friday evening
        ("2021-11-26 13:30", "2021-11-29"),  # half an hour after the close of a short session
        ("2021-12-01 20:59+00:00", "2021-12-01"),
        ("2021-12-01 21:00+00:00", "2021-12-02"),
        ("2021-07-01 20:30+00:00", "2021-07-02"),  # summer time
        ("2021-12-02 00:30+03:00", "2021-12-02"),
        (pd.Timestamp("2021-12-02 09:00", tz="Asia/Tokyo"), "2021-12-02"),
        ("2021-12-01", "2021-12-01"),
        ("2021-03-14 02:30", "2021-03-15"),  # a time that the clock skipped
        ("2021-11-07 01:30", "2021-11-08"),  # a time that came twice
    ],
)
def test_a_market_anchors_a_time_of_day_to_the_session_that_can_react(closes: Frame, value: Any, day: str) -> None:
    assert days_zero(closes, value, market="XNYS") == [day]


def test_a_table_of_instants_is_anchored_whole(closes: Frame) -> None:
    stamps = pd.to_datetime(["2021-12-01 14:00", "2021-12-01 22:00"]).tz_localize("UTC")
    assert days_zero(closes, *stamps, market="XNYS") == ["2021-12-01", "2021-12-02"]
    zoned = closes.tz_localize("America/New_York")
    assert days_zero(zoned, *stamps, market="XNYS") == ["2021-12-01", "2021-12-02"]
    assert days_zero(closes, "2021-12-01 09:30+09:00", market="XTKS") == ["2021-12-01"]


def test_a_market_that_is_not_supported_is_refused(closes: Frame) -> None:
    for day in ("2021-12-01 09:00", "2021-12-01"):
        with pytest.raises(ValueError, match="market: mic XNYZ: no calendar serves"):
            days_zero(closes, day, market="XNYZ")


def test_a_time_in_a_year_that_the_calendar_does_not_cover_is_refused(closes: Frame) -> None:
    early = closes.set_axis(pd.bdate_range("1950-01-02", periods=len(closes)))
    with pytest.raises(ValueError, match=r"market: calendar XTKS.* does not cover 1949"):
        days_zero(early, "1951-12-03 10:00", market="XTKS")


def test_instants_outside_the_table_have_a_reason(closes: Frame) -> None:
    days = ["2001-03-01 12:00", "2022-12-01 12:00", "0001-01-01 12:00", "9999-12-31 12:00", "2022-04-19 17:00"]
    events = pd.DataFrame({"ticker": "S3", "day_zero": days})
    results = signals.event_study(events, closes, "INDEX", windows=["0..0"], market="XNYS")
    assert list(results["reason"]) == ["no_bars", "window_open", "no_bars", "window_open", "window_open"]
    assert results["day_zero"].isna().all()


def test_what_is_missing_or_outside_has_a_reason_and_no_number(closes: Frame) -> None:
    days = closes.index
    values = [None, pd.NaT, "", days[0] - pd.Timedelta(days=400), days[0], days[-1] + pd.Timedelta(days=1), days[-1]]
    events = pd.DataFrame({"ticker": "S3", "day_zero": pd.Series(values, dtype=object)})
    for model in ("market", "raw", "market-adjusted", "constant-mean"):
        results = signals.event_study(events, closes, "INDEX", model=model, windows=["0..1"])
        first = "no_bars"
        expected = ["no_day_zero"] * 3 + [first, first, "window_open", "window_open"]
        assert list(results["reason"]) == expected
        assert results[["ret", "car", "p_value"]].isna().all(axis=None)
    typed = pd.DataFrame({"ticker": ["S3", "S4"], "day_zero": pd.to_datetime(["", "2021-12-01"])})
    assert list(signals.event_study(typed, closes, windows=["0..0"])["reason"]) == ["no_day_zero", ""]


def test_a_day_in_a_hole_of_the_table_is_not_moved_to_its_end(closes: Frame, events: Frame) -> None:
    hole = closes.drop(index=closes.index[DAY - 30 : DAY + 30])
    assert set(signals.event_study(events, hole, "INDEX")["reason"]) == {"no_bars"}


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_a_row_without_a_ticker_has_a_reason(closes: Frame, missing: Any) -> None:
    events = pd.DataFrame({"ticker": pd.Series(["S3", missing], dtype=object), "day_zero": closes.index[DAY]})
    results = signals.event_study(events, closes, "INDEX", windows=["0..0"])
    assert list(results["reason"]) == ["", "no_ticker"]
    assert np.isfinite(results["car"]).tolist() == [True, False]
    numbered = closes.rename(columns={"S3": 600519})
    events = pd.DataFrame({"ticker": [600519, np.nan], "day_zero": closes.index[DAY]})  # pandas makes them fractions
    assert list(signals.event_study(events, numbered, windows=["0..0"])["reason"]) == ["", "no_ticker"]


def test_the_order_the_index_and_other_columns_of_events_come_through(closes: Frame) -> None:
    events = pd.DataFrame(
        {"day_zero": closes.index[[DAY, 20, DAY + 1]], "ticker": ["S4", "S3", "S3"], "kind": list("abc"), "car": 7.0},
        index=["x", "x", "y"],
    )
    results = signals.event_study(events, closes, "INDEX", windows=["0..5", "0..0"])
    assert list(results["kind"]) == list("aabbcc")
    assert list(results["event_window"]) == ["0..5", "0..0"] * 3
    assert list(results.index) == list(range(6))
    assert (results["car"] != 7.0).all()  # the measured column stands, not the one of the events
    assert list(results.columns[-2:]) == ["reason", "kind"]


def test_no_events_give_the_columns_and_their_types(closes: Frame, events: Frame) -> None:
    results = signals.event_study(events, closes, "INDEX")
    for empty in (events[:0], pd.DataFrame({"ticker": [], "day_zero": []})):
        none = signals.event_study(empty, closes, "INDEX")
        assert none.shape == (0, results.shape[1])
        numeric = results.select_dtypes("number").columns
        assert list(none.dtypes[numeric]) == list(results.dtypes[numeric])
        assert len(signals.car_paths(empty, closes, "INDEX")) == 0
        assert set(signals.average_tests(empty, closes, "INDEX")["reason"]) >= {"fewer than 5 events"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda e: e.drop(columns="ticker"), "lack the column 'ticker'"),
        (lambda e: e.drop(columns="day_zero"), "lack the column 'day_zero'"),
        (lambda e: pd.concat([e, e["ticker"]], axis=1), "have twice the column 'ticker'"),
        (lambda e: pd.concat([e, e["kind"]], axis=1), "have twice the column 'kind'"),
        (lambda e: e.assign(ticker="GONE"), "no column 'GONE'"),
        (lambda e: e.assign(ticker="INDEX"), "'INDEX' is the benchmark"),
        (lambda e: e.to_dict(), "events must be a DataFrame"),
    ],
)
def test_events_that_cannot_be_read_are_refused(events: Frame, closes: Frame, change: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        signals.event_study(change(events.assign(kind="results")), closes, "INDEX")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"estimation": 0}, "estimation is 0; give a whole number of sessions from 20 to 2500"),
        ({"estimation": -250}, "estimation is -250"),
        ({"estimation": 250.0}, "estimation is 250.0"),
        ({"estimation": True}, "estimation is True"),
        ({"estimation": "250"}, "estimation is '250'"),
        ({"gap": -1}, "gap is -1"),
        ({"gap": None}, "gap is None"),
        ({"min_observations": 0}, "min_observations is 0"),
        ({"estimation": 100, "min_observations": 120}, "min_observations is 120 and estimation only 100"),
        ({"windows": []}, "windows are empty"),
        ({"windows": ["0..0", "0..0"]}, "hold one twice"),
        ({"windows": ["5..0"]}, "ends before it begins"),
        ({"windows": ["0m..60m"]}, "first..last in sessions"),
        ({"windows": ["0"]}, "first..last in sessions"),
        ({"windows": [5]}, "first..last in sessions"),
        ({"windows": ["0..9999"]}, "further than 250 sessions"),
        ({"windows": ["-20..-1"]}, "within the estimation window; give a gap of at least 20"),
        ({"model": "magic"}, "no return model"),
        ({"model": "market", "benchmark": None}, "needs a benchmark"),
    ],
)
def test_arguments_without_sense_are_refused(
    events: Frame, closes: Frame, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        signals.event_study(events, closes, **{"benchmark": "INDEX", **options})


def test_an_argument_that_a_function_does_not_take_is_refused(events: Frame, closes: Frame) -> None:
    for function, arguments in (("car_paths", (events, closes)), ("average_tests", (events, closes)),
                                ("calibrate", (closes,))):  # fmt: skip
        with pytest.raises(TypeError, match=f"{function} takes no argument 'estimaton'; it takes .*estimation"):
            getattr(signals, function)(*arguments, estimaton=100)
    with pytest.raises(TypeError, match="car_paths takes no argument 'windows'"):
        signals.car_paths(events, closes, windows=["0..0"])  # type: ignore[call-arg]  # that is the mistake
