"""which spans are missing | history -> bars.

Sources are asked one after the other, in the order of preference; one source may be asked for several instruments at
the same time. What it answers is written by one thread, in the order of the instruments, so that the rows are the same
whatever the order of the answers.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import TypeVar

from signals import __version__
from signals.errors import GivenUpError, SourceError, in_short
from signals.pipeline import Plan, Progress, RunContext
from signals.pipeline.derive.match import Tagger, first_named
from signals.pipeline.missing_spans import ClosedSessions, Span, first_days, spans_to_ask
from signals.store import Connection, Store, assignments, bars, run_log
from signals.store.bars import SavedBars, Series, SpanCount
from signals.store.isolation import ends_the_run
from signals.store.wall_clock import SLACK
from signals.types import Arrivals, History, Instrument, PriceSource, Quarantined, SourceFailure

log = logging.getLogger(__name__)

EVERYTHING = (date.min, date.max)

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a source answered for an instrument; no history where there was nothing to ask."""

    instrument: Instrument
    version: str | None = None
    histories: Sequence[tuple[Span, History]] = ()
    failure: SourceFailure | None = None

    @property
    def bars(self) -> int:
        """How many bars arrived, the rejected ones too."""
        return sum(len(history.bars.start) + len(history.quarantined) for _, history in self.histories)


@dataclass(slots=True)
class _Needs:
    """What was asked before and what is needed, read once; `answered` grows by (ticker, interval) as sources answer."""

    asked: dict[tuple[str, str, str], Series]
    last_bars: dict[tuple[str, str, str], date]
    first: dict[str, date]
    closed: ClosedSessions
    answered: set[tuple[str, str]] = field(default_factory=set)


def refresh(
    store: Store,
    sources: Sequence[PriceSource],
    plan: Plan,
    run: RunContext,
    stats: run_log.RunStats,
    progress: Progress,
    tagger: Tagger,
) -> None:
    """Bring the bars of every instrument up to date.

    Files are read whenever they changed. A source that is asked over a network is asked for what is missing, and only
    if no earlier source in the order of preference has answered for the instrument.
    """
    with store.read() as db:
        needs = _needs(db, plan, run, tagger)
    for source in sources:
        instruments = [i for i in plan.instruments if source.name in i.symbols]
        items = written = 0
        arrivals = run_log.NOTHING
        failures: list[SourceFailure] = []
        if instruments:
            progress(f"prices of {source.name}: {instruments[0].ticker}", 0, len(instruments))
        for answer in in_order(partial(_ask, source, needs, run), instruments, source.at_once):
            if answer.failure is not None:
                failures.append(answer.failure)
                _remember(store, source, answer, needs, run)
            else:
                arrivals += Arrivals(arrived=(arrived := answer.bars))
                try:
                    changed, stored = _write(store, source, answer, needs, run)
                except Exception as error:
                    if ends_the_run(error):
                        raise
                    failures.append(_not_stored(source, answer.instrument, error))
                    arrivals += Arrivals(unstored=arrived)
                else:
                    written, items, arrivals = written + changed, items + 1, arrivals + stored
            done = items + len(failures)
            following = instruments[min(done, len(instruments) - 1)].ticker
            progress(f"prices of {source.name}: {following}", done, len(instruments))
        if problem := arrivals.problem:
            failures.append(SourceFailure(source.name, source.name, "sums_disagree", problem))
        with store.write() as db:
            run_log.record_source(db, run.run_id, "prices", source.name, items, written, failures, arrivals)
        stats.bars += written
        stats.failures += failures


def _needs(db: Connection, plan: Plan, run: RunContext, tagger: Tagger) -> _Needs:
    named = assignments.first_needed(db)
    for ticker, day in first_named(db, tagger).items():
        named[ticker] = min(day, named.get(ticker, day))
    first = first_days(plan, named, run.now.date())
    # What was asked in the future was asked by a wrong clock, and counts as not asked.
    asked = {key: one for key, one in bars.series_by_key(db).items() if one.asked_at <= run.now + SLACK}
    return _Needs(asked, bars.last_bars(db), first, ClosedSessions(plan, run.now))


