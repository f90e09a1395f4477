"""Bars: where they disagree with the calendar or with each other, which were kept out, and where there are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from signals.app import App
from signals.pipeline import Stamped
from signals.pipeline.derive.assign import MarketClocks
from signals.store import bars, queries
from signals.types import Finding, Instrument

Rows = Sequence[Mapping[str, Any]]

_SHOWN = 6  # spans that a sentence names


# --- the calendar ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MarketDays:
    """Where the bars of a market overrule its calendar."""

    mic: str
    benchmark: str | None
    without_bars: tuple[date, ...]
    beside_calendar: tuple[date, ...]


def market_days(app: App) -> list[MarketDays]:
    """Return, per market that has bars, where they overrule its calendar."""
    groups: dict[tuple[str, str | None], list[Instrument]] = {}
    for instrument in app.plan.instruments:
        groups.setdefault((instrument.mic, instrument.benchmark), []).append(instrument)
    found = []
    with app.store.read() as db:
        covered = bars.coverage(db, [i.ticker for i in app.plan.instruments])
        clocks = MarketClocks(db, app.plan, Stamped(0, app.now()))
        for (mic, benchmark), instruments in groups.items():
            begins = [span.first for i in instruments for span in covered.get(i.ticker, ())]
            if begins:
                clock = clocks.of(instruments[0], min(begins))
                found.append(MarketDays(mic, benchmark, tuple(clock.removed.tolist()), tuple(clock.added.tolist())))
    return found


def calendars(markets: Iterable[MarketDays]) -> Iterator[Finding]:
    """Say on which days the bars of a market and its calendar disagree about there having been a session."""
    for market in markets:
        where = f"{market.mic} by {market.benchmark}" if market.benchmark else market.mic
        if market.without_bars:
            yield Finding(
                where,
                f"the calendar lists sessions that have no bar: {listed(market.without_bars)}",
                "the bars win, no event falls there; if the market was open, give its bars by another source",
            )
        if market.beside_calendar:
            yield Finding(
                where,
                f"there are bars on days that the calendar does not list: {listed(market.beside_calendar)}",
                "the bars win, events fall there; if the market was shut, mend the source of the benchmark",
            )


# --- sources --------------------------------------------------------------------------------------------------------


def disagreements(app: App) -> Rows:
    """Return the closes on which sources disagree."""
    with app.store.read() as db:
        return queries.disagreements(db)


def sources_that_disagree(pairs: Rows) -> Iterator[Finding]:
    """Say which two sources give different closes of an instrument, and on which days."""
    for pair in pairs:
        days = [date.fromisoformat(start[:10]) for start in pair["starts"]]
        yield Finding(
            pair["ticker"],
            f"{pair['source']} and {pair['other']} give different closes ({pair['interval']}), by up to "
            f"{pair['largest']:.2%}: {listed(days)}",
            "no window mixes them; put the one you trust first under `prices`, or correct the other",
        )


def quarantine(app: App) -> Rows:
    """Return the bars that were kept out."""
    with app.store.read() as db:
        return queries.kept_out(db)


def bars_kept_out(groups: Rows) -> Iterator[Finding]:
    """Say which bars of a source were kept out, and why."""
    for group in groups:
        yield Finding(
            f"{group['ticker']} from {group['source']}",
            f"{group['bars']} kept out as {group['reason']}, such as {group['example']}: {group['detail']}",
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
        asked, given = bars.series_by_key(db), bars.series_with_bars(db)
    return [
        Asking(
            instrument.ticker,
            tuple(name for name in app.plan.price_sources if name in instrument.symbols),
            frozenset(source for ticker, source, _ in asked if ticker == instrument.ticker),
            frozenset(source for ticker, source, _ in given if ticker == instrument.ticker),
        )
        for instrument in app.plan.instruments
    ]


def sources_without_bars(instruments: Iterable[Asking]) -> Iterator[Finding]:
    """Say which instruments have no bars, and which sources answered without any. One not yet needed is not asked."""
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


def currencies(app: App) -> Rows:
    """Return the series whose vendor names another currency than the configuration does."""
    own = {i.ticker: i.currency for i in app.plan.instruments}
    with app.store.read() as db:
        known = bars.series_by_key(db).values()
    return [
        {"ticker": one.ticker, "source": one.source, "given": one.currency, "own": own[one.ticker]}
        for one in known
        if one.currency is not None and own.get(one.ticker, one.currency) != one.currency
    ]


def other_currencies(series: Rows) -> Iterator[Finding]:
    """Say which source gives the prices of an instrument in another currency than the configuration names."""
    for one in series:
        yield Finding(
            f"{one['ticker']} from {one['source']}",
            f"its prices are in {one['given']}, the configuration says {one['own']}",
            "correct `currency` or `symbols`; a benchmark in another currency is converted by `fx` and not by a source",
        )


# --- words ----------------------------------------------------------------------------------------------------------


def listed(days: Sequence[date]) -> str:
    """Write days as spans: ``3 days: 2022-02-28 to 2022-03-01, 2022-04-04``. A weekend does not break a span."""
    spans: list[list[date]] = []
    for day in sorted(days):
        if spans and day - spans[-1][1] <= timedelta(days=4):
            spans[-1][1] = day
        else:
            spans.append([day, day])
    shown = [str(a) if a == b else f"{a} to {b}" for a, b in spans[:_SHOWN]]
    more = [f"and {len(spans) - _SHOWN} more spans"] if len(spans) > _SHOWN else []
    return f"{len(days)} {'day' if len(days) == 1 else 'days'}: {', '.join(shown + more)}"
