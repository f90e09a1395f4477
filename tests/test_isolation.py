"""One item that cannot be stored or derived costs itself, is named, and comes with the run after; on both databases."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from signals.app import App
from signals.cli import main
from signals.store.tables import metadata
from signals.tickers import Resolver
from signals.types import Article, Mention
from tests import traps
from tests.databases import postgresql
from tests.worlds import NOW, app_at, contents, query, small

HEADLINES = [
    (NOW - timedelta(days=day), f"{name} opens plant {chr(65 + day % 26)} in week {day}")
    for day in range(6, 26)
    for name in ("Acme", "Bolt")
]
# What depends on the run that wrote a row, and on the clock.
OF_ONE_DAY = "SELECT article_id FROM articles WHERE title LIKE '% 9'"
Rows = dict[str, list[dict[str, Any]]]
OF_THE_RUN = ("run_id", "scored_at", "known_at", "seen_at", "fetched_at", "first_seen_at", "value")


def world(folder: Path, database: str | None = None) -> App:
    """Write a world of two instruments with news of both."""
    folder.mkdir()
    path = small(folder, HEADLINES).config.path
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    acme = written["instruments"]["ACME"]
    written["instruments"]["BOLT"] = {**acme, "name": "Bolt", "aliases": ["Bolt"], "symbols": {"local": "BOLT"}}
    path.write_text(yaml.safe_dump(written), encoding="utf-8")
    (folder / "BOLT.csv").write_text((folder / "ACME.csv").read_text(encoding="utf-8"), encoding="utf-8")
    app = app_at(path, database=database)
    app.store.upgrade()
    return app


@pytest.fixture(params=["sqlite", "postgresql"])
def app(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[App]:
    if request.param == "sqlite":
        yield world(tmp_path / "world")
        return
    with postgresql() as url:
        app = world(tmp_path / "world", url)
        yield app
        app.store.engine.dispose()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """What the tables hold after two runs without a trap."""
    app = world(tmp_path_factory.mktemp("whole") / "world")
    assert [command(app, "run"), command(app, "run")] == [0, 0]
    return rows(app)


def command(app: App, *words: str) -> int:
    return main(["--config", str(app.config.path), "--database", str(app.config.database), "--quiet", *words])


def rows(app: App) -> Rows:
    return contents(app, OF_THE_RUN, lambda table: table.name in metadata.tables and table.name != "settings")


def count(app: App, sql: str) -> int:
    with app.store.read() as db:
        return int(query(db, f"SELECT COUNT(*) AS n FROM {sql}")[0]["n"])


@pytest.mark.parametrize(
    ("table", "condition", "item", "reason"),
    [
        ("articles", "NEW.title LIKE 'Acme%week 9'", "plant J", "not_stored"),
        ("bars", "NEW.ticker = 'BOLT'", "BOLT", "not_stored"),
        ("mentions", f"NEW.tag = 'Bolt' AND NEW.article_id IN ({OF_ONE_DAY})", "", "not_matched"),
        ("moves", "NEW.event_id LIKE 'BOLT%'", "BOLT", "not_scored"),
        ("links", "NEW.ticker = 'BOLT'", "BOLT", "not_scored"),
        ("base_rates", "NEW.ticker = 'BOLT'", "BOLT", "not_scored"),
        ("averages", "NEW.ticker = 'BOLT'", "BOLT", "not_averaged"),
    ],
    ids=lambda value: value if value.isidentifier() else "",
)  # fmt: skip
def test_one_bad_item_costs_itself_and_the_next_run_is_whole(
    app: App, whole: Rows, capsys: pytest.CaptureFixture[str], table: str, condition: str,
    item: str, reason: str,
) -> None:  # fmt: skip
    traps.refuse(app.store, table, condition)
    assert command(app, "run") == 1
    err = capsys.readouterr().err
    assert item in err
    assert count(app, "links WHERE ticker = 'ACME'") > 0
    assert count(app, f"v_source_runs WHERE reason = '{reason}'") == 1
    assert count(app, "v_source_runs WHERE agree = 0") == count(app, "v_run_sums WHERE agree = 0") == 0
    assert command(app, "status") == 0
    assert reason.replace("_", " ") in " ".join(capsys.readouterr().out.split())
    traps.lift(app.store, table)
    assert command(app, "run") == 0
    assert count(app, "v_sources WHERE state = 'failed'") == 0
    assert rows(app) == whole


def test_an_article_whose_tagging_fails_costs_itself(
    app: App,
    whole: dict[str, list[dict[str, Any]]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mentions = Resolver.mentions

    def fail(self: Resolver, article: Article) -> tuple[Mention, ...]:
        if article.title.endswith(("week 7", "week 11")):
            raise ZeroDivisionError("a bug that no known input shows")
        return mentions(self, article)

    with monkeypatch.context() as patched:
        patched.setattr(Resolver, "mentions", fail)
        assert command(app, "run") == 1
    assert capsys.readouterr().err.count("ZeroDivisionError: a bug that no known input shows") >= 4
    assert count(app, "unmatched_articles") == 4
    assert command(app, "run") == 0
    assert rows(app) == whole


def test_a_market_that_fails_whole_costs_no_more_than_some_tries(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    traps.refuse(app.store, "moves", "NEW.event_id IS NOT NULL")
    assert command(app, "run") == 1
    assert count(app, "moves") == count(app, "links") == 0
    assert count(app, "events") > 0
    traps.lift(app.store, "moves")
    assert command(app, "run") == 0
    assert count(app, "links") > 0


@pytest.mark.parametrize(
    ("table", "condition", "sentence"),
    [
        ("articles", "NEW.title LIKE 'Acme%week 9'", "40 items arrived and 39 are accounted for"),
        ("bars", "NEW.ticker = 'BOLT' AND NEW.start LIKE '2026-01-1%'", "are accounted for"),
        ("links", "NEW.ticker = 'BOLT'", "links, "),
        ("moves", "NEW.event_id LIKE 'BOLT%'", "moves, "),
    ],
    ids=lambda value: value if value.isidentifier() else "",
)
def test_a_row_that_is_lost_silently_is_a_sum_that_does_not_agree(
    app: App, capsys: pytest.CaptureFixture[str], table: str, condition: str, sentence: str
) -> None:
    traps.drop(app.store, table, condition)
    assert command(app, "run") == 1
    failures = [line for line in capsys.readouterr().err.splitlines() if "failed:" in line]
    assert [sentence in line for line in failures] == [True], failures
    assert count(app, "v_source_runs WHERE agree = 0") + count(app, "v_run_sums WHERE agree = 0") == 1


def test_what_arrived_is_what_became_of_it_night_after_night(app: App) -> None:
    wire, quotes = app.config.root / "wire.csv", app.config.root / "ACME.csv"
    lines = wire.read_text(encoding="utf-8").splitlines()
    lines = [f"{line},{n or 'id'}" for n, line in enumerate(lines)]
    wire.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert command(app, "run") == 0
    lines[3] = lines[3].replace("opens", "shuts")
    lines += [f"{NOW - timedelta(days=3)},Acme hires,x", "no date,Acme fires,y", f"{NOW - timedelta(days=3)},,z"]
    wire.write_text("\n".join(lines) + "\n", encoding="utf-8")
    bars = quotes.read_text(encoding="utf-8").splitlines()
    bars[-1] = bars[-1].rpartition(",")[0] + ",101.5"
    quotes.write_text("\n".join([*bars[:-3], *bars[-2:], "2026-03-04,-1"]) + "\n", encoding="utf-8")
    command(app, "run")
    with app.store.read() as db:
        sums = query(db, "SELECT * FROM v_source_runs WHERE run_id = 2 ORDER BY room")
        changes = query(db, "SELECT * FROM v_run_sums WHERE run_id = 2")
    news, prices = (dict(row) for row in sums)
    parts = ("arrived", "added", "changed", "same", "refused", "agree")
    assert [news[name] for name in parts] == [43, 1, 1, 39, 2, 1]
    assert [prices[name] for name in parts] == [len(bars) - 1, 0, 1, len(bars) - 3, 1, 1]
    assert all(row["agree"] and row["after"] == row["before"] + row["added"] - row["removed"] for row in changes)
    assert command(app, "rebuild") == 0
    assert count(app, "v_run_sums WHERE run_id = 3 AND removed > 0 AND agree = 1") == 3
