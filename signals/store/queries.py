"""Reading the views: what reports and notebooks ask for, as plain mappings under the views' own column names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, bindparam, text

from signals.store.bulk import chunks
from signals.store.tables import Instant, Session
from signals.store.views import LINKS, MOVES, kind_of

Row = dict[str, Any]


def rows_of(db: Connection, sql: str, **values: Any) -> list[Row]:
    """Run a query of the views; instants come back as aware datetimes and sessions as dates on every database."""
    bound = [bindparam(name, type_=Session()) for name, value in values.items() if isinstance(value, date)]
    bound += [bindparam(name, expanding=True) for name, value in values.items() if isinstance(value, list)]
    found = db.execute(text(sql).bindparams(*bound), values)
    names = list(found.keys())
    kinds: dict[str, Instant | Session] = {"instant": Instant(), "date": Session()}
    # Rows of one article or event, which stand together, have the same instants.
    convert = [
        (name, lru_cache(maxsize=64)(partial(kinds[kind].process_result_value, dialect=db.dialect)))
        for name in names
        if (kind := kind_of(name)) in kinds
    ]
    rows = []
    for values_of in found:
        row = dict(zip(names, values_of, strict=True))
        for name, read in convert:
            row[name] = read(row[name])
        rows.append(row)
    return rows


def base_rates(db: Connection, ticker: str | None) -> list[Row]:
    """Return how often instruments move and how much on ordinary days; only those that were measured."""
    where = "measured_sessions IS NOT NULL" + (" AND ticker = :ticker" if ticker else "")
    sql = f"SELECT * FROM v_instruments WHERE {where} ORDER BY ticker"  # noqa: S608 - fixed texts
    return rows_of(db, sql, **({"ticker": ticker} if ticker else {}))


def instruments(db: Connection) -> list[Row]:
    """Return the instruments that are known, without their coverage."""
    return rows_of(db, "SELECT ticker, name, mic, timezone, currency, kind, benchmark FROM instruments ORDER BY ticker")


def instrument(db: Connection, ticker: str) -> Row | None:
    """Return one instrument with its coverage."""
    found = rows_of(db, "SELECT * FROM v_instruments WHERE ticker = :ticker", ticker=ticker)
    return found[0] if found else None


def freshness(db: Connection, ticker: str) -> Row:
    """Return when the newest article that names a ticker came out, and when the last run ended."""
    sql = """
SELECT MAX(a.published_at) AS published_at FROM placements p
JOIN articles a ON a.article_id = p.article_id AND a.superseded_at IS NULL WHERE p.ticker = :ticker"""
    news = rows_of(db, sql, ticker=ticker)
    runs = rows_of(db, "SELECT MAX(finished_at) AS finished_at FROM runs WHERE state = 'done'")
    return {"news_to": news[0]["published_at"], "last_run": runs[0]["finished_at"]}


def overview(db: Connection, study: str, window: str) -> list[Row]:
    """Return the instruments that have events, each with what one study and window says of them."""
    sql = """
SELECT i.*, e.events, e.moves, CASE WHEN e.up >= -COALESCE(e.down, 0) THEN e.up ELSE e.down END AS strongest
FROM v_instruments i
JOIN (
  SELECT l.ticker, COUNT(DISTINCT l.event_id) AS events,
    COUNT(DISTINCT CASE WHEN l.verdict = 'move' THEN l.event_id END) AS moves,
    MAX(CASE WHEN l.verdict = 'move' AND m.car > 0 THEN m.car END) AS up,
    MIN(CASE WHEN l.verdict = 'move' AND m.car < 0 THEN m.car END) AS down
  FROM links l
  JOIN moves m ON m.event_id = l.event_id AND m.study = l.study AND m.event_window = l.event_window
  WHERE l.study = :study AND l.event_window = :window
  GROUP BY l.ticker
) e ON e.ticker = i.ticker
ORDER BY i.ticker"""
    return rows_of(db, sql, study=study, window=window)


_LINK_FILTERS = {
    "ticker": "ticker = :ticker",
    "article_id": "article_id = :article_id",
    "since": "day_zero >= :since",
    "until": "day_zero <= :until",
    "study": "study = :study",
    "window": "event_window = :window",
    "min_relevance": "relevance >= :min_relevance",
}


def links(db: Connection, filters: Mapping[str, Any]) -> list[Row]:
    """Return rows of v_links, newest first; filters that are None do not count."""
    given = {name: value for name, value in filters.items() if value is not None}
    where = " AND ".join(_LINK_FILTERS[name] for name in given) or "1 = 1"
    order = "published_at DESC, article_id, ticker, study, event_window"
    return rows_of(db, f"SELECT * FROM v_links WHERE {where} ORDER BY {order}", **given)  # noqa: S608 - fixed texts


def link_columns() -> tuple[str, ...]:
    """Return the columns of v_links in order."""
    return LINKS.names


def move_columns() -> tuple[str, ...]:
    """Return the columns of v_moves in order."""
    return MOVES.names


def unscored(db: Connection, ticker: str) -> list[Row]:
    """Return what is pending or unscored for a ticker, newest first."""
    sql = "SELECT * FROM v_unscored WHERE ticker = :ticker ORDER BY day_zero DESC, study, event_window"
    return rows_of(db, sql, ticker=ticker)


def refused_beside(db: Connection, ticker: str) -> list[Row]:
    """Return the refused tags of the articles that name a ticker, with how often each was refused."""
    sql = """
