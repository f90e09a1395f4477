"""Whether what was said of chance came out, over a whole store."""

from pathlib import Path

import pytest

from signals.answers.chance import chance_reliability
from signals.app import App
from tests.worlds import app_at, query, run, write_demo


def test_every_event_that_was_judged_counts_once(demo_app: App) -> None:
    with demo_app.store.read() as db:
        rows = chance_reliability(db)
        judged = query(db, "SELECT local_fdr FROM v_events WHERE decides = 1 AND local_fdr IS NOT NULL")
    assert sum(row.events for row in rows) == len(judged)
    stated = sum(row.stated * row.events for row in rows)
    assert stated == pytest.approx(sum(float(row["local_fdr"]) for row in judged))


def test_events_whose_fit_is_gone_are_left_out(tmp_path: Path) -> None:
    app = app_at(write_demo(tmp_path).config)
    run(app)
    with app.store.write() as db:
        db.exec_driver_sql("DELETE FROM error_rates")
        assert chance_reliability(db) == []
