"""Time and memory of a backfill and of the nights after it, on the titles and prices of the archive.

Usage: ``python -m benchmarks.backfill DATA [--titles 100000] [--folder FOLDER] [--database URL]``, where DATA is the
folder of real data. Each run is the command line in a process of its own: the backfill of the titles from 2 February
2009 on, a night without news, a night of 1,000 further titles. It prints wall time, CPU seconds and the peak of memory.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow.parquet as pq
import yaml

from benchmarks.processes import measured
from benchmarks.tagging import names_of_2015

FIRST = datetime(2009, 2, 2, tzinfo=ZoneInfo("America/New_York"))
NIGHT = 1_000


def titles_from(data: Path, count: int) -> pd.DataFrame:
    """Return titles of the archive in order from `FIRST` on, with their instants; its clock is that of New York."""
    parts, missing = [], count
    for path in sorted((data / "archive").glob("titles_*.parquet")):
        rows = pq.read_table(path).to_pandas()
        local = pd.to_datetime(rows["ts"].str.rsplit(" ", n=1).str[0], format="%Y%m%d %I:%M %p", errors="coerce")
        at = local.dt.tz_localize("America/New_York", ambiguous="NaT", nonexistent="NaT").dt.tz_convert("UTC")
        rows = rows.assign(published=at)[(at >= FIRST) & (rows["title"].fillna("") != "")]
        parts.append(rows.sort_values("published", kind="stable").head(missing)[["id", "title", "published"]])
        missing -= len(parts[-1])
        if not missing:
            break
    titles = pd.concat(parts, ignore_index=True)
    return titles.assign(published=titles["published"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"))


def write_project(data: Path, folder: Path, database: str | None) -> Path:
    """Write the configuration, the universe and the prices; return the path of the configuration."""
    prices = pd.read_parquet(data / "archive" / "prices_us_2006_2011.parquet")
    prices.to_parquet(folder / "prices.parquet", index=False)
    traded = set(prices["ticker"].unique())
    with (folder / "universe.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["ticker", "name", "mic", "currency", "kind", "benchmark", "symbols"])
        for ticker, name in sorted(({"SPY": "SPDR S&P 500 ETF"} | names_of_2015(data)).items()):
            kind = "etf" if ticker in ("SPY", "QQQ") else "equity"
            benchmark = "" if ticker == "SPY" else "SPY"
            out.writerow(
                [ticker, name, "XNYS", "USD", kind, benchmark, f"archive={ticker}" if ticker in traded else ""]
            )
    config = {
        "universe": [{"path": "universe.csv"}],
        "news": [{"name": "titles", "kind": "parquet", "path": "titles/*.parquet", "timezone": "UTC",
                  "known_at": "published", "columns": {"id": "id", "title": "title", "published_at": "published"}}],
        "prices": [{"name": "archive", "kind": "csv", "path": "prices.parquet",
                    "columns": {"symbol": "ticker"}, "split_adjusted": True}],
    }  # fmt: skip
    if database:
        config["database"] = database
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    (folder / "titles").mkdir(exist_ok=True)
    return path


def main() -> None:
    """Do a backfill and two nights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--titles", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--database")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        config = write_project(args.data, folder, args.database)
        titles = titles_from(args.data, args.titles + NIGHT)
        command = [sys.executable, "-m", "signals", "--config", str(config), "run"]
        for name, rows in (
            ("backfill", titles[: args.titles]),
            ("empty night", None),
            ("night", titles[args.titles :]),
        ):
            if rows is not None:
                rows.to_parquet(folder / "titles" / f"{name.replace(' ', '_')}.parquet", index=False)
            print(f"{name:12} {measured(command, os.environ)}", flush=True)


if __name__ == "__main__":
    main()
