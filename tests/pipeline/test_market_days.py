"""Days on which the bars of a market disagree with its calendar or lack its benchmark, through whole runs."""

import random
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from signals.app import App
from signals.runs.run import rebuild
from signals.sessions import clock
from tests.worlds import app_at, contents, links_of, query, run

NOW = datetime(2024, 6, 28, 22, 0, tzinfo=UTC)
DAYS: list[date] = clock("XNYS", date(2023, 6, 1), date(2024, 6, 27)).sessions.tolist()
DAY = date(2024, 6, 12)
SUNDAY = date(2024, 6, 9)
SHARES = ("ACME", "BOLT", "CORE")


def world(folder: Path, news: Iterable[tuple[date, str]], benchmark: str | None = "INDEX") -> App:
    """Write three shares on two exchanges of one calendar, with their benchmark, and headlines at noon in New York."""

    def one(ticker: str, mic: str) -> dict[str, object]:
        compared = {"benchmark": benchmark} if benchmark and ticker != benchmark else {}
        return {"name": f"{ticker.title()} Works", "mic": mic, "currency": "USD", "symbols": {"p": ticker}, **compared}

    mics = {"ACME": "XNYS", "BOLT": "XNYS", "CORE": "XNAS", "INDEX": "XNYS"}
    columns = {"published_at": "at", "title": "title", "tags": "tag"}
    source = {"name": "wire", "kind": "csv", "path": "wire.csv", "timezone": "America/New_York", "columns": columns}
    content = {
        "instruments": {ticker: one(ticker, mic) for ticker, mic in mics.items()},
        "news": [source],
        "prices": [{"name": "p", "kind": "csv", "path": "{symbol}.csv"}],
        "studies": [{"name": "market", "model": "market", "windows": ["0..0"]},
                    {"name": "plain", "model": "constant-mean", "windows": ["0..0"]}],
    }  # fmt: skip
    (folder / "config.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    rows = [f"{day} 12:00,{ticker} reports,{ticker}" for day, ticker in news]
    (folder / "wire.csv").write_text("\n".join(["at,title,tag", *rows]) + "\n", encoding="utf-8")
    for ticker in mics:
        write(folder, ticker)
    return app_at(folder / "config.yaml", NOW)


def write(folder: Path, ticker: str, without: Collection[date] = (), added: Collection[date] = ()) -> None:
    """Write the closes of an instrument, which are the same whatever days are left out or added."""
    draw = random.Random(ticker)
    closes = {day: 100 + draw.uniform(-2, 2) for day in DAYS} | dict.fromkeys(added, 100.5)
    rows = [f"{day},{close:.2f}" for day, close in sorted(closes.items()) if day not in without]
    (folder / f"{ticker}.csv").write_text("\n".join(["date,close", *rows]) + "\n", encoding="utf-8")


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
