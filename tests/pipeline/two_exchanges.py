"""Three shares on two exchanges of one calendar with their benchmark: worlds that tests of bars change and run."""

import random
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from signals.app import App
from signals.sessions import clock
from tests.worlds import app_at

NOW = datetime(2024, 6, 28, 22, 0, tzinfo=UTC)
DAYS: list[date] = clock("XNYS", date(2023, 6, 1), date(2024, 6, 27)).sessions.tolist()
DAY = date(2024, 6, 12)
SUNDAY = date(2024, 6, 9)
SHARES = ("ACME", "BOLT", "CORE")


def world(folder: Path, news: Iterable[tuple[date, str]], benchmark: str | None = "INDEX") -> App:
    """Write three shares on two exchanges of one calendar, with their benchmark, and headlines at noon in New York."""

    def one(ticker: str, mic: str) -> dict[str, object]:
        compared = {"benchmark": benchmark} if benchmark and ticker != benchmark else {}
        return {"name": f"{ticker.title()} Works", "mic": mic, "currency": "USD", "symbols": {"p": ticker}, **compared}

    mics = {"ACME": "XNYS", "BOLT": "XNYS", "CORE": "XNAS", "INDEX": "XNYS"}
    columns = {"published_at": "at", "title": "title", "tags": "tag"}
    source = {"name": "wire", "kind": "csv", "path": "wire.csv", "timezone": "America/New_York", "columns": columns}
    content = {
        "instruments": {ticker: one(ticker, mic) for ticker, mic in mics.items()},
        "news": [source],
        "prices": [{"name": "p", "kind": "csv", "path": "{symbol}.csv", "columns": {"split": "split"}}],
        "studies": [{"name": "market", "model": "market", "windows": ["0..0"]},
                    {"name": "plain", "model": "constant-mean", "windows": ["0..0"]}],
    }  # fmt: skip
    (folder / "config.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    rows = [f"{day} 12:00,{ticker} reports,{ticker}" for day, ticker in news]
    (folder / "wire.csv").write_text("\n".join(["at,title,tag", *rows]) + "\n", encoding="utf-8")
    for ticker in mics:
        write(folder, ticker)
    return app_at(folder / "config.yaml", NOW)


def write(
    folder: Path,
    ticker: str,
    without: Collection[date] = (),
    added: Collection[date] = (),
    factor: Callable[[date], float] = lambda _: 1.0,
    splits: Mapping[date, float] = MappingProxyType({}),
) -> None:
    """Write the closes of an instrument, which but for a factor are the same whatever days are left out or added."""
    draw = random.Random(ticker)
    closes = {day: 100 + draw.uniform(-2, 2) for day in DAYS} | dict.fromkeys(added, 100.5)
    rows = [f"{day},{close * factor(day):.4f},{splits.get(day, '')}" for day, close in sorted(closes.items())
            if day not in without]  # fmt: skip
    (folder / f"{ticker}.csv").write_text("\n".join(["date,close,split", *rows]) + "\n", encoding="utf-8")


def configure(app: App, change: Callable[[dict[str, Any]], object]) -> App:
    """Change the configuration and open it again."""
    content = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
    change(content)
    app.config.path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return app_at(app.config.path, NOW)
