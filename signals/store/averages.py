"""Averages of an instrument's events: rows, and the links that they are computed from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, select

from signals.store.bulk import insert, read
from signals.store.queries import rows_of
from signals.store.tables import (
    MOST_DAYS,
    average_paths,
    average_tests,
    averages,
    events,
    instruments,
    study_windows,
)
from signals.types import Average, AverageTest, ScoredLink

_TABLES = (averages, average_tests, average_paths)


class _Key(NamedTuple):
    group_kind: str
    group_value: str
    study: str
    event_window: str


# From the newest events to their links, so that the cost does not depend on the length of the history.
_SCORED = """
SELECT DISTINCT l.ticker, l.study, l.event_window, l.event_id, e.day_zero, a.source, n.tag, l.status, m.ret, m.base_at,
  m.exit_at
FROM events e
JOIN links l ON l.event_id = e.event_id
JOIN study_windows w ON w.study = l.study AND w.event_window = l.event_window
JOIN event_assignments p ON p.article_id = l.article_id AND p.ticker = l.ticker
JOIN mentions n ON n.article_id = p.article_id AND n.mention_no = p.mention_no
JOIN articles a ON a.article_id = n.article_id AND a.revision = n.revision
JOIN moves m ON m.event_id = l.event_id AND m.study = l.study AND m.event_window = l.event_window
  AND m.status = l.status
WHERE e.ticker = :ticker AND e.day_zero >= :since AND l.status = 'scored'"""


def first_day(db: Connection, ticker: str) -> date:
    """Return the first of the newest days zero that the averages of an instrument cover, `MOST_DAYS` of them."""
    days = (
        select(events.c.day_zero)
        .where(events.c.ticker == ticker, events.c.published_at.is_(None))
        .order_by(events.c.day_zero.desc())
        .offset(MOST_DAYS - 1)
        .limit(1)
    )
    return db.execute(days).scalar() or date.min


def scored_links(db: Connection, ticker: str) -> list[ScoredLink]:
    """Return what the averages of an instrument are computed from: the scored links of its newest days zero."""
    return rows_of(db, ScoredLink, _SCORED, ticker=ticker, since=first_day(db, ticker))


def tickers_without(db: Connection) -> list[str]:
    """Return the instruments with events if no averages are stored, as after an upgrade; else none."""
    if db.execute(select(averages.c.ticker).limit(1)).first() is not None:
        return []
    return list(db.execute(select(events.c.ticker).distinct()).scalars())


def clear(db: Connection) -> None:
    """Drop all averages; the next derivation computes them again."""
    for table in _TABLES:
        db.execute(table.delete())


def save_averages(db: Connection, ticker: str, rows: Sequence[Average]) -> None:
    """Replace the averages of an instrument."""
    written = ((averages, _average_rows), (average_tests, _test_rows), (average_paths, _path_rows))
    for table, rows_for in written:
        db.execute(table.delete().where(table.c.ticker == ticker))
        insert(db, table, [row for n, average in enumerate(rows) for row in rows_for(ticker, n, average)])


def _average_rows(ticker: str, position: int, row: Average) -> Iterator[dict[str, object]]:
    yield {
        **_key(ticker, row), "position": position, "events": row.events, "ret": row.ret, "caar": row.caar,
        "mean_correlation": row.mean_correlation, "default_test": row.default,
    }  # fmt: skip


def _test_rows(ticker: str, _position: int, row: Average) -> Iterator[dict[str, object]]:
    for n, test in enumerate(row.tests):
        yield {**_key(ticker, row), "test": test.test, "position": n, "statistic": test.statistic,
               "p_value": test.p_value, "events": test.events, "reason": test.reason}  # fmt: skip


def _path_rows(ticker: str, _position: int, row: Average) -> Iterator[dict[str, object]]:
    for n, (aar, count) in enumerate(zip(row.aar, row.counts, strict=True)):
        yield {**_key(ticker, row), "session_no": n, "aar": aar, "events": count}


def _key(ticker: str, row: Average) -> dict[str, str]:
    kind, _, value = row.group.partition("=")
    return {"ticker": ticker, **_Key(kind, value, row.study, row.event_window)._asdict()}


class _Stored(NamedTuple):
    group_kind: str
    group_value: str
    study: str
    event_window: str
    events: int
    ret: float
    caar: float | None
    mean_correlation: float | None
    default_test: str


class _Test(NamedTuple):
    group_kind: str
    group_value: str
    study: str
    event_window: str
    test: str
    statistic: float | None
    p_value: float | None
    events: int
    reason: str


class _Step(NamedTuple):
    group_kind: str
    group_value: str
    study: str
    event_window: str
    aar: float | None
    events: int


Row = TypeVar("Row", _Test, _Step)


def averages_of(db: Connection, ticker: str) -> list[Average]:
    """Return the averages of an instrument that v_averages has, in the order of the studies, windows and groups."""
    current = (
        select(*(averages.c[name] for name in _Stored._fields))
        .join(instruments, instruments.c.ticker == averages.c.ticker)
        .join(
            study_windows,
            (study_windows.c.study == averages.c.study) & (study_windows.c.event_window == averages.c.event_window),
        )
        .where(averages.c.ticker == ticker)
        .order_by(averages.c.position)
    )
    tests, paths = (
        select(*(table.c[name] for name in fields)).where(table.c.ticker == ticker).order_by(table.c[order])
        for table, fields, order in (
            (average_tests, _Test._fields, "position"), (average_paths, _Step._fields, "session_no"),
        )
    )  # fmt: skip
    tests_of = _by_key(read(db, tests, _Test))
    paths_of = _by_key(read(db, paths, _Step))
    return [
        _average(row, tests_of.get(_Key(*row[:4]), []), paths_of.get(_Key(*row[:4]), []))
        for row in read(db, current, _Stored)
    ]


def _by_key(rows: Iterable[Row]) -> dict[_Key, list[Row]]:
    by_key: dict[_Key, list[Row]] = {}
    for row in rows:
        by_key.setdefault(_Key(*row[:4]), []).append(row)
    return by_key


def _average(row: _Stored, tests: Sequence[_Test], path: Sequence[_Step]) -> Average:
    return Average(
        group=f"{row.group_kind}={row.group_value}" if row.group_kind != "all" else "all",
        study=row.study,
        event_window=row.event_window,
        events=row.events,
        ret=row.ret,
        caar=row.caar,
        aar=tuple(step.aar for step in path),
        counts=tuple(step.events for step in path),
        mean_correlation=row.mean_correlation,
        default=row.default_test,
        tests=tuple(AverageTest(t.test, t.statistic, t.p_value, t.events, t.reason) for t in tests),
    )
