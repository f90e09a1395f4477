"""A SIMULATED market and newswire of any size, delivered run by run, for the benchmarks of whole runs."""

from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import yaml

from signals.sessions import clock

MIC, INDEX = "XAMS", "INDEX"
_SYLLABLES = ("bo", "da", "fe", "go", "ka", "lu", "mi", "no", "pa", "re", "su", "ti", "va", "zo")
_VERBS = ("opens", "closes", "buys", "sells", "plans", "drops", "expands", "reviews")


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A simulated market on disk: its folder, sessions, company names by ticker, and the seed of its prices."""

    folder: Path
    sessions: Sequence[date]
    companies: dict[str, str]
    seed: int = 1

    @property
    def config(self) -> Path:
        """The path of the configuration file."""
        return self.folder / "config.yaml"


def create_newsroom(folder: Path, today: date, companies: int, sessions: int, windows: Sequence[str]) -> Newsroom:
    """Write the configuration of a newsroom whose last session is the one before `today`."""
    days = clock(MIC, today - timedelta(days=int(sessions * 1.5) + 30), today).sessions.tolist()
    past = [day for day in days if day < today][-sessions:]
    rng = random.Random(1)
    names: dict[str, str] = {}
    while len(names) < companies:
        name = "".join(rng.choices(_SYLLABLES, k=4)).capitalize()
        names.setdefault(f"{name[:2]}{len(names)}".upper(), f"{name} Works")
    newsroom = Newsroom(folder, past, names)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "wire").mkdir(exist_ok=True)
    market = {"mic": MIC, "currency": "EUR"}
    instruments = {
        ticker: {**market, "name": name, "benchmark": INDEX, "symbols": {"local": ticker}, "aliases": [name]}
        for ticker, name in names.items()
    }
    instruments[INDEX] = {**market, "name": "Simulated index", "kind": "index", "symbols": {"local": INDEX}}
    config = {
        "instruments": instruments,
        "news": [{"name": "wire", "kind": "csv", "path": "wire/*.csv", "timezone": "UTC", "known_at": "published"}],
        "prices": [{"name": "local", "kind": "csv", "path": "prices.csv", "columns": {"symbol": "symbol"}}],
        "studies": [{"name": "market", "estimation": 60, "min_observations": 40, "windows": list(windows)}],
    }
    newsroom.config.write_text("# SIMULATED\n" + yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return newsroom


def write_prices(newsroom: Newsroom, until: int) -> None:
    """Write the prices of the first `until` sessions; a later call with more sessions repeats the earlier prices."""
    rng = np.random.default_rng(newsroom.seed)
    n = len(newsroom.sessions)
    market = rng.normal(0.0003, 0.01, n)
    with (newsroom.folder / "prices.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["symbol", "date", "open", "close"])
        for ticker in [INDEX, *newsroom.companies]:
            own = market if ticker == INDEX else market + 0.015 * rng.standard_t(4, n)
            closes = 100 * np.cumprod(1 + own)
            opens = closes / (1 + own / 2)
            days = zip(newsroom.sessions[:until], opens, closes, strict=False)
            out.writerows([ticker, day, f"{o:.4f}", f"{c:.4f}"] for day, o, c in days)


def deliver_articles(
    newsroom: Newsroom, name: str, sessions: Sequence[date], articles: int, correction: str = ""
) -> None:
    """Write a file of articles spread over some sessions. A `correction` changes the bodies of an earlier delivery."""
    rng = random.Random(name)
    tickers = list(newsroom.companies)
    with (newsroom.folder / "wire" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "published_at", "title", "body"])
        for n in range(articles):
            day, ticker = sessions[n % len(sessions)], rng.choice(tickers)
            at = datetime.combine(day, time(), UTC) + timedelta(minutes=rng.randrange(24 * 60))
            title = f"{newsroom.companies[ticker]} {rng.choice(_VERBS)} plant {name} {n}"
            other = newsroom.companies[rng.choice(tickers)]
            body = f"SIMULATED. {newsroom.companies[ticker]} said so{correction}. Analysts spoke of {other} too."
            out.writerow([f"{name}-{n}", at.isoformat(), title, body])
