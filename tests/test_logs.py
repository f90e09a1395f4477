"""Log lines: one per event, with the run, and without control characters."""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.cli import main
from signals.logs import JsonLines, TextLines, configure, current_run, escape_controls
from tests.worlds import small


@pytest.fixture(autouse=True)
def outside_of_a_run() -> Iterator[None]:
    token = current_run.set(None)
    yield
    current_run.reset(token)


def record(message: str, *, failed: bool = False) -> logging.LogRecord:
    trace = None
    if failed:
        try:
            raise ValueError("broken")
        except ValueError:
            trace = sys.exc_info()
    event = logging.LogRecord("signals.runs.run", logging.INFO, __file__, 1, message, None, trace)
    event.created = datetime(2026, 3, 4, 3, 30, 0, 250_000, tzinfo=UTC).timestamp()
    return event


def test_a_text_line_has_the_time_level_and_logger() -> None:
    assert TextLines().format(record("done")) == "2026-03-04T03:30:00.250Z INFO signals.runs.run: done"


def test_a_message_cannot_steer_a_terminal_or_forge_a_line() -> None:
    line = TextLines().format(record("a\x1b[2Jb\nERROR forged\u202e"))
    assert line.endswith(r"signals.runs.run: a\x1b[2Jb\nERROR forged\u202e")
    assert "\n" not in JsonLines().format(record("a\nb"))


@pytest.mark.parametrize("run", [None, 12])
def test_a_line_names_the_run_that_wrote_it(run: int | None) -> None:
    current_run.set(run)
    assert json.loads(JsonLines().format(record("done")))["run"] == run
    assert (" run 12 " in TextLines().format(record("done"))) == (run == 12)


def test_a_trace_is_part_of_the_line() -> None:
    text, entry = TextLines().format(record("failed", failed=True)), JsonLines().format(record("failed", failed=True))
    assert text.endswith(r"\nValueError: broken")
    assert len(text.splitlines()) == 1
    assert json.loads(entry)["trace"].endswith("\nValueError: broken")
    assert "trace" not in json.loads(JsonLines().format(record("done")))


def test_libraries_that_log_addresses_stay_quiet_at_debug(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        configure(logging.DEBUG, as_json=False)
        logging.getLogger("urllib3.connectionpool").debug("GET /?token=secret")
        logging.getLogger("signals.runs").debug("one request")
        assert capsys.readouterr().err.endswith("DEBUG signals.runs: one request\n")
        assert logging.getLogger("yfinance").level == logging.INFO
    finally:
        logging.basicConfig(level=level, handlers=handlers, force=True)


@given(st.text())
def test_escaped_text_is_printable_and_printable_text_is_unchanged(text: str) -> None:
    assert escape_controls(text).isprintable()
    assert not text.isprintable() or escape_controls(text) == text


def test_every_line_of_a_run_names_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = small(tmp_path)
    assert main(["--config", str(app.config.path), "-v", "--log", "json", "run"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert {line["run"] for line in lines if line["logger"] == "signals.runs.run"} == {1}
    assert all(line["at"].endswith("Z") for line in lines)
