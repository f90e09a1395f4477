"""The database, the disk that it is on, and the clock."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from signals.app import App
from signals.store import run_log
from signals.types import Finding

SPARE = 500_000_000  # bytes that a run may want beside its database, for its own rows and the log of their writing
BACK = timedelta(minutes=5)  # by how much a clock may go back without harm


def database_problems(app: App) -> Sequence[str]:
    """Return what the database's own checks find wrong."""
    return app.store.problems()


def unsound(problems: Sequence[str]) -> Iterable[Finding]:
    """Say what the database's own checks find wrong."""
    for problem in problems:
        yield Finding("database", problem, "stop every run, restore the last backup, and run `signals rebuild` there")


@dataclass(frozen=True, slots=True)
class Disk:
    """The folder of a SQLite file, the size of the file, and the bytes that are free there."""

    folder: str
    database: int
    free: int


def disk_space(app: App) -> Disk | None:
    """Return how much room there is; None where the database is a server's."""
    if not app.store.is_sqlite:
        return None
    path = Path(str(app.store.engine.url.database)).resolve()
    return Disk(str(path.parent), path.stat().st_size, shutil.disk_usage(path.parent).free)


def full(disk: Disk | None) -> Iterable[Finding]:
    """Say that the disk may be full before long: an upgrade copies the file, a rebuild writes all of it again."""
    if disk is not None and disk.free < disk.database + SPARE:
        needed = (disk.database + SPARE) // 10**6
        yield Finding(
            "disk",
            f"{disk.free // 10**6:,} MB are free in {disk.folder}; a rebuild or an upgrade may want {needed:,} MB",
            "make room there, or run `signals prune --before DATE`",
        )


def clock(app: App) -> tuple[datetime, datetime | None]:
    """Return the time now, and when the last run began."""
    with app.store.read() as db:
        started_at = run_log.last_started(db)
    return app.now(), started_at


def gone_back(times: tuple[datetime, datetime | None]) -> Iterable[Finding]:
    """Say that the clock stands before the last run."""
    now, last = times
    if last is not None and last > now + BACK:
        yield Finding(
            "clock",
            f"it says {now:%Y-%m-%d %H:%M} UTC and the last run began at {last:%Y-%m-%d %H:%M} UTC",
            "set it, or have it set over the network; sessions and slots depend on it",
        )
