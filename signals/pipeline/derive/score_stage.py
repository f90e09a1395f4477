"""match | place | cut | score -> mentions, events, moves or reasons, links. Touches no network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import numpy as np

from signals.pipeline import Plan, Progress, Stamped
from signals.pipeline.config_mirror import mirror
from signals.pipeline.derive.assign import place
from signals.pipeline.derive.currency import leant_on
from signals.pipeline.derive.daily import moves_of_events
from signals.pipeline.derive.intraday import intraday_moves
from signals.pipeline.derive.links import link_rows
from signals.pipeline.derive.match import match
from signals.pipeline.derive.panels import Markets
from signals.pipeline.derive.shrink import shrink
from signals.pipeline.derive.unusual_sessions import keep_sessions
from signals.store import Connection, Store, assignments, bars, events, moves, run_log
from signals.store.cache import Cache
from signals.study.multiplicity import q_values
from signals.tickers import Resolver

BLOCK = 20_000  # events that are scored together

Event = Any  # a row of the events table


def score(store: Store, plan: Plan, run: Stamped, tally: run_log.Tally, progress: Progress) -> None:
    """Derive what is new since the last scoring, in one transaction: a reader sees whole nights, and a kill none."""
    with store.write() as db:
        written = derive(db, plan, run, store.cache, progress)
    tally.count(*written)


def derive(
    db: Connection, plan: Plan, run: Stamped, cache: Cache | None, progress: Progress, everything: bool = False
) -> tuple[int, int]:
    """Match and place what waits, score what changed, and bring q-values, verdicts and links up to date with it.

    What changed is what the last scoring did not see; with `everything`, all that is known. Returns how many moves and
    links were written.
    """
    mirror(db, plan)
    if assignments.unmatched(db):  # a resolver of thousands of names takes a second to make
        match(db, Resolver(plan.instruments), progress)
    place(db, plan, run)
    since = _changed_since(db, plan, 0 if everything else run_log.last_scored(db))
    candidates = _candidates(db, plan, since)
    markets = Markets(db, plan, run, cache=cache)
    keep_sessions(db, markets, plan, since)
    written = (0, 0)
    for done, block in _blocks(candidates):
        progress("scoring", done, len(candidates))
        moved, linked = _score_block(db, markets, plan, run, block)
        written = written[0] + moved, written[1] + linked
    return written


def _score_block(db: Connection, markets: Markets, plan: Plan, run: Stamped, block: Sequence[Event]) -> tuple[int, int]:
    dropped = events.recount(db, [e.event_id for e in block if e.dirty], plan.min_relevance)
    current = events.event_rows(db, [e.event_id for e in block])
    rows = moves_of_events(db, markets, plan, run, [e for e in current if e.published_at is None])
    rows += intraday_moves(db, plan, run, [e for e in current if e.published_at is not None])
    changed = _changed(db, rows)
    moved = moves.save_moves(db, changed)
    shrink(db, changed, dropped)
    touched = {e.event_id for e in block if e.dirty} | {row["event_id"] for row in changed}
    touched |= _rescope(db, {row["day_zero"] for row in changed} | {row.day_zero for row in dropped})
    linked = moves.save_links(db, link_rows(moves.ties(db, sorted(touched)), plan, run))
    events.settle_events(db, [e.event_id for e in block])
    return moved, linked


def _changed_since(db: Connection, plan: Plan, run_id: int) -> dict[str, date]:
    """Return, per instrument, from which day its returns or what it is measured with may have changed since a run."""
    changed = bars.changed_since(db, run_id)
    since: dict[str, date] = {}
    for ticker, others in leant_on(plan).items():
        days = [changed[t] for t in (ticker, *others) if t in changed]
        if days:
            since[ticker] = min(days)
    return since


def _candidates(db: Connection, plan: Plan, since: Mapping[str, date]) -> list[Event]:
    """Return the events whose moves may change: new articles, running windows, new or corrected bars."""
    dirty = events.event_rows(db, events.dirty_events(db))
    ids = {e.event_id for e in dirty} | moves.pending_events(db) | events.events_from(db, since)
    for ticker, theirs in groupby(sorted(dirty, key=lambda e: (e.ticker, e.day_zero)), key=lambda e: str(e.ticker)):
        days = [e.day_zero for e in theirs]  # their neighbours share windows with them
        for intraday in (False, True):
            near = events.events_between(db, [ticker], days[0] - events.REACH, days[-1] + events.REACH, intraday)
            ids |= {e.event_id for e in near}
    known = {i.ticker for i in plan.instruments}
    found = [e for e in events.event_rows(db, sorted(ids)) if e.ticker in known]
    return sorted(found, key=lambda e: (e.day_zero, e.event_id))


def _blocks(events: Sequence[Event]) -> Iterable[tuple[int, list[Event]]]:
    """Cut events into blocks of whole days, because a day is what q-values are computed over."""
    block: list[Event] = []
    done = 0
    for _, day in groupby(events, key=lambda e: e.day_zero):
        block += day
        if len(block) >= BLOCK:
            yield done, block
            done, block = done + len(block), []
    if block:
        yield done, block


def _changed(db: Connection, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    known = moves.moves_of(db, sorted({row["event_id"] for row in rows}))
    return [
        row
        for row in rows
        if known.get((row["event_id"], row["study"], row["event_window"])) != (row["digest"], row["confounders"])
    ]


def _rescope(db: Connection, days: set[date]) -> set[str]:
    """Compute the q-values of whole days anew; returns the events whose q-value changed.

    A scope is study x window x day zero over all instruments: the night's list. Intraday events of an instrument whose
    windows begin and end with the same bars are one move, and count once.
    """
    changed: list[dict[str, Any]] = []
    for (study, window, day), group in groupby(moves.scored_on(db, days), key=lambda row: tuple(row[:3])):
        rows = list(group)
        p_of = {_move_of(row): row.p_value for row in rows}
        q_of = dict(zip(p_of, q_values(np.array([*p_of.values()])).tolist(), strict=True))
        changed += [
            {
                "event_id": row.event_id,
                "study": study,
                "event_window": window,
                "q_value": q_of[_move_of(row)],
                "q_scope": f"{study}/{window}/{day}",
                "q_m": len(q_of),
            }
            for row in rows
            if (row.q_value, row.q_m) != (q_of[_move_of(row)], len(q_of))
        ]
    moves.save_q_values(db, changed)
    return {row["event_id"] for row in changed}


def _move_of(row: Any) -> Any:
    """Return what tells a move from another: its event, or its instrument and the prices that it lies between."""
    return row.event_id if row.base_at is None else (row.event_id.rpartition("@")[0], row.base_at, row.exit_at)
