"""Bars, dividends and splits from ISS, the Moscow Exchange's public information server.

ISS answers with tables, `{"history": {"columns": [...], "data": [...]}}`; columns are read by name because their order
changes. Prices are raw. A row without prices is a session without a trade. An unknown security is a status 200 with
empty tables. Daily bars are the history, in pages with a cursor; finer bars are candles in Moscow time, in pages
without a cursor. See https://iss.moex.com/iss/reference/.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from http import HTTPStatus
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote
from zoneinfo import ZoneInfo

import numpy as np

from signals.errors import NotFoundError, RateLimitedError, UnavailableError, UnreadableError
from signals.net.addresses import host_of, site_of
from signals.net.budget import Item, Limits
from signals.net.client import Client
from signals.net.public_session import PublicSession
from signals.net.rate_limit import RateLimiter
from signals.net.retry import retry
from signals.net.traffic import TRAFFIC, Traffic
from signals.prices import actions, local_time, screening
from signals.prices.actions import Actions
from signals.prices.intervals import check_interval
from signals.types import Bars, History, PriceSpec, Quarantined, Times

Cell = str | int | float | None  # of a table
Row = Mapping[str, Cell]

# Board groups of the main order book: with the central counterparty (TQBR ...) and, before 2013-14, without (EQBR ...).
_MAIN_BOOKS = (57, 6)
_ROUBLES = {"SUR": "RUB", "RUB": "RUB"}

# Since when a trade settles how many sessions later. The ex-date is the first session whose trades settle after the
# registry date.
_SETTLEMENT = ((date(2023, 7, 31), 1), (date(2013, 9, 2), 2), (date.min, 0))

# Days before a span, whose bars show a bad tick at its start; a day has many candles.
_MARGIN, _CANDLE_MARGIN = timedelta(days=14), timedelta(days=4)

_DELAY, _AT_ONCE = 0.1, 4  # by default: seconds between requests, symbols at the same time

_MOSCOW = ZoneInfo("Europe/Moscow")

# What the pages of one symbol may cost: years of minutes are thousands of pages. A page has some hundred kilobytes.
_TIMEOUTS, _SIZE, _REQUESTS, _PAGE_SIZE = 30, 500_000_000, 10_000, 5_000_000
_DAY_MINUTES = 24 * 60

#: The intervals of the candles that ISS serves, and its number for each.
CANDLES = {"1m": 1, "10m": 10, "1h": 60}

_FIELDS = ("open", "high", "low", "close", "volume")

# The columns that are read from each table.
_COLUMNS = {
    "boards": ("boardid", "engine", "market", "history_from", "history_till"),
    "history": ("TRADEDATE", "OPEN", "HIGH", "LOW", "CLOSE", "VOLUME"),
    "history.cursor": ("TOTAL",),
    "candles": ("begin", "open", "high", "low", "close", "volume"),
    "dividends": ("registryclosedate", "value", "currencyid"),
    "splits": ("tradedate", "before", "after"),
    "securities": ("secid", "shortname", "name", "isin", "is_traded", "group"),
}


class Board(NamedTuple):
    """A trading mode of a security; `first` and `last` are the ISO dates of its history, or empty."""

    name: str
    engine: str
    market: str
    group: Cell
    first: str
    last: str
    is_primary: float
    currency: str | None

    @classmethod
    def of(cls, row: Row) -> Board:
        """Return the board that a row of ISS describes."""
        first, last, is_primary = row["history_from"], row["history_till"], row.get("is_primary")
        return cls(
            str(row["boardid"]), str(row["engine"]), str(row["market"]), row.get("board_group_id"), str(first or ""),
            str(last or ""), float(is_primary or 0), _currency(row),
        )  # fmt: skip

    def is_one_series_with(self, other: Board) -> bool:
        """Return whether the prices of both boards make one series."""
        return (self.engine, self.market, self.currency) == (other.engine, other.market, other.currency)

    def trades(self, first: date, last: date) -> bool:
        """Return whether the board's history overlaps a span."""
        return bool(self.first) and self.first <= str(last) and (not self.last or self.last >= str(first))

    def path(self, symbol: str) -> str:
        """Return the path of a security on this board."""
        board = f"/engines/{self.engine}/markets/{self.market}/boards/{self.name}"
        return f"{board}/securities/{quote(symbol, safe='')}"


