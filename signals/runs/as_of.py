"""The state of knowledge at an instant: a store of its own, derived from the facts known then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from signals.app import App
from signals.errors import StoreError
from signals.pipeline import Progress
from signals.runs.run import rebuild
from signals.store import Store, settings
from signals.store.copy_as_of import copy_as_of
from signals.store.engine import remove_database
from signals.store.run_log import RunStats


def derive_as_of(app: App, instant: datetime, progress: Progress | None = None) -> tuple[App, RunStats]:
    """Return a program whose clock stands at an instant and whose store holds what was known then, derived anew.

    The store is a SQLite file named after the instant, beside the configuration.

    Raises
    ------
    StoreError
        The store was pruned of facts before a later instant.
    """
    app.require_schema()
    with app.store.read() as db:
        pruned = settings.get(db, settings.PRUNED)
    if pruned is not None and instant < datetime.fromisoformat(pruned):
        raise StoreError(app.store.name, f"was pruned of facts before {pruned[:10]}; name a later instant")
    name = f"as-of-{instant:%Y%m%dT%H%M%SZ}.db"
    remove_database(app.config.root / name)
    url = f"sqlite:///{app.config.root / name}"
    past = Store(url)
    past.upgrade()
    copy_as_of(app.store, past, instant)
    past_app = App(replace(app.config, database=url), past, lambda: instant)
    return past_app, rebuild(past_app, None, progress)
