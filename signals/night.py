"""One run: the strokes in order, under the store's lock, in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import signals
from signals.app import App
from signals.errors import SignalsError
from signals.pipeline import Progress, Stamped
from signals.store import ledger

STROKES = ("ingest", "refresh", "score")

Work = Callable[[Stamped, ledger.Tally], None]


def night(
    app: App, job: str, slot: datetime, strokes: Sequence[str] = STROKES, progress: Progress | None = None
) -> ledger.Tally:
    """Do one night for a slot of a job; the same slot twice ends in the same rows.

    Raises
    ------
    LockedError
        Another run holds the lock.
    """
    return _recorded(app, job, slot, lambda run, tally: app.work(strokes, run, tally, progress or _silent))


def rebuild(app: App, since: datetime | None, progress: Progress | None = None) -> ledger.Tally:
    """Derive mentions, stories, events, moves and links again from the facts."""
    return _recorded(app, "rebuild", app.now(), lambda run, tally: app.rebuild(since, run, tally, progress or _silent))


def ingest_files(app: App, files: Sequence[Path], source: str, progress: Progress | None = None) -> ledger.Tally:
    """Read files through a configured source."""

    def work(run: Stamped, tally: ledger.Tally) -> None:
        app.ingest_files(files, source, run, tally, progress or _silent)

    return _recorded(app, "ingest", app.now(), work)


def _recorded(app: App, job: str, slot: datetime, work: Work) -> ledger.Tally:
    tally = ledger.Tally()
    with app.store.lock():
        app.prepare()
        with app.store.write() as db:
            run_id = ledger.begin(db, job, slot, app.now(), signals.__version__)
        try:
            work(Stamped(run_id, app.now()), tally)
        except (Exception, KeyboardInterrupt) as error:
            with app.store.write() as db:
                said = str(error) if isinstance(error, SignalsError) else f"{type(error).__name__}: {error}"
                ledger.finish(db, run_id, "failed", tally, app.now(), said)
            raise
        with app.store.write() as db:
            ledger.finish(db, run_id, "done", tally, app.now())
    return tally


def _silent(_what: str, _done: int, _of: int) -> None:
    pass
