"""A wrong clock, a lost lock and a killed run through the real command line, on both databases."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from signals.app import App, utc_now
from signals.cli import main
from signals.runs import run as runs
from signals.store.queries import rows_of
from signals.types import RunRow
from tests.loopback import Answer, Site, site
from tests.worlds import app_at, small

YEAR = timedelta(days=365)


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> App:
    """A world of now, whose database is the configuration's."""
    now = utc_now()
    config = small(tmp_path, [(now - timedelta(days=3), "Acme opens a plant")], now).config.path
    if request.param == "postgresql":
        content = yaml.safe_load(config.read_text(encoding="utf-8"))
        config.write_text(
            yaml.safe_dump({**content, "database": request.getfixturevalue("postgresql_url")}), encoding="utf-8"
        )
    app = app_at(config, now)
    app.store.upgrade()
    return app


def signals(app: App, *arguments: str) -> int:
    return main(["--config", str(app.config.path), *arguments])


def runs_of(app: App) -> list[RunRow]:
    with app.store.read() as db:
        return rows_of(db, RunRow, "SELECT * FROM v_runs ORDER BY run_id")


def test_a_night_under_a_clock_a_year_ahead_is_cured_as_doctor_says(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    runs.run(app_at(app.config.path, utc_now() + YEAR), "nightly", utc_now() + YEAR)
    assert signals(app, "run") == 2
    words = capsys.readouterr().err
    assert "and run 1 (nightly) began at" in words
    assert len(runs_of(app)) == 1
    signals(app, "doctor")
    assert "if it was wrong then, run `signals db repair-clock`" in " ".join(capsys.readouterr().out.split())
    assert signals(app, "db", "repair-clock") == 0
    assert "1 runs" in capsys.readouterr().out
    assert signals(app, "run") == 0
    assert [row.state for row in runs_of(app)] == ["failed", "done", "done"]
    signals(app, "doctor")
    assert "clock" not in capsys.readouterr().out


# --- a run of its own process, held up by a source that does not answer ---------------------------------------------


def until(condition: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    while not condition():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


def doing(app: App) -> str:
    """Return what the first run is doing, as it is written beside the store."""
    at = app.store.presence.progress(1)
    return at.doing if at else ""


@contextmanager
def held_up(app: App) -> Iterator[tuple["subprocess.Popen[str]", Site]]:
    """Do a run in a process of its own, up to a feed that does not answer yet."""
    with site() as wire:
        wire.may_answer.clear()
        wire.answers["/robots.txt"] = Answer(b"")
        wire.answers["/feed"] = Answer(b'<rss version="2.0"><channel><title>Wire</title></channel></rss>')
        content = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
        content["news"] = [{"name": "feed", "kind": "feed", "url": f"{wire.url}/feed", "timeout": 60}]
        app.config.path.write_text(yaml.safe_dump(content), encoding="utf-8")
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-m", "signals", "--config", str(app.config.path), "run"]
        with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as process:
            try:
                until(lambda: bool(wire.asked) and "reading feed" in doing(app), process)
                yield process, wire
            finally:
                wire.may_answer.set()
                process.kill()


def lose_lock(app: App) -> None:
    if app.store.is_sqlite:
        Path(f"{app.store.file}.lock").unlink()
        return
    with app.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as server:
        here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        server.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND {here}")


def test_a_run_that_loses_its_lock_ends_with_its_sentence_and_the_next_one_is_done(app: App) -> None:
    with held_up(app) as (process, wire):
        lose_lock(app)
        wire.may_answer.set()
        _, words = process.communicate()
        assert process.returncode == 4
        assert "the lock was lost" in words
        assert [(row.state, "the lock was lost" in str(row.error)) for row in runs_of(app)] == [("failed", True)]
        assert signals(app, "run") == 0


def test_a_run_at_work_shows_where_it_is_and_one_that_was_killed_where_it_was(
    app: App, capsys: pytest.CaptureFixture[str]
) -> None:
    with held_up(app) as (process, wire):
        assert signals(app, "status") == 0
        assert "#1 ingest: reading feed" in capsys.readouterr().out
        process.send_signal(signal.SIGKILL)
        process.wait()
        wire.may_answer.set()
        assert signals(app, "run") == 0
    assert [row.state for row in runs_of(app)] == ["killed", "done"]
    assert str(runs_of(app)[0].error).startswith("killed in ingest: reading feed")
