"""Opening a database: connection settings, schema upgrade, and the views on top.

alembic is slow to import, so whoever only reads learns the schema of a database without it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

import signals
from signals.errors import StoreError, missing_library
from signals.store import settings
from signals.store.views import VIEWS

BUSY_SECONDS = 30
CHECKPOINT_PAGES = 16_384  # 64 MB, 16 times the usual: keys that are digests touch the same pages batch after batch


def open_engine(url: str) -> Engine:
    """Connect to a database by URL.

    Raises
    ------
    StoreError
        The URL cannot be read, or its driver is not installed.
    """
    try:
        parsed = _with_driver(make_url(url))
        # A connection that a server ended between two transactions is replaced before the next one.
        engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() == "postgresql")
    except ModuleNotFoundError as error:
        raise StoreError(redacted_url(url), missing_library("this database", str(error.name))) from None
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreError(
            redacted_url(url), f"is not a usable database URL ({error}); write it like sqlite:///signals.db"
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name != "postgresql":
        raise StoreError(redacted_url(url), "is neither SQLite nor PostgreSQL, and no other database is known to work")
    return engine


def _with_driver(url: URL) -> URL:
    """Let ``postgresql://`` mean psycopg 3, which the extra `postgresql` installs, and not SQLAlchemy's own choice."""
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def database_file(url: URL) -> Path | None:
    """Return the file of a SQLite database, links followed, in whatever form the URL names it; None in memory."""
    name = url.database or ""
    if name.startswith("file:") and "uri" in url.query:
        name = "" if url.query.get("mode") == "memory" else unquote(urlsplit(name).path)
    return None if name in ("", ":memory:") else Path(os.path.realpath(name))


def redacted_url(url: str) -> str:
    """Return a database URL without its password."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return "database"
    return parsed.database or str(parsed) if parsed.drivername.startswith("sqlite") else parsed.render_as_string()


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # sqlite3 would otherwise begin and commit at moments of its own
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = NORMAL",
        f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
        "foreign_keys = ON",
        "cache_size = -65536",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once where a transaction will write; a lock upgraded midway cannot wait."""
    options = connection.get_execution_options()
    if not options.get("vacuums"):  # which no transaction may surround
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes") else "BEGIN")


def migrations() -> Path:
    """Return the folder of the migrations: inside an installed package, beside it in a checkout."""
    package = Path(signals.__file__).parent
    shipped = package / "_migrations"
    return shipped if shipped.is_dir() else package.parent / "migrations"


def known_revisions() -> list[str]:
    """Return the revisions that this program knows, oldest first: the numbers that their files begin with."""
    return sorted(path.name.partition("_")[0] for path in (migrations() / "versions").glob("[0-9]*_*.py"))


def revisions(engine: Engine) -> tuple[str | None, str]:
    """Return the revision of a database (None for an empty one) and the newest that this program knows.

    Raises
    ------
    StoreError
        The database cannot be opened, or was made by a newer program.
    """
    revisions_here, name = known_revisions(), redacted_url(str(engine.url))
    with one_sentence(name), engine.connect() as connection:
        current = None
        if inspect(connection).has_table("alembic_version"):
            current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if current is not None and current not in revisions_here:
        raise StoreError(
            name, f"was made by a newer signals (schema {current}); upgrade the program, or name another database"
        )
    return current, revisions_here[-1]


def views_digest() -> str:
    """Return the digest of the SQL of all views; a database keeps that of the views that it has."""
    return hashlib.blake2b("\n".join(f"{v.name}: {v.sql()}" for v in VIEWS).encode(), digest_size=10).hexdigest()


def has_current_views(engine: Engine) -> bool:
    """Return whether the views of a database with the newest schema are those of this program."""
    with one_sentence(redacted_url(str(engine.url))), engine.connect() as connection:
        return settings.get(connection, settings.VIEWS) == views_digest()


def upgrade(engine: Engine) -> bool:
    """Bring a database to the newest schema and renew its views; returns whether anything was done.

    Views are renewed whenever their SQL is another one, with a new schema or without.

    A SQLite file that holds an older schema is copied beside itself first.

    Raises
    ------
    StoreError
        The database cannot be written, or was made by a newer program.
    """
    current, head = revisions(engine)
    if current == head and has_current_views(engine):
        return False
    if current != head and engine.dialect.name == "sqlite" and current is not None:
        backup(engine, current)
    from signals.store.migration import migrate  # start-up: alembic is slow, and most commands only read

    migrate(engine, head)
    return True


def remove_database(path: Path) -> None:
    """Remove a SQLite file with what lies beside it under its name: log, locks, copies and cache."""
    for old in path.parent.glob(f"{path.name}*"):
        if old.is_dir():
            shutil.rmtree(old)
        else:
            old.unlink()


def backup(engine: Engine, revision: str) -> Path:
    """Copy a SQLite file to one beside it that is named after its schema; whole, or not at all."""
    path = Path(f"{database_file(engine.url)}.schema-{revision}.bak")
    beside = path.with_name(path.name + ".part")
    with (
        one_sentence(redacted_url(str(engine.url))),
        engine.connect() as connection,
        closing(sqlite3.connect(beside)) as copy,
    ):
        source: Any = connection.connection.dbapi_connection  # sqlite3's own
        try:
            source.backup(copy)
        except sqlite3.Error as error:
            beside.unlink(missing_ok=True)
            problem = f"could not be copied to {path} before its upgrade ({error}); free some disk space there"
            raise StoreError(redacted_url(str(engine.url)), problem) from None
    beside.replace(path)
    return path


@contextmanager
def one_sentence(name: str) -> Iterator[None]:
    """Turn a database that cannot be used into one sentence; a broken constraint or statement stays a bug."""
    try:
        yield
    except DatabaseError as error:
        if type(error) not in (DatabaseError, OperationalError) or "no such" in str(error.orig):
            raise
        raise StoreError(name, _advice(error)) from error


def _advice(error: DatabaseError) -> str:
    problem = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    if "readonly" in problem or "read-only" in problem or "unable to open" in problem:
        return f"cannot be written ({problem}); check that its folder exists and that you may write in it"
    if "not a database" in problem:
        return "is not a SQLite database; name another file in `database:`"
    if "disk is full" in problem or "disk I/O" in problem:
        return f"could not be written ({problem}); free some disk space and run again"
    return f"does not answer ({problem}); check the URL and that the server runs"