class IssBar(NamedTuple):
    """A row of the history or of the candles; `begin` is as written."""

    begin: str
    open: float
    high: float
    low: float
    close: float
    volume: float

    @classmethod
    def of(cls, row: Row, daily: bool) -> IssBar | None:
        """Return the bar, or None if the row has no time, or text in place of a number."""
        begin = row["TRADEDATE" if daily else "begin"]
        cells = [row[name.upper() if daily else name] for name in _FIELDS]
        values = [np.nan if cell is None else cell for cell in cells if not isinstance(cell, str)]
        if not isinstance(begin, str) or len(values) < len(cells):
            return None
        try:
            datetime.fromisoformat(begin)
        except ValueError:
            return None
        return cls(begin, *values)


class MoexSource:
    """A `PriceSource` over ISS; its requests begin `delay` seconds apart. It has no use for the folder `_root`."""

    def __init__(
        self, spec: PriceSpec, _root: Path = Path(), *, sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic, traffic: Traffic = TRAFFIC,
    ) -> None:  # fmt: skip
        check_interval(spec, ("1d", *CANDLES))
        self._spec = spec
        self._daily = spec.interval not in CANDLES
        self._base = (spec.base_url or "https://iss.moex.com").rstrip("/")
        self._sleep = sleep
        self._rate_limit = RateLimiter(_DELAY if spec.delay is None else spec.delay, sleep, clock)
        self._hosts = traffic.hosts
        self._budget = traffic.source_budget()
        self._allowed_hosts = frozenset({host_of(spec.base_url)} if spec.base_url else ())
        self._threads = threading.local()

    @property
    def name(self) -> str:
        """The source's name in the configuration."""
        return self._spec.name

    @property
    def interval(self) -> str:
        """The spacing of its bars."""
        return self._spec.interval

    @property
    def at_once(self) -> int:
        """The number of threads that may request at the same time."""
        return self._spec.at_once or _AT_ONCE

    def version(self, symbol: str) -> None:  # noqa: ARG002 - the protocol gives the symbol
        """Return None: ISS is requested by spans."""
        return

    def serves_from(self, now: datetime) -> None:  # noqa: ARG002 - the protocol gives the time
        """Return None: ISS leaves out the bars that it has not."""
        return

    def history(self, symbol: str, first: date, last: date, now: datetime) -> History:
        """Return the bars of `first` to `last`, both included.

        Raises
        ------
        NotFoundError
            ISS does not know the security.
        UnavailableError
            ISS could not be reached, or did not answer with its tables, also after retries.
        LeftAloneError, OverBudgetError
            ISS is left alone for now, or the symbol took more than it may.
        UnreadableError
            A dividend or a split cannot be read, or pages repeat. A bar that cannot be read is quarantined.
        """
        with self._asking(symbol):
            return self._history(symbol, first, last, now)

    def _history(self, symbol: str, first: date, last: date, now: datetime) -> History:
        rows = self._table(symbol, f"/iss/securities/{quote(symbol, safe='')}.json", "boards")
        boards = main_boards([Board.of(row) for row in rows])
        if not boards:
            raise NotFoundError(self.name, symbol, "ISS does not know this security; correct it under `symbols`")
        iss_bars, quarantined = self._iss_bars(symbol, boards, first, last)
        starts = _starts(iss_bars, self._daily)
        sessions = np.unique(np.array([bar.begin[:10] for bar in iss_bars], dtype="datetime64[D]"))
        currency = boards[0].currency
        days, dividends, splits = actions.no_actions()
        if boards[0].market == "shares" and iss_bars:
            (days, dividends, splits), foreign = self._actions(symbol, sessions, currency)
            quarantined += foreign
        columns = (np.array([getattr(bar, name) for bar in iss_bars], dtype=np.float64) for name in _FIELDS)
        opens, highs, lows, closes, volumes = columns
        bars = Bars(
            symbol, self.name, self.interval, starts, opens, highs, lows, closes, volumes,
            days, dividends, splits, now, currency,
            split_adjusted=bool(self._spec.split_adjusted),
        )  # fmt: skip
        screened = screening.screen(bars, now)
        whole = History(screened.bars, screened.quarantined + tuple(quarantined))
        dates = None if self._daily else local_time.local_dates(screened.bars.start, _MOSCOW)
        return screening.span(whole, first, last, dates)

    def _iss_bars(
        self, symbol: str, boards: Sequence[Board], first: date, last: date
    ) -> tuple[list[IssBar], list[Quarantined]]:
        """Return each session's bars from one board, and the rows that cannot be read as bars."""
        margin, fetch = (_MARGIN, self._board_history) if self._daily else (_CANDLE_MARGIN, self._board_candles)
        series: list[list[IssBar]] = []
        unreadable: list[Quarantined] = []
        for board in boards:
            series.append([])
            for row in fetch(symbol, board, first - margin, last):
                bar = IssBar.of(row, self._daily)
                if bar is None:
                    unreadable.append(self._unreadable(symbol, row))
                else:
                    series[-1].append(bar)
        return most_traded(series), unreadable

    def _actions(self, symbol: str, sessions: Times, currency: str | None) -> tuple[Actions, list[Quarantined]]:
        """Return dividends and splits, and the dividends in another currency than the prices."""
        quoted = quote(symbol, safe="")
        dividends = self._table(symbol, f"/iss/securities/{quoted}/dividends.json", "dividends")
        splits = self._table(symbol, f"/iss/statistics/engines/stock/splits/{quoted}.json", "splits")
        own: list[Row] = []
        foreign: list[Row] = []
        for row in dividends:
            (own if not currency or _currency(row) in (currency, None) else foreign).append(row)
        try:
            merged = _merge_actions(sessions, own, splits)
        except (ValueError, TypeError) as error:
            problem = f"a dividend or a split of ISS cannot be read ({error}); run again later"
            raise UnreadableError(self.name, symbol, problem) from None
        return merged, [self._foreign(symbol, row) for row in foreign]

    def _board_history(self, symbol: str, board: Board, first: date, last: date) -> list[Row]:
        """Return one board's rows, page by page until the cursor's total."""
        if not board.trades(first, last):
            return []
        path = "/iss/history" + board.path(symbol) + ".json"
        pages = _Pages(most=2 * ((last - first).days + 2), column="TRADEDATE")
        rows: list[Row] = []
        total = 1
        while len(rows) < total:
            params = {"from": str(first), "till": str(last), "start": str(len(rows))}
            page, total = retry(lambda: self._page(symbol, path, params), self._pause)  # noqa: B023 - called at once
            self._check_pages(symbol, path, pages.add(page))
            rows += page
        return rows

    def _board_candles(self, symbol: str, board: Board, first: date, last: date) -> list[Row]:
        """Return one board's candles. There is no cursor with the total, so each page begins with the last row so far.

        An empty page is therefore a failure; a page without a new row is the end.
        """
        if not board.trades(first, last):
            return []
        path = "/iss" + board.path(symbol) + "/candles.json"
        span = {"interval": str(CANDLES[self.interval]), "from": str(first), "till": str(last)}
        minutes = _DAY_MINUTES // CANDLES[self.interval]
        pages = _Pages(most=2 * ((last - first).days + 2) * minutes, column="begin")
        rows: list[Row] = []
        while True:
            params = {**span, "start": str(max(len(rows) - 1, 0))}
            previous = rows[-1]["begin"] if rows else None
            page = retry(lambda: self._candles(symbol, path, params, previous), self._pause)  # noqa: B023 - called at once
            self._check_pages(symbol, path, pages.add(page[bool(rows) :]))
            rows[-1:] = page
            if len(page) < 2:
                return rows

    def _candles(self, symbol: str, path: str, params: Mapping[str, str], previous: Cell) -> list[Row]:
        (page,) = self._request(symbol, path, params, "candles")
        if previous and (not page or page[0]["begin"] != previous):
            raise UnavailableError(self.name, symbol, f"{path} ended after the candle of {previous}; run again later")
        return page

    def _page(self, symbol: str, path: str, params: Mapping[str, str]) -> tuple[list[Row], int]:
        page, cursor = self._request(symbol, path, params, "history", "history.cursor")
        total = cursor[0]["TOTAL"] if cursor else None
        if not isinstance(total, int) or (not page and int(params["start"]) < total):
            raise UnavailableError(self.name, symbol, f"{path} ended after {params['start']} of {total} rows")
        return page, total

    def _table(self, symbol: str, path: str, name: str) -> list[Row]:
        return retry(lambda: self._request(symbol, path, {}, name)[0], self._pause)

    def _check_pages(self, symbol: str, path: str, problem: str) -> None:
        if problem:
            raise UnreadableError(self.name, symbol, f"{path} {problem}; nothing of it is used, run again later")

    # --- requests ---------------------------------------------------------------------------------------------------

    @contextmanager
    def _asking(self, symbol: str) -> Iterator[None]:
        """Let this thread ask for one symbol, within its budget; a thread keeps its connections."""
        item = Item(self.name, symbol, Limits(_TIMEOUTS * self._spec.timeout, _SIZE, _REQUESTS), self._budget)
        if not hasattr(self._threads, "client"):
            session, timeout = PublicSession(self._allowed_hosts, item), self._spec.timeout
            self._threads.client = Client(session, self._hosts, timeout, _PAGE_SIZE, answer_within=timeout)
        self._client.session.item = item
        with item:
            yield

    @property
    def _client(self) -> Client:
        """The client of this thread."""
        client: Client = self._threads.client
        return client

    def _pause(self, seconds: float) -> None:
        self._hosts.pause(site_of(self._base), self._client.session.item, seconds, self._sleep)

    def _request(self, symbol: str, path: str, params: Mapping[str, str], *names: str) -> list[list[Row]]:
        """Return the rows of the named tables, from one request."""
        self._rate_limit.wait(self._pause)
        reply = self._client.follow(self._base + path, {}, {**params, "iss.meta": "off"})
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise RateLimitedError(self.name, symbol, "ISS asks to slow down; run again later", reply.retry_after)
        try:
            if reply.status != HTTPStatus.OK:
                raise ValueError(reply.status)
            answer = json.loads(reply.body)
            return [_rows(answer[name]["columns"], answer[name]["data"], _COLUMNS[name]) for name in names]
        except (ValueError, KeyError, TypeError, RecursionError):
            kind = reply.headers.get("content-type", "no content type")
            problem = f"{path} answered {reply.status} ({kind}) without the table {' or '.join(names)}; run again later"
            raise UnavailableError(self.name, symbol, problem, reply.retry_after) from None

    def _foreign(self, symbol: str, row: Row) -> Quarantined:
        detail = f"a dividend of {row['value']} {row['currencyid']} is not in the currency of the prices"
        return Quarantined(symbol, self.name, str(row["registryclosedate"]), "dividend_currency", detail)

    def _unreadable(self, symbol: str, row: Row) -> Quarantined:
        detail = f"a row of ISS cannot be read as a bar: {json.dumps(row, default=str)[:200]}"
        return Quarantined(symbol, self.name, str(row["TRADEDATE" if self._daily else "begin"]), "unreadable", detail)


