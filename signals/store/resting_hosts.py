"""The hosts that asked to be left alone until an instant, as the last run left them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from signals.store.bulk import upsert
from signals.store.tables import hosts_left_alone
from signals.types import LeftAlone

#: No host is left alone for longer. A later instant was written under another clock.
LONGEST = timedelta(days=1)


def resting(db: Connection, now: datetime) -> list[LeftAlone]:
    """Return the hosts that are still left alone, by name."""
    columns = hosts_left_alone.c
    query = select(columns.host, columns.why, columns.until).where(columns.until > now, columns.until <= now + LONGEST)
    return [LeftAlone(row.host, row.why, row.until) for row in db.execute(query.order_by(columns.host))]


def keep_resting(db: Connection, hosts: Sequence[LeftAlone]) -> None:
    """Replace the hosts that are left alone."""
    db.execute(hosts_left_alone.delete())
    upsert(db, hosts_left_alone, [{"host": rest.host, "why": rest.why, "until": rest.until} for rest in hosts])
