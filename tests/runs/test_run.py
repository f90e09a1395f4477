"""One run: its stages, its place in the run log, and what is left of one that fails."""

from datetime import timedelta
from pathlib import Path

import pytest

from signals.app import App
from signals.config import DEFAULT_STAGES
from signals.errors import ConfigError, LockedError, StoreError
from signals.pipeline import Progress
from signals.runs import run as runs
from signals.runs import stages as run_stages
from signals.store import run_log
from signals.store.queries import rows_of
from signals.types import RunRow, Stage, StageRow
from tests.worlds import NOW, app_at, contents, links_of, small

HEADLINES = [(NOW - timedelta(days=2), "Acme opens a plant"), (NOW - timedelta(days=1), "Acme sells a plant")]


def runs_of(app: App) -> list[RunRow]:
    with app.store.read() as db:
        return rows_of(db, RunRow, "SELECT * FROM v_runs ORDER BY run_id")


def stages_of(app: App) -> list[StageRow]:
    with app.store.read() as db:
        return rows_of(db, StageRow, "SELECT * FROM v_stages ORDER BY run_id, started_at")


def test_a_run_does_its_stages_and_records_what_it_counted(tmp_path: Path) -> None:
    app = small(tmp_path, HEADLINES)
    stats = runs.run(app, "nightly", NOW)
    (row,) = runs_of(app)
    assert (row.job, row.slot, row.state, row.error) == ("nightly", NOW, "done", None)
    assert (row.articles, row.links, row.failures) == (2, stats.links, 0)
    assert {stage.stage for stage in stages_of(app)} == set(DEFAULT_STAGES)
    assert links_of(app)


def test_a_second_run_of_a_slot_changes_no_row(tmp_path: Path) -> None:
    app = small(tmp_path, HEADLINES)
    runs.run(app, "nightly", NOW)
    before = contents(app)
    assert not any(runs.run(app, "nightly", NOW).counts().values())
    assert contents(app) == before
    assert [row.attempt for row in runs_of(app)] == [1, 2]


def test_a_slot_that_was_done_is_not_done_again(tmp_path: Path) -> None:
    app = small(tmp_path, HEADLINES)
    assert runs.run_slot_once(app, "nightly", NOW, [Stage.INGEST]) is not None
    assert runs.run_slot_once(app, "nightly", NOW, [Stage.INGEST]) is None
    assert runs.run_slot_once(app, "nightly", NOW + timedelta(days=1), [Stage.INGEST]) is not None
    assert len(runs_of(app)) == 2


def test_a_rebuild_gives_the_rows_again(tmp_path: Path) -> None:
    app = small(tmp_path, HEADLINES)
    runs.run(app, "nightly", NOW)
    own = ["run_id", "scored_at"]
    before = contents(app, leave_out=own)
    for since in (None, NOW - timedelta(days=1, hours=1)):
        stats = runs.rebuild(app, since)
        assert stats.links > 0
        assert contents(app, leave_out=own) == before
    assert [row.job for row in runs_of(app)] == ["nightly", "rebuild", "rebuild"]


def test_files_are_ingested_through_a_source(tmp_path: Path) -> None:
    app = small(tmp_path)
    (tmp_path / "other.csv").write_text(f"published_at,title\n{NOW.isoformat()},Acme grows\n", encoding="utf-8")
    assert runs.ingest_files(app, [tmp_path / "other.csv"], "wire").articles == 1
    assert [(stage.job, stage.stage) for stage in stages_of(app)] == [("ingest", "ingest")]


def test_progress_is_reported(tmp_path: Path) -> None:
    calls: list[tuple[str, int, int]] = []
    report: Progress = lambda what, done, of: calls.append((what, done, of))  # noqa: E731 - one call
    runs.run(small(tmp_path, HEADLINES), "nightly", NOW, progress=report)
    assert {what for what, _, _ in calls} >= {"reading wire", "prices of local: AEX", "scoring"}


# --- runs that fail -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [ZeroDivisionError("by zero"), KeyboardInterrupt()], ids=["bug", "interrupt"])
def test_a_run_that_fails_is_recorded_with_its_error_and_keeps_what_it_had_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise error

    app = small(tmp_path, HEADLINES)
    with monkeypatch.context() as patched:
        patched.setattr(run_stages, "score", fail)
        with pytest.raises(type(error)):
            runs.run(app, "nightly", NOW)
    (row,) = runs_of(app)
    assert (row.state, row.articles) == ("failed", 2)
    assert str(row.error).startswith(type(error).__name__)
    assert {stage.stage: stage.finished_at is not None for stage in stages_of(app)} == {
        "ingest": True, "refresh": True, "score": False,
    }  # fmt: skip
    runs.run(app, "nightly", NOW)
    assert [row.state for row in runs_of(app)] == ["failed", "done"]


def test_a_run_whose_end_cannot_be_recorded_fails_with_its_own_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def lose_the_disk(*_: object) -> None:
        monkeypatch.setattr(run_log, "finish", refuse)
        raise ZeroDivisionError

    def refuse(*_: object, **__: object) -> None:
        raise StoreError("signals.db", "could not be written")

    caplog.set_level("INFO")
    app = small(tmp_path)
    monkeypatch.setattr(run_stages, "score", lose_the_disk)
    with pytest.raises(ZeroDivisionError):
        runs.run(app, "nightly", NOW)
    assert "the end of run 1 could not be recorded: signals.db: could not be written" in caplog.text
    assert [row.state for row in runs_of(app)] == ["running"]
    monkeypatch.undo()
    runs.run(app, "nightly", NOW)
    assert [row.state for row in runs_of(app)] == ["killed", "done"]


def test_a_run_beside_another_one_writes_nothing(tmp_path: Path) -> None:
    app = small(tmp_path)
    runs.prepare(app)
    with app.store.lock(), pytest.raises(LockedError):
        runs.run(app, "nightly", NOW)
    assert runs_of(app) == []


def test_a_market_that_is_unknown_is_one_sentence_before_the_run(tmp_path: Path) -> None:
    app = small(tmp_path)
    text_of = app.config.path.read_text(encoding="utf-8").replace("mic: XAMS", "mic: XXXX")
    app.config.path.write_text(text_of, encoding="utf-8")
    with pytest.raises(ConfigError, match="XXXX"):
        runs.run(app_at(app.config.path), "nightly", NOW)
    assert runs_of(app) == []
