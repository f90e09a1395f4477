"""Moves, q-values, effects and links. Every verb writes only rows that change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, select, update

from signals.store.bulk import chunks, delete, insert, literally, upsert
from signals.store.events import FALLEN
from signals.store.tables import (
    articles,
    base_rates,
    effects,
    events,
    links,
    mentions,
    moves,
    placements,
    session_moves,
    story_articles,
)


def pending_events(db: Connection) -> set[str]:
    """Return the events with a window that is still running or waits for bars."""
    return set(db.execute(select(moves.c.event_id).distinct().where(moves.c.status == literally("pending"))).scalars())


def moves_of(db: Connection, ids: Iterable[str]) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return digest and confounders of the moves of events, by (event, study, window)."""
    found: dict[tuple[str, str, str], tuple[str, str]] = {}
    for part in chunks(ids):
        rows = db.execute(select(moves).where(moves.c.event_id.in_(part)))
        found.update({(r.event_id, r.study, r.event_window): (r.digest, r.confounders) for r in rows})
    return found


def save_moves(db: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    """Write moves; returns how many changed."""
    return upsert(db, moves, rows, unchanged=["run_id", "scored_at"])


def scored_on(db: Connection, days: Iterable[date]) -> list[Row[Any]]:
    """Return the p- and q-values of the scored events of whole days, in the order of study, window, day and event."""
    key = (moves.c.study, moves.c.event_window, moves.c.day_zero, moves.c.event_id)
    query = select(*key, moves.c.p_value, moves.c.q_value, moves.c.q_m, moves.c.base_at, moves.c.exit_at).where(
        moves.c.status == "scored", moves.c.p_value.is_not(None)
    )
    found: list[Row[Any]] = []
    for part in chunks(sorted(days)):
        found += db.execute(query.where(moves.c.day_zero.in_(part)))
    return sorted(found, key=lambda row: tuple(row[:4]))


def save_q_values(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write q-values: rows of event_id, study, event_window, q_value, q_scope and q_m."""
    key = ("event_id", "study", "event_window")
    statement = (
        update(moves)
        .where(*(moves.c[name] == bindparam("k_" + name) for name in key))
        .values({name: bindparam(name) for name in ("q_value", "q_scope", "q_m")})
    )
    if rows:
        db.execute(statement, [{("k_" + n if n in key else n): v for n, v in row.items()} for row in rows])


def finished_on(db: Connection, study: str, window: str, days: Iterable[date]) -> list[Row[Any]]:
    """Return last_session, car and noise of the scored events whose windows ended on some days, in a fixed order."""
    found: list[Row[Any]] = []
    for part in chunks(sorted(days)):
        query = select(moves.c.last_session, moves.c.event_id, moves.c.car, moves.c.noise).where(
            moves.c.study == study,
            moves.c.event_window == window,
            moves.c.last_session.in_(part),
            moves.c.status == "scored",
        )
        found += db.execute(query)
    return sorted(found, key=lambda row: (row.last_session, row.event_id))


def save_effects(db: Connection, study: str, window: str, found: Mapping[date, tuple[float, float]]) -> None:
    """Keep what the events that ended on a day say about the size of true effects; days that say nothing go."""
    key = {"study": study, "event_window": window}
    delete(db, effects, [{**key, "last_session": day} for day, (_, weight) in found.items() if weight == 0])
    rows = [
        {**key, "last_session": day, "excess": excess, "weight": weight}
        for day, (excess, weight) in sorted(found.items())
        if weight > 0
    ]
    upsert(db, effects, rows)


def effects_of(db: Connection, study: str, window: str) -> list[Row[Any]]:
    """Return last_session, excess and weight of a study and window, day by day."""
    this = (effects.c.study == study, effects.c.event_window == window)
    query = select(effects.c.last_session, effects.c.excess, effects.c.weight).where(*this)
    return list(db.execute(query.order_by(effects.c.last_session)))


def save_shrunk(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write shrunk effects: rows of event_id, study, event_window and car_shrunk."""
    key = ("event_id", "study", "event_window")
    statement = update(moves).where(*(moves.c[n] == bindparam("k_" + n) for n in key))
    if rows:
        listed = [{("k_" + n if n in key else n): v for n, v in row.items()} for row in rows]
        db.execute(statement.values(car_shrunk=bindparam("car_shrunk")), listed)


def ties(db: Connection, ids: Iterable[str]) -> list[Row[Any]]:
    """Return what a verdict looks at: one row per article x move of the events."""
    query = (
        select(
            placements.c.article_id,
            placements.c.ticker,
            placements.c.anchor,
            events.c.event_id,
            mentions.c.role,
            mentions.c.relevance,
            story_articles.c.story_rank,
            articles.c.published_at,
            articles.c.published_precision,
            articles.c.seen_at,
            events.c.opens_at,
            events.c.closes_at,
            moves.c.study,
            moves.c.event_window,
            moves.c.status,
            moves.c.reason,
            moves.c.ret,
            moves.c.car,
            moves.c.q_value,
            moves.c.confounded,
            moves.c.base_at,
            moves.c.entry_at,
            moves.c.exit_at,
        )
        .join(
            mentions,
            and_(mentions.c.article_id == placements.c.article_id, mentions.c.mention_no == placements.c.mention_no),
        )
        .join(story_articles, story_articles.c.article_id == placements.c.article_id)
        .join(articles, and_(articles.c.article_id == placements.c.article_id, articles.c.superseded_at.is_(None)))
    )
    found: list[Row[Any]] = []
    for column in FALLEN:
        of_kind = query.join(events, events.c.event_id == column).join(moves, moves.c.event_id == column)
        for part in chunks(ids):
            found += db.execute(of_kind.where(column.in_(part)))
    return found


def save_links(db: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    """Write links; returns how many changed."""
    return upsert(db, links, rows, unchanged=["run_id"])


def save_session_moves(db: Connection, since: Mapping[str, date], rows: Sequence[Mapping[str, Any]]) -> None:
    """Replace the unusual sessions of instruments from a day on."""
    for ticker, day in since.items():
        gone = and_(session_moves.c.ticker == ticker, session_moves.c.session >= day)
        db.execute(session_moves.delete().where(gone))
    insert(db, session_moves, rows)


def save_base_rates(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write how much instruments move on ordinary days."""
    upsert(db, base_rates, rows)
