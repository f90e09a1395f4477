"""The doctor on the database, the disk and the clock."""

from datetime import timedelta
from pathlib import Path

from signals.doctor.machine import SPARE, Disk, clock, disk_space, full, gone_back, unsound
from signals.runs.run import prepare
from tests.worlds import NOW, app_at, run, small


def test_a_disk_without_room_for_another_copy_is_found() -> None:
    assert list(full(Disk("/srv", 10**9, 10**9 + SPARE))) == []
    (found,) = full(Disk("/srv", 10**9, 10**9))
    assert "1,000 MB are free in /srv" in found.problem


def test_the_room_beside_a_database_is_measured(tmp_path: Path) -> None:
    app = small(tmp_path)
    prepare(app)
    found = disk_space(app)
    assert found is not None
    assert found.folder == str(tmp_path)
    assert found.database > 0 < found.free


def test_a_clock_that_went_back_is_found(tmp_path: Path) -> None:
    app = small(tmp_path)
    run(app)
    assert list(gone_back(clock(app))) == []
    (found,) = gone_back(clock(app_at(app.config.path, NOW - timedelta(days=1))))
    assert found.where == "clock"


def test_what_the_database_finds_wrong_with_itself_is_passed_on() -> None:
    (found,) = unsound(["row 3 of links is missing"])
    assert "signals rebuild" in found.advice
