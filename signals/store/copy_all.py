"""A whole store into another one, as from a SQLite file to a PostgreSQL server, with proof that it arrived."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, select, text

from signals.errors import StoreError
from signals.store import Store, settings
from signals.store.bulk import BATCH, insert
from signals.store.tables import metadata, runs


@dataclass(frozen=True, slots=True)
class Content:
    """How many rows a table has, and a checksum of their values that does not depend on their order."""

    table: str
    rows: int
    checksum: str


def copy_all(source: Store, target: Store) -> list[Content]:
    """Copy every row of a store into an empty one, in one transaction; returns what both then hold.

    Raises
    ------
    StoreError
        The target holds rows already, or would not hold the rows of the source; it is then left as it was.
    """
    contents = []
    with source.read() as source_db, target.write() as target_db:
        settings.remove(target_db, settings.VIEWS)  # the one row that an upgrade writes; the source has it too
        for table in metadata.sorted_tables:
            if target_db.execute(select(func.count()).select_from(table)).scalar_one():
                raise StoreError(target.name, f"holds rows in {table.name} already; name an empty database")
            for rows in _batches(source_db, table):
                insert(target_db, table, rows)
            arrived = content(target_db, table)
            if arrived != content(source_db, table):
                problem = f"would hold other rows in {table.name} than {source.name}; nothing was written"
                raise StoreError(target.name, problem)
            contents.append(arrived)
        if not target.is_sqlite:
            last = select(func.coalesce(func.max(runs.c.run_id), 0) + 1)
            target_db.execute(text("SELECT setval(pg_get_serial_sequence('runs', 'run_id'), :next, false)"),
                          {"next": target_db.execute(last).scalar_one()})  # fmt: skip
    return contents


def content(db: Connection, table: Table) -> Content:
    """Count the rows of a table and take their checksum."""
    total, count = 0, 0
    for rows in _batches(db, table):
        count += len(rows)
        total += sum(_digests(rows))
    return Content(table.name, count, f"{total % 2**64:016x}")


def _digests(rows: Iterable[dict[str, object]]) -> Iterator[int]:
    for row in rows:
        yield int.from_bytes(hashlib.blake2b(repr(tuple(row.values())).encode(), digest_size=8).digest())


def _batches(db: Connection, table: Table) -> Iterator[list[dict[str, object]]]:
    result = db.execute(select(table).execution_options(yield_per=BATCH))
    for part in result.mappings().partitions(BATCH):
        yield [dict(row) for row in part]
