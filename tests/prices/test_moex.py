"""The Moscow Exchange's ISS through requests, against a loopback server."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from signals.errors import LeftAloneError, RateLimitedError, RefusedError, UnavailableError, UnreadableError
from signals.prices.moex import Board as IssBoard
from signals.prices.moex import Cell, IssBar, MoexSource, ex_date, main_boards, most_traded
from signals.types import PriceSource, PriceSpec
from tests.net.hostile import misbehaviour, serving
from tests.prices import market
from tests.prices.contract import IntradayContract, SourceContract
from tests.prices.market import BUSY, DAYS, FIRST, LAST, NOW, SESSIONS, SYMBOL, Day
from tests.prices.servers import HTML, Board, IssVendor, Reply, reply, table

HISTORY = ["BOARDID", "TRADEDATE", "SECID", "OPEN", "LOW", "HIGH", "CLOSE", "VOLUME"]


@pytest.fixture
def vendor() -> Iterator[IssVendor]:
    vendor = IssVendor()
    with vendor.serving():
        yield vendor


@pytest.fixture
def source(vendor: IssVendor, pauses: list[float]) -> PriceSource:
    return MoexSource(PriceSpec("vendor", "moex", base_url=vendor.url, timeout=60, delay=0), sleep=pauses.append)


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


@pytest.mark.parametrize("interval", ["1d", "1h"])
def test_a_board_whose_history_lies_outside_the_span_is_not_requested(
    vendor: IssVendor, pauses: list[float], interval: str
) -> None:
    vendor.boards = [Board("TQBR", 57, DAYS[80:], primary=True), Board("EQBR", 6, DAYS[:40])]
    by(interval, vendor, pauses).history(SYMBOL, SESSIONS[120], SESSIONS[130], NOW)
    assert {path.partition("/boards/")[2][:4] for path in vendor.log if "/boards/" in path} == {"TQBR"}


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
    with pytest.raises(UnavailableError, match="ended after 0 of 160 rows"):
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
        Reply(404, b"<html>not found</html>", "text/html"),
        reply({"error": "the span is not served"}, 422),
        Reply(200, b"\x89PNG\r\n", "image/png"),
        Reply(200, b""),
    ],
    ids=["500", "html", "403", "broken-json", "cut-body", "odd-table", "no-table", "404", "422", "image", "empty"],
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
    source = MoexSource(PriceSpec("vendor", "moex", base_url=closed_port, delay=0), sleep=pauses.append)
    with pytest.raises(UnavailableError, match="cannot be reached"):
        source.history(SYMBOL, FIRST, LAST, NOW)


def test_a_dividend_in_another_currency_is_refused_with_its_amount(source: PriceSource, vendor: IssVendor) -> None:
    vendor.dividends = [(market.DIVIDEND_DAY, 0.3, "USD")]
    history = source.history(SYMBOL, FIRST, LAST, NOW)
    assert history.bars.action_date.tolist() == [market.SPLIT_DAY]
    assert [(q.reason, q.start) for q in history.quarantined] == [("dividend_currency", str(market.DIVIDEND_DAY))]


def test_requests_begin_a_delay_apart(vendor: IssVendor) -> None:
    now = [100.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    source = MoexSource(PriceSpec("vendor", "moex", base_url=vendor.url, delay=0.25), sleep=sleep, clock=lambda: now[0])
    source.history(SYMBOL, FIRST, LAST, NOW)
    assert now[0] == 100.0 + 0.25 * (len(vendor.log) - 1)


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


def test_a_registry_date_after_the_last_bar_has_an_ex_date_by_weekdays() -> None:
    assert ex_date(date(2015, 7, 16), weekdays(date(2015, 7, 1), date(2015, 7, 13))) == date(2015, 7, 15)


def test_a_registry_date_before_the_bars_has_no_ex_date() -> None:
    for registry in (date(2013, 4, 1), date(2015, 1, 5), date(2024, 1, 10)):
        assert ex_date(registry, weekdays(registry + timedelta(days=3), registry + timedelta(days=30))) is None


def test_a_server_that_is_too_slow_is_an_outage(vendor: IssVendor, pauses: list[float]) -> None:
    source = MoexSource(PriceSpec("vendor", "moex", base_url=vendor.url, timeout=0.2, delay=0), sleep=pauses.append)
    vendor.plan = [Reply(pause=60)] * 4  # every answer, because a good one may take longer than the timeout too
    with pytest.raises(UnavailableError):
        source.history(SYMBOL, FIRST, LAST, NOW)
    assert [pause for pause in pauses if pause] == [2.0, 4.0, 8.0]


def test_a_bad_tick_at_the_start_of_a_span_is_recognised_by_the_bars_before_it(
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


def test_an_answer_without_the_table_is_described(source: PriceSource, vendor: IssVendor) -> None:
    vendor.plan = [HTML] * 4
    with pytest.raises(UnavailableError, match=r"SIM.*answered 200 \(text/html\) without the table history"):
        source.history(SYMBOL, FIRST, LAST, NOW)


def test_a_table_with_a_wrong_content_type_is_a_table(source: PriceSource, vendor: IssVendor) -> None:
    vendor.media_type = "text/html"
    assert len(source.history(SYMBOL, FIRST, LAST, NOW).bars) == len(SESSIONS)


@pytest.mark.parametrize("interval", ["1d", "1h"])
def test_a_body_that_takes_longer_than_the_deadline_is_an_outage(
    vendor: IssVendor, pauses: list[float], interval: str
) -> None:
    spec = PriceSpec("vendor", "moex", interval=interval, base_url=vendor.url, timeout=0.3, delay=0)
    vendor.plan = [Reply(body=b" " * 100_000, trickle=True)] * 4
    with pytest.raises(UnavailableError, match=r"took more than 0\.3 seconds"):
        MoexSource(spec, sleep=pauses.append).history(SYMBOL, BUSY[0], BUSY[0], NOW)


def test_pages_that_repeat_refuse_the_series(source: PriceSource, vendor: IssVendor) -> None:
    cursor = table(["INDEX", "TOTAL", "PAGESIZE"], [(0, 10**6, 1)])
    page = table(HISTORY, [("TQBR", str(SESSIONS[0]), SYMBOL, 1, 1, 1, 1, 1)])
    vendor.plan = [reply({"history": page, "history.cursor": cursor})] * 2
    with pytest.raises(UnreadableError, match="repeats its page after 1 rows"):
        source.history(SYMBOL, FIRST, LAST, NOW)


def test_pages_without_end_refuse_the_series(source: PriceSource, vendor: IssVendor) -> None:
    cursor = table(["INDEX", "TOTAL", "PAGESIZE"], [(0, 10**6, 1)])
    rows = [("TQBR", str(FIRST - timedelta(days=n)), SYMBOL, 1, 1, 1, 1, 1) for n in range(1_000)]
    vendor.plan = [reply({"history": table(HISTORY, [row]), "history.cursor": cursor}) for row in rows]
    with pytest.raises(UnreadableError, match="more than fit into the span"):
        source.history(SYMBOL, FIRST, LAST, NOW)


@pytest.mark.parametrize("target", ["http://10.0.0.1/", "http://localhost:1/", "file:///etc/passwd"])
def test_a_redirect_onto_a_private_network_is_not_followed(vendor: IssVendor, target: str) -> None:
    with serving(lambda _: [(0.0, b"HTTP/1.1 302 Found\r\nLocation: %s\r\n\r\n" % target.encode())]) as url:
        source = MoexSource(PriceSpec("vendor", "moex", base_url=url, delay=0), sleep=lambda _: None)
        with pytest.raises(RefusedError):
            source.history(SYMBOL, FIRST, LAST, NOW)


@pytest.mark.parametrize("name", ["a-gzip-name", "header-bytes", "continues", "trailers"])
def test_a_server_that_never_ends_costs_a_symbol_its_tries_and_then_nothing(name: str) -> None:
    with serving(lambda _: misbehaviour("drip", name)) as url:
        source = MoexSource(PriceSpec("vendor", "moex", base_url=url, timeout=0.1, delay=0), sleep=lambda _: None)
        for _ in range(2):
            with pytest.raises(UnavailableError, match=r"took more than 0\.1 seconds"):
                source.history(SYMBOL, FIRST, LAST, NOW)
        with pytest.raises(LeftAloneError):
            source.history(SYMBOL, FIRST, LAST, NOW)


# --- candles --------------------------------------------------------------------------------------------------------

HOURS = market.intraday(BUSY, time(10), timedelta(hours=1), 9)


def by(interval: str, vendor: IssVendor, pauses: list[float]) -> PriceSource:
    spec = PriceSpec("vendor", "moex", interval=interval, base_url=vendor.url, timeout=60, delay=0)
    return MoexSource(spec, sleep=pauses.append)


def asked(vendor: IssVendor) -> list[str]:
    """Return the `start` of each request for candles."""
    return [path.partition("start=")[2].partition("&")[0] for path in vendor.log if "/candles.json" in path]


class TestCandles(IntradayContract):
    zone, served = ZoneInfo("Europe/Moscow"), HOURS

    @pytest.fixture
    def intraday(self, vendor: IssVendor, pauses: list[float]) -> PriceSource:
        vendor.boards = [Board("TQBR", 57, DAYS, primary=True, candles=HOURS)]
        return by("1h", vendor, pauses)


@pytest.mark.parametrize(("interval", "number", "minutes"), [("1m", 1, 1), ("10m", 10, 10), ("1h", 60, 60)])
def test_each_spacing_is_asked_for_by_its_number(
    vendor: IssVendor, pauses: list[float], interval: str, number: int, minutes: int
) -> None:
    candles = market.intraday(BUSY[:3], time(10), timedelta(minutes=minutes), 520 // minutes)
    vendor.boards = [Board("TQBR", 57, DAYS, primary=True, candles=candles)]
    assert len(by(interval, vendor, pauses).history(SYMBOL, BUSY[0], BUSY[2], NOW).bars) == len(candles)
    assert {f"interval={number}&" in path for path in vendor.log if "/candles.json" in path} == {True}


@pytest.mark.parametrize(
    ("count", "starts"),
    [
        (0, ["0"]),
        (1, ["0"]),
        (499, ["0", "498"]),
        (500, ["0", "499"]),
        (501, ["0", "499", "500"]),
        (1000, ["0", "499", "998", "999"]),
    ],
)
def test_pages_overlap_by_a_candle_and_the_last_has_nothing_new(
    vendor: IssVendor, pauses: list[float], count: int, starts: list[str]
) -> None:
    candles = market.intraday(BUSY[:2], time(10), timedelta(minutes=1), 520)[:count]
    vendor.boards = [Board("TQBR", 57, DAYS, primary=True, candles=candles)]
    assert len(by("1m", vendor, pauses).history(SYMBOL, BUSY[0], BUSY[1], NOW).bars) == count
    assert asked(vendor) == starts


def test_an_empty_page_among_candles_is_asked_again_and_not_taken_for_the_end(
    vendor: IssVendor, pauses: list[float]
) -> None:
    vendor.boards = [Board("TQBR", 57, DAYS, primary=True, candles=HOURS)]
    first = vendor.answer("/iss/engines/stock/markets/shares/boards/TQBR/securities/SIM/candles.json",
                          {"from": str(BUSY[0]), "till": str(BUSY[-1]), "start": "0", "interval": "60"})  # fmt: skip
    hole = reply({"candles": table(["begin", "open", "high", "low", "close", "volume"], [])})
    vendor.plan = [first, hole]
    assert len(by("1h", vendor, pauses).history(SYMBOL, BUSY[0], BUSY[-1], NOW).bars) == len(HOURS)
    assert [pause for pause in pauses if pause] == [2.0]
    vendor.plan = [first] * 5  # a server that does not turn the page
    with pytest.raises(UnavailableError, match=rf"ended after the candle of {HOURS[499].begin}"):
        by("1h", vendor, pauses).history(SYMBOL, BUSY[0], BUSY[-1], NOW)


def test_hours_are_moscow_s_in_the_offset_of_their_time(vendor: IssVendor, pauses: list[float]) -> None:
    days = [date(2014, 10, 24), date(2014, 10, 27)]  # the clocks went from UTC+4 to UTC+3 in between
    board = Board("TQBR", 57, [Day(day, 1.0) for day in days], primary=True,
                  candles=market.intraday(days, time(10), timedelta(hours=1), 1))  # fmt: skip
    vendor.boards = [board]
    bars = by("1h", vendor, pauses).history(SYMBOL, days[0], days[1], NOW).bars
    assert bars.start.astype(str).tolist() == ["2014-10-24T06:00:00", "2014-10-27T07:00:00"]


def test_an_index_has_candles_and_no_actions(vendor: IssVendor, pauses: list[float]) -> None:
    candles = [Day(bar.session, bar.close, 0, bar.at) for bar in HOURS]  # an index is not traded
    vendor.boards = [Board("SNDX", 104, DAYS, primary=True, market="index", candles=candles)]
    bars = by("1h", vendor, pauses).history(SYMBOL, BUSY[0], BUSY[-1], NOW).bars
    assert len(bars) == len(HOURS)
    assert len(bars.action_date) == 0
    assert not [path for path in vendor.log if "dividends" in path or "splits" in path]


def test_the_candles_of_a_session_are_one_board_s(vendor: IssVendor, pauses: list[float]) -> None:
    thin = [Day(bar.session, 77.0, 1, bar.at) for bar in HOURS[:18]]
    vendor.boards = [
        Board("TQBR", 57, DAYS, primary=True, candles=[*thin, *HOURS[18:]]),
        Board("EQBR", 6, DAYS[:80], candles=HOURS[:17]),  # one hour less, and more volume
    ]
    bars = by("1h", vendor, pauses).history(SYMBOL, BUSY[0], BUSY[2], NOW).bars
    assert bars.close.tolist() == [bar.close for bar in [*HOURS[:17], *HOURS[18:27]]]


@pytest.mark.parametrize(
    "failure", [Reply(500, b""), HTML, Reply(429, b""), Reply(404, b""), reply({}), Reply(body=b'{"c": ', cut=True)]
)
def test_a_failure_among_candles_is_asked_again(vendor: IssVendor, pauses: list[float], failure: Reply) -> None:
    vendor.boards = [Board("TQBR", 57, DAYS, primary=True, candles=HOURS)]
    source = by("1h", vendor, pauses)
    vendor.plan = [failure] * 2
    assert len(source.history(SYMBOL, BUSY[0], BUSY[-1], NOW).bars) == len(HOURS)
    vendor.plan = [failure] * 4
    with pytest.raises(UnavailableError):
        source.history(SYMBOL, BUSY[0], BUSY[-1], NOW)


@pytest.mark.parametrize("wrong", [{"begin": "yesterday"}, {"begin": None}, {"close": "n/a"}])
def test_a_candle_that_cannot_be_read_is_quarantined_and_the_rest_stays(
    vendor: IssVendor, pauses: list[float], wrong: dict[str, object]
) -> None:
    vendor.boards = [Board("TQBR", 57, DAYS, primary=True, candles=HOURS)]
    columns = ["begin", "open", "high", "low", "close", "volume"]
    rows = [{"begin": str(bar.begin), **{name: getattr(bar, name) for name in columns[1:]}} for bar in HOURS[:3]]
    rows[1] |= wrong
    page = reply({"candles": table(columns, [list(row.values()) for row in rows])})
    last = reply({"candles": table(columns, [list(rows[2].values())])})
    vendor.plan = [page, last]
    history = by("1h", vendor, pauses).history(SYMBOL, BUSY[0], BUSY[0], NOW)
    assert len(history.bars) == 2
    (rejected,) = history.quarantined
    assert (rejected.start, rejected.reason) == (str(rows[1]["begin"]), "unreadable")


def test_a_day_that_cannot_be_read_is_quarantined_and_the_rest_stays(source: PriceSource, vendor: IssVendor) -> None:
    columns = ["TRADEDATE", "OPEN", "LOW", "HIGH", "CLOSE", "VOLUME"]
    rows = [[str(day), 1.0, 1.0, 1.0, 1.0, 5] for day in SESSIONS[:3]]
    rows[1][0] = "2024-13-45"
    vendor.plan = [reply({"history": table(columns, rows), "history.cursor": table(["TOTAL"], [[3]])})]
    history = source.history(SYMBOL, SESSIONS[0], SESSIONS[2], NOW)
    assert len(history.bars) == 2
    assert [(q.start, q.reason) for q in history.quarantined] == [("2024-13-45", "unreadable")]


def test_a_cursor_that_is_no_number_is_an_outage(source: PriceSource, vendor: IssVendor) -> None:
    columns = ["TRADEDATE", "OPEN", "LOW", "HIGH", "CLOSE", "VOLUME"]
    vendor.plan = [reply({"history": table(columns, []), "history.cursor": table(["TOTAL"], [["many"]])})] * 4
    with pytest.raises(UnavailableError, match="ended after 0 of many rows"):
        source.history(SYMBOL, FIRST, LAST, NOW)


@pytest.mark.parametrize("registry", ["soon", 20240718])
def test_a_dividend_that_cannot_be_read_refuses_the_series(
    source: PriceSource, vendor: IssVendor, registry: str | int
) -> None:
    vendor.dividends = [(registry, market.DIVIDEND, "RUB")]
    with pytest.raises(UnreadableError, match=r"SIM.*cannot be read"):
        source.history(SYMBOL, FIRST, LAST, NOW)


@pytest.mark.parametrize("registry", [None, ""])
def test_a_dividend_without_a_registry_date_is_left_out(
    source: PriceSource, vendor: IssVendor, registry: str | None
) -> None:
    vendor.dividends = [(registry, market.DIVIDEND, "RUB")]
    assert source.history(SYMBOL, FIRST, LAST, NOW).bars.action_date.tolist() == [market.SPLIT_DAY]


def test_a_split_without_its_numbers_is_left_out(source: PriceSource, vendor: IssVendor) -> None:
    vendor.splits = [(market.SPLIT_DAY, 0, 2)]
    assert source.history(SYMBOL, FIRST, LAST, NOW).bars.action_date.tolist() == [market.DIVIDEND_DAY]


# --- boards and bars ------------------------------------------------------------------------------------------------


def board(name: str, **changes: Cell) -> IssBoard:
    row: dict[str, Cell] = {
        "boardid": name, "engine": "stock", "market": "shares", "board_group_id": 57, "history_from": "2010-01-01",
        "history_till": "2020-01-01", "is_primary": 0, "currencyid": "SUR",
    }  # fmt: skip
    return IssBoard.of({**row, **changes})


def test_the_primary_board_comes_first_and_only_those_of_its_series_follow() -> None:
    boards = [
        board("EQBR", board_group_id=6), board("TQBR", is_primary=1), board("SMAL", board_group_id=9),
        board("TQBD", currencyid="USD"), board("FQBR", engine="other"), board("NEW", history_from=None),
    ]  # fmt: skip
    assert [b.name for b in main_boards(boards)] == ["TQBR", "EQBR"]
    assert main_boards([]) == []


def test_without_a_primary_the_board_with_the_latest_history_is_taken() -> None:
    boards = [board("OLD"), board("LATE", history_till="2024-01-01"), board("NONE", history_till=None)]
    assert main_boards(boards)[0].name == "LATE"
    assert [b.name for b in main_boards([board("NEW", history_from=None)])] == ["NEW"]


@pytest.mark.parametrize(
    ("changes", "trades"),
    [({}, True), ({"history_from": "2021-01-01"}, False), ({"history_till": "2012-01-01"}, False),
     ({"history_till": None}, True), ({"history_from": None}, False)],
)  # fmt: skip
def test_a_board_trades_in_a_span_that_its_history_overlaps(changes: dict[str, Cell], trades: bool) -> None:
    assert board("TQBR", **changes).trades(date(2015, 1, 1), date(2015, 12, 31)) is trades


def test_a_symbol_is_quoted_in_a_path() -> None:
    path = board("TQBR").path("A/B C")
    assert path == "/engines/stock/markets/shares/boards/TQBR/securities/A%2FB%20C"


def test_a_row_is_a_bar_if_it_has_a_time_and_numbers_or_nothing() -> None:
    row: dict[str, Cell] = {
        "begin": "2024-01-08 10:00:00",
        "open": 1,
        "high": 2.5,
        "low": None,
        "close": 2.0,
        "volume": 7,
    }
    bar = IssBar.of(row, daily=False)
    assert bar is not None
    assert (bar.begin, bar.open, bar.high, bar.volume) == ("2024-01-08 10:00:00", 1, 2.5, 7)
    assert np.isnan(bar.low)
    wrong_cells: list[tuple[str, Cell]] = [("begin", None), ("begin", "soon"), ("begin", 20240108), ("open", "1")]
    for name, cell in wrong_cells:
        assert IssBar.of({**row, name: cell}, daily=False) is None


def test_each_session_is_taken_whole_from_the_board_with_the_largest_volume() -> None:
    def bars(day: str, *volumes: float) -> list[IssBar]:
        return [IssBar(f"{day} 1{n}:00:00", 1, 1, 1, 1, volume) for n, volume in enumerate(volumes)]

    first = [*bars("2024-01-08", 5, 5), *bars("2024-01-09", 1)]
    second = [*bars("2024-01-08", 9), *bars("2024-01-09", 2, float("nan")), *bars("2024-01-10", 0)]
    assert most_traded([first, second]) == [*first[:2], *second[1:]]
    assert most_traded([]) == []
