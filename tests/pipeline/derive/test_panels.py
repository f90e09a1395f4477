"""Panels: the instruments of a market on one clock, each row of one source, and the calibration that is continued."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from signals.pipeline import Plan, RunContext
from signals.pipeline.config_mirror import mirror_plan
from signals.pipeline.derive.panels import Markets, Series
from signals.store import Connection, Store, assignments, instruments
from signals.store.assignments import EventHours
from signals.types import MarketKey, Study, Window
from tests.stores import (
    ACME,
    CLOSES,
    DAYS,
    MKT,
    NOW,
    OPENS,
    STUDY,
    bars_of,
    begin_run,
    by_day,
    instrument,
    plan_of,
    save,
    walk,
)

SESSIONS = len(DAYS)
SHARE, INDEX = by_day(walk(1)), by_day(walk(2))


def markets(db: Connection, plan: Plan, stored: bool = False) -> Markets:
    return Markets(db, plan, RunContext(1, NOW), stored=stored)


@pytest.fixture
def priced(store: Store) -> Store:
    with store.write() as db:
        begin_run(db)
        mirror_plan(db, plan_of())
        save(db, bars_of("ACME", SHARE))
        save(db, bars_of("MKT", INDEX))
    return store


def test_a_row_has_the_returns_of_its_instrument_and_of_its_benchmark(priced: Store) -> None:
    with priced.read() as db:
        market = markets(db, plan_of()).of(ACME.market)
    row = market.rows[Series("ACME", "local", "local")]
    assert market.sessions.tolist()[:SESSIONS] == DAYS
    assert len(market.closes) == len(market.sessions) > SESSIONS  # some sessions are still to come
    for values, closes in ((market.panel.ret, SHARE), (market.panel.benchmark, INDEX)):
        prices = np.array(list(closes.values()))
        np.testing.assert_allclose(values[row, 1:SESSIONS], prices[1:] / prices[:-1] - 1)
        assert np.isnan(values[row, SESSIONS:]).all()


def test_a_market_is_a_calendar_and_a_benchmark_and_is_read_once(priced: Store) -> None:
    with priced.read() as db:
        of_plan = markets(db, plan_of())
        assert of_plan.of(ACME.market) is of_plan.of(ACME.market)
        assert {series.ticker for series in of_plan.of(MarketKey("XAMS", None)).rows} == {"MKT"}
        without = of_plan.of(MarketKey("XAMS", None))
        assert np.isnan(without.panel.benchmark).all()


def test_every_choice_of_sources_has_a_row(priced: Store) -> None:
    with priced.write() as db:
        save(db, bars_of("ACME", dict(list(SHARE.items())[50:80]), source="short"))
    plan = plan_of(price_sources=("short", "local"))
    with priced.read() as db:
        of_plan = markets(db, plan)
        chosen = [of_plan.choose(ACME, DAYS[n]).source for n in (49, 50, 79, 80)]
        assert chosen == ["local", "short", "short", "local"]
        assert set(of_plan.of(ACME.market).rows) == {Series("ACME", source, "local") for source in ("short", "local")}


def test_stored_sessions_need_no_calendar(priced: Store) -> None:
    with priced.write() as db:
        instruments.save_sessions(db, ACME.market, DAYS[:40])
    with priced.read() as db:
        market = markets(db, plan_of(), stored=True).of(ACME.market)
    assert market.sessions.tolist() == DAYS[:40]
    assert len(market.closes) == 0


def test_instruments_without_bars_share_an_empty_row(priced: Store) -> None:
    without = [instrument(ticker, benchmark="MKT") for ticker in ("BOLT", "CORE")]
    with priced.read() as db:
        of_plan = markets(db, plan_of(ACME, MKT, *without))
        [series] = {of_plan.choose(each, DAYS[50]) for each in without}
        market = of_plan.of(ACME.market)
    assert len(market.rows) == 2
    assert np.isnan(market.panel.ret[market.rows[series]]).all()
    assert np.isfinite(market.panel.benchmark[market.rows[series]]).any()


def test_a_factor_is_the_same_in_every_row_and_missing_without_bars(priced: Store) -> None:
    with priced.write() as db:
        save(db, bars_of("OIL", INDEX))
    study = replace(STUDY, factors=("OIL", "GAS"))
    plan = plan_of(
        ACME, MKT, instrument("BOLT", benchmark="MKT"), instrument("OIL"), instrument("GAS"), studies=(study,)
    )
    with priced.read() as db:
        panel = markets(db, plan).of(ACME.market).panel
    np.testing.assert_array_equal(panel.factors["OIL"], panel.benchmark)
    assert np.isnan(panel.factors["GAS"]).all()


@pytest.mark.parametrize(("exclude", "marked"), [(True, [DAYS[30]]), (False, [])])
def test_event_days_are_marked_for_a_study_that_leaves_them_out(
    priced: Store, exclude: bool, marked: list[object]
) -> None:
    with priced.write() as db:
        hours = EventHours("ACME", DAYS[30], OPENS[30], CLOSES[30])
        instant = replace(hours, day_zero=DAYS[31], published_at=OPENS[31])
        assignments.save_assignments(db, [], {"ACME@a": hours, "ACME@b": instant}, [])
    with priced.read() as db:
        market = markets(db, plan_of(studies=(replace(STUDY, exclude_events=exclude),))).of(ACME.market)
    assert market.sessions[market.event_days[0]].tolist() == marked


def test_sessions_without_a_trade_are_halts_of_their_row(priced: Store) -> None:
    with priced.write() as db:
        closes = {day: (np.nan if day == DAYS[20] else close) for day, close in SHARE.items()}
        save(db, bars_of("BOLT", closes))
    with priced.read() as db:
        market = markets(db, plan_of(ACME, MKT, instrument("BOLT", benchmark="MKT"))).of(ACME.market)
    ((row, halts),) = market.halts.items()
    assert market.rows[Series("BOLT", "local", "local")] == row
    assert market.sessions[halts.untraded].tolist() == [DAYS[20]]


# --- the calibration ------------------------------------------------------------------------------------------------


def calibrated(store: Store, study: Study, cached: bool = True) -> bytes:
    with store.read() as db:
        plan = plan_of(studies=(study,))
        of_plan = Markets(db, plan, RunContext(1, NOW), cache=store.cache if cached else None)
        of_study = of_plan.calibrated(ACME.market, study)
        assert of_plan.calibrated(ACME.market, study) is of_study
        return of_study.calibration.to_bytes()


def entries(store: Store) -> dict[str, bytes]:
    assert store.cache is not None
    return {path.name: path.read_bytes() for path in store.cache.folder.glob("*")}


def test_a_calibration_is_kept_and_continued_to_the_same_bits(store: Store) -> None:
    with store.write() as db:
        begin_run(db)
        for ticker, closes in (("ACME", SHARE), ("MKT", INDEX)):
            save(db, bars_of(ticker, dict(list(closes.items())[:100])))
    first = calibrated(store, STUDY)
    written = entries(store)
    assert len(written) == 1
    assert calibrated(store, STUDY) == first
    assert entries(store) == written  # nothing new, nothing written
    with store.write() as db:
        for ticker, closes in (("ACME", SHARE), ("MKT", INDEX)):
            save(db, bars_of(ticker, dict(list(closes.items())[100:])))
    assert calibrated(store, STUDY) == calibrated(store, STUDY, cached=False) != first
    assert entries(store) != written


def test_studies_that_measure_alike_share_one_calibration_with_the_windows_of_all(priced: Store) -> None:
    week = replace(STUDY, name="week", windows=(Window(0, 4),), decides=Window(0, 4))
    raw = Study("raw", "constant-mean", STUDY.estimation, STUDY.gap, STUDY.min_observations, (Window(0, 1),))
    plan = plan_of(studies=(STUDY, week, raw))
    with priced.read() as db:
        of_plan = markets(db, plan)
        shared = of_plan.calibrated(ACME.market, STUDY)
        assert of_plan.calibrated(ACME.market, week) is shared
        own = of_plan.calibrated(ACME.market, raw)
        assert of_plan.calibrated(ACME.market, STUDY.raw) is of_plan.calibrated(ACME.market, week.raw) is own
        alone = markets(db, plan_of(studies=(STUDY,))).calibrated(ACME.market, STUDY)
    assert (shared.study.name, shared.study.windows) == ("", (Window(0, 0), Window(0, 4)))
    assert own.study.windows == (Window(0, 0), Window(0, 1), Window(0, 4))
    assert own is not shared
    for mine, other in ((shared.calibration.placebos[1], alone.calibration.placebos[1]),):
        np.testing.assert_array_equal(mine.z, other.z)


def test_a_calibration_of_other_returns_or_of_another_study_is_not_continued(priced: Store) -> None:
    calibrated(priced, STUDY)
    gap = replace(STUDY, gap=3)
    assert calibrated(priced, gap) == calibrated(priced, gap, cached=False)
    with priced.write() as db:
        save(db, bars_of("ACME", {DAYS[30]: 50.0}, fetched_at=NOW + timedelta(hours=1)))
    assert calibrated(priced, STUDY) == calibrated(priced, STUDY, cached=False)


def test_a_longer_calibration_than_the_bars_is_not_continued(priced: Store) -> None:
    calibrated(priced, STUDY)
    (key,) = entries(priced)
    cache = priced.cache
    assert cache is not None
    entry = cache.read(key)
    assert entry is not None
    count, _, digest = entry[0].partition(" ")
    cache.write(key, f"{int(count) + 9_000} {digest}", entry[1])
    assert calibrated(priced, STUDY) == calibrated(priced, STUDY, cached=False)
    cache.write(key, "damaged", entry[1])
    assert calibrated(priced, STUDY) == calibrated(priced, STUDY, cached=False)
