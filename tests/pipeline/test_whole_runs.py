"""Whole runs on the demo's world, with the real sources, from files to links."""

import csv
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
import yaml
from sqlalchemy import text

from signals import demo
from signals.answers.report import report
from signals.app import App
from signals.errors import ConfigError
from signals.runs import run as runs
from signals.runs.as_of import derive_as_of
from signals.runs.run import rebuild
from signals.store.migration import migrate
from signals.store.queries import LinkFilters
from signals.types import RETURN_MODELS, Benchmark, ReturnModel, Verdict
from tests.worlds import NOW, app_at, contents, links_of, query, run, small, write_demo


def test_the_planted_moves_are_recognised(demo_app: App, tmp_path: Path) -> None:
    comparison = demo.compare(write_demo(tmp_path).planted, links_of(demo_app))
    by_kind = {check.kind: check for check in comparison.checks}
    for kind in ("move", "passing", "pending", "ambiguous_tag", "unknown_tag", "market_wide"):
        check = by_kind[demo.Kind(kind)]
        assert check.recognised == check.planted, check.others
    assert comparison.sessions_right == comparison.sessions_linked
    assert comparison.false_alarms / comparison.called <= demo_app.plan.q_level == 0.20  # what q promises


def test_a_planted_move_against_a_falling_market_is_found(demo_app: App) -> None:
    (link,) = [
        link for link in links_of(demo_app, study="market", window="0..0") if "first special dividend" in link.title
    ]
    assert link.benchmark_ret is not None
    assert link.benchmark_ret < -0.02
    assert link.verdict == Verdict.MOVE


def test_events_that_are_called_a_move_are_counted_once_in_the_notice_and_the_status(tmp_path: Path) -> None:
    app = app_at(write_demo(tmp_path).config)
    stats = run(app)
    with app.store.read() as db:
        calls = "SELECT COUNT(*) FROM v_events WHERE decides = 1 AND event_verdict = 'move'"
        assert stats.events_moved == db.execute(text(calls)).scalar_one() > 20
        deciding = "SELECT COUNT(*) FROM v_events WHERE decides = 1"
        assert db.execute(text(deciding)).scalar_one() == len({link.event_id for link in links_of(app)})


def test_every_event_is_scored_pending_or_unscored_with_a_reason(demo_app: App) -> None:
    links = links_of(demo_app)
    assert {link.status for link in links} <= {"scored", "pending", "unscored"}
    assert all(link.reason for link in links if link.status != "scored")
    pairs = {(link.article_id, link.ticker) for link in links}
    windows = {(link.study, link.event_window) for link in links}
    assert len(links) == len(pairs) * len(windows)


def test_a_second_run_changes_no_row_but_its_own(demo_copy: App) -> None:
    before = contents(demo_copy)
    stats = run(demo_copy)
    assert contents(demo_copy) == before
    assert {n: v for n, v in stats.counts().items() if v} == {}


def test_a_rebuild_from_the_facts_gives_equal_rows(demo_copy: App) -> None:
    before = contents(demo_copy, leave_out=["run_id", "scored_at"])
    rebuild(demo_copy, None)
    assert contents(demo_copy, leave_out=["run_id", "scored_at"]) == before


def test_stages_one_by_one_end_in_the_same_rows(demo_app: App, tmp_path: Path) -> None:
    other = app_at(demo_app.config.path, database=f"sqlite:///{tmp_path / 'other.db'}")
    for stage in ("ingest", "score", "refresh", "score"):
        run(other, [stage])
    assert contents(other, leave_out=["run_id", "scored_at"]) == contents(demo_app, leave_out=["run_id", "scored_at"])


def test_a_run_as_of_an_instant_gives_the_rows_of_then(demo_app: App) -> None:
    past, _ = derive_as_of(demo_app, NOW - timedelta(days=200))
    assert past.config.database != demo_app.config.database
    assert all(link.published_at <= past.now() for link in links_of(past))


def test_a_reader_sees_the_rows_of_the_run_before_until_the_whole_run_is_done(tmp_path: Path) -> None:
    app = small(tmp_path, [(NOW - timedelta(days=9), "Acme opens a plant")])
    run(app)
    small(tmp_path, [(NOW - timedelta(days=day), f"Acme opens plant {day}") for day in range(8, 16)])

    def views() -> list[object]:
        with app.store.read() as db:
            return [query(db, f"SELECT * FROM {view} ORDER BY 1") for view in ("v_links", "v_events", "v_mentions")]

    before, meanwhile = views(), list[object]()
    runs.run(app, "test", NOW, progress=lambda *_: meanwhile.append(views()))
    assert len(meanwhile) > 3
    assert all(state == before for state in meanwhile)
    assert views() != before


