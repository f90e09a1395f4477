"""match | assign | align | score | average -> mentions, events, moves or reasons, links, averages. No network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

import numpy as np

from signals.pipeline import Plan, Progress, RunContext
from signals.pipeline.config_mirror import mirror_plan
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
from signals.store.moves import MoveDigest
from signals.types import Event, Instrument, MarketKey, Move

BLOCK = 20_000  # events that are scored together


def score(
    store: Store, plan: Plan, run: RunContext, stats: run_log.RunStats, progress: Progress, tagger: Tagger
) -> None:
    """Derive what is new since the last scoring, in one transaction: readers see all of it or nothing."""
    with store.write() as db:
        written = derive(db, plan, run, store.cache, progress, tagger)
    stats.count(*written)


def derive(
    db: Connection,
    plan: Plan,
    run: RunContext,
    cache: Cache | None,
    progress: Progress,
    tagger: Tagger,
    everything: bool = False,
) -> tuple[int, int]:
    """Match and assign what waits, score what changed, and bring verdicts, links and averages up to date with it.

    What changed is what the last scoring did not see; with `everything`, all facts. Returns how many moves and links
    were written.
    """
    mirror_plan(db, plan)
    match(db, tagger, progress)
    clocks = MarketClocks(db, plan, run)
    assign_events(db, plan, run, clocks)
    since = _changed_since(db, plan, 0 if everything else run_log.last_scored(db))
    if since:
        since = _with_moved_sessions(db, plan, clocks, since)
    candidates = _candidates(db, plan, since)
    markets = Markets(db, plan, run, clocks, cache)
    save_unusual_sessions(db, markets, plan, since)
    rates = ErrorRates(db)
    written = (0, 0)
    regrouped = {*averages.tickers_without(db), *_measured_anew(candidates, since)}
    for done, block in _blocks(candidates):
        progress("scoring", done, len(candidates))
        moves_written, links_written, tickers = _score_block(db, markets, rates, plan, run, block)
        written = written[0] + moves_written, written[1] + links_written
        regrouped |= tickers
    save_averages(db, markets, plan, run, regrouped, progress)
    return written


def _measured_anew(candidates: Iterable[Event], since: Mapping[str, date]) -> set[str]:
    """Return the instruments of which returns on or before the day zero of an event may have changed.

    The moves of such an event may be unchanged, because its own window and estimation window are. The sums that all
    windows are fitted from are not, to the last bit.
    """
    return {e.ticker for e in candidates if e.ticker in since and e.day_zero >= since[e.ticker]}


def _score_block(
    db: Connection, markets: Markets, rates: ErrorRates, plan: Plan, run: RunContext, block: Sequence[Event]
) -> tuple[int, int, set[str]]:
    """Score a block; returns how many moves and links were written, and the instruments whose averages may change."""
    dropped = events.recount(db, [e.event_id for e in block if e.dirty], plan.min_relevance)
    current = events.events_by_id(db, [e.event_id for e in block])
    scored = daily_moves(db, markets, plan, run, [e for e in current if e.published_at is None])
    scored += intraday_moves(db, plan, run, [e for e in current if e.published_at is not None])
    changed = _changed(db, scored)
    moves_written = moves.save_moves(db, changed, run.run_id, run.now)
    shrink(db, changed, dropped)
    touched = {e.event_id for e in block if e.dirty} | {move.event_id for move in changed}
    judge(db, rates, plan, touched)
    links = links_of(moves.link_inputs(db, sorted(touched)), plan)
    links_written = moves.save_links(db, links, run.run_id)
    events.mark_clean(db, [e.event_id for e in block])
    remeasured = {move.event_id for move in changed}
    return moves_written, links_written, {e.ticker for e in block if e.dirty or e.event_id in remeasured}


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


def _changed(db: Connection, scored: Sequence[Move]) -> list[Move]:
    stored = moves.move_digests(db, sorted({move.event_id for move in scored}))
    return [move for move in scored if stored.get(move.key) != MoveDigest(move.digest, move.confounders)]
