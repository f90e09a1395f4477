"""Dropping what no kept link needs: the bodies of old articles that link to nothing, and facts long superseded."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, exists, update

from signals.store import settings
from signals.store.tables import actions, articles, bars, event_assignments, mentions, unmatched_articles


def prune(db: Connection, before: datetime) -> dict[str, int]:
    """Drop what is older than an instant and not needed by a link; returns how many rows of each kind.

    Bodies go from articles published before it that name no instrument; revisions of articles, bars and actions go that
    were superseded before it. Links, moves and events keep every number, and `explain` every text.
    """
    named = exists().where(event_assignments.c.article_id == articles.c.article_id)
    waiting = exists().where(unmatched_articles.c.article_id == articles.c.article_id)
    derived = exists().where(
        and_(mentions.c.article_id == articles.c.article_id, mentions.c.revision == articles.c.revision)
    )
    unread = and_(articles.c.published_at < before, articles.c.body != "", ~named, ~waiting)
    dropped = {
        "article bodies": db.execute(update(articles).where(unread).values(body="")).rowcount,
        "superseded articles": db.execute(
            articles.delete().where(articles.c.superseded_at < before, ~derived)
        ).rowcount,
        "superseded bars": db.execute(bars.delete().where(bars.c.superseded_at < before)).rowcount,
        "superseded dividends and splits": db.execute(
            actions.delete().where(actions.c.superseded_at < before)
        ).rowcount,
    }
    earlier = settings.get(db, settings.PRUNED) or ""
    settings.put(db, settings.PRUNED, max(earlier, before.isoformat()))
    return dropped
