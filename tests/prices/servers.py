"""Loopback servers that speak Yahoo's and the Moscow Exchange's protocols to the real clients.

`plan` holds answers to give before the proper ones, in order; `log` what was asked.
"""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

from tests.prices import market
from tests.prices.market import Day


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: bytes = b"{}"
    media_type: str = "application/json"
    cut: bool = False  # promise the whole body and send half of it
    pause: float = 0.0  # seconds before the answer
    trickle: bool = False  # a byte every twentieth of a second


HTML = Reply(200, b"<html><body>Will be back soon</body></html>", "text/html")


def reply(content: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(content).encode())


@dataclass
class Vendor:
    """A vendor's data and its faults."""

    plan: list[Reply] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    url: str = ""
    media_type: str | None = None  # in place of the right one
    released: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str, query: dict[str, str]) -> Reply:
        raise NotImplementedError

    def parts(self, answer: Reply) -> Iterator[bytes]:
        """Yield the parts of the body that are sent."""
        if not answer.trickle:
            yield answer.body[: len(answer.body) // 2] if answer.cut else answer.body
            return
        for n in range(len(answer.body)):
            yield answer.body[n : n + 1]
            self.released.wait(0.05)

    @contextmanager
    def serving(self) -> Iterator[str]:
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_POST(self) -> None:
                self.respond({"sent": self.rfile.read(int(self.headers["Content-Length"])).decode()})

            def do_GET(self) -> None:
                self.respond({})

            def respond(self, sent: dict[str, str]) -> None:
                parts = urlsplit(self.path)
                vendor.log.append(unquote(self.path))
                query = {**{key: values[0] for key, values in parse_qs(parts.query).items()}, **sent}
                answer = vendor.answer(unquote(parts.path), query)
                vendor.released.wait(answer.pause)
                self.send_response(answer.status)
                self.send_header("Content-Type", vendor.media_type or answer.media_type)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                with suppress(OSError):  # a client may hang up before the end
                    for part in vendor.parts(answer):
                        self.wfile.write(part)
                        self.wfile.flush()
                self.close_connection = answer.cut

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Keep the test's output clean."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self.url
        finally:
            self.released.set()
            server.shutdown()
            server.server_close()
            thread.join()


_DEPTH = {"1m": 8, "2m": 60, "5m": 60, "15m": 60, "30m": 60, "60m": 730, "1h": 730}  # days, as Yahoo documents them


# --- Yahoo ----------------------------------------------------------------------------------------------------------


@dataclass
class YahooVendor(Vendor):
    """`v8/finance/chart` with the cookie page and the crumb; prices and dividends divided by later splits."""

    days: Sequence[Day] = tuple(market.DAYS)
    candles: Sequence[Day] = ()  # what is served where the interval is finer than a day
    zone: str = "America/New_York"
    currency: str = "USD"
    event_at: time = time(9, 30)

    @property
    def charts(self) -> list[str]:
        return [path for path in self.log if "/v8/finance/chart/" in path]

    def answer(self, path: str, query: dict[str, str]) -> Reply:
        if path.startswith("/fc.yahoo.com"):
            return Reply(404, b"", "text/html")
        if path.endswith("/v1/test/getcrumb"):
            return Reply(200, b"crumb", "text/plain")
        if "/v8/finance/chart/" not in path:
            return Reply(404, b"<html>not here</html>", "text/html")
        if self.plan:
            return self.plan.pop(0)
        symbol = path.rpartition("/")[2]
        if symbol != market.SYMBOL:
            words = "No data found, symbol may be delisted"
            return reply({"chart": {"result": None, "error": {"code": "Not Found", "description": words}}}, 404)
        first, end, interval = int(query["period1"]), int(query["period2"]), query["interval"]
        depth = _DEPTH.get(interval)
        if depth and first < (market.NOW - timedelta(days=depth)).timestamp():
            words = (
                f"{interval} data not available for startTime={first} and endTime={end}. The requested range must be "
                f"within the last {depth} days."
            )
            error = {"code": "Unprocessable Entity", "description": words}
            return reply({"chart": {"result": None, "error": error}}, 422)
        bars = self.candles if depth else self.days
        return reply({"chart": {"result": [self.chart(bars, first, end, interval)], "error": None}})

    def _stamp(self, begin: datetime) -> int:
        return int(begin.replace(tzinfo=ZoneInfo(self.zone)).timestamp())

    def _period(self, session: date) -> dict[str, object]:
        start, end = (self._stamp(datetime.combine(session, at)) for at in (time(9, 30), time(16)))
        return {"timezone": "EST", "start": start, "end": end, "gmtoffset": -18000}

    def chart(self, bars: Sequence[Day], first: int, end: int, interval: str) -> dict[str, object]:
        chosen = [bar for bar in bars if first <= self._stamp(bar.begin) < end]

        def column(name: str) -> list[float | None]:
            values = [(getattr(day, name), day.session) for day in chosen]
            return [None if v is None else v / (market.SPLIT if s < market.SPLIT_DAY else 1) for v, s in values]

        def event(session: date, content: dict[str, object]) -> dict[str, object]:
            at = self._stamp(datetime.combine(session, self.event_at))
            return {str(at): {"date": at, **content}} if first <= at < end else {}

        meta = {
            "currency": self.currency, "symbol": market.SYMBOL, "instrumentType": "EQUITY",
            "exchangeTimezoneName": self.zone,
            "exchangeName": "NMS", "timezone": "EST", "gmtoffset": -18000, "validRanges": ["1d", "max"],
            "dataGranularity": interval, "range": "", "priceHint": 2,
        }  # fmt: skip
        if interval in _DEPTH:
            meta["tradingPeriods"] = [[self._period(session)] for session in sorted({bar.session for bar in chosen})]
        if not chosen:
            return {"meta": meta, "indicators": {"quote": [{}], "adjclose": [{}]}}
        quote = {name: column(name) for name in ("open", "high", "low", "close")}
        volume = [None if day.close is None else day.volume for day in chosen]
        dividend = market.DIVIDEND / market.SPLIT
        return {
            "meta": meta,
            "timestamp": [self._stamp(bar.begin) for bar in chosen],
            "events": {
                "dividends": event(market.DIVIDEND_DAY, {"amount": dividend}),
                "splits": event(market.SPLIT_DAY, {"numerator": market.SPLIT, "denominator": 1.0, "splitRatio": "2:1"}),
            },
            "indicators": {"quote": [{**quote, "volume": volume}], "adjclose": [{"adjclose": quote["close"]}]},
        }


# --- the Moscow Exchange --------------------------------------------------------------------------------------------


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> dict[str, object]:
    return {"columns": list(columns), "data": [list(row) for row in rows]}


@dataclass(frozen=True)
class Board:
    name: str
    group: int
    days: Sequence[Day]
    primary: bool = False
    market: str = "shares"
    candles: Sequence[Day] = ()


@dataclass
class IssVendor(Vendor):
    """ISS with its boards, history, candles, dividends and splits. `plan` is given to requests for bars only."""

    boards: Sequence[Board] = (Board("TQBR", 57, tuple(market.DAYS), primary=True),)
    dividends: Sequence[tuple[date | str | int | None, float, str]] = ((market.DIVIDEND_DAY, market.DIVIDEND, "RUB"),)
    splits: Sequence[tuple[date, int, int]] = ((market.SPLIT_DAY, 1, 2),)
    page: int = 100
    candle_page: int = 500
    currency: str | None = "RUB"

    def answer(self, path: str, query: dict[str, str]) -> Reply:
        if path.startswith("/iss/history/"):
            return self.plan.pop(0) if self.plan else self._history(path, query)
        if path.startswith("/iss/engines/") and path.endswith("/candles.json"):
            return self.plan.pop(0) if self.plan else self._candles(path, query)
        if path.endswith("/dividends.json"):
            rows = [
                (market.SYMBOL, str(day) if isinstance(day, date) else day, value, currency)
                for day, value, currency in self.dividends
            ]
            return reply({"dividends": table(["secid", "registryclosedate", "value", "currencyid"], rows)})
        if path.startswith("/iss/statistics/engines/stock/splits/"):
            split = [(str(day), market.SYMBOL, before, after) for day, before, after in self.splits]
            return reply({"splits": table(["tradedate", "secid", "before", "after"], split)})
        columns = [
            "secid",
            "boardid",
            "board_group_id",
            "market",
            "engine",
            "history_from",
            "history_till",
            "is_primary",
        ]
        boards = [
            (market.SYMBOL, b.name, b.group, b.market, "stock", str(b.days[0].session), str(b.days[-1].session),
             int(b.primary), self.currency)
            for b in self.boards
        ]  # fmt: skip
        return reply({"boards": table([*columns, "currencyid"], boards if market.SYMBOL in path else [])})

    def _history(self, path: str, query: dict[str, str]) -> Reply:
        board = next(b for b in self.boards if f"/boards/{b.name}/" in path)
        days = [day for day in board.days if query["from"] <= str(day.session) <= query["till"]]
        start = int(query["start"])
        rows = [
            (board.name, str(d.session), market.SYMBOL, d.open, d.low, d.high, d.close, d.volume)
            for d in days[start : start + self.page]
        ]
        columns = ["BOARDID", "TRADEDATE", "SECID", "OPEN", "LOW", "HIGH", "CLOSE", "VOLUME"]
        cursor = table(["INDEX", "TOTAL", "PAGESIZE"], [(start, len(days), self.page)])
        return reply({"history": table(columns, rows), "history.cursor": cursor})

    def _candles(self, path: str, query: dict[str, str]) -> Reply:
        board = next(b for b in self.boards if f"/boards/{b.name}/" in path)
        bars = [bar for bar in board.candles if query["from"] <= str(bar.session) <= query["till"]]
        start = int(query["start"])
        rows = [
            (bar.open, bar.close, bar.high, bar.low, 0.0, bar.volume, str(bar.begin), str(bar.begin))
            for bar in bars[start : start + self.candle_page]
        ]
        return reply({"candles": table(["open", "close", "high", "low", "value", "volume", "begin", "end"], rows)})
