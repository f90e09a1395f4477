"""The stages of a run, each recorded in the run log with its beginning, its counts and its end."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from signals.app import App
from signals.errors import StoreError
from signals.net.traffic import TRAFFIC
from signals.pipeline import Plan, RunContext
from signals.pipeline import rebuild as pipeline_rebuild
from signals.pipeline.derive.match import Tagger
from signals.pipeline.derive.score_stage import score
from signals.pipeline.ingest import ingest
from signals.pipeline.plan_diff import plan_changes
from signals.pipeline.refresh import refresh
from signals.readers.worker import Worker
from signals.runs.maintenance import publish
from signals.runs.progress import RunProgress
from signals.store import resting_hosts, run_log, settings, wall_clock
from signals.store.run_log import RunStats
from signals.types import Stage

log = logging.getLogger(__name__)


def run_stages(app: App, stages: Sequence[Stage], run: RunContext, stats: RunStats, progress: RunProgress) -> None:
    """Do stages in their order."""
    tagger = Tagger(app.plan.instruments)
    with _traffic(app):
        for stage in Stage:
            if stage in stages:
                with _recorded(app, stage, run, stats, progress):
                    _do(app, stage, run, stats, progress, tagger)


@contextmanager
def _traffic(app: App) -> Iterator[None]:
    """Give a run its own budget, and hand the hosts that are left alone beyond a run from one to the next."""
    with app.store.read() as db:
        TRAFFIC.begin(resting_hosts.resting(db, app.now()), app.now)
    try:
        yield
    finally:
        with suppress(StoreError), app.store.write() as db:  # the error that ends the run says more
            resting_hosts.keep_resting(db, TRAFFIC.hosts.resting())


def _do(app: App, stage: Stage, run: RunContext, stats: RunStats, progress: RunProgress, tagger: Tagger) -> None:
    if stage is Stage.INGEST:
        with Worker() as worker:
            ingest(app.store, app.news_sources(worker), run, stats, progress)
    elif stage is Stage.REFRESH:
        with Worker() as worker:
            refresh(app.store, app.price_sources(worker), app.plan, run, stats, progress, tagger)
    elif stage is Stage.SCORE:
        plan = _plan_to_continue(app)
        same_names = plan.instruments == tagger.instruments
        score(app.store, plan, run, stats, progress, tagger if same_names else Tagger(plan.instruments))
    elif stage is Stage.PUBLISH:
        publish(app)


def _plan_to_continue(app: App) -> Plan:
    """Return the plan that the store was derived by; a store that has none takes the configuration's."""
    with app.store.write() as db:
        stored = app.stored_plan(db)
        if stored is None:
            settings.put(db, settings.PLAN, app.plan_json)
            return app.plan
    changes = plan_changes(stored, app.plan)
    if changes:
        log.warning("the configuration has changed since the rows were derived (%s); the run continues with the "
                    "earlier one until `signals rebuild`", ", ".join(changes[:5]))  # fmt: skip
    return stored


def rebuild(app: App, since: datetime | None, run: RunContext, stats: RunStats, progress: RunProgress) -> None:
    """Derive again from the facts whatever is derived from articles published since an instant, or from all."""
    with _recorded(app, Stage.SCORE, run, stats, progress):
        pipeline_rebuild.rebuild(app.store, app.plan, since, run, stats, progress, app.plan_json)


def repair_clock(app: App, run: RunContext, stats: RunStats, progress: RunProgress) -> dict[str, int]:
    """Take back what is dated after now, and derive everything again by the plan that the store has, in one go."""
    plan = _plan_to_continue(app)
    with _recorded(app, Stage.SCORE, run, stats, progress):
        with app.store.write() as db:
            counts = wall_clock.take_back(db, run.now)
            derived = pipeline_rebuild.derive_anew(db, app.store, plan, None, run, progress)
        stats.count(derived.moves, derived.links)
        stats.failures += derived.failures
    return counts


def ingest_files(
    app: App, files: Sequence[Path], source: str, run: RunContext, stats: RunStats, progress: RunProgress
) -> None:
    """Read files through one news source of the configuration; raises ConfigError for an unknown source."""
    with Worker() as worker:
        sources = app.file_sources(source, files, worker)
        with _recorded(app, Stage.INGEST, run, stats, progress):
            ingest(app.store, sources, run, stats, progress)


@contextmanager
def _recorded(app: App, stage: Stage, run: RunContext, stats: RunStats, progress: RunProgress) -> Iterator[None]:
    before = stats.counts()
    with app.store.write() as db:
        run_log.begin_stage(db, run.run_id, stage.value, app.now())
    progress.begin(stage)
    yield
    with app.store.write(of_run=False) as db:
        run_log.finish_stage(db, run.run_id, stage.value, before, stats.counts(), app.now())
