"""Measure bars written to and read from the store, and a refresh over loopback, each against its limit in the same run.

Usage: ``python benchmarks/prices.py [--bars N]``. The ratios are comparable between machines; the rates are not.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sqlite3
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np

from signals.pipeline import Plan, RunContext
from signals.pipeline.derive.match import Tagger
from signals.pipeline.refresh import refresh
from signals.prices import open_source
from signals.sessions import clock
from signals.store import Store, bars
from signals.store.run_log import RunStats, begin
from signals.types import Bars, Instrument, PriceSpec, Study

NOW = datetime(2026, 3, 4, 3, 30, tzinfo=UTC)
EACH = 5_000  # bars of an instrument
INSTRUMENTS, LATENCY, DELAY = 500, 0.020, 0.020
NAMES = ("ticker", "source", "interval", "start", "fetched_at", "open", "high", "low", "close", "volume",
         "superseded_at", "run_id")  # fmt: skip

Check = tuple[str, str, bool | None]


def series(ticker: str, count: int = EACH) -> Bars:
    """Return simulated daily bars."""
    rng = np.random.default_rng(sum(map(ord, ticker)))
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.02, count)))
    start = (np.datetime64("2000-01-03") + np.arange(count)).astype("datetime64[s]")
    none = np.array([])
    return Bars(
        ticker, "vendor", "1d", start, close * 0.99, close * 1.01, close * 0.98, close, np.round(close * 1e4),
        none.astype("datetime64[D]"), none, none, NOW, "USD",
    )  # fmt: skip


def tuples(history: Bars) -> list[tuple[object, ...]]:
    """Return the rows that `save_bars` writes, as tuples for the driver."""
    starts = history.start.astype("datetime64[D]").astype(str).tolist()
    columns = (getattr(history, name).tolist() for name in ("open", "high", "low", "close", "volume"))
    at = "2026-03-04T03:30:00.000Z"
    return [
        (history.symbol, history.source, "1d", start, at, *values, None, 1)
        for start, values in zip(starts, zip(*columns, strict=True), strict=True)
    ]


def empty_store(folder: Path, name: str) -> Store:
    """Return a new database with the program's schema."""
    store = Store(f"sqlite:///{folder / name}")
    store.upgrade()
    return store


