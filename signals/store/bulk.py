"""Writing many rows: insert, or update where something changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from importlib import import_module
from itertools import repeat
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    Executable,
    Insert,
    Row,
    Table,
    and_,
    bindparam,
    false,
    func,
    literal,
    or_,
    select,
)

BATCH = 5_000

Key = TypeVar("Key")
Literal = TypeVar("Literal", int, str, bool)
Record = TypeVar("Record")
TableRow = Row[*tuple[object, ...]]  # a row of a query over a whole table


def upsert(db: Connection, table: Table, rows: Sequence[Mapping[str, object]], unchanged: Iterable[str] = ()) -> int:
    """Write rows by primary key, leaving alone those that are the same already; returns how many were written.

    Parameters
    ----------
    db, table, rows
        Every row has the same columns.
    unchanged
        Columns that do not count as a change by themselves, such as the run that wrote the row.
    """
    if not rows:
        return 0
    # Its own dialect's, which is imported already: another one's costs every command a twentieth of its start.
    # Typed as Any, because the two dialects' statements share no base class that has on_conflict_do_update.
    statement: Any = import_module(f"sqlalchemy.dialects.{db.dialect.name}").insert(table)
    keys = [column.name for column in table.primary_key]
    values = [name for name in rows[0] if name not in keys]
    ignored = set(unchanged)
    differs: ColumnElement[bool] = or_(
        false(), *(table.c[n].is_distinct_from(statement.excluded[n]) for n in values if n not in ignored)
    )
    if values:
        statement = statement.on_conflict_do_update(
            index_elements=keys, set_={n: statement.excluded[n] for n in values}, where=differs
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    return _execute_many(db, statement, table, rows)


def insert(db: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Add rows that are known to be new."""
    if rows:
        _execute_many(db, table.insert(), table, rows)


def insert_columns(
    db: Connection, table: Table, constants: Mapping[str, object], columns: Mapping[str, Sequence[object]]
) -> None:
    """Add rows that are known to be new, given by column: values that every row shares, and lists of one length.

    The lists hold what the driver takes (text, numbers, None); this is the way for millions of rows.
    """
    names = [*constants, *columns]
    if db.dialect.name != "sqlite":
        rows = zip(*(repeat(value) for value in constants.values()), *columns.values(), strict=False)
        insert(db, table, [dict(zip(names, row, strict=True)) for row in rows])
        return
    writers = {name: _writer(table, name, db.dialect) for name in constants}
    shared = [repeat(w(v) if (w := writers[name]) else v) for name, v in constants.items()]
    places = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 - our own names
    db.exec_driver_sql(statement, list(zip(*shared, *columns.values(), strict=False)))


def _execute_many(db: Connection, statement: Insert, table: Table, rows: Sequence[Mapping[str, object]]) -> int:
    """Execute an insert for many rows that have the same columns; returns how many rows the database wrote.

    They go in by the order of their keys, many of which are digests: an index takes neighbours together the cheapest.
    """
    keys = [column.name for column in table.primary_key if column.name in rows[0]]
    if keys:
        rows = sorted(rows, key=itemgetter(*keys))
    if db.dialect.name != "sqlite":
        counted = statement.execution_options(preserve_rowcount=True)
        return sum(db.execute(counted, list(rows[i : i + BATCH])).rowcount for i in range(0, len(rows), BATCH))
    # Tuples straight to the driver: looking at every dict, as SQLAlchemy does, would halve the rate.
    compiled = statement.compile(dialect=db.dialect, column_keys=list(rows[0]))
    names = [str(name) for name in compiled.positiontup or ()]
    written = {n: w for n, name in enumerate(names) if (w := _writer(table, name, db.dialect)) is not None}
    pick = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
    count = 0
    for i in range(0, len(rows), BATCH):
        part = [pick(row) for row in rows[i : i + BATCH]]
        if written:
            part = [tuple(written[n](v) if n in written else v for n, v in enumerate(row)) for row in part]
        count += db.exec_driver_sql(str(compiled), part).rowcount
    return count


def _writer(table: Table, column: str, dialect: Dialect) -> Callable[[object], object] | None:
    """Return what turns a value of a column into one that the driver takes; None if it takes it as it is."""
    writer: Callable[[object], object] | None = table.c[column].type.dialect_impl(dialect).bind_processor(dialect)
    return writer


def delete(db: Connection, table: Table, keys: Sequence[Mapping[str, object]]) -> None:
    """Delete the rows that match each mapping of column names to values."""
    if keys:
        condition = and_(*(table.c[name] == bindparam(name) for name in keys[0]))
        db.execute(table.delete().where(condition), list(keys))


def count_rows(db: Connection, table: Table) -> int:
    """Count the rows of a table."""
    count: int = db.execute(select(func.count()).select_from(table)).scalar_one()
    return count


def literally(value: Literal) -> ColumnElement[Literal]:
    """Write a constant into the statement: SQLite uses a partial index only where it sees the index's own condition."""
    return literal(value, literal_execute=True)


def chunks(values: Iterable[Key], size: int = 500) -> Iterable[list[Key]]:
    """Cut a list of keys into pieces that fit an IN clause."""
    keys = list(values)
    for i in range(0, len(keys), size):
        yield keys[i : i + size]


def columns_for(record: type, *tables: Table) -> list[ColumnElement[object]]:
    """Return the column of each field of a dataclass, from the first table that has one of that name."""
    return [next(table.c[f.name] for table in tables if f.name in table.c) for f in fields(record)]


def read(db: Connection, query: Executable, record: Callable[..., Record]) -> list[Record]:
    """Read rows whose columns are the fields of a class, in their order."""
    return [record(*row) for row in db.execute(query)]
