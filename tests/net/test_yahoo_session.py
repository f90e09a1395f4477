from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from curl_cffi.requests.exceptions import RequestException

from signals.errors import LeftAloneError, OverBudgetError
from signals.net.yahoo_session import YahooSession, configure_yfinance, yf
from tests.loopback import Answer, Site, site
from tests.net.hostile import DRIPS, misbehaviour, serving

CHART = "https://query2.finance.yahoo.com/v8/chart/CLD"


@pytest.fixture
def mirror() -> Iterator[Site]:
    with site() as served:
        yield served


def test_requests_to_yahoo_go_to_the_mirror_and_other_requests_do_not(mirror: Site) -> None:
    path = "/query1.finance.yahoo.com/v8/chart/CLD?range=1d"
    mirror.answers = {path: Answer(b"chart"), "/other": Answer(b"other")}
    with YahooSession("vendor", f"{mirror.url}/", 60.0) as session, session.asking("CLD"):
        assert session.get("https://query1.finance.yahoo.com/v8/chart/CLD?range=1d", timeout=0.001).content == b"chart"
        assert session.get(f"{mirror.url}/other").content == b"other"
    assert [requested for requested, _ in mirror.asked] == [path, "/other"]


def test_without_a_mirror_urls_stay_as_they_are(mirror: Site) -> None:
    mirror.answers = {"/other": Answer(b"other")}
    with YahooSession("vendor", None, 60.0) as session, session.asking("CLD"):
        assert session.get(f"{mirror.url}/other").content == b"other"


def test_yfinance_raises_its_errors_and_is_configured_once() -> None:
    configure_yfinance()
    assert yf.config.debug.hide_exceptions is False
    folder = Path(yf.cache._TzDBManager.get_location())
    assert folder.name.startswith("signals-yahoo-")
    assert folder.is_dir()
    configure_yfinance()
    assert Path(yf.cache._TzDBManager.get_location()) == folder


def test_a_redirect_onto_a_private_network_is_not_followed(mirror: Site) -> None:
    mirror.answers = {"/a": Answer(status=302, headers={"Location": f"{mirror.url}/b"}), "/b": Answer(b"private")}
    with YahooSession("vendor", None, 60.0) as session, session.asking("CLD"), pytest.raises(RequestException):
        session.get(f"{mirror.url}/a")
    assert [path for path, _ in mirror.asked] == ["/a"]


@contextmanager
def asking(manner: str, name: str, timeout: float) -> Iterator[YahooSession]:
    """Give a session that asks a server that misbehaves for a symbol."""
    with (
        serving(lambda _: misbehaviour(manner, name)) as url,
        YahooSession("vendor", url, timeout) as session,
        session.asking("CLD"),
    ):
        yield session


@pytest.mark.parametrize("name", DRIPS)
def test_a_drip_ends_with_the_seconds_of_a_request(name: str) -> None:
    with asking("drip", name, 0.3) as session, pytest.raises(RequestException):
        session.get(CHART)


def test_a_symbol_has_no_more_seconds_than_its_own() -> None:
    with asking("drip", "a-body", 0.1) as session:
        hosts = (CHART.replace("query2", f"query{number}") for number in range(100))
        with pytest.raises(OverBudgetError):
            get_all(session, hosts)


def get_all(session: YahooSession, urls: Iterable[str]) -> None:
    """Request each URL, whatever becomes of the others."""
    for url in urls:
        with suppress(RequestException):
            session.get(url)


def test_cookies_of_a_host_that_is_left_alone_are_gone_without() -> None:
    with asking("silence", "", 0.4) as session:
        get_all(session, ["https://fc.yahoo.com", CHART])
        with pytest.raises(TimeoutError, match=r"fc\.yahoo\.com is left alone for the rest of this run"):
            session.get("https://fc.yahoo.com")
        with pytest.raises(LeftAloneError, match="did not answer within"):
            session.get(CHART)
