"""Every dialect of the real files beside the repository, by configuration alone."""

import csv
import gzip
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
import yaml

from signals.config import load
from signals.prices import open_source
from signals.prices.moex import ex_date
from signals.study.returns import align
from signals.types import Bars, History, PriceSource

NOW = datetime(2026, 11, 20, tzinfo=UTC)
EVER = (date(1990, 1, 1), date(2026, 11, 1))

CONFIG = r"""
prices:
  - {name: iss, kind: csv, path: "moex/iss_{symbol}.csv", columns: {date: TRADEDATE}}
  - name: investing
    kind: csv
    path: "moex/investing_ru_{symbol}.csv"
    decimal: ","
    thousands: "."
    dayfirst: true
    columns: {date: Дата, close: Цена, open: Откр., high: Макс., low: Мин., volume: Объём}
  - name: finam
    kind: csv
    path: "moex/finam_{symbol}_close.csv"
    date_format: "%d/%m/%y"
    columns: {date: <DATE>, close: <CLOSE>}
  - name: index
    kind: csv
    path: moex/moex_IMOEX_full.csv
    delimiter: ";"
    decimal: ","
    dayfirst: true
    columns: {symbol: SECID, date: TRADEDATE}
  - name: hourly
    kind: csv
    path: "moex/{symbol}_H1_20150112_20150206_wiseplat.csv"
    interval: 1h
    timezone: Europe/Moscow
    volume_scale: 10
    columns: {date: datetime}
  - {name: spot, kind: csv, path: "natgas/{symbol}_spot_daily_eia.csv", columns: {close: Price}}
  - name: futures
    kind: csv
    path: "natgas/{symbol}_futures_investing_long.csv"
    thousands: ","
    columns: {close: Price, volume: Vol.}
  - name: us
    kind: csv
    path: "us/{symbol}_daily.csv"
    actions: {path: "us/{symbol}_actions.csv", columns: {ex_date: ex_date, dividend: dividend, split: split}}
  - name: us-hourly
    kind: csv
    path: "us/{symbol}_hourly.csv.gz"
    interval: 1h
    timezone: America/New_York
    columns: {date: time}
  - name: twice
    kind: csv
    path: us/pystock_benzinga_tickers_2015_2017.csv
    duplicates: last
    columns: {symbol: symbol, adjusted_close: adj_close}
  - {name: wheat, kind: csv, path: "us/us_{symbol}_historical.csv"}
  - {name: panel, kind: csv, path: us/panel_400_daily.csv.gz}
  - {name: reuters, kind: csv, path: us/reuters_tickers_2018_daily.csv.gz, columns: {adjusted_close: adjClose}}
  - {name: sp500, kind: csv, path: "us/{symbol}_index_daily.csv.gz", columns: {close: SP500}}
"""

# Symbols, bars, sessions without a trade, and rejected bars by reason.
FACTS: dict[str, tuple[list[str], int, int, dict[str, int]]] = {
    "iss": (["GAZP", "SBER", "LKOH", "ROSN", "NVTK", "VTBR", "MOEX", "^IMOEX"], 26_149, 220, {}),
    "investing": (["GAZP", "SBER", "LKOH"], 13_675, 0, {"inconsistent": 3, "bad_open": 2}),
    "finam": (["GAZP"], 3_250, 0, {}),
    "index": (["IMOEX"], 7_183, 0, {"inconsistent": 2, "bad_open": 6, "bad_high": 1, "bad_low": 1}),
    "hourly": (["GAZP"], 182, 0, {}),
    "spot": (["henry_hub"], 7_437, 1, {}),
    "futures": (["ng"], 3_896, 0, {"inconsistent": 1, "bad_open": 1}),
    "us": (["SPY", "AAPL"], 5_660, 0, {}),
    "us-hourly": (["SPY", "AAPL"], 39_474, 0, {}),
    "twice": ([], 16_662, 0, {}),
    "wheat": (["wheat"], 2_727, 0, {}),
    "panel": ([], 199_283, 0, {}),
    "reuters": ([], 10_271, 0, {}),
    "sp500": (["sp500"], 8_313, 0, {}),
}
_MANY = {
    "twice": "us/pystock_benzinga_tickers_2015_2017.csv",
    "panel": "us/panel_400_daily.csv.gz",
    "reuters": "us/reuters_tickers_2018_daily.csv.gz",
}


@pytest.fixture(scope="module")
def sources(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, PriceSource]:
    path = tmp_path_factory.mktemp("config") / "config.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return {spec.name: open_source(spec, shared_data) for spec in load(path).prices}


