"""Schemas from every released revision to the newest and back, with rows in every table, on both stores."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, func, select, text

from signals.store import Store, articles, assignments
from signals.store.engine import known_revisions
from signals.store.migration import migrate
from signals.types import Article, Mention, Precision, Role, Stamp, TagKind, ZoneBasis

NOW = datetime(2024, 3, 1, tzinfo=UTC)

RENAMED = {"stroke_runs": "stage_runs", "placements": "event_assignments"}  # by revision 0011
WORDS = {"state": "done", "status": "scored", "strokes": "ingest,refresh,score"}
REVISIONS = known_revisions()


def row_for(table: Table) -> dict[str, Any]:
    """Make a row whose values fit the types, the checks and the foreign keys of a table."""
    samples = {int: 1, float: 0.5, str: "x", datetime: datetime(2024, 3, 1, tzinfo=UTC), date: date(2024, 3, 1)}
    return {c.name: WORDS.get(c.name, samples[c.type.python_type]) for c in table.columns}


def counts(store: Store) -> dict[str, int]:
    tables = MetaData()
    with store.read() as db:
        tables.reflect(db, resolve_fks=False)
        return {t.name: db.execute(select(func.count()).select_from(t)).scalar_one() for t in tables.sorted_tables}


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    on_disk = request.param == "sqlite"
    made = Store(f"sqlite:///{tmp_path / 'signals.db'}" if on_disk else request.getfixturevalue("postgresql_url"))
    yield made
    made.engine.dispose()


def fill(store: Store) -> None:
    """Put a row into every table that has none."""
    empty = [name for name, rows in counts(store).items() if not rows]
    tables = MetaData()
    with store.write() as db:
        tables.reflect(db)
        for table in tables.sorted_tables:
            if table.name in empty:
                db.execute(table.insert().values(row_for(table)))


def test_rows_of_every_revision_survive_the_way_to_the_newest_and_back(store: Store) -> None:
    held: dict[str, dict[str, int]] = {}
    for revision in REVISIONS:
        migrate(store.engine, revision)
        if held:
            before = {RENAMED.get(name, name) if revision >= "0011" else name: n for name, n in held[max(held)].items()}
            now = counts(store)
            assert all(now[name] >= rows for name, rows in before.items() if name in now)
        fill(store)
        held[revision] = counts(store)
        assert all(held[revision].values())
    assert store.problems() == []
    for revision in reversed(REVISIONS):
        migrate(store.engine, revision)
        assert {name: counts(store)[name] for name in held[revision]} == held[revision]
    assert store.upgrade() is True
    assert store.problems() == []


def test_a_sqlite_file_is_copied_before_it_is_upgraded(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'signals.db'}")
    migrate(store.engine, REVISIONS[0])
    store.upgrade()
    with sqlite3.connect(tmp_path / f"signals.db.schema-{REVISIONS[0]}.bak") as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchall() == [(REVISIONS[0],)]


def test_ids_that_begin_with_a_day_are_taken_back_to_those_of_an_older_program(store: Store) -> None:
    store.upgrade()
    stamp = Stamp("", NOW, NOW.replace(tzinfo=None), Precision.INSTANT, "UTC", ZoneBasis.STATED)
    article = Article("wire", "1", "GAZP rises", "", stamp, NOW, "a")
    mention = Mention("GAZP", TagKind.CASHTAG, "title", 0, 4, 1, "GAZP", "", "GAZP", Role.SUBJECT, 1.0)
    with store.write() as db:
        (stored,) = articles.save_articles(db, [article], NOW)
        assignments.save_mentions(db, {(stored.article_id, 1): [mention]})
    migrate(store.engine, "0009")
    with store.read() as db:
        tied = db.execute(text("SELECT article_id FROM articles JOIN mentions USING (article_id, revision)")).scalars()
        assert list(tied) == [articles.key_digest("wire", "1")]
    store.upgrade()
    with store.write() as db:
        assert articles.save_articles(db, [article], NOW) == []
