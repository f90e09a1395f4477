"""Documents, articles and refusals as they were learned.

A changed article is a new revision that supersedes the old one and does not erase it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, select, update

from signals.store.rows import chunks, insert, upsert
from signals.store.tables import (
    articles,
    documents,
    refusals,
)
from signals.types import (
    Article,
    Document,
    Precision,
    Refusal,
    Scheme,
    Stamp,
    Tag,
    ZoneBasis,
)


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with the keys that the store gave it."""

    article_id: str
    revision: int
    article: Article


def article_id(source: str, key: str) -> str:
    """Return the key of an article: 12 characters that depend on its source and its key there, on nothing else."""
    digest = hashlib.blake2b(f"{source}\0{key}".encode(), digest_size=8).digest()
    return base64.b32encode(digest).decode().rstrip("=").lower()[:12]


def known_documents(db: Connection, source: str) -> dict[str, Document]:
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


def save_articles(db: Connection, found: Sequence[Article], now: datetime) -> list[StoredArticle]:
    """Keep the articles that are new or changed, and return those.

    A changed article is a new revision that supersedes the old one. `seen_at` is never later than at the first fetch.
    """
    by_id = {article_id(a.source, a.key): a for a in found}
    current: dict[str, Row[Any]] = {}
    for keys in chunks(by_id):
        query = select(articles.c.article_id, articles.c.revision, articles.c.digest, articles.c.seen_at)
        rows = db.execute(query.where(articles.c.article_id.in_(keys), articles.c.superseded_at.is_(None)))
        current.update({r.article_id: r for r in rows})
    fresh: list[StoredArticle] = []
    rows_to_add: list[dict[str, Any]] = []
    for key, article in by_id.items():
        old = current.get(key)
        if old is not None and old.digest == article.digest:
            continue
        revision = 1 if old is None else old.revision + 1
        seen_at = article.seen_at if old is None else min(old.seen_at, article.seen_at)
        fresh.append(StoredArticle(key, revision, article))
        rows_to_add.append(_article_row(key, revision, article, seen_at, now))
        if old is not None:
            this = and_(articles.c.article_id == key, articles.c.revision == old.revision)
            db.execute(update(articles).where(this).values(superseded_at=now))
    insert(db, articles, rows_to_add)
    return fresh


def _article_row(key: str, revision: int, article: Article, seen_at: datetime, now: datetime) -> dict[str, Any]:
    stamp = article.stamp
    return {
        "article_id": key,
        "revision": revision,
        "source": article.source,
        "article_key": article.key,
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
        "known_at": seen_at if revision == 1 else now,
        "superseded_at": None,
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


def stamp_of(row: Row[Any]) -> Stamp:
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


def _article(row: Row[Any]) -> StoredArticle:
    stamp = stamp_of(row)
    tags = tuple(Tag(tag, Scheme(scheme)) for tag, scheme in json.loads(row.tags))
    article = Article(
        row.source, row.article_key, row.title, row.body, stamp, row.seen_at, row.digest, row.url, row.publisher, tags
    )
    return StoredArticle(row.article_id, row.revision, article)


def save_refusals(db: Connection, found: Iterable[Refusal], now: datetime) -> int:
    """Keep refusals, each once, with the time when it was first met; returns how many are new."""
    rows = {
        (r.source, r.item, r.reason): {
            "source": r.source,
            "item": r.item,
            "reason": r.reason,
            "detail": r.detail,
            "first_seen_at": now,
        }
        for r in found
    }
    return upsert(db, refusals, list(rows.values()), unchanged=["first_seen_at", "detail"])
