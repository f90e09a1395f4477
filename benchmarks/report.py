"""How long `signals report` takes on a store of a million links, in every format.

Usage: ``python benchmarks/report.py [FOLDER]``; a store in FOLDER is used again the next time. It is SIMULATED: 250
instruments with six years of random prices and 667 events each, written straight into the tables. Wall time is what a
user waits, for the first report as for the next, since a report keeps nothing; on a busy machine the processor's own
seconds, printed beside it, say what it would be on an idle one. Exit code 1 where a target is missed.
"""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from signals.app import open_app
from signals.pipeline.config_mirror import mirror_plan
from signals.store import Store

TICKERS, SESSIONS, EVENTS = 250, 1_500, 667
WINDOWS = {"market": ("0..0", "0..1", "0..5", "-5..-1"), "raw": ("0..0", "0..1")}
TARGETS = {"table": 0.7, "json": 0.7, "csv": 0.7, "html": 3.0}
REPEAT = 3
LAST = date(2026, 3, 3)

Rows = Iterator[tuple[Any, ...]]


def tickers() -> list[str]:
    """Return GAZP and others."""
    return ["GAZP", *(f"T{n:03}" for n in range(1, TICKERS))]


def sessions() -> list[date]:
    """Return weekdays."""
    days = (LAST - timedelta(days=n) for n in range(2 * SESSIONS))
    return sorted(islice((day for day in days if day.weekday() < 5), SESSIONS))


def write_config(folder: Path) -> Path:
    """Write the configuration that such a store belongs to."""
    about = {"mic": "MISX", "currency": "RUB"}
    symbols = {"local": "X"}
    instruments: dict[str, Any] = {
        t: {"name": f"Company {t}", **about, "benchmark": "IMOEX", "symbols": symbols} for t in tickers()
    }
    instruments["IMOEX"] = {"name": "Index", **about, "kind": "index", "symbols": symbols}
    config = {
        "database": "sqlite:///signals.db",
        "instruments": instruments,
        "prices": [{"name": "local", "kind": "csv", "path": "{symbol}.csv"}],
        "studies": [
            {"name": name, "model": "market" if name == "market" else "constant-mean", "windows": list(windows)}
            for name, windows in WINDOWS.items()
        ],
    }
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(config), encoding="utf-8")
    return path


def fill(database: Path) -> None:
    """Write a million links with all that belongs to them."""
    rng = np.random.default_rng(7)
    days = sessions()
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA synchronous = OFF")
        for name, rows in (
            ("bars", bars(days, rng)),
            ("market_sessions", ({"mic": "MISX", "benchmark": "IMOEX", "session": str(day)} for day in days)),
            ("base_rates", base_rates(days)),
            *((table, of_events(days, table)) for table in OF_EVENTS),
            ("moves", of_moves(days, rng)),
            ("links", of_links(days, rng)),
        ):  # fmt: skip
            insert(db, name, rows)
        db.execute("ANALYZE")
        db.commit()


