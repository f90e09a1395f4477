"""The facts -> every derived row again."""

from __future__ import annotations

from datetime import datetime

from signals.pipeline import Plan, Progress, RunContext
from signals.pipeline.derive.match import Tagger
from signals.pipeline.derive.score_stage import Derived, derive
from signals.store import Connection, Store, assignments, averages, run_log, settings


def rebuild(
    store: Store,
    plan: Plan,
    since: datetime | None,
    run: RunContext,
    stats: run_log.RunStats,
    progress: Progress,
    plan_json: str,
) -> None:
    """Drop what is derived from articles published since an instant (None: from all) and derive it again.

    The plan is stored, in its form as JSON, as the one that the rows were derived by. All of it is one transaction: a
    reader sees all of it or nothing, and so does the next run if this one is killed.
    """
    with store.write() as db:
        settings.put(db, settings.PLAN, plan_json)
        derived = derive_anew(db, store, plan, since, run, progress)
    stats.count(derived.moves, derived.links)
    stats.failures += derived.failures


def derive_anew(
    db: Connection, store: Store, plan: Plan, since: datetime | None, run: RunContext, progress: Progress
) -> Derived:
    """Do the work of `rebuild` in an open transaction; returns what was written and what failed."""
    dropped = assignments.clear(db, since)
    averages.clear(db)  # those of instruments without a later article too: the plan may be another one
    tagger = Tagger(plan.instruments)
    return derive(db, plan, run, store.cache, progress, tagger, everything=since is None, dropped=dropped)
