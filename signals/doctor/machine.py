"""The database, the disk that it is on, and the clock."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from signals.app import App
from signals.store import wall_clock
from signals.store.wall_clock import LateRun
from signals.types import Finding

SPARE = 500_000_000  # bytes that a run may need beside its database, for its own rows and the log of their writing


def database_problems(app: App) -> Sequence[str]:
    """Return what the database's own checks find wrong."""
    return app.store.problems()


def unsound(problems: Sequence[str]) -> Iterable[Finding]:
    """Yield what the database's own checks find wrong."""
    for problem in problems:
        yield Finding("database", problem, "stop every run, restore the last backup, and run `signals rebuild` there")


@dataclass(frozen=True, slots=True)
class Disk:
    """The folder of a SQLite file, the size of the file, and the bytes that are free there."""

    folder: str
    database: int
    free: int


def disk_space(app: App) -> Disk | None:
    """Return how much space is free; None where the database is a server's."""
    path = app.store.file
    if path is None:
        return None
    return Disk(str(path.parent), path.stat().st_size, shutil.disk_usage(path.parent).free)


def full(disk: Disk | None) -> Iterable[Finding]:
    """Yield a finding if the disk may become full: an upgrade copies the file, a rebuild writes all of it again."""
    if disk is not None and disk.free < disk.database + SPARE:
        needed = (disk.database + SPARE) // 10**6
        yield Finding(
            "disk",
            f"{disk.free // 10**6:,} MB are free in {disk.folder}; a rebuild or an upgrade may want {needed:,} MB",
            "free some space there, or run `signals prune --before DATE`",
        )


@dataclass(frozen=True, slots=True)
class WrongClock:
    """What a clock says that shows an instant before a run, which run that is, and what to do."""

    now: datetime
    run: LateRun
    advice: str


def clock(app: App) -> WrongClock | None:
    """Return what is wrong with the clock, if something is."""
    now = app.now()
    with app.store.read() as db:
        late = wall_clock.late_run(db, now)
        return None if late is None else WrongClock(now, late, wall_clock.advice(db, now))


def gone_back(wrong: WrongClock | None) -> Iterable[Finding]:
    """Yield a finding if the clock shows a time before a run: no run begins under it."""
    if wrong is not None:
        yield Finding("clock", f"it says {wrong.now:%Y-%m-%d %H:%M} UTC, and {wrong.run}", wrong.advice)
