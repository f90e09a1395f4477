"""The clock of a run: one that goes back ends it, one that jumps ahead is carried on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table

from signals.app import App
from signals.errors import ClockError
from signals.runs import run as runs
from signals.runs.run_clock import RunClock
from signals.store import wall_clock
from signals.store.queries import rows_of
from signals.types import RunRow
from tests.worlds import NOW, app_at, contents, small

YEAR = timedelta(days=365)
NIGHT = timedelta(days=1)
HEADLINES = [(NOW - timedelta(days=2), "Acme opens a plant"), (NOW - timedelta(days=1), "Acme sells a plant")]
#: When and by which run something was learned: what cannot be known of a night under a wrong clock.
INSTANTS = ("run_id", "scored_at", "known_at", "seen_at", "fetched_at", "superseded_at", "first_seen_at")


def clock(*walls: datetime) -> RunClock:
    """Return a clock whose wall shows these instants and whose seconds do not go on."""
    shows = iter(walls)
    return RunClock(lambda: next(shows), lambda: 0.0)


@pytest.mark.parametrize("back", [timedelta(0), timedelta(minutes=59)])
def test_a_clock_that_is_corrected_by_less_than_an_hour_goes_on(back: timedelta) -> None:
    clock(NOW, NOW - back).require_steady()
    assert clock(NOW, NOW - back)() == NOW - back


def test_a_clock_that_went_back_ends_its_run() -> None:
    with pytest.raises(ClockError, match="went back during the run, from 2026-03-04 03:30 to 2025-03-04 03:30 UTC"):
        clock(NOW, NOW - YEAR).require_steady()


def test_a_clock_that_jumped_is_carried_on() -> None:
    assert clock(NOW, NOW + YEAR)() == clock(NOW, NOW - YEAR)() == NOW


def test_a_run_whose_clock_goes_back_commits_nothing_more_and_says_so(tmp_path: Path) -> None:
    app = small(tmp_path, HEADLINES)
    shows: Iterator[datetime] = iter([NOW + YEAR] * 12)
    wrong = replace(app, now=lambda: next(shows, NOW))
    with pytest.raises(ClockError, match="went back during the run"):
        runs.run(wrong, "nightly", NOW)
    with app.store.read() as db:
        (row,) = rows_of(db, RunRow, "SELECT * FROM v_runs")
    assert (row.state, row.links) == ("failed", 0)
    assert "set it if it is wrong now" in str(row.error)


# --- the clock between runs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("back", [timedelta(minutes=6), timedelta(hours=2), YEAR])
def test_a_clock_before_the_last_run_stops_a_run_and_writes_nothing(tmp_path: Path, back: timedelta) -> None:
    app = small(tmp_path, HEADLINES)
    runs.run(app, "nightly", NOW)
    before = contents(app)
    with pytest.raises(ClockError, match=r"The clock says .* UTC, and run 1 \(nightly\) began at 2026-03-04 03:30 UTC"):
        runs.run(app_at(app.config.path, NOW - back), "nightly", NOW)
    assert contents(app) == before
    with app.store.read() as db:
        assert len(rows_of(db, RunRow, "SELECT * FROM v_runs")) == 1


def test_a_run_that_ended_more_than_an_hour_after_now_stops_a_run(tmp_path: Path) -> None:
    app = small(tmp_path)
    runs.run(app, "nightly", NOW)
    with app.store.write() as db:
        db.exec_driver_sql("UPDATE runs SET finished_at = '2026-03-04T07:30:00.000Z'")
    app_at(app.config.path, NOW + timedelta(hours=3)).require_clock()
    with pytest.raises(ClockError, match="ended at 2026-03-04 07:30"):
        app_at(app.config.path, NOW + timedelta(hours=2)).require_clock()


def nights(folder: Path, wrong: timedelta | None) -> App:
    """Do three nights, of which the second may be under a wrong clock, after which the store is repaired."""
    folder.mkdir()
    later = [(NOW + timedelta(hours=2), "Acme shuts a plant"), (NOW + timedelta(days=40), "Acme buys a plant")]
    small(folder, HEADLINES)
    config = folder / "config.yaml"
    runs.run(app_at(config, NOW), "nightly", NOW)
    small(folder, [*HEADLINES, *later], NOW + NIGHT)
    if wrong is None:
        runs.run(app_at(config, NOW + NIGHT), "nightly", NOW + NIGHT)
    else:
        runs.run(app_at(config, NOW + wrong), "nightly", NOW + wrong)
        app = app_at(config, NOW + NIGHT)
        with pytest.raises(ClockError):
            runs.run(app, "nightly", NOW + NIGHT)
        counts = runs.repair_clock(app)
        assert (counts["runs"], counts["articles dated in the future"]) == (1, 1)
        runs.run(app, "nightly", NOW + NIGHT)
    small(folder, [*HEADLINES, *later], NOW + 2 * NIGHT)
    app = app_at(config, NOW + 2 * NIGHT)
    runs.run(app, "nightly", NOW + 2 * NIGHT)
    return app


def test_a_night_under_a_clock_a_year_ahead_is_repaired_by_one_command_to_equal_rows(tmp_path: Path) -> None:
    right, repaired = nights(tmp_path / "right", None), nights(tmp_path / "wrong", YEAR)

    def is_compared(table: Table) -> bool:  # which document was read last cannot be known
        return table.name != "documents"

    assert contents(repaired, INSTANTS, is_compared) == contents(right, INSTANTS, is_compared)
    with repaired.store.read() as db:
        assert wall_clock.late_run(db, repaired.now()) is None
    assert runs.repair_clock(repaired) == {}


def test_a_repair_by_a_clock_that_is_behind_is_refused(tmp_path: Path) -> None:
    app = small(tmp_path, HEADLINES)
    runs.run(app, "nightly", NOW)
    before = contents(app)
    behind = app_at(app.config.path, NOW - YEAR)
    with pytest.raises(ClockError, match="set it, because the store has bars up to 2026-03-03"):
        runs.repair_clock(behind)
    assert contents(app) == before


def test_a_first_night_under_a_clock_that_was_behind_reads_the_rest_later(tmp_path: Path) -> None:
    (tmp_path / "right").mkdir()
    (tmp_path / "wrong").mkdir()
    right, wrong = small(tmp_path / "right", HEADLINES), small(tmp_path / "wrong", HEADLINES)
    runs.run(app_at(wrong.config.path, NOW - YEAR / 4), "nightly", NOW - YEAR / 4)
    for app in (right, wrong):
        runs.run(app, "nightly", NOW)
    log = {"refusals", "quarantine"}  # what was refused then stays in the log

    def is_compared(table: Table) -> bool:
        return table.name not in log

    assert contents(wrong, INSTANTS, is_compared) == contents(right, INSTANTS, is_compared)
