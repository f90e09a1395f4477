"""The stage `score`: what waits is matched, assigned and scored; what did not change is left alone."""

from dataclasses import fields
from datetime import timedelta

import pytest
from sqlalchemy import text

from signals.app import App
from signals.pipeline.config_mirror import mirror_plan
from signals.pipeline.derive import score_stage
from signals.pipeline.derive.error_rates import first_day
from signals.pipeline.derive.match import Tagger
from signals.pipeline.derive.score_stage import score
from signals.store import Store, run_log
from signals.store.run_log import RunStats
from signals.types import MoveNumbers, RelevanceClass
from tests.stores import (
    ACME,
    MKT,
    NOW,
    OPENS,
    article,
    bars_of,
    begin_run,
    instrument,
    plan_of,
    save,
    save_articles,
    save_both,
    walk,
)
from tests.worlds import query

BOLT = instrument("BOLT", benchmark="MKT")
PLAN = plan_of(ACME, MKT, BOLT)
HOUR = timedelta(hours=1)
INTRADAY = {"base_at", "entry_at", "exit_at"}  # what daily windows do not have


def score_once(store: Store, hours: int = 0) -> RunStats:
    """Run the stage as a run of its own; returns what it counted."""
    now, stats = NOW + hours * HOUR, RunStats()
    with store.write() as db:
        run = begin_run(db, now)
        run_log.begin_stage(db, run.run_id, "score", now)
    score(store, PLAN, run, stats, lambda *_: None, Tagger(PLAN.instruments))
    with store.write() as db:
        run_log.finish_stage(db, run.run_id, "score", RunStats().counts(), stats.counts(), now)
    return stats


@pytest.fixture
def scored(store: Store) -> Store:
    """Return a store with three articles of two sessions, scored once."""
    with store.write() as db:
        begin_run(db)
        mirror_plan(db, PLAN)
        for seed, ticker in enumerate(("ACME", "BOLT", "MKT")):
            save_both(db, ticker, walk(seed))
        save_articles(
            db,
            article("1", OPENS[80] + HOUR),
            article("2", OPENS[80] + 2 * HOUR, tags=("BOLT",)),
            article("3", OPENS[90] + HOUR),
        )
    stats = score_once(store)
    assert (stats.moves, stats.links) == (6, 6)
    return store


def test_each_article_has_a_link_to_the_event_of_its_session_and_of_its_instant(scored: Store) -> None:
    with scored.read() as db:
        rows = query(db, "SELECT ticker, study, event_id, status FROM links ORDER BY study, event_id")
    day, later = OPENS[80].date(), OPENS[90].date()
    assert [row["event_id"] for row in rows] == [
        f"ACME@{day}T08:00:00Z", f"ACME@{later}T08:00:00Z", f"BOLT@{day}T09:00:00Z",
        f"ACME@{day}", f"ACME@{later}", f"BOLT@{day}",
    ]  # fmt: skip
    assert {row["status"] for row in rows} == {"scored"}


def test_the_events_of_a_study_and_28_days_share_their_error_rates_by_class(scored: Store) -> None:
    with scored.read() as db:
        rows = query(db, "SELECT study, event_window, first_day, relevance_class, events FROM error_rates")
        bases = query(db, "SELECT study, day_zero, q_basis FROM v_events ORDER BY 1, 2")
    blocks = [first_day(OPENS[n].date()) for n in (80, 90)]
    assert blocks[0] < blocks[1]
    assert {(row["study"], row["event_window"], row["first_day"], row["relevance_class"]) for row in rows} == {
        (study, window, str(block), word)
        for study, window in (("hourly", "0m..60m"), ("market", "0..0"))
        for block in blocks
        for word in RelevanceClass
    }
    assert {row["events"] for row in rows} == {0}  # no window had ended 14 days before
    expected = [f"0 mentioned events before {block}, pi 0.1000, a 0.25, c 0.001" for block in (blocks[0], *blocks)]
    assert [row["q_basis"] for row in bases] == expected * 2


def test_a_second_scoring_writes_nothing(scored: Store) -> None:
    stats = score_once(scored, 1)
    assert (stats.moves, stats.links) == (0, 0)


def test_a_new_article_of_a_day_writes_its_moves_and_changes_no_other_row(scored: Store) -> None:
    with scored.read() as db:
        before = {table: query(db, f"SELECT * FROM {table}") for table in ("moves", "links", "error_rates")}
    with scored.write() as db:
        save_articles(db, article("4", OPENS[90] + 3 * HOUR, tags=("BOLT",)))
    stats = score_once(scored, 1)
    assert (stats.moves, stats.links) == (2, 2)
    with scored.read() as db:
        after = {table: query(db, f"SELECT * FROM {table}") for table in before}
    assert all(row in after[table] for table, rows in before.items() for row in rows)
    assert [len(after[table]) - len(before[table]) for table in before] == [2, 2, 0]


def test_a_corrected_bar_writes_the_moves_that_use_it(scored: Store) -> None:
    with scored.write() as db:
        run = begin_run(db, NOW + HOUR)
        save(db, bars_of("ACME", {OPENS[90].date(): 90.0}, fetched_at=NOW + HOUR), run.run_id)
    assert score_once(scored, 1).moves == 1


def test_blocks_are_of_whole_days_and_give_the_same_rows(
    store: Store, scored: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = (
        "event_id, study, event_window, car, car_shrunk, local_fdr, q_value, q_basis, verdict, event_verdict, decides"
    )
    with scored.read() as db:
        before = query(db, f"SELECT {columns} FROM moves ORDER BY 1, 2, 3")
    monkeypatch.setattr(score_stage, "BLOCK", 1)
    with scored.write() as db:
        steps: list[tuple[str, int, int]] = []
        tagger = Tagger(PLAN.instruments)
        run = begin_run(db, NOW + HOUR)
        score_stage.derive(db, PLAN, run, None, lambda *step: steps.append(step), tagger, everything=True)
        db.execute(text("UPDATE events SET dirty = 1"))
        db.execute(text("DELETE FROM moves"))
        run = begin_run(db, NOW + 2 * HOUR)
        score_stage.derive(db, PLAN, run, None, lambda *step: steps.append(step), tagger)
    with scored.read() as db:
        assert query(db, f"SELECT {columns} FROM moves ORDER BY 1, 2, 3") == before
    assert [step for step in steps if step[0] == "scoring"] == [("scoring", 0, 6), ("scoring", 4, 6)] * 2


def test_an_event_without_articles_goes_with_its_moves_and_links(scored: Store) -> None:
    with scored.write() as db:
        save_articles(db, article("3", OPENS[90] + HOUR, tags=("BOLT",), digest="changed"))
    score_once(scored, 1)
    with scored.read() as db:
        for table in ("events", "moves", "links"):
            keys = {row["event_id"] for row in query(db, f"SELECT event_id FROM {table}")}
            assert f"ACME@{OPENS[90].date()}" not in keys, table
            assert f"BOLT@{OPENS[90].date()}" in keys, table


def test_every_number_of_a_move_is_measured_for_some_event(demo_app: App) -> None:
    names = [field.name for field in fields(MoveNumbers)]
    with demo_app.store.read() as db:
        (counts,) = query(db, f"SELECT {', '.join(f'COUNT({name}) AS {name}' for name in names)} FROM moves")
    assert {name for name, count in counts.items() if count == 0} == INTRADAY
