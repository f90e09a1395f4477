"""Opening a database by URL, and the sentence for one that cannot be used."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

import signals
from signals.errors import StoreError
from signals.store import Store
from signals.store.engine import (
    backup,
    database_name,
    has_current_views,
    known_revisions,
    migrations,
    one_sentence,
    open_engine,
    revisions,
    upgrade,
    views_digest,
)
from signals.store.migration import migrate
from tests.loopback import closed_port


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("oracel://x", "write it like sqlite"),
        ("not a url", "write it like sqlite"),
        ("mysql+pymysql://host/db", "needs pymysql, which is not installed"),
    ],
)
def test_a_url_that_cannot_be_opened_is_one_sentence(url: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence):
        open_engine(url)


def test_a_database_that_is_neither_sqlite_nor_postgresql_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signals.store.engine.create_engine", lambda _, **__: Dialectless())
    with pytest.raises(StoreError, match="neither SQLite nor PostgreSQL"):
        open_engine("mysql://host/db")


class Dialectless:
    """An engine of a database whose driver is not installed beside this project's."""

    class dialect:  # noqa: N801 - the attribute of an engine
        name = "mysql"


def test_a_postgresql_url_means_psycopg_3() -> None:
    assert open_engine("postgresql://me@host/db").driver == "psycopg"
    assert open_engine("postgres://me@host/db").driver == "psycopg"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:////var/signals.db", "/var/signals.db"),
        ("sqlite://", "sqlite://"),
        ("postgresql://me:secret@host/db", "postgresql://host/db"),
        ("no url: secret", "database"),
    ],
)
def test_a_password_is_in_no_message(url: str, name: str) -> None:
    assert database_name(url) == name
    with pytest.raises(StoreError) as error:
        open_engine("oracel://me:secret@host/db")
    assert "secret" not in str(error.value)


# --- revisions ------------------------------------------------------------------------------------------------------


def test_the_files_of_the_migrations_are_numbered_as_the_revisions_follow_each_other() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations()))
    walked = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert known_revisions() == walked[::-1]


def test_an_installed_package_has_the_migrations_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_migrations").mkdir()
    monkeypatch.setattr(signals, "__file__", str(tmp_path / "__init__.py"))
    assert migrations() == tmp_path / "_migrations"


def test_a_database_newer_than_the_program_is_refused(own_store: Store) -> None:
    with own_store.write() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for use in (revisions, upgrade):
        with pytest.raises(StoreError, match=r"made by a newer signals \(schema 9999\)"):
            use(own_store.engine)


# --- upgrades -------------------------------------------------------------------------------------------------------


def test_the_views_are_current_by_the_digest_of_their_sql(store: Store) -> None:
    assert has_current_views(store.engine)
    with store.write() as db:
        db.execute(text("UPDATE settings SET value = 'other' WHERE name = 'views'"))
    assert not has_current_views(store.engine)
    assert upgrade(store.engine) is True
    assert has_current_views(store.engine)


def test_the_digest_of_the_views_is_the_same_in_every_process() -> None:
    assert views_digest() == views_digest()
    assert len(views_digest()) == 20


def test_a_sqlite_file_is_copied_before_its_schema_changes(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'signals.db'}")
    first = known_revisions()[0]
    migrate(store.engine, first)
    store.upgrade()
    with closing(sqlite3.connect(tmp_path / f"signals.db.schema-{first}.bak")) as db:
        assert db.execute("SELECT version_num FROM alembic_version").fetchall() == [(first,)]


def test_new_and_current_files_are_not_copied(tmp_path: Path, sqlite_store: Store) -> None:
    sqlite_store.upgrade()
    with sqlite_store.write() as db:
        db.execute(text("DELETE FROM settings"))
    assert sqlite_store.upgrade() is True  # the views alone
    assert not list(tmp_path.glob("*.bak*"))


def test_a_copy_that_cannot_be_written_is_one_sentence_and_leaves_no_part(sqlite_store: Store, tmp_path: Path) -> None:
    (tmp_path / "signals.db.schema-0001.bak").mkdir()
    with pytest.raises(StoreError, match=r"could not be copied to .*schema-0001\.bak before its upgrade"):
        backup(sqlite_store.engine, "0001")
    assert not list(tmp_path.glob("*.part"))


# --- databases that cannot be used ----------------------------------------------------------------------------------


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("dear diary " * 100)
    with pytest.raises(StoreError, match=r"notes\.db: .*is not a SQLite database"):
        Store(f"sqlite:///{tmp_path / 'notes.db'}").upgrade()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="check that its folder exists"):
        Store(f"sqlite:///{tmp_path / 'no' / 'signals.db'}").upgrade()


def test_a_server_that_does_not_answer_is_one_sentence() -> None:
    with pytest.raises(StoreError, match="check the URL and that the server runs"):
        Store(f"postgresql://127.0.0.1:{closed_port()}/db").upgrade()


@pytest.mark.parametrize("problem", ["database or disk is full", "disk I/O error"])
def test_a_full_disk_is_one_sentence(problem: str) -> None:
    with pytest.raises(StoreError, match="free some disk space"), one_sentence("signals.db"):
        raise OperationalError("INSERT", {}, sqlite3.OperationalError(problem))


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE constraint failed")),
        OperationalError("SELECT", {}, sqlite3.OperationalError("no such column: x")),
    ],
    ids=["constraint", "statement"],
)
def test_a_bug_of_the_program_stays_a_traceback(error: DatabaseError) -> None:
    with pytest.raises(type(error)), one_sentence("signals.db"):
        raise error
