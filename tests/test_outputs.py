"""What is written: whole or not at all, in any encoding, to a reader that leaves, or from a damaged database."""

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from signals.app import App
from tests.worlds import NOW, run, small

resource = pytest.importorskip("resource", reason="limits on a process are POSIX")

HEADLINES = [(NOW - timedelta(days=7), f"Acme opens plant {n} in Łódź beside Газпром") for n in range(40)]


def signals(
    folder: Path, *arguments: str, encoding: str = "utf-8", before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    env |= {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": encoding}
    line = [sys.executable, "-m", "signals", "--config", str(folder / "config.yaml"), *arguments]
    return subprocess.run(line, env=env, capture_output=True, check=False, preexec_fn=before)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run done in it; only for reading."""
    folder = tmp_path_factory.mktemp("world")
    run(small(folder, HEADLINES))
    return folder


def limit(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize(
    "command",
    [("publish", "--output", "{}"), ("report", "--ticker", "ACME", "--format", "html", "--output", "{}/a.html"),
     ("report", "--ticker", "ACME", "--format", "json", "--output", "{}/a.json"),
     ("report", "--all", "--format", "html", "--output", "{}")],
)  # fmt: skip
def test_a_full_disk_is_one_sentence_and_the_older_files_stay(
    world: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    line = [part.format(tmp_path) for part in command]
    assert signals(world, *line).returncode == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    done = signals(world, *line, before=limit(40_000))
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b" be written" in done.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1251"])
@pytest.mark.parametrize("kind", ["table", "json", "csv", "html"])
def test_a_report_is_printed_in_any_encoding(world: Path, encoding: str, kind: str) -> None:
    done = signals(world, "report", "--ticker", "ACME", "--format", kind, encoding=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode(encoding if kind == "table" else "utf-8", "replace")
    assert kind == "table" or "Łódź" in text
    assert len(text) > 100


def test_a_reader_that_leaves_ends_a_command_quietly(world: Path) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for kind in ("table", "json", "csv", "html"):
        line = [
            sys.executable,
            "-m",
            "signals",
            "--config",
            str(world / "config.yaml"),
            "report",
            "--ticker",
            "ACME",
            "--format",
            kind,
        ]
        running = subprocess.Popen(line, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert running.stdout is not None
        running.stdout.close()
        assert running.stderr is not None
        assert running.stderr.read() == b""
        assert running.wait() == 0


# --- a damaged database ---------------------------------------------------------------------------------------------


def _truncated(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _overwritten(content: bytes) -> bytes:
    middle = bytearray(content)
    choice = random.Random(1)
    for at in range(4096, len(content) - 4096, 4096):
        middle[at : at + 64] = choice.randbytes(64)
    return bytes(middle)


def _beginning(content: bytes) -> bytes:
    return b"\xff" * 100 + content[100:]


def _no_database(content: bytes) -> bytes:
    return b"published_at,title\n" * (len(content) // 19)


@pytest.mark.parametrize("damage", [_truncated, _overwritten, _beginning, _no_database])
def test_a_damaged_database_is_said_to_be_one(world: Path, tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    app: App = small(tmp_path, HEADLINES)
    path = Path(str(app.store.engine.url.database))
    with sqlite3.connect(world / "signals.db") as whole:
        whole.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = damage((world / "signals.db").read_bytes())
    path.write_bytes(content)
    for command in (
        ("run",),
        ("status",),
        ("report", "--ticker", "ACME"),
        ("doctor",),
        ("publish",),
        ("rebuild",),
        ("db", "check"),
    ):
        done = signals(tmp_path, *command)
        assert (done.returncode, b"Traceback" in done.stderr) == (2, False), (command, done)
        assert b"damaged" in done.stderr, (command, done)
        assert done.stderr.count(b"signals: ") == 1, (command, done)
