"""Time and memory of what is large: many articles, many instruments, a large file, one ticker in all the news.

Usage: ``python -m benchmarks.large [articles] [instruments] [file] [ticker]``, all four without an argument. Each is a
run of the command line over a SIMULATED newsroom: 1,000,000 articles of 200 companies; 20,000 instruments with prices;
a CSV file of 200 MB; 100,000 articles of one company, and its reports. It prints wall time, CPU seconds, the peak of
memory and the rows of the store. Exit code 1 where a run does not end with 0 or rows are missing.
"""

from __future__ import annotations

import csv
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from benchmarks.newsroom import Newsroom, create_newsroom, deliver_articles, write_prices
from benchmarks.processes import measured

TODAY = date(2026, 3, 4)
WINDOWS = ("0..0", "0..1")
LONG_BODY = "SIMULATED. The company gave no further figures and its rivals said nothing of it either. " * 22


def articles(folder: Path) -> Iterator[tuple[str, int]]:
    """Run over 1,000,000 articles of 200 companies in 1,250 sessions."""
    newsroom = create_newsroom(folder, TODAY, 200, 1_500, WINDOWS)
    write_prices(newsroom, len(newsroom.sessions))
    deliver_articles(newsroom, "all", newsroom.sessions[250:], 1_000_000)
    yield _command(newsroom, "run"), 1_000_000


def instruments(folder: Path) -> Iterator[tuple[str, int]]:
    """Run over 2,000 articles beside 20,000 instruments with 150 sessions of prices each."""
    newsroom = create_newsroom(folder, TODAY, 20_000, 150, WINDOWS)
    write_prices(newsroom, len(newsroom.sessions))
    deliver_articles(newsroom, "all", newsroom.sessions[-20:], 2_000)
    yield _command(newsroom, "run"), 2_000


def file(folder: Path) -> Iterator[tuple[str, int]]:
    """Run over one news file of 200 MB."""
    newsroom = create_newsroom(folder, TODAY, 200, 400, WINDOWS)
    write_prices(newsroom, len(newsroom.sessions))
    config = newsroom.config.read_text(encoding="utf-8").replace(
        "  path: wire/", "  max_bytes: 300000000\n  path: wire/"
    )
    newsroom.config.write_text(config, encoding="utf-8")
    names, path, count = list(newsroom.companies.values()), folder / "wire" / "large.csv", 0
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "published_at", "title", "body"])
        while out.tell() < 200_000_000:
            at = datetime.combine(newsroom.sessions[-1 - count % 100], time(9), UTC) + timedelta(seconds=count % 20_000)
            rows.writerow([count, at.isoformat(), f"{names[count % 200]} opens plant {count}", LONG_BODY])
            count += 1
    print(f"         {path.stat().st_size / 1e6:.0f} MB, {count:,} articles")
    yield _command(newsroom, "run"), count


def ticker(folder: Path) -> Iterator[tuple[str, int]]:
    """Run over 100,000 articles of one company, and report it in each form."""
    newsroom = create_newsroom(folder, TODAY, 20, 1_500, WINDOWS)
    write_prices(newsroom, len(newsroom.sessions))
    symbol, name = next(iter(newsroom.companies.items()))
    deliver_articles(replace(newsroom, companies={symbol: name}), "all", newsroom.sessions[250:], 100_000)
    yield _command(newsroom, "run"), 100_000
    for form in ("table", "csv", "json", "html"):
        yield _command(newsroom, f"report --ticker {symbol} --format {form}"), 100_000


def _command(newsroom: Newsroom, words: str) -> str:
    return f"--config {newsroom.config} {words}"


def main() -> None:
    """Do what is asked for."""
    works: dict[str, Callable[[Path], Iterator[tuple[str, int]]]] = {
        work.__name__: work for work in (articles, instruments, file, ticker)
    }
    missed = False
    for name in sys.argv[1:] or works:
        print(f"{name}: {works[name].__doc__}", flush=True)
        with tempfile.TemporaryDirectory() as temporary:
            for command, count in works[name](Path(temporary)):
                did = measured([sys.executable, "-m", "signals", *command.split()], os.environ)
                with sqlite3.connect(Path(temporary) / "signals.db") as db:
                    rows = {t: db.execute(f"SELECT COUNT(*) FROM {t}").fetchone()[0]
                            for t in ("articles", "events", "moves", "links")}  # fmt: skip
                words = " ".join(command.split()[2:])
                print(f"  {words:36} {replace(did, output=did.output[-2_000:])}  {rows}", flush=True)
                missed |= did.exit_code != 0 or rows["articles"] != count or not rows["links"]
    sys.exit(int(missed))


if __name__ == "__main__":
    main()
