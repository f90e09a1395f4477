"""The second store: the same night on PostgreSQL gives the rows that it gives on SQLite, in tables and in views."""

from typing import Any

import pytest

from signals.app import App
from signals.demo import World
from signals.runs.run import rebuild
from signals.store.queries import rows_of
from signals.store.views import RUNS, SOURCES, VIEWS
from tests.worlds import app_at, contents, run


def views(app: App) -> dict[str, list[str]]:
    """Return the rows of every view that tells of the night and not of the runs, in an order of their own."""
    with app.store.read() as db:
        return {
            v.name: sorted(map(repr, rows_of(db, f"SELECT * FROM {v.name}"))) for v in VIEWS if v not in (RUNS, SOURCES)
        }


@pytest.fixture
def second(world: World, postgresql_url: str) -> Any:
    app = app_at(world.config, database=postgresql_url)
    app.store.upgrade()
    yield app
    app.store.engine.dispose()


def test_both_stores_give_the_same_rows_and_a_rebuild_gives_them_again(told: App, second: App) -> None:
    tally = run(second)
    assert contents(second) == contents(told)
    assert views(second) == views(told)
    assert tally.links == len(told.links({}))
    assert {n: v for n, v in run(second).counts().items() if v} == {}
    rebuild(second, None)
    assert contents(second, leave_out=["run_id", "scored_at"]) == contents(told, leave_out=["run_id", "scored_at"])
