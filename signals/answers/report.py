"""The report of a ticker: its links, what its events have in common, and what could not be scored or tied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from signals.answers.chance import chance_reliability
from signals.answers.charts import chart_of
from signals.answers.instrument_names import instrument_row
from signals.app import App
from signals.pipeline import Plan, RunContext
from signals.pipeline.derive.averages import GroupedLink, averages, narrowed
from signals.pipeline.derive.panels import Markets
from signals.store import Connection, queries
from signals.store.averages import averages_of, scored_links
from signals.store.queries import LinkFilters, SessionFilters
from signals.types import Average, Chart, LinkList, LinkRow, Report, TickerSummary


def report(app: App, ticker: str, filters: LinkFilters) -> Report:
    """Return the report of a ticker.

    Raises
    ------
    UnknownNameError
        The store has no such ticker.
    """
    now = app.now()
    app.require_schema()
    with app.store.read() as db:
        about = instrument_row(db, app.plan, ticker)
        ticker = about.ticker
        links = queries.links(db, replace(filters, ticker=ticker))
        return Report(
            ticker=ticker,
            instrument=about,
            as_of=now,
            freshness=queries.freshness(db, ticker),
            averages=_averages(db, app, replace(filters, ticker=ticker), links),
            links=links,
            unusual=queries.unusual_sessions(db, SessionFilters(ticker=ticker)),
            unscored=queries.unscored(db, ticker),
            refused_tags=queries.refused_beside(db, ticker),
        )


def _averages(db: Connection, app: App, filters: LinkFilters, links: Sequence[LinkRow]) -> list[Average]:
    """Return the averages that the last run stored; with filters those of the links.

    Without stored ones they are computed, as a run would. With filters every link counts, however old.
    """
    plan, ticker = app.derived_by(db), str(filters.ticker)
    if filters != LinkFilters(ticker=ticker):
        return averages_of_links(db, plan, links, app.now())
    return averages_of(db, ticker) or averages_of_links(db, plan, scored_links(db, ticker), app.now())


def averages_of_links(db: Connection, plan: Plan, links: Iterable[GroupedLink], now: datetime) -> list[Average]:
    """Return the averages of the events behind links, computed as a run computes them."""
    rows, run = list(links), RunContext(0, now)
    return averages(db, Markets(db, narrowed(plan, rows), run, stored=True), narrowed(plan, rows), run, rows)


def chart(app: App, of: Report) -> Chart:
    """Return what the charts of a report need: prices, and the paths around its events."""
    with app.store.read() as db:
        drawn = chart_of(db, app.derived_by(db), of.ticker, of.links, of.as_of)
        return replace(drawn, chance=chance_reliability(db))


def overview(app: App, study: str | None = None, window: str | None = None) -> list[TickerSummary]:
    """Return every instrument that has links, with how many of its events moved and the strongest move."""
    app.require_schema()
    with app.store.read() as db:
        return queries.overview(db, study, window)


def links(app: App, filters: LinkFilters) -> list[LinkRow]:
    """Return links, newest first; raises UnknownNameError for a ticker that the store does not have."""
    app.require_schema()
    with app.store.read() as db:
        if filters.ticker is not None:
            filters = replace(filters, ticker=instrument_row(db, app.plan, filters.ticker).ticker)
        return queries.links(db, filters)


def links_of_all(app: App, filters: LinkFilters) -> LinkList:
    """Return links across instruments, newest first; unless a study or window is named, those that decide."""
    if filters.study is None and filters.window is None:
        filters = replace(filters, decides=1)
    app.require_schema()
    with app.store.read() as db:
        zones = {row.ticker: row.timezone for row in queries.instruments(db)}
        return LinkList(app.now(), queries.links(db, filters), zones)
