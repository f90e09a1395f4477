"""Unusual sessions and base rates: every session of an instrument, news or none."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import text

from signals.pipeline import Plan, RunContext
from signals.pipeline.config_mirror import mirror_plan
from signals.pipeline.derive.panels import Markets
from signals.pipeline.derive.unusual_sessions import save_unusual_sessions
from signals.store import Store, instruments
from signals.types import MarketKey
from tests.pipeline.stores import (
    ACME,
    DAYS,
    MKT,
    NOW,
    STUDY,
    bars_of,
    begin_run,
    by_day,
    instrument,
    plan_of,
    save,
    walk,
)

JUMP = 80  # the session on which the share alone rises by 8%, and stays
SINCE = {"ACME": DAYS[0], "MKT": DAYS[0]}


def prices(store: Store, seed: int = 1, source: str = "local", jump: int = JUMP) -> None:
    closes = by_day(walk(seed))
    jumped = {day: close * (1.08 if day >= DAYS[jump] else 1.0) for day, close in closes.items()}
    with store.write() as db:
        save(db, bars_of("ACME", jumped, source=source))


def unusual(store: Store, plan: Plan, since: Mapping[str, date]) -> list[tuple[str, str]]:
    with store.write() as db:
        mirror_plan(db, plan)
        save_unusual_sessions(db, Markets(db, plan, RunContext(1, NOW)), plan, since)
        rows = db.execute(text("SELECT ticker, session FROM session_moves ORDER BY ticker, session"))
        return [(row[0], row[1]) for row in rows]


def with_prices(store: Store) -> Store:
    with store.write() as db:
        begin_run(db)
        save(db, bars_of("MKT", by_day(walk(2))))
    prices(store)
    return store


def test_the_session_of_a_jump_is_listed_with_its_numbers(store: Store) -> None:
    assert ("ACME", str(DAYS[JUMP])) in unusual(with_prices(store), plan_of(), SINCE)
    with store.read() as db:
        row = db.execute(text("SELECT * FROM session_moves WHERE session = :day"), {"day": str(DAYS[JUMP])}).one()
    assert row.study == "market"
    assert row.p_value <= 0.01
    assert row.ret > 0.05
    assert row.benchmark_ret is not None
    assert row.z > 3


def test_sessions_and_base_rates_of_a_changed_market_are_stored(store: Store) -> None:
    unusual(with_prices(store), plan_of(), SINCE)
    with store.read() as db:
        assert instruments.sessions_of(db, ACME.market)[:3] == DAYS[:3]
        assert instruments.sessions_of(db, MarketKey("XAMS", None))[:3] == DAYS[:3]
        rates = db.execute(text("SELECT ticker, study, sessions, typical_ret < large_ret FROM base_rates")).all()
    first = 1 + STUDY.min_observations + STUDY.gap  # the first session that has a return and an estimation window
    assert [tuple(row) for row in rates] == [("ACME", "market", len(DAYS) - first, 1)]  # MKT names no benchmark


def test_only_instruments_and_days_that_changed_are_written_again(store: Store) -> None:
    before = unusual(with_prices(store), plan_of(), SINCE)
    prices(store, jump=JUMP)
    later = {"ACME": DAYS[JUMP + 1]}
    assert unusual(store, plan_of(), later) == before
    assert unusual(store, plan_of(), {}) == before
    with store.read() as db:
        assert db.execute(text("SELECT COUNT(DISTINCT ticker) FROM session_moves")).scalar_one() >= 1


def test_an_instrument_of_the_same_market_that_did_not_change_is_left_alone(store: Store) -> None:
    with_prices(store)
    bolt = instrument("BOLT", benchmark="MKT")
    with store.write() as db:
        save(
            db,
            bars_of("BOLT", {day: close * (1.1 if day >= DAYS[90] else 1) for day, close in by_day(walk(5)).items()}),
        )
    plan = plan_of(ACME, MKT, bolt)
    assert {ticker for ticker, _ in unusual(store, plan, {"ACME": DAYS[0]})} == {"ACME"}
    assert {ticker for ticker, _ in unusual(store, plan, {"BOLT": DAYS[0]})} == {"ACME", "BOLT"}


def test_of_two_sources_the_one_that_events_are_scored_on_is_measured(store: Store) -> None:
    with_prices(store)
    prices(store, source="second", jump=90)
    plan = plan_of(replace(ACME, symbols={"local": "ACME", "second": "ACME"}), MKT, price_sources=("second", "local"))
    sessions = [session for _, session in unusual(store, plan, SINCE)]
    assert str(DAYS[90]) in sessions
    assert str(DAYS[JUMP]) not in sessions


def test_a_plan_without_a_study_of_whole_sessions_stores_sessions_only(store: Store) -> None:
    assert unusual(with_prices(store), plan_of(studies=()), SINCE) == []
    with store.read() as db:
        assert instruments.sessions_of(db, ACME.market)[:2] == DAYS[:2]
        assert db.execute(text("SELECT COUNT(*) FROM base_rates")).scalar_one() == 0
