"""Log lines: one per event, with the run, and nothing in them that steers a terminal."""

import json
import logging
from pathlib import Path

import pytest

from signals.cli import main
from signals.logs import JsonLines, TextLines, current_run
from tests.worlds import small


def record(message: str) -> logging.LogRecord:
    return logging.LogRecord("signals.runs.run", logging.INFO, __file__, 1, message, None, None)


def test_what_a_source_says_cannot_steer_a_terminal_or_forge_a_line() -> None:
    line = TextLines().format(record("a\x1b[2Jb\nERROR forged\u202e"))
    assert line.endswith(r"signals.runs.run: a\x1b[2Jb\nERROR forged\u202e")
    assert "\n" not in JsonLines().format(record("a\nb"))


def test_every_line_of_a_run_names_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = small(tmp_path)
    current_run.set(None)
    assert main(["--config", str(app.config.path), "-v", "--log", "json", "run"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    said = [line for line in lines if line["logger"] == "signals.runs.run"]
    assert {line["run"] for line in said} == {1}
    assert all(line["at"].endswith("Z") for line in lines)
