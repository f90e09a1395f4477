"""What is derived from the facts: mentions, stories, placements, events, moves and links.

Every verb writes only rows that change. `placements.settled = 0` and `events.dirty = 1` are the work queues of the
scoring stroke: they are set in the transaction that makes the work and cleared in the one that does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, select, tuple_, update

from signals.store.articles import stamp_of
from signals.store.rows import chunks, delete, insert, upsert
from signals.store.tables import (
    DERIVED,
    articles,
    effects,
    events,
    instruments,
    links,
    market_sessions,
    mentions,
    moves,
    placements,
    session_moves,
    story_articles,
    study_windows,
)
from signals.types import Mention, Precision, Stamp

REACH = timedelta(days=15)  # calendar days that hold the sessions of the widest event windows


def save_mentions(db: Connection, found: Mapping[tuple[str, int], Sequence[Mention]]) -> None:
    """Replace the mentions of articles, keyed by (article_id, revision)."""
    ids = [{"article_id": article_id} for article_id, _ in found]
    delete(db, mentions, ids)
    rows = [
        {
            "article_id": article_id,
            "mention_no": number,
            "revision": revision,
            "tag": m.tag,
            "tag_kind": m.kind.value,
            "found_in": m.where,
            "span_start": m.start,
            "span_end": m.end,
            "occurrences": m.count,
            "ticker": m.ticker,
            "reason": m.reason,
            "alias": m.alias,
            "role": m.role.value if m.role else None,
            "relevance": m.relevance,
        }
        for (article_id, revision), listed in found.items()
        for number, m in enumerate(listed)
    ]
    insert(db, mentions, rows)


# --- stories --------------------------------------------------------------------------------------------------------


def stories_like(db: Connection, keys: Iterable[str]) -> list[Row[Any]]:
    """Return the story rows whose headline keys are among `keys`."""
    found: list[Row[Any]] = []
    for part in chunks(keys):
        found += db.execute(select(story_articles).where(story_articles.c.headline_key.in_(part)))
    return found


def save_stories(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write story rows."""
    upsert(db, story_articles, rows)


# --- placements and events ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An article's instrument that has no final day zero yet."""

    article_id: str
    ticker: str
    stamp: Stamp
    story_id: str
    event_id: str | None


def queue(db: Connection, pairs: Mapping[tuple[str, str], int]) -> None:
    """Ask for placements of (article, ticker) pairs, each with the mention that carries the link."""
    rows = [
        {
            "article_id": article_id,
            "ticker": ticker,
            "mention_no": number,
            "event_id": None,
            "anchor": None,
            "day_zero_sensitive": 0,
            "settled": 0,
        }
        for (article_id, ticker), number in pairs.items()
    ]
    upsert(db, placements, rows)


def forget(db: Connection, ids: Iterable[str]) -> None:
    """Take articles off their events, because they changed; the events are to be looked at again."""
    for part in chunks(ids):
        theirs = select(placements.c.event_id).where(placements.c.article_id.in_(part))
        db.execute(update(events).where(events.c.event_id.in_(theirs)).values(dirty=1))
        db.execute(links.delete().where(links.c.article_id.in_(part)))
        db.execute(placements.delete().where(placements.c.article_id.in_(part)))


def unsettle(db: Connection, ids: Iterable[str]) -> None:
    """Place articles anew, because their story changed."""
    for part in chunks(ids):
        db.execute(update(placements).where(placements.c.article_id.in_(part)).values(settled=0))


def unsettled(db: Connection) -> list[Unsettled]:
    """Return what has no final day zero."""
    query = (
        select(placements.c.article_id, placements.c.ticker, placements.c.event_id, story_articles.c.story_id, articles)
        .join(articles, and_(articles.c.article_id == placements.c.article_id, articles.c.superseded_at.is_(None)))
        .join(story_articles, story_articles.c.article_id == placements.c.article_id)
        .where(placements.c.settled == 0)
        .order_by(placements.c.ticker, articles.c.published_at, placements.c.article_id)
    )
    return [Unsettled(r.article_id, r.ticker, stamp_of(r), r.story_id, r.event_id) for r in db.execute(query)]


