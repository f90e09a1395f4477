"""Loopback servers that speak Yahoo's and the Moscow Exchange's protocols to the real clients.

`plan` holds answers to give before the proper ones, in order; `log` what was asked.
"""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
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


HTML = Reply(200, b"<html><body>Will be back soon</body></html>", "text/html")


def reply(content: object, status: int = 200) -> Reply:
    return Reply(status, json.dumps(content).encode())


@dataclass
class Vendor:
    """What a vendor knows and how it misbehaves."""

    plan: list[Reply] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str, query: dict[str, str]) -> Reply:
        raise NotImplementedError

    @contextmanager
    def serving(self) -> Iterator[str]:
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                vendor.log.append(unquote(self.path))
                query = {key: values[0] for key, values in parse_qs(parts.query).items()}
                given = vendor.answer(unquote(parts.path), query)
                vendor.released.wait(given.pause)
                self.send_response(given.status)
                self.send_header("Content-Type", given.media_type)
                self.send_header("Content-Length", str(len(given.body)))
                self.end_headers()
                self.wfile.write(given.body[: len(given.body) // 2] if given.cut else given.body)
                self.wfile.flush()
                self.close_connection = given.cut

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


# --- Yahoo ----------------------------------------------------------------------------------------------------------


@dataclass
class YahooVendor(Vendor):
    """`v8/finance/chart` with the cookie page and the crumb; prices and dividends divided by later splits."""

    days: Sequence[Day] = tuple(market.DAYS)
    zone: str = "America/New_York"

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
        return reply({"chart": {"result": [self.chart(int(query["period1"]), int(query["period2"]))], "error": None}})

    def _stamp(self, session: date) -> int:
        return int(datetime.combine(session, time(9, 30), ZoneInfo(self.zone)).timestamp())

    def chart(self, first: int, end: int) -> dict[str, object]:
        chosen = [day for day in self.days if first <= self._stamp(day.session) < end]

        def column(name: str) -> list[float | None]:
            values = [(getattr(day, name), day.session) for day in chosen]
            return [None if v is None else v / (market.SPLIT if s < market.SPLIT_DAY else 1) for v, s in values]

        def event(session: date, content: dict[str, object]) -> dict[str, object]:
            at = self._stamp(session)
            return {str(at): {"date": at, **content}} if first <= at < end else {}

        meta = {
            "currency": "USD", "symbol": market.SYMBOL, "instrumentType": "EQUITY", "exchangeTimezoneName": self.zone,
            "exchangeName": "NMS", "timezone": "EST", "gmtoffset": -18000, "validRanges": ["1d", "max"],
            "dataGranularity": "1d", "range": "", "priceHint": 2,
        }  # fmt: skip
        if not chosen:
            return {"meta": meta, "indicators": {"quote": [{}], "adjclose": [{}]}}
        quote = {name: column(name) for name in ("open", "high", "low", "close")}
        volume = [None if day.close is None else day.volume for day in chosen]
        dividend = market.DIVIDEND / market.SPLIT
        return {
            "meta": meta,
            "timestamp": [self._stamp(day.session) for day in chosen],
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


@dataclass
class IssVendor(Vendor):
    """ISS with its boards, paged history, dividends and splits. `plan` is given to history requests only."""

    boards: Sequence[Board] = (Board("TQBR", 57, tuple(market.DAYS), primary=True),)
    dividends: Sequence[tuple[date, float, str]] = ((market.DIVIDEND_DAY, market.DIVIDEND, "RUB"),)
    splits: Sequence[tuple[date, int, int]] = ((market.SPLIT_DAY, 1, 2),)
    page: int = 100
    currency: str | None = "RUB"

    def answer(self, path: str, query: dict[str, str]) -> Reply:
        known = market.SYMBOL in path
        if path.startswith("/iss/history/"):
            return self.plan.pop(0) if self.plan else self._history(path, query)
        if path.endswith("/dividends.json"):
            rows = [(market.SYMBOL, str(day), value, currency) for day, value, currency in self.dividends]
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
        return reply({"boards": table([*columns, "currencyid"], boards if known else [])})

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
