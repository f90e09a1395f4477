"""Stories: what copies are recognised by, the band keys that bring candidates together, and who belongs to what.

`out_by` is the instant by which an article was out: that of its stamp, or with a day-only stamp the end of that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import product
from typing import NamedTuple

from sqlalchemy import Column, Connection, MetaData, Table, and_, select
from sqlalchemy.schema import CreateTable

from signals.store.bulk import chunks, delete, insert, read, upsert
from signals.store.tables import story_articles, story_bands

BUCKET = 4 * 86_400  # seconds of one stretch of time in the order of the bands


class StoryArticle(NamedTuple):
    """An article's fingerprint and its place in a story; rank 1 is the first copy, whose id names the story."""

    article_id: str
    headline_key: str
    lead: str
    version: bool
    out_by: datetime
    story_id: str
    story_rank: int


_ROWS = select(*(story_articles.c[name] for name in StoryArticle._fields))


def story_rows(db: Connection, ids: Iterable[str]) -> list[StoryArticle]:
    """Return the rows of articles by their ids; those that are in no story yet have none."""
    rows: list[StoryArticle] = []
    for part in chunks(ids):
        rows += read(db, _ROWS.where(story_articles.c.article_id.in_(part)), StoryArticle)
    return rows


def members(db: Connection, stories: Iterable[str]) -> list[StoryArticle]:
    """Return the rows of whole stories."""
    rows: list[StoryArticle] = []
    for part in chunks(stories):
        rows += read(db, _ROWS.where(story_articles.c.story_id.in_(part)), StoryArticle)
    return rows


def save_story_rows(db: Connection, rows: Iterable[StoryArticle]) -> None:
    """Write rows of story_articles, leaving alone those that are the same."""
    upsert(db, story_articles, [row._asdict() for row in rows])


Bands = Mapping[str, tuple[datetime, Iterable[int]]]  # per article: the instant by which it was out, its band keys


def save_bands(db: Connection, bands: Bands) -> None:
    """Add the band keys of articles that have none."""
    insert(db, story_bands, _band_rows(bands))


def drop_bands(db: Connection, bands: Bands) -> None:
    """Delete the band keys of articles."""
    keys = [column.name for column in story_bands.primary_key]
    delete(db, story_bands, [{name: row[name] for name in keys} for row in _band_rows(bands)])


def _band_rows(bands: Bands) -> list[dict[str, object]]:
    return [
        {"bucket": second // BUCKET, "band": band, "article_id": article_id, "second": second}
        for article_id, (out_by, keys) in bands.items()
        for second in [int(out_by.timestamp())]
        for band in keys
    ]


def drop(db: Connection, ids: Iterable[str], since: datetime) -> None:
    """Take articles that were out since an instant out of their stories, as if they had never been clustered."""
    for part in chunks(ids):
        db.execute(story_articles.delete().where(story_articles.c.article_id.in_(part)))
    left = select(story_articles.c.article_id)
    begun = story_bands.c.bucket >= int(since.timestamp()) // BUCKET
    db.execute(story_bands.delete().where(begun, story_bands.c.article_id.not_in(left)))


def sharing_a_band(db: Connection, bands: Bands, within: timedelta) -> set[str]:
    """Return the articles that share a band key with one of some articles, these among them if they are stored.

    They came out within some time of an article that has the band; a few may be further away. The bands are in the
    order of time: what lies further away is not read, however large the archive is.
    """
    db.execute(CreateTable(_sought, if_not_exists=True))
    db.execute(_sought.delete())
    insert(db, _sought, _sought_rows(bands, within))
    this, other = _sought.c, story_bands.c
    same = and_(other.bucket == this.bucket, other.band == this.band, other.second.between(this.first, this.last))
    # An outer join, so that SQLite begins with what is sought, and not with the archive.
    query = select(other.article_id).select_from(_sought.outerjoin(story_bands, same)).distinct()
    return {article_id for article_id in db.execute(query).scalars() if article_id is not None}


def _sought_rows(bands: Bands, within: timedelta) -> list[dict[str, int]]:
    """Return the stretches of time in which band keys are sought, from the first second to the last."""
    reach, spans = int(within.total_seconds()) + 1, dict[tuple[int, int], tuple[int, int]]()
    for out_by, keys in bands.values():
        second = int(out_by.timestamp())
        for key in product(range((second - reach) // BUCKET, (second + reach) // BUCKET + 1), keys):
            first, last = spans.get(key, (second, second))
            spans[key] = min(first, second - reach), max(last, second + reach)
    return [
        {"bucket": bucket, "band": band, "first": first, "last": last}
        for (bucket, band), (first, last) in spans.items()
    ]


_sought = Table(
    "sought_bands",
    MetaData(),
    Column("bucket", story_bands.c.bucket.type),
    Column("band", story_bands.c.band.type),
    *(Column(name, story_bands.c.second.type) for name in ("first", "last")),
    prefixes=["TEMPORARY"],
)
