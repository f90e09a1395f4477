"""The clock that runs went by: whether it can be believed, and taking back what a run learned while it was ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Table, and_, func, select, update

from signals.errors import ClockError
from signals.store.tables import (
    actions,
    articles,
    bars,
    documents,
    mentions,
    quarantine,
    refusals,
    runs,
    series,
    stage_runs,
)

SLACK = timedelta(minutes=5)  # by how much clocks differ, or one is corrected, without harm
MOST_BACK = timedelta(hours=1)
_AHEAD = timedelta(days=1)  # by how much a source may date an article ahead; and a zone a session

#: Equal to no digest: a document that is to be read again.
UNREAD = "unread"
REPAIR = "`signals db repair-clock`"


@dataclass(frozen=True, slots=True)
class LateRun:
    """A run that the clock shows an instant before: when it began or, with `ended`, when it ended."""

    run_id: int
    job: str
    at: datetime
    ended: bool

    def __str__(self) -> str:
        return f"run {self.run_id} ({self.job}) {'ended' if self.ended else 'began'} at {self.at:%Y-%m-%d %H:%M} UTC"


def late_run(db: Connection, now: datetime) -> LateRun | None:
    """Return the latest run that began after `now`, or ended an hour after it; None for a clock that can be right."""
    for column, limit in ((runs.c.started_at, now + SLACK), (runs.c.finished_at, now + MOST_BACK)):
        query = select(runs.c.run_id, runs.c.job, column).where(column > limit)
        row = db.execute(query.order_by(column.desc()).limit(1)).one_or_none()
        if row is not None:
            return LateRun(row[0], row[1], row[2], ended=column is runs.c.finished_at)
    return None


def bar_ahead(db: Connection, now: datetime) -> date | None:
    """Return the last session of a daily bar that is still to come: a sign that the clock is behind now."""
    query = select(func.max(bars.c.start)).where(bars.c.interval == "1d", bars.c.superseded_at.is_(None))
    last = db.execute(query).scalar()
    return date.fromisoformat(last) if last is not None and date.fromisoformat(last) > (now + _AHEAD).date() else None


def advice(db: Connection, now: datetime) -> str:
    """Return what to do about a clock that shows an instant before a run."""
    ahead = bar_ahead(db, now)
    if ahead is None:
        return f"set it if it is wrong now; if it was wrong then, run {REPAIR}"
    evidence = f"set it, because the store has bars up to {ahead}"
    return f"{evidence}; if it is right and was wrong then, run {REPAIR[:-1]} --sure`"


def require_later(db: Connection, now: datetime) -> None:
    """Make sure that the clock shows no instant before a run.

    Raises
    ------
    ClockError
        It does. Nothing may be written under it.
    """
    late = late_run(db, now)
    if late is not None:
        raise ClockError(f"says {now:%Y-%m-%d %H:%M} UTC, and {late}", advice(db, now))


def require_no_bar_ahead(db: Connection, now: datetime) -> None:
    """Make sure that no daily bar says that the clock is behind now.

    Raises
    ------
    ClockError
        One does. To take back what came after this instant would take back what is right.
    """
    if bar_ahead(db, now) is not None:
        raise ClockError(f"says {now:%Y-%m-%d %H:%M} UTC and may be behind", advice(db, now))


def take_back(db: Connection, now: datetime) -> dict[str, int]:
    """Take back what was learned at instants that are still to come; returns how many rows of each kind.

    Prices are dropped and asked for again. An article stays, because a feed may not have it any more, as seen now: the
    latest that it can have been. One that is dated in the future is dropped with the memory that its document was read.
    What is derived must be derived again.
    """
    late = now + SLACK
    db.execute(mentions.delete())  # they refer to revisions of articles
    counts = {
        "runs": _close_runs(db, now, late),
        "articles dated in the future": _drop_future_articles(db, now, late),
        "articles seen now": _not_later(db, articles, ("seen_at", "known_at", "superseded_at"), now, late),
        "bars": _drop_prices(db, bars, late),
        "dividends and splits": _drop_prices(db, actions, late),
        "series to ask for": db.execute(series.delete().where(series.c.fetched_at > late)).rowcount,
    }
    unread: Mapping[str, object] = {"digest": UNREAD, "etag": "", "last_modified": "", "fetched_at": now}
    counts["documents to read"] = db.execute(
        update(documents).where(documents.c.fetched_at > late).values(unread)
    ).rowcount
    for table in (refusals, quarantine):
        _not_later(db, table, ("first_seen_at",), now, late)
    return counts


def _close_runs(db: Connection, now: datetime, late: datetime) -> int:
    """Let no run count as done, or as begun, at an instant that is still to come."""
    query = select(runs.c.run_id, runs.c.started_at).where(runs.c.started_at > late)
    rows = db.execute(query).all()
    for run_id, started_at in rows:
        error = f"the clock said {started_at:%Y-%m-%d %H:%M} UTC when it began; what it learned was taken back"
        values = {"state": "failed", "error": error, "slot": now, "started_at": now, "finished_at": now}
        db.execute(update(runs).where(runs.c.run_id == run_id).values(values))
    _not_later(db, runs, ("finished_at",), now, late)
    _not_later(db, stage_runs, ("started_at", "finished_at"), now, late)
    return len(rows)


def _not_later(db: Connection, table: Table, columns: tuple[str, ...], now: datetime, late: datetime) -> int:
    """Bring instants of a table that are still to come back to now; returns how many rows the first of them is in."""
    changed = 0
    for name in reversed(columns):
        changed = db.execute(update(table).where(table.c[name] > late).values({name: now})).rowcount
    return changed


def _drop_future_articles(db: Connection, now: datetime, late: datetime) -> int:
    dropped = and_(articles.c.known_at > late, articles.c.published_at > now + _AHEAD)
    ids = set(db.execute(select(articles.c.article_id).where(dropped)).scalars())
    count = db.execute(articles.delete().where(dropped)).rowcount
    for article_id in ids:
        this = articles.c.article_id == article_id
        last = select(func.max(articles.c.revision)).where(this).scalar_subquery()
        db.execute(update(articles).where(this, articles.c.revision == last).values(superseded_at=None))
    return count


def _drop_prices(db: Connection, table: Table, late: datetime) -> int:
    """Drop what was fetched at an instant that is still to come; what it superseded is current again."""
    dropped = db.execute(table.delete().where(table.c.fetched_at > late)).rowcount
    db.execute(update(table).where(table.c.superseded_at > late).values(superseded_at=None))
    return dropped