# --- a return model of one's own -------------------------------------------------------------------------------------

MEAN_ADJUSTED = ReturnModel(
    "mean-adjusted", "the return of the benchmark and the mean difference from it", True, Benchmark.SUBTRACTED
)
BETA_ONLY = ReturnModel("beta-only", "beta times the return of the benchmark", False, Benchmark.REGRESSOR)
DAYS_AGO = (20, 40, 60)


def app_with(folder: Path, model: ReturnModel, monkeypatch: pytest.MonkeyPatch) -> App:
    """Do a run with a study of a model that is added to the registry, and with nothing else added."""
    app = small(folder, [(NOW - timedelta(days=day), f"Acme opens plant {day}") for day in DAYS_AGO])
    written = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
    entry = {"name": "own", "model": model.name, "estimation": 60, "gap": 5, "min_observations": 40}
    written["studies"] = [{**entry, "windows": ["0..0"]}]
    app.config.path.write_text(yaml.safe_dump(written), encoding="utf-8")
    with pytest.raises(ConfigError, match=f"'{model.name}' is no return model"):
        app_at(app.config.path)
    monkeypatch.setitem(cast("dict[str, ReturnModel]", RETURN_MODELS), model.name, model)
    app = app_at(app.config.path)
    run(app)
    return app


def returns(path: Path) -> dict[str, float]:
    """Return the return of each day of a file of closes."""
    with path.open(encoding="utf-8") as file:
        closes = {row["date"]: float(row["close"]) for row in csv.DictReader(file)}
    return {day: after / before - 1 for (_, before), (day, after) in pairwise(closes.items())}


def test_a_model_of_the_registry_alone_is_configured_scored_mirrored_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_with(tmp_path, MEAN_ADJUSTED, monkeypatch)
    answer = report(app, "ACME", LinkFilters())
    assert [(link.model, link.status, link.benchmark) for link in answer.links] == [
        (MEAN_ADJUSTED.name, "scored", "AEX")
    ] * len(DAYS_AGO)
    own, index = (returns(tmp_path / f"{symbol}.csv") for symbol in ("ACME", "AEX"))
    difference, days = [own[day] - index[day] for day in own], list(own)
    for link in answer.links:
        at = days.index(link.day_zero.isoformat())
        alpha = sum(difference[at - 65 : at - 5]) / 60
        assert (link.alpha, link.car) == pytest.approx((alpha, difference[at] - alpha))
    assert [(row.study, row.event_window, row.events) for row in answer.averages] == [("own", "0..0", len(DAYS_AGO))]
    with app.store.read() as db:
        assert query(db, "SELECT model FROM study_windows") == [{"model": MEAN_ADJUSTED.name}]


def test_a_model_without_an_intercept_has_none_beside_its_slope(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = links_of(app_with(tmp_path, BETA_ONLY, monkeypatch))
    assert {(link.status, link.alpha) for link in links} == {("scored", 0.0)}


# --- a store of an older schema --------------------------------------------------------------------------------------


def test_the_run_after_an_upgrade_from_nightly_q_values_derives_what_replaced_them(tmp_path: Path) -> None:
    headlines = [(NOW - timedelta(days=day), f"Acme opens plant {day}") for day in (9, 30, 60)]
    app = small(tmp_path, headlines)
    run(app)
    expected = contents(app, ["run_id", "scored_at"])
    migrate(app.store.engine, "0011")
    with app.store.write() as db:
        names = set(query(db, "SELECT * FROM moves LIMIT 1")[0])
        assert {"q_scope", "q_m"} <= names
        assert not {"local_fdr", "p_raw", "q_basis", "verdict", "event_verdict", "decides"} & names
        db.execute(text("UPDATE moves SET q_value = 0.01, q_scope = 'market/0..0', q_m = 1, digest = 'older'"))
        db.execute(text("UPDATE links SET verdict = 'market_wide' WHERE verdict = 'move'"))
        db.execute(text("UPDATE events SET dirty = 0"))
    later = app_at(app.config.path)
    later.store.upgrade()
    with later.store.read() as db:
        assert query(db, "SELECT DISTINCT q_value, local_fdr, verdict, decides FROM moves") == [
            {"q_value": None, "local_fdr": None, "verdict": "not_scored", "decides": 0}
        ]
    stats = run(later)
    assert stats.moves == len(expected["moves"]) > 0
    assert contents(later, ["run_id", "scored_at"]) == expected
    scored = [row for row in expected["moves"] if row["status"] == "scored"]
    assert all(None not in (row["p_raw"], row["local_fdr"], row["q_value"], row["q_basis"]) for row in scored)
