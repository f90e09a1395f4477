"""Queries of the views: what reports and notebooks ask for, as rows of typed classes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import groupby
from typing import TypeVar

from sqlalchemy import Connection, CursorResult, bindparam, text

from signals.store.bulk import chunks
from signals.store.kinds import kinds_of
from signals.store.tables import Instant, Session
from signals.store.views import EVENTS, INSTRUMENTS, LINKS, MENTIONS, MOVES, UNSCORED, View
from signals.types import (
    BarRow,
    BreakKind,
    DayMark,
    Disagreement,
    EventRow,
    Freshness,
    InstrumentRow,
    LinkRow,
    MarketDayRow,
    MarketDays,
    MentionRow,
    PriceBreak,
    PriceBreakRow,
    QuarantineCount,
    RefusedTag,
    StoryRow,
    TickerSummary,
    UnscoredRow,
    UnusualSession,
)

R = TypeVar("R")
Value = str | int | float | date | list[str] | None


def rows_of(db: Connection, record: type[R], sql: str, **values: Value) -> list[R]:
    """Run a query and return its rows as records, whose fields are its columns.

    Instants come back as aware datetimes and sessions as dates on every database.
    """
    return list(_read(_execute(db, sql, values), record, db))


def _execute(db: Connection, sql: str, values: dict[str, Value]) -> CursorResult[tuple[object, ...]]:
    bound = [bindparam(name, type_=Session()) for name, value in values.items() if isinstance(value, date)]
    bound += [bindparam(name, expanding=True) for name, value in values.items() if isinstance(value, list)]
    return db.execute(text(sql).bindparams(*bound), values)


_READERS: Mapping[str | None, Instant | Session] = {"instant": Instant(), "date": Session()}


def _read(result: CursorResult[tuple[object, ...]], record: type[R], db: Connection) -> Iterator[R]:
    names, kinds = list(result.keys()), kinds_of(record)
    if unknown := set(names) - kinds.keys():
        raise TypeError(f"{record.__name__} has no field for {', '.join(sorted(unknown))}")
    # Rows of one article or event, which stand together, have the same instants.
    readers: list[tuple[int, Callable[[object], object]]] = [
        (at, lru_cache(maxsize=64)(partial(_READERS[kinds[name]].process_result_value, dialect=db.dialect)))
        for at, name in enumerate(names)
        if kinds.get(name) in _READERS
    ]
    make = record.__new__
    for row in result:
        values: list[object] = [*row]
        for at, read in readers:
            values[at] = read(values[at])
        filled = make(record)
        vars(filled).update(zip(names, values, strict=True))  # __init__ takes ten times as long for a link's 70 fields
        yield filled


def select_view(
    db: Connection, view: View, record: type[R], where: str = "1 = 1", order: str = "1", **values: Value
) -> list[R]:
    """Return rows of a view."""
    sql = f"SELECT {', '.join(view.names)} FROM {view.name} WHERE {where} ORDER BY {order}"  # noqa: S608 - fixed texts
    return rows_of(db, record, sql, **values)


def instruments(db: Connection, ticker: str | None = None) -> list[InstrumentRow]:
    """Return instruments with their coverage and base rates."""
    if ticker is None:
        return select_view(db, INSTRUMENTS, InstrumentRow, order="ticker")
    return select_view(db, INSTRUMENTS, InstrumentRow, "ticker = :ticker", ticker=ticker)


def tickers(db: Connection) -> list[str]:
    """Return the tickers of the instruments."""
    return [str(row[0]) for row in db.execute(text("SELECT ticker FROM instruments ORDER BY ticker"))]


def freshness(db: Connection, ticker: str) -> Freshness:
    """Return how fresh the answer about a ticker is."""
    sql = """
SELECT (SELECT MAX(a.published_at) FROM event_assignments p
  JOIN articles a ON a.article_id = p.article_id AND a.superseded_at IS NULL WHERE p.ticker = :ticker) AS news_to,
  (SELECT MAX(finished_at) FROM runs WHERE state = 'done') AS last_run"""
    (row,) = rows_of(db, Freshness, sql, ticker=ticker)
    return row


@dataclass(frozen=True)
class _EventCount:
    ticker: str
    events: int
    moves: int
    up: float | None
    down: float | None


def overview(db: Connection, study: str | None, window: str | None) -> list[TickerSummary]:
    """Return the instruments that have events, each with what a study and window says of them.

    Without both, an event counts by the study and window that decide for it.
    """
    values = {name: value for name, value in (("study", study), ("event_window", window)) if value}
    condition = " AND ".join(f"m.{name} = :{name}" for name in values) or "m.decides = 1"
    sql = f"""
