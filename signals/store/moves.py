"""Moves, q-values, effects and links. Every verb writes only rows that change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, select, update

from signals.store.bulk import chunks, columns_for, delete, insert, literally, read, upsert
from signals.store.events import ASSIGNED
from signals.store.tables import (
    articles,
    base_rates,
    effects,
    event_assignments,
    events,
    links,
    mentions,
    moves,
    session_moves,
    story_articles,
)
from signals.types import (
    BaseRate,
    Link,
    LinkInputs,
    Move,
    MoveKey,
    MoveState,
    SessionMove,
)

# What a scoring writes of a move: its fields, but for those that later steps of the derivation write.
_WRITTEN = tuple(f.name for f in fields(Move) if f.name != "unscored" and not f.metadata.get("later"))
_KEY = MoveKey._fields


def pending_events(db: Connection) -> set[str]:
    """Return the events with a window that is still running or waits for bars."""
    return set(db.execute(select(moves.c.event_id).distinct().where(moves.c.status == literally("pending"))).scalars())


class MoveDigest(NamedTuple):
    """What a new score is compared with to see whether a stored move has changed."""

    digest: str
    confounders: str


def move_digests(db: Connection, ids: Iterable[str]) -> dict[MoveKey, MoveDigest]:
    """Return the digests of the moves of events."""
    query = select(*(moves.c[name] for name in (*_KEY, *MoveDigest._fields)))
    rows = (row for part in chunks(ids) for row in db.execute(query.where(moves.c.event_id.in_(part))))
    return {MoveKey(*row[:3]): MoveDigest(*row[3:]) for row in rows}


def save_moves(db: Connection, scored: Sequence[Move], run_id: int, now: datetime) -> int:
    """Write moves; returns how many changed."""
    rows = [_move_row(move, run_id, now) for move in scored]
    return upsert(db, moves, rows, unchanged=["run_id", "scored_at"])


def _move_row(move: Move, run_id: int, now: datetime) -> dict[str, object]:
    refused = move.unscored
    return {
        **{name: getattr(move, name) for name in _WRITTEN},
        "session_marks": move.session_marks or "",
        "status": move.status.value,
        "reason": refused.reason.value if refused else "",
        "reason_detail": refused.detail if refused else "",
        "run_id": run_id,
        "scored_at": now,
    }


def move_states(db: Connection, ids: Iterable[str]) -> list[MoveState]:
    """Return the moves of events with what is decided of them, in the order of events."""
    names = MoveState._fields
    columns = [events.c[name] if name in ("relevance_class", "day_only") else moves.c[name] for name in names]
    query = select(*columns).join(events, events.c.event_id == moves.c.event_id)
    rows: list[MoveState] = []
    for part in chunks(sorted(ids)):
        rows += read(db, query.where(moves.c.event_id.in_(part)).order_by(moves.c.event_id), MoveState)
    return rows


# What is decided of a move after it is scored.
_DECIDED = ("local_fdr", "q_value", "q_basis", "verdict", "event_verdict", "decides")


def save_decided(db: Connection, states: Sequence[MoveState]) -> None:
    """Write error rates and verdicts of moves."""
    _update_moves(db, [{name: getattr(state, name) for name in (*_KEY, *_DECIDED)} for state in states])


class FinishedMove(NamedTuple):
    """The CAR of a scored move whose window has ended, and the noise in it."""

    last_session: date
    event_id: str
    car: float
    noise: float


def finished_on(db: Connection, study: str, window: str, days: Iterable[date]) -> list[FinishedMove]:
    """Return the scored moves whose windows ended on some days, in a fixed order."""
    query = select(*(moves.c[name] for name in FinishedMove._fields)).where(
        moves.c.study == study, moves.c.event_window == window, moves.c.status == "scored"
    )
    rows: list[FinishedMove] = []
    for part in chunks(sorted(days)):
        rows += read(db, query.where(moves.c.last_session.in_(part)), FinishedMove)
    return sorted(rows, key=lambda row: (row.last_session, row.event_id))


class Effect(NamedTuple):
    """What the moves that ended on a day say about the size of true effects."""

    last_session: date
    excess: float
    weight: float


def save_effects(db: Connection, study: str, window: str, rows: Sequence[Effect]) -> None:
    """Keep the effects of days; days that say nothing are deleted."""
    key = {"study": study, "event_window": window}
    delete(db, effects, [{**key, "last_session": row.last_session} for row in rows if row.weight == 0])
    upsert(db, effects, [{**key, **row._asdict()} for row in sorted(rows) if row.weight > 0])


def effects_of(db: Connection, study: str, window: str) -> list[Effect]:
    """Return the effects of a study and window, day by day."""
    query = select(*(effects.c[name] for name in Effect._fields)).where(
        effects.c.study == study, effects.c.event_window == window
    )
    return read(db, query.order_by(effects.c.last_session), Effect)


def save_shrunk(db: Connection, values: Mapping[MoveKey, float]) -> None:
    """Write shrunk effects."""
    _update_moves(db, [{**key._asdict(), "car_shrunk": value} for key, value in values.items()])


def _update_moves(db: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Write some columns of moves: rows of their keys and the same columns."""
    if not rows:
        return
    statement = (
        update(moves)
        .where(*(moves.c[name] == bindparam(f"key_{name}") for name in _KEY))
        .values({name: bindparam(name) for name in rows[0] if name not in _KEY})
    )
    db.execute(statement, [{(f"key_{n}" if n in _KEY else n): value for n, value in row.items()} for row in rows])


