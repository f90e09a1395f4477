"""One core for all moves: events under one study and window -> scored, or the reason why not. Reads only.

Windows of whole sessions (`daily`) and windows by the clock (`intraday`) differ in how events are aligned with prices.
The decision whether an event is scored, its numbers and the resulting `Move` are made here for both.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from signals.study.confounding import Confounder, summary
from signals.study.leastsquares import Bools
from signals.study.score import Scores
from signals.types import (
    Event,
    Floats,
    Instrument,
    IntradayStudy,
    IntradayWindow,
    Ints,
    Move,
    Reason,
    ReturnModel,
    Status,
    Study,
    Times,
    Unscored,
    Window,
)

BARS_ARRIVE = timedelta(days=10)  # for how long after a window's end its bars may still come


class MissingBars(NamedTuple):
    """Bars that a window lacks: the reason, and the sentences while they may still arrive and afterwards."""

    reason: Reason
    awaited: str
    missing: str


@dataclass(frozen=True, slots=True)
class AcrossHalt:
    """What a window that holds a halt moved, which is not scored; `measured` says whether the returns are known."""

    detail: str
    measured: bool = False
    ret: float | None = None
    benchmark_ret: float | None = None


class PriceInstants(NamedTuple):
    """The instants of an intraday window's prices, and of the first one after publication to enter it at."""

    base_at: datetime | None = None
    entry_at: datetime | None = None
    exit_at: datetime | None = None


StudyType = TypeVar("StudyType", Study, IntradayStudy)
WindowType = TypeVar("WindowType", Window, IntradayWindow)


@dataclass(frozen=True, eq=False)
class WindowSlice(ABC, Generic[StudyType, WindowType]):
    """Some events under one study and window, aligned with prices and measured; `e` is the position of an event.

    `model` is the return model that is used; where it is not the study's, `model_note` names it and says why.
    """

    study: StudyType
    window: WindowType
    events: Sequence[Event]
    model: ReturnModel
    model_note: str | None

    @abstractmethod
    def scores(self, e: int) -> Scores | None:
        """Return what was measured of all events, or None if this one has no place among the prices."""

    @abstractmethod
    def instrument(self, e: int) -> Instrument:
        """Return the instrument of an event."""

    @abstractmethod
    def benchmark(self, e: int) -> Instrument | None:
        """Return the benchmark of an event's instrument."""

    @abstractmethod
    def currency_problem(self, e: int) -> str:
        """Return why a benchmark in another currency cannot be converted; empty if it is, or is in the same one."""

    @abstractmethod
    def day_only_detail(self) -> str:
        """Return the sentence for an event whose articles give no hour, where the window needs one."""

    @abstractmethod
    def misplaced(self, e: int) -> Unscored | None:
        """Return why the window has no place among the prices, if it has none."""

    @abstractmethod
    def ends_at(self, e: int) -> datetime | None:
        """Return when the window ends, None if that session is not known yet."""

    @abstractmethod
    def ends_text(self, e: int) -> str:
        """Return until when a running window is pending."""

    @abstractmethod
    def missing_bars(self, e: int) -> Iterator[MissingBars]:
        """Yield the bars that the window lacks."""

    @abstractmethod
    def sources(self, e: int) -> tuple[str | None, str | None]:
        """Return the sources of the instrument's and the benchmark's bars."""

    @abstractmethod
    def sessions(self, e: int) -> tuple[date | None, date | None]:
        """Return the first and last session of the window."""

    @abstractmethod
    def confounders(self, e: int) -> Iterator[Confounder]:
        """Yield what shares the window."""

    @abstractmethod
    def digest_terms(self, e: int, answer: Answer) -> tuple[object, ...]:
        """Return the values that the numbers of an event depend on, beside the arrays."""

    @abstractmethod
    def digest_arrays(self, e: int) -> Iterator[Floats]:
        """Yield the arrays that the numbers of an event depend on."""

    def price_break(self, e: int) -> str:  # noqa: ARG002 - the daily slice answers by event
        """Return at which jump of a price, no move, the window is held back; empty if it holds none."""
        return ""

    def session_marks(self, e: int) -> str:  # noqa: ARG002 - the daily slice answers by event
        """Return which sessions of the window were not traded as usual."""
        return ""

    def across_halt(self, e: int) -> AcrossHalt | None:  # noqa: ARG002 - as above
        """Return what the window moved across a halt, None if it holds none."""
        return None

    def instants(self, e: int) -> PriceInstants:  # noqa: ARG002 - the intraday slice answers by event
        """Return the instants of the window's prices; None for whole sessions."""
        return PriceInstants()

    def p_method(self, method: str) -> str:
        """Return how a p-value of this slice was made."""
        return method


