"""The status of a store: what arrived, was linked and moved, what waits, what was refused, what fails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from signals.store.assignments import unmatched
from signals.store.presence import Presence
from signals.store.queries import disagreements, marked_days, price_breaks, quarantined, rows_of
from signals.store.resting_hosts import resting
from signals.store.run_log import last_scored, without_end
from signals.types import (
    ArrivalCount,
    EventCount,
    GapCount,
    MovedEvent,
    PendingCount,
    RefusalCount,
    RefusedTagCount,
    RunRow,
    SourceRow,
    StatusReport,
    Totals,
    UnassignedCount,
    UnscoredCount,
    Verdict,
    VerdictCount,
)

LOOK_BACK = timedelta(days=60)  # how far back gaps are looked for
MOST_QUARANTINED = 20

_TOTALS = """
SELECT (SELECT COUNT(*) FROM articles WHERE superseded_at IS NULL) AS articles,
  (SELECT COUNT(*) FROM instruments) AS instruments,
  (SELECT COUNT(*) FROM events WHERE published_at IS NULL) AS events, (SELECT COUNT(*) FROM links) AS links"""
_RUNS = "SELECT * FROM v_runs ORDER BY run_id DESC LIMIT 5"
_SOURCES = "SELECT * FROM v_sources ORDER BY room, source"
_EVENTS = """
SELECT status, verdict, COUNT(*) AS events FROM moves WHERE decides = 1 GROUP BY status, verdict
ORDER BY status, verdict"""
_PENDING = """
SELECT last_session, reason, COUNT(DISTINCT event_id) AS events, MIN(reason_detail) AS example
FROM moves WHERE status = 'pending' GROUP BY last_session, reason ORDER BY last_session, reason LIMIT 20"""
_UNSCORED = """
SELECT reason, COUNT(DISTINCT event_id) AS events, MAX(reason_detail) AS example
FROM moves WHERE status = 'unscored' GROUP BY reason ORDER BY events DESC, reason"""
_UNASSIGNED = """
SELECT p.ticker, COUNT(*) AS articles, MIN(a.published_at) AS published_at
FROM event_assignments p JOIN articles a ON a.article_id = p.article_id AND a.superseded_at IS NULL
WHERE p.event_id IS NULL AND p.is_final = 0 GROUP BY p.ticker ORDER BY p.ticker LIMIT 20"""
_REFUSALS = """
SELECT r.source, r.reason, g.items, r.item AS example, r.detail
FROM refusals r
JOIN (SELECT source, reason, COUNT(*) AS items, MAX(item) AS item FROM refusals GROUP BY source, reason) g
  ON g.source = r.source AND g.reason = r.reason AND g.item = r.item
ORDER BY r.source, g.items DESC, r.reason"""
_REFUSED_TAGS = """
SELECT reason, COUNT(*) AS tags, COUNT(DISTINCT tag) AS different, MIN(tag) AS example
FROM mentions WHERE ticker IS NULL GROUP BY reason ORDER BY tags DESC, reason"""

# What one run read and wrote.
_ARRIVED = """
SELECT source, items, written, changed, same, refused, withdrawn, unstored FROM source_runs
WHERE run_id = :run AND room = 'news' AND written > 0
ORDER BY written DESC, source"""
_LINKED = """
SELECT m.verdict, COUNT(DISTINCT l.article_id) AS articles, COUNT(DISTINCT l.ticker) AS tickers,
  COUNT(DISTINCT l.event_id) AS events
FROM links l
JOIN moves m ON m.event_id = l.event_id AND m.study = l.study AND m.event_window = l.event_window
WHERE m.decides = 1 AND l.run_id = :run GROUP BY m.verdict ORDER BY m.verdict"""
_MOVED = """
SELECT ticker, day_zero, study, event_window, ret, car, local_fdr, q_value, MIN(title) AS title, COUNT(*) AS articles
FROM v_links WHERE verdict = 'move' AND decides = 1 AND run_id = :run
GROUP BY event_id, ticker, day_zero, study, event_window, ret, car, local_fdr, q_value
ORDER BY local_fdr, ticker, day_zero LIMIT 15"""


def status(db: Connection, presence: Presence, now: datetime, changes: Sequence[str]) -> StatusReport:
    """Return everything that `signals status` lists; `changes` are those of the configuration."""
    run = last_scored(db)
    open_runs = without_end(db)
    (totals,) = rows_of(db, Totals, _TOTALS)
    return StatusReport(
        totals=totals,
        schedulers=presence.schedulers(),
        progress=presence.progress(open_runs[-1].run_id) if open_runs else None,
        runs=rows_of(db, RunRow, _RUNS),
        sources=rows_of(db, SourceRow, _SOURCES),
        left_alone=resting(db, now),
        events=rows_of(db, EventCount, _EVENTS),
        pending=rows_of(db, PendingCount, _PENDING),
        unscored=rows_of(db, UnscoredCount, _UNSCORED),
        unmatched=len(unmatched(db)),
        unassigned=rows_of(db, UnassignedCount, _UNASSIGNED),
        refusals=rows_of(db, RefusalCount, _REFUSALS),
        refused_tags=rows_of(db, RefusedTagCount, _REFUSED_TAGS),
        arrived=rows_of(db, ArrivalCount, _ARRIVED, run=run),
        linked=rows_of(db, VerdictCount, _LINKED, run=run),
        moved=rows_of(db, MovedEvent, _MOVED, run=run),
        gaps=gaps(db, now),
        market_days=marked_days(db),
        price_breaks=price_breaks(db),
        quarantine=quarantined(db)[:MOST_QUARANTINED],
        disagreements=disagreements(db),
        changes=list(changes),
    )


def events_moved(db: Connection, run_id: int) -> int:
    """Return how many events are called a move of which a run wrote links, each counted once."""
    return sum(row.events for row in rows_of(db, VerdictCount, _LINKED, run=run_id) if row.verdict == Verdict.MOVE)


def gaps(db: Connection, now: datetime) -> list[GapCount]:
    """Return the instruments that lack daily bars on sessions since their first bar, of the last sixty days."""
    sql = """
SELECT i.ticker, COUNT(*) AS sessions, MIN(s.session) AS session, MAX(s.session) AS last_session
FROM instruments i
JOIN market_sessions s ON s.mic = i.mic AND s.benchmark = COALESCE(i.benchmark, '')
WHERE s.session BETWEEN :first AND :last
  AND EXISTS (SELECT 1 FROM series r JOIN bars b ON b.ticker = r.ticker AND b.source = r.source
    AND b.interval = r.interval AND b.start < CAST(s.session AS TEXT)
    WHERE r.ticker = i.ticker AND r.interval = '1d' AND b.superseded_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM series r JOIN bars b ON b.ticker = r.ticker AND b.source = r.source
    AND b.interval = r.interval AND b.start = CAST(s.session AS TEXT)
    WHERE r.ticker = i.ticker AND r.interval = '1d' AND b.superseded_at IS NULL AND b.close IS NOT NULL)
GROUP BY i.ticker ORDER BY i.ticker"""
    today = now.date()
    return rows_of(db, GapCount, sql, first=today - LOOK_BACK, last=today - timedelta(days=1))
