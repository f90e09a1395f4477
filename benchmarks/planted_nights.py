"""Years of nights through the whole program: which share of the events called a move is chance, beside what q promises.

Usage: ``python benchmarks/planted_nights.py PRICES [--names 400] [--real 0.10] [--seed 1] [--keep FOLDER]``

PRICES is a Parquet file with the columns ticker, date, close and volume, with the benchmark SPY among the tickers.
A folder gets the bars of some names, with moves planted in them, and invented headlines: one to ten events each night
on random names, a share of which is real, as in `benchmarks/year_of_nights.py`. `signals run` reads the files, derives
everything, and its views are compared with what was planted.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import yaml
from year_of_nights import CLASSES, DEGREES, EFFECT, LEVELS, REAL_BY_CLASS, false_share

BENCHMARK = "SPY"
HISTORY = 300  # sessions before the first night
MOST = 10  # events of a night
LEAST_TRADED = 1e6  # dollars a day


@dataclass(frozen=True)
class World:
    """What was planted: the events by ticker and session, and the closes with their moves in them."""

    planted: pd.DataFrame
    closes: pd.DataFrame


def plant(prices: pd.DataFrame, names: int, real: float, seed: int) -> World:
    """Choose names, events and effects, and add the effects to the closes from their sessions on."""
    rng = np.random.default_rng(seed)
    wide = prices.pivot_table(index="date", columns="ticker", values="close")
    traded = (prices["close"] * prices["volume"]).groupby(prices["ticker"]).median()
    liquid = [t for t in wide.columns if traded[t] >= LEAST_TRADED and t not in (BENCHMARK, "QQQ")]
    chosen = sorted(rng.choice(liquid, min(names, len(liquid)), replace=False))
    closes = wide[[*chosen, BENCHMARK]].dropna(how="all")
    rows = []
    for column in range(HISTORY, len(closes)):
        known = [t for t in chosen if closes[t].iloc[column - HISTORY : column + 1].notna().all()]
        for ticker in rng.choice(known, rng.integers(1, MOST + 1), replace=False):
            label = int(rng.integers(len(CLASSES)))
            is_real = rng.random() < real * REAL_BY_CLASS[label]
            rows.append((ticker, closes.index[column], label, EFFECT * rng.standard_t(DEGREES) * is_real))
    planted = pd.DataFrame(rows, columns=["ticker", "day", "label", "effect"])
    for ticker, day, _, effect in planted.itertuples(index=False):
        closes.loc[day:, ticker] *= max(1 + effect, 0.05)
    return World(planted, closes)


def write(world: World, folder: Path) -> None:
    """Write bars, headlines and a configuration."""
    (folder / "prices").mkdir()
    for ticker in world.closes.columns:
        bars = world.closes[ticker].dropna().rename("close").rename_axis("date").reset_index()
        bars.to_csv(folder / "prices" / f"{ticker}.csv", index=False, date_format="%Y-%m-%d")
    number = {ticker: n for n, ticker in enumerate(world.closes.columns)}
    articles = [
        {"published_at": f"{event.day:%Y-%m-%d} 06:30", **_text(n, number[event.ticker], event.ticker, event.label)}
        for n, event in enumerate(world.planted.itertuples(index=False))
    ]
    pd.DataFrame(articles).to_csv(folder / "news.csv", index=False)
    instruments = {
        ticker: {
            "name": f"Simulcorp{n:04}", "mic": "XNYS", "currency": "USD", "symbols": {"files": ticker},
            "aliases": [{"text": ticker, "scheme": "page_tag"}],
            **({"kind": "etf"} if ticker == BENCHMARK else {"benchmark": BENCHMARK}),
        }
        for ticker, n in number.items()
    }  # fmt: skip
    columns = {"published_at": "published_at", "title": "title", "body": "body", "tags": "tags"}
    config = {
        "instruments": instruments,
        "news": [{"name": "invented", "kind": "csv", "path": "news.csv", "timezone": "America/New_York",
                  "known_at": "published", "columns": columns}],
        "prices": [{"name": "files", "kind": "csv", "path": "prices/{symbol}.csv", "split_adjusted": True,
                    "columns": {"date": "date", "close": "close"}}],
        "studies": [{"name": "market", "model": "market", "windows": ["0..0"]}],
    }  # fmt: skip
    (folder / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")


def _text(n: int, number: int, ticker: str, label: int) -> dict[str, str]:
    """Return an invented article that has an instrument as its subject, mentions it, or names it in passing."""
    filler = " ".join(f"Item {n} paragraph {k} is about the weather and nothing else." for k in range(40))
    if CLASSES[label] == "subject":
        return {"title": f"Simulcorp{number:04} announces item {n}", "body": "", "tags": ticker}
    if CLASSES[label] == "mentioned":
        return {"title": f"Invented report number {n}", "body": f"Simulcorp{number:04} is in item {n}.", "tags": ticker}
    return {"title": f"Invented weather number {n}", "body": f"{filler} Simulcorp{number:04} is near.", "tags": ""}


def results(folder: Path) -> pd.DataFrame:
    """Return what the views say of each event."""
    with closing(sqlite3.connect(folder / "signals.db")) as db:
        columns = "ticker, day_zero AS day, relevance_class, local_fdr, q_value"
        return pd.read_sql_query(f"SELECT {columns} FROM v_events WHERE decides = 1", db, parse_dates=["day"])


def show(events: pd.DataFrame, nights: int) -> None:
    """Print the figures."""
    scored = events.dropna(subset=["q_value"])
    chance = scored["effect"].to_numpy() == 0
    classes = ", ".join(f"{name} {count}" for name, count in scored["relevance_class"].value_counts().items())
    print(
        f"{len(events)} events in {nights} nights, {len(scored)} scored ({classes}), {100 * (~chance).mean():.1f}% real"
    )
    q_value, size = scored["q_value"].to_numpy(), scored["effect"].abs().to_numpy()
    for level in LEVELS:
        called = q_value <= level
        share, error = false_share(chance, called)
        power = 100 * called[size >= EFFECT].mean()
        print(f"q <= {level:.2f}: {called.sum()} calls, {share:.1f}% chance (error {error:.1f}), power {power:.0f}%")
    print("chance stated > what came out: " + ", ".join(_bins(scored["local_fdr"].to_numpy(), chance)))


def _bins(local_fdr: np.ndarray, chance: np.ndarray) -> Sequence[str]:
    step = np.clip(np.searchsorted(np.linspace(0, 1, 6), local_fdr) - 1, 0, 4)
    return [
        f"{local_fdr[step == n].mean():.2f} > {chance[step == n].mean():.2f}" for n in range(5) if (step == n).any()
    ]


def main() -> int:
    """Plant, run, compare."""
    parser = argparse.ArgumentParser(description="Years of nights with planted moves, through the whole program.")
    parser.add_argument("prices", type=Path)
    parser.add_argument("--names", type=int, default=400)
    parser.add_argument("--real", type=float, default=0.10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="the folder to write into, instead of one that is deleted")
    arguments = parser.parse_args()
    prices = pd.read_parquet(arguments.prices)
    prices["date"] = pd.to_datetime(prices["date"])
    world = plant(prices, arguments.names, arguments.real, arguments.seed)
    with TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        write(world, folder)
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-m", "signals", "--config", folder / "config.yaml", "-q", "run"], check=True)
        print(f"signals run: {time.perf_counter() - begin:.0f} s")
        merged = world.planted.merge(results(folder), on=["ticker", "day"], how="left")
        show(merged, world.planted["day"].nunique())
    return 0


if __name__ == "__main__":
    sys.exit(main())
