"""The facts -> every derived row again."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from signals.pipeline import Plan, Progress, Stamped
from signals.pipeline.ingest import BATCH, derive
from signals.pipeline.score import score
from signals.store import Store, articles, ledger, placing
from signals.tickers import Resolver


def rebuild(
    store: Store,
    plan: Plan,
    resolver: Resolver,
    since: datetime | None,
    run: Stamped,
    tally: ledger.Tally,
    progress: Progress,
) -> None:
    """Drop what is derived from articles published since an instant (None: from all) and derive it again."""
    with store.write() as db:
        ids = iter(placing.clear(db, since))
    done = 0
    while part := list(islice(ids, BATCH)):
        progress("reading articles again", done, 0)
        with store.write() as db:
            derive(db, list(articles.current_articles(db, part)), resolver)
        done += len(part)
    score(store, plan, run, tally, progress, everything=since is None)
