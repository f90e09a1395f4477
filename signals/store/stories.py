"""Stories: what copies are recognised by, the band keys that bring candidates together, and who belongs to what.

`out_by` is the instant by which an article was out: that of its stamp, or with a day-only stamp the end of that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, func, select

from signals.store.rows import chunks, insert, upsert
from signals.store.tables import story_articles, story_bands


def story_rows(db: Connection, ids: Iterable[str]) -> list[Row[Any]]:
    """Return the rows of articles by their ids; those that are in no story yet have none."""
    found: list[Row[Any]] = []
    for part in chunks(ids):
        found += db.execute(select(story_articles).where(story_articles.c.article_id.in_(part)))
    return found


def members(db: Connection, stories: Iterable[str]) -> list[Row[Any]]:
    """Return the rows of whole stories."""
    found: list[Row[Any]] = []
    for part in chunks(stories):
        found += db.execute(select(story_articles).where(story_articles.c.story_id.in_(part)))
    return found


def save_story_rows(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of story_articles, leaving alone those that are the same."""
    upsert(db, story_articles, rows)


def save_bands(db: Connection, bands: Mapping[str, tuple[datetime, Iterable[int]]]) -> None:
    """Replace the band keys of articles, each given with the instant by which it was out."""
    _delete(db, story_bands, bands)
    rows = [
        {"article_id": article_id, "band": band, "second": int(out_by.timestamp())}
        for article_id, (out_by, keys) in bands.items()
        for band in sorted(keys)
    ]
    insert(db, story_bands, rows)


def drop(db: Connection, ids: Iterable[str]) -> None:
    """Take articles out of their stories, as if they had never been clustered."""
    _delete(db, story_articles, ids)
    _delete(db, story_bands, ids)


def _delete(db: Connection, table: Table, ids: Iterable[str]) -> None:
    for part in chunks(ids):
        db.execute(table.delete().where(table.c.article_id.in_(part)))


def sharing_a_band(db: Connection, ids: Iterable[str], within: timedelta) -> dict[str, set[str]]:
    """Return, per article of `ids`, the others that share a band key and came out within some time of it.

    The index of the bands is by key and time: what lies further away is not read, however large the archive is.
    """
    this, other = story_bands.alias(), story_bands.alias()
    seconds = int(within.total_seconds()) + 1
    near = other.c.second.between(this.c.second - seconds, this.c.second + seconds)
    query = (
        select(this.c.article_id, func.aggregate_strings(other.c.article_id, " "))
        .join(other, and_(other.c.band == this.c.band, near, other.c.article_id != this.c.article_id))
        .group_by(this.c.article_id)
    )
    found: dict[str, set[str]] = {}
    for part in chunks(ids):
        rows = db.execute(query.where(this.c.article_id.in_(part)))
        found.update((article_id, set(others.split())) for article_id, others in rows)
    return found
