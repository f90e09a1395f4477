"""Error rates: the p-values of earlier events, and what was fitted on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from signals.store.bulk import literally, read, upsert
from signals.store.tables import error_rates, events, moves
from signals.types import ErrorRate, RelevanceClass

_RATES = select(*(error_rates.c[name] for name in ErrorRate._fields))


class Evidence(NamedTuple):
    """The p-value of an event whose window has ended. Moves of a ticker between the same prices are one move."""

    last_session: date
    p_value: float
    relevance_class: RelevanceClass
    ticker: str
    base_at: object
    exit_at: object


def evidence(db: Connection, study: str, window: str, first: date, before: date) -> list[Evidence]:
    """Return the p-values of a study and window whose windows ended from a day until before another."""
    columns = [events.c[n] if n in ("relevance_class", "ticker") else moves.c[n] for n in Evidence._fields]
    query = (
        select(*columns)
        .join(events, events.c.event_id == moves.c.event_id)
        .where(
            moves.c.study == study,
            moves.c.event_window == window,
            moves.c.last_session >= first,
            moves.c.last_session < before,
            moves.c.status == "scored",
        )
        .order_by(moves.c.event_id)
    )
    return read(db, query, Evidence)


def error_rates_of(db: Connection, study: str, window: str) -> list[ErrorRate]:
    """Return what was fitted for a study and window, in the order of time."""
    query = _RATES.where(error_rates.c.study == study, error_rates.c.event_window == window)
    return read(db, query.order_by(error_rates.c.first_day), ErrorRate)


def all_rates(db: Connection) -> list[ErrorRate]:
    """Return everything that was fitted."""
    return read(db, _RATES, ErrorRate)


class Judged(NamedTuple):
    """An event, by the study and window that decide for it, with its p-value."""

    study: str
    event_window: str
    day_zero: date
    relevance_class: RelevanceClass
    p_value: float


def judged(db: Connection, most: int) -> list[Judged]:
    """Return the newest events that were judged, in a fixed order."""
    columns = [events.c[n] if n == "relevance_class" else moves.c[n] for n in Judged._fields]
    query = select(*columns).join(events, events.c.event_id == moves.c.event_id)
    is_judged = (moves.c.decides == literally(1), moves.c.status == "scored", moves.c.local_fdr.is_not(None))
    newest = query.where(*is_judged).order_by(moves.c.day_zero.desc(), moves.c.event_id).limit(most)
    return read(db, newest, Judged)


def save_error_rates(db: Connection, rates: Sequence[ErrorRate]) -> None:
    """Write what was fitted; it is never fitted again."""
    upsert(db, error_rates, [rate._asdict() for rate in rates])


def drop_error_rates(db: Connection, since: date) -> None:
    """Drop what was fitted for events after a day."""
    db.execute(error_rates.delete().where(error_rates.c.first_day > since))
