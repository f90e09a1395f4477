from collections.abc import Iterator
from pathlib import Path

import pytest

from signals.net.yahoo_session import YahooSession, configure_yfinance, yf
from tests.loopback import Answer, Site, site


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
