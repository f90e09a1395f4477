"""News before the moment at which a close is struck belongs to that bar, by the source that an event is scored on."""

import csv
from datetime import UTC, date, datetime

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
    made = {
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
    (folder / "config.yaml").write_text(yaml.safe_dump(made), encoding="utf-8")
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
    (found,) = (row for row in links_of(app, ticker="GAZP") if row.title == f"Gazprom {day} {clock_time}")
    assert found.day_zero == DAYS[DAYS.index(day) + later]


def test_the_explanation_places_by_the_same_clock(app: App) -> None:
    (found,) = (row for row in links_of(app, ticker="GAZP") if row.title == f"Gazprom {OLD} 23:49")
    reading = explain(app, found.link_id).tickers[0].readings[0]
    assert reading.day is not None
    assert reading.day.session == found.day_zero
