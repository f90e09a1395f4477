"""The doctor on the database, the disk and the clock."""

from datetime import timedelta
from pathlib import Path

from signals.doctor.machine import SPARE, Disk, clock, database_problems, disk_space, full, gone_back, unsound
from signals.runs.run import prepare, repair_clock
from tests.worlds import NOW, app_at, run, small


def test_a_disk_without_space_for_another_copy_is_a_finding() -> None:
    assert list(full(Disk("/srv", 10**9, 10**9 + SPARE))) == []
    (finding,) = full(Disk("/srv", 10**9, 10**9))
    assert "1,000 MB are free in /srv" in finding.problem


def test_the_free_space_beside_a_database_is_measured(tmp_path: Path) -> None:
    app = small(tmp_path)
    prepare(app)
    disk = disk_space(app)
    assert disk is not None
    assert disk.folder == str(tmp_path)
    assert disk.database > 0 < disk.free


def test_the_disk_of_a_server_is_not_measured(tmp_path: Path, postgresql_url: str) -> None:
    app = app_at(small(tmp_path).config.path, database=postgresql_url)
    assert disk_space(app) is None
    assert list(full(None)) == []


def test_the_checks_of_the_database_are_read(tmp_path: Path) -> None:
    app = small(tmp_path)
    prepare(app)
    assert database_problems(app) == []


def test_a_clock_before_a_run_is_a_finding_with_the_command_that_cures_it(tmp_path: Path) -> None:
    app = small(tmp_path)
    run(app_at(app.config.path, NOW + timedelta(days=365)))
    (finding,) = gone_back(clock(app))
    assert "run 1 (test) began at 2027-03-04 03:30 UTC" in finding.problem
    assert "if it was wrong then, run `signals db repair-clock`" in finding.advice
    repair_clock(app)
    assert list(gone_back(clock(app))) == []


def test_bars_of_later_days_say_that_the_clock_is_wrong_now(tmp_path: Path) -> None:
    app = small(tmp_path)
    run(app)
    behind = app_at(app.config.path, NOW - timedelta(days=100))
    (finding,) = gone_back(clock(behind))
    assert "set it, because the store has bars up to 2026-03-03" in finding.advice


def test_a_problem_of_the_database_is_a_finding() -> None:
    (finding,) = unsound(["row 3 of links is missing"])
    assert "signals rebuild" in finding.advice
