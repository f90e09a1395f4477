"""One run at a time: the lock that a run holds on its store, and the proof that it still holds it.

A lock that is lost, because a file was deleted or a session ended, is noticed before the next commit.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from signals.errors import LockedError, LostLockError, StoreError
from signals.store.engine import database_file, one_sentence

# The first half of an advisory lock's key: "sign", to tell it from other programs' locks. The second is the schema's.
_OURS = 0x7369676E
_KEY = ":ours, hashtext(current_schema())"
_IS_OURS = """
SELECT COUNT(*) FROM pg_locks
WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid() AND objsubid = 2
  AND classid = CAST(:ours AS oid) AND objid = CAST(CAST(hashtext(current_schema()) AS bigint) & 4294967295 AS oid)
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
# A session that only holds the lock is idle for as long as the run takes. The setting is not in every version.
_STAY = "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'"

#: Raises LostLockError unless the lock is still held.
Check = Callable[[], None]


@contextmanager
def locked(engine: Engine, name: str) -> Iterator[Check]:
    """Hold the lock of a database: a file beside a SQLite one, an advisory lock of the server elsewhere.

    Either is gone with the process that held it, however that ended. Yields the check that it is still held.

    Raises
    ------
    LockedError
        Another run holds it.
    """
    holding = _file_lock if engine.dialect.name == "sqlite" else _advisory_lock
    with holding(engine, name) as check:
        yield check


@contextmanager
def _file_lock(engine: Engine, name: str) -> Iterator[Check]:
    from filelock import FileLock, Timeout  # here because who only reads takes no lock

    database = database_file(engine.url)
    if database is None:  # in memory, where no other run can come
        yield lambda: None
        return
    path = database.with_name(f"{database.name}.lock")
    if not path.parent.is_dir():  # the lock would make it, and a misspelt path would become a new database
        raise StoreError(name, f"there is no folder {path.parent}; make it, or correct `database`")
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LockedError(str(path)) from None
    except OSError as error:
        todo = "run as a user who may write in it, free some disk space, or correct `database`"
        raise StoreError(name, f"{path.parent} cannot be written ({error.strerror}); {todo}") from None
    try:
        with _lock_of_file(database):
            yield _same_files(name, path, database)
    finally:
        lock.release()


@contextmanager
def _lock_of_file(database: Path) -> Iterator[None]:
    """Hold the lock of the file itself, whatever its names: hard links have no path in common.

    Only Linux has a name that needs no file and is gone with its process: that of an abstract socket.
    """
    about = _identity(database)
    if about is None or sys.platform != "linux":
        yield
        return
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as held:
        try:
            held.bind(f"\0signals-{about[0]}-{about[1]}")
        except OSError:
            raise LockedError(f"the lock of {database} by another name of the file") from None
        yield


def _same_files(name: str, *paths: Path) -> Check:
    """Return a check that files are those of now; one that does not exist yet may come."""
    before = {path: _identity(path) for path in paths}

    def check() -> None:
        for path, about in before.items():
            if about is not None and _identity(path) != about:
                raise LostLockError(name, f"{path} was deleted or replaced")

    return check


def _identity(path: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        about = path.stat()
        return about.st_dev, about.st_ino
    return None


@contextmanager
def _advisory_lock(engine: Engine, name: str) -> Iterator[Check]:
    with closing(_session(engine, name)) as connection:
        with one_sentence(name):
            if not connection.execute(text(f"SELECT pg_try_advisory_lock({_KEY})"), {"ours": _OURS}).scalar_one():
                raise LockedError(f"the lock of {name}")
            connection.execute(text(_STAY))

        def check() -> None:
            try:
                if connection.execute(text(_IS_OURS), {"ours": _OURS}).scalar_one():
                    return
            except SQLAlchemyError:  # whatever ended the session, the lock ended with it
                pass
            raise LostLockError(name, "the server ended the session that held it")

        try:
            yield check
        finally:
            with suppress(SQLAlchemyError):  # a session that was ended has released it
                connection.execute(text(f"SELECT pg_advisory_unlock({_KEY})"), {"ours": _OURS})


def _session(engine: Engine, name: str) -> Connection:
    with one_sentence(name):
        return engine.connect().execution_options(isolation_level="AUTOCOMMIT")
