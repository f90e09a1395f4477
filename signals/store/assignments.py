"""What is derived from articles: mentions, stories, and which article falls on which event.

`unmatched_articles`, `event_assignments.is_final = 0` and `events.dirty = 1` are the work queues of the stage `score`:
they are set in the transaction that makes the work and cleared in the one that does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, bindparam, func, select, tuple_, update

from signals.store import stories
from signals.store.articles import stamp_of
from signals.store.bulk import chunks, delete, insert, literally, upsert
from signals.store.error_rates import drop_error_rates
from signals.store.events import ASSIGNED, count_events
from signals.store.tables import (
    DERIVED,
    articles,
    event_assignments,
    events,
    instruments,
    links,
    mentions,
    moves,
    story_articles,
    unmatched_articles,
)
from signals.types import Anchor, EventIds, Mention, RowChange, Stamp, Turnover


def enqueue(db: Connection, ids: Iterable[str]) -> None:
    """Queue articles that are new or changed for matching."""
    upsert(db, unmatched_articles, [{"article_id": article_id} for article_id in ids])


def unmatched(db: Connection) -> list[str]:
    """Return the articles that wait to be matched, in the order of time: first copies come before later ones."""
    current = and_(articles.c.article_id == unmatched_articles.c.article_id, articles.c.superseded_at.is_(None))
    waiting = unmatched_articles.outerjoin(articles, current)  # outer, so that SQLite begins with the few that wait
    query = select(articles.c.published_at, unmatched_articles.c.article_id).select_from(waiting)
    return [article_id for _, article_id in sorted(tuple(row) for row in db.execute(query) if row[0] is not None)]


def clear_unmatched(db: Connection, waiting: Iterable[str] = ()) -> None:
    """Empty the queue but for some articles: every other one has been matched."""
    db.execute(unmatched_articles.delete())
    enqueue(db, waiting)


def save_mentions(db: Connection, mentions_of: Mapping[tuple[str, int], Sequence[Mention]]) -> None:
    """Replace the mentions of articles, keyed by (article_id, revision)."""
    ids = [{"article_id": article_id} for article_id, _ in mentions_of]
    delete(db, mentions, ids)
    rows = [
        {
            "article_id": article_id,
            "mention_no": number,
            "revision": revision,
            "tag": m.tag,
            "tag_kind": m.kind.value,
            "found_in": m.where,
            "span_start": m.start,
            "span_end": m.end,
            "occurrences": m.count,
            "ticker": m.ticker,
            "reason": m.reason,
            "alias": m.alias,
            "role": m.role.value if m.role else None,
            "relevance": m.relevance,
        }
        for (article_id, revision), in_article in mentions_of.items()
        for number, m in enumerate(in_article)
    ]
    insert(db, mentions, rows)


@dataclass(frozen=True, slots=True)
class Unassigned:
    """An article's instrument that has no final day zero yet, with the events that it falls on so far."""

    article_id: str
    ticker: str
    stamp: Stamp
    story_id: str
    events: tuple[str | None, str | None]

    @property
    def is_copy(self) -> bool:
        """Whether it is a later copy of its story."""
        return self.story_id != self.article_id


@dataclass(frozen=True, slots=True)
class Assignment:
    """The events that an article falls on with an instrument, the rule that chose them, and whether that is final."""

    article_id: str
    ticker: str
    ids: EventIds
    anchor: Anchor
    day_zero_sensitive: bool
    is_final: bool


@dataclass(frozen=True, slots=True)
class EventHours:
    """The session of an event with its hours, and the instant of an intraday one."""

    ticker: str
    day_zero: date
    opens_at: datetime
    closes_at: datetime
    published_at: datetime | None = None


def enqueue_pairs(db: Connection, pairs: Mapping[tuple[str, str], int]) -> None:
    """Queue (article, ticker) pairs for assignment, each with the mention that carries the link."""
    rows = [
        {
            "article_id": article_id,
            "ticker": ticker,
            "mention_no": number,
            "event_id": None,
            "intraday_event_id": None,
            "anchor": None,
            "day_zero_sensitive": False,
            "is_final": False,
        }
        for (article_id, ticker), number in pairs.items()
    ]
    upsert(db, event_assignments, rows)


def unassign(db: Connection, ids: Iterable[str]) -> int:
    """Take articles off their events, because they changed; the events are scored again. Returns how many links go."""
    removed = 0
    for part in chunks(ids):
        _mark_dirty(db, part)
        removed += db.execute(links.delete().where(links.c.article_id.in_(part))).rowcount
        db.execute(event_assignments.delete().where(event_assignments.c.article_id.in_(part)))
    return removed


def reassign(db: Connection, ids: Iterable[str]) -> None:
    """Have articles assigned anew, because their place in a story changed; their events have other stories now."""
    for part in chunks(ids):
        _mark_dirty(db, part)
        db.execute(update(event_assignments).where(event_assignments.c.article_id.in_(part)).values(is_final=False))


def _mark_dirty(db: Connection, ids: Sequence[str]) -> None:
    for column in ASSIGNED:
        events_of = select(column).where(event_assignments.c.article_id.in_(ids), column.is_not(None))
        db.execute(update(events).where(events.c.event_id.in_(events_of)).values(dirty=True))