def link_inputs(db: Connection, ids: Iterable[str]) -> list[LinkInputs]:
    """Return what the links of events are made of: one value per article x move."""
    tables = (articles, events, moves, event_assignments, mentions, story_articles)  # of a name in two, the first
    query = (
        select(*columns_for(LinkInputs, *tables))
        .join(
            mentions,
            and_(
                mentions.c.article_id == event_assignments.c.article_id,
                mentions.c.mention_no == event_assignments.c.mention_no,
            ),
        )
        .join(story_articles, story_articles.c.article_id == event_assignments.c.article_id)
        .join(
            articles,
            and_(articles.c.article_id == event_assignments.c.article_id, articles.c.superseded_at.is_(None)),
        )
    )
    rows: list[LinkInputs] = []
    for column in ASSIGNED:
        of_kind = query.join(events, events.c.event_id == column).join(moves, moves.c.event_id == column)
        for part in chunks(ids):
            rows += read(db, of_kind.where(column.in_(part)), LinkInputs)
    return rows


def count_new(db: Connection, tied: Sequence[Link]) -> int:
    """Count the links that are not stored yet."""
    keys = [column.name for column in links.primary_key]
    query = select(*(links.c[name] for name in keys))
    stored: set[tuple[str, ...]] = set()
    for part in chunks({link.article_id for link in tied}):
        stored.update(tuple(row) for row in db.execute(query.where(links.c.article_id.in_(part))))
    return sum(tuple(getattr(link, name) for name in keys) not in stored for link in tied)


def save_links(db: Connection, tied: Sequence[Link], run_id: int) -> int:
    """Write links; returns how many changed."""
    names = [f.name for f in fields(Link)]
    rows = [{**{name: getattr(link, name) for name in names}, "run_id": run_id} for link in tied]
    return upsert(db, links, rows, unchanged=["run_id"])


def save_session_moves(db: Connection, since: Mapping[str, date], rows: Sequence[SessionMove]) -> None:
    """Replace the unusual sessions of instruments from a day on."""
    for ticker, day in since.items():
        db.execute(session_moves.delete().where(session_moves.c.ticker == ticker, session_moves.c.session >= day))
    insert(db, session_moves, [row._asdict() for row in rows])


def save_base_rates(db: Connection, rows: Sequence[BaseRate]) -> None:
    """Write how much instruments move on ordinary days."""
    upsert(db, base_rates, [row._asdict() for row in rows])
