"""A run of 50 sources over a loopback server that misbehaves in 40 ways at once, with 20 good sources among them.

Usage: ``python -m benchmarks.chaos [SEED ...]`` (seeds 1 to 20 if none is given). Each seed deals the ways to the
sources anew, in another order. The run is the real command line in a process of its own. Exit code 1 unless every good
source is whole, every bad one is named with each of its items, what asked to be left alone is, the run ends within the
budget that its configuration gives it, and it takes less than 500 MB.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, run
from urllib.parse import parse_qs, unquote, urlsplit

import yaml

from tests.net.hostile import CHUNKED, OK, Parts, misbehaviour, serving
from tests.prices.market import SYMBOL, Day
from tests.prices.servers import Board, IssVendor, Reply, Vendor, YahooVendor, reply, table

TIMEOUT = 0.2  # of the bad sources, in seconds; the good ones have the usual one
ARTICLES = 5  # of each good source of news
SYMBOLS = 150  # that a vendor who is down is asked for
MEGABYTES = 500
# What a run takes by itself on a machine that does other things too, and what a pause between tries may add.
BASE_SECONDS, PAUSES = 30.0, 3.0
LEFT_ALONE = 1_800  # seconds that the header of a busy host names


@dataclass(frozen=True)
class Way:
    """A way to misbehave; `robots` if it is the robots.txt that does."""

    manner: str
    name: str = ""
    robots: bool = False


#: Ways to misbehave of what is asked for news.
NEWS_WAYS = (
    Way("drip", "a-status-line"),
    Way("drip", "header-bytes"),
    Way("drip", "headers"),
    Way("drip", "continues"),
    Way("drip", "headers-of-a-continue"),
    Way("drip", "a-chunk-extension"),
    Way("drip", "chunks"),
    Way("drip", "trailers"),
    Way("drip", "a-trailer"),
    Way("drip", "a-gzip-name"),
    Way("drip", "a-gzip-comment"),
    Way("drip", "empty-gzip-members"),
    Way("drip", "a-body"),
    Way("drip", "a-body-of-a-length"),
    Way("drip", "headers", robots=True),
    Way("flood", "a-header"),
    Way("flood", "continues"),
    Way("flood", "a-gzip-name"),
    Way("flood", "a-body"),
    Way("odd", "nothing"),
    Way("odd", "no-http"),
    Way("odd", "two-lengths"),
    Way("odd", "a-header-of-a-megabyte"),
    Way("odd", "thousands-of-headers"),
    Way("odd", "an-early-close"),
    Way("odd", "a-redirect-to-a-file"),
    Way("odd", "a-redirect-to-itself"),
    Way("bomb", "gzip"),
    Way("bomb", "deflate"),
    Way("redirect-with-a-bomb"),
    Way("dripping-redirect"),
    Way("silence"),
    Way("busy", "503"),
)
#: Ways to misbehave of a vendor of prices.
PRICE_WAYS = (
    Way("moex", "repeated pages"),
    Way("moex", "pages without end"),
    Way("moex", "silence"),
    Way("moex", "429"),
    Way("yahoo", "silence"),
    Way("yahoo", "429"),
    Way("yahoo", "a chart that never ends"),
)
BAD_NEWS, GOOD_NEWS, GOOD_MOEX, GOOD_YAHOO = 23, 15, 3, 2


# --- what the server says -------------------------------------------------------------------------------------------


def _head(length: int, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Connection: close", f"Content-Length: {length}", *headers]
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n"


def _sent(answer: Reply) -> Parts:
    return [(0.0, _head(len(answer.body), f"{answer.status} x", f"Content-Type: {answer.media_type}") + answer.body)]


def feed(source: str, now: datetime) -> bytes:
    """Return a feed of `ARTICLES` entries of the last days."""
    entries = (
        f"<item><title>{source} reports a change of plan number {n} for the year</title><guid>{source}-{n}</guid>"
        f"<pubDate>{now - timedelta(days=n + 1):%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for n in range(ARTICLES)
    )
    text = f"<?xml version='1.0'?><rss version='2.0'><channel><title>{source}</title>{''.join(entries)}</channel></rss>"
    return text.encode()


def good_news(body: bytes, manner: int) -> Callable[[str], Parts]:
    """Return a server whose feed can be had, in one of many ways that are odd and allowed."""
    tries = {"left": 1}

    def answer(path: str) -> Parts:
        if path.endswith("robots.txt"):
            return [(0.0, _head(0, "404 Not Found"))]
        if manner == 0:
            return [(0.0, _head(len(body)) + body)]
        if manner == 1:
            packed = gzip.compress(body)
            return [(0.0, _head(len(packed), "200 OK", "Content-Encoding: gzip") + packed)]
        if manner == 2:
            return [
                (0.0, CHUNKED),
                *((0.0, b"%x;a=b\r\n%c\r\n" % (1, byte)) for byte in body),
                (0.0, b"0\r\nX: y\r\n\r\n"),
            ]
        if manner == 3:
            return [(0.0, b"HTTP/1.1 100 Continue\r\n\r\n" + _head(len(body)) + body)]
        if manner == 4 and path == "/":
            return [(0.0, _head(0, "301 Moved", "Location: /there"))]
        if manner == 5:
            return [(0.1, bytes([byte])) for byte in OK[:8]] + [(0.0, OK[8:] + b"\r\n" + body)]
        if manner == 6 and tries["left"]:
            tries["left"] -= 1
            return [(0.0, _head(0, "503 Service Unavailable", "Retry-After: 1"))]
        return [(0.0, OK + b"\r\n" + body)]

    return answer


def bad_news(ways: Sequence[Way]) -> Callable[[str], Parts]:
    """Return a server whose path `/0` misbehaves in the first way, and so on."""

    def answer(path: str) -> Parts:
        if path.endswith("robots.txt"):
            way = next((way for way in ways if way.robots), None)
            return misbehaviour(way.manner, way.name) if way else [(0.0, _head(0, "404 Not Found"))]
        place = path.strip("/?")  # a redirect to itself has a question mark; one elsewhere stays in its way
        way = ways[int(place) if place.isdigit() else -1]
        if way.manner == "busy":
            return [(0.0, _head(0, f"{way.name} x", f"Retry-After: {LEFT_ALONE}"))]
        return misbehaviour(way.manner, way.name)

    return answer


def _answer_of(vendor: Vendor, path: str) -> Reply:
    parts = urlsplit(path)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    return vendor.answer(unquote(parts.path), query)


def _good_prices(vendor: Vendor) -> Callable[[str], Parts]:
    return lambda path: _sent(_answer_of(vendor, path))


def bad_prices(vendor: Vendor, way: Way) -> Callable[[str], Parts]:
    """Return a vendor that misbehaves where bars are asked for, or everywhere if it is down."""
    pages = iter(range(10**9))

    def history(path: str) -> Parts:
        first = date.fromisoformat(parse_qs(urlsplit(path).query)["from"][0])
        day = first + timedelta(days=next(pages) if way.name == "pages without end" else 0)
        rows = [("TQBR", str(day), SYMBOL, 1, 1, 1, 1, 1)]
        columns = ["BOARDID", "TRADEDATE", "SECID", "OPEN", "LOW", "HIGH", "CLOSE", "VOLUME"]
        cursor = table(["INDEX", "TOTAL", "PAGESIZE"], [(0, 10**9, 1)])
        return _sent(reply({"history": table(columns, rows), "history.cursor": cursor}))

    def answer(path: str) -> Parts:
        if way.name == "silence":
            return misbehaviour("silence")
        is_bars = "/iss/history/" in path or "/v8/finance/chart/" in path
        if not is_bars:
            return _sent(_answer_of(vendor, path))
        if way.name == "429":
            return [(0.0, _head(0, "429 Too Many Requests", f"Retry-After: {LEFT_ALONE}"))]
        return history(path) if way.manner == "moex" else misbehaviour("flood", "a-body")

    return answer


# --- the configuration ----------------------------------------------------------------------------------------------


@dataclass
class Chaos:
    """A configuration with its servers, and what a run over it must come to."""

    folder: Path
    news: list[dict[str, object]] = field(default_factory=list)
    prices: list[dict[str, object]] = field(default_factory=list)
    instruments: dict[str, dict[str, object]] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)  # by source
    good: list[str] = field(default_factory=list)
    seconds: float = BASE_SECONDS


def build(folder: Path, seed: int, now: datetime, stack: ExitStack) -> Chaos:
    """Deal the ways to the sources, open a port for each source and write the configuration."""
    order, chaos = random.Random(seed), Chaos(folder)

    def open_port(parts: Callable[[str], Parts]) -> str:
        return stack.enter_context(serving(parts))

    ways = order.sample(NEWS_WAYS, len(NEWS_WAYS))
    two = len(NEWS_WAYS) - BAD_NEWS
    dealt = [ways[2 * n : 2 * n + 2] for n in range(two)] + [[way] for way in ways[2 * two :]]
    for n, some in enumerate(dealt):
        name, url = f"bad-news-{n}", open_port(bad_news(some))
        urls = [f"{url}/{place}" for place in range(len(some))]
        robots = any(way.robots for way in some)
        entry = {"kind": "page", "urls": urls, "timeout": TIMEOUT, "max_bytes": 2_000_000, "robots": robots}
        chaos.news.append({"name": name, "delay": 0, **entry})
        chaos.failures[name] = len(some)
        chaos.seconds += len(some) * (3 * TIMEOUT + PAUSES)
    for n in range(GOOD_NEWS):
        name = f"good-news-{n}"
        url = open_port(good_news(feed(name, now), n % 8))
        chaos.news.append({"name": name, "kind": "feed", "url": f"{url}/", "timezone": "UTC", "delay": 0})
        chaos.good.append(name)
    days = [now.date() - timedelta(days=n) for n in range(900, 0, -1)]
    weekdays = tuple(Day(day, 100 + day.toordinal() % 17) for day in days if day.weekday() < 5)
    _add_prices(chaos, weekdays, open_port)
    order.shuffle(chaos.news)
    order.shuffle(chaos.prices)
    written = {"instruments": chaos.instruments, "news": chaos.news, "prices": chaos.prices}
    (folder / "config.yaml").write_text(yaml.safe_dump({"database": "sqlite:///chaos.db", **written}), encoding="utf-8")
    return chaos


def _add_prices(chaos: Chaos, days: tuple[Day, ...], open_port: Callable[[Callable[[str], Parts]], str]) -> None:
    def vendor(kind: str) -> Vendor:
        return IssVendor(boards=(Board("TQBR", 57, days, primary=True),)) if kind == "moex" else YahooVendor(days=days)

    for n in range(GOOD_MOEX + GOOD_YAHOO):
        kind = "moex" if n < GOOD_MOEX else "yahoo"
        _add_vendor(chaos, f"good-{kind}-{n}", kind, open_port(_good_prices(vendor(kind))), 1, {})
        chaos.good.append(f"good-{kind}-{n}")
    for way in PRICE_WAYS:
        name, count = f"bad-{way.manner}-{way.name.replace(' ', '-')}", SYMBOLS if way.name in ("silence", "429") else 2
        url = open_port(bad_prices(vendor(way.manner), way))
        _add_vendor(chaos, name, way.manner, url, count, {"timeout": TIMEOUT if way.name == "silence" else 20})
        chaos.failures[name] = count
        chaos.seconds += 6 * TIMEOUT + PAUSES


def _add_vendor(chaos: Chaos, name: str, kind: str, url: str, count: int, more: dict[str, object]) -> None:
    chaos.prices.append({"name": name, "kind": kind, "base_url": url, "delay": 0, **more})
    mic, currency = ("MISX", "RUB") if kind == "moex" else ("XNYS", "USD")
    for n in range(count):
        instrument = {"name": f"{name} {n}", "mic": mic, "currency": currency}
        chaos.instruments[f"{name}-{n}".upper()] = {**instrument, "symbols": {name: SYMBOL}}


# --- the run and what it came to ------------------------------------------------------------------------------------


def check(seed: int) -> bool:
    """Run one seed and print each figure; return whether all of them are as they should be."""
    with tempfile.TemporaryDirectory(prefix="chaos-") as name, ExitStack() as stack:
        chaos = build(Path(name), seed, datetime.now(UTC), stack)
        config = ["--config", str(chaos.folder / "config.yaml")]
        began = time.monotonic()
        code, words, peak = ran([*config, "--no-progress", "run"], chaos.seconds)
        seconds = time.monotonic() - began
        with sqlite3.connect(chaos.folder / "chaos.db") as db:
            misses = [*missing_of_good(db, chaos), *unnamed_of_bad(db, chaos)]
        status = run(_command([*config, "status"]), capture_output=True, text=True, check=False).stdout
        left_alone = status.count("it asked for fewer requests (429)") + status.count("it is down (503)")
    misses += [f"exit code {code}: {words[-300:]}"] if code != 1 else []
    misses += ["a traceback"] if "Traceback" in words else []
    misses += [f"{seconds:.0f} of {chaos.seconds:.0f} seconds"] if seconds > chaos.seconds else []
    misses += [f"{peak:.0f} MB"] if peak > MEGABYTES else []
    misses += ["status does not list the hosts that asked to be left alone"] if left_alone < 3 else []
    sources = len(chaos.news) + len(chaos.prices)
    print(
        f"seed {seed}: {sources} sources, {len(NEWS_WAYS) + len(PRICE_WAYS)} ways, {len(chaos.good)} good; "
        f"{seconds:.1f} s (budget {chaos.seconds:.0f}), {peak:.0f} MB, {sum(chaos.failures.values())} items named; "
        + ("all as it should be" if not misses else "; ".join(misses)),
        flush=True,
    )
    return not misses


def _command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "signals", *arguments]


def ran(arguments: Sequence[str], seconds: float) -> tuple[int, str, float]:
    """Return the exit code, what was written to stderr, and the peak memory in MB, 0 where that cannot be measured."""
    process = Popen(_command(arguments), stdout=DEVNULL, stderr=PIPE, text=True)
    watchdog = threading.Timer(2 * seconds, process.kill)
    watchdog.start()
    words = process.stderr.read() if process.stderr else ""
    watchdog.cancel()
    if not hasattr(os, "wait4"):
        return process.wait(), words, 0.0
    _, state, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(state)
    return process.returncode, words, usage.ru_maxrss / (1_000 if sys.platform == "linux" else 1_000_000)


def missing_of_good(db: sqlite3.Connection, chaos: Chaos) -> Iterator[str]:
    """Yield what is missing of the good sources."""
    articles = dict(db.execute("SELECT source, COUNT(*) FROM articles WHERE superseded_at IS NULL GROUP BY source"))
    for source in (name for name in chaos.good if "news" in name):
        if articles.get(source) != ARTICLES:
            yield f"{source} has {articles.get(source, 0)} of {ARTICLES} articles"
    asked = {row[0]: row[1:] for row in db.execute("SELECT source, first_asked, last_asked FROM series")}
    bars = dict(db.execute("SELECT source, COUNT(*) FROM bars WHERE superseded_at IS NULL GROUP BY source"))
    for source in (name for name in chaos.good if "news" not in name):
        first, last = (date.fromisoformat(day) for day in asked.get(source, ("2000-01-03", "2000-01-04")))
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        weekdays = sum(day.weekday() < 5 for day in days)
        if bars.get(source) != weekdays:
            yield f"{source} has {bars.get(source, 0)} of {weekdays} bars"
    failed = dict(db.execute("SELECT source, detail FROM source_runs WHERE failed > 0"))
    yield from (f"{source} failed: {failed[source]}" for source in chaos.good if source in failed)


def unnamed_of_bad(db: sqlite3.Connection, chaos: Chaos) -> Iterator[str]:
    """Yield the bad sources that are not named with each of their items, a reason and a sentence."""
    named = {row[0]: row[1:] for row in db.execute("SELECT source, failed, reason, detail FROM source_runs")}
    for source, count in chaos.failures.items():
        failed, reason, detail = named.get(source, (0, None, None))
        if failed != count or not reason or not detail:
            yield f"{source} names {failed} of {count} items ({json.dumps([reason, detail])})"


if __name__ == "__main__":
    results = [check(int(seed)) for seed in sys.argv[1:] or map(str, range(1, 21))]
    print(f"{sum(results)} of {len(results)} seeds came out as they should")
    sys.exit(not all(results))
