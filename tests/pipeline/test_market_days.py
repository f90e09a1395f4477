"""Verdicts of whole runs on days when the market moves: simulated shares that go with it, against it, or alone."""

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
import yaml

from signals.app import App
from signals.sessions import clock
from signals.types import LinkRow
from tests.worlds import NOW, app_at, links_of, query, run

SHARES = ("FALL", "RISE", "STAY", "DEEP", "HALF", "BARE", "CALM", "WILD")
FIRST, LAST = NOW.date() - timedelta(days=1200), NOW.date() - timedelta(days=1)
SESSIONS: list[date] = clock("XNYS", FIRST, LAST).sessions.tolist()
CRASH, RALLY, QUIET = SESSIONS[-60], SESSIONS[-40], SESSIONS[-20]
PLANTED: Mapping[date, Mapping[str, float]] = {
    CRASH: {"INDEX": -0.05, "FALL": -0.05, "RISE": 0.04, "STAY": 0.0, "DEEP": -0.12, "HALF": -0.03, "BARE": -0.05},
    RALLY: {"INDEX": 0.035, "FALL": -0.05, "RISE": 0.04, "HALF": 0.02},
    QUIET: {"INDEX": 0.0005, "CALM": 0.001, "WILD": 0.08},
}
STUDIES = [
    {"name": "market", "windows": ["0..0"]},
    {"name": "own", "model": "constant-mean", "windows": ["0..0"]},
]


def write_closes(folder: Path) -> None:
    """Write random walks that follow the index, with the planted returns in place."""
    rng = np.random.default_rng(12)
    index = rng.normal(0.0003, 0.008, len(SESSIONS))
    returns = {"INDEX": index} | {share: index + rng.normal(0, 0.009, len(SESSIONS)) for share in SHARES}
    for day, planted in PLANTED.items():
        for symbol, value in planted.items():
            returns[symbol][SESSIONS.index(day)] = value
    for symbol, of_symbol in returns.items():
        closes = 100 * np.cumprod(1 + of_symbol)
        with (folder / f"{symbol}.csv").open("w", encoding="utf-8", newline="") as file:
            rows = [[day, f"{close:.6f}"] for day, close in zip(SESSIONS, closes, strict=True)]
            csv.writer(file).writerows([["date", "close"], *rows])


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    """Run once on a market with a crash, a rally and a quiet day, each with news of the shares that it is about."""
    folder = tmp_path_factory.mktemp("market-days")
    write_closes(folder)
    common = {"mic": "XNYS", "currency": "USD"}
    shares = {
        share: {"name": f"{share.title()} Works", "symbols": {"local": share}, **common,
                **({} if share == "BARE" else {"benchmark": "INDEX"}),
                "aliases": [{"text": share, "scheme": "page_tag"}]}
        for share in SHARES
    }  # fmt: skip
    index = {"name": "Index", "kind": "index", "symbols": {"local": "INDEX"}, **common}
    wire = {"name": "wire", "kind": "csv", "path": "wire.csv", "timezone": "America/New_York", "known_at": "published",
            "columns": {"published_at": "at", "title": "title", "tags": "tag"}}  # fmt: skip
    written = {
        "instruments": {**shares, "INDEX": index}, "news": [wire], "studies": STUDIES,
        "prices": [{"name": "local", "kind": "csv", "path": "{symbol}.csv"}],
    }  # fmt: skip
    (folder / "config.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    rows = [
        [f"{day} 08:00", f"{share.title()} Works opens plant {n}", share]
        for n, (day, planted) in enumerate(PLANTED.items())
        for share in planted
        if share != "INDEX"
    ]
    with (folder / "wire.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["at", "title", "tag"], *rows])
    app = app_at(folder / "config.yaml")
    run(app)
    return app


def link(app: App, share: str, day: date, study: str = "market") -> LinkRow:
    (row,) = [row for row in links_of(app, ticker=share, study=study) if row.day_zero == day]
    return row


@pytest.mark.parametrize(
    ("share", "day", "verdict"),
    [
        ("FALL", CRASH, "market_wide"),  # as the market
        ("HALF", CRASH, "market_wide"),  # less than the market, in its direction, and what is left is not unusual
        ("RISE", CRASH, "move"),  # against the market
        ("STAY", CRASH, "move"),  # did not fall
        ("DEEP", CRASH, "move"),  # far more than the market
        ("FALL", RALLY, "move"),  # fell while the market rose
        ("RISE", RALLY, "market_wide"),
        ("CALM", QUIET, "no_move"),
        ("WILD", QUIET, "move"),
    ],
)
def test_a_move_against_the_market_is_a_move_and_one_with_it_is_market_wide(
    app: App, share: str, day: date, verdict: str
) -> None:
    row = link(app, share, day)
    assert (row.status, row.verdict, row.decides) == ("scored", verdict, 1)
    assert row.ret == pytest.approx(PLANTED[day][share], abs=1e-6)
    assert row.benchmark_ret == pytest.approx(PLANTED[day]["INDEX"], abs=1e-6)


def test_without_a_benchmark_nothing_is_market_wide_and_the_next_study_decides(app: App) -> None:
    refused, own = link(app, "BARE", CRASH), link(app, "BARE", CRASH, "own")
    assert (refused.status, refused.reason, refused.verdict, refused.decides) == (
        "unscored", "no_benchmark", "not_scored", 0,
    )  # fmt: skip
    assert (own.status, own.verdict, own.decides) == ("scored", "move", 1)
    assert "market_wide" not in {row.verdict for row in links_of(app, study="own")}


def test_the_p_of_the_return_itself_is_that_of_the_model_without_a_benchmark(app: App) -> None:
    for row in links_of(app, study="market"):
        if row.status == "scored":
            own = link(app, row.ticker, row.day_zero, "own")
            assert row.p_raw == own.p_value == own.p_raw


def test_each_event_is_counted_once(app: App) -> None:
    with app.store.read() as db:
        rows = query(db, "SELECT event_id, SUM(decides) AS n FROM v_events GROUP BY event_id")
    assert len(rows) == sum(len(planted) - 1 for planted in PLANTED.values())
    assert {row["n"] for row in rows} == {1}
