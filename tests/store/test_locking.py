"""The lock that one run at a time holds on a store."""

import os
import shutil
import sys
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import PoolProxiedConnection, text

from signals.errors import LockedError, LostLockError, StoreError
from signals.store import Store, run_log
from signals.store.commit import is_committed
from signals.store.engine import open_engine
from signals.store.locking import locked
from signals.store.run_log import RunStats
from tests.loopback import closed_port
from tests.store.samples import LATER, NOW


def test_a_second_run_is_told_who_holds_the_lock(store: Store) -> None:
    with locked(store.engine, store.name):
        with pytest.raises(LockedError, match="Another run holds"), locked(store.engine, store.name):
            pytest.fail("the lock was acquired twice")
        assert not store.is_sqlite or Path(f"{store.engine.url.database}.lock").exists()
    with locked(store.engine, store.name):
        pass


def test_the_lock_is_released_when_the_run_fails(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), locked(store.engine, store.name):
        raise ZeroDivisionError
    with locked(store.engine, store.name):
        pass


def test_the_lock_makes_no_folder_for_a_misspelt_path(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'no' / 'signals.db'}")
    with pytest.raises(StoreError, match="there is no folder"), locked(engine, "signals.db"):
        pytest.fail("the lock was acquired")
    assert not (tmp_path / "no").exists()


def test_a_lock_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'signals.db'}")
    (tmp_path / "signals.db.lock").mkdir()
    with pytest.raises(StoreError, match="cannot be written"), locked(engine, "signals.db"):
        pytest.fail("the lock was acquired")


def names_of(file: Path) -> dict[str, str]:
    """Return URLs that name a database in other ways than by its path."""
    (file.parent / "folder").mkdir()
    (file.parent / "by-symlink.db").symlink_to(file)
    (file.parent / "folder" / "by-relative-symlink.db").symlink_to("../signals.db")
    (file.parent / "folder-by-symlink").symlink_to(file.parent)
    (file.parent / "by-hard-link.db").hardlink_to(file)
    return {
        "symlink": f"sqlite:///{file.parent}/by-symlink.db",
        "relative symlink": f"sqlite:///{file.parent}/folder/by-relative-symlink.db",
        "symlink of its folder": f"sqlite:///{file.parent}/folder-by-symlink/signals.db",
        "dots": f"sqlite:///{file.parent}/./folder/../signals.db",
        "relative path": f"sqlite:///{os.path.relpath(file)}",
        "driver": f"sqlite+pysqlite:///{file}",
        "uri": f"sqlite:///file:{file}?uri=true",
        "uri with slashes": f"sqlite:///file://{file}?uri=true&mode=rw",
        "uri with escapes": f"sqlite:///file:{str(file).replace('signals', '%73ignals')}?uri=true",
        "hard link": f"sqlite:///{file.parent}/by-hard-link.db",
    }


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere hard links have no lock in common")
def test_every_name_of_a_file_is_locked_with_it(sqlite_store: Store) -> None:
    assert sqlite_store.file is not None
    for how, url in names_of(sqlite_store.file).items():
        other = Store(url)
        with sqlite_store.lock(), pytest.raises(LockedError, match="Another run holds"), other.lock():
            pytest.fail(f"the lock was acquired twice: {how}")
        with other.lock(), pytest.raises(LockedError), sqlite_store.lock():
            pytest.fail(f"the lock was acquired twice: {how}")


def test_a_database_in_memory_needs_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for url in ("sqlite://", "sqlite:///:memory:", "sqlite:///file::memory:?uri=true"):
        with Store(url).lock():
            pass
    assert list(tmp_path.iterdir()) == []


# --- locks that are lost --------------------------------------------------------------------------------------------


def lose(store: Store, how: str) -> None:
    """Take the lock of a store away from who holds it."""
    if not store.is_sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
            here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            other.execute(
                text(
                    f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND {here}"
                )
            )
        return
    lock = Path(f"{store.file}.lock")
    if how == "ended":
        lock.unlink()
    else:
        lock.with_suffix(".new").touch()
        lock.with_suffix(".new").replace(lock)


def begin_and_lose(store: Store) -> None:
    with store.write() as db:
        run_log.begin(db, "nightly", LATER, LATER, "0")
        lose(store, "ended")


def runs_of(store: Store) -> list[str]:
    with store.read() as db:
        return list(db.exec_driver_sql("SELECT state FROM runs ORDER BY run_id").scalars())


