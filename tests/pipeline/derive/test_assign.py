"""Articles -> events: day zero by the market's clock and by the close of the source that an event is scored on."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from signals.answers.explain import explain
from signals.app import App
from signals.sessions import clock
from tests.worlds import app_at, links_of, run

NOW = datetime(2024, 12, 2, 3, 30, tzinfo=UTC)
DAYS = clock("MISX", date(2024, 1, 8), date(2024, 11, 29)).sessions.tolist()
OLD, NEW = DAYS[100], DAYS[200]  # the source with evenings begins between them


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> App:
    folder = tmp_path_factory.mktemp("closes")
    for source, days in (("evening", DAYS[150:]), ("auction", DAYS)):
        (folder / source).mkdir()
        for symbol in ("GAZP", "IMOEX"):
            with (folder / source / f"{symbol}.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([["date", "close"], *([day, 100 + day.day % 7] for day in days)])
    with (folder / "news.csv").open("w", newline="", encoding="utf-8") as file:
        rows = [
            [f"{day}T{clock_time}:00+03:00", f"Gazprom {day} {clock_time}", "GAZP"]
            for day in (OLD, NEW)
            for clock_time in ("18:49", "18:50", "23:49", "23:50")
        ]
        csv.writer(file).writerows([["date", "title", "tags"], *rows])
    moscow = {"mic": "MISX", "currency": "RUB"}
    both = {"evening": "GAZP", "auction": "GAZP"}
    written = {
        "instruments": {
            "GAZP": {**moscow, "name": "Gazprom", "benchmark": "IMOEX", "symbols": both,
                     "aliases": [{"text": "GAZP", "scheme": "page_tag"}]},
            "IMOEX": {**moscow, "name": "Index", "kind": "index", "symbols": {"auction": "IMOEX"}},
        },
        "news": [{"name": "news", "kind": "csv", "path": "news.csv", "known_at": "published",
                  "columns": {"published_at": "date", "title": "title", "tags": "tags"}}],
        "prices": [
            {"name": "evening", "kind": "csv", "path": "evening/{symbol}.csv"},
            {"name": "auction", "kind": "csv", "path": "auction/{symbol}.csv", "close_time": "18:50"},
        ],
        "studies": [{"name": "market", "windows": ["0..0"]}],
    }  # fmt: skip
    (folder / "config.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    app = app_at(folder / "config.yaml", NOW)
    run(app)
    return app


@pytest.mark.parametrize(
    ("day", "clock_time", "later"),
    [
        (OLD, "18:49", 0),
        (OLD, "18:50", 1),  # only the source of the closing auction has this day
        (OLD, "23:49", 1),
        (NEW, "18:50", 0),
        (NEW, "23:49", 0),
        (NEW, "23:50", 1),
    ],
)
def test_day_zero_goes_by_the_source_whose_bars_span_the_day(app: App, day: date, clock_time: str, later: int) -> None:
    (link,) = (row for row in links_of(app, ticker="GAZP") if row.title == f"Gazprom {day} {clock_time}")
    assert link.day_zero == DAYS[DAYS.index(day) + later]


def test_the_explanation_reads_the_same_clock(app: App) -> None:
    (link,) = (row for row in links_of(app, ticker="GAZP") if row.title == f"Gazprom {OLD} 23:49")
    reading = explain(app, link.link_id).tickers[0].readings[0]
    assert reading.day is not None
    assert reading.day.session == link.day_zero


@pytest.mark.parametrize(
    ("close_time", "session"), [(None, "2025-01-21"), ("18:45", "2025-01-21"), ("16:00", "2025-01-22")]
)
def test_news_before_the_clock_time_of_the_close_belongs_to_that_bar(
    tmp_path: Path, close_time: str | None, session: str
) -> None:
    page = "Acme opens a mine\n\nPublished 21/01/2025, 16:10\n\nMOSCOW - Acme (MOEX:ACME) opened a mine.\n"
    (tmp_path / "page.txt").write_text(page, encoding="utf-8")
    acme = {"name": "Acme", "mic": "MISX", "currency": "RUB", "symbols": {"local": "ACME"}}
    news = {"name": "pages", "kind": "page", "path": "page.txt", "timezone": "Europe/Moscow", "dayfirst": True}
    local = {
        "name": "local",
        "kind": "csv",
        "path": "{symbol}.csv",
        **({"close_time": close_time} if close_time else {}),
    }
    written = {"instruments": {"ACME": acme}, "news": [news], "prices": [local]}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    (tmp_path / "ACME.csv").write_text("date,close\n2025-01-21,100\n2025-01-22,101\n", encoding="utf-8")
    app = app_at(tmp_path / "config.yaml", datetime(2026, 3, 4, 3, 30, tzinfo=UTC))
    run(app)
    assert {str(link.day_zero) for link in links_of(app)} == {session}
