"""One run: the strokes in order, under the store's lock, in the ledger."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import signals
from signals.app import App
from signals.errors import LockedError, StoreError, sentence
from signals.logs import current_run
from signals.pipeline import Progress, Stamped
from signals.store import run_log, status

log = logging.getLogger(__name__)

STROKES = ("ingest", "refresh", "score")

Work = Callable[[Stamped, run_log.Tally], None]


def night(
    app: App, job: str, slot: datetime, strokes: Sequence[str] = STROKES, progress: Progress | None = None
) -> run_log.Tally:
    """Do one night for a slot of a job; the same slot twice ends in the same rows.

    Raises
    ------
    LockedError
        Another run holds the lock.
    """
    with _told(app, job, slot) as tally:
        _recorded(app, job, slot, lambda run, tally: app.work(strokes, run, tally, progress or _silent), tally)
    return tally


def slot_once(
    app: App, job: str, slot: datetime, strokes: Sequence[str] = STROKES, progress: Progress | None = None
) -> run_log.Tally | None:
    """Do a slot of a job unless it has been done, also by another scheduler meanwhile; None if it has.

    Raises
    ------
    LockedError
        Another run holds the lock.
    """
    with _told(app, job, slot) as tally, app.store.lock():
        app.prepare()
        with app.store.read() as db:
            if any(state == "done" for state, _ in run_log.attempts(db, job, slot)):
                return None
        _run(app, job, slot, lambda run, tally: app.work(strokes, run, tally, progress or _silent), tally)
    return tally


def rebuild(app: App, since: datetime | None, progress: Progress | None = None) -> run_log.Tally:
    """Derive mentions, stories, events, moves and links again from the facts."""
    tally = run_log.Tally()
    _recorded(app, "rebuild", app.now(), lambda run, tally: app.rebuild(since, run, tally, progress or _silent), tally)
    return tally


def ingest_files(app: App, files: Sequence[Path], source: str, progress: Progress | None = None) -> run_log.Tally:
    """Read files through a configured source."""

    def work(run: Stamped, tally: run_log.Tally) -> None:
        app.ingest_files(files, source, run, tally, progress or _silent)

    tally = run_log.Tally()
    _recorded(app, "ingest", app.now(), work, tally)
    return tally


@contextmanager
def _told(app: App, job: str, slot: datetime) -> Iterator[run_log.Tally]:
    """Give a night its tally, and send a notice of its end, with the lock free again, where the configuration wants it.

    Another run in the way, or a slot that has been done already, is no end of a night.
    """
    tally = run_log.Tally()
    if app.config.notify is None:
        yield tally
        return
    from signals.runs import notices

    target = notices.target(app.config.notify, str(app.config.path), os.environ)
    current_run.set(None)

    def end(error: BaseException | None) -> None:
        notices.send(target, notices.Notice.of(job, slot, current_run.get(), tally, app.store.name, error))

    try:
        yield tally
    except LockedError:
        raise
    except (Exception, KeyboardInterrupt) as error:
        end(error)
        raise
    if current_run.get() is not None:
        end(None)


def _recorded(app: App, job: str, slot: datetime, work: Work, tally: run_log.Tally) -> None:
    with app.store.lock():
        app.prepare()
        _run(app, job, slot, work, tally)


def _run(app: App, job: str, slot: datetime, work: Work, tally: run_log.Tally) -> None:
    """Do work as a run of the ledger; the caller holds the lock."""
    with app.store.write() as db:
        run_id = run_log.begin(db, job, slot, app.now(), signals.__version__)
    current_run.set(run_id)
    log.info("run %d begins: %s, slot %s", run_id, job, slot.isoformat())
    try:
        work(Stamped(run_id, app.now()), tally)
        with app.store.write() as db:
            run_log.finish(db, run_id, "done", tally, app.now(), gaps=len(status.gaps(db, app.now())))
    except (Exception, KeyboardInterrupt) as error:
        _note_failure(app, run_id, tally, sentence(error))
        raise
    log.info("run %d is done: %s", run_id, tally.counts())


def _note_failure(app: App, run_id: int, tally: run_log.Tally, said: str) -> None:
    """Say in the ledger what ended a run; where not even that can be written, the next run finds it running: killed."""
    try:
        with app.store.write() as db:
            run_log.finish(db, run_id, "failed", tally, app.now(), said)
    except StoreError as second:
        log.info("the end of run %d could not be noted: %s", run_id, second)


def _silent(_what: str, _done: int, _of: int) -> None:
    pass
