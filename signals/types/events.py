"""Events: what falls on an instrument's session or instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple


class Anchor(StrEnum):
    """Which rule chose day zero."""

    IN_SESSION = "in_session"
    PRE_OPEN = "pre_open"
    AFTER_CLOSE = "after_close"
    NON_SESSION = "non_session"
    DAY_ONLY = "day_only"


@dataclass(frozen=True, slots=True)
class DayZero:
    """The first session able to react to a publication instant, and how it was chosen.

    `opens_at` and `closes_at` are that session's hours; `sensitive` says that another plausible reading of the stamp
    gives another session.
    """

    session: date
    anchor: Anchor
    opens_at: datetime
    closes_at: datetime
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """What falls on an instrument's session, or on an instant of it, however many articles report it.

    Attributes
    ----------
    event_id
        ``GAZP@2015-01-21``, or ``GAZP@2015-01-21T13:10:00Z`` for an intraday event.
    day_zero, opens_at, closes_at
        The first session able to react, and its hours.
    articles_in_event, stories_in_event, relevant_stories
        How many articles and stories fall on it, and how many of the stories are about the instrument.
    day_only
        No stamp of its articles gives an hour.
    dirty
        Its articles changed since it was last scored.
    published_at
        The instant that an intraday event counts from; None for the event of a whole session.
    """

    event_id: str
    ticker: str
    day_zero: date
    opens_at: datetime
    closes_at: datetime
    articles_in_event: int
    stories_in_event: int
    relevant_stories: int
    day_only: bool
    dirty: bool
    published_at: datetime | None = None

    @property
    def intraday_instant(self) -> datetime:
        """The instant of an intraday event; raises ValueError for the event of a whole session."""
        if self.published_at is None:
            raise ValueError(f"{self.event_id} is the event of a whole session")
        return self.published_at


class EventIds(NamedTuple):
    """The events that an article falls on with an instrument: of a session, and of an instant for intraday studies."""

    event_id: str
    intraday_event_id: str | None

    def with_first_copy(self, first: EventIds) -> EventIds:
        """Return the events of the story's first copy, which has no instant if no study wanted one at that time."""
        instant = (first.intraday_event_id or self.intraday_event_id) if self.intraday_event_id else None
        return EventIds(first.event_id, instant)


def event_id(ticker: str, session: date) -> str:
    """Return the key of a session's event."""
    return f"{ticker}@{session.isoformat()}"


def intraday_event_id(ticker: str, published_at: datetime) -> str:
    """Return the key of an intraday event: an instrument and an instant, as in ``GAZP@2015-01-21T13:10:00Z``."""
    return f"{ticker}@{published_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