Slice = WindowSlice[Study, Window] | WindowSlice[IntradayStudy, IntradayWindow]


class Answer(NamedTuple):
    """The answer for one event: why it is not scored, what it moved across a halt, and its session marks."""

    unscored: Unscored | None
    halt: AcrossHalt | None
    marks: str

    @property
    def terms(self) -> tuple[str, Reason | str, str]:
        """Status, reason and detail, as a digest takes them."""
        if self.unscored is None:
            return Status.SCORED.value, "", ""
        return self.unscored.status.value, self.unscored.reason, self.unscored.detail


def columns_of(sessions: Times, events: Sequence[Event]) -> Ints:
    """Return the position of each event's day zero among sessions, or -1."""
    days = np.array([e.day_zero for e in events], dtype="datetime64[D]")
    column = np.searchsorted(sessions, days).astype(np.int64)
    inside: Bools = column < len(sessions)
    inside[inside] = sessions[column[inside]] == days[inside]
    return np.where(inside, column, -1)


def moves_of(part: Slice, now: datetime) -> list[Move]:
    """Return a move per event: scored, or the reason why not."""
    return [_move(part, e, now) for e in range(len(part.events))]


# --- why an event is not scored: the first rule that yields decides -------------------------------------------------


def _no_benchmark(part: Slice, e: int, _now: datetime) -> Iterator[Unscored]:
    if part.study.needs_benchmark and part.benchmark(e) is None:
        detail = f"the study {part.study.name} needs one; {part.instrument(e).ticker} names none"
        yield Unscored(Status.UNSCORED, Reason.NO_BENCHMARK, detail)


def _currency(part: Slice, e: int, _now: datetime) -> Iterator[Unscored]:
    if part.model.needs_benchmark and (problem := part.currency_problem(e)):
        yield Unscored(Status.UNSCORED, Reason.CURRENCY, problem)


def _day_only(part: Slice, e: int, _now: datetime) -> Iterator[Unscored]:
    if part.events[e].day_only and part.window.needs_hour:
        yield Unscored(Status.UNSCORED, Reason.DAY_ONLY, part.day_only_detail())


def _misplaced(part: Slice, e: int, _now: datetime) -> Iterator[Unscored]:
    problem = part.misplaced(e)
    if problem is not None:
        yield problem


def _running(part: Slice, e: int, now: datetime) -> Iterator[Unscored]:
    ends_at = part.ends_at(e)
    if ends_at is None or ends_at > now:
        yield Unscored(Status.PENDING, Reason.WINDOW_OPEN, part.ends_text(e))


def _price_break(part: Slice, e: int, _now: datetime) -> Iterator[Unscored]:
    if detail := part.price_break(e):
        yield Unscored(Status.UNSCORED, Reason.UNIT_BREAK, detail)


def _no_bars(part: Slice, e: int, now: datetime) -> Iterator[Unscored]:
    ends_at = part.ends_at(e)
    for gap in part.missing_bars(e):
        if ends_at is not None and now - ends_at <= BARS_ARRIVE:
            yield Unscored(Status.PENDING, Reason.AWAITING_BARS, gap.awaited)
        else:
            yield Unscored(Status.UNSCORED, gap.reason, gap.missing)


def _no_factor_bars(part: Slice, e: int, _now: datetime) -> Iterator[Unscored]:
    scores, factors = part.scores(e), part.study.factors
    if not factors or scores is None:
        return
    if not np.isfinite(scores.car[e]) and scores.n[e] >= part.study.min_observations:
        yield Unscored(Status.UNSCORED, Reason.FACTOR_BARS, f"{', '.join(factors)} lack returns in the window")


