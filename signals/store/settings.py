"""What a store keeps of itself, by name: the plan that its rows were derived by, how far it was pruned, its views."""

from __future__ import annotations

from sqlalchemy import Connection, select

from signals.store.bulk import upsert
from signals.store.tables import settings

PLAN, PRUNED, VIEWS = "plan", "pruned before", "views"
#: JSON: the instruments that a derivation failed for, each with the day from which it is to be derived again.
AGAIN = "derive again"


def get(db: Connection, name: str) -> str | None:
    """Return a setting, or None."""
    return db.execute(select(settings.c.value).where(settings.c.name == name)).scalar()


def remove(db: Connection, name: str) -> None:
    """Delete a setting."""
    db.execute(settings.delete().where(settings.c.name == name))


def put(db: Connection, name: str, value: str) -> None:
    """Keep a setting."""
    upsert(db, settings, [{"name": name, "value": value}])
