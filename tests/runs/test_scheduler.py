"""The scheduler: which slot is due, each done once among several schedulers, and a clean stop.

Nothing here depends on how fast the machine is: processes are waited for by events, and `HANG` only ends a hang.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import IO

import pytest
import yaml

from signals.answers.status import status
from signals.app import App
from signals.config import Job
from signals.errors import ConfigError
from signals.runs.run import close_killed, prepare
from signals.runs.scheduler import (
    ATTEMPTS,
    Trouble,
    do_due,
    due,
    is_on_hold,
    last_slot,
    run_slot,
    serve,
    trigger,
)
from signals.store import run_log
from signals.store.queries import rows_of
from signals.types import ProgressRow, RunRow, Stage
from tests.loopback import Answer, site
from tests.worlds import NOW, app_at, links_of, small

HANG = 1_800.0  # seconds
NIGHTLY = Job("nightly", "30 3 * * *", "UTC")
POLLING = Job("polling", "* * * * *", "UTC", (Stage.INGEST,))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def runs_of(app: App) -> list[RunRow]:
    with app.store.read() as db:
        return rows_of(db, RunRow, "SELECT * FROM v_runs ORDER BY run_id")


# --- slots ----------------------------------------------------------------------------------------------------------


def test_the_slot_that_is_due_is_the_last_one_that_has_passed() -> None:
    when = trigger(NIGHTLY)
    assert last_slot(when, at("2026-03-01T03:30"), at("2026-03-04T03:31")) == at("2026-03-04T03:30")
    assert last_slot(when, at("2026-03-04T03:30"), at("2026-03-04T23:00")) is None


def test_polling_goes_on_through_the_hour_that_comes_twice() -> None:
    when = trigger(Job("polling", "30 * * * *", "Europe/Berlin"))
    start = at("2026-10-24T22:31")
    assert {last_slot(when, start, start + timedelta(hours=h)) for h in range(1, 6)} == {
        start + timedelta(hours=h, minutes=-1) for h in range(1, 6)
    }


@pytest.mark.parametrize(
    ("day", "slots"),
    [("2026-03-28", ["28T01:30", "29T01:30", "30T00:30"]), ("2026-10-24", ["24T00:30", "25T00:30", "26T01:30"])],
)
def test_the_slots_around_a_clock_change_are_done_once_each(tmp_path: Path, day: str, slots: list[str]) -> None:
    job = Job("nightly", "30 2 * * *", "Europe/Berlin", (Stage.INGEST,))
    app = small(tmp_path)
    prepare(app)
    for hours in range(72):
        do_due(app_at(app.config.path, at(day) + timedelta(hours=hours, minutes=1)), job)
    done = [row.slot for row in runs_of(app) if row.state == "done" and row.slot >= at(day)]
    assert [f"{slot:%dT%H:%M}" for slot in done] == slots


def test_a_cron_line_that_cannot_be_read_is_one_sentence() -> None:
    with pytest.raises(ConfigError, match=r"schedule\.x\.cron: .*five fields"):
        trigger(Job("x", "every night", "UTC"))


# --- once each ------------------------------------------------------------------------------------------------------


def test_a_slot_is_done_once_and_downtime_is_caught_up_once(tmp_path: Path) -> None:
    app = small(tmp_path)
    assert run_slot(app, NIGHTLY) is not None
    assert run_slot(app, NIGHTLY) is None
    later = app_at(app.config.path, NOW + timedelta(days=3, minutes=1))
    assert due(later, NIGHTLY) == NOW + timedelta(days=3)
    assert run_slot(later, NIGHTLY) is not None
    assert run_slot(later, NIGHTLY) is None
    with later.store.read() as db:
        assert run_log.last_done_slot(db, ["nightly"], later.now()) == {"nightly": NOW + timedelta(days=3)}


def test_a_slot_in_the_future_counts_as_not_done(tmp_path: Path) -> None:
    app = small(tmp_path)
    assert run_slot(app_at(app.config.path, NOW + timedelta(days=4_000)), NIGHTLY) is not None
    assert due(app, NIGHTLY) == NOW


def test_articles_of_three_days_of_downtime_are_all_scored_by_one_run(tmp_path: Path) -> None:
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


SLOTS = 15


def _poll(config: Path, at_the_same_time: Barrier) -> None:
    """Be one of several schedulers: look for what is due in each minute at once with the others."""
    for minute in range(SLOTS):
        at_the_same_time.wait()
        do_due(app_at(config, NOW + timedelta(minutes=minute)), POLLING)


def test_three_schedulers_on_one_store_do_each_slot_once(tmp_path: Path) -> None:
    app = small(tmp_path)
    prepare(app)
    context = multiprocessing.get_context("spawn")
    at_the_same_time = context.Barrier(3, timeout=HANG)  # breaks if one of the three ends early
    processes = [context.Process(target=_poll, args=(app.config.path, at_the_same_time)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    done = [(row.slot, row.state) for row in runs_of(app)]
    assert sorted(done) == [(NOW + timedelta(minutes=minute), "done") for minute in range(SLOTS)]


# --- what goes wrong ------------------------------------------------------------------------------------------------


def test_a_slot_whose_run_was_killed_rests_as_one_that_failed_and_is_done_then(tmp_path: Path) -> None:
    app = small(tmp_path)
    prepare(app)
    with app.store.write() as db:
        run_id = run_log.begin(db, "nightly", NOW, NOW, "0")
        run_log.begin_stage(db, run_id, Stage.SCORE, NOW)
    app.store.presence.report(ProgressRow(run_id, "score", "scoring", 1, 4, NOW))
    do_due(app, NIGHTLY)
    do_due(app_at(app.config.path, NOW + timedelta(minutes=6)), NIGHTLY)
    assert [(row.state, row.attempt, row.error) for row in runs_of(app)] == [
        ("killed", 1, "killed in score: scoring (1 of 4), since 2026-03-04 03:30 UTC"), ("done", 2, None),
    ]  # fmt: skip


def test_a_slot_whose_runs_are_killed_each_time_is_left_alone_in_the_end(tmp_path: Path) -> None:
    app = small(tmp_path)
    prepare(app)
    for minutes in range(1_500):
        later = app_at(app.config.path, NOW + timedelta(minutes=minutes))
        if due(later, NIGHTLY) == NOW and not is_on_hold(later, NIGHTLY, NOW):
            with later.store.write() as db:
                run_log.begin(db, "nightly", NOW, later.now(), "0")
            close_killed(later)
    assert [row.state for row in runs_of(app)] == ["killed"] * ATTEMPTS


def test_what_keeps_a_job_from_beginning_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    app = small(tmp_path)
    run_slot(app_at(app.config.path, NOW + timedelta(days=400)), NIGHTLY)
    trouble = Trouble()
    for _ in range(3):
        do_due(app, NIGHTLY, trouble)
    (record,) = (record for record in caplog.records if record.levelname == "ERROR")
    assert "run 1 (nightly) began at 2027-04-08" in record.getMessage()


def test_a_slot_whose_run_failed_is_tried_again_after_a_pause_that_doubles_and_not_for_ever(tmp_path: Path) -> None:
    app = small(tmp_path)
    prepare(app)
    assert not is_on_hold(app, NIGHTLY, NOW)
    for attempt in range(ATTEMPTS):
        with app.store.write() as db:
            run_id = run_log.begin(db, "nightly", NOW, NOW, "0")
            run_log.finish(db, run_id, "failed", run_log.RunStats(), NOW, "no power")
        pause = timedelta(minutes=5) * 2**attempt
        early, late = (app_at(app.config.path, NOW + pause + timedelta(seconds=n)) for n in (-1, 1))
        assert is_on_hold(early, NIGHTLY, NOW)
        assert is_on_hold(late, NIGHTLY, NOW) == (attempt == ATTEMPTS - 1)
    do_due(app, NIGHTLY)
    assert {row.state for row in runs_of(app)} == {"failed"}


def test_a_scheduler_waits_while_another_run_holds_the_lock(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    app = small(tmp_path)
    prepare(app)
    with app.store.lock():
        do_due(app, NIGHTLY)
    assert "nightly waits: Another run holds" in caplog.text
    assert runs_of(app) == []


def test_a_store_that_cannot_be_used_is_logged_in_one_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = small(tmp_path)
    prepare(app)
    with app.store.write() as db:
        db.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    do_due(app, NIGHTLY)
    (record,) = caplog.records
    assert record.getMessage().startswith("nightly: ")
    assert "made by a newer signals" in record.getMessage()


def test_a_bug_is_logged_with_its_traceback_and_the_scheduler_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    do_due(small(tmp_path), NIGHTLY)  # without the schema that `serve` prepares
    (record,) = caplog.records
    assert (record.getMessage(), record.exc_info is not None) == ("nightly failed", True)


def test_a_schedule_without_a_job_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no job; add one such as nightly"):
        serve(small(tmp_path))


# --- the process ----------------------------------------------------------------------------------------------------


def lines_until(log: IO[str], words: str) -> Iterator[str]:
    """Yield the lines of a log up to the first that has some words, which must come."""
    for line in log:
        yield line
        if words in line:
            return
    pytest.fail(f"the scheduler ended without the line {words!r}")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
def test_a_scheduler_that_is_stopped_finishes_its_run_first(tmp_path: Path) -> None:
    with site() as wire:
        wire.may_answer.clear()
        wire.answers["/robots.txt"] = Answer(b"")
        wire.answers["/feed"] = Answer(b'<rss version="2.0"><channel><title>Wire</title></channel></rss>')
        app = small(tmp_path)
        content = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
        content["news"] = [{"name": "feed", "kind": "feed", "url": f"{wire.url}/feed", "timeout": 60}]
        content["schedule"] = {"polling": {"cron": "* * * * *", "stages": "ingest"}}
        app.config.path.write_text(yaml.safe_dump(content), encoding="utf-8")
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-m", "signals", "--config", str(app.config.path), "-v", "schedule"]
        with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
            try:
                assert process.stderr is not None
                list(lines_until(process.stderr, "run 1 begins"))
                process.send_signal(signal.SIGTERM)
                list(lines_until(process.stderr, "stopping after the run"))
                assert [row.state for row in runs_of(app)] == ["running"]  # it cannot end before its source answers
                wire.may_answer.set()
                list(lines_until(process.stderr, "run 1 is done"))
                process.communicate(timeout=HANG)
            finally:
                process.kill()
    assert process.returncode == 0
    assert [row.state for row in runs_of(app)] == ["done"]
    assert status(app_at(app.config.path)).schedulers == []
