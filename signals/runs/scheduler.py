"""The long-running scheduler. Several schedulers, and `signals run --job`, do each slot of a job once among them.

The run log says what is due, and is read again under the store's lock. So a slot that was missed or whose run was
killed is caught up, by whichever scheduler looks first. The library reads cron lines; it does not wake the program,
because it waits by the wall clock: after a clock that was ahead it would sleep for as long.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from signals.app import App
from signals.config import Job
from signals.errors import ConfigError, LockedError, SignalsError
from signals.logs import current_run
from signals.pipeline import Progress
from signals.runs import notices
from signals.runs.notices import Notice
from signals.runs.run import close_killed, prepare, run_slot_once
from signals.store import run_log
from signals.store.run_log import RunStats

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(days=8)  # how far back a missed slot is looked for; a run reads everything since anyway
CHECK_EVERY = timedelta(minutes=1)  # how often a slot that another run held up, or whose run was killed, is looked for
HEARTBEAT = timedelta(minutes=1)
ATTEMPTS = 6  # at a slot whose runs fail; the pause before the next doubles from PAUSE on
PAUSE = timedelta(minutes=5)


class Slots(CronTrigger):  # type: ignore[misc]  # the library ships without types
    """When a job runs: a cron line in a zone, in which a wall-clock hour that comes twice counts once.

    In autumn an hour comes twice, and a run at 02:30 is to be done the first time only. A job of every hour or of
    minutes goes on through both.
    """

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """Return the first slot after another one, or from an instant on."""
        slot: datetime | None = super().get_next_fire_time(previous, now)
        while slot is not None and slot.fold and not str(self.fields[_HOUR]).startswith("*"):
            slot = super().get_next_fire_time(slot, slot)
        return slot


_HOUR = CronTrigger.FIELD_NAMES.index("hour")


def trigger(job: Job) -> Slots:
    """Return when a job runs.

    Raises
    ------
    ConfigError
        Its cron line cannot be read.
    """
    try:
        slots: Slots = Slots.from_crontab(job.cron, timezone=ZoneInfo(job.timezone))
    except ValueError as error:
        raise ConfigError(f"schedule.{job.name}.cron", f"{error}; write five fields, as in '30 3 * * *'") from None
    return slots


def last_slot(when: Slots, after: datetime, now: datetime) -> datetime | None:
    """Return the latest slot in ``(after, now]`` in UTC, or None if none fell there."""
    latest = None
    slot = when.get_next_fire_time(after, after)
    while slot is not None and slot <= now:
        latest, slot = slot, when.get_next_fire_time(slot, slot)
    return None if latest is None else latest.astimezone(UTC)


def due(app: App, job: Job) -> datetime | None:
    """Return the latest slot of a job that has passed and has not been done.

    Older ones that were missed are left out: a run reads everything since, so one catches up for all.
    """
    now = app.now()
    with app.store.read() as db:
        done = run_log.last_done_slot(db, [job.name], now).get(job.name)
    return last_slot(trigger(job), max(done or now - LOOK_BACK, now - LOOK_BACK), now)


def run_slot(app: App, job: Job, progress: Progress | None = None) -> RunStats | None:
    """Do the slot of a job that is due; None if none is, also because another scheduler has done it meanwhile."""
    app.require_schema(upgrade=app.store.is_sqlite)
    slot = due(app, job)
    return None if slot is None else run_slot_once(app, job.name, slot, job.stages, progress)


def is_on_hold(app: App, job: Job, slot: datetime) -> bool:
    """Return whether a slot whose runs failed or were killed is to be left alone for now, or for good."""
    with app.store.read() as db:
        failed = [started for state, started in run_log.attempts(db, job.name, slot) if state in ("failed", "killed")]
    return bool(failed) and (len(failed) >= ATTEMPTS or app.now() < failed[-1] + PAUSE * 2 ** (len(failed) - 1))


class Trouble:
    """What keeps a job from beginning: said once, until it is something else."""

    def __init__(self) -> None:
        self._last: dict[str, str] = {}

    def is_new(self, job: str, problem: str) -> bool:
        """Return whether a job has another problem than at the last look."""
        before, self._last[job] = self._last.get(job), problem
        return before != problem

    def is_over(self, job: str) -> None:
        """Forget what was said of a job that can begin."""
        self._last.pop(job, None)


def do_due(app: App, job: Job, trouble: Trouble | None = None) -> None:
    """Do what is due of a job; what goes wrong is logged, and the scheduler goes on."""
    trouble = trouble or Trouble()
    current_run.set(None)
    try:
        _send(app, (Notice.of_killed(one, app.store.name) for one in close_killed(app)))
        slot = due(app, job)
        if slot is not None and not is_on_hold(app, job, slot):
            run_slot_once(app, job.name, slot, job.stages, unbegun=False)
        trouble.is_over(job.name)
    except LockedError as error:
        log.info("%s waits: %s", job.name, error)
    except SignalsError as error:
        if current_run.get() is not None:
            log.error("%s: %s", job.name, error)
        elif trouble.is_new(job.name, str(error)):
            log.error("%s: %s", job.name, error)
            _send(app, [Notice.of(job.name, app.now(), None, RunStats(), app.store.name, error)])
    except Exception:
        log.exception("%s failed", job.name)


def _send(app: App, about: Iterable[Notice]) -> None:
    """Send notices, if the configuration asks for them."""
    for notice in about:
        if app.config.notify is not None:
            notices.send(notices.target(app.config.notify, str(app.config.path), os.environ), notice)


def serve(app: App) -> None:
    """Run the jobs of the configuration until SIGTERM or Ctrl-C; a run that has begun is finished first.

    Waiting is by a clock that nobody sets, a minute at most. So a slot is never missed for longer than that, whatever
    the wall clock does meanwhile, and when a machine wakes up.
    """
    if not app.config.jobs:
        raise ConfigError(
            str(app.config.path), "schedule: there is no job; add one such as nightly: {cron: '30 3 * * *'}"
        )
    for job in app.config.jobs:
        trigger(job)  # its problems are raised now, and those of the notices
    if app.config.notify is not None:
        notices.target(app.config.notify, str(app.config.path), os.environ)
    prepare(app)
    stopped = Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: _stop(stopped))
    signal.signal(signal.SIGINT, lambda _number, _frame: _stop(stopped))
    heart = Thread(target=_beat_until, args=[app, stopped], name="heartbeat", daemon=True)
    heart.start()
    trouble = Trouble()
    while not stopped.is_set():
        for job in app.config.jobs:
            if not stopped.is_set():
                do_due(app, job, trouble)
        stopped.wait(_seconds_to_next(app))
    heart.join()


def _stop(stopped: Event) -> None:
    """Stop after the run that is under way; a second Ctrl-C ends that, too."""
    log.info("stopping after the run that is under way")
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    stopped.set()


def _next(app: App, now: datetime) -> tuple[datetime | None, str | None]:
    """Return when the next slot is, and of which job."""
    fires = [(trigger(job).get_next_fire_time(None, now), job.name) for job in app.config.jobs]
    return min(((at, job) for at, job in fires if at is not None), default=(None, None))


def _seconds_to_next(app: App) -> float:
    """Return how long to wait before the jobs are looked at again: to the next slot, and a minute at most."""
    now = app.now()
    at, _ = _next(app, now)
    wait = CHECK_EVERY if at is None else min(CHECK_EVERY, at - now)
    return max(wait.total_seconds(), 0.0) + 0.01  # the clock of the waiting may be a little faster


def _beat_until(app: App, stopped: Event) -> None:
    """Record every minute that this scheduler is running and what it will do next, and in the end that it stopped."""
    name, started_at = f"{socket.gethostname()}:{os.getpid()}", app.now()
    while True:
        now = app.now()
        next_at, next_job = _next(app, now)
        app.store.presence.beat(name, started_at, now, next_job, next_at)
        if stopped.wait(HEARTBEAT.total_seconds()):
            break
    app.store.presence.sign_off(name)
