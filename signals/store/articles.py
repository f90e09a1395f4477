"""Documents, articles and refusals as they were learned.

A changed article is a new revision that supersedes the old one and does not erase it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update

from signals.store.bulk import TableRow, chunks, insert, upsert
from signals.store.tables import (
    articles,
    documents,
    refusals,
)
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
    digest = hashlib.blake2b(f"{source}\0{key}".encode(), digest_size=8).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()[:12]


def article_id(digest: str, at: datetime) -> str:
    """Return the id of an article that is new, of its `key_digest` and its stamp; a corrected stamp does not change it.

    It begins with the day, so that what is near in time is near in every table and index: digests alone would spread
    each run's rows over all of them.
    """
    return f"{at.toordinal():05x}{digest}"


def last_documents(db: Connection, source: str) -> dict[str, Document]:
    """Return the last document of each origin of a source, without payloads."""
    rows = db.execute(select(documents).where(documents.c.source == source))
    return {
        r.origin: Document(r.source, r.origin, b"", r.digest, r.fetched_at, "", r.etag, r.last_modified) for r in rows
    }


def save_document(db: Connection, document: Document) -> None:
    """Remember that a document was read to its end."""
    row = {
        "source": document.source,
        "origin": document.origin,
        "digest": document.digest,
        "etag": document.etag,
        "last_modified": document.last_modified,
        "fetched_at": document.fetched_at,
    }
    upsert(db, documents, [row], unchanged=["fetched_at"])


def gone_from(db: Connection, source: str, origin: str) -> None:
    """Remember that a document is no more; should it come back, it is read again whatever it says."""
    where = and_(documents.c.source == source, documents.c.origin == origin)
    db.execute(update(documents).where(where).values(digest=GONE, etag="", last_modified=""))


def save_articles(db: Connection, read: Sequence[Article], now: datetime) -> list[StoredArticle]:
    """Keep the articles that are new or changed, and return those.

    A changed article is a new revision that supersedes the old one. `seen_at` is never later than at the first fetch.
    One that its page had lost and has again is a new revision too.
    """
    by_key = {key_digest(a.source, a.key): a for a in read}
    current: dict[str, TableRow] = {}
    for keys in chunks(by_key):
        names = ("key_digest", "article_id", "revision", "digest", "seen_at", "withdrawn")
        rows = db.execute(
            select(*(articles.c[name] for name in names)).where(
                articles.c.key_digest.in_(keys), articles.c.superseded_at.is_(None)
            )
        )
        current.update({r.key_digest: r for r in rows})
    fresh: list[StoredArticle] = []
    rows_to_add: list[dict[str, object]] = []
    for key, article in by_key.items():
        old = current.get(key)
        if old is not None and old.digest == article.digest and old.withdrawn != Withdrawn.GONE:
            continue
        if old is None:
            this, seen_at = StoredArticle(article_id(key, article.stamp.at), 1, article), article.seen_at
        else:
            this = StoredArticle(old.article_id, old.revision + 1, article)
            seen_at = min(old.seen_at, article.seen_at)
            _supersede(db, old.article_id, old.revision, now)
        fresh.append(this)
        rows_to_add.append(_article_row(key, this, seen_at, now))
    insert(db, articles, rows_to_add)
    return fresh


def withdraw_page(db: Connection, source: str, origin: str, now: datetime) -> list[StoredArticle]:
    """Mark the articles that were read from a page which is no more; returns their new revisions."""
    return _withdraw(db, and_(articles.c.source == source, articles.c.origin == origin), Withdrawn.GONE, now)


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
    )


def _article(row: TableRow) -> StoredArticle:
    stamp = stamp_of(row)
    tags = tuple(Tag(tag, Scheme(scheme)) for tag, scheme in json.loads(row.tags))
    article = Article(
        row.source, row.article_key, row.title, row.body, stamp, row.seen_at, row.digest, row.url, row.publisher, tags,
        row.site, row.origin, Keep(row.keep), authors=tuple(filter(None, row.authors.split(AUTHOR_SEPARATOR))),
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
