"""Committing a transaction, and learning what became of a commit whose answer was lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from signals.errors import StoreError

ASKED = 6  # how often the server is asked, with pauses that double from PAUSE on: half a minute
PAUSE = 0.5  # seconds


@contextmanager
def committed(connection: Connection, name: str) -> Iterator[None]:
    """Begin a transaction and commit it at the end.

    A connection may end after the server has committed and before it says so. PostgreSQL then knows, by the number of
    the transaction, what became of it. SQLite never leaves that open.

    Raises
    ------
    StoreError
        The server cannot be asked any more.
    """
    with connection.begin() as transaction:
        yield
        if connection.dialect.name == "sqlite":
            return
        number = connection.execute(text("SELECT txid_current_if_assigned()")).scalar()
        try:
            transaction.commit()
        except OperationalError:
            if number is None or not is_committed(connection.engine, number, name):
                raise


def is_committed(engine: Engine, number: int, name: str, sleep: Callable[[float], None] = time.sleep) -> bool:
    """Return what became of a transaction of a PostgreSQL server, also while that is still ending or starting."""
    for again in range(ASKED):
        try:
            with engine.connect() as connection:
                state = connection.execute(text("SELECT txid_status(:number)"), {"number": number}).scalar()
        except DBAPIError:
            state = None
        if state in ("committed", "aborted"):
            return bool(state == "committed")
        sleep(PAUSE * 2**again)
    raise StoreError(name, "the connection was lost during a commit, and the server cannot be asked whether it is done")
