"""Samples of the benchmarks that kill runs, take their locks away and jump the clock: all end in equal rows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
SMALL = ("--articles", "200", "--companies", "8")


def printed(name: str, *arguments: str) -> str:
    env = {**os.environ, "PYTHONPATH": str(BENCHMARKS.parent)}
    command = [sys.executable, str(BENCHMARKS / name), *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the harness forks")


def test_runs_that_were_killed_end_in_the_rows_of_an_undisturbed_one() -> None:
    assert "2 of 2 ended in the rows of the undisturbed run" in printed("kill.py", "--instants", "2", *SMALL)


def test_runs_that_were_killed_on_postgresql_do_too(postgresql_url: str) -> None:
    arguments = ("--instants", "2", *SMALL, "--postgresql", postgresql_url)
    assert "2 of 2 ended in the rows of the undisturbed run" in printed("kill.py", *arguments)


def test_runs_that_lost_their_lock_say_so_and_end_in_the_rows_of_an_undisturbed_one() -> None:
    assert "2 of 2 lost locks ended in equal rows" in printed("lost_locks.py", "--trials", "2", *SMALL)


def test_runs_that_lost_their_lock_on_postgresql_do_too(postgresql_url: str) -> None:
    arguments = ("--trials", "2", *SMALL, "--postgresql", postgresql_url)
    assert "2 of 2 lost locks ended in equal rows" in printed("lost_locks.py", *arguments)


def test_a_clock_that_jumps_between_or_within_nights_is_cured() -> None:
    assert "5 of 5 ended in the rows of the right clock" in printed("clock_jumps.py", "--trials", "5")
