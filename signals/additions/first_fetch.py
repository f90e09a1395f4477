"""A first fetch: the bars of the last days of an instrument, which prove that its sources serve it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import isfinite

from signals.app import App
from signals.errors import NotFoundError, SourceError
from signals.types import Instrument, PriceSource

DAYS = 30
_EVER = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class FirstFetch:
    """What a source served of an instrument: how many bars with a price, from when to when, and the last close."""

    source: str
    symbol: str
    bars: int
    first: date
    last: date
    close: float
    currency: str | None


def first_fetches(app: App, instrument: Instrument) -> tuple[list[FirstFetch], list[SourceError]]:
    """Fetch the last 30 days of an instrument from each of its sources; a file is read from its beginning."""
    added = replace(app.config, instruments=(*app.config.instruments, instrument))
    fetches: list[FirstFetch] = []
    failures: list[SourceError] = []
    for source in replace(app, config=added).price_sources():
        if source.name in instrument.symbols:
            try:
                fetches.append(_fetch(source, instrument.symbols[source.name], app))
            except SourceError as error:
                failures.append(error)
    return fetches, failures


def _fetch(source: PriceSource, symbol: str, app: App) -> FirstFetch:
    now = app.now()
    is_file = source.version(symbol) is not None
    first = _EVER if is_file else now.date() - timedelta(days=DAYS)
    bars = source.history(symbol, max(first, source.serves_from(now) or first), now.date(), now).bars
    priced = [(at.date(), close) for at, close in zip(bars.start.tolist(), bars.close.tolist(), strict=True)
              if isfinite(close)]  # fmt: skip
    if not priced:
        span = "in its files" if is_file else f"in the last {DAYS} days"
        raise NotFoundError(source.name, symbol, f"has no bar with a price {span}; choose another listing")
    last, close = priced[-1]
    return FirstFetch(source.name, symbol, len(priced), priced[0][0], last, close, bars.currency)
