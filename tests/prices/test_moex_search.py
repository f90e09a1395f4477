"""The search of ISS through the real client, against a loopback server."""

from collections.abc import Iterator

import pytest

from signals.errors import RateLimitedError, UnavailableError
from signals.prices import open_search
from signals.prices.moex_search import MoexSearch
from signals.types import Candidate, ListingSearch, PriceSpec
from tests.prices.search_servers import SearchingIss
from tests.prices.servers import HTML, Reply, reply


@pytest.fixture
def vendor() -> Iterator[SearchingIss]:
    vendor = SearchingIss()
    with vendor.serving():
        yield vendor


@pytest.fixture
def search(vendor: SearchingIss) -> ListingSearch:
    return open_search(PriceSpec("vendor", "moex", base_url=vendor.url, timeout=60, delay=0))


def test_traded_securities_with_prices_are_candidates(vendor: SearchingIss, search: ListingSearch) -> None:
    vendor.securities["acme"] = [
        ("ACME", "Acme ao", "PAO Acme", "RU0007661625", 1, "stock_shares"),
        ("ACMX", "", "", None, 1, "stock_index"),
        ("ACM-3.27", "Acme-3.27", "Future on Acme", None, 1, "futures_forts"),
        ("RU000A100001", "Acme 001", "Bond of Acme", "RU000A100001", 1, "stock_bonds"),
        ("ACMO", "Acme old", "Acme before", "RU0007661626", 0, "stock_shares"),
    ]
    assert search.search("Acme") == [
        Candidate("ACME", "ACME", "PAO Acme", "MISX", isin="RU0007661625"),
        Candidate("ACMX", "ACMX", "ACMX", "MISX", kind="index"),
        Candidate("ACM-3.27", "ACM-3.27", "Future on Acme", "RTSX", kind="future"),
    ]
    assert "is_trading=1" in vendor.log[-1]


def test_nothing_is_an_empty_list(search: ListingSearch) -> None:
    assert search.search("nothing like it") == []


@pytest.mark.parametrize(
    "failure", [HTML, Reply(500, b""), reply({}), reply({"securities": {"columns": ["secid"], "data": [["A"]]}})]
)
def test_what_is_not_the_table_is_an_outage_and_is_asked_again(
    vendor: SearchingIss, pauses: list[float], failure: Reply
) -> None:
    spec = PriceSpec("vendor", "moex", base_url=vendor.url, timeout=60, delay=0)
    vendor.searches = [failure] * 4
    with pytest.raises(UnavailableError, match="securities"):
        MoexSearch(spec, sleep=pauses.append).search("acme")
    assert [pause for pause in pauses if pause] == [2.0, 4.0, 8.0]


def test_too_many_requests_is_said_so(vendor: SearchingIss, pauses: list[float]) -> None:
    vendor.searches = [Reply(429, b"")] * 4
    with pytest.raises(RateLimitedError, match="slow down"):
        MoexSearch(PriceSpec("vendor", "moex", base_url=vendor.url, delay=0), sleep=pauses.append).search("acme")
