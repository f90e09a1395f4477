"""Schemas from every released revision to the newest and back, with rows in every table, on both databases."""

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import MetaData, Table, func, inspect, select, text

from signals.store import Store, articles, assignments, settings
from signals.store.engine import known_revisions
from signals.store.migration import migrate
from signals.store.tables import metadata
from signals.store.views import VIEWS
from tests.store.samples import NOW, article, mention

RENAMED = {"stroke_runs": "stage_runs", "placements": "event_assignments"}  # by revision 0011
WORDS = {"state": "done", "status": "scored", "strokes": "ingest,refresh,score"}
REVISIONS = known_revisions()


def row_for(table: Table) -> dict[str, object]:
    """Make a row whose values fit the types, the checks and the foreign keys of a table."""
    samples: dict[type, object] = {int: 1, float: 0.5, str: "x", datetime: datetime(2024, 3, 1, tzinfo=UTC), date: NOW}
    return {c.name: WORDS.get(c.name, samples[c.type.python_type]) for c in table.columns}


def row_counts(store: Store) -> dict[str, int]:
    tables = MetaData()
    with store.read() as db:
        tables.reflect(db, resolve_fks=False)
        return {t.name: db.execute(select(func.count()).select_from(t)).scalar_one() for t in tables.sorted_tables}


def fill(store: Store) -> None:
    """Write a row into every table that has none."""
    empty = [name for name, rows in row_counts(store).items() if not rows]
    tables = MetaData()
    with store.write() as db:
        tables.reflect(db)
        for table in tables.sorted_tables:
            if table.name in empty:
                db.execute(table.insert().values(row_for(table)))


def test_rows_of_every_revision_survive_the_way_to_the_newest_and_back(empty_store: Store) -> None:
    counts_at: dict[str, dict[str, int]] = {}
    before: dict[str, int] = {}
    for revision in REVISIONS:
        migrate(empty_store.engine, revision)
        renamed = {RENAMED.get(name, name) if revision >= "0011" else name: rows for name, rows in before.items()}
        after = row_counts(empty_store)
        assert all(after[name] >= rows for name, rows in renamed.items() if name in after)
        fill(empty_store)
        before = counts_at[revision] = row_counts(empty_store)
        assert all(before.values())
    assert empty_store.problems() == []
    for revision in reversed(REVISIONS):
        migrate(empty_store.engine, revision)
        after = row_counts(empty_store)
        assert {name: after[name] for name in counts_at[revision]} == counts_at[revision]
    assert empty_store.upgrade() is True
    assert empty_store.problems() == []


def test_the_migrations_make_the_tables_of_the_metadata(own_store: Store) -> None:
    schema = inspect(own_store.engine)
    assert set(schema.get_table_names()) == {*metadata.tables, "alembic_version"}
    for table in metadata.sorted_tables:
        # Their order differs: a migration appends what the fields of a move have in the order of the views.
        assert sorted(c["name"] for c in schema.get_columns(table.name)) == sorted(c.name for c in table.columns)
        assert {i["name"] for i in schema.get_indexes(table.name)} == {i.name for i in table.indexes}


def test_only_the_newest_schema_has_views_and_their_digest(own_store: Store) -> None:
    migrate(own_store.engine, REVISIONS[-2])
    assert inspect(own_store.engine).get_view_names() == []
    with own_store.read() as db:
        assert settings.get(db, settings.VIEWS) is None
    migrate(own_store.engine, REVISIONS[-1])
    assert set(inspect(own_store.engine).get_view_names()) == {view.name for view in VIEWS}


def test_views_of_another_program_are_dropped_and_those_of_other_people_stay(own_store: Store) -> None:
    with own_store.write() as db:
        db.execute(text("CREATE VIEW v_older AS SELECT 1 AS one"))
        db.execute(text("CREATE VIEW mine AS SELECT 1 AS one"))
    migrate(own_store.engine, REVISIONS[-1])
    assert set(inspect(own_store.engine).get_view_names()) == {"mine", *(view.name for view in VIEWS)}


def test_ids_that_begin_with_a_day_become_those_of_an_older_program_on_the_way_back(own_store: Store) -> None:
    with own_store.write() as db:
        (stored,) = articles.save_articles(db, [article()], NOW)
        assignments.save_mentions(db, {(stored.article_id, 1): [mention()]})
    migrate(own_store.engine, "0009")
    with own_store.read() as db:
        ids = db.execute(text("SELECT article_id FROM articles JOIN mentions USING (article_id, revision)")).scalars()
        assert list(ids) == [articles.key_digest("wire", "1")]
    own_store.upgrade()
    with own_store.write() as db:
        assert articles.save_articles(db, [article()], NOW) == []


def test_a_percent_sign_in_the_path_of_the_migrations_is_no_placeholder(tmp_path: Path) -> None:
    folder = tmp_path / "50%(home)s"
    folder.mkdir()
    assert Store(f"sqlite:///{folder / 'signals.db'}").upgrade() is True
