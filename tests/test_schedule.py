"""The scheduler: which slot is due, each done once, and a clean stop."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from signals.config import Job
from signals.errors import ConfigError
from signals.schedule import last_slot, run_slot, trigger
from signals.store import ledger
from tests.worlds import NOW, app_at, write_demo

NIGHTLY = Job("nightly", "30 3 * * *", "UTC")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_slot_that_is_due_is_the_last_one_that_has_passed() -> None:
    when = trigger(NIGHTLY)
    assert last_slot(when, at("2026-03-01T03:30"), at("2026-03-04T03:31")) == at("2026-03-04T03:30")
    assert last_slot(when, at("2026-03-04T03:30"), at("2026-03-04T23:00")) is None


@pytest.mark.parametrize(("day", "slots"), [("2026-03-28", 3), ("2026-10-24", 3)])
def test_a_night_across_a_clock_change_is_neither_skipped_nor_doubled(day: str, slots: int) -> None:
    when = trigger(Job("nightly", "30 2 * * *", "Europe/Berlin"))
    start = at(day)
    found = {last_slot(when, start, start + timedelta(hours=h)) for h in range(1, 72)} - {None}
    assert len(found) == slots


def test_a_slot_is_done_once_and_downtime_is_caught_up_once(tmp_path: Path) -> None:
    world = write_demo(tmp_path)
    app = app_at(world.config, NOW + timedelta(minutes=1))
    app.prepare()
    assert run_slot(app, NIGHTLY) is True
    assert run_slot(app, NIGHTLY) is False
    later = app_at(world.config, NOW + timedelta(days=3, minutes=1))
    assert run_slot(later, NIGHTLY) is True
    assert run_slot(later, NIGHTLY) is False
    with later.store.read() as db:
        assert ledger.last_done_slot(db, ["nightly"]) == {"nightly": NOW + timedelta(days=3)}


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
            if "Running job" in line:
                break
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0
    app = app_at(world.config)
    states = [run["state"] for run in app.status()["runs"]]
    assert states == ["done"]