def placed(db: Connection, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return the event of each (article, ticker) that has one."""
    listed = list(pairs)
    found: dict[tuple[str, str], str] = {}
    for i in range(0, len(listed), 400):
        key = tuple_(placements.c.article_id, placements.c.ticker)
        query = select(placements).where(key.in_(listed[i : i + 400]), placements.c.event_id.is_not(None))
        found.update({(r.article_id, r.ticker): r.event_id for r in db.execute(query)})
    return found


def save_placements(
    db: Connection, rows: Sequence[Mapping[str, Any]], hours: Mapping[str, Mapping[str, Any]], left: Iterable[str]
) -> None:
    """Write placements, make their events, and mark those and the events that were left as dirty.

    Parameters
    ----------
    db
        An open transaction.
    rows
        article_id, ticker, event_id, anchor, day_zero_sensitive, settled.
    hours
        Per event_id: ticker, day_zero, opens_at, closes_at.
    left
        Events that lost an article.
    """
    if rows:
        statement = (
            update(placements)
            .where(placements.c.article_id == bindparam("a"), placements.c.ticker == bindparam("t"))
            .values({n: bindparam("v_" + n) for n in ("event_id", "anchor", "day_zero_sensitive", "settled")})
        )
        names = {"article_id": "a", "ticker": "t"}
        db.execute(statement, [{names.get(k, "v_" + k): v for k, v in row.items()} for row in rows])
    empty = {"articles_in_event": 0, "stories_in_event": 0, "relevant_stories": 0, "day_only": 0, "dirty": 1}
    upsert(
        db,
        events,
        [{"event_id": event_id, **about, **empty} for event_id, about in hours.items()],
        unchanged=empty,
    )
    for part in chunks({*hours, *left}):
        db.execute(update(events).where(events.c.event_id.in_(part)).values(dirty=1))


def give_up(db: Connection, pairs: Iterable[tuple[str, str]]) -> None:
    """Stop trying to place pairs; the reason is kept as a refusal."""
    statement = update(placements).where(
        placements.c.article_id == bindparam("a"), placements.c.ticker == bindparam("t")
    )
    listed = [{"a": article_id, "t": ticker} for article_id, ticker in pairs]
    if listed:
        db.execute(statement.values(settled=1), listed)


def dirty_events(db: Connection) -> list[str]:
    """Return the events whose articles changed."""
    return list(db.execute(select(events.c.event_id).where(events.c.dirty == 1).order_by(events.c.event_id)).scalars())


def recount(db: Connection, ids: Iterable[str], min_relevance: float) -> None:
    """Count the articles and stories of events again, and drop the events that have none left."""
    for part in chunks(ids):
        counted = db.execute(
            select(
                placements.c.event_id,
                func.count().label("articles"),
                func.count(story_articles.c.story_id.distinct()).label("stories"),
                func.min(articles.c.published_precision).label("lowest"),
                func.max(articles.c.published_precision).label("highest"),
            )
            .join(story_articles, story_articles.c.article_id == placements.c.article_id)
            .join(articles, and_(articles.c.article_id == placements.c.article_id, articles.c.superseded_at.is_(None)))
            .where(placements.c.event_id.in_(part))
            .group_by(placements.c.event_id)
        ).all()
        relevant: dict[str, int] = dict(
            db.execute(
                select(placements.c.event_id, func.count(story_articles.c.story_id.distinct()))
                .join(story_articles, story_articles.c.article_id == placements.c.article_id)
                .join(
                    mentions,
                    and_(
                        mentions.c.article_id == placements.c.article_id,
                        mentions.c.mention_no == placements.c.mention_no,
                    ),
                )
                .where(placements.c.event_id.in_(part), mentions.c.relevance >= min_relevance)
                .group_by(placements.c.event_id)
            ).all()
        )
        for row in counted:
            db.execute(
                update(events)
                .where(events.c.event_id == row.event_id)
                .values(
                    articles_in_event=row.articles,
                    stories_in_event=row.stories,
                    relevant_stories=relevant.get(row.event_id, 0),
                    day_only=int(row.lowest == row.highest == Precision.DAY.value),
                )
            )
        gone = set(part) - {row.event_id for row in counted}
        for table in (links, moves, events):
            delete(db, table, [{"event_id": event_id} for event_id in sorted(gone)])


# --- moves ----------------------------------------------------------------------------------------------------------


def event_rows(db: Connection, ids: Iterable[str]) -> list[Row[Any]]:
    """Return events by their keys."""
    found: list[Row[Any]] = []
    for part in chunks(ids):
        found += db.execute(select(events).where(events.c.event_id.in_(part)))
    return found


def pending_events(db: Connection) -> set[str]:
    """Return the events with a window that is still running or waits for bars."""
    return set(db.execute(select(moves.c.event_id).distinct().where(moves.c.status == "pending")).scalars())


def events_from(db: Connection, since: Mapping[str, date]) -> set[str]:
    """Return the events of each ticker whose windows may hold a session on or after a date."""
    found: set[str] = set()
    for ticker, day in since.items():
        query = select(events.c.event_id).where(events.c.ticker == ticker, events.c.day_zero >= day - REACH)
        found.update(db.execute(query).scalars())
    return found


def events_between(db: Connection, tickers: Iterable[str], first: date, last: date) -> list[Row[Any]]:
    """Return the events of instruments with day zero from `first` to `last`."""
    found: list[Row[Any]] = []
    for part in chunks(tickers):
        query = select(events).where(events.c.ticker.in_(part), events.c.day_zero.between(first, last))
        found += db.execute(query.order_by(events.c.ticker, events.c.day_zero))
    return found


def moves_of(db: Connection, ids: Iterable[str]) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return digest and confounders of the moves of events, by (event, study, window)."""
    found: dict[tuple[str, str, str], tuple[str, str]] = {}
    for part in chunks(ids):
        rows = db.execute(select(moves).where(moves.c.event_id.in_(part)))
        found.update({(r.event_id, r.study, r.event_window): (r.digest, r.confounders) for r in rows})
    return found


def save_moves(db: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    """Write moves; returns how many changed."""
    return upsert(db, moves, rows, unchanged=["run_id", "scored_at"])


def scored_on(db: Connection, days: Iterable[date]) -> list[Row[Any]]:
    """Return the p- and q-values of the scored events of whole days, in the order of study, window, day and event."""
    key = (moves.c.study, moves.c.event_window, moves.c.day_zero, moves.c.event_id)
    query = select(*key, moves.c.p_value, moves.c.q_value, moves.c.q_m).where(
        moves.c.status == "scored", moves.c.p_value.is_not(None)
    )
    found: list[Row[Any]] = []
    for part in chunks(sorted(days)):
        found += db.execute(query.where(moves.c.day_zero.in_(part)))
    return sorted(found, key=lambda row: tuple(row[:4]))


def save_q_values(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write q-values: rows of event_id, study, event_window, q_value, q_scope and q_m."""
    key = ("event_id", "study", "event_window")
    statement = (
        update(moves)
        .where(*(moves.c[name] == bindparam("k_" + name) for name in key))
        .values({name: bindparam(name) for name in ("q_value", "q_scope", "q_m")})
    )
    if rows:
        db.execute(statement, [{("k_" + n if n in key else n): v for n, v in row.items()} for row in rows])


def finished_on(db: Connection, study: str, window: str, days: Iterable[date]) -> list[Row[Any]]:
    """Return last_session, car and noise of the scored events whose windows ended on some days, in a fixed order."""
    found: list[Row[Any]] = []
    for part in chunks(sorted(days)):
        query = select(moves.c.last_session, moves.c.event_id, moves.c.car, moves.c.noise).where(
            moves.c.study == study,
            moves.c.event_window == window,
            moves.c.last_session.in_(part),
            moves.c.status == "scored",
        )
        found += db.execute(query)
    return sorted(found, key=lambda row: (row.last_session, row.event_id))


def save_effects(db: Connection, study: str, window: str, found: Mapping[date, tuple[float, float]]) -> None:
    """Keep what the events that ended on a day say about the size of true effects; days that say nothing go."""
    key = {"study": study, "event_window": window}
    delete(db, effects, [{**key, "last_session": day} for day, (_, weight) in found.items() if weight == 0])
    rows = [
        {**key, "last_session": day, "excess": excess, "weight": weight}
        for day, (excess, weight) in sorted(found.items())
        if weight > 0
    ]
    upsert(db, effects, rows)


def effects_of(db: Connection, study: str, window: str) -> list[Row[Any]]:
    """Return last_session, excess and weight of a study and window, day by day."""
    this = (effects.c.study == study, effects.c.event_window == window)
    query = select(effects.c.last_session, effects.c.excess, effects.c.weight).where(*this)
    return list(db.execute(query.order_by(effects.c.last_session)))


def save_shrunk(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write shrunk effects: rows of event_id, study, event_window and car_shrunk."""
    key = ("event_id", "study", "event_window")
    statement = update(moves).where(*(moves.c[n] == bindparam("k_" + n) for n in key))
    if rows:
        listed = [{("k_" + n if n in key else n): v for n, v in row.items()} for row in rows]
        db.execute(statement.values(car_shrunk=bindparam("car_shrunk")), listed)


# --- links ----------------------------------------------------------------------------------------------------------


def ties(db: Connection, ids: Iterable[str]) -> list[Row[Any]]:
    """Return what a verdict looks at: one row per article x move of the events."""
    query = (
        select(
            placements.c.article_id,
            placements.c.ticker,
            placements.c.anchor,
            placements.c.event_id,
            mentions.c.role,
            mentions.c.relevance,
            story_articles.c.story_rank,
            articles.c.published_at,
            articles.c.published_precision,
            articles.c.seen_at,
            events.c.opens_at,
            events.c.closes_at,
            moves.c.study,
            moves.c.event_window,
            moves.c.status,
            moves.c.reason,
            moves.c.ret,
            moves.c.car,
            moves.c.q_value,
            moves.c.confounded,
        )
        .join(
            mentions,
            and_(mentions.c.article_id == placements.c.article_id, mentions.c.mention_no == placements.c.mention_no),
        )
        .join(story_articles, story_articles.c.article_id == placements.c.article_id)
        .join(articles, and_(articles.c.article_id == placements.c.article_id, articles.c.superseded_at.is_(None)))
        .join(events, events.c.event_id == placements.c.event_id)
        .join(moves, moves.c.event_id == placements.c.event_id)
    )
    found: list[Row[Any]] = []
    for part in chunks(ids):
        found += db.execute(query.where(placements.c.event_id.in_(part)))
    return found


def save_links(db: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    """Write links; returns how many changed."""
    return upsert(db, links, rows, unchanged=["run_id"])


def settle_events(db: Connection, ids: Iterable[str]) -> None:
    """Say that the links of events are up to date."""
    for part in chunks(ids):
        db.execute(update(events).where(events.c.event_id.in_(part), events.c.dirty == 1).values(dirty=0))


# --- the configuration's mirror -------------------------------------------------------------------------------------


def mirror(
    db: Connection, instrument_rows: Sequence[Mapping[str, Any]], window_rows: Sequence[Mapping[str, Any]]
) -> None:
    """Keep the instruments and studies of the configuration where SQL can join them."""
    upsert(db, instruments, instrument_rows)
    upsert(db, study_windows, window_rows)


def last_day_zero(db: Connection) -> date | None:
    """Return the latest day zero of any event."""
    latest: date | None = db.execute(select(func.max(events.c.day_zero))).scalar_one()
    return latest


def first_needed(db: Connection) -> dict[str, date]:
    """Return, per ticker, the day of its earliest article."""
    query = (
        select(placements.c.ticker, func.min(articles.c.published_at))
        .join(articles, articles.c.article_id == placements.c.article_id)
        .group_by(placements.c.ticker)
    )
    return {ticker: published.date() for ticker, published in db.execute(query)}


def clear(db: Connection, since: datetime | None) -> list[str]:
    """Drop what is derived from articles published since an instant, or from all; returns those articles."""
    query = select(articles.c.article_id).where(articles.c.superseded_at.is_(None)).order_by(articles.c.article_id)
    if since is None:
        for table in DERIVED:
            db.execute(table.delete())
        return list(db.execute(query).scalars())
    ids = list(db.execute(query.where(articles.c.published_at >= since)).scalars())
    forget(db, ids)
    for part in chunks(ids):
        db.execute(story_articles.delete().where(story_articles.c.article_id.in_(part)))
    return ids


def listed_on(db: Connection, mic: str) -> list[str]:
    """Return the instruments of a market."""
    return list(db.execute(select(instruments.c.ticker).where(instruments.c.mic == mic)).scalars())


def event_days(db: Connection, tickers: Iterable[str]) -> dict[str, list[date]]:
    """Return the days zero of all events of instruments."""
    found: dict[str, list[date]] = {}
    for part in chunks(tickers):
        for ticker, day in db.execute(select(events.c.ticker, events.c.day_zero).where(events.c.ticker.in_(part))):
            found.setdefault(ticker, []).append(day)
    return found


def save_sessions(db: Connection, mic: str, benchmark: str | None, days: Sequence[date]) -> None:
    """Keep the sessions of a market's clock, so that a report needs no calendar."""
    key = {"mic": mic, "benchmark": benchmark or ""}
    known = set(sessions_of(db, mic, benchmark))
    delete(db, market_sessions, [{**key, "session": day} for day in sorted(known - set(days))])
    insert(db, market_sessions, [{**key, "session": day} for day in days if day not in known])


def sessions_of(db: Connection, mic: str, benchmark: str | None) -> list[date]:
    """Return the sessions of a market's clock when it was last scored, ascending."""
    this = (market_sessions.c.mic == mic, market_sessions.c.benchmark == (benchmark or ""))
    query = select(market_sessions.c.session).where(*this).order_by(market_sessions.c.session)
    return list(db.execute(query).scalars())


def save_session_moves(db: Connection, since: Mapping[str, date], rows: Sequence[Mapping[str, Any]]) -> None:
    """Replace the unusual sessions of instruments from a day on."""
    for ticker, day in since.items():
        gone = and_(session_moves.c.ticker == ticker, session_moves.c.session >= day)
        db.execute(session_moves.delete().where(gone))
    insert(db, session_moves, rows)
