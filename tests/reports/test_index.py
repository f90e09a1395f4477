"""The page over all tickers."""

from dataclasses import replace

from signals.answers.report import overview
from signals.app import App
from signals.reports.page.index import index_page, page_name
from signals.types import TickerSummary
from tests.reports.examples import INSTRUMENT, REPORT
from tests.worlds import links_of


def test_a_ticker_makes_a_file_name_on_every_system() -> None:
    assert [page_name(t) for t in ("GAZP", "BRK/B", "^GSPC")] == ["GAZP.html", "BRK%2fB.html", "%5eGSPC.html"]
    assert [page_name(t) for t in ("index", "CON", "COM")] == ["%69ndex.html", "%43ON.html", "COM.html"]
    assert page_name("\u04e00") != page_name("\u4e00")


def test_a_row_has_the_counts_of_its_instrument() -> None:
    text = index_page([TickerSummary(INSTRUMENT, 7, 2, -0.0512)], REPORT.as_of)
    assert "As of 2015-01-22 00:00 UTC" in text
    cells = ("2015-01-21", "1", "7", "2", "-5.12%", "21", "20", "1.10%", "4.10%")
    assert "".join(f'<td class="num">{cell}</td>' for cell in cells) in text


def test_a_row_leads_to_the_page_of_its_ticker() -> None:
    odd = replace(INSTRUMENT, ticker="BRK/B", last_bar=None, typical_ret=None, large_ret=None)
    text = index_page([TickerSummary(odd, 0, 0, None)], REPORT.as_of)
    assert '<a href="BRK%252fB.html">BRK/B</a>' in text
    assert text.count("<td") == 12


def test_the_overview_counts_events_and_names_the_strongest_move(demo_app: App) -> None:
    row = next(row for row in overview(demo_app) if row.instrument.ticker == "GAZP")
    links = links_of(demo_app, ticker="GAZP", study="market", window="0..0")
    moves = [link for link in links if link.verdict == "move"]
    assert row.events == len({link.event_id for link in links})
    assert row.moves == len({link.event_id for link in moves})
    assert row.strongest == max((link.car or 0.0 for link in moves), key=abs)
