"""Yahoo's search through the real yfinance and curl_cffi, against a loopback server."""

from collections.abc import Iterator

import pytest

from signals.errors import RateLimitedError, UnavailableError
from signals.prices import open_search
from signals.prices.yahoo_exchanges import EXCHANGES, exchange_of, ticker_of
from signals.prices.yahoo_search import YahooSearch
from signals.sessions import supported_mics
from signals.types import Candidate, ListingSearch, PriceSpec
from tests.prices.search_servers import SearchingYahoo, quote
from tests.prices.servers import HTML, Reply, reply

#: Markets of Yahoo that no calendar serves; a configuration gives their sessions.
WITHOUT_CALENDAR = {"BVCA", "DSMD", "ETLX", "XCAI", "XCOL", "XDFM", "XKUW", "XSTC"}


@pytest.fixture
def vendor() -> Iterator[SearchingYahoo]:
    vendor = SearchingYahoo()
    with vendor.serving():
        yield vendor


@pytest.fixture
def search(vendor: SearchingYahoo, pauses: list[float]) -> ListingSearch:
    return YahooSearch(PriceSpec("vendor", "yahoo", base_url=vendor.url, timeout=60), sleep=pauses.append)


def test_listings_have_their_market_ticker_and_kind(vendor: SearchingYahoo, search: ListingSearch) -> None:
    vendor.quotes["acme"] = [
        quote("ACME", "NMS", "Acme Corp &amp; Sons"),
        quote("ACME.L", "LSE", "Acme plc"),
        quote("^ACX", "SNP", "Acme Index", "INDEX"),
        quote("ACM-USD", "CCC", "Acme Coin USD", "CRYPTOCURRENCY"),
        quote("EURUSD=X", "CCY", "EUR/USD", "CURRENCY"),
        quote("ACME240119C00100000", "OPR", "Acme call", "OPTION"),
        {"name": "Acme, a private company"},
        "not a quote",
    ]
    assert search.search("Acme") == [
        Candidate("ACME", "ACME", "Acme Corp & Sons", "XNAS"),
        Candidate("ACME.L", "ACME", "Acme plc", "XLON"),
        Candidate("^ACX", "ACX", "Acme Index", "XNYS", kind="index"),
        Candidate("ACM-USD", "ACM-USD", "Acme Coin USD", "", kind="crypto"),
        Candidate("EURUSD=X", "EURUSD", "EUR/USD", "", kind="fx"),
    ]


def test_nothing_is_an_empty_list(search: ListingSearch) -> None:
    assert search.search("nothing like it") == []


def test_an_answer_is_asked_anew_and_not_taken_from_a_cache(vendor: SearchingYahoo, search: ListingSearch) -> None:
    search.search("acme")
    vendor.quotes["acme"] = [quote("ACME", "NMS", "Acme")]
    assert len(search.search("acme")) == 1


@pytest.mark.parametrize(
    "failure",
    [
        HTML,
        Reply(500, b"oops", "text/plain"),
        Reply(200, b'{"quotes": [{"sym'),
        reply({"finance": {"result": None, "error": {"code": "internal-error", "description": "x"}}}),
        reply({"quotes": None}),
        reply([]),
    ],
    ids=["html", "500", "broken-json", "error", "null", "list"],
)
def test_what_is_not_a_list_of_quotes_is_an_outage_and_is_asked_again(
    vendor: SearchingYahoo, search: ListingSearch, pauses: list[float], failure: Reply
) -> None:
    vendor.searches = [failure] * 8  # yfinance asks twice where the status is an error
    with pytest.raises(UnavailableError, match="acme: Yahoo's search"):
        search.search("acme")
    assert pauses == [2.0, 4.0, 8.0]
    vendor.searches = []
    assert search.search("acme") == []


def test_too_many_requests_is_said_so(vendor: SearchingYahoo, search: ListingSearch) -> None:
    vendor.searches = [Reply(429, b"Too Many Requests", "text/html")] * 8
    with pytest.raises(RateLimitedError, match="slow down"):
        search.search("acme")


def test_a_server_that_is_not_there_is_an_outage(closed_port: str, pauses: list[float]) -> None:
    search = YahooSearch(PriceSpec("vendor", "yahoo", base_url=closed_port), sleep=pauses.append)
    with pytest.raises(UnavailableError, match="cannot be reached"):
        search.search("acme")


@pytest.mark.parametrize(
    ("symbol", "code", "mic", "ticker"),
    [
        ("0700.HK", "HKG", "XHKG", "0700"),
        ("BRK-B", "NYQ", "XNYS", "BRK.B"),
        ("BT-A.L", "LSE", "XLON", "BT.A"),
        ("VOLV-B.ST", "STO", "XSTO", "VOLV-B"),
        ("SAP.DE", "a new code", "XETR", "SAP"),
        ("ES=F", "CME", "XCME", "ES=F"),
        ("ODD.XYZ", "a new code", "", "ODD.XYZ"),
        (".TO", "TOR", "XTSE", ".TO"),
    ],
)
def test_a_symbol_becomes_a_ticker_of_a_market(symbol: str, code: str, mic: str, ticker: str) -> None:
    exchange = exchange_of(code, symbol)
    assert (exchange.mic, ticker_of(symbol, exchange)) == (mic, ticker)


def test_the_markets_of_the_table_have_calendars_but_for_a_few() -> None:
    assert {exchange.mic for exchange in EXCHANGES.values()} - set(supported_mics()) == WITHOUT_CALENDAR


def test_the_kind_opens_its_search() -> None:
    assert isinstance(open_search(PriceSpec("mine", "yahoo")), YahooSearch)