def test_nothing_is_committed_once_the_lock_is_lost(store: Store) -> None:
    with store.lock():
        with store.write() as db:
            run_log.begin(db, "nightly", NOW, NOW, "0")
        with pytest.raises(LostLockError, match=r"the lock was lost .* Run again"):
            begin_and_lose(store)
        with store.write(of_run=False) as db:  # how a run ended is true without the lock
            run_log.finish(db, 1, "failed", RunStats(), LATER, "lost")
    assert runs_of(store) == ["failed"]


def test_a_lock_that_is_lost_when_the_work_is_done_is_no_failure(store: Store) -> None:
    with store.lock():
        begin_run(store)
        lose(store, "ended")
    assert runs_of(store) == ["running"]
    with store.lock():
        pass


def test_a_lock_file_that_is_replaced_is_lost(sqlite_store: Store) -> None:
    with sqlite_store.lock(), pytest.raises(LostLockError, match="deleted or replaced"), sqlite_store.write():
        lose(sqlite_store, "replaced")


def test_a_database_that_is_replaced_under_a_run_is_lost(sqlite_store: Store, tmp_path: Path) -> None:
    shutil.copy(str(sqlite_store.file), tmp_path / "copy.db")
    with sqlite_store.lock(), pytest.raises(LostLockError, match=r"signals\.db was deleted"), sqlite_store.write():
        (tmp_path / "copy.db").replace(str(sqlite_store.file))


def test_a_run_that_another_one_closed_can_write_nothing(store: Store) -> None:
    with store.write() as db:
        mine = run_log.begin(db, "nightly", NOW, NOW, "0")
    with store.written_by(mine, lambda: None):
        with store.write() as db:
            run_log.record_source(db, mine, "news", "wire", 1, 1, [])
        with store.write(of_run=False) as db:
            run_log.begin(db, "nightly", LATER, LATER, "0")
        with pytest.raises(LostLockError, match="another run began"), store.write():
            pytest.fail("the transaction was begun")


def test_another_run_waits_for_the_transaction_of_one_that_lost_its_lock(store: Store) -> None:
    with store.write() as db:
        mine = run_log.begin(db, "nightly", NOW, NOW, "0")
    begun = Event()

    def begin_another() -> None:
        with store.write(of_run=False) as db:
            run_log.begin(db, "nightly", LATER, LATER, "0")
            begun.set()

    with store.written_by(mine, lambda: None), store.write() as db:
        other = Thread(target=begin_another)
        other.start()
        assert not begun.wait(0.3)
        run_log.record_source(db, mine, "news", "wire", 1, 1, [])
    other.join()
    assert runs_of(store) == ["killed", "running"]


# --- commits whose answer is lost -----------------------------------------------------------------------------------


def test_a_commit_whose_answer_is_lost_is_looked_up(postgresql_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    end_session_at_commit(postgresql_store, monkeypatch, after=True)
    with postgresql_store.write() as db:
        run_log.begin(db, "nightly", NOW, NOW, "0")
    assert runs_of(postgresql_store) == ["running"]


def test_a_commit_that_did_not_come_through_is_an_error(
    postgresql_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    end_session_at_commit(postgresql_store, monkeypatch, after=False)
    with pytest.raises(StoreError, match="does not answer"):
        begin_run(postgresql_store)
    assert runs_of(postgresql_store) == []


def test_a_server_that_cannot_be_asked_about_a_commit_is_one_sentence() -> None:
    engine = open_engine(f"postgresql://127.0.0.1:{closed_port()}/db")
    pauses: list[float] = []
    with pytest.raises(StoreError, match="cannot be asked whether it is done"):
        is_committed(engine, 1, "db", pauses.append)
    assert pauses == [0.5, 1, 2, 4, 8, 16]


def begin_run(store: Store) -> None:
    with store.write() as db:
        run_log.begin(db, "nightly", NOW, NOW, "0")


def end_session_at_commit(store: Store, monkeypatch: pytest.MonkeyPatch, after: bool) -> None:
    """Have the server end the session of the next commit: after it is done, or before it begins."""
    commit = store.engine.dialect.do_commit

    def commit_and_end(connection: PoolProxiedConnection) -> None:
        monkeypatch.undo()
        own = connection.dbapi_connection
        assert own is not None
        if after:
            commit(connection)
        with store.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": own.info.backend_pid})
        own.execute("SELECT 1")

    monkeypatch.setattr(store.engine.dialect, "do_commit", commit_and_end)


def test_a_server_that_does_not_answer_has_no_lock() -> None:
    engine = open_engine(f"postgresql://127.0.0.1:{closed_port()}/db")
    with pytest.raises(StoreError, match="does not answer"), locked(engine, "db"):
        pytest.fail("the lock was acquired")
