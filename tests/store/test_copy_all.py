"""A store copied into another database: every row arrives, shown by counts and checksums, or nothing does."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from signals.answers.status import status
from signals.cli import main
from signals.errors import StoreError
from signals.store import Store, settings
from signals.store.copy_all import Content, content, copy_all
from signals.store.engine import views_digest
from signals.store.tables import articles, metadata, runs
from signals.store.tables import settings as table
from tests.store.samples import linked
from tests.worlds import NOW, app_at, contents, links_of, run, small


def test_a_sqlite_store_moves_to_postgresql_with_one_command(
    tmp_path: Path, postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = small(tmp_path, [(NOW, f"Acme opens plant {n}") for n in range(5)])
    run(app)
    assert main(["--config", str(app.config.path), "db", "copy", postgresql_url]) == 0
    assert " articles" in capsys.readouterr().out
    moved = app_at(app.config.path, database=postgresql_url)
    assert contents(moved) == contents(app)
    assert links_of(moved) == links_of(app)
    run(moved)  # its number follows those of the runs that were copied
    assert [row.run_id for row in status(moved).runs] == [2, 1]
    assert main(["--config", str(app.config.path), "db", "copy", postgresql_url]) == 2
    assert "already" in capsys.readouterr().err
    moved.store.engine.dispose()


def test_both_stores_have_the_content_that_is_returned(sqlite_store: Store, postgresql_store: Store) -> None:
    with sqlite_store.write() as db:
        linked(db, "Gazprom builds", "Gazprom sells")
    copied = copy_all(sqlite_store, postgresql_store)
    for store in (sqlite_store, postgresql_store):
        with store.read() as db:
            assert [content(db, table) for table in metadata.sorted_tables] == copied
            assert settings.get(db, settings.VIEWS) == views_digest()
    assert {one.table: one.rows for one in copied}["articles"] == 2


def test_a_store_moves_from_postgresql_to_sqlite_too(sqlite_store: Store, postgresql_store: Store) -> None:
    with postgresql_store.write() as db:
        linked(db, "Gazprom builds")
    copy_all(postgresql_store, sqlite_store)
    with sqlite_store.read() as db:
        assert db.execute(select(func.count()).select_from(articles)).scalar() == 1


def test_a_target_with_rows_is_left_as_it_was(sqlite_store: Store, postgresql_store: Store) -> None:
    with postgresql_store.write() as db:
        linked(db, "Gazprom builds")
    with pytest.raises(StoreError, match=r"holds rows in \w+ already; name an empty database"):
        copy_all(sqlite_store, postgresql_store)
    with postgresql_store.read() as db:
        assert db.execute(select(func.count()).select_from(runs)).scalar() == 1
        assert settings.get(db, settings.VIEWS) == views_digest()


def test_rows_that_would_arrive_otherwise_are_not_written(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = Store(f"sqlite:///{tmp_path / 'target.db'}")
    target.upgrade()
    with closing(sqlite3.connect(tmp_path / "target.db")) as db:  # a target that changes what it is given
        db.execute("CREATE TRIGGER t AFTER INSERT ON articles BEGIN UPDATE articles SET title = 'other'; END")
    with sqlite_store.write() as db:
        linked(db, "Gazprom builds")
    with pytest.raises(StoreError, match=r"would hold other rows in articles than .*; nothing was written"):
        copy_all(sqlite_store, target)
    with target.read() as db:
        assert db.execute(select(func.count()).select_from(runs)).scalar() == 0


def test_a_checksum_does_not_depend_on_the_order_of_rows(store: Store) -> None:
    rows = [{"name": name, "value": name} for name in ("a", "b", "c")]
    checksums = set[Content]()
    for order in (rows, rows[::-1]):
        with store.write() as db:
            db.execute(text("DELETE FROM settings"))
            for row in order:
                db.execute(table.insert().values(row))
            checksums.add(content(db, table))
            db.execute(table.update().where(table.c.name == "a").values(value="other"))
            assert content(db, table) not in checksums
    assert len(checksums) == 1