SELECT r.tag, r.reason, r.alias, COUNT(DISTINCT r.article_id) AS articles, MIN(r.article_id) AS article_id
FROM mentions r
WHERE r.ticker IS NULL AND r.article_id IN (SELECT n.article_id FROM mentions n WHERE n.ticker = :ticker)
GROUP BY r.tag, r.reason, r.alias
ORDER BY articles DESC, r.tag
LIMIT 50"""
    return rows_of(db, sql, ticker=ticker)


def mentions(db: Connection, article_id: str) -> list[Row]:
    """Return every tag found in an article."""
    sql = "SELECT * FROM v_mentions WHERE article_id = :article_id ORDER BY mention_no"
    return rows_of(db, sql, article_id=article_id)


def events(db: Connection, event_id: str) -> list[Row]:
    """Return the moves of an event, one row per study and window."""
    return rows_of(
        db, "SELECT * FROM v_events WHERE event_id = :event_id ORDER BY study, event_window", event_id=event_id
    )


_MOVE_FILTERS = {"ticker": "ticker = :ticker", "since": "session >= :since", "explained": "explained = :explained"}


def unusual(db: Connection, filters: Mapping[str, Any]) -> list[Row]:
    """Return rows of v_moves, newest first, each with the stories that fall on it as `news`."""
    given = {name: value for name, value in filters.items() if value is not None}
    where = " AND ".join(_MOVE_FILTERS[name] for name in given) or "1 = 1"
    sql = f"SELECT * FROM v_moves WHERE {where} ORDER BY session DESC, ticker, study"  # noqa: S608 - fixed texts
    rows = rows_of(db, sql, **given)
    stories = stories_of(db, [row["event_id"] for row in rows if row["event_id"]])
    return [{**row, "news": stories.get(row["event_id"], [])} for row in rows]


_STORIES = """
SELECT p.event_id, s.story_id, s.story_rank, a.article_id, a.published_at, a.published_precision, a.published_zone,
  a.source, a.publisher, a.title, a.url, n.role, n.relevance
FROM placements p
JOIN articles a ON a.article_id = p.article_id AND a.superseded_at IS NULL
JOIN mentions n ON n.article_id = p.article_id AND n.mention_no = p.mention_no
JOIN story_articles s ON s.article_id = p.article_id
WHERE p.event_id IN :ids
ORDER BY p.event_id, s.story_id, s.story_rank, a.article_id"""


def stories_of(db: Connection, event_ids: Iterable[str]) -> dict[str, list[Row]]:
    """Return the stories that fall on events: each by its first copy there, with the number of `copies` there are."""
    found: dict[str, dict[str, Row]] = {}
    for part in chunks(event_ids):
        for row in rows_of(db, _STORIES, ids=part):
            story = found.setdefault(row["event_id"], {}).setdefault(row["story_id"], {**row, "copies": 0})
            story["copies"] += 1
    return {event: sorted(s.values(), key=lambda row: row["published_at"]) for event, s in found.items()}


def scope(db: Connection, move: Mapping[str, Any]) -> list[float]:
    """Return the p-values that a move's q-value was computed over, ascending."""
    sql = """
SELECT p_value FROM moves
WHERE study = :study AND event_window = :window AND day_zero = :day AND status = 'scored' AND p_value IS NOT NULL
ORDER BY p_value"""
    rows = rows_of(db, sql, study=move["study"], window=move["event_window"], day=move["day_zero"])
    return [row["p_value"] for row in rows]


def bars_between(
    db: Connection, ticker: str, source: str, first: date | datetime, last: date | datetime, interval: str = "1d"
) -> list[Row]:
    """Return the current bars of an instrument from one source that start between two days, or naive UTC instants."""
    sql = """
SELECT start, open, high, low, close, volume, source, fetched_at FROM bars
WHERE ticker = :ticker AND source = :source AND interval = :interval AND superseded_at IS NULL
  AND start BETWEEN :first AND :last
ORDER BY start"""
    span = {"first": first.isoformat(), "last": last.isoformat()}
    return rows_of(db, sql, ticker=ticker, source=source, interval=interval, **span)


# From which relative difference on two closes are not one price, rounded.
TOLERANCE = 0.0001

_DISAGREEMENTS = """
SELECT one.ticker, one.source, other.source AS other, one.interval,
  a.start AS bar_start, a.close, b.close AS other_close
FROM series one
JOIN series other ON other.ticker = one.ticker AND other.interval = one.interval AND one.source < other.source
JOIN bars a ON a.ticker = one.ticker AND a.source = one.source AND a.interval = one.interval
JOIN bars b ON b.ticker = a.ticker AND b.source = other.source AND b.interval = a.interval AND b.start = a.start
WHERE a.superseded_at IS NULL AND b.superseded_at IS NULL AND ABS(a.close - b.close) > :tolerance * b.close
ORDER BY one.ticker, one.source, other.source, one.interval, a.start"""


def disagreements(db: Connection) -> list[Row]:
    """Return, per instrument and pair of sources, the bars whose closes differ and by how much at most."""
    rows = rows_of(db, _DISAGREEMENTS, tolerance=TOLERANCE)
    found = []
    for (ticker, source, other, interval), group in groupby(
        rows, key=lambda r: (r["ticker"], r["source"], r["other"], r["interval"])
    ):
        days = list(group)
        largest = max(abs(day["close"] / day["other_close"] - 1) for day in days)
        starts = [day["bar_start"] for day in days]
        found.append({"ticker": ticker, "source": source, "other": other, "interval": interval, "starts": starts,
                      "largest": largest})  # fmt: skip
    return found


def kept_out(db: Connection) -> list[Row]:
    """Return the bars that were kept out, by instrument, source and reason."""
    sql = """
SELECT ticker, source, reason, COUNT(*) AS bars, MIN(start) AS example, MIN(detail) AS detail
FROM quarantine GROUP BY ticker, source, reason ORDER BY bars DESC, ticker, source, reason"""
    return rows_of(db, sql)
