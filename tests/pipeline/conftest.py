"""Empty stores, and the demo's world with the rows that one run derives."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from signals.app import App
from signals.demo import World
from signals.store import Store
from tests.worlds import app_at, run, write_demo


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with the tables and views and no rows; only for copying."""
    path = tmp_path_factory.mktemp("empty") / "signals.db"
    store = Store(f"sqlite:///{path}")
    store.upgrade()
    store.engine.dispose()
    return path


@pytest.fixture
def store(empty_database: Path, tmp_path: Path) -> Iterator[Store]:
    """Yield an empty store on disk."""
    shutil.copy(empty_database, tmp_path / "signals.db")
    store = Store(f"sqlite:///{tmp_path / 'signals.db'}")
    yield store
    store.engine.dispose()


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return the demo's world; only for reading."""
    return write_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def derived(world: World) -> App:
    """Return a program after one run on the demo's world; only for reading."""
    app = app_at(world.config)
    run(app)
    return app


@pytest.fixture
def derived_copy(derived: App, tmp_path: Path) -> App:
    """Return a program with its own copy of that store, for a test that writes it."""
    database = tmp_path / "copy.db"
    source = str(derived.store.engine.url.database)
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(database)) as copy:
        original.backup(copy)
    return app_at(derived.config.path, database=f"sqlite:///{database}")