SELECT e.ticker, COUNT(DISTINCT m.event_id) AS events,
  COUNT(DISTINCT CASE WHEN m.verdict = 'move' THEN m.event_id END) AS moves,
  MAX(CASE WHEN m.verdict = 'move' AND m.car > 0 THEN m.car END) AS up,
  MIN(CASE WHEN m.verdict = 'move' AND m.car < 0 THEN m.car END) AS down
FROM moves m
JOIN events e ON e.event_id = m.event_id
WHERE {condition}
GROUP BY e.ticker"""  # noqa: S608 - fixed texts
    counts = {row.ticker: row for row in rows_of(db, _EventCount, sql, **values)}
    return [
        TickerSummary(about, count.events, count.moves, _stronger(count.up, count.down))
        for about in instruments(db)
        if (count := counts.get(about.ticker)) is not None
    ]


def _stronger(up: float | None, down: float | None) -> float | None:
    """Return the move that is larger in size; of two equal ones the rise."""
    if up is None or down is None:
        return down if up is None else up
    return up if up >= -down else down


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFilters:
    """Which links to list; None does not count. `since` and `until` are days zero, `limit` the most links."""

    ticker: str | None = None
    article_id: str | None = None
    since: date | None = field(default=None, metadata={"where": "day_zero >= :since"})
    until: date | None = field(default=None, metadata={"where": "day_zero <= :until"})
    study: str | None = None
    window: str | None = field(default=None, metadata={"where": "event_window = :window"})
    min_relevance: float | None = field(default=None, metadata={"where": "relevance >= :min_relevance"})
    verdict: str | None = None
    status: str | None = None
    decides: int | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFilters:
    """Which unusual sessions to list; None does not count."""

    ticker: str | None = None
    since: date | None = field(default=None, metadata={"where": "session >= :since"})
    explained: int | None = None


def _where(filters: LinkFilters | SessionFilters) -> tuple[str, dict[str, Value]]:
    """Return the condition of a query, and the values in it."""
    active = [f for f in fields(filters) if getattr(filters, f.name) is not None and f.name != "limit"]
    conditions = [str(f.metadata.get("where", f"{f.name} = :{f.name}")) for f in active]
    return " AND ".join(conditions) or "1 = 1", {f.name: getattr(filters, f.name) for f in active}


def links(db: Connection, filters: LinkFilters) -> list[LinkRow]:
    """Return rows of v_links, newest first."""
    where, values = _where(filters)
    order = "published_at DESC, article_id, ticker, study, event_window"
    if filters.limit is not None:
        order, values = f"{order} LIMIT :limit", {**values, "limit": filters.limit}
    return select_view(db, LINKS, LinkRow, where, order, **values)


def unscored(db: Connection, ticker: str) -> list[UnscoredRow]:
    """Return what is pending or unscored for a ticker, newest first."""
    order = "day_zero DESC, study, event_window"
    return select_view(db, UNSCORED, UnscoredRow, "ticker = :ticker", order, ticker=ticker)


def refused_beside(db: Connection, ticker: str) -> list[RefusedTag]:
    """Return the refused tags of the articles that name a ticker, with how often each was refused."""
    sql = """
SELECT r.tag, r.reason, r.alias, COUNT(DISTINCT r.article_id) AS articles, MIN(r.article_id) AS article_id
FROM mentions r
WHERE r.ticker IS NULL AND r.article_id IN (SELECT n.article_id FROM mentions n WHERE n.ticker = :ticker)
GROUP BY r.tag, r.reason, r.alias
ORDER BY articles DESC, r.tag
LIMIT 50"""
    return rows_of(db, RefusedTag, sql, ticker=ticker)


def mentions(db: Connection, article_id: str) -> list[MentionRow]:
    """Return every tag of an article."""
    return select_view(db, MENTIONS, MentionRow, "article_id = :article_id", "mention_no", article_id=article_id)


def event_moves(db: Connection, event_id: str) -> list[EventRow]:
    """Return the moves of an event, one row per study and window."""
    return select_view(db, EVENTS, EventRow, "event_id = :event_id", "study, event_window", event_id=event_id)


def unusual_sessions(db: Connection, filters: SessionFilters) -> list[UnusualSession]:
    """Return rows of v_moves, newest first, each with the stories that fall on it."""
    where, values = _where(filters)
    rows = select_view(db, MOVES, UnusualSession, where, "session DESC, ticker, study", **values)
    stories = stories_of(db, [row.event_id for row in rows if row.event_id])
    return [replace(row, news=tuple(stories.get(row.event_id or "", ()))) for row in rows]


_STORIES = """
SELECT p.event_id, s.story_id, s.story_rank, a.article_id, a.published_at, a.published_precision, a.published_zone,
  a.source, a.publisher, a.title, a.url, n.role, n.relevance
