"""What `signals status` and `signals doctor` list, section by section."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from signals.types.bars import PriceBreak
from signals.types.labels import DayMark
from signals.types.left_alone import LeftAlone
from signals.types.view_rows import RunRow, SourceRow


@dataclass(frozen=True)
class Totals:
    """How much the store holds."""

    articles: int
    instruments: int
    events: int
    links: int


@dataclass(frozen=True)
class SchedulerRow:
    """A scheduler that is running, and what it does next."""

    name: str
    started_at: datetime
    beat_at: datetime
    next_job: str | None
    next_at: datetime | None


@dataclass(frozen=True)
class ProgressRow:
    """Where a run is: its stage, what it does there since when, and how many of how many are done (0: not known)."""

    run_id: int
    stage: str
    doing: str
    done: int
    total: int
    since: datetime


@dataclass(frozen=True)
class EventCount:
    """How many events have a status and verdict in the study and window that they are counted by."""

    status: str
    verdict: str
    events: int


@dataclass(frozen=True)
class PendingCount:
    """How many events wait for a session to close, or for its bars."""

    last_session: date | None
    reason: str
    events: int
    example: str


@dataclass(frozen=True)
class UnscoredCount:
    """How many events could not be scored for a reason."""

    reason: str
    events: int
    example: str


@dataclass(frozen=True)
class UnassignedCount:
    """How many articles of an instrument wait for a session that is not yet known."""

    ticker: str
    articles: int
    published_at: datetime


@dataclass(frozen=True)
class RefusalCount:
    """How many items of a source were refused for a reason."""

    source: str
    reason: str
    items: int
    example: str
    detail: str


@dataclass(frozen=True)
class RefusedTagCount:
    """How many tags were refused for a reason."""

    reason: str
    tags: int
    different: int
    example: str


@dataclass(frozen=True)
class ArrivalCount:
    """What a run read from a news source, and what became of it; see `Arrivals`."""

    source: str
    items: int
    written: int
    changed: int = 0
    same: int = 0
    refused: int = 0
    withdrawn: int = 0
    unstored: int = 0


@dataclass(frozen=True)
class VerdictCount:
    """How many events of a verdict a run wrote links of, and of how many articles and instruments."""

    verdict: str
    articles: int
    tickers: int
    events: int


@dataclass(frozen=True)
class MovedEvent:
    """An event that a run called a move, under the study and window that it is counted by."""

    ticker: str
    day_zero: date
    study: str
    event_window: str
    ret: float
    car: float
    local_fdr: float
    q_value: float
    title: str
    articles: int


@dataclass(frozen=True)
class GapCount:
    """The sessions of an instrument, since its first bar, that have no bar."""

    ticker: str
    sessions: int
    session: date
    last_session: date


@dataclass(frozen=True)
class MarketDays:
    """The days of one market with the same mark, ascending."""

    mic: str
    benchmark: str | None
    mark: DayMark
    days: tuple[date, ...]


@dataclass(frozen=True)
class QuarantineCount:
    """How many bars of a source were rejected for a reason."""

    ticker: str
    source: str
    reason: str
    bars: int
    example: str
    detail: str


@dataclass(frozen=True)
class Disagreement:
    """The bars of an instrument whose closes two sources give differently, and by how much at most."""

    ticker: str
    source: str
    other: str
    interval: str
    starts: tuple[str, ...]
    largest: float


@dataclass(frozen=True)
class StatusReport:
    """Everything that `signals status` lists; `changes` are those of the configuration that wait for a rebuild."""

    totals: Totals
    schedulers: list[SchedulerRow]
    runs: list[RunRow]
    progress: ProgressRow | None  # of a run that has no end yet
    sources: list[SourceRow]
    left_alone: list[LeftAlone]
    events: list[EventCount]
    pending: list[PendingCount]
    unscored: list[UnscoredCount]
    unmatched: int
    unassigned: list[UnassignedCount]
    refusals: list[RefusalCount]
    refused_tags: list[RefusedTagCount]
    arrived: list[ArrivalCount]
    linked: list[VerdictCount]
    moved: list[MovedEvent]
    gaps: list[GapCount]
    market_days: list[MarketDays]
    price_breaks: list[PriceBreak]
    quarantine: list[QuarantineCount]
    disagreements: list[Disagreement]
    changes: list[str]
