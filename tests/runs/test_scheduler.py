"""The scheduler: which slot is due, each done once, and a clean stop."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from signals.answers.status import status
from signals.config import Job
from signals.errors import ConfigError
from signals.runs.run import prepare
from signals.runs.scheduler import do_due, is_on_hold, last_slot, run_slot, trigger
from signals.store import run_log
from signals.store.queries import rows_of
from signals.types import RunRow, Stage
from tests.worlds import NOW, app_at, links_of, small, write_demo

NIGHTLY = Job("nightly", "30 3 * * *", "UTC")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_slot_that_is_due_is_the_last_one_that_has_passed() -> None:
    when = trigger(NIGHTLY)
    assert last_slot(when, at("2026-03-01T03:30"), at("2026-03-04T03:31")) == at("2026-03-04T03:30")
    assert last_slot(when, at("2026-03-04T03:30"), at("2026-03-04T23:00")) is None


def test_a_slot_is_done_once_and_downtime_is_caught_up_once(tmp_path: Path) -> None:
    world = write_demo(tmp_path)
    app = app_at(world.config, NOW + timedelta(minutes=1))
    prepare(app)
    assert run_slot(app, NIGHTLY) is not None
    assert run_slot(app, NIGHTLY) is None
    later = app_at(world.config, NOW + timedelta(days=3, minutes=1))
    assert run_slot(later, NIGHTLY) is not None
    assert run_slot(later, NIGHTLY) is None
    with later.store.read() as db:
        assert run_log.last_done_slot(db, ["nightly"]) == {"nightly": NOW + timedelta(days=3)}


def test_polling_goes_on_through_the_hour_that_comes_twice() -> None:
    when = trigger(Job("polling", "30 * * * *", "Europe/Berlin"))
    start = at("2026-10-24T22:31")
    assert {last_slot(when, start, start + timedelta(hours=h)) for h in range(1, 6)} == {
        start + timedelta(hours=h, minutes=-1) for h in range(1, 6)
    }


POLLING = Job("polling", "* * * * *", "UTC", (Stage.INGEST,))


def _poll(config: Path, at_the_same_time: Barrier) -> None:
    """Be one of several schedulers: look at every minute of an hour at once with the others."""
    for minute in range(50):
        at_the_same_time.wait()
        do_due(app_at(config, NOW + timedelta(minutes=minute)), POLLING)


def test_three_schedulers_on_one_store_do_each_of_fifty_slots_once(tmp_path: Path) -> None:
    app = small(tmp_path)
    prepare(app)
    context = multiprocessing.get_context("spawn")
    at_the_same_time = context.Barrier(3)
    processes = [context.Process(target=_poll, args=(app.config.path, at_the_same_time)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    with app.store.read() as db:
        done = [(row.slot, row.state) for row in rows_of(db, RunRow, "SELECT * FROM v_runs ORDER BY slot")]
    assert done == [(NOW + timedelta(minutes=minute), "done") for minute in range(50)]


@pytest.mark.parametrize(
    ("day", "nights"),
    [("2026-03-28", ["28T01:30", "29T01:30", "30T00:30"]), ("2026-10-24", ["24T00:30", "25T00:30", "26T01:30"])],
)
def test_the_nights_around_a_clock_change_are_done_once_each(tmp_path: Path, day: str, nights: list[str]) -> None:
    job = Job("nightly", "30 2 * * *", "Europe/Berlin", (Stage.INGEST,))
    app = small(tmp_path)
    prepare(app)
    config = app.config.path
    for hours in range(72):
        do_due(app_at(config, at(day) + timedelta(hours=hours, minutes=1)), job)
    with app_at(config).store.read() as db:
        slots = [row.slot for row in rows_of(db, RunRow, "SELECT * FROM v_runs WHERE state = 'done' ORDER BY slot")]
    assert [f"{slot:%dT%H:%M}" for slot in slots if slot >= at(day)] == nights


def test_downtime_of_three_days_is_caught_up_once_and_its_articles_are_all_scored(tmp_path: Path) -> None:
    app = small(tmp_path)
    assert run_slot(app, NIGHTLY) is not None
    published = [NOW + timedelta(days=day, hours=8) for day in range(-1, 3)]
    headlines = [(at, f"Acme opens plant {n}") for n, at in enumerate(published)]
    later = small(tmp_path, headlines, NOW + timedelta(days=4))
    assert run_slot(later, NIGHTLY) is not None
    assert run_slot(later, NIGHTLY) is None
    links = links_of(later, study="market", window="0..0")
    assert sorted(link.published_at for link in links) == published
    assert {link.status for link in links} == {"scored"}


def test_a_slot_whose_run_was_killed_is_done_by_the_next_look(tmp_path: Path) -> None:
    app = small(tmp_path)
    prepare(app)
    with app.store.write() as db:
        run_log.begin(db, "nightly", NOW, NOW, "0")
    do_due(app, NIGHTLY)
    assert [(r.state, r.attempt) for r in status(app).runs] == [("done", 2), ("killed", 1)]


def test_a_slot_whose_run_failed_is_tried_again_later_and_not_for_ever(tmp_path: Path) -> None:
    app = small(tmp_path)
    prepare(app)
    with app.store.write() as db:
        run_log.finish(db, run_log.begin(db, "nightly", NOW, NOW, "0"), "failed", run_log.RunStats(), NOW, "no power")
    assert is_on_hold(app, NIGHTLY, NOW)
    assert not is_on_hold(app_at(app.config.path, NOW + timedelta(minutes=6)), NIGHTLY, NOW)


def test_a_cron_line_that_cannot_be_read_is_said() -> None:
    with pytest.raises(ConfigError, match=r"schedule\.x\.cron: .*five fields"):
        trigger(Job("x", "every night", "UTC"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
def test_a_scheduler_that_is_told_to_stop_finishes_its_run_first(tmp_path: Path) -> None:
    world = write_demo(tmp_path)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "signals", "--config", str(world.config), "-v", "schedule"]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "run 1 begins" in line:
                break
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0
    app = app_at(world.config)
    states = [run.state for run in status(app).runs]
    assert states == ["done"]
