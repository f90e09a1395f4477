"""Bars, dividends and splits from ISS, the Moscow Exchange's public information server.

ISS answers with tables, `{"history": {"columns": [...], "data": [...]}}`; columns are taken by name because their order
changes. Prices are raw. A row without prices is a session without a trade. An unknown security is a 200 with empty
tables. Daily bars are the history, in pages with a cursor; finer ones are candles, in pages without, by Moscow's clock.
See https://iss.moex.com/iss/reference/.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import numpy as np
import requests
import urllib3

from signals.errors import NotFoundError, RateLimitedError, UnavailableError, UnreadableError
from signals.net.rate_limit import RateLimiter
from signals.net.retry import retry
from signals.prices import actions, clock, gates
from signals.types import Bars, Floats, History, PriceSpec, Quarantined, Times

Row = Mapping[str, Any]

# Board groups of the main order book: with the central counterparty (TQBR ...) and, before 2013-14, without (EQBR ...).
_MAIN_BOOKS = (57, 6)
_ROUBLES = {"SUR": "RUB", "RUB": "RUB"}

# From when on a trade settles so many sessions later. The ex-date is the first session whose trades settle after the
# registry date.
_SETTLEMENT = ((date(2023, 7, 31), 1), (date(2013, 9, 2), 2), (date.min, 0))

# Bars before a span, to know a bad tick at its start by; of candles there are many a day.
_MARGIN, _CANDLE_MARGIN = timedelta(days=14), timedelta(days=4)

_DELAY, _AT_ONCE = 0.1, 4  # unless the entry says otherwise: seconds between requests, symbols at the same time

_MOSCOW = ZoneInfo("Europe/Moscow")
_CHUNK = 1 << 16

#: The spacings that ISS makes candles of, and its name for each.
CANDLES = {"1m": 1, "10m": 10, "1h": 60}

_FIELDS = ("open", "high", "low", "close", "volume")

# What is read of each table.
_COLUMNS = {
    "boards": ("boardid", "engine", "market", "history_from", "history_till"),
    "history": ("TRADEDATE", "OPEN", "HIGH", "LOW", "CLOSE", "VOLUME"),
    "history.cursor": ("TOTAL",),
    "candles": ("begin", "open", "high", "low", "close", "volume"),
    "dividends": ("registryclosedate", "value", "currencyid"),
    "splits": ("tradedate", "before", "after"),
}


class MoexSource:
    """A `PriceSource` over ISS; its requests begin `delay` seconds apart."""

    def __init__(
        self, spec: PriceSpec, *, sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._spec = spec
        self._base = (spec.base_url or "https://iss.moex.com").rstrip("/")
        self._sleep = sleep
        self._pace = RateLimiter(_DELAY if spec.delay is None else spec.delay, sleep, clock)
        self._session = requests.Session()
        self._session.mount(self._base, requests.adapters.HTTPAdapter(pool_maxsize=self.at_once))

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
        """From how many threads it may be asked at the same time."""
        return self._spec.at_once or _AT_ONCE

    def version(self, symbol: str) -> None:  # noqa: ARG002 - the protocol gives the symbol
        """Return None: ISS is asked for spans."""
        return

    def serves_from(self, now: datetime) -> None:  # noqa: ARG002 - the protocol gives the time
        """Return None: what ISS does not have any more it leaves out."""
        return

    def history(self, symbol: str, first: date, last: date, now: datetime) -> History:
        """Return the bars of `first` to `last`, both included.

        Raises
        ------
        NotFoundError
            ISS does not know the security.
        UnavailableError
            ISS could not be reached, or answered something else than its tables, also after retries.
        UnreadableError
            A dividend or a split cannot be read. A bar that cannot is quarantined.
        """
        spelling = quote(symbol, safe="")
        boards = main_boards(self._table(symbol, f"/iss/securities/{spelling}.json", "boards"))
        if not boards:
            raise NotFoundError(self.name, symbol, "ISS does not know this security; correct it under `symbols`")
        daily = self.interval not in CANDLES
        rows, refused = self._bar_rows(symbol, boards, first, last)
        starts = _starts(rows, daily)
        sessions = np.unique(np.array([row[self._stamp][:10] for row in rows], dtype="datetime64[D]"))
        currency = _currency(boards[0])
        days, dividends, splits = actions.none()
        if boards[0]["market"] == "shares" and rows:
            (days, dividends, splits), foreign = self._actions(symbol, sessions, currency)
            refused += foreign
        opens, highs, lows, closes, volumes = (_column(rows, name.upper() if daily else name) for name in _FIELDS)
        bars = Bars(
            symbol, self.name, self.interval, starts, opens, highs, lows, closes, volumes,
            days, dividends, splits, now, currency,
            split_adjusted=bool(self._spec.split_adjusted),
        )  # fmt: skip
        screened = gates.screen(bars, now)
        whole = History(screened.bars, screened.quarantined + tuple(refused))
        return gates.span(whole, first, last, None if daily else clock.dates(screened.bars.start, _MOSCOW))

    @property
    def _stamp(self) -> str:
        """The column that tells when a bar begins."""
        return "begin" if self.interval in CANDLES else "TRADEDATE"

    def _bar_rows(
        self, symbol: str, boards: Sequence[Row], first: date, last: date
    ) -> tuple[list[Row], list[Quarantined]]:
        """Return each session's rows from one board, and those that are no bars."""
        candles = self.interval in CANDLES
        margin, ask = (_CANDLE_MARGIN, self._board_candles) if candles else (_MARGIN, self._board_history)
        given = [ask(symbol, board, first - margin, last) for board in boards]
        refused = [self._unreadable(symbol, row) for rows in given for row in rows if not _is_bar(row, self._stamp)]
        bars = [[row for row in rows if _is_bar(row, self._stamp)] for rows in given]
        return most_traded(bars, self._stamp), refused

    def _actions(
        self, symbol: str, sessions: Times, currency: str | None
    ) -> tuple[tuple[Times, Floats, Floats], list[Quarantined]]:
        """Ask for dividends and splits; a dividend in another currency than the prices is refused."""
        spelling = quote(symbol, safe="")
        paid = self._table(symbol, f"/iss/securities/{spelling}/dividends.json", "dividends")
        divided = self._table(symbol, f"/iss/statistics/engines/stock/splits/{spelling}.json", "splits")
        foreign = [row for row in paid if _currency(row) not in (currency, None)] if currency else []
        own = [row for row in paid if row not in foreign]
        try:
            found = _actions(sessions, own, divided)
        except (ValueError, TypeError) as error:
            problem = f"ISS tells a dividend or a split that cannot be read ({error}); run again later"
            raise UnreadableError(self.name, symbol, problem) from None
        return found, [self._foreign(symbol, row) for row in foreign]

    def _board_history(self, symbol: str, board: Row, first: date, last: date) -> list[Row]:
        """Return one board's rows, page by page until the cursor's total."""
        if not _trades(board, first, last):
            return []
        path = "/iss/history" + _path(board, symbol) + ".json"
        rows: list[Row] = []
        total = 1
        while len(rows) < total:
            params = {"from": str(first), "till": str(last), "start": str(len(rows))}
            page, total = retry(lambda: self._page(symbol, path, params), self._sleep)  # noqa: B023 - called at once
            rows += page
        return rows

    def _board_candles(self, symbol: str, board: Row, first: date, last: date) -> list[Row]:
        """Return one board's candles. With no cursor to tell the total, each page begins with the last row known.

        So an empty page is known for a failure; the end is a page with nothing else.
        """
        if not _trades(board, first, last):
            return []
        path = _path(board, symbol) + "/candles.json"
        span = {"interval": str(CANDLES[self.interval]), "from": str(first), "till": str(last)}
        rows: list[Row] = []
        while True:
            params = {**span, "start": str(max(len(rows) - 1, 0))}
            known = rows[-1]["begin"] if rows else None
            page = retry(lambda: self._candles(symbol, path, params, known), self._sleep)  # noqa: B023 - called at once
            rows[-1:] = page
            if len(page) < 2:
                return rows

    def _candles(self, symbol: str, path: str, params: Mapping[str, str], known: str | None) -> list[Row]:
        (page,) = self._ask(symbol, path, params, "candles")
        if known and (not page or page[0]["begin"] != known):
            raise UnavailableError(self.name, symbol, f"{path} broke off after the candle of {known}; run again later")
        return page

    def _page(self, symbol: str, path: str, params: Mapping[str, str]) -> tuple[list[Row], int]:
        page, cursor = self._ask(symbol, path, params, "history", "history.cursor")
        total = cursor[0]["TOTAL"] if cursor else None
        if not isinstance(total, int) or (not page and int(params["start"]) < total):
            raise UnavailableError(self.name, symbol, f"{path} broke off after {params['start']} of {total} rows")
        return page, total

    def _table(self, symbol: str, path: str, name: str) -> list[Row]:
        return retry(lambda: self._ask(symbol, path, {}, name)[0], self._sleep)

    def _ask(self, symbol: str, path: str, params: Mapping[str, str], *names: str) -> list[list[Row]]:
        """Ask once; returns the rows of the named tables."""
        self._pace.wait()
        try:
            status, kind, body = self._get(path, params)
        except (requests.RequestException, urllib3.exceptions.HTTPError, TimeoutError) as error:
            problem = f"ISS cannot be reached or does not finish ({type(error).__name__}); run again later"
            raise UnavailableError(self.name, symbol, problem) from None
        if status == requests.codes.too_many_requests:
            raise RateLimitedError(self.name, symbol, "ISS asks to slow down; run again later")
        try:
            if status != requests.codes.ok:
                raise ValueError(status)
            answer = json.loads(body)
            return [_rows(answer[name], _COLUMNS[name]) for name in names]
        except (ValueError, KeyError, TypeError):
            problem = f"{path} answered {status} ({kind}) without the table {' or '.join(names)}; run again later"
            raise UnavailableError(self.name, symbol, problem) from None

    def _get(self, path: str, params: Mapping[str, str]) -> tuple[int, str, bytes]:
        """Return status, content type and body; a body that only trickles in is waited for no longer than `timeout`."""
        deadline = time.monotonic() + self._spec.timeout
        query = {**params, "iss.meta": "off"}
        with self._session.get(self._base + path, params=query, timeout=self._spec.timeout, stream=True) as response:
            body = bytearray()
            while chunk := response.raw.read1(_CHUNK, decode_content=True):
                body += chunk
                if time.monotonic() > deadline:
                    raise TimeoutError
            return response.status_code, response.headers.get("Content-Type", "no content type"), bytes(body)

    def _foreign(self, symbol: str, row: Row) -> Quarantined:
        detail = f"a dividend of {row['value']} {row['currencyid']} is not in the currency of the prices"
        return Quarantined(symbol, self.name, str(row["registryclosedate"]), "dividend_currency", detail)

    def _unreadable(self, symbol: str, row: Row) -> Quarantined:
        detail = f"a row of ISS cannot be read as a bar: {json.dumps(row, default=str)[:200]}"
        return Quarantined(symbol, self.name, str(row[self._stamp]), "unreadable", detail)


