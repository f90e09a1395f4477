"""Small worlds to do runs on: the demo's, and ones written by a test."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Table, text

from signals import demo
from signals.answers import report as answers
from signals.app import App, open_app
from signals.config import DEFAULT_STAGES
from signals.demo import World
from signals.runs import run as runs
from signals.sessions import clock
from signals.store import Connection
from signals.store.queries import LinkFilters
from signals.store.run_log import RunStats
from signals.store.tables import metadata, progress, source_runs, stage_runs
from signals.store.tables import run_rows as row_sums
from signals.store.tables import runs as run_rows
from signals.types import LinkRow, Stage

NOW = datetime(2026, 3, 4, 3, 30, tzinfo=UTC)


def write_demo(folder: Path, now: datetime = NOW, seed: int = 3) -> World:
    """Write the demo's world as of a day."""
    first, last = demo.span(now.date())
    sessions = {mic: clock(mic, first, last).sessions.tolist() for mic in demo.MICS}
    return demo.write_world(folder, now.date(), sessions, seed)


def small(folder: Path, headlines: Iterable[tuple[datetime, str]] = (), now: datetime = NOW) -> App:
    """Write a world of one instrument and its benchmark as of an instant, with headlines that name it."""
    acme = {"name": "Acme", "mic": "XAMS", "currency": "EUR", "benchmark": "AEX", "symbols": {"local": "ACME"},
            "aliases": ["Acme"]}  # fmt: skip
    aex = {"name": "Index", "mic": "XAMS", "currency": "EUR", "kind": "index", "symbols": {"local": "AEX"}}
    wire = {"name": "wire", "kind": "csv", "path": "wire.csv", "timezone": "UTC"}
    local = {"name": "local", "kind": "csv", "path": "{symbol}.csv"}
    written = {"instruments": {"ACME": acme, "AEX": aex}, "news": [wire], "prices": [local]}
    (folder / "config.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    rows = [f"{at.isoformat()},{title}" for at, title in headlines]
    (folder / "wire.csv").write_text("\n".join(["published_at,title", *rows]) + "\n", encoding="utf-8")
    days = clock("XAMS", NOW.date() - timedelta(days=500), now.date() - timedelta(days=1)).sessions
    for symbol, wobble in (("ACME", 3), ("AEX", 2)):
        closes = [f"{day},{100 + (n * 7 % 13) * wobble / 10:.2f}" for n, day in enumerate(days)]
        (folder / f"{symbol}.csv").write_text("\n".join(["date,close", *closes]) + "\n", encoding="utf-8")
    return app_at(folder / "config.yaml", now)


def app_at(config: Path, now: datetime = NOW, database: str | None = None) -> App:
    """Open a program whose clock stands still."""
    return open_app(config, database, now=lambda: now)


def run(app: App, stages: Iterable[str] = DEFAULT_STAGES) -> RunStats:
    """Do one run."""
    return runs.run(app, "test", app.now(), [Stage(name) for name in stages])


def links_of(app: App, **filters: Any) -> list[LinkRow]:
    """Return links, newest first; the filters are those of `LinkFilters`."""
    return answers.links(app, LinkFilters(**filters))


def query(db: Connection, sql: str, **values: object) -> list[dict[str, Any]]:
    """Return the rows of a query of one's own."""
    return [dict(row) for row in db.execute(text(sql), values).mappings()]


def contents(
    app: App, leave_out: Iterable[str] = (), of: Callable[[Table], bool] = lambda _: True
) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table but the run log's, in the order of their keys."""
    rows_of = {}
    with app.store.read() as db:
        for table in metadata.sorted_tables:
            if table in (run_rows, row_sums, source_runs, stage_runs, progress) or not of(table):
                continue
            columns = [c for c in table.columns if c.name not in set(leave_out)]
            rows = db.execute(table.select().with_only_columns(*columns).order_by(*table.primary_key)).mappings()
            rows_of[table.name] = [dict(row) for row in rows]
    return rows_of
