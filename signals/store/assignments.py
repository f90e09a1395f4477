"""What is derived from articles: mentions, stories, and which article falls on which event.

`unmatched_articles`, `placements.settled = 0` and `events.dirty = 1` are the work queues of the scoring stroke: they
are set in the transaction that makes the work and cleared in the one that does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, bindparam, func, select, tuple_, update

from signals.store import stories
from signals.store.articles import stamp_of
from signals.store.bulk import chunks, delete, insert, literally, upsert
from signals.store.events import FALLEN
from signals.store.tables import (
    DERIVED,
    articles,
    events,
    instruments,
    links,
    mentions,
    placements,
    story_articles,
    unmatched_articles,
)
from signals.types import Mention, Stamp


def wait(db: Connection, ids: Iterable[str]) -> None:
    """Queue articles that are new or changed for matching."""
    upsert(db, unmatched_articles, [{"article_id": article_id} for article_id in ids])


def unmatched(db: Connection) -> list[str]:
    """Return the articles that wait to be matched, in the order of time: first copies come before later ones."""
    current = and_(articles.c.article_id == unmatched_articles.c.article_id, articles.c.superseded_at.is_(None))
    waiting = unmatched_articles.outerjoin(articles, current)  # outer, so that SQLite begins with the few that wait
    query = select(articles.c.published_at, unmatched_articles.c.article_id).select_from(waiting)
    return [article_id for _, article_id in sorted(tuple(row) for row in db.execute(query))]


def matched(db: Connection) -> None:
    """Say that every article that waited has been matched."""
    db.execute(unmatched_articles.delete())


def save_mentions(db: Connection, found: Mapping[tuple[str, int], Sequence[Mention]]) -> None:
    """Replace the mentions of articles, keyed by (article_id, revision)."""
    ids = [{"article_id": article_id} for article_id, _ in found]
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
        for (article_id, revision), listed in found.items()
        for number, m in enumerate(listed)
    ]
    insert(db, mentions, rows)


class Fallen(NamedTuple):
    """The events that an article falls on with an instrument: of a session, and of an instant for intraday studies."""

    event_id: str
    moment_id: str | None

    def with_first(self, first: Fallen) -> Fallen:
        """Take those of the story's first copy; it has no instant if it was placed before a study wanted one."""
        return Fallen(first.event_id, (first.moment_id or self.moment_id) if self.moment_id else None)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An article's instrument that has no final day zero yet, with the events that it falls on so far."""

    article_id: str
    ticker: str
    stamp: Stamp
    story_id: str
    fallen: tuple[str | None, str | None]

    @property
    def is_copy(self) -> bool:
        """Whether it is a later copy of its story."""
        return self.story_id != self.article_id


def queue(db: Connection, pairs: Mapping[tuple[str, str], int]) -> None:
    """Ask for placements of (article, ticker) pairs, each with the mention that carries the link."""
    rows = [
        {
            "article_id": article_id,
            "ticker": ticker,
            "mention_no": number,
            "event_id": None,
            "moment_id": None,
            "anchor": None,
            "day_zero_sensitive": 0,
            "settled": 0,
        }
        for (article_id, ticker), number in pairs.items()
    ]
    upsert(db, placements, rows)


def forget(db: Connection, ids: Iterable[str]) -> None:
    """Take articles off their events, because they changed; the events are to be looked at again."""
    for part in chunks(ids):
        _look_again(db, part)
        db.execute(links.delete().where(links.c.article_id.in_(part)))
        db.execute(placements.delete().where(placements.c.article_id.in_(part)))


def unsettle(db: Connection, ids: Iterable[str]) -> None:
    """Place articles anew, because their place in a story changed; their events have other stories now."""
    for part in chunks(ids):
        _look_again(db, part)
        db.execute(update(placements).where(placements.c.article_id.in_(part)).values(settled=0))


def _look_again(db: Connection, ids: Sequence[str]) -> None:
    for column in FALLEN:
        theirs = select(column).where(placements.c.article_id.in_(ids), column.is_not(None))
        db.execute(update(events).where(events.c.event_id.in_(theirs)).values(dirty=1))


