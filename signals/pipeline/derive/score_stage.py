"""match | assign | align | score | average -> mentions, events, moves or reasons, links, averages. No network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np

from signals.pipeline import Plan, Progress, RunContext
from signals.pipeline.config_mirror import mirror_plan
from signals.pipeline.derive import again
from signals.pipeline.derive.assign import MarketClocks, assign_events
from signals.pipeline.derive.averages import save_averages
from signals.pipeline.derive.currency import depends_on
from signals.pipeline.derive.daily import daily_moves
from signals.pipeline.derive.error_rates import ErrorRates
from signals.pipeline.derive.intraday import intraday_moves
from signals.pipeline.derive.judge import judge
from signals.pipeline.derive.links import links_of
from signals.pipeline.derive.match import Tagger, match
from signals.pipeline.derive.panels import Markets
from signals.pipeline.derive.shrink import shrink
from signals.pipeline.derive.unusual_sessions import save_unusual_sessions
from signals.store import Connection, Store, averages, bars, events, instruments, moves, run_log
from signals.store.cache import Cache
from signals.store.isolation import Failed, isolated
from signals.store.moves import MoveDigest
from signals.types import Event, Instrument, MarketKey, Move, RowChange, SourceFailure, Turnover

BLOCK = 20_000  # events that are scored together
NOTHING_DROPPED = Turnover()


def score(
    store: Store, plan: Plan, run: RunContext, stats: run_log.RunStats, progress: Progress, tagger: Tagger
) -> None:
    """Derive what is new since the last scoring, in one transaction: readers see all of it or nothing."""
    with store.write() as db:
        derived = derive(db, plan, run, store.cache, progress, tagger)
    stats.count(derived.moves, derived.links)
    stats.failures += derived.failures


@dataclass(frozen=True, slots=True)
class Derived:
    """How many moves and links a derivation wrote, and what failed in it."""

    moves: int
    links: int
    failures: Sequence[SourceFailure]


def derive(
    db: Connection,
    plan: Plan,
    run: RunContext,
    cache: Cache | None,
    progress: Progress,
    tagger: Tagger,
    everything: bool = False,
    dropped: Turnover = NOTHING_DROPPED,
) -> Derived:
    """Match and assign what waits, score what changed, and bring verdicts, links and averages up to date with it.

    What changed is what the last scoring did not see; with `everything`, all facts. An article or an instrument that
    raises costs itself and is derived again by the next run. `dropped` is what went in this transaction before.
    """
    before = run_log.rows_before(db, dropped)
    mirror_plan(db, plan)
    links_removed, unmatched = match(db, tagger, progress)
    clocks = MarketClocks(db, plan, run)
    events_added, unassigned = assign_events(db, plan, run, clocks)
    since = _changed_since(db, plan, 0 if everything else run_log.last_scored(db))
    if since:
        since = _with_moved_sessions(db, plan, clocks, since)
    failed_before = again.waiting(db)
    since |= {t: min(day, since.get(t, day)) for t, day in failed_before.items() if day != again.ONLY_AVERAGES}
    scoring = _Scoring(db, plan, run, Markets(db, plan, run, clocks, cache))
    candidates = _candidates(db, plan, since)
    scoring.unusual_sessions(since)
    regrouped = {*averages.tickers_without(db), *failed_before, *_measured_anew(candidates, since)}
    for done, block in _blocks(candidates):
        progress("scoring", done, len(candidates))
        regrouped |= scoring.block(block)
    unaveraged = save_averages(db, scoring.markets, plan, run, regrouped, progress)
    again.remember(db, scoring.failed_from, [bad.item for bad in unaveraged])
    failures = [
        *again.article_failures(unmatched, unassigned),
        *again.instrument_failures(scoring.errors, unaveraged),
    ]
    turnover = Turnover(events=RowChange(events_added), links=RowChange(removed=links_removed)) + scoring.turnover
    sums = run_log.record_rows(db, run.run_id, before, dropped + turnover)
    failures += [SourceFailure("derived", row.kind, "sums_disagree", row.problem) for row in sums if row.problem]
    again.record(db, run.run_id, failures)
    return Derived(scoring.moves, scoring.links, failures)


def _measured_anew(candidates: Iterable[Event], since: Mapping[str, date]) -> set[str]:
    """Return the instruments of which returns on or before the day zero of an event may have changed.

    The moves of such an event may be unchanged, because its own window and estimation window are. The sums that all
    windows are fitted from are not, to the last bit.
    """
    return {e.ticker for e in candidates if e.ticker in since and e.day_zero >= since[e.ticker]}


@dataclass(frozen=True, slots=True)
class _Block:
    """What the scoring of a block wrote, and the instruments whose averages may change."""

    moves: int
    links: int
    turnover: Turnover
    tickers: frozenset[str]


class _Scoring:
    """Scores instruments block by block; one that raises costs itself, in that block."""

    def __init__(self, db: Connection, plan: Plan, run: RunContext, markets: Markets) -> None:
        self._db = db
        self._plan = plan
        self._run = run
        self._depends_on = depends_on(plan)
        self._rates = ErrorRates(db)
        self.markets = markets
        self.moves = self.links = 0
        self.turnover = Turnover()
        #: The instruments that raised, with the error, and from which day on they are to be derived again.
        self.errors: dict[str, Exception] = {}
        self.failed_from: dict[str, date] = {}

    def unusual_sessions(self, since: Mapping[str, date]) -> None:
        """Write the unusual sessions of instruments, each from a day on."""

        def save(tickers: Sequence[str]) -> None:
            save_unusual_sessions(self._db, self.markets, self._plan, {ticker: since[ticker] for ticker in tickers})
            self._require_bars(tickers)

        self._note(isolated(self._db, list(since), save, self._forget).failed, since)

    def block(self, block: Sequence[Event]) -> frozenset[str]:
        """Score a block of events; returns the instruments whose averages may change."""
        days: dict[str, date] = {}
        for event in block:
            days.setdefault(event.ticker, event.day_zero)

        def score_some(tickers: Sequence[str]) -> _Block:
            chosen = set(tickers)
            return self._score([event for event in block if event.ticker in chosen], tickers)

        outcome = isolated(self._db, list(days), score_some, self._forget)
        self._note(outcome.failed, days)
        if outcome.result is None:
            return frozenset()
        self.moves += outcome.result.moves
        self.links += outcome.result.links
        self.turnover += outcome.result.turnover
        return outcome.result.tickers

    def _forget(self) -> None:
        """Forget what was read while the instruments that raise were searched for: it holds what was undone."""
        self.markets.forget()
        self._rates = ErrorRates(self._db)

    def _note(self, failed: Iterable[Failed[str]], days: Mapping[str, date]) -> None:
        for bad in failed:
            self.errors.setdefault(bad.item, bad.error)
            self.failed_from[bad.item] = min(days[bad.item], self.failed_from.get(bad.item, date.max))

    def _require_bars(self, tickers: Sequence[str]) -> None:
        """Raise the error of an instrument, or of one that it is measured with, whose bars could not be aligned."""
        for ticker in tickers if self.markets.unread else ():
            for other in (ticker, *self._depends_on.get(ticker, ())):
                if other in self.markets.unread:
                    raise self.markets.unread[other]

    def _score(self, block: Sequence[Event], tickers: Sequence[str]) -> _Block:
        db, plan, run = self._db, self._plan, self._run
        recounted = events.recount(db, [e.event_id for e in block if e.dirty], plan.min_relevance)
        current = events.events_by_id(db, [e.event_id for e in block])
        scored = daily_moves(db, self.markets, plan, run, [e for e in current if e.published_at is None])
        scored += intraday_moves(db, plan, run, [e for e in current if e.published_at is not None])
        self._require_bars(tickers)
        changed, moves_added = _changed(db, scored)
        moves_written = moves.save_moves(db, changed, run.run_id, run.now)
        shrink(db, changed, recounted.dropped)
        touched = {e.event_id for e in block if e.dirty} | {move.event_id for move in changed}
        judge(db, self._rates, plan, touched)
        links = links_of(moves.link_inputs(db, sorted(touched)), plan)
        links_added = moves.count_new(db, links)
        links_written = moves.save_links(db, links, run.run_id)
        events.mark_clean(db, [e.event_id for e in block])
        remeasured = {move.event_id for move in changed}
        regrouped = frozenset(e.ticker for e in block if e.dirty or e.event_id in remeasured)
        added = Turnover(moves=RowChange(moves_added), links=RowChange(links_added))
        return _Block(moves_written, links_written, recounted.turnover + added, regrouped)


def _changed_since(db: Connection, plan: Plan, run_id: int) -> dict[str, date]:
    """Return, per instrument, from which day its returns or what it is measured with may have changed since a run."""
    changed = bars.changed_since(db, run_id)
    since: dict[str, date] = {}
    for ticker, others in depends_on(plan).items():
        days = [changed[t] for t in (ticker, *others) if t in changed]
        if days:
            since[ticker] = min(days)
    return since


def _with_moved_sessions(
    db: Connection, plan: Plan, clocks: MarketClocks, since: Mapping[str, date]
) -> dict[str, date]:
    """Add the instruments whose market has other sessions than when it was last scored, from the first of them on.

    The bars of any market with the same calendar can say so.
    """
    moved = dict(since)
    members: dict[MarketKey, list[Instrument]] = {}
    for instrument in plan.instruments:
        members.setdefault(instrument.market, []).append(instrument)
    for key, of_market in members.items():
        stored = np.array(instruments.sessions_of(db, key), dtype="datetime64[D]")
        if not len(stored):
            continue
        sessions = clocks.of(of_market[0], stored[0].item()).sessions
        other = np.setxor1d(stored, sessions[(sessions >= stored[0]) & (sessions <= stored[-1])])
        if len(other):
            moved |= {i.ticker: min(other[0].item(), moved.get(i.ticker, date.max)) for i in of_market}
    return moved


def _candidates(db: Connection, plan: Plan, since: Mapping[str, date]) -> list[Event]:
    """Return the events whose moves may change: new articles, running windows, new or corrected bars."""
    dirty = events.events_by_id(db, events.dirty_events(db))
    ids = {e.event_id for e in dirty} | moves.pending_events(db) | events.events_from(db, since)
    for ticker, of_ticker in groupby(sorted(dirty, key=lambda e: (e.ticker, e.day_zero)), key=lambda e: e.ticker):
        days = [e.day_zero for e in of_ticker]  # their neighbours share windows with them
        for intraday in (False, True):
            near = events.events_between(db, [ticker], days[0] - events.REACH, days[-1] + events.REACH, intraday)
            ids |= {e.event_id for e in near}
    tickers = {i.ticker for i in plan.instruments}
    candidates = [e for e in events.events_by_id(db, sorted(ids)) if e.ticker in tickers]
    return sorted(candidates, key=lambda e: (e.day_zero, e.event_id))


def _blocks(candidates: Sequence[Event]) -> Iterator[tuple[int, list[Event]]]:
    """Cut events into blocks of whole days, in their order: error rates lean on the events of earlier days."""
    block: list[Event] = []
    done = 0
    for _, day in groupby(candidates, key=lambda e: e.day_zero):
        block += day
        if len(block) >= BLOCK:
            yield done, block
            done, block = done + len(block), []
    if block:
        yield done, block


def _changed(db: Connection, scored: Sequence[Move]) -> tuple[list[Move], int]:
    """Return the moves that differ from the stored ones, and how many of them are new."""
    stored = moves.move_digests(db, sorted({move.event_id for move in scored}))
    changed = [move for move in scored if stored.get(move.key) != MoveDigest(move.digest, move.confounders)]
    return changed, sum(move.key not in stored for move in changed)