def _is_bar(row: Row, stamp: str) -> bool:
    """Tell whether a row has a time, and numbers or nothing where prices stand."""
    try:
        datetime.fromisoformat(row[stamp])
    except (TypeError, ValueError):
        return False
    values = (row.get(name) for field in _FIELDS for name in (field, field.upper()))
    return all(value is None or isinstance(value, int | float) for value in values)


def _rows(table: Mapping[str, Any], needed: Sequence[str]) -> list[Row]:
    missing = set(needed) - set(table["columns"])
    if missing:
        raise KeyError(*missing)
    return [dict(zip(table["columns"], row, strict=True)) for row in table["data"]]


def main_boards(boards: Sequence[Row]) -> list[Row]:
    """Return the boards of the main order book that make one series, the primary first."""
    kept = [board for board in boards if board["history_from"]] or list(boards)
    if not kept:
        return []
    primary = max(kept, key=lambda board: (board.get("is_primary") or 0, board["history_till"] or ""))
    books = {primary.get("board_group_id"), *(_MAIN_BOOKS if primary["market"] == "shares" else ())}
    others = (board for board in kept if board is not primary and board.get("board_group_id") in books)
    return [primary, *(board for board in others if _where(board) == _where(primary))]


def _where(board: Row) -> tuple[Any, ...]:
    return board["engine"], board["market"], _currency(board)


