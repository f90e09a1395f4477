"""Yahoo through the real yfinance and curl_cffi, against a loopback server."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from signals.errors import (
    LeftAloneError,
    NotFoundError,
    RangeUnavailableError,
    RateLimitedError,
    TooLargeError,
    UnavailableError,
)
from signals.prices.yahoo import DEPTH, YahooSource
from signals.types import PriceSource, PriceSpec
from tests.net.hostile import Parts, misbehaviour, serving
from tests.prices import market
from tests.prices.contract import IntradayContract, SourceContract
from tests.prices.market import BUSY, DAYS, FIRST, LAST, NOW, SESSIONS, SYMBOL, Day
from tests.prices.servers import HTML, Reply, YahooVendor, reply


@pytest.fixture
def vendor() -> Iterator[YahooVendor]:
    vendor = YahooVendor()
    with vendor.serving():
        yield vendor


@pytest.fixture
def source(vendor: YahooVendor, pauses: list[float]) -> PriceSource:
    return YahooSource(PriceSpec("vendor", "yahoo", base_url=vendor.url, timeout=60, delay=0), sleep=pauses.append)


class TestContract(SourceContract):
    divided = True


def refused(code: str, words: str, status: int) -> Reply:
    return reply({"chart": {"result": None, "error": {"code": code, "description": words}}}, status)


def test_one_span_costs_one_chart_request(source: PriceSource, vendor: YahooVendor) -> None:
    source.history(SYMBOL, FIRST, LAST, NOW)
    assert len(vendor.charts) == 1


def test_a_past_span_is_asked_again_and_not_taken_from_a_cache(source: PriceSource, vendor: YahooVendor) -> None:
    source.history(SYMBOL, FIRST, LAST, NOW)
    vendor.days = vendor.days[:-1]
    assert len(source.history(SYMBOL, FIRST, LAST, NOW).bars) == len(SESSIONS) - 1


def test_the_currency_is_the_chart_s(source: PriceSource) -> None:
    assert source.history(SYMBOL, FIRST, LAST, NOW).bars.currency == "USD"


def test_pence_become_pounds_prices_and_dividends_alike(source: PriceSource, vendor: YahooVendor) -> None:
    dollars = source.history(SYMBOL, FIRST, LAST, NOW).bars
    vendor.currency = "GBp"
    pounds = source.history(SYMBOL, FIRST, LAST, NOW).bars
    assert pounds.currency == "GBP"
    for name in ("open", "high", "low", "close", "dividend"):
        np.testing.assert_allclose(getattr(pounds, name) * 100, getattr(dollars, name))
    np.testing.assert_array_equal(pounds.volume, dollars.volume)
    np.testing.assert_array_equal(pounds.split, dollars.split)


def test_a_session_is_the_exchange_s_own_date(vendor: YahooVendor, source: PriceSource) -> None:
    vendor.zone = "Australia/Sydney"  # its 09:30 is the evening before in UTC
    bars = source.history(SYMBOL, SESSIONS[3], SESSIONS[4], NOW).bars
    assert [day.date() for day in bars.start.tolist()] == SESSIONS[3:5]


def test_a_server_error_is_an_outage_and_not_a_delisting(source: PriceSource, vendor: YahooVendor) -> None:
    vendor.plan = [Reply(500, b"oops", "text/plain")] * 4
    with pytest.raises(UnavailableError, match=r"SIM.*500") as caught:
        source.history(SYMBOL, FIRST, LAST, NOW)
    assert type(caught.value) is UnavailableError
    assert len(vendor.charts) == 4


@pytest.mark.parametrize(
    "failure",
    [
        Reply(503, b"{}"),
        HTML,
        Reply(404, b"<html>no such page</html>", "text/html"),
        Reply(200, b'{"chart": {"result": [{"meta": {}, "timesta', cut=False),
        Reply(200, b'{"chart": {"result": [{"meta": {}}], "error": null}}', cut=True),
        reply({"chart": {"result": None, "error": None}}),
        reply({"chart": {"result": [{"meta": {}, "timestamp": [1], "indicators": {"quote": [{"open": [1]}]}}]}}),
        refused("internal-error", "Internal server error", 500),
        Reply(200, b"\x89PNG\r\n", "image/png"),
        Reply(200, b""),
    ],
    ids=["503", "html", "html-404", "broken-json", "cut-body", "no-result", "odd-chart", "error-500", "image", "empty"],
)
def test_what_is_not_a_chart_is_an_outage_and_is_asked_again(
    source: PriceSource, vendor: YahooVendor, failure: Reply, pauses: list[float]
) -> None:
    vendor.plan = [failure]
    assert len(source.history(SYMBOL, FIRST, LAST, NOW).bars) == len(SESSIONS)
    assert pauses == [2.0]
    vendor.plan = [failure] * 4
    with pytest.raises(UnavailableError):
        source.history(SYMBOL, FIRST, LAST, NOW)


def test_a_server_that_is_not_there_is_an_outage(closed_port: str, pauses: list[float]) -> None:
    source = YahooSource(PriceSpec("vendor", "yahoo", base_url=closed_port, timeout=60, delay=0), sleep=pauses.append)
    with pytest.raises(UnavailableError, match="cannot be reached"):
        source.history(SYMBOL, FIRST, LAST, NOW)
    assert pauses == [2.0, 4.0, 8.0]


def test_too_many_requests_then_success(source: PriceSource, vendor: YahooVendor, pauses: list[float]) -> None:
    vendor.plan = [Reply(429, b"Too Many Requests", "text/html")] * 2
    assert len(source.history(SYMBOL, FIRST, LAST, NOW).bars) == len(SESSIONS)
    assert pauses == [2.0]


def test_too_many_requests_also_after_the_retries(source: PriceSource, vendor: YahooVendor) -> None:
    vendor.plan = [Reply(429, b"Too Many Requests", "text/html")] * 20
    with pytest.raises(RateLimitedError, match="slow down"):
        source.history(SYMBOL, FIRST, LAST, NOW)


def test_a_delisted_symbol_is_not_asked_for_again(source: PriceSource, vendor: YahooVendor) -> None:
    with pytest.raises(NotFoundError, match="may be delisted"):
        source.history("GONE", FIRST, LAST, NOW)
    assert len(vendor.charts) == 1


@pytest.mark.parametrize("status", [400, 422])
def test_a_span_that_yahoo_refuses(source: PriceSource, vendor: YahooVendor, status: int) -> None:
    vendor.plan = [refused("Bad Request", "Data doesn't exist for startDate = 1, endDate = 2", status)] * 2
    with pytest.raises(RangeUnavailableError, match="Data doesn't exist"):
        source.history(SYMBOL, date(1980, 1, 1), date(1980, 2, 1), NOW)


def test_a_server_that_is_too_slow_is_an_outage(vendor: YahooVendor, pauses: list[float]) -> None:
    source = YahooSource(PriceSpec("vendor", "yahoo", base_url=vendor.url, timeout=1, delay=0), sleep=pauses.append)
    vendor.plan = [Reply(pause=60)] * 4  # every answer, because a good one may take longer than the timeout too
    with pytest.raises(UnavailableError):
        source.history(SYMBOL, FIRST, LAST, NOW)
    with pytest.raises(LeftAloneError, match=r"query2.*did not answer within"):
        source.history(SYMBOL, FIRST, LAST, NOW)
    assert len(vendor.charts) == 1


def test_a_bad_tick_at_the_start_of_a_span_is_recognised_by_the_bars_before_it(
    source: PriceSource, vendor: YahooVendor
) -> None:
    vendor.days = [*DAYS[:20], Day(SESSIONS[20], 1e8), *DAYS[21:]]
    history = source.history(SYMBOL, SESSIONS[20], LAST, NOW)
    assert [(q.start, q.reason) for q in history.quarantined] == [(str(SESSIONS[20]), "spike")]


def test_a_chart_with_a_wrong_content_type_is_a_chart(source: PriceSource, vendor: YahooVendor) -> None:
    vendor.media_type = "text/html"
    assert len(source.history(SYMBOL, FIRST, LAST, NOW).bars) == len(SESSIONS)


def test_a_body_that_takes_longer_than_the_deadline_is_an_outage(vendor: YahooVendor, pauses: list[float]) -> None:
    source = YahooSource(PriceSpec("vendor", "yahoo", base_url=vendor.url, timeout=0.3, delay=0), sleep=pauses.append)
    vendor.plan = [Reply(body=b" " * 100_000, trickle=True)] * 4
    with pytest.raises(UnavailableError):
        source.history(SYMBOL, FIRST, LAST, NOW)
    assert [pause for pause in pauses if pause] == [2.0, 4.0, 8.0]


def test_cookies_and_crumbs_that_do_not_come_are_gone_without() -> None:
    vendor = YahooVendor()

    def parts(path: str) -> Parts:
        if "/chart/" not in path:
            return misbehaviour("silence")
        query = {key: values[0] for key, values in parse_qs(urlsplit(path).query).items()}
        body = vendor.answer(urlsplit(path).path, query).body
        return [(0.0, b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))]

    with serving(parts) as url:
        source = YahooSource(PriceSpec("vendor", "yahoo", base_url=url, timeout=4, delay=0))
        for _ in range(3):
            assert len(source.history(SYMBOL, FIRST, LAST, NOW).bars) == len(SESSIONS)


def test_a_chart_that_never_ends_is_too_large_and_no_outage() -> None:
    def parts(path: str) -> Parts:
        if "/chart/" in path:
            return misbehaviour("flood", "a-body")
        return [(0.0, b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\ncrumb")]

    with serving(parts) as url:
        source = YahooSource(PriceSpec("vendor", "yahoo", base_url=url, timeout=60, delay=0))
        with pytest.raises(TooLargeError, match="larger than 10,000,000 bytes"):
            source.history(SYMBOL, FIRST, LAST, NOW)


# --- finer than a day -----------------------------------------------------------------------------------------------

HOURS = market.intraday(BUSY, time(9, 30), timedelta(hours=1), 7)
RECENT = [day for day in (NOW.date() - timedelta(days=n) for n in range(28, 0, -1)) if day.weekday() < 5]


def by(interval: str, vendor: YahooVendor, pauses: list[float]) -> PriceSource:
    spec = PriceSpec("vendor", "yahoo", interval=interval, base_url=vendor.url, timeout=60, delay=0)
    return YahooSource(spec, sleep=pauses.append)


class TestIntraday(IntradayContract):
    zone, served = ZoneInfo("America/New_York"), HOURS

    @pytest.fixture
    def intraday(self, vendor: YahooVendor, pauses: list[float]) -> PriceSource:
        vendor.candles = HOURS
        return by("1h", vendor, pauses)


@pytest.mark.parametrize(("interval", "minutes", "sessions"), [("1m", 1, 4), ("5m", 5, 20), ("30m", 30, 20)])
def test_each_spacing_within_its_depth_costs_one_request(
    vendor: YahooVendor, pauses: list[float], interval: str, minutes: int, sessions: int
) -> None:
    # Yahoo gives half hours as quarters, which yfinance puts together: nothing may appear overnight.
    spacing = 15 if minutes == 30 else minutes
    vendor.candles = market.intraday(RECENT, time(9, 30), timedelta(minutes=spacing), 390 // spacing)
    bars = by(interval, vendor, pauses).history(SYMBOL, RECENT[-sessions], RECENT[-1], NOW).bars
    assert len(bars) == sessions * 390 // minutes
    assert np.unique(np.diff(bars.start))[0] == np.timedelta64(minutes, "m")
    assert not np.isnan(bars.close).any()
    assert len(vendor.charts) == 1


@pytest.mark.parametrize("interval", DEPTH)
def test_what_lies_deeper_is_refused_without_a_request_and_the_first_day_named_is_served(
    vendor: YahooVendor, pauses: list[float], interval: str
) -> None:
    source = by(interval, vendor, pauses)
    with pytest.raises(RangeUnavailableError, match=rf"SIM.*{interval} bars {DEPTH[interval]} days back") as caught:
        source.history(SYMBOL, NOW.date() - timedelta(days=DEPTH[interval]), NOW.date(), NOW)
    assert vendor.charts == []
    since = date.fromisoformat(str(caught.value).partition("from ")[2].partition(" ")[0])
    assert source.serves_from(NOW) == since
    source.history(SYMBOL, since, NOW.date(), NOW)
    assert len(vendor.charts) == 1


def test_yahoo_s_own_refusal_of_a_depth_is_quoted(vendor: YahooVendor, pauses: list[float]) -> None:
    later = NOW - timedelta(days=30)  # our clock is behind Yahoo's
    with pytest.raises(RangeUnavailableError, match="must be within the last 60 days"):
        by("5m", vendor, pauses).history(SYMBOL, later.date() - timedelta(days=50), later.date(), later)
    assert pauses == []


def test_a_dividend_stamped_before_the_opening_stands_on_its_day(vendor: YahooVendor, pauses: list[float]) -> None:
    vendor.candles, vendor.event_at = HOURS, time(7)
    bars = by("1h", vendor, pauses).history(SYMBOL, BUSY[0], BUSY[-1], NOW).bars
    assert bars.action_date.tolist() == [market.DIVIDEND_DAY, market.SPLIT_DAY]


def test_a_pause_among_hours_is_no_bar(vendor: YahooVendor, pauses: list[float]) -> None:
    vendor.candles = [*HOURS[:3], Day(BUSY[0], None, 0, HOURS[3].at), *HOURS[4:]]
    history = by("1h", vendor, pauses).history(SYMBOL, BUSY[0], BUSY[0], NOW)
    assert (len(history.bars), history.quarantined) == (6, ())


@pytest.mark.parametrize("failure", [Reply(500, b""), HTML, Reply(429, b""), Reply(body=b'{"chart": ', cut=True)])
def test_a_failure_among_hours_is_asked_again(vendor: YahooVendor, pauses: list[float], failure: Reply) -> None:
    vendor.candles, vendor.plan = HOURS, [failure] * 2
    assert len(by("1h", vendor, pauses).history(SYMBOL, BUSY[0], BUSY[-1], NOW).bars) == len(HOURS)


def test_an_error_of_another_kind_is_an_outage_in_yahoo_s_words(source: PriceSource, vendor: YahooVendor) -> None:
    vendor.plan = [refused("Gone", "Try later", 410)] * 4
    with pytest.raises(UnavailableError, match=r"Yahoo answered 410 \(Try later\); run again later"):
        source.history(SYMBOL, FIRST, LAST, NOW)
