"""The second store: the same run on PostgreSQL gives the rows that it gives on SQLite, in tables and in views."""

from collections.abc import Iterator

import pytest

from signals.app import App
from signals.runs.run import rebuild
from signals.store.queries import select_view
from signals.store.views import RUN_SUMS, RUNS, SOURCE_RUNS, SOURCES, VIEWS
from tests.worlds import app_at, contents, links_of, run

LOGS = (RUNS, SOURCES, SOURCE_RUNS, RUN_SUMS)


def views(app: App) -> dict[str, list[str]]:
    """Return the rows of every view of what a run derives, in an order of their own."""
    with app.store.read() as db:
        return {v.name: sorted(map(repr, select_view(db, v, v.row))) for v in VIEWS if v not in LOGS}


@pytest.fixture
def second(demo_app: App, postgresql_url: str) -> Iterator[App]:
    app = app_at(demo_app.config.path, database=postgresql_url)
    app.store.upgrade()
    yield app
    app.store.engine.dispose()


def test_both_stores_give_the_same_rows_and_a_rebuild_gives_them_again(demo_app: App, second: App) -> None:
    stats = run(second)
    assert contents(second) == contents(demo_app)
    assert views(second) == views(demo_app)
    assert stats.links == len(links_of(demo_app))
    with second.store.read() as db:  # the planner knows what a first run wrote
        assert db.exec_driver_sql("SELECT reltuples FROM pg_class WHERE relname = 'links'").scalar_one() == stats.links
    assert {n: v for n, v in run(second).counts().items() if v} == {}
    rebuild(second, None)
    assert contents(second, leave_out=["run_id", "scored_at"]) == contents(demo_app, leave_out=["run_id", "scored_at"])
