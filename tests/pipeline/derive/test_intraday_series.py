"""Intraday series: an instrument's bars and its benchmark's on the slots of its sessions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from signals.pipeline import Plan, RunContext
from signals.pipeline.derive.intraday_series import SeriesPair, SeriesReader, seconds
from signals.store import Store
from tests.pipeline.stores import (
    ACME,
    DAYS,
    MKT,
    NOW,
    bars_of,
    begin_run,
    by_day,
    instrument,
    plan_of,
    save,
    save_both,
    starts,
    walk,
)

EX_DAY = DAYS[70]
SHARE, INDEX = walk(1), walk(2)


def pair(store: Store, plan: Plan | None = None, day: date = DAYS[80], source: str = "local") -> SeriesPair:
    plan = plan or plan_of()
    with store.read() as db:
        return SeriesReader(db, plan, RunContext(1, NOW)).pair(plan.by_ticker()["ACME"], "1h", source, day)


def save_hours(store: Store, ticker: str, closes: Mapping[datetime, float], **options: Any) -> None:
    with store.write() as db:
        save(db, bars_of(ticker, closes, "1h", **options))


def with_share(store: Store) -> Store:
    with store.write() as db:
        begin_run(db)
    save_hours(store, "ACME", SHARE)
    return store


@pytest.mark.parametrize(("interval", "length"), [("1m", 60), ("15m", 900), ("2h", 7_200), ("1d", 86_400)])
def test_an_interval_has_a_length_in_seconds(interval: str, length: int) -> None:
    assert seconds(interval) == length


def test_a_pair_begins_with_the_first_bar_of_the_source(store: Store) -> None:
    later = {at: close for at, close in SHARE.items() if at.date() >= DAYS[40]}
    with store.write() as db:
        begin_run(db)
    save_hours(store, "ACME", later)
    prices = pair(store)
    assert prices.hours.sessions[0] == np.datetime64(DAYS[40])
    assert len(prices.own.close) == len(prices.hours.sessions)
    assert np.isfinite(prices.own.close[0]).any()


def test_the_benchmark_lies_on_the_same_grid(store: Store) -> None:
    save_hours(with_share(store), "MKT", INDEX)
    prices = pair(store)
    assert prices.benchmark is not None
    assert (prices.source, prices.benchmark_source, prices.missing_rate) == ("local", "local", "")
    assert prices.benchmark.grid == prices.own.grid
    assert prices.benchmark.close.shape == prices.own.close.shape


def test_without_bars_of_the_benchmark_there_is_none(store: Store) -> None:
    prices = pair(with_share(store))
    assert (prices.benchmark, prices.benchmark_source, prices.missing_rate) == (None, None, "")
    assert pair(store, plan_of(replace(ACME, benchmark=None), MKT)).benchmark is None


def test_a_benchmark_whose_bars_begin_at_other_minutes_does_not_fit(store: Store) -> None:
    half_past = {at + timedelta(minutes=30): close for at, close in INDEX.items()}
    save_hours(with_share(store), "MKT", half_past)
    assert pair(store).benchmark is None


def test_one_source_is_chosen_by_the_day(store: Store) -> None:
    with_share(store)
    save_hours(
        store, "ACME", {at: close for at, close in SHARE.items() if DAYS[70] <= at.date() <= DAYS[90]}, source="short"
    )
    plan = plan_of(price_sources=("short", "local"))
    with store.read() as db:
        of_plan = SeriesReader(db, plan, RunContext(1, NOW))
        assert [of_plan.source("ACME", "1h", DAYS[n]) for n in (69, 70, 90, 91)] == ["local", "short", "short", "local"]
        assert of_plan.source(None, "1h", DAYS[80]) is None
        assert of_plan.source("ACME", "5m", DAYS[80]) is None


# --- dividends and splits -------------------------------------------------------------------------------------------


def dividends(prices: SeriesPair) -> dict[date, float]:
    nonzero = np.flatnonzero(prices.own.dividend != 0)
    return {prices.hours.sessions[n].item(): float(prices.own.dividend[n]) for n in nonzero}


def test_dividends_of_the_intraday_source_count(store: Store) -> None:
    with store.write() as db:
        begin_run(db)
    save_hours(store, "ACME", SHARE, dividends={EX_DAY: 0.5}, splits={DAYS[75]: 2.0})
    prices = pair(store)
    assert dividends(prices) == {EX_DAY: 0.5}
    assert {prices.hours.sessions[n].item() for n in np.flatnonzero(prices.own.split != 1)} == {DAYS[75]}


def test_without_any_those_of_the_daily_source_count(store: Store) -> None:
    with_share(store)
    plan = plan_of(price_sources=("days", "local"))
    with store.write() as db:
        save(db, bars_of("ACME", by_day(SHARE), source="days", dividends={EX_DAY: 0.5}))
    assert dividends(pair(store, plan)) == {EX_DAY: 0.5}


def test_a_dividend_in_another_unit_than_the_prices_is_unknown(store: Store) -> None:
    with_share(store)
    plan = plan_of(price_sources=("days", "local"))
    with store.write() as db:
        save(db, bars_of("ACME", by_day(SHARE), source="days", dividends={EX_DAY: 0.5}, split_adjusted=True))
    prices = pair(store, plan)
    assert np.isnan(dividends(prices)[EX_DAY])
    assert len(dividends(prices)) == 1


# --- a benchmark in another currency --------------------------------------------------------------------------------

CASH = {at: 2.0 + n / 100 for n, at in enumerate(starts())}  # what one dollar costs in euros
DOLLARS = replace(MKT, currency="USD")


@pytest.mark.parametrize(("pair_name", "inverse"), [("USDEUR", False), ("EURUSD", True)])
def test_each_price_of_the_benchmark_is_converted_by_the_rate_of_its_slot(
    store: Store, pair_name: str, inverse: bool
) -> None:
    with_share(store)
    paid = {EX_DAY: 1.0}
    opens = list(INDEX.values())
    save_hours(store, "MKT", INDEX, opens=opens, dividends=paid)
    rate = {at: 1 / cash for at, cash in CASH.items()} if inverse else CASH
    save_hours(store, "CASH", rate, opens=list(rate.values()))
    plan = plan_of(ACME, DOLLARS, instrument("CASH", kind="fx"), fx={pair_name: "CASH"})
    plain, converted = pair(store), pair(store, plan)
    assert plain.benchmark is not None
    assert converted.benchmark is not None
    at = int(np.flatnonzero(plain.hours.sessions == np.datetime64(EX_DAY))[0])
    first = CASH[next(start for start in CASH if start.date() == EX_DAY)]
    assert converted.benchmark.open[at] == pytest.approx(plain.benchmark.open[at] * first)
    assert converted.benchmark.dividend[at] == pytest.approx(first)
    assert np.count_nonzero(converted.benchmark.dividend) == 1
    present = np.isfinite(plain.benchmark.close)
    growth = converted.benchmark.close[present] / plain.benchmark.close[present]
    assert growth.min() >= 2.0
    assert np.ptp(growth) > 1
    assert converted.benchmark_source == "local"


def test_a_rate_without_bars_is_named_and_the_benchmark_is_left_out(store: Store) -> None:
    with_share(store)
    save_hours(store, "MKT", INDEX)
    plan = plan_of(ACME, DOLLARS, instrument("CASH", kind="fx"), fx={"USDEUR": "CASH"})
    prices = pair(store, plan)
    assert (prices.benchmark, prices.benchmark_source, prices.missing_rate) == (None, None, "CASH")


def test_without_a_rate_in_the_plan_the_benchmark_stays_in_its_currency(store: Store) -> None:
    with_share(store)
    with store.write() as db:
        save_both(db, "MKT", INDEX)
    plain, other = pair(store), pair(store, plan_of(ACME, DOLLARS))
    assert plain.benchmark is not None
    assert other.benchmark is not None
    np.testing.assert_array_equal(other.benchmark.close, plain.benchmark.close)
