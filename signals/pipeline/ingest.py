"""fetch | parse -> articles. They wait to be matched: what is derived from them appears with the next scoring."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

from signals import __version__
from signals.errors import GivenUpError, SourceError, in_short
from signals.pipeline import Progress, RunContext
from signals.store import Connection, Store, articles, assignments, run_log
from signals.store.isolation import ends_the_run, isolated
from signals.types import FUTURE, Arrivals, Article, Document, Gone, NewsSource, Refusal, SourceFailure

BATCH = 2_000
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Reading:
    """What a source has given so far."""

    items: int = 0
    written: int = 0
    refused: int = 0
    arrivals: Arrivals = run_log.NOTHING
    failures: list[SourceFailure] = field(default_factory=list)


def ingest(
    store: Store,
    sources: Sequence[NewsSource],
    run: RunContext,
    stats: run_log.RunStats,
    progress: Progress,
) -> None:
    """Read what is new from every source and store it.

    One failing source, document or item never stops the others; it is counted with its reason, and what arrived from a
    source must be what became of it.
    """
    for done, source in enumerate(sources):
        stage = f"reading {source.name}"
        progress(stage, done, len(sources))
        reading = _Reading()
        with store.read() as db:
            last = articles.last_documents(db, source.name, run.now, __version__)
        for fetched in _fetched(source, last, run):
            if isinstance(fetched, Document):
                progress(f"{stage}: {fetched.origin}", done, len(sources))
            _take(store, source, fetched, run, reading)
            if isinstance(fetched, Document):
                progress(f"{stage}, after {fetched.origin}", done, len(sources))
        if problem := reading.arrivals.problem:
            reading.failures.append(SourceFailure(source.name, source.name, "sums_disagree", problem))
        with store.write() as db:
            run_log.record_source(
                db, run.run_id, "news", source.name, reading.items, reading.written, reading.failures, reading.arrivals
            )
        stats.articles += reading.written
        stats.refused += reading.refused
        stats.failures += reading.failures


def _fetched(
    source: NewsSource, last: Mapping[str, Document], run: RunContext
) -> Iterator[Document | Gone | SourceFailure]:
    """Yield what a source gives; an error that ends it is its last failure."""
    try:
        for fetched in source.fetch(last, run.now):
            _check_kind(fetched, Document, Gone, SourceFailure)
            yield fetched
    except SourceError as error:
        yield SourceFailure(source.name, error.item, error.reason, error.problem)
    except Exception as error:  # a reader's own bug, or a plug-in's: the other sources go on
        yield _broken(source, source.name, error)


def _take(
    store: Store, source: NewsSource, fetched: Document | Gone | SourceFailure, run: RunContext, reading: _Reading
) -> None:
    """Store what a source gave; what cannot be stored is a failure, and the next run is given it again."""
    try:
        if isinstance(fetched, Document):
            _keep_document(store, source, fetched, run, reading)
        elif isinstance(fetched, Gone):
            reading.arrivals += Arrivals(arrived=1)
            reading.arrivals += Arrivals(withdrawn=int(withdraw(store, fetched, run)))
        else:
            reading.failures.append(fetched)
    except GivenUpError as error:
        reading.failures.append(SourceFailure(source.name, error.item, error.reason, error.problem))
    except Exception as error:
        if ends_the_run(error):
            raise
        reading.failures.append(_not_stored(source, getattr(fetched, "origin", source.name), error))


def _parsed(source: NewsSource, document: Document) -> Sequence[Article | Refusal] | SourceFailure:
    try:
        parsed = list(source.parse(document))
        for item in parsed:
            _check_kind(item, Article, Refusal)
    except GivenUpError:
        raise
    except SourceError as error:
        return SourceFailure(source.name, error.item, error.reason, error.problem)
    except Exception as error:  # as above
        return _broken(source, document.origin, error)
    whole = next((item for item in parsed if isinstance(item, Refusal) and item.whole), None)
    return parsed if whole is None else SourceFailure(source.name, whole.item, whole.reason, whole.detail)


def _check_kind(value: object, *kinds: type) -> None:
    """Raise TypeError for what no source should give: a plug-in's bug, which would be lost silently."""
    if not isinstance(value, kinds):
        raise TypeError(f"it gave {type(value).__name__} in place of {' or '.join(kind.__name__ for kind in kinds)}")


