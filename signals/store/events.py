"""Events: what falls on an instrument's session, however many articles report it; intraday events, on an instant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Column, Connection, and_, case, func, select, update

from signals.store.bulk import chunks, columns_for, literally, read
from signals.store.tables import articles, event_assignments, events, links, mentions, moves, story_articles
from signals.types import Event, Precision, RelevanceClass, Role, RowChange, Turnover

# Where an article's events stand: that of the session, and that of the instant.
ASSIGNED = (event_assignments.c.event_id, event_assignments.c.intraday_event_id)
REACH = timedelta(days=15)  # calendar days that hold the sessions of the widest event windows
_EVENTS = select(*columns_for(Event, events))


def dirty_events(db: Connection) -> list[str]:
    """Return the events whose articles changed."""
    query = select(events.c.event_id).where(events.c.dirty == literally(1)).order_by(events.c.event_id)
    return list(db.execute(query).scalars())


class DroppedMove(NamedTuple):
    """A move that went with its event."""

    study: str
    event_window: str
    day_zero: date
    last_session: date | None


class Recounted(NamedTuple):
    """The moves that went with their events, and how many rows of each kind went."""

    dropped: list[DroppedMove]
    turnover: Turnover


def count_events(db: Connection, ids: Iterable[str]) -> int:
    """Count how many of some events there are."""
    query = select(func.count()).select_from(events)
    return sum(db.execute(query.where(events.c.event_id.in_(part))).scalar_one() for part in chunks(ids))


def recount(db: Connection, ids: Iterable[str], min_relevance: float) -> Recounted:
    """Count the articles and stories of events again, and drop the events that have none left."""
    dropped: list[DroppedMove] = []
    gone: Counter[str] = Counter()
    for part in chunks(ids):
        counts: list[_Counts] = []
        relevant: dict[str, _Relevant] = {}
        for column in ASSIGNED:  # an event stands in one of them
            counts += _counts(db, column, part)
            relevant |= _relevant(db, column, part, min_relevance)
        for row in counts:
            db.execute(
                update(events)
                .where(events.c.event_id == row.event_id)
                .values(
                    articles_in_event=row.articles,
                    stories_in_event=row.stories,
                    relevant_stories=relevant.get(row.event_id, _NONE).stories,
                    relevance_class=relevant.get(row.event_id, _NONE).relevance_class,
                    day_only=row.lowest == row.highest == Precision.DAY.value,
                )
            )
        empty = sorted(set(part) - {row.event_id for row in counts})
        query = select(*(moves.c[name] for name in DroppedMove._fields)).where(moves.c.event_id.in_(empty))
        dropped += read(db, query, DroppedMove)
        for table in (links, moves, events) if empty else ():
            gone[table.name] += db.execute(table.delete().where(table.c.event_id.in_(empty))).rowcount
    removed = (RowChange(removed=gone[table.name]) for table in (events, moves, links))
    return Recounted(dropped, Turnover(*removed))


class _Counts(NamedTuple):
    event_id: str
    articles: int
    stories: int
    lowest: str
    highest: str


def _counts(db: Connection, column: Column[str], ids: Sequence[str]) -> list[_Counts]:
    query = (
        select(
            column.label("event_id"),
            func.count().label("articles"),
            func.count(story_articles.c.story_id.distinct()).label("stories"),
            func.min(articles.c.published_precision).label("lowest"),
            func.max(articles.c.published_precision).label("highest"),
        )
        .join(story_articles, story_articles.c.article_id == event_assignments.c.article_id)
        .join(
            articles,
            and_(articles.c.article_id == event_assignments.c.article_id, articles.c.superseded_at.is_(None)),
        )
        .where(column.in_(ids))
        .group_by(column)
    )
    return read(db, query, _Counts)


class _Relevant(NamedTuple):
    """How many stories of an event are about the instrument, and how many articles have it as what."""

    stories: int
    subject: int
    mentioned: int

    @property
    def relevance_class(self) -> RelevanceClass:
        if self.subject:
            return RelevanceClass.SUBJECT
        return RelevanceClass.MENTIONED if self.mentioned else RelevanceClass.WEAK


_NONE = _Relevant(0, 0, 0)


def _relevant(db: Connection, column: Column[str], ids: Sequence[str], min_relevance: float) -> dict[str, _Relevant]:
    """Count the stories of events that are about the instrument, and their articles by its role."""
    carrier = and_(
        mentions.c.article_id == event_assignments.c.article_id,
        mentions.c.mention_no == event_assignments.c.mention_no,
    )
    query = (
        select(
            column,
            func.count(story_articles.c.story_id.distinct()),
            *(func.count(case((mentions.c.role == role, 1))) for role in (Role.SUBJECT, Role.MENTIONED)),
        )
        .join(story_articles, story_articles.c.article_id == event_assignments.c.article_id)
        .join(mentions, carrier)
        .where(column.in_(ids), mentions.c.relevance >= min_relevance)
        .group_by(column)
    )
    return {event: _Relevant(*counts) for event, *counts in db.execute(query)}


def events_by_id(db: Connection, ids: Iterable[str]) -> list[Event]:
    """Return events by their keys."""
    return [event for part in chunks(ids) for event in read(db, _EVENTS.where(events.c.event_id.in_(part)), Event)]


def events_from(db: Connection, since: Mapping[str, date]) -> set[str]:
    """Return the events of each ticker whose windows may hold a session on or after a date."""
    ids: set[str] = set()
    for ticker, day in since.items():
        query = select(events.c.event_id).where(events.c.ticker == ticker, events.c.day_zero >= day - REACH)
        ids.update(db.execute(query).scalars())
    return ids


def events_between(
    db: Connection, tickers: Iterable[str], first: date, last: date, intraday: bool = False
) -> list[Event]:
    """Return the events of instruments with day zero from `first` to `last`: of whole sessions, or of instants."""
    kind = events.c.published_at.is_not(None) if intraday else events.c.published_at.is_(None)
    rows: list[Event] = []
    for part in chunks(tickers):
        query = _EVENTS.where(events.c.ticker.in_(part), events.c.day_zero.between(first, last), kind)
        rows += read(db, query.order_by(events.c.ticker, events.c.day_zero, events.c.published_at), Event)
    return rows


def event_days(db: Connection, tickers: Iterable[str]) -> dict[str, list[date]]:
    """Return the days zero of all events of instruments."""
    days: dict[str, list[date]] = {}
    for part in chunks(tickers):
        of_sessions = and_(events.c.ticker.in_(part), events.c.published_at.is_(None))
        for ticker, day in db.execute(select(events.c.ticker, events.c.day_zero).where(of_sessions)):
            days.setdefault(ticker, []).append(day)
    return days


def mark_clean(db: Connection, ids: Iterable[str]) -> None:
    """Record that the links of events are up to date."""
    for part in chunks(ids):
        db.execute(update(events).where(events.c.event_id.in_(part), events.c.dirty == 1).values(dirty=False))