def load(folder: Path, count: int) -> list[Check]:
    """Load bars with `save_bars` and with the driver alone, by turns, into two databases; then read a year."""
    ours, raw = empty_store(folder, "ours.db"), empty_store(folder, "raw.db")
    driver = sqlite3.connect(str(folder / "raw.db"), isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -65536", "temp_store = MEMORY"):
        driver.execute(f"PRAGMA {pragma}")
    statement = f"INSERT INTO bars ({', '.join(NAMES)}) VALUES ({', '.join('?' * len(NAMES))})"
    spent = {"ours": 0.0, "raw": 0.0}
    tickers = [f"T{n:05}" for n in range(count // EACH)]
    for ticker in tickers:
        history, rows = series(ticker), tuples(series(ticker))
        began = time.perf_counter()
        driver.execute("BEGIN IMMEDIATE")
        driver.executemany(statement, rows)
        driver.execute("COMMIT")
        spent["raw"] += time.perf_counter() - began
        began = time.perf_counter()
        with ours.write() as db:
            bars.save_bars(db, ticker, history, 1)
        spent["ours"] += time.perf_counter() - began
    driver.close()
    raw.engine.dispose()
    rates = {name: count / seconds for name, seconds in spent.items()}

    again = time.perf_counter()
    for ticker in tickers[:20]:
        with ours.write() as db:
            bars.save_bars(db, ticker, series(ticker), 2)
    again = (time.perf_counter() - again) / 20 / EACH

    def year(ticker: str) -> float:
        """Return the shortest of five timings: the first also compiles the statements."""
        timings = []
        for _ in range(5):
            began = time.perf_counter()
            loaded = bars.load_bars(db, ticker, "vendor", "1d", date(2010, 1, 1), date(2010, 12, 31))
            timings.append(time.perf_counter() - began)
            assert len(loaded) == 365
        return min(timings)

    with ours.read() as db:
        years = [year(ticker) for ticker in tickers[:: max(len(tickers) // 50, 1)]]
    return [
        ("executemany alone", f"{rates['raw']:,.0f} bars/s", None),
        (f"{count:,} new bars", f"{rates['ours']:,.0f} bars/s, {rates['ours'] / rates['raw']:.0%} of it (at least 60%)",
         rates["ours"] >= 0.6 * rates["raw"]),
        ("bars that are stored already", f"{1 / again:,.0f} bars/s", None),
        ("a year of one instrument", f"{np.median(years) * 1000:.1f} ms, at most {max(years) * 1000:.1f} (under 20)",
         max(years) < 0.020),
    ]  # fmt: skip


class Vendor(BaseHTTPRequestHandler):
    """A server of Moscow's protocol with a latency; ``/count`` returns the number of requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    days = tuple(str(day) for day in np.arange("2025-02-01", "2026-03-04", dtype="datetime64[D]") if np.is_busday(day))
    came = 0

    def do_GET(self) -> None:
        """Answer after the latency."""
        parts = urlsplit(self.path)
        if parts.path != "/count":
            Vendor.came += 1
            time.sleep(LATENCY)
        body = json.dumps(self._answer(parts.path, parse_qs(parts.query))).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Log nothing."""

    def _answer(self, path: str, query: dict[str, list[str]]) -> object:
        if path == "/count":
            return Vendor.came
        if path.startswith("/iss/history/"):
            chosen = [day for day in self.days if query["from"][0] <= day <= query["till"][0]]
            start = int(query["start"][0])
            rows = [[day, 100.0, 99.0, 101.0, 100.5, 1000] for day in chosen[start : start + 100]]
            columns = ["TRADEDATE", "OPEN", "LOW", "HIGH", "CLOSE", "VOLUME"]
            cursor = {"columns": ["TOTAL"], "data": [[len(chosen)]]}
            return {"history": {"columns": columns, "data": rows}, "history.cursor": cursor}
        if path.endswith("/dividends.json"):
            return {"dividends": {"columns": ["registryclosedate", "value", "currencyid"], "data": []}}
        if "/splits/" in path:
            return {"splits": {"columns": ["tradedate", "before", "after"], "data": []}}
        columns = ["boardid", "board_group_id", "market", "engine", "history_from", "history_till", "is_primary"]
        return {
            "boards": {"columns": columns, "data": [["TQBR", 57, "shares", "stock", self.days[0], self.days[-1], 1]]}
        }


def serve(port: Connection) -> None:
    """Serve from a separate process, so that serving takes no time from the measured process."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Vendor)
    port.send(server.server_port)
    server.serve_forever()


@contextmanager
def vendor() -> Iterator[str]:
    """Run the vendor; yield its URL."""
    near, far = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(far,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{near.recv()}"
    finally:
        process.terminate()
        process.join()


def refreshing(folder: Path, instruments: int) -> list[Check]:
    """Refresh many instruments with a latency; the delay between requests should be the limit."""
    store = empty_store(folder, "refresh.db")
    with vendor() as url:
        source = open_source(PriceSpec("vendor", "moex", base_url=url, delay=DELAY), folder)
        universe = tuple(
            Instrument(f"T{n}", "", "MISX", "RUB", symbols={"vendor": f"T{n}"}) for n in range(instruments)
        )
        plan = Plan(universe, (Study("mean", "constant-mean"),), (), ("vendor",), ("UTC",), 0.05, 0.25)
        with store.write() as db:
            run_id = begin(db, "benchmark", NOW, NOW, "0")
        clock("MISX", NOW.date() - timedelta(days=60), NOW.date())  # load the calendar, once a run
        stats = RunStats()
        began, worked = time.perf_counter(), time.process_time()
        refresh(store, [source], plan, RunContext(run_id, NOW), stats, lambda *_: None, Tagger(plan.instruments))
        took, worked = time.perf_counter() - began, time.process_time() - worked
        requests = asked(url)
        refresh(store, [source], plan, RunContext(run_id, NOW), RunStats(), lambda *_: None, Tagger(plan.instruments))
        again = asked(url) - requests
    polite = requests * DELAY
    return [
        (f"{instruments} instruments", f"{requests} requests, {stats.bars:,} bars in {took:.1f} s", None),
        ("politeness alone", f"{polite:.1f} s at a delay of {DELAY * 1000:.0f} ms", None),
        ("one at a time, latency and delay", f"{requests * (LATENCY + DELAY):.1f} s at {LATENCY * 1000:.0f} ms", None),
        ("the program's own work", f"{worked:.1f} s", None),
        ("refresh against its politeness", f"{took / polite:.2f} x (at most 1.25)", took <= 1.25 * polite),
        ("a second refresh", f"{again} requests (none)", again == 0),
    ]


def asked(url: str) -> int:
    """Return the number of requests that the vendor has received."""
    with urllib.request.urlopen(url + "/count") as response:
        count: int = json.load(response)
    return count


def main(arguments: Sequence[str] | None = None) -> int:
    """Print rates and ratios; exit 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bars", type=int, default=5_000_000)
    parser.add_argument("--instruments", type=int, default=INSTRUMENTS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        checks = refreshing(Path(name), options.instruments) + load(Path(name), options.bars)
    for what, figure, passed in checks:
        print(f"{what:<34}{figure:<60}{'' if passed is None else 'pass' if passed else 'FAIL'}")
    return int(any(passed is False for *_, passed in checks))


if __name__ == "__main__":
    sys.exit(main())
