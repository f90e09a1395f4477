"""Runs that were killed: they recorded no end, so the next start records it, and tells of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from signals.app import App
from signals.store import run_log
from signals.store.run_log import OpenRun

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KilledRun:
    """A run that was killed, and where it was: its stage, what it did there, and since when."""

    run_id: int
    job: str
    slot: datetime
    started_at: datetime
    where: str

    def __str__(self) -> str:
        return f"the attempt of {self.started_at:%Y-%m-%d %H:%M} UTC was killed {self.where}"


def close_killed(app: App) -> list[KilledRun]:
    """Record the end of runs that were killed and return them; the caller holds the lock."""
    with app.store.write() as db:
        closed = [
            KilledRun(one.run_id, one.job, one.slot, one.started_at, _where(app, one))
            for one in run_log.without_end(db)
        ]
        for one in closed:
            run_log.close_killed(db, one.run_id, app.now(), one.where)
    for one in closed:
        log.warning("run %d (%s): %s", one.run_id, one.job, one)
    return closed


def has_open_run(app: App) -> bool:
    """Return whether a run has no end yet: it is at work, or was killed."""
    if app.store.revisions()[0] is None:
        return False
    with app.store.read() as db:
        return bool(run_log.without_end(db))


def _where(app: App, run: OpenRun) -> str:
    if run.stage is None:
        return "between two stages"
    at = app.store.presence.progress(run.run_id)
    if at is None or at.stage != run.stage:
        return f"in {run.stage}"
    count = f" ({at.done} of {at.total})" if at.total else ""
    return f"in {run.stage}: {at.doing}{count}, since {at.since:%Y-%m-%d %H:%M} UTC"
