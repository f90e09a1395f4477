"""Empty stores, and copies of the store that a run on the demo's world fills."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from signals.app import App
from tests.stores import empty_database, store
from tests.worlds import app_at

__all__ = ["demo_copy", "empty_database", "store"]


@pytest.fixture
def demo_copy(demo_app: App, tmp_path: Path) -> App:
    """Return a program on the demo's world with its own copy of the store, for a test that writes it."""
    database = tmp_path / "copy.db"
    source = str(demo_app.store.engine.url.database)
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(database)) as copy:
        original.backup(copy)
    return app_at(demo_app.config.path, database=f"sqlite:///{database}")
