"""which spans are missing | history -> bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from signals.errors import SourceError
from signals.pipeline import Plan, Progress, Stamped
from signals.pipeline.match import first_named
from signals.store import Store, bars, ledger, placing
from signals.store.bars import Series
from signals.tickers import Resolver
from signals.types import Instrument, PriceSource, SourceFailure

OVERLAP = timedelta(days=7)  # asked again each night, to catch corrections
EVERYTHING = (date.min, date.max)


def refresh(
    store: Store, sources: Sequence[PriceSource], plan: Plan, run: Stamped, tally: ledger.Tally, progress: Progress
) -> None:
    """Bring the bars of every instrument up to date.

    Files are read whenever they changed. A source that is asked over a network is asked for what is missing, and only
    if no earlier source in the order of preference has answered for the instrument.
    """
    with store.read() as db:
        known = bars.known_series(db)
        needed = placing.first_needed(db)
        for ticker, day in first_named(db, Resolver(plan.instruments)).items():
            needed[ticker] = min(day, needed.get(ticker, day))
    reach = history_reach(plan)
    items: dict[str, int] = {source.name: 0 for source in sources}
    written = dict(items)
    failures: dict[str, list[SourceFailure]] = {source.name: [] for source in sources}
    for done, instrument in enumerate(plan.instruments):
        progress("prices", done, len(plan.instruments))
        first = min(needed.get(instrument.ticker, run.now.date()), run.now.date()) - reach
        answered: set[str] = set()  # the intervals that some source has answered for
        for source in sources:
            if source.name not in instrument.symbols:
                continue
            before = tally.bars
            try:
                if _update(store, source, instrument, known, first, source.interval in answered, run, tally):
                    answered.add(source.interval)
                items[source.name] += 1
            except SourceError as error:
                failures[source.name].append(SourceFailure(source.name, error.item, error.reason, error.problem))
            written[source.name] += tally.bars - before
    with store.write() as db:
        for name in items:
            ledger.note_source(db, run.run_id, "prices", name, items[name], written[name], failures[name])
    tally.failures += [failure for listed in failures.values() for failure in listed]


def history_reach(plan: Plan) -> timedelta:
    """Return how many calendar days before day zero the widest estimation window may begin."""
    daily = [s.estimation + s.gap - min(w.first for w in s.windows) for s in plan.studies]
    sessions = max([*daily, *(s.estimation + s.gap for s in plan.intraday)], default=260)
    return timedelta(days=int(sessions * 1.5) + 15)


def _update(
    store: Store,
    source: PriceSource,
    instrument: Instrument,
    known: dict[tuple[str, str, str], Series],
    first: date,
    answered: bool,
    run: Stamped,
    tally: ledger.Tally,
) -> bool:
    """Ask one source for one instrument; returns whether it has answered, now or before."""
    symbol = instrument.symbols[source.name]
    last = run.now.date()
    version = source.version(symbol)
    before = known.get((instrument.ticker, source.name, source.interval))
    if version is not None:
        if before is not None and before.version == version:
            return True
        spans = [EVERYTHING]
    elif answered:
        return False
    else:
        spans = missing_spans(before, first, last)
    for begin, end in spans:
        history = source.history(symbol, begin, end, run.now)
        asked = Series(
            instrument.ticker,
            source.name,
            source.interval,
            version,
            min(begin, before.first_asked) if before else begin,
            max(end, before.last_asked) if before else end,
            history.bars.split_adjusted,
            history.bars.currency,
        )
        with store.write() as db:
            tally.bars += bars.save_bars(db, instrument.ticker, history.bars, run.run_id)
            kept_out = [bar.start for bar in history.quarantined]
            tally.bars += bars.withdraw_bars(db, instrument.ticker, history.bars, kept_out, run.run_id)
            bars.save_quarantined(db, instrument.ticker, history.quarantined, run.now)
            bars.save_series(db, asked, run.now)
        before = asked
    return True


def missing_spans(before: Series | None, first: date, last: date) -> list[tuple[date, date]]:
    """Return what to ask a source for, given what was asked before; the end is asked again with a short overlap."""
    if before is None:
        return [(first, last)]
    spans = [(first, before.first_asked)] if first < before.first_asked else []
    return [*spans, (min(before.last_asked, last) - OVERLAP, last)]
