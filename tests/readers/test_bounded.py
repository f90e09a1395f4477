"""Bounds through the command line: a document or file that takes too much is named, once, and the others are read."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from signals.app import App
from signals.cli import main
from signals.readers import bounded
from tests.loopback import Answer, site
from tests.worlds import NOW, query, small

HEADLINES = [(NOW - timedelta(days=9), "Acme opens a plant")]


def command(app: App, *words: str) -> int:
    return main(["--config", str(app.config.path), "--quiet", *words])


def rows(app: App, sql: str) -> list[tuple[Any, ...]]:
    with app.store.read() as db:
        return [tuple(row.values()) for row in query(db, sql)]


@pytest.fixture
def app(tmp_path: Path) -> App:
    """A world with a large second file of news, and large prices of ACME."""
    app = small(tmp_path, HEADLINES)
    written = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
    written["news"].append({"name": "large", "kind": "csv", "path": "large.csv", "timezone": "UTC"})
    app.config.path.write_text(yaml.safe_dump(written), encoding="utf-8")
    rows = "".join(f"2026-02-02T10:00:00,Acme hires {n} people,{'It hired them. ' * 60}\n" for n in range(200))
    (tmp_path / "large.csv").write_text("published_at,title,body\n" + rows, encoding="utf-8")
    quotes = tmp_path / "ACME.csv"
    quotes.write_text(quotes.read_text(encoding="utf-8") + "\n" * bounded.SMALL, encoding="utf-8")
    return app


def test_large_documents_and_files_are_read_as_small_ones_are(app: App) -> None:
    assert command(app, "run") == 0
    added = rows(app, "SELECT source, added FROM v_source_runs WHERE room = 'news' ORDER BY source")
    assert added == [("large", 200), ("wire", 1)]
    assert rows(app, "SELECT COUNT(*) FROM bars WHERE ticker = 'ACME'")[0][0] > 200


@pytest.mark.parametrize(("bound", "value", "reason"), [("SECONDS", 0.01, "too_slow"), ("MEMORY", 2**18, "too_large")])
def test_what_takes_too_much_is_named_once_until_it_or_the_program_changes(
    app: App, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], bound: str, value: float, reason: str
) -> None:
    with monkeypatch.context() as bounds:
        bounds.setattr(bounded, bound, value)
        bounds.setattr(bounded, "SECONDS_PER_MB", 0)
        bounds.setattr(bounded, "MEMORY_PER_BYTE", 0)
        assert command(app, "run") == 1
        assert [line for line in capsys.readouterr().err.splitlines() if "large.csv" in line and "to read" in line]
        assert rows(app, f"SELECT item FROM refusals WHERE reason = '{reason}'") == [("large.csv",)]
        assert rows(app, "SELECT COUNT(*) FROM links") > [(0,)] or bound == "SECONDS"
        assert command(app, "run") == 0
        assert rows(app, "SELECT COUNT(*) FROM v_source_runs WHERE failed > 0 AND run_id = 2") == [(0,)]
        assert command(app, "status") == 0
        assert reason.replace("_", " ") in capsys.readouterr().out
    assert command(app, "run") == 0
    assert rows(app, "SELECT COUNT(*) FROM articles") == [(1,)]
    with monkeypatch.context() as upgraded:
        upgraded.setattr("signals.pipeline.ingest.__version__", "9.9")
        upgraded.setattr("signals.pipeline.refresh.__version__", "9.9")
        assert command(app, "run") == 0
    assert rows(app, "SELECT COUNT(*) FROM articles") == [(201,)]
    assert rows(app, "SELECT COUNT(*) FROM bars WHERE ticker = 'ACME'")[0][0] > 200


def test_a_feed_of_a_network_is_read_in_the_other_process(tmp_path: Path) -> None:
    item = "<item><title>Acme opens a plant</title><pubDate>Mon, 02 Feb 2026 09:15:00 +0000</pubDate></item>"
    app = small(tmp_path)
    with site() as served:
        served.may_answer.set()
        served.answers["/feed"] = Answer(f"<rss version='2.0'><channel>{item}</channel></rss>".encode())
        served.answers["/page"] = Answer(b"<html><body>log in</body></html>")
        written = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
        written["news"] = [
            {"name": name, "kind": "feed", "url": f"{served.url}/{name}", "robots": False, "delay": 0}
            for name in ("feed", "page")
        ]
        app.config.path.write_text(yaml.safe_dump(written), encoding="utf-8")
        assert [command(app, "run"), command(app, "run")] == [1, 1]
    sources = rows(app, "SELECT source, added, reason FROM v_source_runs WHERE room = 'news' ORDER BY run_id, source")
    page = ("page", 0, "not_a_feed")
    assert sources == [("feed", 1, None), page, ("feed", 0, None), page]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are listed in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_reader_outlives_a_run_that_is_ended(app: App, tmp_path: Path, number: signal.Signals) -> None:
    large = tmp_path / "large.csv"
    large.write_text(large.read_text(encoding="utf-8") * 6, encoding="utf-8")
    line = [sys.executable, "-m", "signals", "--config", str(app.config.path), "--quiet", "run"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    def obey() -> None:  # a shell has what it runs in the background ignore SIGINT
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    process = subprocess.Popen(line, env=environment, stderr=subprocess.DEVNULL, preexec_fn=obey)
    listing = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    children: list[str] = []
    while not children and process.poll() is None:
        children = listing.read_text(encoding="ascii").split()
        time.sleep(0.01)
    assert children
    process.send_signal(number)
    assert process.wait(timeout=60) != 0
    until = time.monotonic() + 60
    while any(Path(f"/proc/{pid}/cmdline").exists() for pid in children) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}/cmdline").exists() for pid in children)