def in_order(work: Callable[[Item], Result], items: Iterable[Item], at_once: int) -> Iterator[Result]:
    """Yield the result of each item in the order of the items, working on at most `at_once` of them at a time.

    No more than twice as many results are waited for or held, whatever the number of items.
    """
    if at_once == 1:
        yield from map(work, items)
        return
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="prices")
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) >= 2 * at_once:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _ask(source: PriceSource, needs: _Needs, run: RunContext, instrument: Instrument) -> _Answer:
    """Ask one source for one instrument. Reads `needs` and nothing else that is shared."""
    symbol = instrument.symbols[source.name]
    try:
        version = source.version(symbol)
        spans = _spans(source, instrument, version, needs, run)
        return _Answer(instrument, version, [(span, source.history(symbol, *span, run.now)) for span in spans])
    except GivenUpError as error:
        failure = SourceFailure(source.name, error.item, error.reason, error.problem)
        return _Answer(instrument, _given_up(version), failure=failure)
    except SourceError as error:
        return _Answer(instrument, failure=SourceFailure(source.name, error.item, error.reason, error.problem))
    except Exception as error:  # a source's own bug, or a plug-in's: the other instruments and sources go on
        log.error("%s: %s: the source failed", source.name, symbol, exc_info=error)
        words = f"the source failed ({in_short(error)}); nothing of it was stored, please report it"
        return _Answer(instrument, failure=SourceFailure(source.name, symbol, "source_failed", words))


def _given_up(version: str | None) -> str | None:
    """Return the version that is kept of a file that this program could not read within its bounds."""
    return None if version is None else f"{version} given up by {__version__}"


def _remember(store: Store, source: PriceSource, answer: _Answer, needs: _Needs, run: RunContext) -> None:
    """Keep that a file was given up, so that it is not read for minutes in every run."""
    ticker, failure = answer.instrument.ticker, answer.failure
    if answer.version is None or failure is None:
        return
    before = needs.asked.get((ticker, source.name, source.interval))
    today = run.now.date()
    nothing = Series(ticker, source.name, source.interval, None, today, today, False, None, run.now)
    with store.write() as db:
        bars.save_series(db, replace(before or nothing, version=answer.version))
        rejected = Quarantined(ticker, source.name, "", failure.reason, failure.detail)
        bars.save_quarantined(db, ticker, [rejected], run.now)


def _not_stored(source: PriceSource, instrument: Instrument, error: Exception) -> SourceFailure:
    symbol = instrument.symbols[source.name]
    log.info("%s: %s: its bars could not be stored", source.name, symbol, exc_info=error)
    words = f"its bars could not be stored ({in_short(error)}); the next run tries again, please report it"
    return SourceFailure(source.name, symbol, "not_stored", words)


def _spans(
    source: PriceSource, instrument: Instrument, version: str | None, needs: _Needs, run: RunContext
) -> Sequence[Span]:
    key = (instrument.ticker, source.name, source.interval)
    before = needs.asked.get(key)
    if version is not None:
        return [] if before is not None and before.version in (version, _given_up(version)) else [EVERYTHING]
    if (instrument.ticker, source.interval) in needs.answered:
        return []
    first, served = needs.first[instrument.ticker], source.serves_from(run.now)
    first = first if served is None else max(first, served)
    closed = needs.closed.of(instrument, source.name)
    return spans_to_ask(before, needs.last_bars.get(key), first, closed, run.now)


def _write(store: Store, source: PriceSource, answer: _Answer, needs: _Needs, run: RunContext) -> tuple[int, Arrivals]:
    """Write an answer; returns how many bars and actions changed, and what became of all that arrived."""
    ticker, written, arrivals = answer.instrument.ticker, 0, run_log.NOTHING
    before = needs.asked.get((ticker, source.name, source.interval))
    answered = {(ticker, source.interval)} if answer.version or answer.histories or before else set()
    if not answer.histories:
        needs.answered |= answered
        return 0, arrivals
    with store.write() as db:
        for (begin, end), history in answer.histories:
            counted = bars.count_span(db, ticker, history.bars)
            saved = bars.save_history(db, ticker, history.bars, run.run_id)
            arrivals += _became(counted, bars.count_span(db, ticker, history.bars), saved)
            rejected = [bar.start for bar in history.quarantined]
            written += saved.written + bars.withdraw_bars(db, ticker, history.bars, rejected, run.run_id)
            bars.save_quarantined(db, ticker, history.quarantined, run.now)
            arrivals += Arrivals(refused=bars.count_quarantined(db, ticker, history.quarantined))
            # A file with bars of the future is read again when their time has come.
            waits = any(bar.reason == "future" for bar in history.quarantined)
            before = Series(
                ticker,
                source.name,
                source.interval,
                None if waits else answer.version,
                min(begin, before.first_asked) if before else begin,
                max(end, before.last_asked) if before else end,
                history.bars.split_adjusted,
                history.bars.currency,
                run.now,
            )
        if before is not None:
            bars.save_series(db, before)
    needs.answered |= answered
    return written, arrivals


def _became(before: SpanCount, after: SpanCount, saved: SavedBars) -> Arrivals:
    """Return what became of bars: each that is added is a row more, each changed one supersedes another too."""
    changed = after.superseded - before.superseded
    return Arrivals(added=after.rows - before.rows - changed, changed=changed, same=saved.same)