FROM event_assignments p
JOIN articles a ON a.article_id = p.article_id AND a.superseded_at IS NULL
JOIN mentions n ON n.article_id = p.article_id AND n.mention_no = p.mention_no
JOIN story_articles s ON s.article_id = p.article_id
WHERE p.event_id IN :ids
ORDER BY p.event_id, s.story_id, s.story_rank, a.article_id"""


def stories_of(db: Connection, event_ids: Iterable[str]) -> dict[str, list[StoryRow]]:
    """Return the stories that fall on events: each by its first copy there, with the number of copies there."""
    stories: dict[str, list[StoryRow]] = {}
    for part in chunks(event_ids):
        rows = rows_of(db, StoryRow, _STORIES, ids=part)
        for (event, _), copies in groupby(rows, key=lambda row: (row.event_id, row.story_id)):
            first, *others = copies
            stories.setdefault(event, []).append(replace(first, copies=1 + len(others)))
    return {event: sorted(rows, key=lambda row: row.published_at) for event, rows in stories.items()}


def bars_between(
    db: Connection, ticker: str, source: str, first: date | datetime, last: date | datetime, interval: str = "1d"
) -> list[BarRow]:
    """Return the current bars of an instrument from one source that start between two days, or naive UTC instants."""
    sql = """
SELECT start, open, high, low, close, volume, source, fetched_at FROM bars
WHERE ticker = :ticker AND source = :source AND interval = :interval AND superseded_at IS NULL
  AND start BETWEEN :first AND :last
ORDER BY start"""
    span: dict[str, Value] = {"first": first.isoformat(), "last": last.isoformat()}
    return rows_of(db, BarRow, sql, ticker=ticker, source=source, interval=interval, **span)


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


@dataclass(frozen=True)
class _TwoCloses:
    ticker: str
    source: str
    other: str
    interval: str
    bar_start: str
    close: float
    other_close: float


def disagreements(db: Connection) -> list[Disagreement]:
    """Return, per instrument and pair of sources, the bars whose closes differ and by how much at most."""
    rows = rows_of(db, _TwoCloses, _DISAGREEMENTS, tolerance=TOLERANCE)
    pairs = []
    for key, group in groupby(rows, key=lambda r: (r.ticker, r.source, r.other, r.interval)):
        bars = list(group)
        largest = max(abs(bar.close / bar.other_close - 1) for bar in bars)
        pairs.append(Disagreement(*key, tuple(bar.bar_start for bar in bars), largest))
    return pairs


def marked_days(db: Connection) -> list[MarketDays]:
    """Return the days on which bars disagree with a calendar or lack a benchmark, by market and mark."""
    sql = "SELECT mic, benchmark, day, mark FROM v_market_days ORDER BY mic, benchmark, mark, day"
    groups = groupby(rows_of(db, MarketDayRow, sql), key=lambda row: (row.mic, row.benchmark, row.mark))
    return [
        MarketDays(mic, benchmark, DayMark(mark), tuple(row.day for row in group))
        for (mic, benchmark, mark), group in groups
    ]


def price_breaks(db: Connection) -> list[PriceBreak]:
    """Return the jumps of prices that are held back, the latest first."""
    rows = rows_of(db, PriceBreakRow, "SELECT * FROM v_price_breaks ORDER BY day DESC, ticker, source")
    return [PriceBreak(r.ticker, r.source, r.day, BreakKind(r.kind), r.ret, r.split) for r in rows]


def quarantined(db: Connection) -> list[QuarantineCount]:
    """Return the bars that were rejected, by instrument, source and reason."""
    sql = """
SELECT ticker, source, reason, COUNT(*) AS bars, MIN(start) AS example, MIN(detail) AS detail
FROM quarantine GROUP BY ticker, source, reason ORDER BY bars DESC, ticker, source, reason"""
    return rows_of(db, QuarantineCount, sql)
