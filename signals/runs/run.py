"""One run: stages in their order, under the store's lock, in the run log."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import signals
from signals.app import App
from signals.config import DEFAULT_STAGES
from signals.errors import LockedError, StoreError, sentence
from signals.logs import current_run
from signals.pipeline import Progress, RunContext
from signals.pipeline.config_mirror import mirrored_instruments
from signals.runs import stages as run_stages
from signals.store import run_log, status
from signals.store.run_log import RunStats
from signals.types import Stage

log = logging.getLogger(__name__)

Work = Callable[[RunContext, RunStats], None]


def prepare(app: App) -> None:
    """Bring a SQLite schema up to date, and make sure that the markets of the configuration are known."""
    app.require_schema(upgrade=app.store.is_sqlite)
    mirrored_instruments(app.plan)


def run(
    app: App, job: str, slot: datetime, stages: Sequence[Stage] = DEFAULT_STAGES, progress: Progress | None = None
) -> RunStats:
    """Do one run for a slot of a job; the same slot twice ends in the same rows.

    Raises
    ------
    LockedError
        Another run holds the lock.
    """
    with _notified(app, job, slot) as stats:
        _prepared(app, job, slot, _stages(app, stages, progress), stats)
    return stats


def run_slot_once(
    app: App, job: str, slot: datetime, stages: Sequence[Stage] = DEFAULT_STAGES, progress: Progress | None = None
) -> RunStats | None:
    """Do a slot of a job unless it has been done, also by another scheduler meanwhile; None if it has.

    Raises
    ------
    LockedError
        Another run holds the lock.
    """
    with _notified(app, job, slot) as stats, app.store.lock():
        prepare(app)
        with app.store.read() as db:
            if any(state == "done" for state, _ in run_log.attempts(db, job, slot)):
                return None
        _logged(app, job, slot, _stages(app, stages, progress), stats)
    return stats


def _stages(app: App, stages: Sequence[Stage], progress: Progress | None) -> Work:
    return lambda context, stats: run_stages.run_stages(app, stages, context, stats, progress or _silent)


def rebuild(app: App, since: datetime | None, progress: Progress | None = None) -> RunStats:
    """Derive mentions, stories, events, moves and links again from the facts."""

    def work(context: RunContext, stats: RunStats) -> None:
        run_stages.rebuild(app, since, context, stats, progress or _silent)

    stats = RunStats()
    _prepared(app, "rebuild", app.now(), work, stats)
    return stats


def ingest_files(app: App, files: Sequence[Path], source: str, progress: Progress | None = None) -> RunStats:
    """Read files through a configured source."""

    def work(context: RunContext, stats: RunStats) -> None:
        run_stages.ingest_files(app, files, source, context, stats, progress or _silent)

    stats = RunStats()
    _prepared(app, "ingest", app.now(), work, stats)
    return stats


@contextmanager
def _notified(app: App, job: str, slot: datetime) -> Iterator[RunStats]:
    """Give a run its stats, and send a notice of its end, with the lock free again, if the configuration asks for it.

    Another run that holds the lock, or a slot that has been done already, is no end of a run.
    """
    stats = RunStats()
    if app.config.notify is None:
        yield stats
        return
    from signals.runs import notices  # start-up: its library is slow, and few configurations send

    target = notices.target(app.config.notify, str(app.config.path), os.environ)
    current_run.set(None)

    def send(error: BaseException | None) -> None:
        notices.send(target, notices.Notice.of(job, slot, current_run.get(), stats, app.store.name, error))

    try:
        yield stats
    except LockedError:
        raise
    except (Exception, KeyboardInterrupt) as error:
        send(error)
        raise
    if current_run.get() is not None:
        send(None)


def _prepared(app: App, job: str, slot: datetime, work: Work, stats: RunStats) -> None:
    with app.store.lock():
        prepare(app)
        _logged(app, job, slot, work, stats)


def _logged(app: App, job: str, slot: datetime, work: Work, stats: RunStats) -> None:
    """Do work as a run of the run log; the caller holds the lock."""
    with app.store.write() as db:
        run_id = run_log.begin(db, job, slot, app.now(), signals.__version__)
    current_run.set(run_id)
    log.info("run %d begins: %s, slot %s", run_id, job, slot.isoformat())
    try:
        work(RunContext(run_id, app.now()), stats)
        app.store.update_statistics(stats.links)
        with app.store.write() as db:
            if stats.links:  # an empty run need not look through all links
                stats.events_moved = status.events_moved(db, run_id)
            run_log.finish(db, run_id, "done", stats, app.now(), gaps=len(status.gaps(db, app.now())))
    except (Exception, KeyboardInterrupt) as error:
        _log_failure(app, run_id, stats, sentence(error))
        raise
    log.info("run %d is done: %s", run_id, stats.counts())


def _log_failure(app: App, run_id: int, stats: RunStats, error: str) -> None:
    """Record what ended a run; if not even that can be written, the next run finds it running and calls it killed."""
    try:
        with app.store.write() as db:
            run_log.finish(db, run_id, "failed", stats, app.now(), error)
    except StoreError as second:
        log.info("the end of run %d could not be recorded: %s", run_id, second)


def _silent(_what: str, _done: int, _of: int) -> None:
    pass
