"""fetch | parse -> articles. They wait to be matched: what is derived from them appears with the next scoring."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence

from signals.errors import SourceError
from signals.pipeline import Progress, Stamped
from signals.store import Store, articles, assignments, run_log
from signals.types import FUTURE, Article, Document, Gone, NewsSource, Refusal, SourceFailure

BATCH = 2_000
log = logging.getLogger(__name__)


def ingest(
    store: Store,
    sources: Sequence[NewsSource],
    run: Stamped,
    tally: run_log.Tally,
    progress: Progress,
) -> None:
    """Read what is new from every source and keep it.

    One failing source or document never stops the others; it is counted with its reason.
    """
    for done, source in enumerate(sources):
        progress(f"reading {source.name}", done, len(sources))
        items, before, failures = 0, tally.articles, list[SourceFailure]()
        with store.read() as db:
            known = articles.known_documents(db, source.name)
        for fetched in _fetched(source, known, run):
            if isinstance(fetched, Document):
                kept = keep_document(store, source, fetched, run, tally)
                items += kept if isinstance(kept, int) else 0
                failures += [kept] if isinstance(kept, SourceFailure) else []
            elif isinstance(fetched, Gone):
                withdraw(store, fetched, run)
            else:
                failures.append(fetched)
        with store.write() as db:
            run_log.note_source(db, run.run_id, "news", source.name, items, tally.articles - before, failures)
        tally.failures += failures


def _fetched(
    source: NewsSource, known: Mapping[str, Document], run: Stamped
) -> Iterator[Document | Gone | SourceFailure]:
    """Yield what a source gives; an error that ends it is its last failure."""
    try:
        yield from source.fetch(known, run.now)
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


def withdraw(store: Store, gone: Gone, run: Stamped) -> None:
    """Mark what was read from a page that is no more."""
    with store.write() as db:
        assignments.wait(db, {a.article_id for a in articles.withdraw_page(db, gone.source, gone.origin, run.now)})
        articles.gone_from(db, gone.source, gone.origin)


def keep_document(
    store: Store,
    source: NewsSource,
    document: Document,
    run: Stamped,
    tally: run_log.Tally,
) -> int | SourceFailure:
    """Read one document and keep what it holds; returns the number of articles in it.

    It counts as read only when all of it is kept, so that a run that was killed reads it again; and only when nothing
    in it is dated in the future, because that is read when its time has come.
    """
    parsed = _parsed(source, document)
    if isinstance(parsed, SourceFailure):
        return parsed
    found = [item for item in parsed if isinstance(item, Article)]
    for i in range(0, len(found), BATCH):
        with store.write() as db:
            fresh = articles.save_articles(db, found[i : i + BATCH], run.now)
            withdrawn = articles.withdraw_headlines(db, [a.article for a in fresh], run.now)
            assignments.wait(db, {a.article_id for a in (*fresh, *withdrawn)})
            tally.articles += len(fresh)
    refused = [item for item in parsed if isinstance(item, Refusal)]
    with store.write() as db:
        tally.refused += articles.save_refusals(db, refused, run.now)
        if not any(r.reason == FUTURE for r in refused):
            articles.save_document(db, document)
    return len(found)
