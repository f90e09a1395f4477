"""Bars: where they disagree with the calendar or with each other, which were rejected, and where there are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from signals.app import App
from signals.pipeline.derive.price_breaks import cure, sentence
from signals.store import bars, queries
from signals.types import DayMark, Disagreement, Finding, MarketDays, PriceBreak, QuarantineCount, spans_of

# --- the calendar ---------------------------------------------------------------------------------------------------


def market_days(app: App) -> list[MarketDays]:
    """Return, per market, where its bars disagree with its calendar or lack its benchmark, as last scored."""
    with app.store.read() as db:
        return queries.marked_days(db)


def calendars(markets: Iterable[MarketDays]) -> Iterator[Finding]:
    """Yield on which days the bars of a market disagree with its calendar or lack its benchmark."""
    for market in markets:
        where = f"{market.mic} by {market.benchmark}" if market.benchmark else market.mic
        problem, advice = _MARKS[market.mark]
        yield Finding(where, f"{problem}: {spans_of(market.days)}", advice)


_MARKS: Mapping[DayMark, tuple[str, str]] = {
    DayMark.SHUT: (
        "the calendar lists sessions on which no instrument has a bar",
        "they count as no sessions, no event falls there; if the market was open, give its bars by another source",
    ),
    DayMark.ADDED: (
        "most instruments have prices on days that the calendar does not list",
        "they count as sessions, events fall there; if the market was shut, mend the source",
    ),
    DayMark.STRAY: (
        "there are bars on days that are no sessions",
        "they are not used; nothing to do, unless the market was open: then give the other instruments' bars too",
    ),
    DayMark.NO_BENCHMARK_BAR: (
        "the benchmark has no bar on days on which the market traded",
        "events on these days and the next sessions are unscored (benchmark_bars); mend its source or give another",
    ),
}


def price_breaks(app: App) -> list[PriceBreak]:
    """Return the jumps of prices that are held back."""
    with app.store.read() as db:
        return queries.price_breaks(db)


def held_back(breaks: Iterable[PriceBreak]) -> Iterator[Finding]:
    """Yield which jumps of prices are held back, and the keys that settle each."""
    for one in breaks:
        yield Finding(one.ticker, f"{sentence(one)}; no window that holds it is scored", cure(one))


# --- sources --------------------------------------------------------------------------------------------------------


def disagreements(app: App) -> list[Disagreement]:
    """Return the closes on which sources disagree."""
    with app.store.read() as db:
        return queries.disagreements(db)


def sources_that_disagree(pairs: Iterable[Disagreement]) -> Iterator[Finding]:
    """Yield which two sources give different closes of an instrument, and on which days."""
    for pair in pairs:
        days = [date.fromisoformat(start[:10]) for start in pair.starts]
        yield Finding(
            pair.ticker,
            f"{pair.source} and {pair.other} give different closes ({pair.interval}), by up to "
            f"{pair.largest:.2%}: {spans_of(days)}",
            "no window mixes them; put the one you trust first under `prices`, or correct the other",
        )


def quarantine(app: App) -> list[QuarantineCount]:
    """Return the bars that were rejected."""
    with app.store.read() as db:
        return queries.quarantined(db)


def rejected_bars(groups: Iterable[QuarantineCount]) -> Iterator[Finding]:
    """Yield which bars of a source were rejected, and why."""
    for group in groups:
        yield Finding(
            f"{group.ticker} from {group.source}",
            f"{group.bars} rejected as {group.reason}, such as {group.example}: {group.detail}",
            "correct the source if it is wrong there; the next run reads it again",
        )


@dataclass(frozen=True, slots=True)
class Asking:
    """An instrument with the sources that its `symbols` name, those that were asked, and those that gave bars."""

    ticker: str
    sources: tuple[str, ...]
    asked: frozenset[str]
    with_bars: frozenset[str]


def askings(app: App) -> list[Asking]:
    """Return, per instrument, which sources are to give its bars and which did."""
    with app.store.read() as db:
        asked, with_bars = bars.series_by_key(db), bars.series_with_bars(db)
    return [
        Asking(
            instrument.ticker,
            tuple(name for name in app.plan.price_sources if name in instrument.symbols),
            frozenset(source for ticker, source, _ in asked if ticker == instrument.ticker),
            frozenset(source for ticker, source, _ in with_bars if ticker == instrument.ticker),
        )
        for instrument in app.plan.instruments
    ]


def sources_without_bars(instruments: Iterable[Asking]) -> Iterator[Finding]:
    """Yield which instruments have no bars, and which sources answered without any. One not yet needed is not asked."""
    for one in instruments:
        if not one.sources:
            yield Finding(one.ticker, "its `symbols` name no price source", "name one, or its events stay unscored")
        elif not one.with_bars:
            problem = f"none of its sources has given bars: {', '.join(one.sources)}"
            yield Finding(
                one.ticker, problem, "run `signals run`, see `signals status`, check the spelling in `symbols`"
            )
        else:
            for source in one.sources:
                if source in one.asked - one.with_bars:
                    yield Finding(
                        f"{one.ticker} from {source}", "it answered without any bar",
                        "check the spelling in `symbols`, or take the source out there",
                    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OtherCurrency:
    """A series whose vendor names another currency than the configuration does."""

    ticker: str
    source: str
    vendor: str
    configured: str


def currencies(app: App) -> list[OtherCurrency]:
    """Return the series whose vendor names another currency than the configuration does."""
    own = {i.ticker: i.currency for i in app.plan.instruments}
    with app.store.read() as db:
        series = bars.series_by_key(db).values()
    return [
        OtherCurrency(one.ticker, one.source, one.currency, own[one.ticker])
        for one in series
        if one.currency is not None and own.get(one.ticker, one.currency) != one.currency
    ]


def other_currencies(series: Iterable[OtherCurrency]) -> Iterator[Finding]:
    """Yield which source gives the prices of an instrument in another currency than the configuration names."""
    for one in series:
        yield Finding(
            f"{one.ticker} from {one.source}",
            f"its prices are in {one.vendor}, the configuration says {one.configured}",
            "correct `currency` or `symbols`; a benchmark in another currency is converted by `fx` and not by a source",
        )
