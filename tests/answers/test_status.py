"""The status of a store."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from signals.answers.status import status
from signals.app import App
from signals.errors import StoreError
from tests.worlds import NOW, app_at, query, run, small


def test_the_totals_are_the_rows_of_the_store(demo_app: App) -> None:
    answer = status(demo_app)
    with demo_app.store.read() as db:
        (counts,) = query(
            db,
            "SELECT (SELECT COUNT(*) FROM articles WHERE superseded_at IS NULL) AS articles,"
            " (SELECT COUNT(*) FROM instruments) AS instruments, (SELECT COUNT(*) FROM events) AS events,"
            " (SELECT COUNT(*) FROM links) AS links",
        )
    totals = answer.totals
    assert (totals.articles, totals.instruments, totals.events, totals.links) == tuple(counts.values())


def test_the_last_run_and_its_sources_are_listed(demo_app: App) -> None:
    answer = status(demo_app)
    assert [row.state for row in answer.runs] == ["done"]
    names = {source.name for source in demo_app.news_sources()} | {source.name for source in demo_app.price_sources()}
    assert {row.source for row in answer.sources} == names
    assert (answer.changes, answer.unmatched, answer.schedulers) == ([], 0, [])


def test_events_are_counted_once_by_the_status_and_verdict_of_the_row_that_decides(demo_app: App) -> None:
    counts = {(row.status, row.verdict): row.events for row in status(demo_app).events}
    with demo_app.store.read() as db:
        rows = query(db, "SELECT event_id, status, verdict, decides FROM v_events")
    every = [(row["status"], row["verdict"]) for row in rows if row["decides"]]
    assert counts == {key: every.count(key) for key in set(every)}
    assert len(every) == len({row["event_id"] for row in rows}) == status(demo_app).totals.events


def test_a_change_of_the_configuration_is_listed(tmp_path: Path) -> None:
    app = small(tmp_path, [(NOW - timedelta(days=9), "Acme opens a plant")])
    run(app)
    written = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
    app.config.path.write_text(yaml.safe_dump({**written, "verdicts": {"q": 0.01}}), encoding="utf-8")
    assert status(app).changes == []
    assert status(app_at(app.config.path)).changes == ["verdicts.q"]


def test_a_store_without_tables_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="signals db upgrade"):
        status(small(tmp_path))
