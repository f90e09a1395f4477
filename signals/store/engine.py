"""Opening a database: connection settings, schema upgrade, and the views on top.

alembic is slow to import, so whoever only reads learns the schema of a database without it.
"""

from __future__ import annotations

import glob
import hashlib
import os
import re
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
from signals.durable import replacing
from signals.errors import SignalsError, StoreError, missing_library
from signals.redacting import shown_address
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
        raise StoreError(database_name(url), missing_library("this database", str(error.name))) from None
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreError(
            database_name(url), f"is not a usable database URL{_reason(error)}; write it like sqlite:///signals.db"
        ) from None
    if "@" in (parsed.host or ""):
        problem = (
            "its user name or password has an @ in it; write %40 in its place, and %2F for /, %3F for ?, %23 for #"
        )
        raise StoreError(database_name(url), problem)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name != "postgresql":
        raise StoreError(database_name(url), "is neither SQLite nor PostgreSQL, and no other database is known to work")
    return engine


def _reason(error: Exception) -> str:
    """Return what SQLAlchemy says of a URL; a ValueError names the part that it could not read, which may be secret."""
    return "" if isinstance(error, ValueError) else f" ({error})"


def _with_driver(url: URL) -> URL:
    """Let ``postgresql://`` mean psycopg 3, which the extra `postgresql` installs, and not SQLAlchemy's own choice."""
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def database_file(url: URL) -> Path | None:
    """Return the file of a SQLite database, links followed, in whatever form the URL names it; None in memory."""
    name = url.database or ""
    if name.startswith("file:") and "uri" in url.query:
        name = "" if url.query.get("mode") == "memory" else unquote(urlsplit(name).path)
    return None if name in ("", ":memory:") else Path(os.path.realpath(name))


def database_name(url: str) -> str:
    """Return the name of a database: the path of a SQLite file, or the URL as it may be shown."""
    if "://" not in url:
        return "database"
    name = shown_address(url)
    return name.partition(":///")[2] or name if name.startswith("sqlite") else name


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
    revisions_here, name = known_revisions(), database_name(str(engine.url))
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
    with one_sentence(database_name(str(engine.url))), engine.connect() as connection:
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
    name = database_name(str(engine.url))
    with one_sentence(name), engine.connect() as connection:
        source: Any = connection.connection.dbapi_connection  # sqlite3's own
        try:
            with replacing(path) as draft, closing(sqlite3.connect(draft)) as copy:
                source.backup(copy)
        except (sqlite3.Error, OSError) as error:
            problem = f"could not be copied to {path} before its upgrade ({error}); free some disk space there"
            raise StoreError(name, problem) from None
    return path


@contextmanager
def one_sentence(name: str) -> Iterator[None]:
    """Turn a database that cannot be used into one sentence; a broken constraint or statement stays a bug."""
    try:
        yield
    except (SignalsError, OSError):
        raise
    except Exception as error:
        is_bug = not isinstance(error, DatabaseError) or type(error) not in (DatabaseError, OperationalError)
        if is_bug or "no such" in str(getattr(error, "orig", "")):
            if (damage := _damage(Path(name))) is None:
                raise
            raise StoreError(name, _damaged(name, damage)) from error
        raise StoreError(name, _advice(name, error)) from error


def _damage(path: Path) -> str | None:
    """Return what SQLite's own check finds wrong in a file; None if it is sound, or no SQLite file."""
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            result = str(file.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        return str(error) if "malformed" in str(error) or "not a database" in str(error) else None
    return None if result == "ok" else result.splitlines()[0]


def _damaged(name: str, damage: str) -> str:
    copies = sorted(Path(name).parent.glob(f"{glob.escape(Path(name).name)}.schema-*.bak"))
    copy = f"{copies[-1]}, the copy from before its last upgrade" if copies else "a copy of yours"
    return (
        f"is damaged ({damage}); stop all runs and move it away, then restore {copy}, or rescue what can be read: "
        f"sqlite3 DAMAGED .recover | sqlite3 {name}"
    )


#: PostgreSQL quotes the parts of the URL that are not shown: the user, and the values of its query.
_QUOTED = re.compile(r"\b(user|role|value|option|parameter|integer|file|in|for)( name)?(:?) \"[^\"]*\"")


def _advice(name: str, error: Exception) -> str:
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    problem = _QUOTED.sub(r"\1\2\3 …", lines[0] if lines else type(error).__name__)
    if "readonly" in problem or "read-only" in problem or "unable to open" in problem:
        return (
            f"cannot be written ({problem}); check that its folder exists and that you may write in it and in its "
            "folder; who may only read opens the snapshot that `signals publish` writes"
        )
    if "malformed" in problem:
        return _damaged(name, problem)
    if "not a database" in problem:
        advice = f"name another file in `database:`, or, if it was one, restore {name} from a copy"
        return f"is not a SQLite database, or its beginning is damaged; {advice}"
    if "disk is full" in problem or "disk I/O" in problem:
        return f"could not be written ({problem}); free some disk space and run again"
    return f"does not answer ({problem}); check the URL and that the server runs"
