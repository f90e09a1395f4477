"""Runs with bars by the hour: windows by the clock, from files to links."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from signals.answers.report import report
from signals.app import App
from signals.runs.as_of import derive_as_of
from signals.runs.run import rebuild
from signals.store.queries import LinkFilters
from signals.types import LinkRow
from tests.hourly import LAST, NEW_YORK, NOW, hourly_app, write_bars, write_world
from tests.worlds import contents, links_of, run

DERIVED = ("event_assignments", "events", "moves", "links")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_world(tmp_path_factory.mktemp("hourly"))


@pytest.fixture(scope="module")
def derived(config: Path) -> App:
    app = hourly_app(config)
    run(app)
    return app


def links(app: App, at: str, study: str = "hourly") -> dict[str, LinkRow]:
    """Return the links of the article of an instant in New York, by window."""
    moment = datetime.fromisoformat(at).replace(tzinfo=NEW_YORK).astimezone(UTC)
    return {row.event_window: row for row in links_of(app, study=study) if row.published_at == moment}


def closes(config: Path) -> dict[str, float]:
    with (config.parent / "ACME-1h.csv").open(encoding="utf-8") as file:
        return {row["date"]: float(row["close"]) for row in csv.DictReader(file)}


def test_an_hour_s_move_runs_from_the_last_close_before_to_the_first_after(derived: App, config: Path) -> None:
    link, close = links(derived, "2020-03-04 13:20")["0m..60m"], closes(config)
    assert link.ret == pytest.approx(close["2020-03-04 14:00"] / close["2020-03-04 12:00"] - 1, abs=1e-12)
    assert link.base_at == datetime(2020, 3, 4, 18, tzinfo=UTC)
    assert (link.entry_at, link.exit_at) == tuple(datetime(2020, 3, 4, h, tzinfo=UTC) for h in (19, 20))
    assert (link.verdict, link.p_method, link.model, link.interval) == (
        "move", "own_slots", "market", "1h"
    )  # fmt: skip
    assert link.q_basis == "1 subject events before 2020-02-09, pi 0.1104, a 0.25, c 0.001"


def test_copies_are_one_event_and_one_that_is_late_is_stale(derived: App) -> None:
    copies = [links(derived, f"2020-03-04 {at}")["0m..60m"] for at in ("13:20", "13:31", "15:10")]
    assert {row.event_id for row in copies} == {"ACME@2020-03-04T18:20:00Z"}
    assert {row.p_value for row in copies} == {copies[0].p_value}
    assert [row.verdict for row in copies] == ["move", "move", "weak_tie"]
    assert [row.tradable for row in copies] == [1, 1, 0]
    assert {row.q_value for row in copies} == {copies[0].q_value}


def test_stories_hours_apart_are_two_events_of_one_session(derived: App) -> None:
    morning, afternoon = (links(derived, f"2020-03-11 {at}")["0m..60m"] for at in ("10:10", "14:30"))
    assert morning.event_id != afternoon.event_id
    assert (morning.confounded, afternoon.confounded) == (0, 0)
    assert morning.q_basis == afternoon.q_basis
    daily = [links(derived, f"2020-03-11 {at}", "market")["0..0"].event_id for at in ("10:10", "14:30")]
    assert daily == ["ACME@2020-03-11"] * 2


def test_stories_within_the_same_bars_confound_each_other_and_are_one_move(derived: App) -> None:
    one, other = (links(derived, f"2020-03-12 {at}")["0m..60m"] for at in ("11:10", "11:30"))
    assert (one.base_at, one.exit_at) == (other.base_at, other.exit_at)
    assert str(one.confounders).startswith("ACME@2020-03-12T15:30:00Z (1 story)")
    assert one.confounded == 1
    assert (one.local_fdr, one.q_value) == (other.local_fdr, other.q_value)


def test_what_the_model_or_the_return_accounts_for_is_listed_and_does_not_confound(tmp_path: Path) -> None:
    path = write_world(tmp_path)
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    columns = {"ex_date": "day", "dividend": "paid"}
    written["prices"][0]["actions"] = {"path": "{symbol}-actions.csv", "columns": columns}
    path.write_text(yaml.safe_dump(written), encoding="utf-8")
    (tmp_path / "ACME-actions.csv").write_text("day,paid\n2020-03-17,0.25\n", encoding="utf-8")
    (tmp_path / "MKT-actions.csv").write_text("day,paid\n2019-09-03,0\n", encoding="utf-8")
    app = hourly_app(path)
    run(app)
    index = links(app, "2020-03-11 14:30")["0m..60m"]
    assert str(index.confounders).startswith("market-wide: MKT +")
    assert str(index.confounders).endswith("(expected by the model)")
    evening = links(app, "2020-03-16 18:00")
    assert evening["overnight"].confounders == "ex-dividend 0.25 USD 2020-03-17 (in the return)"
    assert evening["-60m..0m"].confounders == ""
    assert (index.confounded, evening["overnight"].confounded) == (0, 0)


def test_windows_that_leave_their_session_or_end_a_half_day_are_refused_with_the_reason(derived: App) -> None:
    assert links(derived, "2020-03-17 15:40")["0m..60m"].reason == "beyond_session"
    half = links(derived, "2019-11-29 11:10")
    assert (half["0m..60m"].status, half["0m..close"].reason) == ("scored", "odd_hours")


def test_news_of_the_evening_is_followed_from_the_close_before_it(derived: App, config: Path) -> None:
    windows, close = links(derived, "2020-03-16 18:00"), closes(config)
    hour, overnight, drift = windows["0m..60m"], windows["overnight"], windows["-60m..0m"]
    assert hour.ret == pytest.approx(close["2020-03-17 10:00"] / close["2020-03-16 15:00"] - 1, abs=1e-12)
    assert hour.entry_at == overnight.exit_at == datetime(2020, 3, 17, 13, 30, tzinfo=UTC)
    assert drift.ret == pytest.approx(close["2020-03-16 15:00"] / close["2020-03-16 14:00"] - 1, abs=1e-12)
    assert (hour.contains_pre_publication_move, drift.contains_pre_publication_move) == (0, 1)
    assert (hour.tradable, overnight.tradable) == (1, 0)  # at the open, which is where that window ends


def test_news_at_the_very_end_of_a_bar_begins_there(derived: App) -> None:
    link = links(derived, "2020-03-19 12:00")["0m..60m"]
    assert link.base_at == link.published_at
    assert link.contains_pre_publication_move == 0
    assert links(derived, "2020-03-11 14:30")["0m..60m"].contains_pre_publication_move == 1


def test_an_average_counts_a_move_once_however_many_stories_share_it(derived: App) -> None:
    rows = report(derived, "ACME", LinkFilters()).averages
    (hour,) = [row for row in rows if (row.study, row.event_window, row.group) == ("hourly", "0m..60m", "all")]
    moves = {(row.base_at, row.exit_at) for row in links_of(derived, study="hourly", window="0m..60m")}
    assert hour.events == len(moves - {(None, None)}) == 7
    assert {test.test: test.reason for test in hour.tests}["adjusted_bmp"] == ""


def test_both_stores_give_the_same_rows(derived: App, config: Path, postgresql_url: str) -> None:
    second = hourly_app(config, database=postgresql_url)
    second.store.upgrade()
    run(second)
    assert contents(second, ["run_id"]) == contents(derived, ["run_id"])
    assert len(report(second, "ACME", LinkFilters()).links) == len(links_of(derived))
    second.store.engine.dispose()


def test_every_article_has_a_link_for_every_window(derived: App) -> None:
    every = links_of(derived)
    assert len(every) == 11 * (4 + 1)
    assert all(row.reason for row in every if row.status != "scored")


def test_a_second_run_changes_nothing_and_a_rebuild_gives_equal_rows(derived: App) -> None:
    before = contents(derived)
    assert not any(run(derived).counts().values())
    assert contents(derived) == before
    rebuild(derived, None)
    ignored = ["run_id", "scored_at"]
    again = contents(derived, ignored)
    assert again == {
        name: [{k: v for k, v in r.items() if k not in ignored} for r in rows] for name, rows in before.items()
    }


def shortened(config: Path, until: datetime) -> Iterator[tuple[Path, str]]:
    """Cut the files of bars to what had begun by an instant, and yield their full texts."""
    for path in sorted(config.parent.glob("*-1?.csv")):
        text = path.read_text(encoding="utf-8")
        head, *rows = text.splitlines(keepends=True)
        local = f"{until.astimezone(NEW_YORK):%Y-%m-%d %H:%M}"
        begun = [row for row in rows if row.split(",")[0] < (local if "1h" in path.name else local[:10])]
        path.write_text("".join([head, *begun]), encoding="utf-8")
        yield path, text


def test_runs_one_after_another_end_where_one_run_ends(derived: App, tmp_path: Path) -> None:
    config = write_world(tmp_path)
    for days in (40, 23, 16, 10, 0):  # the second stands in the middle of the session of the jump
        now = NOW - timedelta(days=days) + timedelta(hours=15 if days == 23 else 0)
        full = list(shortened(config, now))
        run(hourly_app(config, now))
        for path, text in full:
            path.write_text(text, encoding="utf-8")
    run(hourly_app(config))
    ignored = ["run_id", "scored_at"]
    rows, expected = contents(hourly_app(config), ignored), contents(derived, ignored)
    for table in DERIVED:
        assert rows[table] == expected[table], table


def test_a_run_as_of_the_last_run_gives_its_moves(derived: App) -> None:
    past, _ = derive_as_of(derived, NOW)
    ignored = ["run_id", "scored_at"]
    assert contents(past, ignored)["moves"] == contents(derived, ignored)["moves"]


def test_a_corrected_bar_recomputes_the_windows_that_use_it(tmp_path: Path) -> None:
    config = write_world(tmp_path)
    app = hourly_app(config)
    run(app)
    before = {row.link_id: row for row in links_of(app, study="hourly")}
    path = tmp_path / "ACME-1h.csv"
    with path.open(encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    at = next(n for n, row in enumerate(rows) if row[0] == "2020-03-12 12:00")
    rows[at][2] = f"{float(rows[at][2]) * 1.01:.4f}"
    write_bars(path, rows)
    later = hourly_app(config, NOW + timedelta(hours=1))
    run(later)
    after = {row.link_id: row for row in links_of(later, study="hourly")}
    moved = {(row.published_at.day, row.event_window) for key, row in after.items()
             if row.ret != before[key].ret}  # fmt: skip
    assert moved == {(12, "0m..60m")}
    untouched = [key for key, row in after.items() if row.published_at.day < 12 and row.published_at.month == 3]
    assert untouched
    assert all(after[key].scored_at == before[key].scored_at for key in untouched)


def test_without_hours_of_the_index_the_model_is_the_constant_mean_and_says_so(tmp_path: Path) -> None:
    app = hourly_app(write_world(tmp_path, index=False))
    run(app)
    link = links(app, "2020-03-04 13:20")["0m..60m"]
    assert link.model == "constant-mean: MKT has no 1h bars beside those of ACME"
    assert (link.status, link.benchmark, link.beta) == ("scored", None, None)


def test_an_index_in_another_currency_is_refused_and_so_is_a_share_without_hours(tmp_path: Path) -> None:
    app = hourly_app(write_world(tmp_path, currency="CAD"))
    run(app)
    assert links(app, "2020-03-04 13:20")["0m..60m"].reason == "currency"
    other = tmp_path / "other"
    other.mkdir()
    app = hourly_app(write_world(other, symbols={"days": "ACME"}))
    run(app)
    assert links(app, "2020-03-04 13:20")["0m..60m"].reason == "no_bars"


def test_a_day_without_an_hour_and_bars_that_are_missing_are_refused_with_the_reason(tmp_path: Path) -> None:
    stories = {
        "2019-06-03 08:00": "Acme is listed",
        "2020-03-04": "Acme is in the news",
        "2020-03-05 13:20": "Acme sells a mill",
    }
    config = write_world(tmp_path, stories=stories)
    path = tmp_path / "ACME-1h.csv"
    with path.open(encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    write_bars(path, [row for row in rows if row[0] != "2020-03-05 14:00"])
    app = hourly_app(config)
    run(app)
    assert {row.reason for row in links(app, "2020-03-04 00:00").values()} == {"day_only"}
    first = links(app, "2019-06-03 08:00")["0m..60m"]  # there is no close before it
    assert (first.reason, first.base_at) == ("no_bars", None)
    missing = links(app, "2020-03-05 13:20")
    assert (missing["0m..60m"].reason, missing["0m..close"].status) == ("no_bars", "scored")


def test_a_window_still_running_is_pending_until_it_ends(tmp_path: Path) -> None:
    stories = {f"{LAST} 15:20": "Acme sells a mill", f"{LAST} 11:20": "Acme names a new head of finance"}
    config = write_world(tmp_path, stories=stories)
    app = hourly_app(config, datetime(2020, 3, 27, 19, 30, tzinfo=UTC))
    list(shortened(config, app.now()))
    run(app)
    assert links(app, f"{LAST} 11:20")["0m..60m"].status == "scored"
    assert {window: row.reason for window, row in links(app, f"{LAST} 15:20").items()} == {
        "-60m..0m": "", "0m..60m": "beyond_session", "0m..close": "window_open", "overnight": "window_open"
    }  # fmt: skip
