"""The status of a store: its runs, sources, gaps, and what waits or was refused."""

from __future__ import annotations

from signals.app import App
from signals.store import status as stored
from signals.types import StatusReport


def status(app: App) -> StatusReport:
    """Return what `signals status` lists."""
    app.require_schema()
    changes = app.plan_changes()
    with app.store.read() as db:
        return stored.status(db, app.store.presence, app.now(), changes)
