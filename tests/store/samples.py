"""Values to write into a store: each function takes what a test is about and fills in the rest."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import numpy as np

from signals.store import Connection, articles, assignments, bars, events, instruments, moves, run_log, stories
from signals.store.assignments import Assignment, EventHours
from signals.store.bars import Series
from signals.store.instruments import MirroredInstrument, StudyWindow
from signals.store.stories import StoryArticle
from signals.types import (
    Anchor,
    Article,
    Bars,
    EventIds,
    Link,
    Mention,
    Move,
    Precision,
    Quarantined,
    Reason,
    Role,
    SessionMove,
    SourceFailure,
    Stamp,
    Status,
    StoredArticle,
    TagKind,
    Unscored,
    Verdict,
    ZoneBasis,
    event_id,
)

NOW = datetime(2024, 3, 1, 3, 30, tzinfo=UTC)
DAY = date(2024, 2, 29)
LATER = NOW + timedelta(days=1)


def stamp(at: datetime = NOW, precision: Precision = Precision.MINUTE) -> Stamp:
    return Stamp(f"{at:%Y-%m-%d %H:%M}", at, at.replace(tzinfo=None), precision, "UTC", ZoneBasis.STATED)


def article(key: str = "1", title: str = "Gazprom builds", at: datetime = NOW, **more: object) -> Article:
    values: dict[str, object] = {"body": "It builds a pipe.", "seen_at": at, "digest": "a", **more}
    return Article(source="wire", key=key, title=title, stamp=stamp(at), **values)  # type: ignore[arg-type]  # by name


def mention(ticker: str | None = "GAZP", **more: object) -> Mention:
    values: dict[str, object] = {"role": Role.SUBJECT, "relevance": 0.9, **more}
    return Mention(ticker or "NG", TagKind.CASHTAG, "title", 0, 4, 1, ticker, "" if ticker else "unknown_tag", "GAZP",
                   **values)  # type: ignore[arg-type]  # fmt: skip  # by name


def closes(values: Mapping[str, float], fetched_at: datetime = NOW, **more: object) -> Bars:
    """Make bars that have a close and nothing else."""
    start = np.array(list(values), dtype="datetime64[s]")
    nothing, no_days = np.full(len(values), np.nan), np.array([], dtype="datetime64[D]")
    fields: dict[str, object] = {
        "symbol": "GAZP", "source": "local", "interval": "1d", "start": start, "open": nothing, "high": nothing,
        "low": nothing, "close": np.array(list(values.values()), float), "volume": nothing, "action_date": no_days,
        "dividend": np.array([]), "split": np.array([]), "fetched_at": fetched_at, **more,
    }  # fmt: skip
    return Bars(**fields)  # type: ignore[arg-type]  # by name


def series(ticker: str = "GAZP", source: str = "local", **more: object) -> Series:
    fields: dict[str, object] = {
        "ticker": ticker, "source": source, "interval": "1d", "version": None, "first_asked": date(2024, 1, 1),
        "last_asked": DAY, "split_adjusted": False, "currency": "RUB", "asked_at": NOW, **more,
    }  # fmt: skip
    return Series(**fields)  # type: ignore[arg-type]  # by name


def write_bars(
    db: Connection, values: Mapping[str, float], ticker: str = "GAZP", source: str = "local", run_id: int = 1
) -> None:
    """Write closes with the series that they belong to."""
    bars.save_series(db, series(ticker, source))
    bars.save_bars(db, ticker, closes(values, source=source), run_id)


def quarantined(start: str = "2024-02-28", reason: str = "non_positive") -> Quarantined:
    return Quarantined("GAZP", "local", start, reason, "the close is -1")


def move(event: str, window: str = "0..0", **more: object) -> Move:
    fields: dict[str, object] = {
        "event_id": event, "study": "market", "event_window": window, "day_zero": DAY, "unscored": None, "ret": 0.06,
        "car": 0.05, "p_value": 0.01, "p_method": "placebo", "noise": 0.01, "first_session": DAY, "last_session": DAY,
        "digest": "a", **more,
    }  # fmt: skip
    return Move(**fields)  # type: ignore[arg-type]  # by name


def pending(event: str) -> Move:
    unscored = Unscored(Status.PENDING, Reason.WINDOW_OPEN, "1 of 2 sessions")
    return move(event, "0..1", unscored=unscored, ret=None, car=None, p_value=None, p_method=None)


def link(of: StoredArticle, verdict: Verdict = Verdict.MOVE, window: str = "0..0", ticker: str = "GAZP") -> Link:
    status = Status.SCORED if verdict is not Verdict.NOT_SCORED else Status.PENDING
    return Link(of.article_id, ticker, "market", window, event_id(ticker, DAY), status, "", verdict, True, False)


def session_move(ticker: str, session: date) -> SessionMove:
    return SessionMove(ticker, session, "market", 0.06, 0.01, 0.05, 0.01, 5.0, 0.001, "placebo")


def failure(item: str = "feed.xml") -> SourceFailure:
    return SourceFailure("wire", item, "unavailable", "does not answer")


def assign(db: Connection, stored: Sequence[StoredArticle], ticker: str = "GAZP", day: date = DAY) -> str:
    """Derive what an event is made of, from mentions to an event assignment, for articles that are one story."""
    for rank, one in enumerate(stored, start=1):
        stories.save_story_rows(db, [
            StoryArticle(one.article_id, "h", "l", False, one.article.stamp.at, stored[0].article_id, rank)
        ])  # fmt: skip
    assignments.save_mentions(db, {(one.article_id, one.revision): [mention(ticker)] for one in stored})
    pairs = [(one.article_id, ticker) for one in stored]
    assignments.enqueue_pairs(db, dict.fromkeys(pairs, 0))
    event = event_id(ticker, day)
    rows = [Assignment(*pair, EventIds(event, None), Anchor.PRE_OPEN, False, True) for pair in pairs]
    opens_at = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)
    hours = EventHours(ticker, day, opens_at, opens_at + timedelta(hours=9))
    assignments.save_assignments(db, rows, {event: hours}, [])
    return event


def mirror(db: Connection, *tickers: str) -> None:
    """Write instruments of one market with a benchmark, and the windows of one study."""
    listings = [
        MirroredInstrument(ticker, ticker.title(), "MISX", "Europe/Moscow", "RUB", "equity", "IMOEX")
        for ticker in tickers
    ]
    windows = [StudyWindow("market", window, "market", 250, 10, 120, "1d") for window in ("0..0", "0..1")]
    instruments.mirror(db, listings, windows)


def judge(db: Connection, event: str, window: str, verdict: Verdict = Verdict.MOVE) -> None:
    """Let a window decide for its event, with a verdict."""
    states = [state._replace(event_verdict=verdict) for state in moves.move_states(db, [event])]
    moves.save_decided(db, [
        state._replace(local_fdr=0.2, q_value=0.1, verdict=verdict, decides=True)
        if state.event_window == window else state
        for state in states
    ])  # fmt: skip


def linked(db: Connection, *titles: str) -> list[StoredArticle]:
    """Write articles of one story, the event that they fall on with a scored move and one that waits, and the links."""
    run_id = run_log.begin(db, "nightly", NOW, NOW, "0")
    mirror(db, "GAZP")
    read = [article(str(n), title, NOW + timedelta(minutes=n)) for n, title in enumerate(titles)]
    stored = articles.save_articles(db, read, NOW)
    event = assign(db, stored)
    events.recount(db, [event], 0.25)
    moves.save_moves(db, [move(event), pending(event)], run_id, NOW)
    judge(db, event, "0..0")
    ties = [link(one) for one in stored] + [link(one, Verdict.NOT_SCORED, "0..1") for one in stored]
    moves.save_links(db, ties, run_id)
    run_log.finish(db, run_id, "done", run_log.RunStats(), NOW)
    return stored
