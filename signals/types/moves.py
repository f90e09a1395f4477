"""Moves: what was measured of an event under a study and window, and what ties an article to it.

The fields of `MoveNumbers` are the one definition of a move's columns: the table `moves`, what is written into it, the
views, the kinds of their columns and the data dictionary follow from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from signals.types.articles import Precision, RelevanceClass, Role
from signals.types.events import Anchor
from signals.types.labels import Reason, Status, Verdict


def column(meaning: str, *, later: bool = False) -> Any:  # type: ignore[explicit-any]  # of any field
    """Return the default of a field that is a column: None, with its meaning for the dictionary of the views.

    `later` marks a column that a later step of the derivation writes, when other events are known.
    """
    return field(default=None, metadata={"meaning": meaning, "later": later})


@dataclass(frozen=True, kw_only=True)
class MoveNumbers:
    """The numbers of a move, each None where it could not be measured. Returns are decimals."""

    ret: float | None = column("total return of the instrument over the window")
    session_marks: str | None = column(
        "sessions of the window that were halted, had no volume or one price, or resumed with the return since when"
    )
    ret_gap: float | None = column("previous close to the open of day zero")
    ret_session: float | None = column("open to close of day zero")
    benchmark: str | None = column("ticker of the benchmark of the return model; null where it has none")
    benchmark_ret: float | None = column("total return of the benchmark over the window")
    car: float | None = column("cumulative abnormal return over the window")
    bhar: float | None = column("buy-and-hold abnormal return over the window")
    car_shrunk: float | None = column("car shrunk towards zero by the study's own signal-to-noise ratio", later=True)
    sigma: float | None = column("standard deviation of a one-session abnormal return as expected before the window")
    t_stat: float | None = column("legacy t: car over its forecast-error-corrected standard error")
    z: float | None = column("car / (sigma kappa): in units of its standard deviation as expected before the window")
    p_value: float | None = column("how often ordinary days show a move at least this unusual")
    p_method: str | None = column("how p_value was made")
    p_rank: float | None = column("rank p-value among the instrument's own estimation window")
    p_raw: float | None = column("how often ordinary days show a return at least this unusual, benchmark or not")
    local_fdr: float | None = column("how likely this move is chance", later=True)
    q_value: float | None = column("of all calls at this p_value or below, the share that is chance", later=True)
    q_basis: str | None = column("the earlier events that both were fitted on, and what was fitted", later=True)
    minimum_detectable: float | None = column("size of car that would be found with 80% power at 5%")
    reference_id: str | None = column("digest of the reference distribution behind p_value")
    alpha: float | None = column("intercept of the return model")
    beta: float | None = column("slope on the benchmark")
    n_estimation: int | None = column("jointly valid sessions in the estimation window")
    n_reference: int | None = column("size of the reference distribution")
    base_at: datetime | None = column(
        "when the price was struck that an intraday window begins with; null for whole sessions"
    )
    entry_at: datetime | None = column(
        "when the first price after publication was struck at which an intraday window can be entered"
    )
    exit_at: datetime | None = column("when the price was struck that an intraday window ends with")


class MoveKey(NamedTuple):
    """The key of a move."""

    event_id: str
    study: str
    event_window: str


@dataclass(frozen=True, slots=True)
class Unscored:
    """Why an event has no score, or none yet: a value, never an exception and never a silent gap."""

    status: Status
    reason: Reason
    detail: str


@dataclass(frozen=True, kw_only=True)
class Move(MoveNumbers):
    """An event under one study and window: its numbers, or why it has none.

    Attributes
    ----------
    residual_sigma, kappa, noise
        Residual standard deviation of the estimation window; standard deviation of the CAR in one-session units,
        estimation error included; standard deviation of the CAR of ordinary windows like this one.
    price_source, benchmark_source
        Where the bars come from.
    first_session, last_session
        The sessions of the window.
    confounders
        What shares the window, in words; `confounded` says whether the abnormal return still contains any of it.
    model
        The model in place of the study's, and why; None where it is the study's.
    digest
        Of everything that the numbers depend on: a move is written again only if it changes.
    """

    event_id: str
    study: str
    event_window: str
    day_zero: date
    unscored: Unscored | None
    residual_sigma: float | None = None
    kappa: float | None = None
    noise: float | None = None
    price_source: str | None = None
    benchmark_source: str | None = None
    first_session: date | None = None
    last_session: date | None = None
    confounded: bool = False
    confounders: str = ""
    model: str | None = None
    digest: str = ""

    @property
    def key(self) -> MoveKey:
        """The key of the move."""
        return MoveKey(self.event_id, self.study, self.event_window)

    @property
    def status(self) -> Status:
        """Whether it is scored."""
        return self.unscored.status if self.unscored else Status.SCORED


@dataclass(frozen=True, slots=True)
class LinkInputs:
    """What a link is made of: an article's tie to an event, and the event's move under a study and window."""

    article_id: str
    ticker: str
    anchor: Anchor
    event_id: str
    role: Role
    relevance: float
    story_rank: int
    published_at: datetime
    published_precision: Precision
    seen_at: datetime
    opens_at: datetime
    closes_at: datetime
    study: str
    event_window: str
    status: Status
    reason: str
    ret: float | None
    car: float | None
    benchmark: str | None
    p_raw: float | None
    q_value: float | None
    confounded: bool
    base_at: datetime | None
    entry_at: datetime | None
    exit_at: datetime | None


@dataclass(frozen=True, slots=True)
class Link:
    """An article tied to a move, and what the tie amounts to."""

    article_id: str
    ticker: str
    study: str
    event_window: str
    event_id: str
    status: Status
    reason: str
    verdict: Verdict
    tradable: bool
    contains_pre_publication_move: bool


class MoveState(NamedTuple):
    """A stored move, with what is decided of its event: what error rates and verdicts are computed from and kept in.

    `verdict` is that of the event under the study and window, `event_verdict` that of the study's deciding window, and
    `decides` marks the one row that decides for the event.
    """

    event_id: str
    study: str
    event_window: str
    day_zero: date
    day_only: bool
    relevance_class: RelevanceClass
    status: Status
    reason: str
    ret: float | None
    car: float | None
    benchmark: str | None
    p_value: float | None
    p_raw: float | None
    confounded: bool
    local_fdr: float | None
    q_value: float | None
    q_basis: str | None
    verdict: Verdict
    event_verdict: Verdict
    decides: bool


class SessionMove(NamedTuple):
    """An unusual session of an instrument, news or none. Returns are decimals.

    `peers_part` is the part of the abnormal return `ar` that goes with the peers; None if none are known.
    """

    ticker: str
    session: date
    study: str
    ret: float
    benchmark_ret: float | None
    ar: float
    sigma: float
    z: float
    p_value: float
    p_method: str
    peers_part: float | None = None


class ErrorRate(NamedTuple):
    """What the error rates of a study's events of some days are computed from; see `signals.study.error_rates`.

    `pi` is the share of events of the class with an effect, `a` and `c` the shape of their p-values, and `events` how
    many earlier events of the class they were fitted on.
    """

    study: str
    event_window: str
    first_day: date
    relevance_class: RelevanceClass
    pi: float
    a: float
    c: float
    events: int


class BaseRate(NamedTuple):
    """How much an instrument moves on ordinary days: see `signals.study.typical_moves`."""

    ticker: str
    study: str
    sessions: int
    first_session: date
    last_session: date
    typical_ret: float
    large_ret: float
    typical_ar: float
    large_ar: float


class FactorTerms(NamedTuple):
    """What one regressor adds to kappa: its mean and centred sum of squares in the estimation window, its event sum."""

    mean: float
    sum_of_squares: float
    event_sum: float


class KappaTerms(NamedTuple):
    """What kappa of one event is made of: the sessions of the window, and of the estimation window.

    `intercept` says whether one was estimated, which adds the error of the mean.
    """

    sessions: int
    n_estimation: int
    intercept: bool
    factor: FactorTerms | None
