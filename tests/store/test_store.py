"""The store: schema, instants, superseding facts, and the sentence for a database that cannot be used."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import StatementError

from signals.errors import LockedError, StoreError
from signals.store import Store, articles, bars, bulk, run_log
from signals.store.engine import known_revisions, migrations
from signals.store.tables import effects, instant_text, metadata, runs
from signals.store.views import VIEWS
from signals.types import Article, Bars, Precision, Stamp, ZoneBasis
from tests.loopback import closed_port

NOW = datetime(2024, 3, 1, 3, 30, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    on_disk = request.param == "sqlite"
    made = Store(f"sqlite:///{tmp_path / 'signals.db'}" if on_disk else request.getfixturevalue("postgresql_url"))
    made.upgrade()
    yield made
    made.engine.dispose()


def article(title: str, digest: str = "a", seen_at: datetime = NOW) -> Article:
    stamp = Stamp("2024-02-29", NOW, NOW.replace(tzinfo=None), Precision.MINUTE, "UTC", ZoneBasis.STATED)
    return Article("wire", "key-1", title, "", stamp, seen_at, digest)


def closes(values: dict[str, float], fetched_at: datetime) -> Bars:
    nothing = np.full(len(values), np.nan)
    empty = np.array([], dtype="datetime64[D]")
    return Bars(
        "GAZP", "local", "1d", np.array(list(values), dtype="datetime64[s]"), nothing, nothing, nothing,
        np.array(list(values.values())), nothing, empty, np.array([]), np.array([]), fetched_at,
    )  # fmt: skip


def test_the_migrations_make_the_tables_of_the_metadata(store: Store) -> None:
    found = inspect(store.engine)
    assert set(found.get_table_names()) == {*metadata.tables, "alembic_version"}
    for table in metadata.sorted_tables:
        # Their order differs: a migration appends what the fields of a move have in the order of the views.
        assert sorted(c["name"] for c in found.get_columns(table.name)) == sorted(c.name for c in table.columns)
        assert {i["name"] for i in found.get_indexes(table.name)} == {i.name for i in table.indexes}


def test_every_view_has_its_columns(store: Store) -> None:
    with store.read() as db:
        for view in VIEWS:
            assert tuple(db.execute(text(f"SELECT * FROM {view.name}")).keys()) == view.names


def test_the_files_of_the_migrations_are_numbered_as_the_revisions_follow_each_other() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations()))
    walked = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert known_revisions() == walked[::-1]


def test_an_upgrade_is_done_once(store: Store) -> None:
    assert store.upgrade() is False


def test_a_naive_instant_is_refused(store: Store) -> None:
    with store.write() as db, pytest.raises(StatementError, match="has no zone"):
        run_log.begin(db, "manual", datetime(2024, 1, 1), NOW, "0")  # noqa: DTZ001 - the point of the test


def test_the_order_of_stored_instants_is_their_order_in_time() -> None:
    moscow = datetime.fromisoformat("2024-01-01T03:00:00+03:00")
    london = datetime.fromisoformat("2024-01-01T00:00:00.500+00:00")
    assert instant_text(moscow) == "2024-01-01T00:00:00.000Z" < instant_text(london)


def test_a_changed_article_is_a_new_revision_that_keeps_the_first_sight_of_it(store: Store) -> None:
    later = NOW + timedelta(days=1)
    with store.write() as db:
        articles.save_articles(db, [article("Old")], NOW)
        assert articles.save_articles(db, [article("Old", seen_at=later)], later) == []
        (changed,) = articles.save_articles(db, [article("New", "b", later)], later)
        (current,) = articles.current_articles(db)
    assert changed.revision == 2
    assert (current.article.title, current.article.seen_at) == ("New", NOW)


def dated(at: datetime, digest: str) -> Article:
    first = article("Old", digest)
    return dataclasses.replace(first, stamp=dataclasses.replace(first.stamp, at=at))


def test_an_article_keeps_its_id_when_its_stamp_is_corrected(store: Store) -> None:
    with store.write() as db:
        (old,) = articles.save_articles(db, [dated(NOW, "a")], NOW)
        (new,) = articles.save_articles(db, [dated(NOW - timedelta(days=400), "b")], NOW)
    assert (new.article_id, new.revision) == (old.article_id, 2)


def test_ids_of_articles_are_in_the_order_of_their_days() -> None:
    ids = [articles.article_id("a", datetime(year, 5, 1, tzinfo=UTC)) for year in (1930, 1999, 2000, 2026, 2150)]
    assert ids == sorted(ids)
    assert len({article_id[5:] for article_id in ids}) == 1


def test_a_corrected_bar_supersedes_the_old_one_and_does_not_erase_it(store: Store) -> None:
    with store.write() as db:
        assert bars.save_bars(db, "GAZP", closes({"2024-02-28": 100, "2024-02-29": 101}, NOW), 1) == 2
        assert bars.save_bars(db, "GAZP", closes({"2024-02-28": 100, "2024-02-29": 101}, NOW), 2) == 0
        later = NOW + timedelta(days=1)
        assert bars.save_bars(db, "GAZP", closes({"2024-02-29": 102}, later), 3) == 1
        current = bars.load_bars(db, "GAZP", "local", "1d", NOW.date() - timedelta(9), NOW.date())
        everything = db.execute(text("SELECT close FROM bars ORDER BY start, fetched_at")).scalars().all()
        changed = bars.changed_since(db, 2)
    assert current.close.tolist() == [100, 102]
    assert everything == [100, 101, 102]
    assert str(changed["GAZP"]) == "2024-02-29"


def test_a_bar_that_its_source_now_gives_wrongly_is_withdrawn_and_not_erased(store: Store) -> None:
    later = NOW + timedelta(days=1)
    with store.write() as db:
        bars.save_bars(db, "GAZP", closes({"2024-02-28": 100, "2024-02-29": 9_000}, NOW), 1)
        again = closes({"2024-02-28": 100}, later)
        assert bars.withdraw_bars(db, "GAZP", again, ["2024-02-29", "2024-02-28"], 2) == 1
        current = bars.load_bars(db, "GAZP", "local", "1d", NOW.date() - timedelta(9), NOW.date())
        assert str(bars.changed_since(db, 1)["GAZP"]) == "2024-02-29"
        assert db.execute(text("SELECT COUNT(*) FROM bars")).scalar_one() == 2
    assert current.close.tolist() == [100]


def test_a_run_that_was_killed_is_said_to_have_been(store: Store) -> None:
    with store.write() as db:
        run_log.begin(db, "nightly", NOW, NOW, "0")
    with store.write() as db:
        run_log.begin(db, "nightly", NOW, NOW, "0")
        states = db.execute(runs.select()).all()
    assert [(r.state, r.attempt) for r in states] == [("killed", 1), ("running", 2)]


def test_a_database_newer_than_the_program_is_refused(store: Store) -> None:
    with store.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer signals"):
        store.upgrade()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("dear diary " * 100)
    with pytest.raises(StoreError, match=r"notes\.db: .*is not a SQLite database"):
        Store(f"sqlite:///{tmp_path / 'notes.db'}").upgrade()


def test_a_folder_that_does_not_exist_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="check that its folder exists"):
        Store(f"sqlite:///{tmp_path / 'no' / 'signals.db'}").upgrade()


def test_an_unknown_kind_of_database_is_said() -> None:
    with pytest.raises(StoreError, match="write it like sqlite"):
        Store("oracel://x")


def test_a_kind_of_database_that_is_not_known_to_work_is_refused() -> None:
    with pytest.raises(StoreError, match=r"is not installed|neither SQLite nor PostgreSQL"):
        Store("mysql+mysqldb://host/db")
    assert Store("postgresql://me@host/db").engine.driver == "psycopg"


def test_a_server_that_does_not_answer_is_said() -> None:
    with pytest.raises(StoreError, match="check the URL and that the server runs"):
        Store(f"postgresql://127.0.0.1:{closed_port()}/db").upgrade()


def test_a_password_is_never_shown() -> None:
    assert "secret" not in Store("sqlite:///x.db").name
    with pytest.raises(StoreError) as error:
        Store("oracel://me:secret@host/db")
    assert "secret" not in str(error.value)


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
        pytest.fail("the lock was given twice")
    with store.lock():
        pass


def test_only_rows_that_change_are_written_and_counted(store: Store) -> None:
    row = {"study": "market", "event_window": "0..0", "last_session": NOW.date(), "excess": 0.5, "weight": 1.0}
    with store.write() as db:
        assert bulk.upsert(db, effects, [row, {**row, "event_window": "0..1"}]) == 2
        assert bulk.upsert(db, effects, [row, {**row, "event_window": "0..1", "excess": 0.25}]) == 1
        assert bulk.upsert(db, effects, [{**row, "weight": 2.0}], unchanged=["weight"]) == 0
