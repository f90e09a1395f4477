"""Rows of the views, the contract that reports, notebooks and BI tools read: a class per view, a field per column.

Flags are 0 or 1, as the database has them. `signals.store.views` has the expression and the meaning of each column.
The classes have no slots, because the store fills rows through their dict.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from signals.types.moves import MoveNumbers


@dataclass(frozen=True, kw_only=True)
class LinkRow(MoveNumbers):
    """A row of v_links: an article x instrument x study x window."""

    link_id: str
    ticker: str
    mic: str
    currency: str
    instrument_name: str
    article_id: str
    source: str
    publisher: str
    site: str
    authors: str
    title: str
    url: str
    published_at: datetime
    published_precision: str
    published_zone: str
    zone_basis: str
    seen_at: datetime
    withdrawn: str | None
    tradable: int
    tag: str
    tag_kind: str
    role: str
    relevance: float
    story_id: str
    story_rank: int
    event_id: str
    day_zero: date
    anchor: str
    day_zero_sensitive: int
    study: str
    model: str
    event_window: str
    interval: str
    articles_in_event: int
    stories_in_event: int
    confounded: int | None
    confounders: str | None
    contains_pre_publication_move: int
    status: str
    reason: str
    verdict: str
    decides: int
    run_id: int
    scored_at: datetime | None


@dataclass(frozen=True)
class ScoredLink:
    """What an average needs of a scored link; several articles of one event may share it."""

    ticker: str
    study: str
    event_window: str
    event_id: str
    day_zero: date
    source: str
    tag: str
    status: str
    ret: float | None
    base_at: datetime | None
    exit_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class EventRow(MoveNumbers):
    """A row of v_events: an event x study x window, the unit of inference."""

    event_id: str
    ticker: str
    mic: str
    day_zero: date
    study: str
    model: str
    event_window: str
    interval: str
    residual_sigma: float | None
    kappa: float | None
    noise: float | None
    first_session: date | None
    last_session: date | None
    price_source: str | None
    benchmark_source: str | None
    articles_in_event: int
    stories_in_event: int
    confounded: int
    confounders: str
    status: str
    reason: str
    reason_detail: str
    relevance_class: str
    verdict: str
    event_verdict: str
    decides: int
    digest: str
    run_id: int
    scored_at: datetime


@dataclass(frozen=True)
class UnscoredRow:
    """A row of v_unscored: an event x study x window that could not be scored, or not yet."""

    event_id: str
    ticker: str
    mic: str
    day_zero: date
    study: str
    event_window: str
    status: str
    reason: str
    reason_detail: str
    articles_in_event: int


@dataclass(frozen=True)
class StoryRow:
    """A story that falls on an event, by its first copy there; `copies` is how many there are."""

    event_id: str
    story_id: str
    story_rank: int
    article_id: str
    published_at: datetime
    published_precision: str
    published_zone: str
    source: str
    publisher: str
    title: str
    url: str
    role: str
    relevance: float
    copies: int = 1


@dataclass(frozen=True)
class UnusualSession:
    """A row of v_moves: an unusual session of an instrument, with the stories that fall on it or none."""

    ticker: str
    mic: str
    instrument_name: str
    session: date
    study: str
    ret: float | None
    benchmark_ret: float | None
    ar: float | None
    market_part: float | None
    peers_part: float | None
    own_part: float | None
    sigma: float | None
    z: float | None
    p_value: float
    p_method: str
    event_id: str | None
    articles: int
    stories: int
    explained: int
    news: tuple[StoryRow, ...] = field(default=())


@dataclass(frozen=True)
class MentionRow:
    """A row of v_mentions: a tag in an article, linked or refused."""

    article_id: str
    mention_no: int
    source: str
    published_at: datetime
    title: str
    tag: str
    tag_kind: str
    found_in: str
    span_start: int
    span_end: int
    occurrences: int
    ticker: str | None
    status: str
    reason: str
    alias: str
    role: str | None
    relevance: float | None


@dataclass(frozen=True)
class InstrumentRow:
    """A row of v_instruments: an instrument with its coverage and its base rate."""

    ticker: str
    name: str
    mic: str
    timezone: str
    currency: str
    kind: str
    benchmark: str | None
    first_bar: str | None
    last_bar: str | None
    articles: int
    links: int
    measured_sessions: int | None
    first_measured: date | None
    last_measured: date | None
    unusual_sessions: int
    unexplained_sessions: int
    typical_ret: float | None
    large_ret: float | None
    typical_ar: float | None
    large_ar: float | None


@dataclass(frozen=True)
class AverageRow:
    """A row of v_averages: what the events of a group have in common under a study and window."""

    ticker: str
    mic: str
    instrument_name: str
    event_group: str
    group_kind: str
    group_value: str
    study: str
    model: str
    event_window: str
    interval: str
    events: int
    ret: float
    caar: float | None
    mean_correlation: float | None
    test: str
    statistic: float | None
    p_value: float | None
    reason: str
    p_adjusted_bmp: float | None
    p_adjusted_rank: float | None
    p_rank: float | None


@dataclass(frozen=True)
class AverageTestRow:
    """A row of v_average_tests: a test of an average."""

    ticker: str
    event_group: str
    group_kind: str
    group_value: str
    study: str
    event_window: str
    test: str
    is_default: int
    statistic: float | None
    p_value: float | None
    events: int
    reason: str


@dataclass(frozen=True)
class AveragePathRow:
    """A row of v_average_paths: the average abnormal return of one session of a window."""

    ticker: str
    event_group: str
    group_kind: str
    group_value: str
    study: str
    event_window: str
    session_no: int
    aar: float | None
    events: int


@dataclass(frozen=True)
class RunRow:
    """A row of v_runs: a run of the stages."""

    run_id: int
    job: str
    slot: datetime
    attempt: int
    state: str
    started_at: datetime
    finished_at: datetime | None
    version: str
    articles: int
    refused: int
    bars: int
    moves: int
    links: int
    failures: int
    error: str | None
    gaps: int
    seconds: float | None


@dataclass(frozen=True)
class RunSumRow:
    """A row of v_run_sums: how a run changed the number of events, moves or links."""

    run_id: int
    job: str
    slot: datetime
    kind: str
    before: int
    added: int
    removed: int
    after: int
    agree: int


@dataclass(frozen=True)
class SourceRunRow:
    """A row of v_source_runs: what arrived from a source in a run, and what became of it."""

    run_id: int
    job: str
    slot: datetime
    room: str
    source: str
    arrived: int
    added: int
    changed: int
    same: int
    refused: int
    withdrawn: int
    unstored: int
    agree: int
    failed: int
    reason: str | None
    detail: str | None


@dataclass(frozen=True)
class StageRow:
    """A row of v_stages: a stage of a run."""

    run_id: int
    job: str
    slot: datetime
    stage: str
    started_at: datetime
    finished_at: datetime | None
    articles: int
    refused: int
    bars: int
    moves: int
    links: int
    failures: int


@dataclass(frozen=True)
class MarketDayRow:
    """A row of v_market_days: a day on which the bars of a market and its calendar or benchmark disagree."""

    mic: str
    benchmark: str | None
    day: date
    mark: str


@dataclass(frozen=True)
class PriceBreakRow:
    """A row of v_price_breaks: a jump of a price that is held back."""

    ticker: str
    source: str
    day: date
    kind: str
    ret: float
    split: float


@dataclass(frozen=True)
class SourceRow:
    """A row of v_sources: a news or price source with its state."""

    room: str
    source: str
    state: str
    items: int
    written: int
    failed: int
    reason: str | None
    detail: str | None
    last_run_at: datetime
    last_ok_at: datetime | None
    failed_since: datetime | None
