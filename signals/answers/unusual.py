"""Unusual sessions with the stories that fall on them or none, and how often there are such."""

from __future__ import annotations

from datetime import date

from signals.answers.instrument_names import instrument_row
from signals.app import App
from signals.store import queries
from signals.store.queries import SessionFilters
from signals.types import UnusualReport


def unusual(app: App, ticker: str | None, since: date | None, unexplained: bool) -> UnusualReport:
    """Return unusual sessions, of one ticker or of all.

    Raises
    ------
    UnknownNameError
        The store has no such ticker.
    """
    app.require_schema()
    with app.store.read() as db:
        rows = [instrument_row(db, app.plan, ticker)] if ticker is not None else queries.instruments(db)
        filters = SessionFilters(
            ticker=rows[0].ticker if ticker is not None else None, since=since, explained=0 if unexplained else None
        )
        rates = [row for row in rows if row.measured_sessions is not None]
        return UnusualReport(app.now(), rates, queries.unusual_sessions(db, filters))