def _trades(board: Row, first: date, last: date) -> bool:
    began, ended = board["history_from"], board["history_till"]
    return bool(began) and began <= str(last) and (not ended or ended >= str(first))


def _path(board: Row, symbol: str) -> str:
    place = f"/engines/{board['engine']}/markets/{board['market']}/boards/{board['boardid']}"
    return f"{place}/securities/{quote(symbol, safe='')}"


def most_traded(series: Sequence[Sequence[Row]], stamp: str) -> list[Row]:
    """Return each session's rows from the one board on which most was traded in it; ascending.

    Parameters
    ----------
    series
        Each board's rows, in order of time.
    stamp
        The column that begins with the date.
    """
    best: dict[str, tuple[float, list[Row]]] = {}
    for board in series:
        for day, group in groupby(board, key=lambda row: row[stamp][:10]):
            rows = list(group)
            volume = sum(row.get("VOLUME", row.get("volume")) or 0 for row in rows)
            if day not in best or volume > best[day][0]:
                best[day] = volume, rows
    return [row for day in sorted(best) for row in best[day][1]]


def ex_date(registry: date, sessions: Times) -> date | None:
    """Return the first session whose buyer is not on the register of `registry`, None if it lies before `sessions`.

    Parameters
    ----------
    registry
        The day at whose end the register is read.
    sessions
        ``datetime64[D]``, ascending, not empty. Later weekdays are taken for sessions.
    """
    day = np.datetime64(registry, "D")
    later = np.arange(sessions[-1] + 1, max(day, sessions[-1]) + 8)
    known = np.append(sessions, later[np.is_busday(later)])
    lag = next(lag for since, lag in _SETTLEMENT if registry >= since)
    at = int(np.searchsorted(known, day, side="right")) - lag
    return None if at < 0 or day < known[0] else known[at].astype(object)