class _Pages:
    """The rows of one series, by whose times and number pages that repeat or never end are recognised."""

    def __init__(self, most: int, column: str) -> None:
        self._most = most
        self._column = column
        self._count = 0
        self._times: set[str] = set()

    def add(self, page: Sequence[Row]) -> str:
        """Return what is wrong with a further page, empty if nothing is."""
        times = {str(row[self._column]) for row in page}
        if page and times <= self._times:
            return f"repeats its page after {self._count:,} rows"
        self._count += len(page)
        self._times |= times
        if self._count > self._most:
            return f"has more than {self._most:,} rows, more than fit into the span"
        return ""


def _rows(columns: Sequence[str], data: Sequence[Sequence[Cell]], required: Sequence[str]) -> list[Row]:
    missing = set(required) - set(columns)
    if missing:
        raise KeyError(*missing)
    return [dict(zip(columns, cells, strict=True)) for cells in data]


def main_boards(boards: Sequence[Board]) -> list[Board]:
    """Return the boards of the main order book that make one series, the primary first."""
    with_history = [board for board in boards if board.first] or list(boards)
    if not with_history:
        return []
    primary = max(with_history, key=lambda board: (board.is_primary, board.last))
    books = {primary.group, *(_MAIN_BOOKS if primary.market == "shares" else ())}
    others = (board for board in with_history if board is not primary and board.group in books)
    return [primary, *(board for board in others if board.is_one_series_with(primary))]


