"""What one asks in the morning: what arrived, was linked and moved, what waits, what was refused, what fails."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from signals.store.queries import Row, disagreements, kept_out, rows_of
from signals.store.run_log import last_scored

LOOK_BACK = timedelta(days=60)  # how far back gaps are looked for

_SECTIONS: Mapping[str, str] = {
    "totals": """
SELECT (SELECT COUNT(*) FROM articles WHERE superseded_at IS NULL) AS articles,
  (SELECT COUNT(*) FROM instruments) AS instruments,
  (SELECT COUNT(*) FROM events WHERE published_at IS NULL) AS events, (SELECT COUNT(*) FROM links) AS links""",
    "schedulers": "SELECT name, started_at, beat_at, next_job, next_at FROM schedulers ORDER BY name",
    "runs": "SELECT * FROM v_runs ORDER BY run_id DESC LIMIT 5",
    "sources": "SELECT * FROM v_sources ORDER BY room, source",
    "links": "SELECT status, verdict, COUNT(*) AS links FROM links GROUP BY status, verdict ORDER BY status, verdict",
    "pending": """
SELECT last_session, reason, COUNT(DISTINCT event_id) AS events, MIN(reason_detail) AS example
FROM moves WHERE status = 'pending' GROUP BY last_session, reason ORDER BY last_session, reason LIMIT 20""",
    "unscored": """
SELECT reason, COUNT(DISTINCT event_id) AS events, MAX(reason_detail) AS example
FROM moves WHERE status = 'unscored' GROUP BY reason ORDER BY events DESC, reason""",
    "unmatched": "SELECT COUNT(*) AS articles FROM unmatched_articles",
    "unplaced": """
SELECT p.ticker, COUNT(*) AS articles, MIN(a.published_at) AS published_at
FROM placements p JOIN articles a ON a.article_id = p.article_id AND a.superseded_at IS NULL
WHERE p.event_id IS NULL AND p.settled = 0 GROUP BY p.ticker ORDER BY p.ticker LIMIT 20""",
    "refusals": """
SELECT source, reason, COUNT(*) AS items, MAX(item) AS example, MAX(detail) AS detail
FROM refusals GROUP BY source, reason ORDER BY source, items DESC, reason""",
    "refused_tags": """
SELECT reason, COUNT(*) AS tags, COUNT(DISTINCT tag) AS different, MIN(tag) AS example
FROM mentions WHERE ticker IS NULL GROUP BY reason ORDER BY tags DESC, reason""",
}

# What one run found and wrote.
_NIGHT: Mapping[str, str] = {
    "arrived": """
SELECT source, items, written FROM source_runs WHERE run_id = :run AND room = 'news' AND written > 0
ORDER BY written DESC, source""",
    "linked": """
SELECT verdict, COUNT(DISTINCT article_id) AS articles, COUNT(DISTINCT ticker) AS tickers, COUNT(*) AS links
FROM links WHERE run_id = :run GROUP BY verdict ORDER BY verdict""",
    "moved": """
SELECT ticker, day_zero, study, event_window, ret, car, q_value, MIN(title) AS title, COUNT(*) AS articles
FROM v_links WHERE verdict = 'move' AND run_id = :run
GROUP BY ticker, day_zero, study, event_window, ret, car, q_value
ORDER BY q_value, ticker, day_zero, study, event_window LIMIT 15""",
}


def status(db: Connection, now: datetime) -> dict[str, list[Row]]:
    """Return what `signals status` tells, section by section."""
    told = {name: rows_of(db, sql) for name, sql in _SECTIONS.items()}
    told |= {name: rows_of(db, sql, run=last_scored(db)) for name, sql in _NIGHT.items()}
    return {**told, "gaps": gaps(db, now), "quarantine": kept_out(db)[:20], "disagreements": disagreements(db)}


def gaps(db: Connection, now: datetime) -> list[Row]:
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
    values: dict[str, Any] = {"first": today - LOOK_BACK, "last": today - timedelta(days=1)}
    return rows_of(db, sql, **values)
