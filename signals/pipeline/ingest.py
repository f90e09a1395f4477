"""fetch | parse | match | cluster -> articles, mentions, stories."""

from __future__ import annotations

from collections.abc import Sequence

from signals.errors import SourceError
from signals.pipeline import Progress, Stamped
from signals.store import Connection, Store, articles, ledger, placing
from signals.store.articles import StoredArticle
from signals.stories import ArticleKey, assign, headline_key
from signals.tickers import Resolver, best
from signals.types import Article, Document, Mention, NewsSource, Refusal, SourceFailure

BATCH = 2_000


def ingest(
    store: Store,
    sources: Sequence[NewsSource],
    resolver: Resolver,
    run: Stamped,
    tally: ledger.Tally,
    progress: Progress,
) -> None:
    """Read what is new from every source and keep it with its mentions and stories.

    One failing source or document never stops the others; it is counted with its reason.
    """
    for done, source in enumerate(sources):
        progress(f"reading {source.name}", done, len(sources))
        items, failures = 0, list[SourceFailure]()
        with store.read() as db:
            known = articles.known_documents(db, source.name)
        try:
            for fetched in source.fetch(known, run.now):
                if isinstance(fetched, SourceFailure):
                    failures.append(fetched)
                else:
                    items += keep_document(store, source, fetched, resolver, run, tally)
        except SourceError as error:
            failures.append(SourceFailure(source.name, error.item, error.reason, error.problem))
        with store.write() as db:
            ledger.note_source(db, run.run_id, "news", source.name, items, failures)
        tally.failures += failures


def keep_document(
    store: Store,
    source: NewsSource,
    document: Document,
    resolver: Resolver,
    run: Stamped,
    tally: ledger.Tally,
) -> int:
    """Read one document and keep what it holds; returns the number of articles in it.

    It counts as read only when all of it is kept, so that a run that was killed reads it again.
    """
    parsed = source.parse(document)
    found = [item for item in parsed if isinstance(item, Article)]
    for i in range(0, len(found), BATCH):
        with store.write() as db:
            fresh = articles.save_articles(db, found[i : i + BATCH], run.now)
            derive(db, fresh, resolver)
            tally.articles += len(fresh)
    with store.write() as db:
        tally.refused += articles.save_refusals(db, [r for r in parsed if isinstance(r, Refusal)], run.now)
        articles.save_document(db, document)
    return len(found)


def derive(db: Connection, fresh: Sequence[StoredArticle], resolver: Resolver) -> None:
    """Find the mentions and the stories of articles that are new or changed, and queue them for placing."""
    changed = [a.article_id for a in fresh if a.revision > 1]
    placing.forget(db, changed)
    found = {(a.article_id, a.revision): resolver.mentions(a.article) for a in fresh}
    placing.save_mentions(db, found)
    cluster(db, fresh)
    placing.queue(db, _links_to_make(found))


def _links_to_make(found: dict[tuple[str, int], tuple[Mention, ...]]) -> dict[tuple[str, str], int]:
    """Choose, for each (article, ticker), the number of the mention that carries the link."""
    pairs: dict[tuple[str, str], int] = {}
    for (article_id, _), mentions in found.items():
        for ticker in {m.ticker for m in mentions if m.ticker is not None}:
            carrier = best(mentions, ticker)
            if carrier is not None:
                pairs[article_id, ticker] = mentions.index(carrier)
    return pairs


def cluster(db: Connection, fresh: Sequence[StoredArticle]) -> None:
    """Put articles into stories together with the earlier ones that share their headlines."""
    offered = [ArticleKey(a.article_id, a.article.title, a.article.stamp.at) for a in fresh]
    keys = {item.article_id: headline_key(item.title) for item in offered}
    before = {row.article_id: row for row in placing.stories_like(db, set(keys.values()) - {""})}
    published = {item.article_id: item.published_at for item in offered}
    earlier: dict[str, list[ArticleKey]] = {}
    for row in before.values():
        keys.setdefault(row.article_id, row.headline_key)
        published.setdefault(row.article_id, row.published_at)
        earlier.setdefault(row.headline_key, []).append(ArticleKey(row.article_id, "", row.published_at))
    members = assign(offered, earlier)
    placing.save_stories(
        db,
        [
            {
                "article_id": m.article_id,
                "headline_key": keys[m.article_id],
                "published_at": published[m.article_id],
                "story_id": m.story_id,
                "story_rank": m.rank,
            }
            for m in members
        ],
    )
    placing.unsettle(
        db, [m.article_id for m in members if m.article_id in before and before[m.article_id].story_id != m.story_id]
    )
