"""The composition root: a configuration with its store, its sources and its plan, and the schema that it requires."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from sqlalchemy import inspect, text

from signals.app import App, open_app, utc_now
from signals.cli import main
from signals.errors import ConfigError, StoreError
from signals.runs.run import prepare
from signals.store import Store, settings
from signals.store.engine import known_revisions
from signals.store.migration import migrate
from signals.store.views import LINKS
from tests.worlds import NOW, app_at, links_of, run, small

# --- the schema and the views of another program --------------------------------------------------------------------


def write_older_views(store: Store) -> None:
    """Give a store the v_links of another program, which has one column less."""
    older = replace(LINKS, columns=tuple(column for column in LINKS.columns if column[0] != "verdict"))
    with store.write() as db:
        db.execute(text(f"DROP VIEW {LINKS.name}"))
        db.execute(text(f"CREATE VIEW {LINKS.name} AS {older.sql()}"))
        settings.put(db, settings.VIEWS, "the digest of another program")


def columns_of_links(store: Store) -> set[str]:
    return {column["name"] for column in inspect(store.engine).get_columns(LINKS.name)}


READERS = [
    ["report", "--ticker", "ACME"], ["explain", "a"], ["moves"], ["status"], ["doctor"], ["db", "check"], ["publish"],
    ["prune", "--before", "2020-01-01"], ["run", "--as-of", "2020-01-01"],
]  # fmt: skip


@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_a_reader_of_other_views_gets_one_sentence_with_the_command_to_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    app = small(tmp_path)
    prepare(app)
    write_older_views(app.store)
    assert main(["--config", str(app.config.path), *command]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "has the views of another signals; run `signals db upgrade`" in err
    assert "verdict" not in columns_of_links(app.store)


def test_the_next_run_renews_the_views_of_a_sqlite_store_without_a_migration(tmp_path: Path) -> None:
    app = small(tmp_path, [(NOW, "Acme opens a plant")])
    run(app)
    links = links_of(app)
    write_older_views(app.store)
    schema, _ = app.store.revisions()
    assert run(app).failures == []
    assert columns_of_links(app.store) == set(LINKS.names)
    assert app.store.revisions()[0] == schema
    assert not list(tmp_path.glob("*.bak"))
    assert links_of(app) == links != []


def test_a_postgresql_store_is_renewed_by_db_upgrade_and_by_nothing_else(
    tmp_path: Path, postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = app_at(small(tmp_path).config.path, database=postgresql_url)
    app.store.upgrade()
    write_older_views(app.store)
    command = ["--config", str(app.config.path), "--database", postgresql_url]
    for reader in (["run"], ["status"]):
        assert main([*command, *reader]) == 2
        assert "run `signals db upgrade`" in capsys.readouterr().err
    assert main([*command, "db", "upgrade"]) == 0
    assert columns_of_links(app.store) == set(LINKS.names)
    assert links_of(app) == []
    app.store.engine.dispose()


@pytest.mark.parametrize(
    ("revision", "state"),
    [(None, "has no signals tables yet"), (known_revisions()[-2], f"has the older schema {known_revisions()[-2]}")],
)
def test_an_older_schema_is_upgraded_only_where_that_is_meant(tmp_path: Path, revision: str | None, state: str) -> None:
    app = small(tmp_path)
    if revision is not None:
        migrate(app.store.engine, revision)
    with pytest.raises(StoreError, match=state):
        app.require_schema()
    app.require_schema(upgrade=True)
    app.require_schema()


# --- the plan -------------------------------------------------------------------------------------------------------


def change(app: App, **keys: object) -> App:
    """Write other values of some keys and open the configuration again."""
    content = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
    app.config.path.write_text(yaml.safe_dump({**content, **keys}), encoding="utf-8")
    return app_at(app.config.path)


def test_a_store_has_a_plan_once_it_was_scored(tmp_path: Path) -> None:
    app = small(tmp_path)
    prepare(app)
    with app.store.read() as db:
        assert app.stored_plan(db) is None
        assert app.derived_by(db) == app.plan
    assert app.plan_changes() == []
    run(app)
    with app.store.read() as db:
        assert app.stored_plan(db) == app.plan


def test_a_changed_configuration_is_compared_with_the_plan_of_the_rows(tmp_path: Path) -> None:
    first = small(tmp_path)
    run(first)
    second = change(first, verdicts={"q": 0.01})
    (difference,) = second.plan_changes()
    assert "verdicts.q" in difference
    with second.store.read() as db:
        assert second.derived_by(db) == first.plan != second.plan


# --- sources --------------------------------------------------------------------------------------------------------


def test_the_sources_of_the_configuration_are_opened_in_their_order(tmp_path: Path) -> None:
    app = small(tmp_path)
    assert [source.name for source in app.news_sources()] == ["wire"]
    assert [source.name for source in app.price_sources()] == ["local"]


def test_files_are_opened_with_the_dialect_of_a_source(tmp_path: Path) -> None:
    app = small(tmp_path)
    (tmp_path / "other.csv").write_text("published_at,title\n2026-03-03 10:00,Acme sells a plant\n", encoding="utf-8")
    (source,) = app.file_sources("wire", [tmp_path / "other.csv"])
    assert source.name == "wire"
    with pytest.raises(ConfigError, match=r"no source is called 'nope'; known: \['wire'\]"):
        app.file_sources("nope", [])


# --- opening --------------------------------------------------------------------------------------------------------


def test_the_database_of_the_command_line_comes_before_the_configuration_s(tmp_path: Path) -> None:
    path = small(tmp_path).config.path
    assert open_app(path).store.name == str(tmp_path / "signals.db")
    assert open_app(path, f"sqlite:///{tmp_path / 'other.db'}").store.name == str(tmp_path / "other.db")


def test_the_clock_has_the_precision_of_the_store() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    now = utc_now()
    assert now >= before
    assert (now.microsecond % 1000, now.tzinfo) == (0, UTC)
