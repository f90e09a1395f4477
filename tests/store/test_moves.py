"""Moves, what is decided of them, effects and links: every function writes only what changes."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from signals.store import Connection, Store, articles, events, moves
from signals.store.moves import Effect, FinishedMove, MoveDigest
from signals.store.tables import base_rates, links, session_moves
from signals.store.tables import moves as rows
from signals.types import (
    Anchor,
    BaseRate,
    LinkInputs,
    Move,
    MoveKey,
    MoveNumbers,
    MoveState,
    Precision,
    RelevanceClass,
    Role,
    Status,
    Verdict,
    event_id,
)
from tests.store.samples import DAY, LATER, NOW, article, assign, link, move, pending, session_move

EVENT = event_id("GAZP", DAY)


def test_a_move_is_stored_under_the_names_of_its_fields(store: Store) -> None:
    scored = move(EVENT, benchmark="IMOEX", sigma=0.01, base_at=NOW, n_reference=500, confounded=True, model="raw")
    with store.write() as db:
        assert moves.save_moves(db, [scored], 7, NOW) == 1
        row = db.execute(select(rows)).one()._asdict()
    own = {f.name: getattr(scored, f.name) for f in fields(Move) if f.name not in ("unscored", "session_marks")}
    assert {name: row[name] for name in own} == own
    assert (row["status"], row["reason"], row["session_marks"], row["run_id"]) == (Status.SCORED, "", "", 7)


def test_a_move_without_a_score_has_its_status_and_reason(store: Store) -> None:
    with store.write() as db:
        moves.save_moves(db, [pending(EVENT)], 1, NOW)
        row = db.execute(select(rows)).one()
        assert (row.status, row.reason, row.reason_detail) == (Status.PENDING, "window_open", "1 of 2 sessions")
        assert moves.pending_events(db) == {EVENT}


def test_only_moves_that_differ_are_written(store: Store) -> None:
    with store.write() as db:
        assert moves.save_moves(db, [move(EVENT), pending(EVENT)], 1, NOW) == 2
        assert moves.save_moves(db, [move(EVENT), replace(pending(EVENT), digest="b")], 2, LATER) == 1
        assert moves.move_digests(db, [EVENT]) == {
            MoveKey(EVENT, "market", "0..0"): MoveDigest("a", ""),
            MoveKey(EVENT, "market", "0..1"): MoveDigest("b", ""),
        }
        assert db.execute(select(rows.c.run_id).order_by(rows.c.event_window)).scalars().all() == [1, 2]


def test_a_new_score_leaves_what_later_steps_write(store: Store) -> None:
    later = [f.name for f in fields(MoveNumbers) if f.metadata["later"]]
    assert later == ["car_shrunk", "local_fdr", "q_value", "q_basis"]
    with store.write() as db:
        assign(db, articles.save_articles(db, [article()], NOW))
        moves.save_moves(db, [move(EVENT)], 1, NOW)
        moves.save_decided(db, [decided(db)])
        moves.save_shrunk(db, {MoveKey(EVENT, "market", "0..0"): 0.03})
        moves.save_moves(db, [move(EVENT, digest="b", car=0.04)], 2, NOW)
        row = db.execute(select(*(rows.c[name] for name in ("car", *later)))).one()
    assert tuple(row) == (0.04, 0.03, 0.08, 0.02, "9 subject events")


def decided(db: Connection) -> MoveState:
    """Return the one move of the event as it is judged."""
    (state,) = moves.move_states(db, [EVENT])
    return state._replace(local_fdr=0.08, q_value=0.02, q_basis="9 subject events", verdict=Verdict.MOVE,
                          event_verdict=Verdict.NO_MOVE, decides=True)  # fmt: skip


def test_a_move_is_read_with_what_its_event_is_and_what_was_decided_of_it(store: Store) -> None:
    with store.write() as db:
        assign(db, articles.save_articles(db, [article()], NOW))
        assert events.recount(db, [EVENT], 0.25).dropped == []
        moves.save_moves(db, [move(EVENT, benchmark="IMOEX", p_raw=0.03, confounded=True)], 1, NOW)
        (state,) = moves.move_states(db, [EVENT])
        assert state == MoveState(
            EVENT, "market", "0..0", DAY, day_only=False, relevance_class=RelevanceClass.SUBJECT, status=Status.SCORED,
            reason="", ret=0.06, car=0.05, benchmark="IMOEX", p_value=0.01, p_raw=0.03, confounded=True, local_fdr=None,
            q_value=None, q_basis=None, verdict=Verdict.NOT_SCORED, event_verdict=Verdict.NOT_SCORED, decides=False,
        )  # fmt: skip
        moves.save_decided(db, [decided(db)])
        assert moves.move_states(db, [EVENT]) == [decided(db)]
        assert moves.move_states(db, ["other"]) == []


def test_what_is_decided_of_no_moves_is_no_statement(store: Store) -> None:
    statements: list[str] = []
    with store.write() as db:
        event.listen(db, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
        moves.save_decided(db, [])
        moves.save_shrunk(db, {})
        assert statements == []
        moves.save_shrunk(db, {MoveKey(EVENT, "market", "0..0"): 0.03})
        assert len(statements) == 1


def test_moves_are_finished_by_the_last_session_of_their_window(store: Store) -> None:
    with store.write() as db:
        late = move(event_id("ROSN", DAY), last_session=DAY + timedelta(days=1))
        moves.save_moves(db, [move(EVENT), late, pending(EVENT)], 1, NOW)
        assert moves.finished_on(db, "market", "0..0", [DAY]) == [FinishedMove(DAY, EVENT, 0.05, 0.01)]
        assert moves.finished_on(db, "market", "0..5", [DAY]) == []


def test_effects_of_days_without_moves_are_deleted(store: Store) -> None:
    days: list[date] = [DAY + timedelta(days=n) for n in range(3)]
    with store.write() as db:
        moves.save_effects(db, "market", "0..0", [Effect(day, 0.5, 1.0) for day in reversed(days)])
        moves.save_effects(db, "market", "0..0", [Effect(days[0], 0.0, 0.0), Effect(days[1], 0.25, 2.0)])
        assert moves.effects_of(db, "market", "0..0") == [Effect(days[1], 0.25, 2.0), Effect(days[2], 0.5, 1.0)]
        assert moves.effects_of(db, "market", "0..1") == []


def test_what_a_link_is_made_of_is_joined_from_article_event_and_move(store: Store) -> None:
    with store.write() as db:
        first, copy = articles.save_articles(db, [article("1"), article("2", at=LATER)], NOW)
        event = assign(db, [first, copy])
        moves.save_moves(db, [move(event), pending(event)], 1, NOW)
        inputs = {(one.article_id, one.event_window): one for one in moves.link_inputs(db, [event])}
    assert set(inputs) == {(one.article_id, window) for one in (first, copy) for window in ("0..0", "0..1")}
    one = inputs[copy.article_id, "0..0"]
    assert isinstance(one, LinkInputs)
    assert (one.story_rank, one.published_at, one.role, one.relevance) == (2, LATER, Role.SUBJECT, 0.9)
    assert (one.status, one.car, one.q_value, one.confounded) == (Status.SCORED, 0.05, None, False)
    assert (one.anchor, one.published_precision) == (Anchor.PRE_OPEN, Precision.MINUTE)
    assert inputs[copy.article_id, "0..1"].status is Status.PENDING


@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_links_that_differ_are_written(store: Store, verdict: Verdict) -> None:
    with store.write() as db:
        (stored,) = articles.save_articles(db, [article()], NOW)
        assert moves.save_links(db, [link(stored, verdict)], 1) == 1
        assert moves.save_links(db, [link(stored, verdict)], 2) == 0
        row = db.execute(select(links)).one()
    assert (row.verdict, row.tradable, row.run_id) == (verdict.value, True, 1)


def test_unusual_sessions_are_replaced_from_a_day_on(store: Store) -> None:
    days: list[date] = [DAY + timedelta(days=n) for n in range(3)]
    with store.write() as db:
        moves.save_session_moves(db, {}, [session_move("GAZP", day) for day in days])
        moves.save_session_moves(db, {"GAZP": days[1], "ROSN": days[0]}, [session_move("GAZP", days[2])])
        assert sorted(db.execute(select(session_moves.c.session)).scalars()) == [days[0], days[2]]


def test_a_base_rate_is_replaced(store: Store) -> None:
    rate = BaseRate("GAZP", "market", 250, DAY, DAY, 0.01, 0.04, 0.01, 0.03)
    with store.write() as db:
        moves.save_base_rates(db, [rate])
        moves.save_base_rates(db, [rate._replace(sessions=251)])
        assert db.execute(select(base_rates.c.sessions)).scalars().all() == [251]
