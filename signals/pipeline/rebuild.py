"""The facts -> every derived row again."""

from __future__ import annotations

from datetime import datetime

from signals.pipeline import Plan, Progress, Stamped
from signals.pipeline.score import derive
from signals.store import Store, ledger, placing


def rebuild(
    store: Store,
    plan: Plan,
    since: datetime | None,
    run: Stamped,
    tally: ledger.Tally,
    progress: Progress,
) -> None:
    """Drop what is derived from articles published since an instant (None: from all) and derive it again.

    It is one transaction: a reader sees all of it or nothing, and so does the next run if this one is killed.
    """
    with store.write() as db:
        placing.clear(db, since)
        written = derive(db, plan, run, store.cache, progress, everything=since is None)
    tally.count(*written)
