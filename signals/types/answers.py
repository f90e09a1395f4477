"""Answers: what a reader asks of the store, as `signals.answers` gives it and `signals.reports` writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from signals.types.articles import StoredArticle
from signals.types.events import DayZero
from signals.types.labels import Verdict
from signals.types.moves import ErrorRate, KappaTerms
from signals.types.view_rows import EventRow, InstrumentRow, LinkRow, MentionRow, UnscoredRow, UnusualSession

# --- the report of a ticker -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Freshness:
    """When the newest article that names a ticker was published, and when the last run ended."""

    news_to: datetime | None
    last_run: datetime | None


@dataclass(frozen=True)
class RefusedTag:
    """A tag that was refused, its candidates if there are several, and in how many articles it stands."""

    tag: str
    reason: str
    alias: str
    articles: int
    article_id: str


@dataclass(frozen=True, slots=True)
class AverageTest:
    """A test of an average move; without a statistic `reason` says why."""

    test: str
    statistic: float | None
    p_value: float | None
    events: int
    reason: str


@dataclass(frozen=True, slots=True)
class Average:
    """What the events of a group have in common under a study and window. Returns are decimals.

    Attributes
    ----------
    group
        ``all``, ``source=NAME`` or ``tag=TAG``.
    ret, caar
        The mean return and the cumulative average abnormal return.
    aar, counts
        The average abnormal return of each session of the window, and the number of events behind it.
    default
        The name of the test to read first.
    """

    group: str
    study: str
    event_window: str
    events: int
    ret: float
    caar: float | None
    aar: tuple[float | None, ...]
    counts: tuple[int, ...]
    mean_correlation: float | None
    default: str
    tests: tuple[AverageTest, ...]

    @property
    def default_test(self) -> AverageTest:
        """The test to read first."""
        return next(test for test in self.tests if test.test == self.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventGroup:
    """Which scored events a group has; None does not count. `since` and `until` are days zero."""

    ticker: str | None = None
    source: str | None = None
    tag: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class GroupMean:
    """A group of a contrast: its events, and the means of their returns and abnormal returns."""

    group: EventGroup
    events: int
    ret: float | None
    caar: float | None


@dataclass(frozen=True, slots=True)
class ContrastTest:
    """The difference of two groups over clusters, as `signals.study.contrast` has it; without one `reason` says why."""

    difference: float | None
    low: float | None
    high: float | None
    statistic: float | None
    p_value: float | None
    detectable: float | None
    df: int
    clusters: tuple[int, int]
    paired: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two groups of events compared under one study and window.

    Attributes
    ----------
    period
        The calendar period that a cluster is: month, quarter or year.
    in_both
        Events that belong to both groups and are left out of both.
    car, standardised
        The difference of the mean abnormal returns, and of those in units of their standard deviations.
    """

    study: str
    event_window: str
    period: str
    first: GroupMean
    second: GroupMean
    in_both: int
    car: ContrastTest
    standardised: ContrastTest


@dataclass(frozen=True, slots=True)
class Report:
    """What `signals report` says of a ticker."""

    ticker: str
    instrument: InstrumentRow
    as_of: datetime
    freshness: Freshness
    averages: Sequence[Average]
    links: Sequence[LinkRow]
    unusual: Sequence[UnusualSession]
    unscored: Sequence[UnscoredRow]
    refused_tags: Sequence[RefusedTag]

    @property
    def base_rate(self) -> InstrumentRow | None:
        """The instrument with its base rate, None if it was not measured."""
        return self.instrument if self.instrument.measured_sessions is not None else None


@dataclass(frozen=True, slots=True)
class PricePoint:
    """A session on a chart: close, total return, and the benchmark's return."""

    session: date
    close: float | None
    ret: float | None
    benchmark_ret: float | None


@dataclass(frozen=True, slots=True)
class AveragePoint:
    """The cumulative average abnormal return at an offset, half of its 95% band, and the number of events."""

    mean: float | None
    half_band: float | None
    events: int


class Reliability(NamedTuple):
    """The moves of which a range of chance was said: the mean of what was said, what came out, and its error.

    `chance` is the share of the moves that the flat part of the p-values accounts for, `error` its standard error.
    """

    stated: float
    chance: float
    error: float
    events: int


