"""A store for notebooks: the rows of its views as data frames with proper types.

>>> import signals
>>> book = signals.open("config.yaml")
>>> book.links(ticker="GAZP", since="2015-01-01")
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from signals.answers.contrast import contrast, group_of
from signals.answers.explain import explain
from signals.answers.instrument_names import instrument_row
from signals.answers.unusual import unusual
from signals.app import App, open_app
from signals.reports.explanation import explanation_lines
from signals.store import queries
from signals.store.queries import LinkFilters
from signals.store.views import EVENTS, INSTRUMENTS, LINKS, MOVES, View
from signals.types import Contrast

_DTYPES: dict[str, Any] = {"text": "object", "integer": "Int64", "real": "float64", "date": "datetime64[ns]"}


@dataclass(frozen=True, eq=False, repr=False)
class Book:
    """An open store, for reading."""

    app: App

    def __repr__(self) -> str:
        """Write one line without secrets: the database without its password and options, and what is configured."""
        database, plan = self.app.store.name.partition("?")[0], self.app.plan
        studies = ", ".join([*(study.name for study in plan.studies), *(study.name for study in plan.intraday)])
        return f"Book({database}: {len(plan.instruments)} instruments, studies {studies})"

    def links(
        self,
        ticker: str | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        study: str | None = None,
        window: str | None = None,
        min_relevance: float | None = None,
    ) -> pd.DataFrame:
        """Return rows of v_links, newest first; `since` and `until` are days zero."""
        filters = LinkFilters(
            ticker=ticker,
            since=_day(since),
            until=_day(until),
            study=study,
            window=window,
            min_relevance=min_relevance,
        )
        self.app.require_schema()
        with self.app.store.read() as db:
            return framed(queries.links(db, filters), LINKS)

    def moves(
        self, ticker: str | None = None, since: str | date | None = None, unexplained: bool = False
    ) -> pd.DataFrame:
        """Return rows of v_moves: unusual sessions, with news or without."""
        return framed(unusual(self.app, ticker, _day(since), unexplained).sessions, MOVES)

    def events(self, ticker: str | None = None) -> pd.DataFrame:
        """Return rows of v_events, the unit of inference: a row per event, study and window."""
        return self._view(EVENTS, ticker)

    def instruments(self, ticker: str | None = None) -> pd.DataFrame:
        """Return rows of v_instruments: coverage and base rates."""
        return self._view(INSTRUMENTS, ticker)

    def contrast(
        self,
        first: Mapping[str, str | date],
        second: Mapping[str, str | date],
        study: str | None = None,
        window: str | None = None,
        period: str = "month",
    ) -> Contrast:
        """Compare two groups of events, each named by ticker, source, tag, since and until."""
        return contrast(self.app, group_of(first), group_of(second), study, window, period)

    def explain(self, link_id: str) -> str:
        """Return the derivation of a link as text; the beginning of an id explains all links under it."""
        return "\n".join(line for line, _ in explanation_lines(explain(self.app, link_id)))

    def _view(self, view: View, ticker: str | None) -> pd.DataFrame:
        self.app.require_schema()
        where = "1 = 1" if ticker is None else "ticker = :ticker"
        with self.app.store.read() as db:
            bound = {"ticker": instrument_row(db, self.app.plan, ticker).ticker} if ticker else {}
            return framed(queries.select_view(db, view, view.row, where, **bound), view)


def open_book(config: str | Path = "config.yaml", database: str | None = None) -> Book:
    """Open the store of a configuration, or another one by its URL.

    Raises
    ------
    ConfigError, StoreError
        One sentence that names the file or the key and what to do.
    """
    book = Book(open_app(Path(config), database))
    book.app.require_schema()
    return book


def framed(rows: Sequence[object], view: View) -> pd.DataFrame:
    """Put rows of a view into a data frame: instants in UTC, sessions as dates, counts as nullable integers."""
    frame = pd.DataFrame(
        [[getattr(row, name) for name in view.names] for row in rows], columns=list(view.names), dtype="object"
    )
    for name in view.names:
        kind = view.kind(name)
        if kind == "instant":
            frame[name] = pd.to_datetime(frame[name], utc=True).astype("datetime64[ns, UTC]")
        else:
            frame[name] = frame[name].astype(_DTYPES[kind])
    return frame


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