def bars(sources: dict[str, PriceSource], name: str, symbol: str) -> Bars:
    return sources[name].history(symbol, *EVER, NOW).bars


def close_on(series: Bars, day: str) -> float:
    (at,) = np.flatnonzero(series.start.astype("datetime64[D]") == np.datetime64(day))
    return float(series.close[at])


@pytest.mark.parametrize("name", FACTS)
def test_each_dialect_is_read_whole_and_only_contradictions_are_rejected(
    sources: dict[str, PriceSource], shared_data: Path, name: str
) -> None:
    symbols, count, halts, rejected = FACTS[name]
    if name in _MANY:
        path = shared_data / _MANY[name]
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
            symbols = sorted({row["symbol"] for row in csv.DictReader(file)})
    histories: list[History] = [sources[name].history(symbol, *EVER, NOW) for symbol in symbols]
    assert sum(len(history.bars) for history in histories) == count
    assert sum(int(np.isnan(history.bars.close).sum()) for history in histories) == halts
    assert Counter(q.reason for history in histories for q in history.quarantined) == rejected


PRESETS = r"""
prices:
  - {name: investing, preset: investing-ru, path: "moex/investing_ru_{symbol}.csv"}
  - {name: finam, preset: finam, path: "moex/finam_{symbol}_close.csv", date_format: "%d/%m/%y"}
  - {name: index, preset: moex, path: moex/moex_IMOEX_full.csv, encoding: utf-8-sig, decimal: ",", dayfirst: true,
     columns: {symbol: SECID}}
  - {name: futures, preset: investing, path: "natgas/{symbol}_futures_investing_long.csv"}
"""


def test_presets_read_what_configuration_alone_reads(
    sources: dict[str, PriceSource], shared_data: Path, tmp_path: Path
) -> None:
    (tmp_path / "config.yaml").write_text(PRESETS, encoding="utf-8")
    for spec in load(tmp_path / "config.yaml").prices:
        for symbol in FACTS[spec.name][0]:
            one = open_source(spec, shared_data).history(symbol, *EVER, NOW)
            other = sources[spec.name].history(symbol, *EVER, NOW)
            for column in ("start", "open", "high", "low", "close", "volume"):
                np.testing.assert_array_equal(getattr(one.bars, column), getattr(other.bars, column))
            assert one.quarantined == other.quarantined


def test_adjusted_closes_of_a_vendor_give_dividends_and_no_splits(
    sources: dict[str, PriceSource], shared_data: Path
) -> None:
    with (shared_data / _MANY["twice"]).open() as file:
        symbols = sorted({row["symbol"] for row in csv.DictReader(file)})
    splits = [symbol for symbol in symbols if (bars(sources, "twice", symbol).split != 1).any()]
    assert splits == []  # it adjusts the day before an ex-date alone, by up to 3%
    small = bars(sources, "twice", "AAP")  # which paid 6 cents a quarter on a price of 150
    assert small.dividend.tolist() == pytest.approx([0.06] * 8, abs=0.001)


def test_the_configuration_above_names_every_dialect() -> None:
    assert [entry["name"] for entry in yaml.safe_load(CONFIG)["prices"]] == list(FACTS)


def test_three_vendors_agree_on_gazprom_around_the_example_article(sources: dict[str, PriceSource]) -> None:
    for name in ("iss", "investing", "finam"):
        gazprom = bars(sources, name, "GAZP")
        assert (close_on(gazprom, "2015-01-20"), close_on(gazprom, "2015-01-21")) == (145.75, 148.8)
    imoex = bars(sources, "index", "IMOEX")
    assert (close_on(imoex, "2015-01-20"), close_on(imoex, "2015-01-21")) == (1570.97, 1618.17)
    gas = bars(sources, "futures", "ng")
    assert (close_on(gas, "2015-01-20"), close_on(gas, "2015-01-21")) == (2.831, 2.974)


def test_hours_add_up_to_the_day(sources: dict[str, PriceSource]) -> None:
    day, hours = bars(sources, "iss", "GAZP"), bars(sources, "hourly", "GAZP")
    at = day.start == np.datetime64("2015-01-21")
    inside = hours.start.astype("datetime64[D]") == np.datetime64("2015-01-21")
    assert str(hours.start[inside][0]) == "2015-01-21T07:00:00"  # 10:00 in Moscow
    assert hours.volume[inside].sum() == pytest.approx(day.volume[at][0], rel=0.05)
    assert hours.close[inside][-1] == pytest.approx(day.close[at][0], rel=0.005)