def _actions(sessions: Times, paid: Sequence[Row], divided: Sequence[Row]) -> tuple[Times, Floats, Floats]:
    known = [row for row in paid if row["registryclosedate"] and row["value"]]
    registered = [(ex_date(date.fromisoformat(row["registryclosedate"]), sessions), row["value"]) for row in known]
    found = [(day, float(value), 1.0) for day, value in registered if day]
    found += [
        (date.fromisoformat(row["tradedate"]), 0.0, row["after"] / row["before"])
        for row in divided
        if row["before"] and row["after"]
    ]
    days = np.array([day for day, _, _ in found], dtype="datetime64[D]")
    return actions.merged(days, np.array([d for _, d, _ in found]), np.array([s for _, _, s in found]))


def _currency(row: Row) -> str | None:
    return _ROUBLES.get(row.get("currencyid") or "", row.get("currencyid"))


def _starts(rows: Sequence[Row], daily: bool) -> Times:
    if daily:
        return np.array([row["TRADEDATE"] for row in rows], dtype="datetime64[s]")
    return clock.utc((datetime.fromisoformat(row["begin"]) for row in rows), _MOSCOW)


def _column(rows: Sequence[Row], name: str) -> Floats:
    return np.array([np.nan if row.get(name) is None else row[name] for row in rows], dtype=np.float64)