def unassigned(db: Connection) -> list[Unassigned]:
    """Return what has no final day zero."""
    query = (
        select(
            event_assignments.c.article_id,
            event_assignments.c.ticker,
            event_assignments.c.event_id,
            event_assignments.c.intraday_event_id,
            story_articles.c.story_id,
            articles,
        )
        .join(
            articles, and_(articles.c.article_id == event_assignments.c.article_id, articles.c.superseded_at.is_(None))
        )
        .join(story_articles, story_articles.c.article_id == event_assignments.c.article_id)
        .where(event_assignments.c.is_final == literally(0))
        .order_by(event_assignments.c.ticker, articles.c.published_at, event_assignments.c.article_id)
    )
    return [
        Unassigned(r.article_id, r.ticker, stamp_of(r), r.story_id, (r.event_id, r.intraday_event_id))
        for r in db.execute(query)
    ]


def assigned(db: Connection, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], EventIds]:
    """Return the events of each (article, ticker) that has some."""
    key = tuple_(event_assignments.c.article_id, event_assignments.c.ticker)
    ids: dict[tuple[str, str], EventIds] = {}
    for part in chunks(pairs, 400):
        query = select(event_assignments).where(key.in_(part), event_assignments.c.event_id.is_not(None))
        ids.update({(r.article_id, r.ticker): EventIds(r.event_id, r.intraday_event_id) for r in db.execute(query)})
    return ids


def save_assignments(
    db: Connection, rows: Sequence[Assignment], hours: Mapping[str, EventHours], abandoned: Iterable[str]
) -> int:
    """Write assignments, make their events, and mark those and the events that lost an article as dirty.

    Returns how many events are new.

    Parameters
    ----------
    db
        An open transaction.
    rows
        The assignments.
    hours
        The events that are new or may have other hours, by event.
    abandoned
        Events that lost an article.
    """
    if rows:
        written = ("event_id", "intraday_event_id", "anchor", "day_zero_sensitive", "is_final")
        statement = _THIS_PAIR.values({name: bindparam(f"new_{name}") for name in written})
        db.execute(statement, [_assignment_values(row) for row in rows])
    before = count_events(db, hours)
    empty = {"articles_in_event": 0, "stories_in_event": 0, "relevant_stories": 0, "day_only": False, "dirty": True}
    upsert(
        db,
        events,
        [{"event_id": event_id, **asdict(about), **empty} for event_id, about in hours.items()],
        unchanged=empty,
    )
    for part in chunks({*hours, *abandoned}):
        db.execute(update(events).where(events.c.event_id.in_(part)).values(dirty=True))
    return len(hours) - before


_THIS_PAIR = update(event_assignments).where(
    event_assignments.c.article_id == bindparam("pair_article"), event_assignments.c.ticker == bindparam("pair_ticker")
)


def _assignment_values(row: Assignment) -> dict[str, object]:
    return {
        "pair_article": row.article_id,
        "pair_ticker": row.ticker,
        "new_event_id": row.ids.event_id,
        "new_intraday_event_id": row.ids.intraday_event_id,
        "new_anchor": row.anchor,
        "new_day_zero_sensitive": row.day_zero_sensitive,
        "new_is_final": row.is_final,
    }


def mark_unplaceable(db: Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Stop trying to assign pairs; the reason is kept as a refusal."""
    keys = [{"pair_article": article_id, "pair_ticker": ticker} for article_id, ticker in pairs]
    if keys:
        db.execute(_THIS_PAIR.values(is_final=True), keys)


def first_needed(db: Connection) -> dict[str, date]:
    """Return, per ticker, the day of its earliest event, or of its earliest article that has none yet."""
    earliest = select(func.min(events.c.day_zero)).where(events.c.ticker == instruments.c.ticker).scalar_subquery()
    days = {ticker: day for ticker, day in db.execute(select(instruments.c.ticker, earliest)) if day is not None}
    waiting = (
        select(event_assignments.c.ticker, func.min(articles.c.published_at))
        .join(articles, articles.c.article_id == event_assignments.c.article_id)
        .where(event_assignments.c.is_final == literally(0), event_assignments.c.event_id.is_(None))
        .group_by(event_assignments.c.ticker)
    )
    for ticker, published in db.execute(waiting):
        days[ticker] = min(published.date(), days.get(ticker, published.date()))
    return days


def clear(db: Connection, since: datetime | None) -> Turnover:
    """Drop what is derived from articles published since an instant, or from all, and queue those for matching.

    Returns how many events, moves and links go.
    """
    query = select(articles.c.article_id).where(articles.c.superseded_at.is_(None))
    if since is None:
        gone = {table.name: RowChange(removed=db.execute(table.delete()).rowcount) for table in DERIVED}
        db.execute(unmatched_articles.insert().from_select(["article_id"], query))
        return Turnover(gone[events.name], gone[moves.name], gone[links.name])
    ids = set(db.execute(query.where(articles.c.published_at >= since)).scalars())
    drop_error_rates(db, since.date())
    ids |= {row.article_id for row in stories.members(db, ids)}
    removed = unassign(db, ids)
    stories.drop(db, ids, since)
    enqueue(db, ids)
    return Turnover(links=RowChange(removed=removed))
