"""A sample of `benchmarks/kill.py`: runs killed at random instants end in the rows of an undisturbed one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HARNESS = Path(__file__).resolve().parent.parent / "benchmarks" / "kill.py"
SAMPLE = ("--instants", "2", "--articles", "200", "--companies", "8")


def kill_runs(*arguments: str) -> str:
    env = {**os.environ, "PYTHONPATH": str(HARNESS.parent.parent)}
    command = [sys.executable, str(HARNESS), *SAMPLE, *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the harness forks")


def test_runs_that_were_killed_end_in_the_rows_of_an_undisturbed_one() -> None:
    assert "2 of 2 ended in the rows of the undisturbed run" in kill_runs()


def test_runs_that_were_killed_on_postgresql_do_too(postgresql_url: str) -> None:
    assert "2 of 2 ended in the rows of the undisturbed run" in kill_runs("--postgresql", postgresql_url)
