"""Days on which the bars of a market disagree with its calendar or lack its benchmark, through whole runs."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from signals.app import App
from signals.runs.run import rebuild
from tests.pipeline.two_exchanges import DAY, DAYS, SHARES, SUNDAY, world, write
from tests.worlds import contents, links_of, query, run


def marks(app: App) -> set[tuple[str, str, date]]:
    with app.store.read() as db:
        return {
            (row["mic"], row["mark"], date.fromisoformat(row["day"]))
            for row in query(db, "SELECT * FROM v_market_days")
        }


def reasons(app: App, study: str = "market") -> dict[date, str]:
    return {link.day_zero: link.reason for link in links_of(app, study=study)}


def after(day: date, sessions: int) -> date:
    return DAYS[DAYS.index(day) + sessions]


def test_a_gap_of_the_benchmark_moves_no_news_and_leaves_two_sessions_unscored(tmp_path: Path) -> None:
    app = world(tmp_path, [(after(DAY, n), "ACME") for n in (-1, 0, 1, 2)])
    write(tmp_path, "INDEX", without=[DAY])
    run(app)
    assert reasons(app) == {
        after(DAY, -1): "",
        DAY: "benchmark_bars",
        after(DAY, 1): "benchmark_bars",
        after(DAY, 2): "",
    }
    assert set(reasons(app, "plain").values()) == {""}
    assert marks(app) == {("XNYS", "no_benchmark_bar", DAY), ("XNAS", "no_benchmark_bar", DAY)}


@pytest.mark.parametrize("strays", [["INDEX"], ["ACME"], ["INDEX", "BOLT"]])
def test_rows_on_a_sunday_of_some_series_make_no_session(tmp_path: Path, strays: list[str]) -> None:
    app = world(tmp_path, [(SUNDAY, "ACME"), (SUNDAY + timedelta(days=2), "ACME")])
    for ticker in strays:
        write(tmp_path, ticker, added=[SUNDAY])
    run(app)
    assert reasons(app) == {SUNDAY + timedelta(days=1): "", SUNDAY + timedelta(days=2): ""}
    assert marks(app) == {("XNYS", "stray", SUNDAY), ("XNAS", "stray", SUNDAY)}


def test_a_sunday_on_which_most_series_printed_a_price_is_a_session(tmp_path: Path) -> None:
    app = world(tmp_path, [(SUNDAY, "ACME")])
    for ticker in ("INDEX", "ACME", "BOLT"):
        write(tmp_path, ticker, added=[SUNDAY])
    run(app)
    assert reasons(app) == {SUNDAY: ""}


def test_a_share_that_was_not_traded_keeps_its_news_on_the_day(tmp_path: Path) -> None:
    app = world(tmp_path, [(DAY, "CORE")], benchmark=None)
    write(tmp_path, "CORE", without=[DAY])  # the only one on its exchange; the other exchange has the calendar too
    run(app)
    assert reasons(app, "plain") == {DAY: "halted"}


def test_a_day_on_which_nothing_traded_is_none_and_its_news_falls_on_the_next(tmp_path: Path) -> None:
    app = world(tmp_path, [(DAY, "CORE")])
    for ticker in (*SHARES, "INDEX"):
        write(tmp_path, ticker, without=[DAY])
    run(app)
    assert reasons(app) == {after(DAY, 1): ""}
    assert marks(app) == {("XNYS", "shut", DAY), ("XNAS", "shut", DAY)}


def test_bars_of_another_market_that_come_later_have_their_say(tmp_path: Path) -> None:
    app = world(tmp_path, [(after(DAY, 2), "CORE")], benchmark=None)
    for ticker in (*SHARES, "INDEX"):
        write(tmp_path, ticker, without=[DAY])
    run(app)
    write(tmp_path, "ACME")
    run(app)
    before = contents(app, leave_out=["run_id", "scored_at"])
    rebuild(app, None)
    assert contents(app, leave_out=["run_id", "scored_at"]) == before
    assert marks(app) == set()
