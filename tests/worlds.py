"""Small worlds to run nights on: the demo's, and ones written by a test."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from signals import demo
from signals.app import App, open_app
from signals.demo import World
from signals.night import night
from signals.sessions import clock
from signals.store.ledger import Tally
from signals.store.tables import metadata, runs, source_runs

NOW = datetime(2026, 3, 4, 3, 30, tzinfo=UTC)


def write_demo(folder: Path, now: datetime = NOW, seed: int = 7) -> World:
    """Write the demo's world as of a day."""
    first, last = demo.span(now.date())
    sessions = {mic: clock(mic, first, last).sessions.tolist() for mic in demo.MICS}
    return demo.write_world(folder, now.date(), sessions, seed)


def app_at(config: Path, now: datetime = NOW, database: str | None = None) -> App:
    """Open a program whose clock stands still."""
    return open_app(config, database, now=lambda: now)


def run(app: App, strokes: Iterable[str] = ("ingest", "refresh", "score")) -> Tally:
    """Do one night."""
    return night(app, "test", app.now(), tuple(strokes))


def contents(
    app: App, leave_out: Iterable[str] = (), of: Callable[[Table], bool] = lambda _: True
) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table but the ledger's, in the order of their keys."""
    found = {}
    with app.store.read() as db:
        for table in metadata.sorted_tables:
            if table in (runs, source_runs) or not of(table):
                continue
            columns = [c for c in table.columns if c.name not in set(leave_out)]
            rows = db.execute(table.select().with_only_columns(*columns).order_by(*table.primary_key)).mappings()
            found[table.name] = [dict(row) for row in rows]
    return found
