"""Events: what falls on an instrument's session, however many articles say it; intraday events, on an instant of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Row, and_, func, select, update

from signals.store.bulk import chunks, delete, literally
from signals.store.tables import articles, events, links, mentions, moves, placements, story_articles
from signals.types import Precision

FALLEN = (placements.c.event_id, placements.c.moment_id)  # where an article says which events it falls on
REACH = timedelta(days=15)  # calendar days that hold the sessions of the widest event windows


def dirty_events(db: Connection) -> list[str]:
    """Return the events whose articles changed."""
    return list(
        db.execute(
            select(events.c.event_id).where(events.c.dirty == literally(1)).order_by(events.c.event_id)
        ).scalars()
    )


def recount(db: Connection, ids: Iterable[str], min_relevance: float) -> list[Row[Any]]:
    """Count the articles and stories of events again, and drop the events that have none left; returns their moves."""
    dropped: list[Row[Any]] = []
    for part in chunks(ids):
        counted: list[Row[Any]] = []
        relevant: dict[str, int] = {}
        for column in FALLEN:  # an event is found in one of them
            counted += _counted(db, column, part)
            relevant |= _relevant(db, column, part, min_relevance)
        for row in counted:
            db.execute(
                update(events)
                .where(events.c.event_id == row.event_id)
                .values(
                    articles_in_event=row.articles,
                    stories_in_event=row.stories,
                    relevant_stories=relevant.get(row.event_id, 0),
                    day_only=int(row.lowest == row.highest == Precision.DAY.value),
                )
            )
        gone = sorted(set(part) - {row.event_id for row in counted})
        dropped += db.execute(select(moves).where(moves.c.event_id.in_(gone)))
        for table in (links, moves, events):
            delete(db, table, [{"event_id": event_id} for event_id in gone])
    return dropped


def _counted(db: Connection, column: Column[Any], ids: Sequence[str]) -> Sequence[Row[Any]]:
    return db.execute(
        select(
            column.label("event_id"),
            func.count().label("articles"),
            func.count(story_articles.c.story_id.distinct()).label("stories"),
            func.min(articles.c.published_precision).label("lowest"),
            func.max(articles.c.published_precision).label("highest"),
        )
        .join(story_articles, story_articles.c.article_id == placements.c.article_id)
        .join(articles, and_(articles.c.article_id == placements.c.article_id, articles.c.superseded_at.is_(None)))
        .where(column.in_(ids))
        .group_by(column)
    ).all()


def _relevant(db: Connection, column: Column[Any], ids: Sequence[str], min_relevance: float) -> dict[str, int]:
    """Count the stories of events that are about the instrument."""
    tied = and_(mentions.c.article_id == placements.c.article_id, mentions.c.mention_no == placements.c.mention_no)
    query = (
        select(column, func.count(story_articles.c.story_id.distinct()))
        .join(story_articles, story_articles.c.article_id == placements.c.article_id)
        .join(mentions, tied)
        .where(column.in_(ids), mentions.c.relevance >= min_relevance)
        .group_by(column)
    )
    return dict(db.execute(query).all())


def event_rows(db: Connection, ids: Iterable[str]) -> list[Row[Any]]:
    """Return events by their keys."""
    found: list[Row[Any]] = []
    for part in chunks(ids):
        found += db.execute(select(events).where(events.c.event_id.in_(part)))
    return found


def events_from(db: Connection, since: Mapping[str, date]) -> set[str]:
    """Return the events of each ticker whose windows may hold a session on or after a date."""
    found: set[str] = set()
    for ticker, day in since.items():
        query = select(events.c.event_id).where(events.c.ticker == ticker, events.c.day_zero >= day - REACH)
        found.update(db.execute(query).scalars())
    return found


def events_between(
    db: Connection, tickers: Iterable[str], first: date, last: date, intraday: bool = False
) -> list[Row[Any]]:
    """Return the events of instruments with day zero from `first` to `last`: of whole sessions, or of instants."""
    kind = events.c.published_at.is_not(None) if intraday else events.c.published_at.is_(None)
    found: list[Row[Any]] = []
    for part in chunks(tickers):
        query = select(events).where(events.c.ticker.in_(part), events.c.day_zero.between(first, last), kind)
        found += db.execute(query.order_by(events.c.ticker, events.c.day_zero, events.c.published_at))
    return found


def event_days(db: Connection, tickers: Iterable[str]) -> dict[str, list[date]]:
    """Return the days zero of all events of instruments."""
    found: dict[str, list[date]] = {}
    for part in chunks(tickers):
        of_sessions = and_(events.c.ticker.in_(part), events.c.published_at.is_(None))
        for ticker, day in db.execute(select(events.c.ticker, events.c.day_zero).where(of_sessions)):
            found.setdefault(ticker, []).append(day)
    return found


def settle_events(db: Connection, ids: Iterable[str]) -> None:
    """Say that the links of events are up to date."""
    for part in chunks(ids):
        db.execute(update(events).where(events.c.event_id.in_(part), events.c.dirty == 1).values(dirty=0))
