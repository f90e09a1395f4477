"""Whole runs on real news and prices; the expected numbers were computed independently of this program."""

import csv
import operator
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from signals.answers.explain import explain
from signals.answers.report import report
from signals.answers.status import status
from signals.app import App
from signals.store import bars
from signals.store.queries import LinkFilters
from signals.types import LinkRow
from tests.worlds import app_at, contents, links_of, run

NOW = datetime(2026, 11, 23, tzinfo=UTC)

MARKET = {"name": "market", "model": "market", "windows": ["0..0", "0..1", "0..5", "-5..-1"]}
SHORT = {"name": "short", "model": "market", "estimation": 120, "min_observations": 100, "windows": ["0..0"]}
RAW = {"name": "raw", "model": "constant-mean", "windows": ["0..0", "0..1"]}

GAZP = {
    "name": "Gazprom", "mic": "MISX", "currency": "RUB", "benchmark": "IMOEX", "symbols": {"investing": "GAZP"},
    "aliases": ["Gazprom", {"text": "MM:GAZP", "scheme": "exchange"}],
}  # fmt: skip
IMOEX = {"name": "MOEX index", "mic": "MISX", "currency": "RUB", "kind": "index", "symbols": {"imoex": "IMOEX"}}


def write_config(folder: Path, **keys: Any) -> App:
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump({"database": "sqlite:///signals.db", **keys}, allow_unicode=True), encoding="utf-8")
    return app_at(path, NOW)


def moscow(data: Path) -> list[dict[str, Any]]:
    russian = {"date": "Дата", "close": "Цена", "open": "Откр.", "high": "Макс.", "low": "Мин.", "volume": "Объём"}
    return [
        {"name": "investing", "kind": "csv", "path": f"{data}/moex/investing_ru_{{symbol}}.csv", "decimal": ",",
         "thousands": ".", "dayfirst": True, "columns": russian},
        {"name": "imoex", "kind": "csv", "path": f"{data}/moex/moex_IMOEX_full.csv", "delimiter": ";", "decimal": ",",
         "dayfirst": True, "columns": {"symbol": "SECID", "date": "TRADEDATE"}},
    ]  # fmt: skip


