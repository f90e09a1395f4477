"""A full disk, a database that may not be written, a configuration cut in half: one sentence each, and nothing lost."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from signals.cli import main
from signals.config import example, load
from signals.errors import ConfigError
from tests.worlds import NOW, contents, links_of, run, small

resource = pytest.importorskip("resource", reason="limits on a process are POSIX")

HEADLINES = [(NOW, f"Acme opens plant {n} in a town of that number") for n in range(800)]


def command(folder: Path, before: Callable[[], None] | None = None) -> tuple[int, str]:
    """Do a run in a process of its own; returns its exit code and its stderr."""
    # Its coverage is not measured: a process that may write no more cannot write that either.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    env["PYTHONPATH"] = os.pathsep.join(sys.path)
    line = [sys.executable, "-m", "signals", "--config", str(folder / "config.yaml"), "--quiet", "run"]
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=False, preexec_fn=before)
    return done.returncode, done.stderr


@pytest.mark.parametrize("megabytes", [0.1, 0.7])
def test_a_full_disk_is_one_sentence_and_the_next_run_is_whole(tmp_path: Path, megabytes: float) -> None:
    app = small(tmp_path, HEADLINES)
    limit = int(megabytes * 2**20)
    code, err = command(tmp_path, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert (code, err.count("\n"), "disk" in err) == (2, 1, True), err
    assert command(tmp_path)[0] == 0
    assert app.store.problems() == []
    other = tmp_path / "other"
    other.mkdir()
    whole = small(other, HEADLINES)
    run(whole)
    assert len(links_of(app)) == len(links_of(whole)) > 0


@pytest.fixture
def read_only() -> Iterator[Path]:
    """A folder with a run done in it, that may only be read; a superuser becomes nobody for it."""
    folder = Path(tempfile.mkdtemp())  # not under tmp_path, whose parents are private
    run(small(folder))
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    user = os.geteuid()
    os.seteuid(user or 65534)
    yield folder
    os.seteuid(user)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_database_is_one_sentence(read_only: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--config", str(read_only / "config.yaml"), "run"])
    err = capsys.readouterr().err
    assert (code, err.count("\n"), "may write" in err) == (2, 1, True), err


def test_a_configuration_cut_at_any_place_is_whole_or_one_sentence(tmp_path: Path) -> None:
    text, path = example(), tmp_path / "config.yaml"
    sentences = []
    for end in range(0, len(text), 29):
        path.write_text(text[:end], encoding="utf-8")
        try:
            load(path)
        except ConfigError as error:
            sentences.append(str(error))
    assert sentences
    assert not any("\n" in sentence for sentence in sentences)


def test_a_torn_configuration_loses_nothing_of_the_store(tmp_path: Path) -> None:
    app = small(tmp_path, HEADLINES[:10])
    run(app)
    before = contents(app)
    whole = (tmp_path / "config.yaml").read_text(encoding="utf-8")
    (tmp_path / "config.yaml").write_text(whole[: len(whole) // 2] + ": [", encoding="utf-8")
    code, err = command(tmp_path)
    assert (code, err.count("\n")) == (2, 1), err
    assert contents(app) == before
