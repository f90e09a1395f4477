"""A night on the demo's world, with the real sources, from files to links."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from signals import demo
from signals.app import App
from signals.demo import World
from signals.runs import run as runs
from signals.runs.as_of import derive_as_of
from signals.runs.run import rebuild
from tests.worlds import NOW, app_at, contents, links_of, query, run, small


def test_what_was_planted_is_found(world: World, told: App) -> None:
    found = demo.compare(world.planted, links_of(told))
    by_kind = {check.kind: check for check in found.checks}
    for kind in ("move", "passing", "pending", "ambiguous_tag", "unknown_tag", "market_wide"):
        check = by_kind[demo.Kind(kind)]
        assert check.recognised == check.planted, check.others
    assert found.sessions_right == found.sessions_linked
    assert found.false_alarms <= 1


def test_every_event_is_scored_pending_or_unscored_with_a_reason(told: App) -> None:
    links = links_of(told)
    assert {link.status for link in links} <= {"scored", "pending", "unscored"}
    assert all(link.reason for link in links if link.status != "scored")
    pairs = {(link.article_id, link.ticker) for link in links}
    windows = {(link.study, link.event_window) for link in links}
    assert len(links) == len(pairs) * len(windows)


def test_a_second_night_changes_no_row_but_its_own(told: App) -> None:
    before = contents(told)
    tally = run(told)
    assert contents(told) == before
    assert {n: v for n, v in tally.counts().items() if v} == {}


def test_a_rebuild_from_the_facts_gives_equal_rows(told: App) -> None:
    before = contents(told, leave_out=["run_id", "scored_at"])
    rebuild(told, None)
    assert contents(told, leave_out=["run_id", "scored_at"]) == before


def test_strokes_one_by_one_end_in_the_same_rows(world: World, told: App, tmp_path: Path) -> None:
    other = app_at(world.config, database=f"sqlite:///{tmp_path / 'other.db'}")
    for stroke in ("ingest", "score", "refresh", "score"):
        run(other, [stroke])
    assert contents(other, leave_out=["run_id", "scored_at"]) == contents(told, leave_out=["run_id", "scored_at"])


def test_a_run_as_of_an_instant_gives_what_was_known_then(world: World, told: App) -> None:
    past, _ = derive_as_of(told, NOW - timedelta(days=200))
    assert past.config.database != told.config.database
    assert all(link.published_at <= past.now() for link in links_of(past))


@pytest.mark.parametrize(
    ("struck", "session"), [(None, "2025-01-21"), ("18:45", "2025-01-21"), ("16:00", "2025-01-22")]
)
def test_news_before_the_clock_time_of_the_close_belongs_to_that_bar(
    tmp_path: Path, struck: str | None, session: str
) -> None:
    page = "Acme opens a mine\n\nPublished 21/01/2025, 16:10\n\nMOSCOW - Acme (MOEX:ACME) opened a mine.\n"
    (tmp_path / "page.txt").write_text(page, encoding="utf-8")
    acme = {"name": "Acme", "mic": "MISX", "currency": "RUB", "symbols": {"local": "ACME"}}
    news = {"name": "pages", "kind": "page", "path": "page.txt", "timezone": "Europe/Moscow", "dayfirst": True}
    local = {"name": "local", "kind": "csv", "path": "{symbol}.csv", **({"close_time": struck} if struck else {})}
    written = {"instruments": {"ACME": acme}, "news": [news], "prices": [local]}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    (tmp_path / "ACME.csv").write_text("date,close\n2025-01-21,100\n2025-01-22,101\n", encoding="utf-8")
    app = app_at(tmp_path / "config.yaml")
    run(app)
    assert {str(link.day_zero) for link in links_of(app)} == {session}


def test_whoever_reads_meanwhile_sees_the_night_before_and_then_the_whole_night(tmp_path: Path) -> None:
    app = small(tmp_path, [(NOW - timedelta(days=9), "Acme opens a plant")])
    run(app)
    small(tmp_path, [(NOW - timedelta(days=day), f"Acme opens plant {day}") for day in range(8, 16)])

    def seen() -> list[object]:
        with app.store.read() as db:
            return [query(db, f"SELECT * FROM {view} ORDER BY 1") for view in ("v_links", "v_events", "v_mentions")]

    before, meanwhile = seen(), list[object]()
    runs.run(app, "test", NOW, progress=lambda *_: meanwhile.append(seen()))
    assert len(meanwhile) > 3
    assert all(state == before for state in meanwhile)
    assert seen() != before
