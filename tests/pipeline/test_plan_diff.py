"""A change of the configuration is noticed, said, and applied to all rows by a rebuild, to none by a night."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from signals.answers.status import status
from signals.app import App
from signals.doctor import examine
from signals.errors import StoreError
from signals.runs.as_of import derive_as_of
from signals.runs.maintenance import prune
from signals.runs.run import rebuild
from tests.worlds import NOW, app_at, contents, links_of, run, small

HEADLINES = [(NOW - timedelta(days=day), f"Acme opens plant {day}; Bravo looks on") for day in range(8, 20)]


def changed(app: App, **alias: object) -> App:
    """Give the instrument another alias."""
    written = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
    written["instruments"]["ACME"]["aliases"] = ["Bravo"]
    written["studies"] = [{"name": "raw", "model": "constant-mean", "windows": ["0..0"]}]
    app.config.path.write_text(yaml.safe_dump(written), encoding="utf-8")
    return app_at(app.config.path)


def test_a_night_goes_on_by_the_plan_of_the_rows_and_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    app = small(tmp_path, HEADLINES)
    run(app)
    before = contents(app)
    later = changed(app)
    with caplog.at_level(logging.WARNING):
        run(later)
    assert "instrument ACME, study raw, study market" in caplog.text
    assert contents(later) == before
    assert status(later).changes == ["instrument ACME", "study raw", "study market"]
    assert any("signals rebuild" in finding.advice for finding in examine(later))


def test_a_rebuild_applies_the_change_to_every_row(tmp_path: Path) -> None:
    app = small(tmp_path, HEADLINES)
    run(app)
    later = changed(app)
    rebuild(later, None)
    assert later.plan_changes() == []
    assert {link.study for link in links_of(later)} == {"raw"}
    assert ("Bravo", "ACME") in {(row["tag"], row["ticker"]) for row in contents(later)["mentions"]}
    fresh = app_at(app.config.path, database=f"sqlite:///{tmp_path / 'fresh.db'}")
    run(fresh)
    without = ["run_id", "scored_at"]
    assert contents(fresh, leave_out=without)["links"] == contents(later, leave_out=without)["links"]


def test_pruning_drops_what_no_link_needs_and_nothing_else(tmp_path: Path) -> None:
    app = small(tmp_path, [*HEADLINES, (NOW - timedelta(days=9), "Nobody in particular waits")])
    text = (tmp_path / "wire.csv").read_text(encoding="utf-8").replace("published_at,title", "published_at,title,body")
    rows = [text.splitlines()[0], *(f"{line},SIMULATED body" for line in text.splitlines()[1:])]
    (tmp_path / "wire.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    run(app)
    links = links_of(app)
    assert prune(app, NOW)["article bodies"] == 1
    assert prune(app, NOW)["article bodies"] == 0
    assert links_of(app) == links
    assert not any(run(app).counts().values())
    assert "SIMULATED body" in {row["body"] for row in contents(app)["articles"] if row["title"].startswith("Acme")}
    with pytest.raises(StoreError, match="pruned"):
        derive_as_of(app, NOW - timedelta(days=3))
