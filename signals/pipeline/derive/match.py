"""match | cluster: articles that are new or changed -> mentions, stories, and pairs to assign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from signals.pipeline import Progress
from signals.pipeline.derive.cluster import cluster
from signals.pipeline.derive.redaction import redact_bodies
from signals.store import Connection, articles, assignments
from signals.tickers import Resolver, linking_mention
from signals.types import Keep, Mention, StoredArticle

BATCH = 2_000


def match(db: Connection, resolver: Resolver, progress: Progress) -> None:
    """Find the mentions and the stories of all articles that are new or changed, and queue them for assignment."""
    waiting = assignments.unmatched(db)
    for done in range(0, len(waiting), BATCH):
        progress("matching", done, len(waiting))
        match_batch(db, list(articles.current_articles(db, waiting[done : done + BATCH])), resolver)
    assignments.clear_unmatched(db)


def first_named(db: Connection, resolver: Resolver) -> dict[str, date]:
    """Return, per ticker, the day of the earliest article that names it among those that are not matched yet."""
    first: dict[str, date] = {}
    for stored in articles.current_articles(db, assignments.unmatched(db)):
        day = stored.article.stamp.at.date()
        for ticker in {m.ticker for m in resolver.mentions(stored.article)} - {None}:
            first[str(ticker)] = min(day, first.get(str(ticker), day))
    return first


def match_batch(db: Connection, fresh: Sequence[StoredArticle], resolver: Resolver) -> None:
    """Find the mentions and the stories of articles that are new or changed, and queue them for assignment."""
    changed = [a.article_id for a in fresh if a.revision > 1]
    assignments.unassign(db, changed)
    mentions_of = {(a.article_id, a.revision): resolver.mentions(a.article) for a in fresh}
    assignments.save_mentions(db, mentions_of)
    cluster(db, fresh)
    assignments.enqueue_pairs(db, _carriers(mentions_of))
    redact_bodies(db, resolver, [a.article_id for a in fresh if a.article.keep is Keep.EVIDENCE])


def _carriers(mentions_of: dict[tuple[str, int], tuple[Mention, ...]]) -> dict[tuple[str, str], int]:
    """Choose, for each (article, ticker), the number of the mention that carries the link."""
    pairs: dict[tuple[str, str], int] = {}
    for (article_id, _), mentions in mentions_of.items():
        for ticker in {m.ticker for m in mentions if m.ticker is not None}:
            carrier = linking_mention(mentions, ticker)
            if carrier is not None:
                pairs[article_id, ticker] = mentions.index(carrier)
    return pairs