@dataclass(frozen=True, slots=True)
class Chart:
    """What the charts of a report draw.

    Attributes
    ----------
    prices
        From about a year before the first link.
    offsets
        Sessions from day zero.
    paths
        By study and event the abnormal return at each offset.
    average
        By study and offset, counted from the last close before day zero.
    chance
        What was said of chance beside what came out, over all events of the store.
    """

    prices: Sequence[PricePoint]
    offsets: Sequence[int]
    paths: Mapping[str, Mapping[str, Sequence[float | None]]]
    average: Mapping[str, Sequence[AveragePoint]]
    chance: Sequence[Reliability] = ()


@dataclass(frozen=True, slots=True)
class LinkList:
    """Links across instruments, newest first; `zones` has the time zone of each instrument's market."""

    as_of: datetime
    links: Sequence[LinkRow]
    zones: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TickerSummary:
    """An instrument with how many events one study and window has, how many of them moved, and the strongest move."""

    instrument: InstrumentRow
    events: int
    moves: int
    strongest: float | None


@dataclass(frozen=True, slots=True)
class UnusualReport:
    """What `signals moves` lists; `base_rates` are the instruments that were measured."""

    as_of: datetime
    base_rates: Sequence[InstrumentRow]
    sessions: Sequence[UnusualSession]


# --- one link explained ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoryPlace:
    """An article's place in its story, how many copies it has, and which earlier one it is a copy of and why."""

    story_id: str
    rank: int
    copies: int
    copy_of: str | None
    because: str


@dataclass(frozen=True, slots=True)
class MentionExcerpt:
    """A mention with the text around it, and the figures of its name if it is an ordinary word that was scored."""

    mention: MentionRow
    excerpt: str
    score: str = ""


@dataclass(frozen=True, slots=True)
class ZoneReading:
    """The session that a reading of a stamp in a zone gives; None where the calendar has none."""

    zone: str
    published_at: datetime
    day: DayZero | None


@dataclass(frozen=True)
class BarRow:
    """A bar as stored; `start` is a date, or a naive UTC instant for bars finer than a day."""

    start: str
    open: float | None
    high: float | None
    low: float | None
    close: float | None
    volume: float | None
    source: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class ActionOnDay:
    """A dividend per new share and new shares per old one, as they enter a return."""

    dividend: float
    split: float


@dataclass(frozen=True, slots=True)
class PathStep:
    """A session of a window, or the one before it: the bars, and what the model makes of them."""

    session: date
    bar: BarRow | None
    benchmark_bar: BarRow | None
    action: ActionOnDay | None
    benchmark_action: ActionOnDay | None
    ret: float | None
    benchmark_ret: float | None
    expected: float | None
    ar: float | None


@dataclass(frozen=True, slots=True)
class IntradayBar:
    """A bar of an intraday window; `straddles` says that publication lies in it."""

    bar: BarRow
    straddles: bool


@dataclass(frozen=True, slots=True)
class IntradayPath:
    """The bars that an intraday window lies between, and how active its session had been.

    `bars` and `benchmark_bars` are the first and last bar of the window and the one that publication lies in;
    `between` is how many other bars there are.
    """

    published_at: datetime
    base_at: datetime
    entry_at: datetime | None
    exit_at: datetime
    bars: Sequence[IntradayBar]
    between: int
    benchmark_bars: Sequence[IntradayBar]
    activity: float


@dataclass(frozen=True, slots=True)
class LinkExplanation:
    """A link, derived again from the facts.

    Attributes
    ----------
    rules
        The verdict's rules up to the one that decides, each with its numbers in words.
    estimation
        The first and last session of the estimation window.
    kappa
        What kappa is made of.
    error_rate
        What the chance and the q-value are computed from.
    path, intraday
        The sessions of a window, or the bars of one by the clock.
    """

    link: LinkRow
    move: EventRow
    rules: Sequence[tuple[Verdict, str]]
    estimation: tuple[date, date] | None
    kappa: KappaTerms | None
    error_rate: ErrorRate | None
    path: Sequence[PathStep]
    intraday: IntradayPath | None


@dataclass(frozen=True, slots=True)
class TickerExplanation:
    """What ties an article to one instrument."""

    ticker: str
    relevance: str
    readings: Sequence[ZoneReading]
    links: Sequence[LinkExplanation]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything behind the links of an article."""

    article: StoredArticle
    story: StoryPlace
    mentions: Sequence[MentionExcerpt]
    tickers: Sequence[TickerExplanation]
