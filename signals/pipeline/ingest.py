"""fetch | parse -> articles. They wait to be matched: what is derived from them appears with the next scoring."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence

from signals.errors import SourceError
from signals.pipeline import Progress, RunContext
from signals.store import Store, articles, assignments, run_log
from signals.types import FUTURE, Article, Document, Gone, NewsSource, Refusal, SourceFailure

BATCH = 2_000
log = logging.getLogger(__name__)


def ingest(
    store: Store,
    sources: Sequence[NewsSource],
    run: RunContext,
    stats: run_log.RunStats,
    progress: Progress,
) -> None:
    """Read what is new from every source and store it.

    One failing source or document never stops the others; it is counted with its reason.
    """
    for done, source in enumerate(sources):
        reading = f"reading {source.name}"
        progress(reading, done, len(sources))
        items, before, failures = 0, stats.articles, list[SourceFailure]()
        with store.read() as db:
            last = articles.last_documents(db, source.name, run.now)
        for fetched in _fetched(source, last, run):
            if isinstance(fetched, Document):
                progress(f"{reading}: {fetched.origin}", done, len(sources))
                outcome = keep_document(store, source, fetched, run, stats)
                items += outcome if isinstance(outcome, int) else 0
                failures += [outcome] if isinstance(outcome, SourceFailure) else []
                progress(f"{reading}, after {fetched.origin}", done, len(sources))
            elif isinstance(fetched, Gone):
                withdraw(store, fetched, run)
            else:
                failures.append(fetched)
        with store.write() as db:
            run_log.record_source(db, run.run_id, "news", source.name, items, stats.articles - before, failures)
        stats.failures += failures


def _fetched(
    source: NewsSource, last: Mapping[str, Document], run: RunContext
) -> Iterator[Document | Gone | SourceFailure]:
    """Yield what a source gives; an error that ends it is its last failure."""
    try:
        yield from source.fetch(last, run.now)
    except SourceError as error:
        yield SourceFailure(source.name, error.item, error.reason, error.problem)
    except Exception as error:  # a reader's own bug, or a plug-in's: the other sources go on
        yield _broken(source, source.name, error)


def _parsed(source: NewsSource, document: Document) -> Sequence[Article | Refusal] | SourceFailure:
    try:
        return source.parse(document)
    except Exception as error:  # as above
        return _broken(source, document.origin, error)


def _broken(source: NewsSource, item: str, error: Exception) -> SourceFailure:
    log.error("%s: %s: the reader failed", source.name, item, exc_info=error)
    words = f"the reader failed ({type(error).__name__}: {error}); nothing of it was kept, please report it"
    return SourceFailure(source.name, item, "reader_failed", " ".join(words.split())[:500])


def withdraw(store: Store, gone: Gone, run: RunContext) -> None:
    """Mark the articles of a page that its server no longer has as withdrawn."""
    with store.write() as db:
        assignments.enqueue(db, {a.article_id for a in articles.withdraw_page(db, gone.source, gone.origin, run.now)})
        articles.gone_from(db, gone.source, gone.origin)


def _batches(read: Sequence[Article]) -> Iterator[Sequence[Article]]:
    """Yield articles in batches that leave those under one key together, because they are judged together."""
    first: dict[str, int] = {}
    places = [first.setdefault(article.key, number) for number, article in enumerate(read)]
    if len(first) < len(read):
        order = sorted(range(len(read)), key=places.__getitem__)
        read, places = [read[number] for number in order], [places[number] for number in order]
    start = 0
    while start < len(read):
        end = min(start + BATCH, len(read))
        while end < len(read) and places[end] == places[end - 1]:
            end += 1
        yield read[start:end]
        start = end


def keep_document(
    store: Store,
    source: NewsSource,
    document: Document,
    run: RunContext,
    stats: run_log.RunStats,
) -> int | SourceFailure:
    """Parse one document and store its articles and refusals; returns the number of articles in it.

    The document counts as read only when all of it is stored, so that a run after one that was killed reads it again,
    and only when no item in it is dated in the future, so that such an item is read when its time has come.
    """
    parsed = _parsed(source, document)
    if isinstance(parsed, SourceFailure):
        return parsed
    read = [item for item in parsed if isinstance(item, Article)]
    for batch in _batches(read):
        with store.write() as db:
            fresh = articles.save_articles(db, batch, run.now)
            withdrawn = articles.withdraw_headlines(db, [a.article for a in fresh], run.now)
            assignments.enqueue(db, {a.article_id for a in (*fresh, *withdrawn)})
            stats.articles += len(fresh)
    refused = [item for item in parsed if isinstance(item, Refusal)]
    with store.write() as db:
        stats.refused += articles.save_refusals(db, refused, run.now)
        if not any(r.reason == FUTURE for r in refused):
            articles.save_document(db, document)
    return len(read)
