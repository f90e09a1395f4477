"""Events with moves as a scoring would write them, for tests of what is said of them."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import update

from signals.store import Connection, assignments, moves
from signals.store.assignments import EventHours
from signals.store.tables import events
from signals.types import Move, Reason, RelevanceClass, Status, Unscored, event_id, intraday_event_id

NOW = datetime(2024, 7, 1, 3, 30, tzinfo=UTC)
NO_BENCHMARK = Unscored(Status.UNSCORED, Reason.NO_BENCHMARK, "")
OPEN = Unscored(Status.PENDING, Reason.WINDOW_OPEN, "")


def write_event(
    db: Connection,
    day: date,
    relevance_class: RelevanceClass = RelevanceClass.SUBJECT,
    ticker: str = "ACME",
    published_at: datetime | None = None,
    day_only: bool = False,
) -> str:
    """Write an event, and how much its best article is about it."""
    opens_at = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)
    key = event_id(ticker, day) if published_at is None else intraday_event_id(ticker, published_at)
    hours = EventHours(ticker, day, opens_at, opens_at + timedelta(hours=9), published_at)
    assignments.save_assignments(db, [], {key: hours}, [])
    classify(db, key, relevance_class, day_only)
    return key


def classify(db: Connection, key: str, relevance_class: RelevanceClass, day_only: bool = False) -> None:
    """Say of an event how much its best article is about it."""
    rows = update(events).where(events.c.event_id == key)
    db.execute(rows.values(relevance_class=relevance_class, day_only=day_only))


def write_move(
    db: Connection,
    key: str,
    day: date,
    p: float = 0.01,
    study: str = "market",
    window: str = "0..0",
    unscored: Unscored | None = None,
    base_at: datetime | None = None,
    exit_at: datetime | None = None,
) -> None:
    """Write a move of 6% whose window ends on a day."""
    scored = unscored is None
    move = Move(
        event_id=key, study=study, event_window=window, day_zero=day, unscored=unscored, ret=0.06,
        car=0.05 if scored else None, p_value=p if scored else None, p_raw=p if scored else None, benchmark="MKT",
        first_session=day, last_session=day, digest=f"{p}", base_at=base_at, exit_at=exit_at,
    )  # fmt: skip
    moves.save_moves(db, [move], 1, NOW)


def write_evidence(
    db: Connection, day: date, p: float, relevance_class: RelevanceClass = RelevanceClass.SUBJECT, ticker: str = "ACME"
) -> str:
    """Write an event with one scored move."""
    key = write_event(db, day, relevance_class, ticker)
    write_move(db, key, day, p)
    return key