def most_traded(series: Sequence[Sequence[IssBar]]) -> list[IssBar]:
    """Return each session's bars from the board with the largest volume in it; ascending.

    Parameters
    ----------
    series
        Each board's bars, in order of time.
    """
    best: dict[str, tuple[float, list[IssBar]]] = {}
    for board in series:
        for day, group in groupby(board, key=lambda bar: bar.begin[:10]):
            bars = list(group)
            volume = sum(bar.volume for bar in bars if bar.volume == bar.volume)  # without NaN
            if day not in best or volume > best[day][0]:
                best[day] = volume, bars
    return [bar for day in sorted(best) for bar in best[day][1]]


def ex_date(registry: date, sessions: Times) -> date | None:
    """Return the first session whose buyers are not on the register, None if it lies before `sessions`.

    Parameters
    ----------
    registry
        The registry date; the register is closed at its end.
    sessions
        ``datetime64[D]``, ascending, not empty. Weekdays after the last of them count as sessions.
    """
    day = np.datetime64(registry, "D")
    later = np.arange(sessions[-1] + 1, max(day, sessions[-1]) + 8)
    days = np.append(sessions, later[np.is_busday(later)])
    lag = next(lag for since, lag in _SETTLEMENT if registry >= since)
    index = int(np.searchsorted(days, day, side="right")) - lag
    return None if index < 0 or day < days[0] else days[index].astype(object)


