"""What is said of an event: how likely its move is chance, its verdict, and which row of it counts."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import event

from signals.pipeline import Plan
from signals.pipeline.derive.error_rates import ErrorRates, groups_of
from signals.pipeline.derive.judge import judge
from signals.store import Connection, Store, moves
from signals.types import IntradayStudy, IntradayWindow, MoveState, RelevanceClass, Study, Unscored, Verdict, Window
from tests.pipeline.derive.judged import NO_BENCHMARK, OPEN, classify, write_event, write_evidence, write_move
from tests.stores import plan_of

DAY = date(2024, 2, 14)
SUBJECT, MENTIONED, WEAK = RelevanceClass
EARLY, ZERO, NEXT, WEEK = Window(-5, -1), Window(0, 0), Window(0, 1), Window(0, 5)


def plan_with(*studies: Study, q_level: float = 0.20) -> Plan:
    return plan_of(studies=studies, intraday=(), q_level=q_level)


PLAN = plan_with(Study("market", windows=(EARLY, ZERO, NEXT)), Study("raw", "constant-mean", windows=(ZERO, NEXT)))


def judged(db: Connection, key: str, plan: Plan = PLAN) -> dict[tuple[str, str], MoveState]:
    """Return the moves of an event as a new run judges them."""
    judge(db, ErrorRates(db), plan, [key])
    return {(state.study, state.event_window): state for state in moves.move_states(db, [key])}


def measured(db: Connection, plan: Plan = PLAN, day_only: bool = False, **unscored: Unscored) -> str:
    """Write an event with a move in every window of a plan; `unscored` says why studies have no score."""
    key = write_event(db, DAY, SUBJECT, day_only=day_only)
    for study in plan.studies:
        for window in study.windows:
            write_move(db, key, DAY, 1e-4, study.name, str(window), unscored.get(study.name))
    return key


def deciding(states: dict[tuple[str, str], MoveState]) -> list[tuple[str, str]]:
    return [key for key, state in states.items() if state.decides]


# --- error rates ----------------------------------------------------------------------------------------------------


def write_history(db: Connection) -> None:
    """Write earlier events: those about the instrument moved it, those that mention it did not."""
    for n in range(40):
        write_evidence(db, DAY - timedelta(days=60 + 5 * n), 1e-4 if n % 2 else 0.4, SUBJECT, "BOLT")
        write_evidence(db, DAY - timedelta(days=60 + 5 * n), (n + 0.5) / 40, MENTIONED, "COIL")


def test_chance_and_q_are_those_of_the_fit_for_the_class_and_the_block(store: Store) -> None:
    with store.write() as db:
        write_history(db)
        key = measured(db)
        state = judged(db, key)["market", "0..0"]
        rate = ErrorRates(db).of("market", "0..0", DAY, SUBJECT)
    groups, p = groups_of(rate), np.array([1e-4])
    assert (state.local_fdr, state.q_value) == (groups.local_fdr(p)[0], groups.q_values(p)[0])
    assert state.q_basis == f"40 subject events before 2024-02-04, pi {rate.pi:.4f}, a {rate.a:.2f}, c {rate.c:.3f}"


def test_another_class_changes_what_is_said_and_nothing_that_comes_later_does(store: Store) -> None:
    with store.write() as db:
        write_history(db)
        key = measured(db)
        first = judged(db, key)
        write_evidence(db, DAY - timedelta(days=70), 1e-4, SUBJECT, "LATE")
        write_evidence(db, DAY + timedelta(days=1), 0.9, SUBJECT, "NEXT")
        assert judged(db, key) == first
        classify(db, key, MENTIONED)
        other = judged(db, key)
        classify(db, key, SUBJECT)
        assert judged(db, key) == first
    before, after = first["market", "0..0"], other["market", "0..0"]
    assert (before.q_value or 0) < (after.q_value or 0)
    assert (before.local_fdr or 0) < (after.local_fdr or 0)
    assert str(after.q_basis).startswith("40 mentioned events before")
    assert (before.p_value, before.car) == (after.p_value, after.car)


def test_a_move_that_lost_its_score_loses_what_was_said_of_it(store: Store) -> None:
    with store.write() as db:
        key = measured(db)
        assert judged(db, key)["raw", "0..0"].verdict is Verdict.MOVE
        write_move(db, key, DAY, 0.5, "raw", "0..0", OPEN)
        state = judged(db, key)["raw", "0..0"]
    assert (state.local_fdr, state.q_value, state.q_basis, state.verdict) == (None, None, None, Verdict.NOT_SCORED)


def test_judging_again_writes_nothing(store: Store) -> None:
    with store.write() as db:
        key = measured(db)
        judged(db, key)
        statements: list[str] = []
        event.listen(db, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
        judged(db, key)
    assert statements
    assert all(statement.lstrip().startswith("SELECT") for statement in statements)


# --- which row counts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "day_only", "unscored", "expected"),
    [
        (PLAN, False, {}, ("market", "0..0")),
        (PLAN, True, {}, ("market", "0..1")),
        (PLAN, False, {"market": NO_BENCHMARK}, ("raw", "0..0")),
        (PLAN, True, {"market": NO_BENCHMARK}, ("raw", "0..1")),
        (PLAN, False, {"market": OPEN}, ("market", "0..0")),  # it will have a score
        (PLAN, False, {"market": NO_BENCHMARK, "raw": NO_BENCHMARK}, ("market", "0..0")),
        (PLAN, False, {"raw": NO_BENCHMARK}, ("market", "0..0")),
        (plan_with(Study("market", windows=(WEEK, ZERO))), False, {}, ("market", "0..5")),
        (plan_with(Study("market", windows=(ZERO, NEXT, WEEK), decides=NEXT)), False, {}, ("market", "0..1")),
        (plan_with(Study("market", windows=(ZERO, NEXT, WEEK), decides=WEEK)), True, {}, ("market", "0..5")),
        (plan_with(Study("market", windows=(ZERO,))), True, {}, ("market", "0..0")),  # none needs no hour
        (plan_with(Study("early", windows=(EARLY,)), Study("raw", windows=(ZERO,))), False, {}, ("raw", "0..0")),
    ],
)
def test_one_row_of_an_event_decides(
    store: Store, plan: Plan, day_only: bool, unscored: dict[str, Unscored], expected: tuple[str, str]
) -> None:
    with store.write() as db:
        states = judged(db, measured(db, plan, day_only, **unscored), plan)
    assert deciding(states) == [expected]


def test_no_row_decides_if_all_windows_end_before_publication(store: Store) -> None:
    plan = plan_with(Study("market", windows=(EARLY,)))
    with store.write() as db:
        states = judged(db, measured(db, plan), plan)
    assert deciding(states) == []
    assert [(state.verdict, state.event_verdict) for state in states.values()] == [
        (Verdict.EARLY_MOVE, Verdict.NOT_SCORED)
    ]


def test_a_row_that_decided_no_longer_does_when_another_does(store: Store) -> None:
    with store.write() as db:
        key = measured(db)
        assert deciding(judged(db, key)) == [("market", "0..0")]
        later = plan_with(Study("market", windows=(EARLY, ZERO, NEXT), decides=NEXT), PLAN.studies[1])
        assert deciding(judged(db, key, later)) == [("market", "0..1")]


def test_an_event_by_the_clock_is_decided_by_the_study_that_measures_it(store: Store) -> None:
    windows = (IntradayWindow(-60, 0), IntradayWindow(0, 60), IntradayWindow(0, None))
    plan = plan_of(studies=PLAN.studies, intraday=(IntradayStudy("hourly", "1h", windows),), q_level=0.2)
    with store.write() as db:
        key = write_event(db, DAY, SUBJECT, published_at=datetime(2024, 2, 14, 10, tzinfo=UTC))
        for window in windows:
            write_move(db, key, DAY, 1e-4, "hourly", str(window))
        states = judged(db, key, plan)
    assert deciding(states) == [("hourly", "0m..60m")]
    assert states["hourly", "-60m..0m"].verdict is Verdict.EARLY_MOVE
    assert {state.event_verdict for state in states.values()} == {Verdict.MOVE}


# --- verdicts -------------------------------------------------------------------------------------------------------


def test_the_verdict_of_the_deciding_window_is_that_of_the_event_in_all_windows_of_the_study(store: Store) -> None:
    with store.write() as db:
        key = measured(db)
        write_move(db, key, DAY, 0.6, "market", "0..0")
        write_move(db, key, DAY, 0.7, "raw", "0..1")
        states = judged(db, key)
    assert {at: (state.verdict, state.event_verdict) for at, state in states.items()} == {
        ("market", "-5..-1"): (Verdict.EARLY_MOVE, Verdict.NO_MOVE),
        ("market", "0..0"): (Verdict.NO_MOVE, Verdict.NO_MOVE),
        ("market", "0..1"): (Verdict.MOVE, Verdict.NO_MOVE),
        ("raw", "0..0"): (Verdict.MOVE, Verdict.MOVE),
        ("raw", "0..1"): (Verdict.NO_MOVE, Verdict.MOVE),
    }


def test_an_event_that_no_article_is_about_is_weakly_tied(store: Store) -> None:
    with store.write() as db:
        key = measured(db)
        classify(db, key, WEAK)
        states = judged(db, key)
    assert {(state.verdict, state.event_verdict) for state in states.values()} == {(Verdict.WEAK_TIE, Verdict.WEAK_TIE)}


def test_the_level_of_the_plan_decides_what_is_unusual(store: Store) -> None:
    strict = plan_with(*PLAN.studies, q_level=0.01)
    with store.write() as db:
        key = measured(db)
        assert judged(db, key)["market", "0..0"].event_verdict is Verdict.MOVE
        assert judged(db, key, strict)["market", "0..0"].event_verdict is Verdict.NO_MOVE


def test_events_are_judged_apart(store: Store) -> None:
    with store.write() as db:
        keys = [write_evidence(db, DAY, p, ticker=ticker) for ticker, p in (("ACME", 1e-4), ("BOLT", 0.9))]
        judge(db, ErrorRates(db), PLAN, keys)
        states = moves.move_states(db, keys)
    assert [(state.event_id, state.event_verdict, state.decides) for state in states] == [
        (keys[0], Verdict.MOVE, True), (keys[1], Verdict.NO_MOVE, True)
    ]  # fmt: skip
