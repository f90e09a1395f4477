"""Documents, articles and refusals as they were learned.

A changed article is a new revision that supersedes the old one and does not erase it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, update

from signals.store.bulk import TableRow, chunks, insert, upsert
from signals.store.recognition import JOINED, Standing, Version, recognise, standing_of
from signals.store.tables import (
    articles,
    documents,
    refusals,
    storable,
)
from signals.store.wall_clock import SLACK
from signals.types import (
    Article,
    Document,
    Keep,
    Precision,
    Refusal,
    Scheme,
    Stamp,
    StoredArticle,
    Tag,
    ZoneBasis,
)
from signals.types.identity import evidence, evidence_of

# The digest of a document that its server has no more.
GONE = ""
#: Between the names in the column of authors.
AUTHOR_SEPARATOR = "; "


class Withdrawn(StrEnum):
    """How an article was taken back."""

    GONE = "gone"
    NOTICE = "notice"


def key_digest(source: str, key: str) -> str:
    """Return 12 characters by which an article is known again: of its source and its key there, of nothing else."""
    digest = hashlib.blake2b(f"{source}\0{storable(key)}".encode(), digest_size=8).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()[:12]


def article_id(digest: str, at: datetime) -> str:
    """Return the id of an article that is new, of its `key_digest` and its stamp; a corrected stamp does not change it.

    It begins with the day, so that what is near in time is near in every table and index: digests alone would spread
    each run's rows over all of them.
    """
    return f"{at.toordinal():05x}{digest}"


def last_documents(db: Connection, source: str, now: datetime, version: str = "") -> dict[str, Document]:
    """Return the last document of each origin of a source, without payloads; one of the future was not read.

    One that another version of the program could not read within its bounds is left out: this one may.
    """
    same_program = or_(documents.c.given_up_by.is_(None), documents.c.given_up_by == version)
    of_now = and_(documents.c.source == source, documents.c.fetched_at <= now + SLACK)
    rows = db.execute(select(documents).where(of_now, same_program))
    return {
        r.origin: Document(r.source, r.origin, b"", r.digest, r.fetched_at, "", r.etag, r.last_modified) for r in rows
    }


def save_document(db: Connection, document: Document, given_up_by: str | None = None) -> None:
    """Remember that a document was read to its end, or which version of the program could not within its bounds."""
    row = {
        "source": document.source,
        "origin": document.origin,
        "digest": document.digest,
        "etag": document.etag,
        "last_modified": document.last_modified,
        "fetched_at": document.fetched_at,
        "given_up_by": given_up_by,
    }
    upsert(db, documents, [row], unchanged=["fetched_at"])


def gone_from(db: Connection, source: str, origin: str) -> None:
    """Remember that a document is no more; should it come back, it is read again whatever it says."""
    where = and_(documents.c.source == source, documents.c.origin == origin)
    db.execute(update(documents).where(where).values(digest=GONE, etag="", last_modified=""))


class SavedArticles(NamedTuple):
    """The articles that are new or changed, and how many records said nothing new."""

    fresh: list[StoredArticle]
    same: int


def save_articles(db: Connection, read: Sequence[Article], now: datetime) -> list[StoredArticle]:
    """Keep the articles that are new or changed, and return those; see `save_records`."""
    return save_records(db, read, now).fresh


def save_records(db: Connection, read: Sequence[Article], now: datetime) -> SavedArticles:
    """Keep the articles that are new or changed, and return those.

    A changed article is a new revision that supersedes the old one. `seen_at` is never later than at the first fetch.
    One that its page had lost and has again is a new revision too.
    """
    by_key: dict[str, list[Article]] = {}
    for article in read:
        by_key.setdefault(key_digest(article.source, article.key), []).append(article)
    current: dict[str, list[TableRow]] = {}
    for keys in chunks(by_key):
        query = select(articles.c.key_digest, articles.c.digest, articles.c.withdrawn)
        for row in db.execute(query.where(articles.c.key_digest.in_(keys), articles.c.superseded_at.is_(None))):
            current.setdefault(row.key_digest, []).append(row)
    fresh: list[StoredArticle] = []
    rows_to_add: list[dict[str, object]] = []
    differing: dict[str, list[Article]] = {}
    for key, records in by_key.items():
        rows = current.get(key, [])
        if not rows and len(records) == 1:
            fresh.append(StoredArticle(article_id(key, records[0].stamp.at), 1, records[0]))
            rows_to_add.append(_article_row(key, fresh[-1], records[0].seen_at, now))
        elif not {record.digest for record in records} <= {r.digest for r in rows if r.withdrawn != Withdrawn.GONE}:
            differing[key] = records
    same = len(read) - len(fresh) - sum(map(len, differing.values()))
    stored = _revisions_under(db, [key for key in differing if key in current])
    for key, records in differing.items():
        changed, added, older = _revise(db, key, records, stored.get(key, []), now)
        fresh += changed
        rows_to_add += added
        same += older
    insert(db, articles, rows_to_add)
    return SavedArticles(fresh, same)


def rows_under(db: Connection, digests: Iterable[str]) -> tuple[int, int]:
    """Count the articles, and their revisions, under some `key_digest`s; one that only joins tags counts as none."""
    under, revisions_under = 0, 0
    from_records = func.sum(case((articles.c.digest.startswith(JOINED), 0), else_=1))
    query = select(func.count(articles.c.article_id.distinct()), func.coalesce(from_records, 0))
    for keys in chunks(digests):
        row = db.execute(query.where(articles.c.key_digest.in_(keys))).one()
        under, revisions_under = under + int(row[0]), revisions_under + int(row[1])
    return under, revisions_under


def _revisions_under(db: Connection, keys: Iterable[str]) -> dict[str, list[TableRow]]:
    """Return all revisions of the articles under some keys, in their order, without bodies."""
    names = (
        "key_digest", "article_id", "revision", "digest", "seen_at", "withdrawn", "superseded_at", "article_key", "url",
        "title", "published_text", "published_at", "published_wall", "published_precision", "origin", "tags",
    )  # fmt: skip
    stored: dict[str, list[TableRow]] = {}
    for part in chunks(keys):
        query = select(*(articles.c[name] for name in names)).where(articles.c.key_digest.in_(part))
        for row in db.execute(query.order_by(articles.c.article_id, articles.c.revision)):
            stored.setdefault(row.key_digest, []).append(row)
    return stored


def _revise(
    db: Connection, key: str, records: Sequence[Article], stored: Sequence[TableRow], now: datetime
) -> tuple[list[StoredArticle], list[dict[str, object]], int]:
    """Return the articles under one key that are new or changed, the rows to add, and how many records add none.

    The revisions that are superseded are marked.

    The first article under a key has the id of the key; each further one an id of its key and its content.
    """
    standing = [row for row in stored if row.superseded_at is None]
    used_ids = {row.article_id for row in stored}
    fresh: list[StoredArticle] = []
    added: list[dict[str, object]] = []
    older = len(records)
    for recognised in recognise([_version(record) for record in records], _standing(stored)):
        versions = [records[number] for number in recognised.records]
        older -= len(versions)
        first = versions[0]
        if recognised.standing is not None:
            old = standing[recognised.standing]
            this_id, revision, seen_at = old.article_id, old.revision, min(old.seen_at, first.seen_at)
            _supersede(db, old.article_id, old.revision, now)
        else:
            digest = key if not standing and not fresh else key_digest(first.source, f"{first.key}\0{first.digest}")
            this_id, revision, seen_at = article_id(digest, first.stamp.at), 0, first.seen_at
            if this_id in used_ids:  # by an article that has become another one since
                digest = key_digest(first.source, f"{first.key}\0{first.digest}\0{len(stored)}")
                this_id = article_id(digest, first.stamp.at)
        if recognised.standing is not None and (joined := _joined(old, versions[-1])):
            versions.append(joined)
        for version in versions:
            revision += 1
            last = version is versions[-1]
            row = _article_row(key, StoredArticle(this_id, revision, version), seen_at, now)
            added.append(row if last else {**row, "superseded_at": now})
        fresh.append(StoredArticle(this_id, revision, versions[-1]))
    return fresh, added, older


def _joined(old: TableRow, new: Article) -> Article | None:
    """Return an article with the tags of several documents, as of files by ticker; None if one document says all."""
    tags = tuple(dict.fromkeys((*_tags_of(old.tags), *new.tags)))
    if not old.digest.startswith(JOINED):
        says_all = len(tags) in (len(new.tags), len(json.loads(old.tags)))
        if old.origin == new.origin or says_all or old.title != new.title or old.published_at != new.stamp.at:
            return None
    digest = hashlib.blake2b(f"{old.digest}\0{new.digest}".encode(), digest_size=16).hexdigest()
    return replace(new, tags=tags, digest=JOINED + digest)


def _tags_of(cell: str) -> tuple[Tag, ...]:
    return tuple(Tag(tag, Scheme(scheme)) for tag, scheme in json.loads(cell))


def _version(article: Article) -> Version:
    return Version(evidence_of(article), article.digest)


def _standing(stored: Sequence[TableRow]) -> list[Standing]:
    """Return the articles of some revisions; one whose page is gone equals no record, so that it can come back."""
    by_article: dict[str, list[TableRow]] = {}
    for row in stored:
        by_article.setdefault(row.article_id, []).append(row)
    return [
        standing_of(
            [_stored_version(row) for row in rows], "" if rows[-1].withdrawn == Withdrawn.GONE else rows[-1].digest
        )
        for rows in by_article.values()
        if rows[-1].superseded_at is None
    ]


def _stored_version(row: TableRow) -> Version:
    wall, precision = datetime.fromisoformat(row.published_wall), row.published_precision
    this = evidence(
        row.article_key, row.url, row.title, row.published_text, row.published_at, wall, precision, row.origin
    )
    return Version(this, row.digest)


def withdraw_page(db: Connection, source: str, origin: str, now: datetime) -> list[StoredArticle]:
    """Mark the articles that were read from a page which is no more; returns their new revisions."""
    return _withdraw(db, and_(articles.c.source == source, articles.c.origin == origin), Withdrawn.GONE, now)


def is_withdrawn(db: Connection, ids: Iterable[str]) -> bool:
    """Return whether none of some articles stands."""
    standing = (articles.c.superseded_at.is_(None), articles.c.withdrawn.is_(None))
    query = select(articles.c.article_id).where(*standing).limit(1)
    return not any(db.execute(query.where(articles.c.article_id.in_(part))).first() for part in chunks(ids))


def withdraw_headlines(db: Connection, notices: Iterable[Article], now: datetime) -> list[StoredArticle]:
    """Mark the articles of the same source whose headlines notices take back; returns their new revisions."""
    taken_back = [and_(articles.c.source == n.source, articles.c.title == n.withdraws) for n in notices if n.withdraws]
    return _withdraw(db, or_(*taken_back), Withdrawn.NOTICE, now) if taken_back else []


def _withdraw(db: Connection, which: ColumnElement[bool], how: Withdrawn, now: datetime) -> list[StoredArticle]:
    standing = and_(which, articles.c.superseded_at.is_(None), articles.c.withdrawn.is_(None))
    rows = [row._asdict() for row in db.execute(select(articles).where(standing))]
    for row in rows:
        _supersede(db, row["article_id"], row["revision"], now)
    revised = [{**row, "revision": row["revision"] + 1, "known_at": now, "withdrawn": how.value} for row in rows]
    insert(db, articles, revised)
    return list(current_articles(db, [row["article_id"] for row in rows]))


def _supersede(db: Connection, key: str, revision: int, now: datetime) -> None:
    this = and_(articles.c.article_id == key, articles.c.revision == revision)
    db.execute(update(articles).where(this).values(superseded_at=now))


def _article_row(key: str, stored: StoredArticle, seen_at: datetime, now: datetime) -> dict[str, object]:
    article = stored.article
    stamp = article.stamp
    return {
        "article_id": stored.article_id,
        "revision": stored.revision,
        "source": article.source,
        "article_key": article.key,
        "key_digest": key,
        "title": article.title,
        "body": article.body,
        "url": article.url,
        "publisher": article.publisher,
        "tags": json.dumps([[tag.text, tag.scheme.value] for tag in article.tags], ensure_ascii=False),
        "published_at": stamp.at,
        "published_text": stamp.text,
        "published_wall": stamp.wall.isoformat(),
        "published_precision": stamp.precision.value,
        "published_zone": stamp.zone,
        "zone_basis": stamp.basis.value,
        "ambiguous": int(stamp.ambiguous),
        "other_stamps": json.dumps([_stamp_parts(other) for other in stamp.others], ensure_ascii=False),
        "seen_at": seen_at,
        "digest": article.digest,
        "known_at": seen_at if stored.revision == 1 else now,
        "superseded_at": None,
        "site": article.site,
        "origin": article.origin,
        "keep": article.keep.value,
        "authors": AUTHOR_SEPARATOR.join(article.authors),
        "withdrawn": Withdrawn.NOTICE.value if article.withdraws else None,
    }


def current_articles(db: Connection, ids: Iterable[str] | None = None) -> Iterable[StoredArticle]:
    """Yield the current revision of some articles, or of all in the order of their keys."""
    query = select(articles).where(articles.c.superseded_at.is_(None)).order_by(articles.c.article_id)
    if ids is None:
        for row in db.execute(query.execution_options(yield_per=1_000)):
            yield _article(row)
        return
    for keys in chunks(ids):
        for row in db.execute(query.where(articles.c.article_id.in_(keys))):
            yield _article(row)


def revisions(db: Connection, ids: Iterable[str], keep: Keep) -> list[StoredArticle]:
    """Return all revisions of some articles, superseded ones too, that are to be kept so."""
    query = select(articles).where(articles.c.keep == keep.value)
    return [_article(row) for part in chunks(ids) for row in db.execute(query.where(articles.c.article_id.in_(part)))]


def replace_bodies(db: Connection, bodies: Mapping[tuple[str, int], str]) -> None:
    """Write other texts for revisions, for what may not be kept; nothing of the old ones stays in these rows."""
    for (article_id, revision), body in bodies.items():
        this = and_(articles.c.article_id == article_id, articles.c.revision == revision)
        db.execute(update(articles).where(this).values(body=body))


def stamp_of(row: TableRow) -> Stamp:
    """Read the publication stamp of an article's row."""
    return Stamp(
        row.published_text,
        row.published_at,
        datetime.fromisoformat(row.published_wall),
        Precision(row.published_precision),
        row.published_zone,
        ZoneBasis(row.zone_basis),
        bool(row.ambiguous),
        tuple(_other_stamp(*parts) for parts in json.loads(row.other_stamps)),
    )