def _merge_actions(sessions: Times, dividends: Sequence[Row], splits: Sequence[Row]) -> Actions:
    """Return the actions by ex-date; raises ValueError or TypeError where a cell cannot be read."""
    rows: list[tuple[date, float, float]] = []
    for row in dividends:
        registry, value = row["registryclosedate"], row["value"]
        if registry and value and (day := ex_date(_date(registry), sessions)):
            rows.append((day, float(value), 1.0))
    for row in splits:
        before, after = row["before"], row["after"]
        if before and after:
            rows.append((_date(row["tradedate"]), 0.0, float(after) / float(before)))
    days = np.array([day for day, _, _ in rows], dtype="datetime64[D]")
    return actions.merge(days, np.array([d for _, d, _ in rows]), np.array([s for _, _, s in rows]))


def _date(cell: Cell) -> date:
    if not isinstance(cell, str):
        raise TypeError(f"{cell!r} is not a date")
    return date.fromisoformat(cell)


def _currency(row: Row) -> str | None:
    code = row.get("currencyid")
    return None if code is None else _ROUBLES.get(str(code), str(code))


def _starts(bars: Sequence[IssBar], daily: bool) -> Times:
    if daily:
        return np.array([bar.begin for bar in bars], dtype="datetime64[s]")
    return local_time.to_utc((datetime.fromisoformat(bar.begin) for bar in bars), _MOSCOW)
