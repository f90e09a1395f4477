"""Closes as people have them: measured rightly, refused in a sentence, or with a reason; never a wrong number."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import signals
from tests.tables.conftest import DAY, Frame


def study(events: Frame, closes: Any, **options: Any) -> Frame:
    return signals.event_study(events, closes, "INDEX", **options)


@pytest.fixture
def plain(events: Frame, closes: Frame) -> Frame:
    """What the tables give as they are."""
    results = study(events, closes)
    assert (results["reason"] == "").all()
    return results


def reasons(results: Frame, ticker: str) -> list[str]:
    return list(results.loc[results["ticker"] == ticker, "reason"])


def without_numbers(results: Frame) -> bool:
    return bool(results[["car", "bhar", "z", "p_value", "t_stat", "alpha", "beta"]].isna().all(axis=None))


# --- the index ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC", "Europe/Moscow", "America/Sao_Paulo"])
def test_midnights_of_any_zone_are_the_sessions(events: Frame, closes: Frame, plain: Frame, zone: str) -> None:
    zoned = closes.tz_localize(zone)
    pd.testing.assert_frame_equal(study(events, zoned), plain)
    moved = events.assign(day_zero=zoned.index[DAY])
    pd.testing.assert_frame_equal(study(moved, zoned), plain)


@pytest.mark.parametrize(
    "form",
    [
        lambda index: index.to_period("D"),
        lambda index: index.strftime("%Y-%m-%d"),
        lambda index: index.strftime("%Y%m%d"),
        lambda index: pd.Index(list(index.date), dtype=object),
        lambda index: pd.CategoricalIndex(index.strftime("%Y/%m/%d")),
        lambda index: index.as_unit("s"),
    ],
)
def test_an_index_of_periods_texts_or_dates_is_read(events: Frame, closes: Frame, plain: Frame, form: Any) -> None:
    pd.testing.assert_frame_equal(study(events, closes.set_axis(form(closes.index))), plain)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda c: c[::-1], "ascending.*sort_index"),
        (lambda c: pd.concat([c, c.iloc[-1:]]), "2022-04-19 stands twice"),
        (lambda c: c.reset_index(drop=True), "index of closes is 0, which is no date"),
        (lambda c: c.set_axis(c.index.strftime("%Y%m%d").astype(int)), "which is no date"),
        (lambda c: c.set_axis(c.index.strftime("%d.%m.%Y")), "write a date as in 2024-03-01"),
        (lambda c: c.set_axis([pd.NaT, *c.index[1:]]), "row without a date"),
        (lambda c: c.set_axis(c.index + pd.Timedelta(hours=16)), "time of day.*zone of the exchange"),
        (lambda c: c.tz_localize("Asia/Tokyo").tz_convert("UTC"), "time of day.*or give `market`"),
        (lambda c: c.resample("W").last(), "a row every 7 days"),
        (lambda c: c.resample("MS").last().to_period("M"), "longer than a day"),
        (lambda c: c.stack(), "must be a DataFrame"),
        (lambda c: c.stack().to_frame(), "index of closes has 2 levels"),
        (lambda c: c.iloc[:0], "are empty"),
        (lambda c: c[["INDEX"]], "no column beside the benchmark"),
        (lambda c: c.to_numpy(), "must be a DataFrame"),
    ],
)
def test_an_index_that_holds_no_sessions_is_refused(events: Frame, closes: Frame, change: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        study(events, change(closes))


def test_instants_are_sessions_of_a_market_that_is_named(events: Frame, closes: Frame, plain: Frame) -> None:
    tokyo = closes.tz_localize("Asia/Tokyo").tz_convert("UTC")
    pd.testing.assert_frame_equal(study(events, tokyo, market="XTKS"), plain)


# --- the columns ----------------------------------------------------------------------------------------------------


def download(closes: Frame, ticker_first: bool = False, adjusted: bool = False) -> Frame:
    """Return a table as yfinance.download makes it; `adjusted` adds a column of raw closes beside the adjusted ones."""
    parts = {"Close": closes * 2 if adjusted else closes, "Open": closes, "Volume": closes * 0 + 1_000}
    table = pd.concat({**parts, "Adj Close": closes} if adjusted else parts, axis=1, names=["Price", "Ticker"])
    return table.swaplevel(axis=1) if ticker_first else table


@pytest.mark.parametrize("ticker_first", [False, True])
@pytest.mark.parametrize("adjusted", [False, True])
def test_of_a_download_the_total_return_closes_are_taken(
    events: Frame, closes: Frame, plain: Frame, ticker_first: bool, adjusted: bool
) -> None:
    raw = closes.copy()
    raw.loc[raw.index[DAY] :, "S3"] *= 0.97  # an ex-dividend day, which raw closes show as a fall
    table = download(closes, ticker_first, adjusted)
    if adjusted:
        table[("S3", "Close") if ticker_first else ("Close", "S3")] = raw["S3"]
    pd.testing.assert_frame_equal(study(events, table), plain)


def test_a_table_without_closes_or_of_one_instrument_is_refused(events: Frame, closes: Frame) -> None:
    with pytest.raises(ValueError, match=r"2 levels; choose one value per ticker"):
        study(events, download(closes)[["Open", "Volume"]])
    bars = pd.DataFrame(dict.fromkeys(("Open", "High", "Low", "Close", "Volume"), closes["S3"]))
    with pytest.raises(ValueError, match="bars of one instrument"):
        signals.event_study(events, bars)


@pytest.mark.parametrize("columns", [int, np.int32, str])
@pytest.mark.parametrize("tickers", [int, str, np.int64, float])
def test_numbers_as_tickers_are_names(closes: Frame, plain: Frame, columns: Any, tickers: Any) -> None:
    table = closes.rename(columns={f"S{n}": columns(600_510 + n) for n in range(12)})
    events = pd.DataFrame({"ticker": [tickers(600_513), tickers(600_514)], "day_zero": [closes.index[DAY]] * 2})
    results = study(events, table)
    pd.testing.assert_frame_equal(results.drop(columns="ticker"), plain.drop(columns="ticker"))


@pytest.mark.parametrize("name", ["S4", "INDEX", "OIL"])
def test_two_columns_of_one_name_are_refused(events: Frame, closes: Frame, name: str) -> None:
    with pytest.raises(ValueError, match=f"two columns '{name}'"):
        study(events, closes.rename(columns={"S3": name}))
    with pytest.raises(ValueError, match="two columns '600519'"):
        study(events, closes.rename(columns={"S7": 600519, "S8": "600519"}))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"benchmark": "GONE"}, "no column 'GONE'"),
        ({"benchmark": pd.Series([1.0])}, "benchmark is a Series"),
        ({"benchmark": "INDEX", "factors": [pd.Series([1.0])]}, "a factor is a Series"),
        ({"benchmark": "INDEX", "factors": ["GONE"]}, "no column 'GONE'"),
        ({"benchmark": "INDEX", "factors": ["INDEX"]}, "stands twice"),
        ({"benchmark": "INDEX", "factors": ["OIL", "OIL"]}, "stands twice"),
        ({"factors": ["OIL"]}, "takes no factors"),
        ({"benchmark": "INDEX", "model": "raw", "factors": ["OIL"]}, "takes no factors"),
        ({"benchmark": "S3"}, "'S3' is the benchmark or a factor"),
        ({"benchmark": "INDEX", "factors": ["S4"]}, "'S4' is the benchmark or a factor"),
    ],
)
def test_a_benchmark_or_factor_that_cannot_be_one_is_refused(
    events: Frame, closes: Frame, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        signals.event_study(events, closes, **options)


# --- the values -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [str, object, "Float64", "float64[pyarrow]"])
def test_texts_and_other_kinds_of_numbers_are_numbers(events: Frame, closes: Frame, plain: Frame, form: Any) -> None:
    if form == "float64[pyarrow]":
        pytest.importorskip("pyarrow")
    table = closes.map(repr) if form is str else closes.astype(form)
    pd.testing.assert_frame_equal(study(events, table), plain)


def changed(closes: Frame, ticker: str, change: Any) -> Frame:
    return closes.assign(**{ticker: change(closes[ticker])})


@pytest.mark.parametrize("ticker", ["S3", "S9", "INDEX"])
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda s: s.mask(s.index == s.index[300], 0.0), "is 0 on 2021-02-24"),
        (lambda s: s.mask(s.index == s.index[300], -1.0), "is -1 on 2021-02-24"),
        (lambda s: s.mask(s.index == s.index[300], np.inf), "is infinite on 2021-02-24"),
        (lambda s: s.astype(object).mask(s.index == s.index[300], "n/a"), "holds 'n/a', which is no number"),
        (lambda s: s.astype(object).mask(s.index == s.index[300], True), "holds True or False"),
        (lambda s: s > 100, "holds True or False"),
        (lambda s: s.astype(object).mask(s.index == s.index[300], np.True_), "holds True or False"),
        (lambda s: s.astype(complex), "holds complex128"),
        (lambda s: pd.Series(s.index, s.index), "holds datetime64.*give prices"),
        (lambda s: s.pct_change(), "holds returns"),
        (lambda s: 100 * s.pct_change().fillna(0), "holds returns"),
        (lambda s: 1 + s.pct_change(), "holds gross returns"),
    ],
)
def test_what_is_no_price_is_refused(events: Frame, closes: Frame, ticker: str, change: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"closes column '{ticker}' {sentence}"):
        study(events, changed(closes, ticker, change))


def test_prices_about_one_are_prices(events: Frame, closes: Frame, plain: Frame) -> None:
    scaled = closes / closes.iloc[0]
    numbers = ["car", "p_value", "t_stat"]
    pd.testing.assert_frame_equal(study(events, scaled)[numbers], plain[numbers])


# --- sessions without a trade ---------------------------------------------------------------------------------------


def test_days_on_which_nothing_was_traded_are_no_sessions(events: Frame, closes: Frame, plain: Frame) -> None:
    for filled in (closes.asfreq("D"), closes.asfreq("D").ffill()):
        pd.testing.assert_frame_equal(study(events, filled), plain)
    alone = closes[["S3"]]
    results = signals.event_study(events[:1], alone)
    pd.testing.assert_frame_equal(signals.event_study(events[:1], alone.asfreq("D").ffill()), results)


def test_a_close_that_is_missing_leaves_its_return_and_the_next_out(events: Frame, closes: Frame) -> None:
    for offset in (0, 1):
        gap = closes.copy()
        gap.loc[gap.index[DAY - offset], "S3"] = np.nan
        results = study(events, gap)
        assert reasons(results, "S3") == ["halted", "halted"]
        assert without_numbers(results[results["ticker"] == "S3"])
        assert reasons(results, "S4") == ["", ""]
    gap = closes.copy()
    gap.loc[gap.index[DAY], "INDEX"] = np.nan
    assert set(study(events, gap)["reason"]) == {"benchmark_bars"}
    gap = closes.copy()
    gap.loc[gap.index[DAY], "OIL"] = np.nan
    assert set(study(events, gap, factors=["OIL"])["reason"]) == {"factor_bars"}
    assert set(study(events, closes.assign(S3=closes["S3"][: DAY - 5]))["reason"]) == {"no_bars", ""}


def test_the_close_of_an_index_counts_without_volume(events: Frame, closes: Frame, plain: Frame) -> None:
    volume = closes * 0 + 1_000
    volume.iloc[DAY, volume.columns.get_loc("INDEX")] = 0
    pd.testing.assert_frame_equal(study(events, closes, volume=volume), plain)


def test_a_session_without_volume_was_not_traded(events: Frame, closes: Frame, plain: Frame) -> None:
    volume = closes * 0 + 1_000
    volume["INDEX"] = 0  # an index never has any
    pd.testing.assert_frame_equal(study(events, closes, volume=volume), plain)
    stale = closes.copy()
    stale.iloc[DAY - 2 : DAY, stale.columns.get_loc("S3")] = stale["S3"].iloc[DAY - 3]
    volume.iloc[DAY - 2 : DAY, volume.columns.get_loc("S3")] = 0
    results = study(events, stale, volume=volume.tz_localize("UTC"))
    assert reasons(results, "S3") == ["halted", "halted"]
    by_download = pd.concat({"Close": stale, "Volume": volume}, axis=1)
    pd.testing.assert_frame_equal(study(events, by_download), results)
    missing = stale.where(volume > 0)
    missing["INDEX"] = stale["INDEX"]
    pd.testing.assert_frame_equal(study(events, missing), results)


def test_a_price_that_moves_without_volume_counts_as_in_the_nightly_run(
    events: Frame, closes: Frame, plain: Frame
) -> None:
    volume = closes * 0 + 1_000
    volume.iloc[DAY - 2 : DAY, volume.columns.get_loc("S3")] = 0
    pd.testing.assert_frame_equal(study(events, closes, volume=volume), plain)


@pytest.mark.parametrize(
    ("volume", "sentence"),
    [
        (lambda v: -v, "volume column 'S0' is negative"),
        (lambda v: v.rename(columns=str.lower), "none of the columns"),
        (lambda v: v.shift(5_000, freq="D"), "none of the sessions"),
        (lambda v: v["S3"], "volume must be a DataFrame"),
        (lambda v: v[::-1], "index of volume must be ascending"),
    ],
)
def test_volumes_that_do_not_fit_are_refused(events: Frame, closes: Frame, volume: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        study(events, closes, volume=volume(closes * 0 + 10))


def test_without_volumes_a_run_of_repeated_closes_was_not_traded(events: Frame, closes: Frame) -> None:
    def repeated(sessions: int) -> Frame:
        table = closes.copy()
        table.iloc[DAY - sessions : DAY, table.columns.get_loc("S3")] = table["S3"].iloc[DAY - sessions - 1]
        return table

    assert reasons(study(events, repeated(2)), "S3") == ["", ""]
    assert reasons(study(events, repeated(3)), "S3") == ["halted", "halted"]
    traded = closes * 0 + 10
    assert reasons(study(events, repeated(3), volume=traded), "S3") == ["", ""]


# --- bad ticks and breaks of the unit -------------------------------------------------------------------------------


def test_a_tick_that_returns_is_rejected_as_stored_bars_are(events: Frame, closes: Frame) -> None:
    tick = closes.copy()
    tick.iloc[DAY, tick.columns.get_loc("S3")] *= 100
    assert reasons(study(events, tick), "S3") == ["halted", "halted"]
    before = closes.copy()
    before.iloc[DAY - 100, before.columns.get_loc("S3")] *= 100
    missing = closes.copy()
    missing.iloc[DAY - 100, missing.columns.get_loc("S3")] = np.nan
    pd.testing.assert_frame_equal(study(events, before), study(events, missing))


@pytest.mark.parametrize("factor", [2, 3, 4, 5, 10, 20, 1.5, 100, 1_000, 1 / 2, 1 / 3, 1 / 10, 1 / 20, 1 / 100])
@pytest.mark.parametrize("offset", [0, 1, -100])
def test_a_break_of_the_unit_in_a_window_is_held_back(events: Frame, closes: Frame, factor: float, offset: int) -> None:
    table = closes.copy()
    table.iloc[DAY + offset :, table.columns.get_loc("S4")] *= factor
    results = study(events, table, windows=["0..1"])
    assert reasons(results, "S4") == ["unit_break"]
    assert without_numbers(results[results["ticker"] == "S4"])
    assert results["ret"].isna().tolist() == [False, True]
    assert reasons(results, "S3") == [""]


def test_a_split_on_a_day_with_news_is_no_move(events: Frame, closes: Frame) -> None:
    for factor in (2, 3, 10, 1 / 2):
        table = closes.copy()
        table.iloc[DAY:, table.columns.get_loc("S3")] /= factor
        assert reasons(study(events, table), "S3") == ["unit_break", "unit_break"]


@pytest.mark.parametrize("sessions", [1, 2, 3])
def test_a_jump_that_is_undone_is_no_move(events: Frame, closes: Frame, sessions: int) -> None:
    table = closes.copy()
    table.iloc[DAY : DAY + sessions, table.columns.get_loc("S4")] *= 1.7
    assert reasons(study(events, table), "S4") == ["unit_break", "unit_break"]
    after = events.assign(day_zero=closes.index[DAY + sessions])
    assert reasons(study(after, table), "S4") == ["unit_break", "unit_break"]


def test_a_break_outside_the_windows_changes_almost_nothing(events: Frame, closes: Frame, plain: Frame) -> None:
    for position in (100, 550):
        table = closes.copy()
        table.iloc[position:, table.columns.get_loc("S4")] /= 2
        results = study(events, table)
        assert (results["reason"] == "").all()
        assert results["car"].to_numpy() == pytest.approx(plain["car"].to_numpy(), rel=1e-9)
        assert results["p_value"].to_numpy() == pytest.approx(plain["p_value"].to_numpy(), abs=0.01)


def test_a_break_of_the_benchmark_or_a_factor_holds_all_back(events: Frame, closes: Frame) -> None:
    table = closes.copy()
    table.loc[table.index[DAY - 50] :, "INDEX"] *= 100
    assert set(study(events, table)["reason"]) == {"unit_break"}
    table = closes.copy()
    table.loc[table.index[DAY - 50] :, "OIL"] *= 100
    assert set(study(events, table, factors=["OIL"])["reason"]) == {"unit_break"}
    assert set(study(events, table)["reason"]) == {""}


@pytest.mark.parametrize("fall", [0.2, 0.25, 0.4, 0.57, 0.62, 0.72])
def test_a_crash_that_is_no_ratio_of_a_split_is_a_move(events: Frame, closes: Frame, fall: float) -> None:
    table = closes.copy()
    table.iloc[DAY:, table.columns.get_loc("S4")] *= 1 - fall
    results = study(events, table, windows=["0..0"])
    assert reasons(results, "S4") == [""]
    assert results["p_value"].iloc[1] < 0.001


def test_a_real_halving_is_measured_where_volume_or_the_user_says_so(events: Frame, closes: Frame) -> None:
    table, day = closes.copy(), closes.index[DAY]
    table.iloc[DAY:, table.columns.get_loc("S4")] /= 2
    confirmed = study(events, table, confirmed_jumps=[("S4", day)])
    assert (confirmed["reason"] == "").all()
    assert confirmed["car"].iloc[2] == pytest.approx(-0.5, abs=0.05)
    usual = closes * 0 + 1_000
    busy = usual.copy()
    busy.loc[day, "S4"] = 20_000
    pd.testing.assert_frame_equal(study(events, table, volume=busy), confirmed)
    assert reasons(study(events, table, volume=usual), "S4") == ["unit_break", "unit_break"]
    later = events.assign(day_zero=closes.index[DAY + 90])
    assert reasons(study(later, table, estimation=60, min_observations=50), "S4") == ["", ""]


@pytest.mark.parametrize("jump", [("S4", "2000-01-01"), ("GONE", "2021-12-01"), "S4", ("S4", None), 5])
def test_a_confirmed_jump_names_a_ticker_and_a_session(events: Frame, closes: Frame, jump: Any) -> None:
    with pytest.raises(ValueError, match="confirmed_jumps has"):
        study(events, closes, confirmed_jumps=[jump])