def _stamp_parts(stamp: Stamp) -> tuple[str, ...]:
    """Return the parts of another reading of a stamp, as they are stored."""
    return (
        stamp.text, stamp.at.isoformat(), stamp.wall.isoformat(), stamp.precision.value, stamp.zone, stamp.basis.value,
    )  # fmt: skip


def _other_stamp(text: str, at: str, wall: str, precision: str, zone: str, basis: str) -> Stamp:
    published, local = datetime.fromisoformat(at), datetime.fromisoformat(wall)
    return Stamp(text, published, local, Precision(precision), zone, ZoneBasis(basis))


def _article(row: TableRow) -> StoredArticle:
    stamp = stamp_of(row)
    article = Article(
        row.source, row.article_key, row.title, row.body, stamp, row.seen_at, row.digest, row.url, row.publisher,
        _tags_of(row.tags), row.site, row.origin, Keep(row.keep),
        authors=tuple(filter(None, row.authors.split(AUTHOR_SEPARATOR))),
    )  # fmt: skip
    return StoredArticle(row.article_id, row.revision, article)


def save_refusals(db: Connection, refused: Iterable[Refusal], now: datetime) -> int:
    """Keep refusals, each once, with the time when it was first met; returns how many are new."""
    rows = {
        (r.source, r.item, r.reason): {
            "source": r.source,
            "item": r.item,
            "reason": r.reason,
            "detail": r.detail,
            "first_seen_at": now,
        }
        for r in refused
    }
    return upsert(db, refusals, list(rows.values()), unchanged=["first_seen_at", "detail"])