def _short_history(part: Slice, e: int, _now: datetime) -> Iterator[Unscored]:
    scores, least = part.scores(e), part.study.min_observations
    if scores is not None and scores.n[e] < least:
        detail = f"{scores.n[e]} valid sessions of the {least} that scoring wants"
        yield Unscored(Status.UNSCORED, Reason.SHORT_HISTORY, detail)


def _degenerate(part: Slice, e: int, _now: datetime) -> Iterator[Unscored]:
    scores = part.scores(e)
    if scores is None or not np.isfinite(scores.p_value[e]):
        detail = "the returns of the estimation window do not vary"
        yield Unscored(Status.UNSCORED, Reason.DEGENERATE, detail)


RULES = (
    _no_benchmark,
    _currency,
    _day_only,
    _misplaced,
    _running,
    _price_break,
    _no_bars,
    _no_factor_bars,
    _short_history,
    _degenerate,
)


def unscored(part: Slice, e: int, now: datetime) -> Unscored | None:
    """Return why an event is not scored, None if it is."""
    return next((problem for rule in RULES for problem in rule(part, e, now)), None)


# --- the move -------------------------------------------------------------------------------------------------------


def _move(part: Slice, e: int, now: datetime) -> Move:
    event, answer = part.events[e], _answer(part, e, now)
    price_source, benchmark_source = part.sources(e)
    first_session, last_session = part.sessions(e)
    confounded, confounders = summary(list(part.confounders(e)))
    return Move(
        event_id=event.event_id,
        study=part.study.name,
        event_window=str(part.window),
        day_zero=event.day_zero,
        unscored=answer.unscored,
        benchmark=part.instrument(e).benchmark if part.model.needs_benchmark else None,
        price_source=price_source,
        benchmark_source=benchmark_source,
        first_session=first_session,
        last_session=last_session,
        session_marks=answer.marks,
        confounded=confounded,
        confounders=confounders,
        model=part.model_note,
        digest=_digest(part.digest_terms(e, answer), part.digest_arrays(e)),
        **part.instants(e)._asdict(),
        **_numbers(part, e, answer),  # type: ignore[arg-type]  # names and types are those of the fields
    )


def _answer(part: Slice, e: int, now: datetime) -> Answer:
    problem = unscored(part, e, now)
    halt = part.across_halt(e) if problem is not None and problem.reason is Reason.NO_BARS else None
    if halt is not None:
        problem = Unscored(Status.UNSCORED, Reason.HALTED, halt.detail)
    return Answer(problem, halt, part.session_marks(e))


# Where `Scores` has another name for a field of `Move`.
_SCORED_AS = {"sigma": "volatility", "residual_sigma": "sigma", "n_estimation": "n"}
_MEASURED = [f.name for f in fields(Move) if _SCORED_AS.get(f.name, f.name) in {g.name for g in fields(Scores)}]
_FACTS = ("ret", "ret_gap", "ret_session", "benchmark_ret", "n_estimation")  # what is known of an unscored event too


def _numbers(part: Slice, e: int, answer: Answer) -> dict[str, float | int | str | None]:
    """Return the numbers of one event by the fields of `Move`; what was not measured, or not soundly, is None."""
    scores = part.scores(e)
    if scores is None:
        return {}
    names = _MEASURED if answer.unscored is None else _FACTS
    numbers = {name: _number(getattr(scores, _SCORED_AS.get(name, name))[e]) for name in names}
    if answer.unscored is None:
        numbers["p_method"] = part.p_method(str(numbers["p_method"]))
    if answer.halt is not None and answer.halt.measured:
        numbers |= {"ret": answer.halt.ret, "benchmark_ret": answer.halt.benchmark_ret}
    return numbers


def _number(value: float | np.int64 | str) -> float | int | str | None:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, np.integer):
        return int(value)
    return float(value) if np.isfinite(value) else None


def _digest(terms: tuple[object, ...], arrays: Iterable[Floats]) -> str:
    """Return the digest of everything that the numbers of an event depend on."""
    digest = hashlib.blake2b(repr(terms).encode(), digest_size=10)
    for values in arrays:
        digest.update(values.tobytes())
    return digest.hexdigest()
