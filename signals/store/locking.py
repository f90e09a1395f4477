"""One run at a time: the lock that a run holds on its store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from signals.errors import LockedError, StoreError
from signals.store.engine import one_sentence

# The first half of an advisory lock's key: "sign", to tell it from other programs' locks. The second is the schema's.
_OURS = 0x7369676E


@contextmanager
def locked(engine: Engine, name: str) -> Iterator[None]:
    """Hold the lock of a database: a file beside a SQLite one, an advisory lock of the server elsewhere.

    Either is gone with the process that held it, however that ended.

    Raises
    ------
    LockedError
        Another run holds it.
    """
    holding = _file_lock if engine.dialect.name == "sqlite" else _advisory_lock
    with holding(engine, name):
        yield


@contextmanager
def _file_lock(engine: Engine, name: str) -> Iterator[None]:
    from filelock import FileLock, Timeout  # here because who only reads takes no lock

    path = Path(f"{engine.url.database}.lock")
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
        yield
    finally:
        lock.release()


@contextmanager
def _advisory_lock(engine: Engine, name: str) -> Iterator[None]:
    with one_sentence(name), engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        key = {"ours": _OURS}
        ask = "SELECT pg_try_advisory_lock(:ours, hashtext(current_schema()))"
        if not connection.execute(text(ask), key).scalar_one():
            raise LockedError(f"the lock of {name}")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:ours, hashtext(current_schema()))"), key)
