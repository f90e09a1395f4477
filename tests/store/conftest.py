"""Stores on disk and on a PostgreSQL server, empty or with the newest schema."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from signals.store import Store, settings
from signals.store.engine import views_digest
from signals.store.tables import metadata
from tests.databases import postgresql
from tests.stores import empty_database
from tests.stores import store as sqlite_store

__all__ = ["empty_database", "sqlite_store"]

DIALECTS = ["sqlite", "postgresql"]


@pytest.fixture(params=DIALECTS)
def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database without tables."""
    is_sqlite = request.param == "sqlite"
    store = Store(f"sqlite:///{tmp_path / 'signals.db'}" if is_sqlite else request.getfixturevalue("postgresql_url"))
    yield store
    store.engine.dispose()


@pytest.fixture(scope="session")
def migrated_database() -> Iterator[str]:
    """The URL of a PostgreSQL database with the newest schema."""
    with postgresql() as url:
        store = Store(url)
        store.upgrade()
        store.engine.dispose()
        yield url


@pytest.fixture
def postgresql_store(migrated_database: str) -> Iterator[Store]:
    """A PostgreSQL database with the newest schema and no rows, which every test without changes of schema shares."""
    store = Store(migrated_database)
    yield store
    with store.write() as db:
        for table in reversed(metadata.sorted_tables):
            db.execute(table.delete())
        settings.put(db, settings.VIEWS, views_digest())
        db.execute(text("ALTER SEQUENCE runs_run_id_seq RESTART"))
    store.engine.dispose()


@pytest.fixture(params=DIALECTS)
def store(request: pytest.FixtureRequest) -> Store:
    """A store with the newest schema."""
    opened: Store = request.getfixturevalue(f"{request.param}_store")
    return opened


@pytest.fixture
def own_store(empty_store: Store) -> Store:
    """A store with the newest schema that a test may change."""
    empty_store.upgrade()
    return empty_store