def insert(db: sqlite3.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    """Insert rows that all have the first one's columns."""
    first = next(rows)
    sql = f"INSERT INTO {table} ({', '.join(first)}) VALUES ({', '.join('?' * len(first))})"
    db.execute(sql, tuple(first.values()))
    db.executemany(sql, (tuple(row.values()) for row in rows))


def bars(days: list[date], rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Yield daily bars of every instrument."""
    for ticker in [*tickers(), "IMOEX"]:
        closes = 100 * np.cumprod(1 + rng.normal(0, 0.01, len(days)))
        for day, close in zip(days, closes.tolist(), strict=True):
            yield {"ticker": ticker, "source": "local", "interval": "1d", "start": str(day),
                   "fetched_at": f"{day}T21:00:00.000Z", "open": close, "high": close, "low": close, "close": close,
                   "volume": 1.0, "run_id": 1}  # fmt: skip


def base_rates(days: list[date]) -> Iterator[dict[str, Any]]:
    """Yield the base rate of every instrument."""
    for ticker in tickers():
        yield {"ticker": ticker, "study": "market", "sessions": 1200, "first_session": str(days[250]),
               "last_session": str(days[-1]), "typical_ret": 0.007, "large_ret": 0.02, "typical_ar": 0.006,
               "large_ar": 0.018}  # fmt: skip


def event_days(days: list[date]) -> Iterator[tuple[str, int, date]]:
    """Yield ticker, number and day zero of every event."""
    for ticker in tickers():
        for n, day in enumerate(days[-EVENTS:]):
            yield ticker, n, day


OF_EVENTS = ("articles", "mentions", "story_articles", "event_assignments", "events")


def of_events(days: list[date], table: str) -> Iterator[dict[str, Any]]:
    """Yield an article and what lies between it and its event."""
    for ticker, n, day in event_days(days):
        article, at = f"{ticker}{n:08}", f"{day}T09:00:00.000Z"
        if table == "articles":
            yield {"article_id": article, "revision": 1, "source": f"wire{n % 3}", "article_key": article,
                   "title": f"Company {ticker} does thing number {n} and says why", "body": "",
                   "url": f"https://example.org/{article}", "publisher": "Wire", "site": "", "tags": "[]",
                   "published_at": at, "published_text": at, "published_wall": at[:19], "published_precision": "minute",
                   "published_zone": "UTC", "zone_basis": "stated", "ambiguous": 0,
                   "seen_at": at, "digest": article, "known_at": at}  # fmt: skip
        elif table == "mentions":
            yield {"article_id": article, "mention_no": 0, "revision": 1, "tag": f"MM:{ticker}", "tag_kind": "inline",
                   "found_in": "body", "span_start": 0, "span_end": 7, "occurrences": 1, "ticker": ticker, "reason": "",
                   "alias": "", "role": "subject", "relevance": 0.9}  # fmt: skip
        elif table == "story_articles":
            yield {"article_id": article, "headline_key": article, "lead": "", "version": 0, "out_by": at,
                   "story_id": article, "story_rank": 1}  # fmt: skip
        elif table == "event_assignments":
            yield {"article_id": article, "ticker": ticker, "mention_no": 0, "event_id": f"{ticker}@{day}",
                   "anchor": "in_session", "day_zero_sensitive": 0, "is_final": 1}  # fmt: skip
        else:
            yield {"event_id": f"{ticker}@{day}", "ticker": ticker, "day_zero": str(day), "opens_at": at,
                   "closes_at": at, "articles_in_event": 1, "stories_in_event": 1, "relevant_stories": 1,
                   "day_only": 0, "dirty": 0}  # fmt: skip


def windows() -> list[tuple[str, str]]:
    """Return every study and window."""
    return [(study, window) for study, own in WINDOWS.items() for window in own]


NUMBERS = (
    "ret", "ret_gap", "ret_session", "benchmark_ret", "car", "bhar", "car_shrunk", "sigma", "residual_sigma", "kappa",
    "noise", "t_stat", "z", "p_value", "p_rank", "p_raw", "local_fdr", "q_value", "minimum_detectable", "alpha", "beta",
)  # fmt: skip


def of_moves(days: list[date], rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Yield the move of every event, study and window, with numbers drawn at random."""
    for ticker, _, day in event_days(days):
        drawn = rng.random((len(windows()), len(NUMBERS))).tolist()
        for (study, window), values in zip(windows(), drawn, strict=True):
            yield {"event_id": f"{ticker}@{day}", "study": study, "event_window": window, "day_zero": str(day),
                   "status": "scored", "reason": "", "reason_detail": "", "benchmark": "IMOEX", "price_source": "local",
                   "benchmark_source": "local", **dict(zip(NUMBERS, values, strict=True)), "p_method": "pooled",
                   "q_basis": f"250 subject events before {day}, pi 0.1000, a 0.25",
                   "reference_id": "0123456789abcdef0123", "decides": int((study, window) == windows()[0]),
                   "n_estimation": 250, "n_reference": 9_000, "first_session": str(day), "last_session": str(day),
                   "confounded": 0, "confounders": "", "digest": "0" * 20, "run_id": 1,
                   "scored_at": f"{day}T22:00:00.000Z"}  # fmt: skip


def of_links(days: list[date], rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Yield a link for every move."""
    verdicts = ("move", "no_move", "market_wide", "weak_tie")
    for ticker, n, day in event_days(days):
        for (study, window), verdict in zip(windows(), rng.integers(0, 4, len(windows())).tolist(), strict=True):
            yield {"article_id": f"{ticker}{n:08}", "ticker": ticker, "study": study, "event_window": window,
                   "event_id": f"{ticker}@{day}", "status": "scored", "reason": "", "verdict": verdicts[verdict],
                   "tradable": 1, "contains_pre_publication_move": 0, "run_id": 1}  # fmt: skip


def timed(arguments: list[str]) -> tuple[float, float]:
    """Return the shortest wall time and processor time of a few runs."""
    wall, cpu = [], []
    for _ in range(REPEAT):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run([sys.executable, "-m", "signals", *arguments], stdout=subprocess.DEVNULL, check=True)
        wall.append(time.perf_counter() - start)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(wall), min(cpu)


def prepared(folder: Path) -> Path:
    """Return the configuration of the store in a folder, writing both where they are missing."""
    path = write_config(folder)
    database = folder / "signals.db"
    if not database.exists():
        start = time.perf_counter()
        Store(f"sqlite:///{database}").upgrade()
        app = open_app(path)
        with app.store.write() as db:
            mirror_plan(db, app.plan)
        fill(database)
        print(f"wrote {database} in {time.perf_counter() - start:.0f} s")
    return path


def main(folder: Path) -> int:
    """Print each format with its seconds; returns 1 if one is over its target."""
    config = prepared(folder)
    with closing(sqlite3.connect(folder / "signals.db")) as db:
        links, own = (
            db.execute(f"SELECT COUNT(*) FROM links {where}").fetchone()[0] for where in ("", "WHERE ticker = 'GAZP'")
        )
    print(f"{links:,} links, {own:,} of them GAZP's")
    failed = False
    for form, target in TARGETS.items():
        wall, cpu = timed(["--config", str(config), "report", "--ticker", "GAZP", "--format", form])
        failed |= wall > target
        verdict = "pass" if wall <= target else "FAIL"
        print(f"{form:<8}{wall:6.2f} s wall {cpu:6.2f} s processor   at most {target} s wall   {verdict}")
    wall, cpu = timed(["--help"])
    print(f"{'--help':<8}{wall:6.2f} s wall {cpu:6.2f} s processor")
    return int(failed)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
        sys.exit(main(Path(sys.argv[1])))
    with tempfile.TemporaryDirectory() as temporary:
        sys.exit(main(Path(temporary)))
