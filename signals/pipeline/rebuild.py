"""The facts -> every derived row again."""

from __future__ import annotations

from datetime import datetime

from signals.pipeline import Plan, Progress, Stamped
from signals.pipeline.derive.score_stage import derive
from signals.store import Store, assignments, run_log, settings


def rebuild(
    store: Store,
    plan: Plan,
    since: datetime | None,
    run: Stamped,
    tally: run_log.Tally,
    progress: Progress,
    written_plan: str,
) -> None:
    """Drop what is derived from articles published since an instant (None: from all) and derive it again.

    From now on the store is one that was derived by this plan, which is kept as it is written.

    It is one transaction: a reader sees all of it or nothing, and so does the next run if this one is killed.
    """
    with store.write() as db:
        assignments.clear(db, since)
        settings.put(db, settings.PLAN, written_plan)
        written = derive(db, plan, run, store.cache, progress, everything=since is None)
    tally.count(*written)
