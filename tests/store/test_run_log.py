"""The run log: a row per run, per stage and per source of a run."""

from datetime import datetime, timedelta

from sqlalchemy import select

from signals.store import Store, run_log
from signals.store.queries import rows_of
from signals.store.run_log import RunStats
from signals.store.tables import runs
from signals.types import RunRow, SourceRow, Stage, StageRow
from tests.store.samples import LATER, NOW, failure

NIGHT = timedelta(days=1)


def test_a_run_is_numbered_and_closed_with_what_it_did(store: Store) -> None:
    stats = RunStats(articles=3, failures=[failure()])
    stats.count(moves=2, links=4)
    with store.write() as db:
        run_id = run_log.begin(db, "nightly", NOW, NOW, "1.0")
        run_log.finish(db, run_id, "done", stats, NOW + timedelta(seconds=90), gaps=5)
        (row,) = rows_of(db, RunRow, "SELECT * FROM v_runs")
    assert (row.run_id, row.attempt, row.state, row.version, row.seconds, row.gaps) == (1, 1, "done", "1.0", 90, 5)
    assert (row.articles, row.refused, row.bars, row.moves, row.links, row.failures) == (3, 0, 0, 2, 4, 1)


def test_a_run_that_was_left_running_is_killed_by_the_next(store: Store) -> None:
    with store.write() as db:
        run_log.begin(db, "nightly", NOW, NOW, "0")
        run_log.begin(db, "nightly", NOW, LATER, "0")
        rows = db.execute(select(runs).order_by(runs.c.run_id)).all()
        assert run_log.attempts(db, "nightly", NOW) == [("killed", NOW), ("running", LATER)]
    assert [(row.state, row.attempt, row.finished_at) for row in rows] == [("killed", 1, LATER), ("running", 2, None)]


def test_a_stage_has_what_was_counted_while_it_ran(store: Store) -> None:
    with store.write() as db:
        run_id = run_log.begin(db, "nightly", NOW, NOW, "0")
        run_log.begin_stage(db, run_id, Stage.SCORE, NOW)
        assert run_log.last_scored(db) == 0
        before, after = RunStats(articles=3).counts(), RunStats(articles=3, moves=2).counts()
        run_log.finish_stage(db, run_id, Stage.SCORE, before, after, LATER)
        (row,) = rows_of(db, StageRow, "SELECT * FROM v_stages")
        assert run_log.last_scored(db) == run_id
    assert (row.stage, row.articles, row.moves, row.finished_at) == ("score", 0, 2, LATER)


def test_the_last_slot_that_each_job_has_done(store: Store) -> None:
    with store.write() as db:
        for job, slot, state in (("nightly", NOW, "done"), ("nightly", LATER, "done"), ("nightly", LATER, "failed"),
                                 ("news", NOW, "failed")):  # fmt: skip
            run_log.finish(db, run_log.begin(db, job, slot, slot, "0"), state, RunStats(), slot, "no power")
        assert run_log.last_done_slot(db, ["nightly", "news"], LATER) == {"nightly": LATER}


def source(store: Store) -> SourceRow:
    with store.read() as db:
        (row,) = rows_of(db, SourceRow, "SELECT * FROM v_sources")
        return row


def record(store: Store, at: datetime, failed: bool) -> None:
    with store.write() as db:
        run_id = run_log.begin(db, "nightly", at, at, "0")
        failures = [failure(), failure("other")] if failed else []
        run_log.record_source(db, run_id, "news", "wire", 3, 2, failures)


def test_a_source_fails_since_the_first_of_its_last_failures(store: Store) -> None:
    nights = [NOW + n * NIGHT for n in range(5)]
    for at, failed in zip(nights, (True, False, True, True), strict=False):
        record(store, at, failed)
    row = source(store)
    assert (row.state, row.failed, row.reason) == ("failed", 2, "unavailable")
    assert row.detail == "wire: feed.xml: does not answer"
    assert (row.last_run_at, row.last_ok_at, row.failed_since) == (nights[3], nights[1], nights[2])
    record(store, nights[4], failed=False)
    row = source(store)
    assert (row.state, row.items, row.written, row.detail, row.failed_since) == ("ok", 3, 2, None, None)
