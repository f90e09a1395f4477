"""Who is at work now: the schedulers that are running, and where a run is.

A run that derives holds SQLite's write lock throughout, so these rows are in a small file of their own beside the
database, `<database>.now`. A PostgreSQL server has them with its other tables, written by a connection of their own.
They are told as they are and never waited for: what cannot be written or read is as if nobody were at work.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, Executable, select

from signals.errors import StoreError
from signals.store.bulk import upsert
from signals.store.engine import one_sentence, open_engine
from signals.store.tables import metadata, progress, schedulers
from signals.types import ProgressRow, SchedulerRow

log = logging.getLogger(__name__)

SILENT = timedelta(days=7)  # after this long without a beat a scheduler is no longer listed
Record = TypeVar("Record")

FORM = 1  # of the file beside a SQLite database; one of another form is begun anew


class Presence:
    """The rows of one store about who is at work."""

    def __init__(self, engine: Engine, file: Path | None) -> None:
        self._server = engine
        self._file = file

    @property
    def _beside(self) -> Path | None:
        return None if self._file is None else Path(f"{self._file}.now")

    @cached_property
    def _engine(self) -> Engine:
        beside = self._beside
        if beside is None:
            return self._server
        engine = open_engine(f"sqlite:///{beside}")
        with one_sentence(beside.name), engine.connect().execution_options(writes=True) as db, db.begin():
            if db.exec_driver_sql("PRAGMA user_version").scalar_one() != FORM:
                metadata.drop_all(db, (progress, schedulers))
                metadata.create_all(db, (progress, schedulers))
                db.exec_driver_sql(f"PRAGMA user_version = {FORM}")
        return engine

    @contextmanager
    def _opened(self) -> Iterator[Connection]:
        with (
            one_sentence("the rows of who is at work"),
            self._engine.connect().execution_options(writes=True) as db,
            db.begin(),
        ):
            yield db

    def _rows(self, record: Callable[..., Record], query: Executable) -> list[Record]:
        """Return the rows of a query as records; who only reads makes no file."""
        rows: list[Record] = []
        if self._beside is None or self._beside.exists():
            with _quietly(), self._opened() as db:
                rows += (record(*row) for row in db.execute(query))
        return rows

    def report(self, row: ProgressRow) -> None:
        """Write where a run is; only the last run has a row."""
        with _quietly(), self._opened() as db:
            db.execute(progress.delete().where(progress.c.run_id != row.run_id))
            upsert(db, progress, [asdict(row)])

    def progress(self, run_id: int) -> ProgressRow | None:
        """Return where a run is, or was when it was killed."""
        rows = self._rows(ProgressRow, select(progress).where(progress.c.run_id == run_id))
        return rows[0] if rows else None

    def beat(
        self, name: str, started_at: datetime, now: datetime, next_job: str | None, next_at: datetime | None
    ) -> None:
        """Write that a scheduler is running and what it does next; those that have long been silent are deleted.

        So are those that beat in the future, by a clock that was wrong.
        """
        alive = schedulers.c.beat_at.between(now - SILENT, now + SILENT)
        row = {"name": name, "started_at": started_at, "beat_at": now, "next_job": next_job, "next_at": next_at}
        with _quietly(), self._opened() as db:
            db.execute(schedulers.delete().where(~alive))
            upsert(db, schedulers, [row])

    def sign_off(self, name: str) -> None:
        """Write that a scheduler has stopped as it should."""
        with _quietly(), self._opened() as db:
            db.execute(schedulers.delete().where(schedulers.c.name == name))

    def schedulers(self) -> list[SchedulerRow]:
        """Return the schedulers that are running."""
        return self._rows(SchedulerRow, select(schedulers).order_by(schedulers.c.name))


@contextmanager
def _quietly() -> Iterator[None]:
    """Go on without what cannot be written or read; a full disk is reported by the run itself."""
    try:
        yield
    except StoreError as error:
        log.debug("%s", error)
