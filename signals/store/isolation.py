"""Work on many items of which one bad one costs itself: under savepoints, with the bad ones searched for by halves.

In the good case it is one savepoint. What is wrong with the database itself still ends the run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError

from signals.errors import SignalsError

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 20  # items of one piece of work that are searched for one by one; the rest waits with them
#: The classes of PostgreSQL's errors that are not about a value: of connections, transactions, locks, resources,
#: the server and statements.
_OF_THE_DATABASE = ("08", "25", "28", "3D", "40", "42", "53", "55", "57", "58", "F0", "XX")


@dataclass(frozen=True, slots=True)
class Failed(Generic[Item]):
    """An item that could not be worked on, and the error that it raised."""

    item: Item
    error: Exception


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Item, Result]):
    """What work on many items gave: the result for the good ones (None if there is none), and the bad ones."""

    result: Result | None
    failed: Sequence[Failed[Item]] = ()


def isolated(
    db: Connection,
    items: Sequence[Item],
    work: Callable[[Sequence[Item]], Result],
    again: Callable[[], object] = lambda: None,
) -> Outcome[Item, Result]:
    """Do work on items; if it raises, find the items that make it raise and do it on the others.

    Parameters
    ----------
    db
        An open transaction. Nothing stays of the work on a bad item.
    items
        What to work on, all at once.
    work
        Called with a part of the items, perhaps several times; what it wrote is undone before it is called again.
    again
        Called before the work is done on the good items after a failure: to forget what was read meanwhile.
    """
    left, failed = list(items), list[Failed[Item]]()
    while left:
        try:
            with db.begin_nested():
                return Outcome(work(left), failed)
        except Exception as error:
            if ends_the_run(error):
                raise
            bad = [Failed(item, error) for item in left] if failed else _search(db, left, work, error)
        failed += bad
        ids = {id(one.item) for one in bad}
        left = [item for item in left if id(item) not in ids]
        again()
    return Outcome(None, failed)


def _search(
    db: Connection, items: Sequence[Item], work: Callable[[Sequence[Item]], object], error: Exception
) -> list[Failed[Item]]:
    """Return the items that make the work raise; all of them where only their company does, or where many do."""
    if len(items) == 1:
        return [Failed(items[0], error)]
    failed = list[Failed[Item]]()
    half = len(items) // 2
    for part in (items[:half], items[half:]):
        if len(failed) >= MOST:
            return [*failed, *(Failed(item, error) for item in part)]
        if (raised := _tried(db, part, work)) is not None:
            failed += _search(db, part, work, raised)
    return failed or [Failed(item, error) for item in items]


def _tried(db: Connection, items: Sequence[Item], work: Callable[[Sequence[Item]], object]) -> Exception | None:
    """Return what the work raises; it is undone in any case."""
    savepoint = db.begin_nested()
    try:
        work(items)
    except Exception as error:
        if ends_the_run(error):
            raise
        return error
    finally:
        if savepoint.is_active:
            savepoint.rollback()
    return None


def ends_the_run(error: Exception) -> bool:
    """Return whether an error is about the database itself, or a sentence for the user, and not about an item."""
    if isinstance(error, SignalsError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    code = str(getattr(error.orig, "sqlstate", None) or "")
    if code:
        return code.startswith(_OF_THE_DATABASE)
    if isinstance(error, InterfaceError):  # SQLite's is about a value, psycopg's about the connection
        return type(error.orig).__module__.startswith("psycopg")
    return type(error) in (DatabaseError, OperationalError)
