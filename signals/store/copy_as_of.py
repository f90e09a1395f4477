"""Facts from one store to another, as they were known at an instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, Table, case, literal, select

from signals.store import Store
from signals.store.bulk import BATCH, insert
from signals.store.tables import Instant, actions, articles, bars, documents, quarantine, refusals, runs, series

# The column that tells when a row was learned.
LEARNED_AT = {
    runs: "started_at",
    documents: "fetched_at",
    articles: "known_at",
    refusals: "first_seen_at",
    bars: "fetched_at",
    actions: "fetched_at",
    series: None,
    quarantine: "first_seen_at",
}


def copy_as_of(source: Store, target: Store, instant: datetime) -> None:
    """Copy the facts known at an instant; what was superseded later is current again, and no run ends later."""
    for table in LEARNED_AT:
        with source.read() as db:
            for rows in _batches(db, table, instant):
                with target.write() as other:
                    insert(other, table, rows)


def _batches(db: Connection, table: Table, instant: datetime) -> Iterator[list[dict[str, object]]]:
    result = db.execute(_known_at(table, instant).execution_options(yield_per=BATCH))
    for part in result.mappings().partitions(BATCH):
        yield [dict(row) for row in part]


def _known_at(table: Table, instant: datetime) -> Select[*tuple[object, ...]]:
    columns: list[ColumnElement[object]] = []
    for column in table.c:
        if column.name in ("superseded_at", "finished_at"):
            later = case((column > instant, literal(None, Instant())), else_=column)
            columns.append(later.label(column.name))
        else:
            columns.append(column)
    query = select(*columns)
    if table is runs:  # one that is at work now is none of the copy's
        query = query.where(runs.c.state != "running")
    learned = LEARNED_AT[table]
    return query if learned is None else query.where(table.c[learned] <= instant)
