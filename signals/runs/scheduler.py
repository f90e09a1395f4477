"""The long-running scheduler. Several schedulers, and `signals run --job`, do each slot of a job once among them.

The run log says what is due, and is read again under the store's lock: the library only wakes the program. So a slot
that was missed or whose run was killed is caught up, by whichever scheduler looks first.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
from datetime import UTC, datetime, timedelta
from types import FrameType
from zoneinfo import ZoneInfo

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from signals.app import App
from signals.config import Job
from signals.errors import ConfigError, LockedError, SignalsError, StoreError
from signals.pipeline import Progress
from signals.runs import notices
from signals.runs.run import prepare, run_slot_once
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
    """Return whether a slot whose runs failed is to be left alone for now, or for good."""
    with app.store.read() as db:
        failed = [started for state, started in run_log.attempts(db, job.name, slot) if state == "failed"]
    return bool(failed) and (len(failed) >= ATTEMPTS or app.now() < failed[-1] + PAUSE * 2 ** (len(failed) - 1))


def do_due(app: App, job: Job) -> None:
    """Do what is due of a job; what goes wrong is logged, and the scheduler goes on."""
    try:
        slot = due(app, job)
        if slot is not None and not is_on_hold(app, job, slot):
            run_slot_once(app, job.name, slot, job.stages)
    except LockedError as error:
        log.info("%s waits: %s", job.name, error)
    except SignalsError as error:
        log.error("%s: %s", job.name, error)
    except Exception:
        log.exception("%s failed", job.name)


def serve(app: App) -> None:
    """Run the jobs of the configuration until SIGTERM or Ctrl-C; a run that has begun is finished first."""
    if not app.config.jobs:
        raise ConfigError(
            str(app.config.path), "schedule: there is no job; add one such as nightly: {cron: '30 3 * * *'}"
        )
    with_triggers = [(job, trigger(job)) for job in app.config.jobs]
    if app.config.notify is not None:
        notices.target(app.config.notify, str(app.config.path), os.environ)  # its problems are raised now
    prepare(app)
    scheduler = BlockingScheduler(timezone=ZoneInfo("UTC"))
    options = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    for job, when in with_triggers:
        scheduler.add_job(do_due, when, args=[app, job], id=job.name, **options)
        again = {"seconds": CHECK_EVERY.total_seconds(), "next_run_time": app.now()}
        scheduler.add_job(do_due, "interval", args=[app, job], id=f"{job.name}: missed", **again, **options)
    name = f"{socket.gethostname()}:{os.getpid()}"
    heartbeat = {"seconds": HEARTBEAT.total_seconds(), "next_run_time": app.now()}
    scheduler.add_job(_beat, "interval", args=[app, name, app.now()], id="heartbeat", **heartbeat, **options)

    signal.signal(signal.SIGTERM, _stop)
    try:
        scheduler.start()
    except KeyboardInterrupt:
        log.info("stopping after the run that is under way")
        scheduler.shutdown(wait=True)
    _sign_off(app, name)


def _stop(_number: int, _frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _beat(app: App, name: str, started_at: datetime) -> None:
    """Record that this scheduler is running, and what it will do next."""
    now = app.now()
    fires = [(when.get_next_fire_time(None, now), job.name) for job in app.config.jobs if (when := trigger(job))]
    next_at, next_job = min(((at, job) for at, job in fires if at is not None), default=(None, None))
    try:
        with app.store.write() as db:
            run_log.beat(db, name, started_at, now, next_job, next_at)
    except StoreError as error:  # a run is writing, whose own row shows that the scheduler is running
        log.debug("no heartbeat: %s", error)


def _sign_off(app: App, name: str) -> None:
    try:
        with app.store.write() as db:
            run_log.sign_off(db, name)
    except StoreError as error:
        log.debug("no sign-off: %s", error)
