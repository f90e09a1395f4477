"""The store: upgrades, transactions, what readers see while a run writes, and the checks of the database itself."""

from pathlib import Path

import pytest
from sqlalchemy import text

from signals.errors import LockedError
from signals.store import Store, articles, run_log, settings
from signals.store.engine import known_revisions
from tests.store.samples import NOW, article


def test_an_upgrade_is_done_once(empty_store: Store) -> None:
    assert empty_store.revisions() == (None, known_revisions()[-1])
    assert empty_store.upgrade() is True
    assert empty_store.revisions() == (known_revisions()[-1],) * 2
    assert empty_store.has_current_views()
    assert empty_store.upgrade() is False


def test_a_transaction_is_committed_whole_or_not_at_all(store: Store) -> None:
    def stop_midway() -> None:
        with store.write() as db:
            settings.put(db, "name", "value")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stop_midway()
    with store.read() as db:
        assert settings.get(db, "name") is None


def test_other_programs_can_read_while_a_run_writes(store: Store) -> None:
    with store.write() as db:
        run_log.begin(db, "manual", NOW, NOW, "0")
        with store.read() as other:
            assert other.execute(text("SELECT COUNT(*) FROM v_runs")).scalar_one() == 0


def test_a_reader_sees_one_state_of_the_database_throughout(store: Store) -> None:
    with store.read() as db:
        before = db.execute(text("SELECT COUNT(*) FROM v_runs")).scalar_one()
        with store.write() as other:
            run_log.begin(other, "manual", NOW, NOW, "0")
        assert db.execute(text("SELECT COUNT(*) FROM v_runs")).scalar_one() == before


def test_one_run_at_a_time_holds_the_lock(store: Store) -> None:
    with store.lock(), pytest.raises(LockedError, match="Another run holds"), store.lock():
        pytest.fail("the lock was acquired twice")
    with store.lock():
        pass


def test_vacuuming_frees_the_space_of_deleted_rows(sqlite_store: Store) -> None:
    path = Path(str(sqlite_store.engine.url.database))
    with sqlite_store.write() as db:
        articles.save_articles(db, [article(str(n), body="x" * 10_000) for n in range(100)], NOW)
        db.execute(text("DELETE FROM articles"))
    sqlite_store.vacuum()
    with sqlite_store.read() as db:
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert path.stat().st_size < 1_000_000


def test_a_server_s_database_can_be_vacuumed(postgresql_store: Store) -> None:
    postgresql_store.vacuum()
    assert postgresql_store.problems() == []


def test_a_row_that_refers_to_a_missing_one_is_a_problem(sqlite_store: Store) -> None:
    assert sqlite_store.problems() == []
    with sqlite_store.engine.connect() as db:
        db.exec_driver_sql("COMMIT")
        db.exec_driver_sql("PRAGMA foreign_keys = OFF")
        db.exec_driver_sql("INSERT INTO stage_runs (run_id, stage, started_at) VALUES (7, 'score', '2024-03-01')")
        db.exec_driver_sql("BEGIN")
    (problem,) = sqlite_store.problems()
    assert problem.startswith("stage_runs row")
    assert problem.endswith("refers to a missing runs")


def test_the_cache_is_beside_a_sqlite_file_and_a_server_has_none(sqlite_store: Store, postgresql_store: Store) -> None:
    assert sqlite_store.cache is not None
    assert str(sqlite_store.cache.folder) == f"{sqlite_store.engine.url.database}.cache"
    assert postgresql_store.cache is None
