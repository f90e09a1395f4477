"""A change of the configuration is reported by every run, and applied to all rows by a rebuild and by nothing else."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import Field, fields, replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import yaml

from signals.answers.status import status
from signals.app import App
from signals.config import from_json, to_json
from signals.doctor import examine
from signals.pipeline import Plan
from signals.pipeline.plan_diff import plan_changes
from signals.runs.run import rebuild
from signals.types import DatedHours, Instrument, IntradayStudy, MarketRules, Study
from tests.pipeline.currencies import link, world
from tests.stores import HOURLY, STUDY, instrument, plan_of
from tests.worlds import NOW, app_at, contents, links_of, run, small

USUAL = DatedHours("hours", date.min, date.max, (0, 1), time(9), None, source="a notice")

#: Another value of each type that a setting has; a setting of a new type needs a line here.
ANOTHER: Mapping[object, Callable[[Any], Any]] = {
    tuple[Instrument, ...]: lambda value: (*value, instrument("NEW")),
    tuple[Study, ...]: lambda value: (*value, replace(STUDY, name="NEW")),
    tuple[IntradayStudy, ...]: lambda value: (*value, replace(HOURLY, name="NEW")),
    tuple[MarketRules, ...]: lambda value: (*value, MarketRules("NEW", usual=USUAL, dated=(USUAL,))),
    tuple[str, ...]: lambda value: (*value, "NEW"),
    float: lambda value: value / 2,
    Mapping[str, time]: lambda value: {**value, "NEW": time(18, 45)},
    Mapping[str, str]: lambda value: {**value, "NEW": "NEW"},
}
SETTINGS = pytest.mark.parametrize("setting", fields(Plan), ids=lambda setting: setting.name)


def with_another(plan: Plan, setting: Field[Any]) -> Plan:
    another = ANOTHER[get_type_hints(Plan)[setting.name]]
    return replace(plan, **{setting.name: another(getattr(plan, setting.name))})


@SETTINGS
def test_a_change_of_one_setting_alone_is_reported(setting: Field[Any]) -> None:
    plan = plan_of()
    label = setting.metadata["label"] + (" NEW" if setting.metadata["key"] else "")
    assert plan_changes(plan, with_another(plan, setting)) == [label]
    assert plan_changes(with_another(plan, setting), plan) == [label]


@SETTINGS
def test_every_setting_is_kept_with_the_rows(setting: Field[Any]) -> None:
    plan = with_another(plan_of(), setting)
    assert from_json(Plan, to_json(Plan, plan)) == plan


def test_a_plan_does_not_differ_from_itself_or_in_the_order_of_its_instruments() -> None:
    plan = plan_of()
    assert plan_changes(plan, plan_of()) == []
    assert plan_changes(plan, replace(plan, instruments=plan.instruments[::-1])) == []


def test_a_change_names_what_was_added_changed_and_removed() -> None:
    plan = plan_of(instrument("ONE"), instrument("TWO"))
    other = plan_of(instrument("THREE"), instrument("ONE", currency="USD"))
    assert plan_changes(plan, other) == ["instrument THREE", "instrument ONE", "instrument TWO"]


HEADLINES = [(NOW - timedelta(days=day), f"Acme opens plant {day}; Bravo looks on") for day in range(8, 20)]


def changed(app: App) -> App:
    """Give the instrument another alias, and the plan another study."""
    written = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
    written["instruments"]["ACME"]["aliases"] = ["Bravo"]
    written["studies"] = [{"name": "raw", "model": "constant-mean", "windows": ["0..0"]}]
    app.config.path.write_text(yaml.safe_dump(written), encoding="utf-8")
    return app_at(app.config.path)


def test_a_run_continues_with_the_plan_of_the_rows_and_warns(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
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


def test_a_rate_that_is_added_is_reported_until_a_rebuild_scores_with_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = world(tmp_path, "INUSD", "USD")
    assert link(app).reason == "currency"
    written = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
    app.config.path.write_text(yaml.safe_dump({**written, "fx": {"USDEUR": "USDEUR"}}), encoding="utf-8")
    later = app_at(app.config.path, app.now())
    with caplog.at_level(logging.WARNING):
        run(later)
    assert "the configuration has changed since the rows were derived (fx)" in caplog.text
    assert link(later).reason == "currency"
    assert status(later).changes == ["fx"]
    (finding,) = (finding for finding in examine(later) if finding.where == "configuration")
    assert "signals rebuild" in finding.advice
    rebuild(later, None)
    assert (link(later).status, link(later).reason) == ("scored", "")
    assert status(later).changes == []
    assert not any(finding.where == "configuration" for finding in examine(later))
