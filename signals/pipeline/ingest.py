"""fetch | parse -> articles. They wait to be matched: what is derived from them appears with the next scoring."""

from __future__ import annotations

from collections.abc import Sequence

from signals.errors import SourceError
from signals.pipeline import Progress, Stamped
from signals.store import Store, articles, ledger, placing
from signals.types import Article, Document, NewsSource, Refusal, SourceFailure

BATCH = 2_000


def ingest(
    store: Store,
    sources: Sequence[NewsSource],
    run: Stamped,
    tally: ledger.Tally,
    progress: Progress,
) -> None:
    """Read what is new from every source and keep it.

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
                    items += keep_document(store, source, fetched, run, tally)
        except SourceError as error:
            failures.append(SourceFailure(source.name, error.item, error.reason, error.problem))
        with store.write() as db:
            ledger.note_source(db, run.run_id, "news", source.name, items, failures)
        tally.failures += failures


def keep_document(
    store: Store,
    source: NewsSource,
    document: Document,
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
            placing.wait(db, [a.article_id for a in fresh])
            tally.articles += len(fresh)
    with store.write() as db:
        tally.refused += articles.save_refusals(db, [r for r in parsed if isinstance(r, Refusal)], run.now)
        articles.save_document(db, document)
    return len(found)
