"""The Moscow Exchange's ISS through requests, against a loopback server."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest

from signals.errors import RateLimitedError, UnavailableError
from signals.prices.moex import MoexSource, ex_date
from signals.types import PriceSource, PriceSpec
from tests.prices import market
from tests.prices.contract import SourceContract
from tests.prices.market import DAYS, FIRST, LAST, NOW, SESSIONS, SYMBOL, Day
from tests.prices.servers import HTML, Board, IssVendor, Reply, reply, table


@pytest.fixture
def vendor() -> Iterator[IssVendor]:
    vendor = IssVendor()
    with vendor.serving():
        yield vendor


@pytest.fixture
def source(vendor: IssVendor, pauses: list[float]) -> PriceSource:
    return MoexSource(PriceSpec("vendor", "moex", base_url=vendor.url, timeout=5), delay=0, sleep=pauses.append)


class TestContract(SourceContract):
    pass


def test_the_pages_are_followed_to_the_cursor_s_total(source: PriceSource, vendor: IssVendor) -> None:
    source.history(SYMBOL, FIRST, LAST, NOW)
    starts = [path.partition("start=")[2].partition("&")[0] for path in vendor.log if "/history/" in path]
    assert starts == ["0", "100"]


def test_an_index_has_no_actions_to_ask_for(source: PriceSource, vendor: IssVendor) -> None:
    vendor.boards = [Board("SNDX", 104, DAYS, primary=True, market="index")]
    bars = source.history(SYMBOL, FIRST, LAST, NOW).bars
    assert len(bars) == len(SESSIONS)
    assert not [path for path in vendor.log if "dividends" in path or "splits" in path]


def test_an_older_board_gives_the_sessions_before_the_primary(source: PriceSource, vendor: IssVendor) -> None:
    vendor.boards = [
        Board("TQBR", 57, DAYS[80:], primary=True),
        Board("EQBR", 6, DAYS[:80]),
        Board("SMAL", 9, [Day(day.session, 1.0, 10**9) for day in DAYS]),  # odd lots are not the main order book
    ]
    bars = source.history(SYMBOL, FIRST, LAST, NOW).bars
    assert len(bars) == len(SESSIONS)
    assert np.nanmin(bars.close) > 1


def test_where_boards_overlap_the_one_with_more_volume_counts(source: PriceSource, vendor: IssVendor) -> None:
    thin = [Day(day.session, 77.0, 1) for day in DAYS[:50]]
    vendor.boards = [Board("TQBR", 57, [*thin, *DAYS[50:]], primary=True), Board("EQBR", 6, DAYS[:50])]
    closes = source.history(SYMBOL, FIRST, SESSIONS[39], NOW).bars.close
    np.testing.assert_array_equal(closes, [day.close for day in DAYS[:40]])


def test_an_empty_page_in_the_middle_is_asked_again(source: PriceSource, vendor: IssVendor) -> None:
    columns = ["TRADEDATE", "OPEN", "HIGH", "LOW", "CLOSE", "VOLUME"]
    cursor = table(["INDEX", "TOTAL", "PAGESIZE"], [(0, 160, 100)])
    hole = reply({"history": table(columns, []), "history.cursor": cursor})
    vendor.plan = [hole]
    assert len(source.history(SYMBOL, FIRST, LAST, NOW).bars) == len(SESSIONS)
    vendor.plan = [hole] * 4
    with pytest.raises(UnavailableError, match="broke off after 0 of 160 rows"):
        source.history(SYMBOL, FIRST, LAST, NOW)


@pytest.mark.parametrize(
    "failure",
    [
        Reply(500, b"", "text/html"),
        HTML,
        Reply(403, b"<html>forbidden</html>", "text/html"),
        Reply(200, b'{"history": {"columns": ["TRADEDATE"], "da'),
        Reply(200, b'{"history": {"columns": [], "data": []}}', cut=True),
        reply({"history": {"columns": ["A"], "data": [[1, 2]]}, "history.cursor": {}}),
        reply({}),
    ],
    ids=["500", "html", "403", "broken-json", "cut-body", "odd-table", "no-table"],
)
def test_what_is_not_a_table_is_an_outage_and_is_asked_again(
    source: PriceSource, vendor: IssVendor, failure: Reply, pauses: list[float]
) -> None:
    vendor.plan = [failure]
    assert len(source.history(SYMBOL, FIRST, LAST, NOW).bars) == len(SESSIONS)
    assert [pause for pause in pauses if pause] == [2.0]
    vendor.plan = [failure] * 4
    with pytest.raises(UnavailableError):
        source.history(SYMBOL, FIRST, LAST, NOW)


def test_too_many_requests(source: PriceSource, vendor: IssVendor) -> None:
    vendor.plan = [Reply(429, b"")]
    assert len(source.history(SYMBOL, FIRST, LAST, NOW).bars) == len(SESSIONS)
    vendor.plan = [Reply(429, b"")] * 4
    with pytest.raises(RateLimitedError):
        source.history(SYMBOL, FIRST, LAST, NOW)


def test_a_server_that_is_not_there_is_an_outage(closed_port: str, pauses: list[float]) -> None:
    source = MoexSource(PriceSpec("vendor", "moex", base_url=closed_port), delay=0, sleep=pauses.append)
    with pytest.raises(UnavailableError, match="cannot be reached"):
        source.history(SYMBOL, FIRST, LAST, NOW)


def test_a_dividend_in_another_currency_is_refused_with_its_amount(source: PriceSource, vendor: IssVendor) -> None:
    vendor.dividends = [(market.DIVIDEND_DAY, 0.3, "USD")]
    history = source.history(SYMBOL, FIRST, LAST, NOW)
    assert history.bars.action_date.tolist() == [market.SPLIT_DAY]
    assert [(q.reason, q.start) for q in history.quarantined] == [("dividend_currency", str(market.DIVIDEND_DAY))]


def test_requests_are_a_delay_apart(vendor: IssVendor, pauses: list[float]) -> None:
    source = MoexSource(PriceSpec("vendor", "moex", base_url=vendor.url), delay=0.1, sleep=pauses.append)
    source.history(SYMBOL, FIRST, LAST, NOW)
    assert pauses == [0.1] * len(vendor.log)


def weekdays(first: date, last: date) -> np.ndarray:
    days = np.arange(np.datetime64(first), np.datetime64(last + timedelta(days=1)))
    return days[np.is_busday(days)]


@pytest.mark.parametrize(
    ("registry", "ex"),
    [
        (date(2015, 7, 16), date(2015, 7, 15)),  # T+2: Gazprom's gap is on the 15th
        (date(2015, 7, 19), date(2015, 7, 16)),  # T+2, a Sunday: Friday is the last settlement day
        (date(2013, 5, 13), date(2013, 5, 14)),  # T+0: who buys on the day is on the register
        (date(2024, 7, 18), date(2024, 7, 18)),  # T+1
        (date(2024, 7, 20), date(2024, 7, 19)),  # T+1, a Saturday
    ],
)
def test_the_ex_date_follows_from_the_registry_date_and_the_settlement_of_its_time(registry: date, ex: date) -> None:
    sessions = weekdays(registry - timedelta(days=20), registry + timedelta(days=20))
    assert ex_date(registry, sessions) == ex


def test_a_closed_day_before_the_registry_date_is_not_an_ex_date() -> None:
    sessions = weekdays(date(2015, 7, 1), date(2015, 7, 31))
    assert ex_date(date(2015, 7, 16), sessions[sessions != np.datetime64("2015-07-15")]) == date(2015, 7, 14)


def test_a_registry_date_ahead_of_the_last_bar_is_placed_by_weekdays() -> None:
    assert ex_date(date(2015, 7, 16), weekdays(date(2015, 7, 1), date(2015, 7, 13))) == date(2015, 7, 15)


def test_a_registry_date_before_the_bars_has_no_ex_date() -> None:
    for registry in (date(2013, 4, 1), date(2015, 1, 5), date(2024, 1, 10)):
        assert ex_date(registry, weekdays(registry + timedelta(days=3), registry + timedelta(days=30))) is None


def test_a_server_that_is_too_slow_is_an_outage(vendor: IssVendor, pauses: list[float]) -> None:
    source = MoexSource(PriceSpec("vendor", "moex", base_url=vendor.url, timeout=0.2), delay=0, sleep=pauses.append)
    vendor.plan = [Reply(pause=60)]
    assert len(source.history(SYMBOL, FIRST, LAST, NOW).bars) == len(SESSIONS)
    assert [pause for pause in pauses if pause] == [2.0]


def test_a_bad_tick_at_the_start_of_a_span_is_known_by_the_bars_before_it(
    source: PriceSource, vendor: IssVendor
) -> None:
    vendor.boards = [Board("TQBR", 57, [*DAYS[:20], Day(SESSIONS[20], 1e8), *DAYS[21:]], primary=True)]
    history = source.history(SYMBOL, SESSIONS[20], LAST, NOW)
    assert [(q.start, q.reason) for q in history.quarantined] == [(str(SESSIONS[20]), "spike")]


def test_prices_without_a_currency_take_dividends_as_they_are(source: PriceSource, vendor: IssVendor) -> None:
    vendor.currency = None
    bars = source.history(SYMBOL, FIRST, LAST, NOW).bars
    assert bars.currency is None
    assert bars.dividend.tolist() == [market.DIVIDEND, 0]


def test_the_old_name_of_the_rouble_is_its_code(source: PriceSource, vendor: IssVendor) -> None:
    vendor.currency = "SUR"
    bars = source.history(SYMBOL, FIRST, LAST, NOW).bars
    assert bars.currency == "RUB"
    assert bars.dividend.tolist() == [market.DIVIDEND, 0]
