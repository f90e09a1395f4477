"""A small world by the hour: one share and its index in New York, simulated, with a jump in the hour of a story."""

import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import yaml

from signals.app import App
from signals.sessions import clock
from tests.worlds import app_at

NEW_YORK = ZoneInfo("America/New_York")
FIRST, LAST = date(2019, 6, 3), date(2020, 3, 27)
NOW = datetime(2020, 3, 28, 3, 30, tzinfo=UTC)
STUDY: dict[str, Any] = {
    "name": "hourly", "interval": "1h", "estimation": 100, "gap": 5, "min_observations": 60,
    "windows": ["-60m..0m", "0m..60m", "0m..close", "overnight"],
}  # fmt: skip
DAILY: dict[str, Any] = {"name": "market", "estimation": 100, "gap": 5, "min_observations": 60, "windows": ["0..0"]}

STORIES = {
    "2020-03-04 13:20": "Acme wins a contract for turbines",  # the price jumps by 6% in that hour
    "2020-03-04 13:31": "Acme wins a contract for turbines",
    "2020-03-04 15:10": "Acme wins a contract for turbines",
    "2020-03-11 10:10": "Acme sues a rival over patents",
    "2020-03-11 14:30": "Acme will open a plant in Ohio",
    "2020-03-12 11:10": "Acme names a new head of finance",
    "2020-03-12 11:30": "Acme recalls a batch of pumps",
    "2020-03-16 18:00": "Acme raises its outlook for the year",
    "2020-03-17 15:40": "Acme settles with its suppliers",
    "2019-11-29 11:10": "Acme buys back shares",  # a half day
    "2020-03-19 12:00": "Acme pays a dividend",
}
JUMPS = {("ACME", "2020-03-04 13:00"): 0.06, ("MKT", "2020-03-11 14:00"): 0.05}


def walk(symbol: str, of: Any) -> list[list[Any]]:
    """Simulate hourly bars: wilder in the first hour, each opening at the last close but for the first."""
    rng = np.random.default_rng(len(symbol))
    rows, price = [], 100.0
    for opens, closes in zip(of.opens.tolist(), of.closes.tolist(), strict=True):
        start = opens.replace(tzinfo=UTC).astimezone(NEW_YORK).replace(minute=0, tzinfo=None)
        end = closes.replace(tzinfo=UTC).astimezone(NEW_YORK).replace(tzinfo=None)
        price *= 1 + 0.005 * rng.standard_t(5)
        while start < end:
            step = (0.004 if start.hour == 9 else 0.002) * rng.standard_t(5)
            opened, price = price, price * (1 + step + JUMPS.get((symbol, f"{start:%Y-%m-%d %H:%M}"), 0.0))
            rows.append([f"{start:%Y-%m-%d %H:%M}", round(opened, 4), round(price, 4)])
            start += timedelta(hours=1)
    return rows


def write_bars(path: Path, rows: Iterable[list[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["date", "open", "close"], *rows])


def write_world(folder: Path, index: bool = True, stories: Mapping[str, str] = STORIES, **acme: Any) -> Path:
    """Write the world; without `index` the benchmark has daily bars only. Returns its configuration."""
    of = clock("XNYS", FIRST, LAST)
    for symbol in ("ACME", "MKT"):
        rows = walk(symbol, of)
        if symbol == "ACME" or index:
            write_bars(folder / f"{symbol}-1h.csv", rows)
        by_day: dict[str, list[Any]] = {}
        for start, opened, close in rows:
            by_day.setdefault(start[:10], [start[:10], opened, close])[2] = close
        write_bars(folder / f"{symbol}-1d.csv", by_day.values())
    with (folder / "headlines.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["at", "title", "tag"], *([at, title, "ACME"] for at, title in stories.items())])
    symbols = {"days": "ACME", "hours": "ACME"}
    share = {"name": "Acme Corporation", "mic": "XNYS", "currency": "USD", "benchmark": "MKT", "symbols": symbols}
    market = {"days": "MKT", **({"hours": "MKT"} if index else {})}
    written = {
        "instruments": {
            "ACME": {**share, "aliases": [{"text": "ACME", "scheme": "page_tag"}], **acme},
            "MKT": {"name": "Market index", "mic": "XNYS", "currency": "USD", "kind": "index", "symbols": market},
        },
        "news": [{"name": "wire", "kind": "csv", "path": "headlines.csv", "timezone": "America/New_York",
                  "known_at": "published", "columns": {"published_at": "at", "title": "title", "tags": "tag"}}],
        "prices": [
            {"name": "days", "kind": "csv", "path": "{symbol}-1d.csv"},
            {"name": "hours", "kind": "csv", "path": "{symbol}-1h.csv", "interval": "1h",
             "timezone": "America/New_York"},
        ],
        "studies": [DAILY, STUDY],
    }  # fmt: skip
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump(written), encoding="utf-8")
    return config


def hourly_app(config: Path, now: datetime = NOW, database: str | None = None) -> App:
    return app_at(config, now, database)
