"""The report of a ticker, links by filters, and the overview of all instruments."""

from pathlib import Path

import pytest

from signals.answers.report import chart, links, overview, report
from signals.app import App
from signals.errors import StoreError, UnknownNameError
from signals.store.queries import LinkFilters
from tests.worlds import NOW, query, small

TICKER = "GAZP"


def test_a_report_has_the_links_of_its_ticker_and_what_belongs_to_them(demo_app: App) -> None:
    answer = report(demo_app, TICKER, LinkFilters())
    assert (answer.ticker, answer.instrument.ticker, answer.as_of) == (TICKER, TICKER, NOW)
    assert answer.links == links(demo_app, LinkFilters(ticker=TICKER))
    assert {link.ticker for link in answer.links} == {TICKER}
    assert {row.ticker for row in answer.unusual} | {row.ticker for row in answer.unscored} == {TICKER}
    assert answer.freshness.last_run == NOW
    assert answer.freshness.news_to == max(link.published_at for link in answer.links)
    assert answer.base_rate is answer.instrument
    assert all(average.default_test.test == average.default for average in answer.averages)


def test_filters_narrow_links_and_averages(demo_app: App) -> None:
    answer = report(demo_app, TICKER, LinkFilters(study="market", window="0..0"))
    assert {(link.study, link.event_window) for link in answer.links} == {("market", "0..0")}
    assert {(row.study, row.event_window) for row in answer.averages} == {("market", "0..0")}


def test_the_filter_s_own_ticker_does_not_count(demo_app: App) -> None:
    assert report(demo_app, TICKER, LinkFilters(ticker="PLCD")).links == links(demo_app, LinkFilters(ticker=TICKER))


def test_links_without_a_ticker_are_those_of_all_newest_first(demo_app: App) -> None:
    every = links(demo_app, LinkFilters())
    assert [link.published_at for link in every] == sorted((link.published_at for link in every), reverse=True)
    assert len({link.ticker for link in every}) > 3


@pytest.mark.parametrize("ask", [lambda app: report(app, "NOPE", LinkFilters()),
                                 lambda app: links(app, LinkFilters(ticker="NOPE"))])  # fmt: skip
def test_an_unknown_ticker_is_an_error_that_lists_others(demo_app: App, ask: object) -> None:
    assert callable(ask)
    with pytest.raises(UnknownNameError, match=r"NOPE.*Known tickers: .*GAZP"):
        ask(demo_app)


def test_a_store_without_tables_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    app = small(tmp_path)
    for ask in (lambda: report(app, "ACME", LinkFilters()), lambda: links(app, LinkFilters()), lambda: overview(app)):
        with pytest.raises(StoreError, match="signals db upgrade"):
            ask()


@pytest.mark.parametrize(
    ("study", "window", "condition"),
    [(None, None, "decides = 1"), ("raw", "0..1", "study = 'raw' AND event_window = '0..1'")],
)
def test_the_overview_counts_events_once_by_what_decides_or_by_one_study_and_window(
    demo_app: App, study: str | None, window: str | None, condition: str
) -> None:
    with demo_app.store.read() as db:
        rows = query(db, f"SELECT ticker, event_id, verdict, car FROM v_events WHERE {condition}")
    assert len({row["event_id"] for row in rows}) == len(rows)
    summaries = overview(demo_app, study, window)
    assert {summary.instrument.ticker for summary in summaries} == {row["ticker"] for row in rows}
    for summary in summaries:
        own = [row for row in rows if row["ticker"] == summary.instrument.ticker]
        cars = [row["car"] for row in own if row["verdict"] == "move"]
        assert (summary.events, summary.moves) == (len(own), len(cars))
        assert summary.strongest == max(cars, key=abs, default=None)


def test_a_chart_is_that_of_the_links_of_a_report(demo_app: App) -> None:
    answer = report(demo_app, TICKER, LinkFilters(study="market", window="0..0"))
    drawn = chart(demo_app, answer)
    scored = {link.event_id for link in answer.links if link.status == "scored"}
    assert set(drawn.paths["market"]) == scored
    with demo_app.store.read() as db:
        (last,) = query(db, "SELECT MAX(start) AS day FROM bars WHERE ticker = 'GAZP' AND interval = '1d'")
    assert str(drawn.prices[-1].session) == last["day"]
