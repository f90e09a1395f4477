"""Stored averages are the computed ones to the last bit, whatever runs there were, and cover what changed only."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from signals.answers.report import averages_of_links, report
from signals.app import App
from signals.runs.as_of import derive_as_of
from signals.runs.run import rebuild
from signals.store import Connection, averages, queries
from signals.store.averages import averages_of
from signals.store.queries import LinkFilters, select_view
from signals.store.views import AVERAGE_PATHS, AVERAGE_TESTS, AVERAGES
from signals.types import Average, AveragePathRow, AverageRow, AverageTest, AverageTestRow
from tests.worlds import NOW, app_at, contents, links_of, run, write_demo

TABLES = ("averages", "average_tests", "average_paths")


def stored(app: App) -> dict[str, list[Average]]:
    with app.store.read() as db:
        return {ticker: averages_of(db, ticker) for ticker in queries.tickers(db)}


def computed(app: App) -> dict[str, list[Average]]:
    """Compute the averages of every instrument from its links."""
    with app.store.read() as db:
        return {
            ticker: averages_of_links(db, app.plan, queries.links(db, LinkFilters(ticker=ticker)), app.now())
            for ticker in queries.tickers(db)
        }


def key_of(row: AverageRow | AverageTestRow | AveragePathRow) -> tuple[str, str, str]:
    return row.event_group, row.study, row.event_window


def test_the_views_say_what_the_report_says(demo_app: App) -> None:
    for ticker in ("GAZP", "PLCD", "NRVN"):
        answer = {(a.group, a.study, a.event_window): a for a in report(demo_app, ticker, LinkFilters()).averages}
        with demo_app.store.read() as db:
            rows = select_view(db, AVERAGES, AverageRow, "ticker = :ticker", ticker=ticker)
            tests = select_view(db, AVERAGE_TESTS, AverageTestRow, "ticker = :ticker", "test", ticker=ticker)
            steps = select_view(db, AVERAGE_PATHS, AveragePathRow, "ticker = :ticker", "session_no", ticker=ticker)
        assert {key_of(row) for row in rows} == answer.keys()
        for row in rows:
            average, path = answer[key_of(row)], [s for s in steps if key_of(s) == key_of(row)]
            for name in ("events", "ret", "caar", "mean_correlation"):
                assert getattr(row, name) == getattr(average, name)
            quoted = average.default_test
            assert (row.test, row.statistic, row.p_value) == (quoted.test, quoted.statistic, quoted.p_value)
            assert (tuple(s.aar for s in path), tuple(s.events for s in path)) == (average.aar, average.counts)
            assert [
                AverageTest(t.test, t.statistic, t.p_value, t.events, t.reason)
                for t in tests
                if key_of(t) == key_of(row)
            ] == sorted(average.tests, key=lambda test: test.test)


def test_what_is_stored_is_what_is_computed(demo_app: App) -> None:
    assert stored(demo_app) == computed(demo_app)


def test_a_filter_that_leaves_all_links_gives_the_stored_averages(demo_app: App) -> None:
    whole = report(demo_app, "GAZP", LinkFilters())
    assert report(demo_app, "GAZP", LinkFilters(min_relevance=0.0)).averages == whole.averages


def test_several_nights_a_rebuild_and_an_earlier_instant_store_what_is_computed(demo_app: App, tmp_path: Path) -> None:
    other = write_demo(tmp_path)
    prices = {
        path: path.read_text(encoding="utf-8").splitlines(keepends=True) for path in tmp_path.glob("prices/*.csv")
    }
    for days in (120, 3, 2, 0):
        now = NOW - timedelta(days=days)
        for path, (head, *rows) in prices.items():
            past = [row for row in rows if row[:10] < now.date().isoformat()]
            path.write_text("".join([head, *past]), encoding="utf-8")
        app = app_at(other.config, now)
        run(app)
        assert stored(app) == computed(app)
    tables = contents(app, of=lambda table: table.name in TABLES)
    assert tables == contents(demo_app, of=lambda table: table.name in TABLES)
    rebuild(app, None)
    assert contents(app, of=lambda table: table.name in TABLES) == tables
    past_app, _ = derive_as_of(app, NOW - timedelta(days=1))
    assert stored(past_app) == computed(past_app)


def test_the_averages_cover_the_newest_days_and_a_filter_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(averages, "MOST_DAYS", 7)
    app = app_at(write_demo(tmp_path).config)
    run(app)
    links = [link for link in links_of(app, ticker="GAZP", study="market", window="0..0") if link.status == "scored"]
    with app.store.read() as db:
        since = averages.first_day(db, "GAZP")
    recent = {link.event_id for link in links if link.day_zero >= since}
    (row,) = [a for a in stored(app)["GAZP"] if (a.group, a.study, a.event_window) == ("all", "market", "0..0")]
    assert row.events == len(recent) <= 7 < len({link.event_id for link in links})
    assert report(app, "GAZP", LinkFilters()).averages == stored(app)["GAZP"]
    assert report(app, "GAZP", LinkFilters(since=since)).averages == stored(app)["GAZP"]
    (whole,) = report(app, "GAZP", LinkFilters(study="market", window="0..0", min_relevance=0.0)).averages
    assert whole.events == len({link.event_id for link in links})


def test_a_group_without_events_goes_with_them(tmp_path: Path) -> None:
    world = write_demo(tmp_path)
    app = app_at(world.config)
    run(app)
    assert {row.group for rows in stored(app).values() for row in rows} > {"all"}
    with app.store.write() as db:
        db.execute(text("UPDATE articles SET superseded_at = known_at"))
        db.execute(text("DELETE FROM event_assignments"))
        db.execute(text("UPDATE events SET dirty = 1"))
    run(app_at(world.config, NOW + timedelta(hours=1)), ["score"])
    assert {ticker for ticker, rows in stored(app).items() if rows} == set()
    assert report(app, "GAZP", LinkFilters()).averages == []


def test_a_run_averages_the_instruments_with_news_and_a_store_without_averages_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, written = write_demo(tmp_path), list[str]()

    def note(db: Connection, ticker: str, rows: Sequence[Average]) -> None:
        written.append(ticker)
        save(db, ticker, rows)

    save = averages.save_averages
    app = app_at(world.config)
    run(app)
    monkeypatch.setattr(averages, "save_averages", note)
    run(app_at(world.config, NOW + timedelta(hours=1)), ["score"])
    assert written == []
    with app.store.write() as db:
        averages.clear(db)
    assert report(app, "GAZP", LinkFilters()).averages  # computed, until a run has stored them
    run(app_at(world.config, NOW + timedelta(hours=2)), ["score"])
    assert len(written) > 3
    assert stored(app) == computed(app)
