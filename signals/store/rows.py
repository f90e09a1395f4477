"""Writing many rows: insert, or update where something changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, false, or_
from sqlalchemy.dialects import postgresql, sqlite

BATCH = 5_000

Key = TypeVar("Key")


def upsert(db: Connection, table: Table, rows: Sequence[Mapping[str, Any]], unchanged: Iterable[str] = ()) -> int:
    """Write rows by primary key, leaving alone those that are the same already.

    Parameters
    ----------
    db, table, rows
        Every row has the same columns.
    unchanged
        Columns that do not count as a change by themselves, such as the run that wrote the row.

    Returns
    -------
    int
        How many rows were written; on databases that do not say, how many were offered.
    """
    if not rows:
        return 0
    insert: Any = (sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert)(table)
    keys = [column.name for column in table.primary_key]
    values = [name for name in rows[0] if name not in keys]
    ignored = set(unchanged)
    differs: ColumnElement[bool] = or_(
        false(), *(table.c[n].is_distinct_from(insert.excluded[n]) for n in values if n not in ignored)
    )
    if values:
        insert = insert.on_conflict_do_update(
            index_elements=keys, set_={n: insert.excluded[n] for n in values}, where=differs
        )
    else:
        insert = insert.on_conflict_do_nothing(index_elements=keys)
    before = _changes(db)
    for i in range(0, len(rows), BATCH):
        db.execute(insert, list(rows[i : i + BATCH]))
    return len(rows) if before is None else (_changes(db) or 0) - before


def _changes(db: Connection) -> int | None:
    """Return SQLite's own count of changed rows; other databases do not say how many of many rows they changed."""
    if db.dialect.name != "sqlite":
        return None
    return int(db.exec_driver_sql("SELECT total_changes()").scalar_one())


def insert(db: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows that are known to be new."""
    for i in range(0, len(rows), BATCH):
        db.execute(table.insert(), list(rows[i : i + BATCH]))


def delete(db: Connection, table: Table, keys: Sequence[Mapping[str, Any]]) -> None:
    """Delete the rows that match each mapping of column names to values."""
    if keys:
        condition = and_(*(table.c[name] == bindparam(name) for name in keys[0]))
        db.execute(table.delete().where(condition), list(keys))


def chunks(values: Iterable[Key], size: int = 500) -> Iterable[list[Key]]:
    """Cut a list of keys into pieces that fit an IN clause."""
    listed = list(values)
    for i in range(0, len(listed), size):
        yield listed[i : i + size]