@pytest.fixture(scope="module")
def example(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> App:
    """The saved page of 21 January 2015 with the prices of its time."""
    page = {"name": "saved-pages", "kind": "page", "path": f"{shared_data}/seed/*.txt", "timezone": "Europe/London",
            "dayfirst": True}  # fmt: skip
    app = write_config(
        tmp_path_factory.mktemp("example"),
        instruments={"GAZP": GAZP, "IMOEX": IMOEX},
        news=[page],
        prices=moscow(shared_data),
        studies=[MARKET, SHORT, RAW],
    )
    run(app)
    return app


def link(app: App, study: str, window: str = "0..0") -> LinkRow:
    (row,) = links_of(app, ticker="GAZP", study=study, window=window)
    return row


def test_the_example_article_is_a_weak_tie_to_an_unremarkable_move(example: App) -> None:
    row = link(example, "market")
    assert str(row.day_zero) == "2015-01-21"
    assert (row.anchor, row.zone_basis, row.day_zero_sensitive) == ("in_session", "source", 1)
    assert (row.role, row.verdict) == ("passing", "weak_tie")
    assert row.ret == pytest.approx(0.0209262436, abs=1e-9)
    assert row.benchmark_ret == pytest.approx(0.0300451314, abs=1e-9)
    assert row.car == pytest.approx(-0.0115766116, abs=1e-9)
    assert row.beta == pytest.approx(1.0786518, abs=1e-6)
    assert row.t_stat == pytest.approx(-1.3021165, abs=1e-6)
    assert row.p_value is not None
    assert row.p_value > 0.1


HOURLY = {
    "name": "hourly", "model": "market", "interval": "1h",
    "windows": ["-30m..0m", "0m..15m", "0m..60m", "0m..close", "overnight"],
}  # fmt: skip


@pytest.fixture(scope="module")
def by_the_hour(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> App:
    """The example with the hourly bars of its month, whose volume is in lots of ten and which no benchmark has."""
    page = {"name": "saved-pages", "kind": "page", "path": f"{shared_data}/seed/*.txt", "timezone": "Europe/London",
            "dayfirst": True}  # fmt: skip
    hours = {"name": "hours", "kind": "csv", "interval": "1h", "timezone": "Europe/Moscow", "volume_scale": 10,
             "path": f"{shared_data}/moex/{{symbol}}_H1_20150112_20150206_wiseplat.csv",
             "columns": {"date": "datetime"}}  # fmt: skip
    app = write_config(
        tmp_path_factory.mktemp("hours"),
        instruments={"GAZP": {**GAZP, "symbols": {"investing": "GAZP", "hours": "GAZP"}}, "IMOEX": IMOEX},
        news=[page],
        prices=[*moscow(shared_data), hours],
        studies=[MARKET, HOURLY],
    )
    run(app)
    return app


@pytest.mark.parametrize(
    ("window", "base", "exit_", "base_at", "exit_at"),
    [
        ("-30m..0m", 147.68, 148.10, 12, 13),
        ("0m..15m", 148.10, 149.20, 13, 14),
        ("0m..60m", 148.10, 148.62, 13, 15),
        ("0m..close", 148.10, 148.80, 13, 15),
        ("overnight", 148.80, 149.01, 15, 7),
    ],
)
def test_the_example_s_hours_come_from_the_hourly_bars(
    by_the_hour: App, window: str, base: float, exit_: float, base_at: int, exit_at: int
) -> None:
    row = link(by_the_hour, "hourly", window)
    assert row.event_id == "GAZP@2015-01-21T13:10:00Z"
    assert row.ret == pytest.approx(exit_ / base - 1, abs=1e-12)
    assert row.base_at is not None
    assert row.exit_at is not None
    assert (row.base_at.hour, row.exit_at.hour) == (base_at, exit_at)
    assert row.contains_pre_publication_move == int(window != "overnight")


def test_sixty_nine_bars_are_too_short_a_history_and_no_index_bars_no_benchmark(by_the_hour: App) -> None:
    rows = links_of(by_the_hour, ticker="GAZP", study="hourly")
    assert {(row.status, row.reason, row.p_value, row.interval) for row in rows} == {
        ("unscored", "short_history", None, "1h")
    }
    assert {row.model for row in rows} == {"constant-mean: IMOEX has no 1h bars beside those of GAZP"}
    assert {row.benchmark for row in rows} == {None}
    (derivation,) = explain(by_the_hour, rows[0].article_id + "/GAZP/hourly/0m..60m").tickers[0].links
    assert derivation.intraday is not None
    assert [(bar.bar.start, bar.straddles) for bar in derivation.intraday.bars] == [
        ("2015-01-21T12:00:00", False), ("2015-01-21T13:00:00", True), ("2015-01-21T14:00:00", False)
    ]  # fmt: skip
    with by_the_hour.store.read() as db:
        first = bars.load_bars(db, "GAZP", "hours", "1h", NOW.date().replace(2015, 1, 1), NOW.date())
    assert first.volume[0] == 4_981_640
    assert sum(first.start < np.datetime64("2015-01-21T13:00")) == 69


def test_a_shorter_estimation_window_gives_the_same_verdict_numbers(example: App) -> None:
    row = link(example, "short")
    assert row.beta == pytest.approx(0.8731811, abs=1e-6)
    assert row.car == pytest.approx(-0.0047780410, abs=1e-9)
    assert row.t_stat == pytest.approx(-0.6371134, abs=1e-6)


def test_the_page_s_own_tags_are_refused_with_the_reason(example: App) -> None:
    refused = {row.tag: row.reason for row in report(example, "GAZP", LinkFilters()).refused_tags}
    assert refused == {"NG": "unknown_tag", "GAZPq": "unknown_tag"}


def test_the_explanation_quotes_the_sentence_and_computes_the_numbers_again(example: App) -> None:
    explanation = explain(example, link(example, "market").link_id)
    assert any("as Gazprom (>>>MM:GAZP<<<) wants to build" in m.excerpt for m in explanation.mentions)
    (derivation,) = explanation.tickers[0].links
    before, day_zero = derivation.path[0], derivation.path[-1]
    assert day_zero.ar == pytest.approx(derivation.link.car, abs=1e-12)
    assert [step.bar and step.bar.close for step in (before, day_zero)] == [145.75, 148.80]
    zones = {reading.zone: str(reading.day and reading.day.session) for reading in explanation.tickers[0].readings}
    assert zones == {"Europe/London": "2015-01-21", "UTC": "2015-01-21", "America/New_York": "2015-01-22"}


@pytest.fixture(scope="module")
def vendors(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, App]:
    """The example priced by three vendors, each alone and first, the others beside it."""
    page = {"name": "saved-pages", "kind": "page", "path": f"{shared_data}/seed/*.txt", "timezone": "Europe/London",
            "dayfirst": True}  # fmt: skip
    finam = {"name": "finam", "kind": "csv", "path": f"{shared_data}/moex/finam_{{symbol}}_close.csv",
             "date_format": "%d/%m/%y", "columns": {"date": "<DATE>", "close": "<CLOSE>"}}  # fmt: skip
    iss = {
        "name": "iss",
        "kind": "csv",
        "path": f"{shared_data}/moex/iss_{{symbol}}.csv",
        "columns": {"date": "TRADEDATE"},
    }
    sources = [*moscow(shared_data), finam, iss]
    apps = {}
    for first in ("investing", "finam", "iss"):
        app = write_config(
            tmp_path_factory.mktemp(first),
            instruments={
                "GAZP": {**GAZP, "symbols": dict.fromkeys(("investing", "finam", "iss"), "GAZP")},
                "IMOEX": IMOEX,
            },
            news=[page],
            prices=sorted(sources, key=lambda source: source["name"] != first),
            studies=[SHORT],
        )
        run(app)
        apps[first] = app
    return apps


def test_three_vendors_give_one_return_and_scores_that_differ_where_their_bars_do(vendors: dict[str, App]) -> None:
    link_of = {name: link(app, "short") for name, app in vendors.items()}
    assert {round(row.ret or 0, 9) for row in link_of.values()} == {0.020926244}
    assert link_of["iss"].t_stat == pytest.approx(-0.6421854, abs=1e-6)
    assert link_of["finam"].t_stat == pytest.approx(link_of["iss"].t_stat, abs=1e-9)
    assert link_of["investing"].t_stat == pytest.approx(-0.6371134, abs=1e-6)


def test_days_on_which_vendors_disagree_are_reported_and_not_averaged(vendors: dict[str, App]) -> None:
    rows = status(vendors["iss"]).disagreements
    pairs = {(row.source, row.other): row for row in rows if row.ticker == "GAZP"}
    assert set(pairs) == {("finam", "investing"), ("finam", "iss"), ("investing", "iss")}
    assert pairs["finam", "iss"].starts == ("2016-03-22", "2018-04-10")
    differing = [day for day in pairs["finam", "investing"].starts if "2014-02" < day < "2015-02"]
    assert [day for day in differing if day[:7] == "2014-12"] == ["2014-12-15"]
    assert len([day for day in differing if day[:7] == "2014-03"]) == 5


@pytest.fixture(scope="module")
def newswire(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> App:
    """Ten thousand headlines, fifteen articles on wheat, three thousand dated rows, and the prices there are."""
    with (shared_data / "us" / "pystock_benzinga_tickers_2015_2017.csv").open(encoding="utf-8") as file:
        tickers = sorted({row["symbol"] for row in csv.DictReader(file)} - {"symbol"})

    def share(ticker: str) -> dict[str, Any]:
        return {"name": f"{ticker} listed", "mic": "XNYS", "currency": "USD", "benchmark": "SPY",
                "symbols": {"daily": ticker}}  # fmt: skip

    us, news = f"{shared_data}/us", f"{shared_data}/news"
    actions = {"path": f"{us}/{{symbol}}_actions.csv", "columns": {n: n for n in ("ex_date", "dividend", "split")}}
    app = write_config(
        tmp_path_factory.mktemp("newswire"),
        instruments={
            **{ticker: share(ticker) for ticker in tickers},
            "GOOG": {**share("GOOG"), "name": "Alphabet Inc", "symbols": {"months": "GOOG"}},
            "SPY": {"name": "SPDR S&P 500 ETF", "mic": "XNYS", "currency": "USD", "symbols": {"etf": "SPY"}},
            "WHEAT": {"name": "US wheat", "mic": "XCBT", "currency": "USD", "symbols": {"wheat": "wheat"},
                      "aliases": [{"text": "commodities/us-wheat", "scheme": "investing"}]},
        },
        news=[
            {"name": "headlines", "kind": "csv", "path": f"{news}/benzinga_headlines_10k.csv", "known_at": "published",
             "timezone": "America/New_York", "columns": {"published_at": "date", "title": "title", "tags": "stock"}},
            {"name": "wheat", "kind": "csv", "path": f"{news}/investing_com_wheat_15.csv",
             "columns": {"published_at": "detail", "title": "news_one", "body": "article", "url": "news_one-href"}},
            {"name": "dated", "kind": "csv", "path": f"{news}/reuters_2018_06/*.csv", "header": False,
             "timezone": "America/New_York", "columns": {"published_at": 2, "title": 3, "tags": 0, "body": 4}},
        ],
        prices=[
            {"name": "daily", "kind": "csv", "path": f"{us}/pystock_benzinga_tickers_2015_2017.csv",
             "duplicates": "last", "columns": {"symbol": "symbol", "adjusted_close": "adj_close"}},
            {"name": "etf", "kind": "csv", "path": f"{us}/{{symbol}}_daily.csv", "actions": actions},
            {"name": "wheat", "kind": "csv", "path": f"{us}/us_{{symbol}}_historical.csv"},
            {"name": "months", "kind": "csv", "path": f"{us}/reuters_tickers_2018_daily.csv.gz",
             "columns": {"symbol": "symbol", "adjusted_close": "adjClose"}},
        ],
        studies=[MARKET, RAW],
    )  # fmt: skip
    run(app)
    return app


def counted(app: App, column: str, where: str) -> dict[str, int]:
    with sqlite3.connect(str(app.store.engine.url.database)) as db:
        chosen = f"study = 'market' AND event_window = '0..0' AND {where}"
        return dict(db.execute(f"SELECT {column}, COUNT(*) FROM v_links WHERE {chosen} GROUP BY 1").fetchall())


IN_RANGE = (
    "source = 'headlines' AND published_at BETWEEN '2015-03-20T04:00' AND '2017-04-01T03:59'"
    " AND ticker IN (SELECT ticker FROM bars WHERE source = 'daily')"
)


def test_each_headline_in_range_falls_on_the_session_that_could_react(newswire: App) -> None:
    anchors = counted(newswire, "anchor", IN_RANGE)
    assert anchors == {"pre_open": 792, "in_session": 522, "after_close": 279, "non_session": 20}


def test_each_headline_in_range_is_scored_or_refused_with_a_reason(newswire: App) -> None:
    counts = counted(newswire, "status || ' ' || reason", IN_RANGE)
    # 17 fall beside days on which a thinly traded share had no volume and its vendor repeated the price (51 such rows).
    assert counts == {"scored ": 1222, "unscored short_history": 374, "unscored halted": 17}


def test_an_article_without_a_benchmark_is_scored_where_none_is_needed(newswire: App) -> None:
    rows = [row for row in links_of(newswire, ticker="WHEAT") if row.source == "wheat"]
    assert {row.reason for row in rows if row.study == "market"} == {"no_benchmark"}
    assert {row.status for row in rows if row.study == "raw"} == {"scored"}
    assert len({row.article_id for row in rows}) == 15


def test_rows_that_name_a_day_only_say_so(newswire: App) -> None:
    rows = [row for row in links_of(newswire, ticker="GOOG") if row.source == "dated"]
    assert rows
    assert {row.published_precision for row in rows} == {"day"}
    assert {row.reason for row in rows if row.event_window in ("0..0", "-5..-1")} == {"day_only"}
    assert {row.reason for row in rows if row.event_window == "0..1"} <= {"short_history", "no_bars"}


def test_a_second_run_on_real_data_changes_nothing(newswire: App) -> None:
    before = contents(newswire)
    assert not any(run(newswire).counts().values())
    assert contents(newswire) == before


@pytest.mark.parametrize("world", ["example", "newswire"])
def test_both_stores_give_the_same_links(world: str, request: pytest.FixtureRequest, postgresql_url: str) -> None:
    on_sqlite: App = request.getfixturevalue(world)
    on_postgresql = app_at(on_sqlite.config.path, NOW, postgresql_url)
    on_postgresql.store.upgrade()
    run(on_postgresql)
    with on_postgresql.store.write() as db:
        db.exec_driver_sql("ANALYZE")  # as the server does by itself in a while; without it the join takes a minute
    by_id = operator.attrgetter("link_id")
    assert sorted(links_of(on_postgresql), key=by_id) == sorted(links_of(on_sqlite), key=by_id)
    on_postgresql.store.engine.dispose()
