"""A world of files whose share is in euros and whose index is in euros or in dollars, with rates between the two."""

import csv
import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from signals.app import App
from signals.sessions import clock
from signals.types import LinkRow
from tests.worlds import app_at, links_of, run

NOW = datetime(2024, 12, 2, 3, 30, tzinfo=UTC)
DAYS = clock("XAMS", date(2024, 1, 2), date(2024, 11, 29)).sessions.tolist()
NEWS = DAYS[200]


def rate(n: int) -> float:
    """What one dollar costs in euros."""
    return 0.9 + 0.03 * math.sin(n / 9)


def euros(n: int) -> float:
    return 100 * math.exp(0.0002 * n + 0.05 * math.sin(n * 0.7))


PRICES: dict[str, Callable[[int], float]] = {
    "ACME": lambda n: euros(n) * (1 + 0.01 * math.cos(n * 1.3)),
    "INEUR": euros,
    "INUSD": lambda n: euros(n) / rate(n),
    "USDEUR": rate,
    "EURUSD": lambda n: 1 / rate(n),
}


def world(folder: Path, benchmark: str, currency: str, **more: Any) -> App:
    """Write the world, with further keys of its configuration, and do a run on it."""
    folder.mkdir(exist_ok=True)
    for symbol, price in PRICES.items():
        with (folder / f"{symbol}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["date", "close"], *([day, price(n)] for n, day in enumerate(DAYS))])
    with (folder / "news.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["date", "title", "tags"], [f"{NEWS}T11:00:00+00:00", "Acme", "ACME"]])

    def entry(ticker: str, money: str, **keys: Any) -> dict[str, Any]:
        return {"name": ticker, "mic": "XAMS", "currency": money, "symbols": {"local": ticker}, **keys}

    written = {
        "instruments": {
            "ACME": entry("ACME", "EUR", benchmark=benchmark, aliases=[{"text": "ACME", "scheme": "page_tag"}]),
            benchmark: entry(benchmark, currency, kind="index"),
            "USDEUR": entry("USDEUR", "EUR", kind="fx"),
            "EURUSD": entry("EURUSD", "USD", kind="fx"),
        },
        "news": [{"name": "news", "kind": "csv", "path": "news.csv", "known_at": "published",
                  "columns": {"published_at": "date", "title": "title", "tags": "tags"}}],
        "prices": [{"name": "local", "kind": "csv", "path": "{symbol}.csv"}],
        "studies": [{"name": "market", "estimation": 100, "gap": 5, "min_observations": 50, "windows": ["0..0"]}],
        **more,
    }  # fmt: skip
    (folder / "config.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    app = app_at(folder / "config.yaml", NOW)
    run(app)
    return app


def link(app: App) -> LinkRow:
    """Return the only link."""
    (row,) = links_of(app, ticker="ACME")
    return row
