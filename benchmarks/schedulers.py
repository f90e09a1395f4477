"""Three schedulers on one store over the nights on which clocks change: each slot is done once, and none twice.

Usage: ``python benchmarks/schedulers.py [--postgresql URL]``. Three processes look for what is due at the same moments,
by clocks that differ by seconds and go through the nights in steps of ten minutes. One is killed at its work now and
then. Exit code 1 if a slot was not done, or done twice.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy import select

from benchmarks.kill import Postgresql
from benchmarks.newsroom import create_newsroom, deliver_articles, write_prices
from signals.app import open_app
from signals.config import Job
from signals.runs.scheduler import do_due, trigger
from signals.store import Store
from signals.store.tables import runs

SCHEDULERS, STEP = 3, timedelta(minutes=10)
JOBS = (
    Job("nightly", "30 2 * * *", "Europe/Berlin"),
    Job("hourly", "30 * * * *", "Europe/Berlin"),
    Job("new-york", "30 1 * * *", "America/New_York"),
)
#: The hours around the changes of spring and autumn, in UTC.
SPANS = tuple(
    (datetime(2026, month, day, 20, tzinfo=UTC), datetime(2026, month, day, 20, tzinfo=UTC) + timedelta(hours=12))
    for month, day in ((3, 28), (10, 24), (10, 31))
)


def moments() -> Iterator[datetime]:
    """Yield the moments at which the schedulers look."""
    for first, last in SPANS:
        at = first
        while at <= last:
            yield at
            at += STEP


def expected() -> Counter[tuple[str, datetime]]:
    """Return the slots that are to be done once each."""
    slots = Counter[tuple[str, datetime]]()
    for job in JOBS:
        for first, last in SPANS:
            slot = trigger(job).get_next_fire_time(None, first)
            while slot is not None and slot <= last:
                slots[job.name, slot.astimezone(UTC)] += 1
                slot = trigger(job).get_next_fire_time(slot, slot)
    return slots


def serve(config: Path, url: str, number: int, together: Barrier, dies: bool) -> None:
    """Be one of the schedulers; before some slots, one that dies is killed at its work and begun again."""
    for count, moment in enumerate(moments()):
        now = moment + timedelta(seconds=number)
        if count % 18 == 3:
            together.wait()
            process = os.fork() if dies else None
            if process == 0:
                kill_at_work(config, url, now)
            if process:
                os.waitpid(process, 0)
        together.wait()
        app = open_app(config, url, now=lambda at=now: at)  # type: ignore[misc]  # the default binds the moment
        for job in JOBS:
            do_due(app, job)
        app.store.engine.dispose()


def kill_at_work(config: Path, url: str, now: datetime) -> None:
    """Begin what is due and die at the first look at the clock within it."""
    looks = iter(range(6))

    def clock() -> datetime:
        if next(looks, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return now

    for job in JOBS:
        do_due(open_app(config, url, now=clock), job)
    os._exit(0)


@contextmanager
def store_of(folder: Path, server: str | None) -> Iterator[str]:
    """Yield the URL of an empty store."""
    if server is None:
        yield f"sqlite:///{folder / 'signals.db'}"
        return
    databases = Postgresql(server)
    try:
        with databases.copy() as url:
            yield url
    finally:
        databases.drop()


def main() -> int:
    """Run the schedulers and judge what they did."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--postgresql", metavar="URL", help="a database of a server where databases may be created")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, store_of(Path(name), options.postgresql) as url:
        newsroom = create_newsroom(Path(name), date(2026, 3, 27), 3, 90, ("0..0",))
        write_prices(newsroom, len(newsroom.sessions))
        deliver_articles(newsroom, "wire", newsroom.sessions[-20:], 30)
        store = Store(url)
        store.upgrade()
        context = multiprocessing.get_context("spawn")
        together = context.Barrier(SCHEDULERS, timeout=600)
        arguments = [(newsroom.config, url, number, together, number == 0) for number in range(SCHEDULERS)]
        processes = [context.Process(target=serve, args=each) for each in arguments]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        with store.read() as db:
            rows = db.execute(select(runs.c.job, runs.c.slot, runs.c.state)).all()
        done = Counter((row.job, row.slot) for row in rows if row.state == "done")
        states = Counter(row.state for row in rows)
    slots = {slot: count for slot, count in expected().items() if slot[1] >= SPANS[0][0]}
    missed = sorted(slot for slot in slots if done[slot] == 0)
    twice = sorted(slot for slot, count in done.items() if count > 1)
    failed = [process.exitcode for process in processes if process.exitcode]
    print(f"{SCHEDULERS} schedulers, {len(SPANS)} nights, {len(slots)} slots; runs: {dict(states)}")
    print(f"{len(slots) - len(missed)} slots done, {len(missed)} missed {missed[:3]}, {len(twice)} twice {twice[:3]}")
    return int(bool(missed or twice or failed or not states["killed"]))


if __name__ == "__main__":
    sys.exit(main())