def _broken(source: NewsSource, item: str, error: Exception) -> SourceFailure:
    log.error("%s: %s: the reader failed", source.name, item, exc_info=error)
    words = f"the reader failed ({in_short(error)}); nothing of it was kept, please report it"
    return SourceFailure(source.name, item, "reader_failed", words)


def _not_stored(source: NewsSource, item: str, error: Exception) -> SourceFailure:
    log.info("%s: %s: it could not be stored", source.name, item, exc_info=error)
    words = f"it could not be stored ({in_short(error)}); the next run tries again, please report it"
    return SourceFailure(source.name, item, "not_stored", words)


def _named(article: Article) -> str:
    """Return an article's key, which may be a digest, with the beginning of its title."""
    return f"{article.key} ({article.title[:80]})"


def withdraw(store: Store, gone: Gone, run: RunContext) -> bool:
    """Mark the articles of a page that its server no longer has as withdrawn; returns whether none stands any more."""
    with store.write() as db:
        ids = {a.article_id for a in articles.withdraw_page(db, gone.source, gone.origin, run.now)}
        assignments.enqueue(db, ids)
        articles.gone_from(db, gone.source, gone.origin)
        return articles.is_withdrawn(db, ids)


_Group = Sequence[Article]  # the articles under one key, which are judged together


def _batches(read: Sequence[Article]) -> Iterator[Sequence[_Group]]:
    """Yield articles in batches of groups that share a key."""
    places: dict[str, int] = {}
    for article in read:
        places.setdefault(article.key, len(places))
    if len(places) < len(read):
        read = sorted(read, key=lambda article: places[article.key])
    batch: list[_Group] = []
    size = 0
    for _, group in groupby(read, key=lambda article: article.key):
        batch.append(list(group))
        size += len(batch[-1])
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _keep_document(store: Store, source: NewsSource, document: Document, run: RunContext, reading: _Reading) -> None:
    """Parse one document and store its articles and refusals.

    The document counts as read only when all of it is stored, so that a run after one that was killed reads it again,
    and only when no item in it is dated in the future, so that such an item is read when its time has come.
    """
    try:
        parsed = _parsed(source, document)
    except GivenUpError as error:  # what is remembered is not read for minutes in every run
        with store.write() as db:
            refusal = Refusal(source.name, document.origin, error.reason, error.problem)
            articles.save_refusals(db, [refusal], run.now)
            articles.save_document(db, document, given_up_by=__version__)
        raise
    if isinstance(parsed, SourceFailure):
        reading.failures.append(parsed)
        return
    reading.arrivals += Arrivals(arrived=len(parsed))
    failed = len(reading.failures)
    read = [item for item in parsed if isinstance(item, Article)]
    reading.items += len(read)
    for batch in _batches(read):
        with store.write() as db:
            outcome = isolated(db, batch, partial(_save, db, run))
        written, arrivals = outcome.result or (0, Arrivals())
        reading.written += written
        reading.arrivals += arrivals + Arrivals(unstored=sum(len(bad.item) for bad in outcome.failed))
        reading.failures += [_not_stored(source, _named(bad.item[0]), bad.error) for bad in outcome.failed]
    refused = [item for item in parsed if isinstance(item, Refusal)]
    with store.write() as db:
        rejected = isolated(db, refused, lambda some: articles.save_refusals(db, some, run.now))
        reading.refused += rejected.result or 0
        reading.arrivals += Arrivals(refused=len(refused) - len(rejected.failed), unstored=len(rejected.failed))
        reading.failures += [_not_stored(source, bad.item.item, bad.error) for bad in rejected.failed]
        if len(reading.failures) == failed and not any(r.reason == FUTURE for r in refused):
            articles.save_document(db, document)


def _save(db: Connection, run: RunContext, groups: Sequence[_Group]) -> tuple[int, Arrivals]:
    """Store articles and queue them for matching; returns how many are new or changed, and what became of all."""
    batch = [article for group in groups for article in group]
    digests = {articles.key_digest(group[0].source, group[0].key) for group in groups}
    before, rows_before = articles.rows_under(db, digests)
    fresh, same = articles.save_records(db, batch, run.now)
    after, rows_after = articles.rows_under(db, digests)
    withdrawn = articles.withdraw_headlines(db, [a.article for a in fresh], run.now)
    assignments.enqueue(db, {a.article_id for a in (*fresh, *withdrawn)})
    new = after - before
    return len(fresh), Arrivals(added=new, changed=rows_after - rows_before - new, same=same)