def unsettled(db: Connection) -> list[Unsettled]:
    """Return what has no final day zero."""
    query = (
        select(
            placements.c.article_id,
            placements.c.ticker,
            placements.c.event_id,
            placements.c.moment_id,
            story_articles.c.story_id,
            articles,
        )
        .join(articles, and_(articles.c.article_id == placements.c.article_id, articles.c.superseded_at.is_(None)))
        .join(story_articles, story_articles.c.article_id == placements.c.article_id)
        .where(placements.c.settled == literally(0))
        .order_by(placements.c.ticker, articles.c.published_at, placements.c.article_id)
    )
    return [
        Unsettled(r.article_id, r.ticker, stamp_of(r), r.story_id, (r.event_id, r.moment_id)) for r in db.execute(query)
    ]


def placed(db: Connection, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Fallen]:
    """Return the events of each (article, ticker) that has some."""
    listed = list(pairs)
    found: dict[tuple[str, str], Fallen] = {}
    for i in range(0, len(listed), 400):
        key = tuple_(placements.c.article_id, placements.c.ticker)
        query = select(placements).where(key.in_(listed[i : i + 400]), placements.c.event_id.is_not(None))
        found.update({(r.article_id, r.ticker): Fallen(r.event_id, r.moment_id) for r in db.execute(query)})
    return found


_PLACED = ("event_id", "moment_id", "anchor", "day_zero_sensitive", "settled")


def save_placements(
    db: Connection, rows: Sequence[Mapping[str, Any]], hours: Mapping[str, Mapping[str, Any]], left: Iterable[str]
) -> None:
    """Write placements, make their events, and mark those and the events that were left as dirty.

    Parameters
    ----------
    db
        An open transaction.
    rows
        article_id, ticker, event_id, moment_id, anchor, day_zero_sensitive, settled.
    hours
        Per event: ticker, day_zero, opens_at, closes_at, published_at.
    left
        Events that lost an article.
    """
    if rows:
        statement = (
            update(placements)
            .where(placements.c.article_id == bindparam("a"), placements.c.ticker == bindparam("t"))
            .values({n: bindparam("v_" + n) for n in _PLACED})
        )
        names = {"article_id": "a", "ticker": "t"}
        db.execute(statement, [{names.get(k, "v_" + k): v for k, v in row.items()} for row in rows])
    empty = {"articles_in_event": 0, "stories_in_event": 0, "relevant_stories": 0, "day_only": 0, "dirty": 1}
    upsert(
        db,
        events,
        [{"event_id": event_id, **about, **empty} for event_id, about in hours.items()],
        unchanged=empty,
    )
    for part in chunks({*hours, *left}):
        db.execute(update(events).where(events.c.event_id.in_(part)).values(dirty=1))


def give_up(db: Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Stop trying to place pairs; the reason is kept as a refusal."""
    statement = update(placements).where(
        placements.c.article_id == bindparam("a"), placements.c.ticker == bindparam("t")
    )
    listed = [{"a": article_id, "t": ticker} for article_id, ticker in pairs]
    if listed:
        db.execute(statement.values(settled=1), listed)


def first_needed(db: Connection) -> dict[str, date]:
    """Return, per ticker, the day of its earliest event, or of its earliest article that has none yet."""
    earliest = select(func.min(events.c.day_zero)).where(events.c.ticker == instruments.c.ticker).scalar_subquery()
    found = {ticker: day for ticker, day in db.execute(select(instruments.c.ticker, earliest)) if day is not None}
    waiting = (
        select(placements.c.ticker, func.min(articles.c.published_at))
        .join(articles, articles.c.article_id == placements.c.article_id)
        .where(placements.c.settled == literally(0), placements.c.event_id.is_(None))
        .group_by(placements.c.ticker)
    )
    for ticker, published in db.execute(waiting):
        found[ticker] = min(published.date(), found.get(ticker, published.date()))
    return found


def clear(db: Connection, since: datetime | None) -> None:
    """Drop what is derived from articles published since an instant, or from all, and queue those for matching."""
    query = select(articles.c.article_id).where(articles.c.superseded_at.is_(None))
    if since is None:
        for table in DERIVED:
            db.execute(table.delete())
        db.execute(unmatched_articles.insert().from_select(["article_id"], query))
        return
    ids = set(db.execute(query.where(articles.c.published_at >= since)).scalars())
    ids |= {row.article_id for row in stories.members(db, ids)}
    forget(db, ids)
    stories.drop(db, ids, since)
    wait(db, ids)
