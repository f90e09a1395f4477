"""Rebuild: derived rows are dropped and derived again from the facts, in one transaction."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from signals.pipeline import Plan
from signals.pipeline.rebuild import rebuild
from signals.store import Store, run_log, settings
from tests.stores import (
    ACME,
    MKT,
    NOW,
    OPENS,
    article,
    begin_run,
    derive_all,
    instrument,
    plan_of,
    save_articles,
    save_both,
    walk,
)

EARLY, LATE = OPENS[60] + timedelta(hours=1), OPENS[80] + timedelta(hours=1)
BOLT = instrument("BOLT", benchmark="MKT")
PLAN = plan_of(ACME, MKT, BOLT, intraday=())


@pytest.fixture
def derived_store(store: Store) -> Store:
    """Return a store with an early and a late article on two instruments, derived."""
    with store.write() as db:
        begin_run(db)
        for seed, ticker in enumerate(("ACME", "BOLT", "MKT")):
            save_both(db, ticker, walk(seed))
        save_articles(db, article("early", EARLY, tags=("ACME", "BOLT")), article("late", LATE, tags=("ACME", "BOLT")))
    derive_all(store, PLAN)
    return store


def rows(store: Store, table: str, columns: str) -> list[tuple[object, ...]]:
    with store.read() as db:
        return [tuple(row) for row in db.execute(text(f"SELECT {columns} FROM {table} ORDER BY {columns}"))]


def rebuilt(
    store: Store, plan: Plan, since: datetime | None, progress: Callable[[str, int, int], None] = lambda *_: None
) -> run_log.RunStats:
    stats = run_log.RunStats()
    with store.write() as db:
        run = begin_run(db, NOW + timedelta(hours=1))
    rebuild(store, plan, since, run, stats, progress, "the plan as JSON")
    return stats


LINKS = ("links", "article_id, ticker, study, event_window, status, verdict")
MOVES = (
    "moves",
    "event_id, study, event_window, car, p_value, local_fdr, q_value, q_basis, verdict, event_verdict, decides, digest",
)


def test_a_rebuild_of_everything_gives_the_same_rows_and_stores_the_plan(derived_store: Store) -> None:
    before = [rows(derived_store, *LINKS), rows(derived_store, *MOVES)]
    stats = rebuilt(derived_store, PLAN, None)
    assert [rows(derived_store, *LINKS), rows(derived_store, *MOVES)] == before
    assert (stats.moves, stats.links) == (len(before[1]), len(before[0])) == (4, 4)
    with derived_store.read() as db:
        assert settings.get(db, settings.PLAN) == "the plan as JSON"


def test_a_rebuild_since_an_instant_derives_only_later_articles_again(derived_store: Store) -> None:
    before = rows(derived_store, "links", "event_id")
    rebuilt(derived_store, plan_of(ACME, MKT, intraday=()), LATE)
    after = rows(derived_store, "links", "event_id")
    assert set(before) - set(after) == {(f"BOLT@{LATE.date()}",)}
    assert (f"BOLT@{EARLY.date()}",) in after  # of an article that was not derived again


def test_a_rebuild_that_fails_changes_nothing(derived_store: Store) -> None:
    before = [rows(derived_store, *LINKS), rows(derived_store, *MOVES)]

    def stop(_what: str, _done: int, _of: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        rebuilt(derived_store, PLAN, None, stop)
    assert [rows(derived_store, *LINKS), rows(derived_store, *MOVES)] == before
    with derived_store.read() as db:
        assert settings.get(db, settings.PLAN) is None


def test_a_rebuild_since_a_later_instant_has_nothing_to_derive(derived_store: Store) -> None:
    stats = rebuilt(derived_store, PLAN, datetime(2025, 1, 1, tzinfo=UTC))
    assert (stats.moves, stats.links) == (0, 0)