def test_new_york_hours_follow_its_clock_changes(sources: dict[str, PriceSource]) -> None:
    starts = bars(sources, "us-hourly", "SPY").start.astype(str)
    assert starts[0] == "2010-01-04T14:00:00"
    assert "2010-07-01T13:00:00" in starts


def test_apple_s_split_is_a_fact_beside_raw_prices(sources: dict[str, PriceSource]) -> None:
    apple = bars(sources, "us", "AAPL")
    assert dict(zip(apple.action_date.astype(str), apple.split, strict=True))["2014-06-09"] == 7.0
    assert close_on(apple, "2014-06-06") / close_on(apple, "2014-06-09") == pytest.approx(7, rel=0.02)


def test_adjusted_closes_give_apple_s_dividend_of_may_2018(sources: dict[str, PriceSource]) -> None:
    apple = bars(sources, "reuters", "AAPL")
    assert apple.action_date.astype(str).tolist() == ["2018-05-11"]
    assert apple.dividend[0] == pytest.approx(0.73, abs=0.01)


def test_real_crashes_and_splits_pass_the_screening(sources: dict[str, PriceSource]) -> None:
    gazprom = bars(sources, "iss", "GAZP")
    assert np.log(close_on(gazprom, "2022-02-24") / close_on(gazprom, "2022-02-22")) < -0.3
    vtb = bars(sources, "iss", "VTBR")  # 5000 old shares became one in July 2024
    assert np.nanmax(np.abs(np.diff(np.log(vtb.close[~np.isnan(vtb.close)])))) > 8
    spot = bars(sources, "spot", "henry_hub")  # February 2021: from 6 to 24 dollars and back
    assert np.nanmax(spot.close) > 20


def test_sessions_without_a_trade_are_bars_without_a_close(sources: dict[str, PriceSource]) -> None:
    gazprom = bars(sources, "iss", "GAZP")
    halted = set(gazprom.start[np.isnan(gazprom.close)].astype("datetime64[D]").astype(str))
    assert {"2022-02-28", "2022-03-23"} < halted
    assert "2022-03-24" not in halted


@pytest.mark.parametrize("name", ["iss", "investing"])
def test_gazprom_gaps_down_on_the_ex_dates_derived_from_its_registry_dates(
    sources: dict[str, PriceSource], shared_data: Path, name: str
) -> None:
    gazprom = bars(sources, name, "GAZP")
    days = gazprom.start.astype("datetime64[D]")
    gap = np.append(0.0, gazprom.open[1:] - gazprom.close[:-1])
    with (shared_data / "moex/gazp_dividends_quantviews.csv").open() as file:
        registered = [date.fromisoformat(row["closing_date"]) for row in csv.DictReader(file)]
    ex_dates = [at for day in registered if days[0] < np.datetime64(day) < days[-1] and (at := ex_date(day, days))]
    assert len(ex_dates) == 9
    for at in ex_dates:
        (n,) = np.flatnonzero(days == np.datetime64(at))
        assert gap[n] == min(gap[n - 2 : n + 3])


def moved(series: Bars, day: str) -> tuple[float, float]:
    """Return a share's return on a day, of its price alone and with its dividends and splits."""
    days = series.start[~np.isnan(series.close)].astype("datetime64[D]")
    at = int(np.searchsorted(days, np.datetime64(day)))
    alone = close_on(series, day) / close_on(series, str(days[at - 1])) - 1
    return alone, float(align(series, days).ret[at])


@pytest.mark.parametrize("name", ["iss", "investing", "finam"])
def test_gazprom_s_dividend_of_15_july_2015_does_not_show_as_a_fall(sources: dict[str, PriceSource], name: str) -> None:
    gazprom = bars(sources, name, "GAZP")
    days = gazprom.start.astype("datetime64[D]")
    (ex,) = [day for day in [ex_date(date(2015, 7, 16), days)] if day]
    paid = replace(
        gazprom, action_date=np.array([ex], "datetime64[D]"), dividend=np.array([7.2]), split=np.array([1.0])
    )
    alone, total = moved(paid, "2015-07-15")
    assert alone == pytest.approx(142.70 / 146.50 - 1, abs=1e-9)  # the price fell by 2.6%
    assert total == pytest.approx((142.70 + 7.20) / 146.50 - 1, abs=1e-9)  # who held the share gained 2.3%


def test_apple_s_split_of_9_june_2014_is_no_move(sources: dict[str, PriceSource]) -> None:
    alone, total = moved(bars(sources, "us", "AAPL"), "2014-06-09")
    assert alone < -0.85
    assert total == pytest.approx(0.016, abs=0.001)
