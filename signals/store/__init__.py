"""The database: the only hand-over between the stages, and the only entry point of SQLAlchemy.

`Store` opens it; the other files hold the verbs, each taking an open connection.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from signals.store import run_log
from signals.store.cache import Cache
from signals.store.commit import committed
from signals.store.engine import (
    database_file,
    database_name,
    has_current_views,
    one_sentence,
    open_engine,
    revisions,
    upgrade,
)
from signals.store.locking import Check, locked
from signals.store.presence import Presence

__all__ = ["Connection", "Store"]


@dataclass(frozen=True, slots=True)
class Writer:
    """The run that writes a store, and what else must hold when it commits."""

    run_id: int
    check: Check


class Store:
    """One database, opened by URL."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self.name = database_name(url)
        self.presence = Presence(self.engine, self.file)
        self._check_lock: Check | None = None  # while it is held
        self._writer: Writer | None = None

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a SQLite file."""
        return self.engine.dialect.name == "sqlite"

    @property
    def cache(self) -> Cache | None:
        """The folder of results that can be made again: beside a SQLite file; elsewhere there is none."""
        return Cache(Path(f"{self.file}.cache")) if self.file else None

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database, links followed; None elsewhere."""
        return database_file(self.engine.url) if self.is_sqlite else None

    def revisions(self) -> tuple[str | None, str]:
        """Return the schema of the database and the newest known; see `engine.revisions`."""
        return revisions(self.engine)

    def has_current_views(self) -> bool:
        """Return whether the views are those of this program; the schema must be the newest."""
        return has_current_views(self.engine)

    def upgrade(self) -> bool:
        """Bring the schema and the views up to date; see `engine.upgrade`."""
        return upgrade(self.engine)

    def vacuum(self) -> None:
        """Return the space of deleted rows to the disk."""
        with one_sentence(self.name), self.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT", vacuums=True)
            alone.exec_driver_sql("VACUUM")

    def update_statistics(self, links: int) -> None:
        """Give PostgreSQL its statistics where it knows of fewer links than were written, or of none.

        Its own daemon does so within minutes. Until then a plan made for empty tables can take minutes for a query.
        """
        if self.is_sqlite or not links:
            return
        with one_sentence(self.name), self.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            counted = alone.exec_driver_sql("SELECT reltuples FROM pg_class WHERE oid = 'links'::regclass").scalar_one()
            if counted < links:
                alone.exec_driver_sql("ANALYZE")

    def problems(self) -> list[str]:
        """Return what the database's own checks find wrong; empty for a sound one."""
        if not self.is_sqlite:
            return []
        with self.read() as db:
            broken = [str(row[0]) for row in db.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
            keys = [
                f"{row[0]} row {row[1]} refers to a missing {row[2]}"
                for row in db.exec_driver_sql("PRAGMA foreign_key_check")
            ]
        return broken + keys

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock that lets one run at a time write this store; see `locking.locked`.

        No transaction is committed once the lock is lost.
        """
        with locked(self.engine, self.name) as self._check_lock:
            try:
                yield
            finally:
                self._check_lock = None

    @contextmanager
    def written_by(self, run_id: int, check: Check) -> Iterator[None]:
        """Let a run write: nothing once another run has closed it, and nothing that a check of its own forbids.

        No other run can close it while it has a transaction open.
        """
        self._writer = Writer(run_id, check)
        try:
            yield
        finally:
            self._writer = None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection that sees one state of the database throughout."""
        with self._connection(writes=False) as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self, of_run: bool = True) -> Iterator[Connection]:
        """Open a transaction: committed whole at the end, or not at all.

        Parameters
        ----------
        of_run
            Whether it is work of the run that holds the lock. How that run ended is true without the lock.

        Raises
        ------
        LostLockError
            The lock was lost meanwhile.
        """
        with self._connection(writes=True) as connection, committed(connection, self.name):
            writer = self._writer if of_run else None
            if writer is not None:
                run_log.require_running(connection, writer.run_id, self.name)
            yield connection
            if writer is not None:
                writer.check()
            if of_run and self._check_lock is not None:
                self._check_lock()

    @contextmanager
    def _connection(self, writes: bool) -> Iterator[Connection]:
        options: dict[str, object] = {"writes": writes}
        if not writes and not self.is_sqlite:  # which sees one state anyway
            options["isolation_level"] = "REPEATABLE READ"
        with one_sentence(self.name), self.engine.connect().execution_options(**options) as connection:
            yield connection
