"""One run: stages in their order, under the store's lock, in the run log."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import signals
from signals.app import App
from signals.config import DEFAULT_STAGES
from signals.errors import LockedError, StoreError, sentence
from signals.logs import current_run
from signals.pipeline import Progress, RunContext
from signals.pipeline.config_mirror import mirrored_instruments
from signals.runs import killed
from signals.runs import stages as run_stages
from signals.runs.killed import KilledRun
from signals.runs.progress import RunProgress
from signals.runs.run_clock import RunClock
from signals.store import run_log, status, wall_clock
from signals.store.run_log import RunStats
from signals.types import Stage

log = logging.getLogger(__name__)

Work = Callable[[App, RunContext, RunStats, RunProgress], None]
RECORDED = 4  # times that the end of a run is tried to be recorded, with pauses that double from a second on


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
    with _notified(app, job, slot) as stats, _opened(app):
        _logged(app, job, slot, _stages(stages), stats, progress)
    return stats


def run_slot_once(
    app: App,
    job: str,
    slot: datetime,
    stages: Sequence[Stage] = DEFAULT_STAGES,
    progress: Progress | None = None,
    unbegun: bool = True,
) -> RunStats | None:
    """Do a slot of a job unless it has been done, also by another scheduler meanwhile; None if it has.

    Parameters
    ----------
    app, job, slot, stages, progress
        As for `run`.
    unbegun
        Whether a notice is sent, too, of a run that cannot begin.

    Raises
    ------
    LockedError
        Another run holds the lock.
    """
    with _notified(app, job, slot, unbegun) as stats, _opened(app):
        with app.store.read() as db:
            if any(state == "done" for state, _ in run_log.attempts(db, job, slot)):
                return None
        _logged(app, job, slot, _stages(stages), stats, progress)
    return stats


def _stages(stages: Sequence[Stage]) -> Work:
    return lambda app, context, stats, progress: run_stages.run_stages(app, stages, context, stats, progress)


def rebuild(app: App, since: datetime | None, progress: Progress | None = None) -> RunStats:
    """Derive mentions, stories, events, moves and links again from the facts."""

    def work(app: App, context: RunContext, stats: RunStats, progress: RunProgress) -> None:
        run_stages.rebuild(app, since, context, stats, progress)

    with _opened(app):
        return _logged(app, "rebuild", app.now(), work, RunStats(), progress)


def ingest_files(app: App, files: Sequence[Path], source: str, progress: Progress | None = None) -> RunStats:
    """Read files through a configured source."""

    def work(app: App, context: RunContext, stats: RunStats, progress: RunProgress) -> None:
        run_stages.ingest_files(app, files, source, context, stats, progress)

    with _opened(app):
        return _logged(app, "ingest", app.now(), work, RunStats(), progress)


def repair_clock(app: App, sure: bool = False, progress: Progress | None = None) -> dict[str, int]:
    """Take back what runs learned while the clock was ahead, and derive everything again; returns the rows by kind.

    Raises
    ------
    ClockError
        The clock seems to be behind now, and `sure` does not say otherwise.
    """
    counts: dict[str, int] = {}

    def work(app: App, context: RunContext, stats: RunStats, progress: RunProgress) -> None:
        counts.update(run_stages.repair_clock(app, context, stats, progress))

    with app.store.lock():
        prepare(app)
        with app.store.read() as db:
            if wall_clock.late_run(db, app.now()) is None:
                return {}
            if not sure:
                wall_clock.require_no_bar_ahead(db, app.now())
        killed.close_killed(app)
        _logged(app, "repair-clock", app.now(), work, RunStats(), progress)
    return counts


@contextmanager
def _opened(app: App) -> Iterator[None]:
    """Hold the lock of a store that a run may write, with the end of killed runs recorded."""
    with app.store.lock():
        app.require_clock()
        prepare(app)
        killed.close_killed(app)
        yield


def close_killed(app: App) -> list[KilledRun]:
    """Record the end of runs that were killed and return them; nothing while a run is at work."""
    if not killed.has_open_run(app):
        return []
    try:
        with app.store.lock():
            app.require_clock()
            prepare(app)
            return killed.close_killed(app)
    except LockedError:
        return []


@contextmanager
def _notified(app: App, job: str, slot: datetime, unbegun: bool = True) -> Iterator[RunStats]:
    """Give a run its stats, and send a notice of its end, with the lock free again, if the configuration asks for it.

    Another run that holds the lock, or a slot that has been done already, is no end of a run.
    """
    stats = RunStats()
    current_run.set(None)
    if app.config.notify is None:
        yield stats
        return
    from signals.runs import notices  # start-up: its library is slow, and few configurations send

    target = notices.target(app.config.notify, str(app.config.path), os.environ)

    def send(error: BaseException | None) -> None:
        if unbegun or current_run.get() is not None:
            notices.send(target, notices.Notice.of(job, slot, current_run.get(), stats, app.store.name, error))

    try:
        for one in close_killed(app):
            notices.send(target, notices.Notice.of_killed(one, app.store.name))
        yield stats
    except LockedError:
        raise
    except (Exception, KeyboardInterrupt) as error:
        send(error)
        raise
    if current_run.get() is not None:
        send(None)


def _logged(
    app: App, job: str, slot: datetime, work: Work, stats: RunStats, progress: Progress | None = None
) -> RunStats:
    """Do work as a run of the run log; the caller holds the lock. What is committed is done, whatever comes after."""
    clock = RunClock(app.now)
    app = replace(app, now=clock)
    with app.store.write() as db:
        run_id = run_log.begin(db, job, slot, clock.began, signals.__version__)
    current_run.set(run_id)
    log.info("run %d begins: %s, slot %s", run_id, job, slot.isoformat())
    try:
        with app.store.written_by(run_id, clock.require_steady), RunProgress(app, run_id, progress) as followed:
            work(app, RunContext(run_id, clock.began), stats, followed)
        _record_end(app, run_id, stats)
    except (Exception, KeyboardInterrupt) as error:
        _log_failure(app, run_id, stats, sentence(error))
        raise
    log.info("run %d is done: %s", run_id, stats.counts())
    try:
        app.store.update_statistics(stats.links)
    except StoreError as error:
        log.info("no statistics: %s", error)
    return stats


def _record_end(app: App, run_id: int, stats: RunStats) -> None:
    """Record that a run is done; a server that does not answer for a moment is asked again."""
    for again in range(RECORDED):
        try:
            with app.store.write(of_run=False) as db:
                if stats.links:  # an empty run need not look through all links
                    stats.events_moved = status.events_moved(db, run_id)
                run_log.finish(db, run_id, "done", stats, app.now(), gaps=len(status.gaps(db, app.now())))
        except StoreError:
            if again == RECORDED - 1:
                raise
            time.sleep(2**again)
        else:
            return


def _log_failure(app: App, run_id: int, stats: RunStats, error: str) -> None:
    """Record what ended a run; if not even that can be written, the next run finds it running and calls it killed."""
    try:
        with app.store.write(of_run=False) as db:
            run_log.finish(db, run_id, "failed", stats, app.now(), error)
    except StoreError as second:
        log.info("the end of run %d could not be recorded: %s", run_id, second)
