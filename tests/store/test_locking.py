"""The lock that one run at a time holds on a store."""

from pathlib import Path

import pytest

from signals.errors import LockedError, StoreError
from signals.store import Store
from signals.store.engine import open_engine
from signals.store.locking import locked
from tests.loopback import closed_port


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


def test_a_server_that_does_not_answer_has_no_lock() -> None:
    engine = open_engine(f"postgresql://127.0.0.1:{closed_port()}/db")
    with pytest.raises(StoreError, match="does not answer"), locked(engine, "db"):
        pytest.fail("the lock was acquired")
