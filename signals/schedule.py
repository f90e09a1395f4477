"""The long-running scheduler: a line per job. Two schedulers on one store do each slot once, by its lock and ledger."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from types import FrameType
from zoneinfo import ZoneInfo

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from signals.app import App
from signals.config import Job
from signals.errors import ConfigError, LockedError, SignalsError
from signals.night import night
from signals.store import ledger

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(days=8)  # how far back a missed slot is looked for; a night reads everything since anyway


def trigger(job: Job) -> CronTrigger:
    """Return when a job runs.

    Raises
    ------
    ConfigError
        Its cron line cannot be read.
    """
    try:
        return CronTrigger.from_crontab(job.cron, timezone=ZoneInfo(job.timezone))
    except ValueError as error:
        raise ConfigError(f"schedule.{job.name}.cron", f"{error}; write five fields, as in '30 3 * * *'") from None


def last_slot(when: CronTrigger, after: datetime, now: datetime) -> datetime | None:
    """Return the latest slot of a trigger in ``(after, now]``, or None if none fell there."""
    latest = None
    slot = when.get_next_fire_time(after, after)
    while slot is not None and slot <= now:
        latest, slot = slot, when.get_next_fire_time(slot, slot)
    return latest


def run_slot(app: App, job: Job) -> bool:
    """Do the latest slot of a job that has not been done; returns whether there was one.

    A slot that was missed while the program was down is caught up, once: the night reads everything since.
    """
    when, now = trigger(job), app.now()
    with app.store.read() as db:
        done = ledger.last_done_slot(db, [job.name]).get(job.name)
    slot = last_slot(when, max(done or now - LOOK_BACK, now - LOOK_BACK), now)
    if slot is None:
        return False
    try:
        night(app, job.name, slot)
    except LockedError as error:
        log.info("%s", error)
        return False
    except SignalsError as error:
        log.error("%s", error)
        return False
    return True


def serve(app: App) -> None:
    """Run the jobs of the configuration until SIGTERM or Ctrl-C; a run that has begun is finished first."""
    if not app.config.jobs:
        raise ConfigError(
            str(app.config.path), "schedule: there is no job; add one such as nightly: {cron: '30 3 * * *'}"
        )
    app.prepare()
    scheduler = BlockingScheduler(timezone=ZoneInfo("UTC"))
    for job in app.config.jobs:
        work: Callable[..., object] = run_slot
        scheduler.add_job(
            work, trigger(job), args=[app, job], id=job.name, coalesce=True, max_instances=1, misfire_grace_time=None
        )
        scheduler.add_job(work, args=[app, job], id=f"{job.name} catch-up", misfire_grace_time=None)

    def stop(_number: int, _frame: FrameType | None) -> None:
        log.info("stopping after the run that is under way")
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    try:
        scheduler.start()
    except KeyboardInterrupt:
        scheduler.shutdown(wait=True)
