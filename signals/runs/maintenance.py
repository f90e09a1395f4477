"""What looks after a store: snapshots, pruning, copies."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import signals
from signals.app import App
from signals.store import Store, pruning, snapshot
from signals.store.copy_all import Content, copy_all
from signals.store.snapshot import Published


def publish(app: App, folder: Path | None = None) -> Published:
    """Write a snapshot of the views for BI tools, into the configuration's `publish` folder unless one is named."""
    app.require_schema()
    target = folder or app.config.root / app.config.publish
    return snapshot.publish(app.store, target, app.now(), signals.__version__)


def prune(app: App, before: datetime) -> dict[str, int]:
    """Drop what is older than an instant and no link needs; returns how many rows of each kind."""
    app.require_schema()
    with app.store.lock():
        with app.store.write() as db:
            dropped = pruning.prune(db, before)
        app.store.vacuum()
    return dropped


def copy_store(app: App, url: str) -> tuple[list[Content], str]:
    """Copy the whole store into an empty database; returns what each table of both holds, and its name."""
    app.require_schema()
    target = Store(url)
    with app.store.lock(), target.lock():
        target.upgrade()
        return copy_all(app.store, target), target.name
