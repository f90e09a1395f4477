"""The one core of moves: every reason for no score, in one order, for whole sessions and for windows by the clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from signals.pipeline import Plan, RunContext
from signals.pipeline.derive import slices
from signals.pipeline.derive.daily import daily_moves
from signals.pipeline.derive.intraday import intraday_moves
from signals.pipeline.derive.panels import Markets
from signals.pipeline.derive.slices import Answer, MissingBars, WindowSlice, columns_of, moves_of, unscored
from signals.store import Store
from signals.study.confounding import Confounder
from signals.study.score import Scores
from signals.types import (
    CONSTANT_MEAN,
    RAW,
    Event,
    Floats,
    Instrument,
    Move,
    Reason,
    ReturnModel,
    Status,
    Study,
    Unscored,
    Window,
)
from tests.stores import (
    ACME,
    CLOSES,
    DAYS,
    HOURLY,
    MKT,
    NOW,
    OPENS,
    STUDY,
    bars_of,
    begin_run,
    by_day,
    event_on,
    plan_of,
    reasons,
    save,
    save_both,
    starts,
    walk,
)

HALF_PAST = timedelta(minutes=150)  # after the open: the middle of a bar, with an hour and more to go
LATE = 80  # a session with a whole estimation window before it


@dataclass(frozen=True)
class Situation:
    """Prices, an event and a clock; what both kinds of windows make of it."""

    reason: str
    session: int = LATE
    own: Instrument = ACME
    benchmark: Instrument = MKT
    day_only: bool = False
    now: datetime = NOW
    own_days: Sequence[date] = tuple(DAYS)
    benchmark_days: Sequence[date] = tuple(DAYS)
    flat: bool = False


SITUATIONS = {
    "everything is as it should be": Situation("scored"),
    "the instrument names no benchmark": Situation("no_benchmark", own=replace(ACME, benchmark=None)),
    "no rate converts the benchmark": Situation("currency", benchmark=replace(MKT, currency="USD")),
    "the articles give a day and no hour": Situation("day_only", day_only=True),
    "the bars begin later": Situation("no_bars", session=5, own_days=DAYS[10:], benchmark_days=DAYS[10:]),
    "the window has not ended": Situation("window_open", session=-1, now=OPENS[-1] + HALF_PAST),
    "the bars may still arrive": Situation(
        "awaiting_bars", session=-1, now=CLOSES[-1] + timedelta(hours=2), own_days=DAYS[:-1], benchmark_days=DAYS[:-1]
    ),
    "the instrument's bars ended before": Situation("no_bars", own_days=DAYS[: LATE - 5]),
    "the benchmark's bars ended before": Situation("benchmark_bars", benchmark_days=DAYS[: LATE - 5]),
    "the history is short": Situation("short_history", session=15),
    "the returns do not vary": Situation("degenerate", flat=True),
}


@pytest.fixture(params=["daily", "intraday"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def moves_in(store: Store, kind: str, plan: Plan, events: Sequence[Event], now: datetime = NOW) -> list[Move]:
    with store.read() as db:
        run = RunContext(1, now)
        if kind == "daily":
            return daily_moves(db, Markets(db, plan, run), plan, run, events)
        return intraday_moves(db, plan, run, events)


def move_in(store: Store, kind: str, situation: Situation) -> Move:
    prices = dict.fromkeys(starts(), 100.0) if situation.flat else walk(1)
    with store.write() as db:
        begin_run(db)
        save_both(db, "ACME", prices, situation.own_days)
        save_both(db, "MKT", walk(2), situation.benchmark_days)
    at = None if kind == "daily" else HALF_PAST
    event = event_on(situation.session, at=at, day_only=situation.day_only)
    (move,) = moves_in(store, kind, plan_of(situation.own, situation.benchmark), [event], situation.now)
    return move


@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=SITUATIONS.keys())
def test_both_kinds_of_windows_give_one_reason_for_one_situation(store: Store, kind: str, situation: Situation) -> None:
    assert reasons([move_in(store, kind, situation)]) == [situation.reason]


def test_a_scored_move_has_numbers_and_an_unscored_one_only_facts(store: Store, kind: str) -> None:
    move = move_in(store, kind, SITUATIONS["everything is as it should be"])
    absent = {f.name for f in fields(Move) if getattr(move, f.name) is None and not f.metadata.get("later")}
    assert absent <= {"unscored", "model", "ret_gap", "ret_session", "base_at", "entry_at", "exit_at"}
    assert move.status is Status.SCORED
    early = move_in(store, kind, SITUATIONS["the history is short"])
    assert early.status is Status.UNSCORED
    assert (early.car, early.p_value, early.z, early.alpha) == (None, None, None, None)
    assert None not in (early.ret, early.benchmark_ret)
    assert early.n_estimation is not None
    assert early.n_estimation < STUDY.min_observations


def test_a_refusal_names_what_is_missing(store: Store, kind: str) -> None:
    move = move_in(store, kind, SITUATIONS["the benchmark's bars ended before"])
    assert move.unscored is not None
    assert move.unscored.detail.startswith("MKT has no ")


def test_the_digest_depends_on_what_the_window_uses_and_on_nothing_later(store: Store, kind: str) -> None:
    before = move_in(store, kind, SITUATIONS["everything is as it should be"])
    event = event_on(LATE, at=None if kind == "daily" else HALF_PAST)

    def digest_after(change: int, hours: int, plan: Plan) -> str:
        prices = {at: close * (1.01 if at.date() == DAYS[change] else 1.0) for at, close in walk(1).items()}
        with store.write() as db:
            save_both(db, "ACME", prices, fetched_at=NOW + timedelta(hours=hours))
        return moves_in(store, kind, plan, [event])[0].digest

    assert digest_after(LATE + 5, 1, plan_of()) == before.digest
    assert digest_after(LATE, 2, plan_of()) != before.digest
    gap = plan_of(studies=(replace(STUDY, gap=3),), intraday=(replace(HOURLY, gap=3),))
    assert digest_after(LATE + 5, 3, gap) != before.digest


def test_a_day_without_bars_between_others_is_a_halt_to_whole_sessions_only(store: Store, kind: str) -> None:
    move = move_in(store, kind, Situation("", own_days=[*DAYS[:LATE], *DAYS[LATE + 1 :]]))
    assert reasons([move]) == [{"daily": "halted", "intraday": "no_bars"}[kind]]


def test_a_factor_without_bars_is_a_reason_of_windows_of_whole_sessions(store: Store) -> None:
    oil = replace(MKT, ticker="OIL")
    with store.write() as db:
        for ticker, seed in (("ACME", 1), ("MKT", 2)):
            save_both(db, ticker, walk(seed))
        save(db, bars_of("OIL", {day: close for day, close in by_day(walk(3)).items() if day < DAYS[LATE]}))
    plan = plan_of(ACME, MKT, oil, studies=(replace(STUDY, factors=("OIL",)),))
    moves = moves_in(store, "daily", plan, [event_on(LATE - 1), event_on(LATE), event_on(10)])
    assert {move.day_zero: reason for move, reason in zip(moves, reasons(moves), strict=True)} == {
        DAYS[10]: "short_history",
        DAYS[LATE - 1]: "scored",
        DAYS[LATE]: "factor_bars",
    }
    assert HOURLY.factors == ()


# --- the order of the rules -----------------------------------------------------------------------------------------

NAMES = [
    "_no_benchmark",
    "_currency",
    "_day_only",
    "_misplaced",
    "_running",
    "_price_break",
    "_no_bars",
    "_no_factor_bars",
    "_short_history",
    "_degenerate",
]
REASONS = (
    Reason.NO_BENCHMARK,
    Reason.CURRENCY,
    Reason.DAY_ONLY,
    Reason.BEYOND_SESSION,
    Reason.WINDOW_OPEN,
    Reason.UNIT_BREAK,
    Reason.BENCHMARK_BARS,
    Reason.FACTOR_BARS,
    Reason.SHORT_HISTORY,
    Reason.DEGENERATE,
)


def scores_of(n: int) -> Scores:
    """Return scores of one event that has `n` sessions of history and no p-value."""
    values: dict[str, Any] = {f.name: np.array([np.nan]) for f in fields(Scores)}
    return Scores(**values | {"n": np.array([n]), "n_reference": np.array([0])})


@dataclass(frozen=True, eq=False)
class Wrong(WindowSlice[Study, Window]):
    """A slice of one event in which every rule from number `first` on applies."""

    first: int

    def scores(self, e: int) -> Scores | None:
        return scores_of(100 if self.first == 7 or self.first == 9 else 0)

    def instrument(self, e: int) -> Instrument:
        return ACME

    def benchmark(self, e: int) -> Instrument | None:
        return MKT if self.first > 0 else None

    def currency_problem(self, e: int) -> str:
        return "" if self.first > 1 else "in two currencies"

    def day_only_detail(self) -> str:
        return "a day"

    def misplaced(self, e: int) -> Unscored | None:
        return None if self.first > 3 else Unscored(Status.UNSCORED, Reason.BEYOND_SESSION, "no place")

    def ends_at(self, e: int) -> datetime | None:
        return CLOSES[LATE] if self.first > 4 else None

    def ends_text(self, e: int) -> str:
        return "later"

    def price_break(self, e: int) -> str:
        return "it halves" if self.first <= 5 else ""

    def missing_bars(self, e: int) -> Iterator[MissingBars]:
        if self.first <= 6:
            yield MissingBars(Reason.BENCHMARK_BARS, "awaited", "missing")

    def sources(self, e: int) -> tuple[str | None, str | None]:
        return None, None

    def sessions(self, e: int) -> tuple[date | None, date | None]:
        return None, None

    def confounders(self, e: int) -> Iterator[Confounder]:
        yield Confounder("a market-wide day", counts=True)

    def digest_terms(self, e: int, answer: Answer) -> tuple[object, ...]:
        return answer.terms

    def digest_arrays(self, e: int) -> Iterator[Floats]:
        yield np.array([float(self.first)])


def wrong(first: int) -> Wrong:
    study = replace(STUDY, factors=("OIL",) if first <= 7 else ())
    return Wrong(study, Window(0, 0), [event_on(LATE, day_only=first <= 2)], study.return_model, None, first)


def test_the_rules_stand_in_this_order() -> None:
    assert [rule.__name__ for rule in slices.RULES] == NAMES


@pytest.mark.parametrize("first", range(len(REASONS)), ids=[reason.value for reason in REASONS])
def test_of_several_rules_that_apply_the_first_decides(first: int) -> None:
    problem = unscored(wrong(first), 0, NOW)
    assert problem is not None
    assert problem.reason is REASONS[first]


def test_bars_are_awaited_for_ten_days_after_the_end_of_the_window() -> None:
    soon, late = (unscored(wrong(6), 0, CLOSES[LATE] + timedelta(days=days)) for days in (10, 11))
    assert soon == Unscored(Status.PENDING, Reason.AWAITING_BARS, "awaited")
    assert late == Unscored(Status.UNSCORED, Reason.BENCHMARK_BARS, "missing")


@pytest.mark.parametrize("model", [RAW, CONSTANT_MEAN])
def test_a_model_without_a_benchmark_asks_for_no_rate(model: ReturnModel) -> None:
    problem = unscored(replace(wrong(1), model=model), 0, NOW)
    assert problem is not None
    assert problem.reason is Reason.DAY_ONLY


def test_a_move_says_what_was_decided_and_what_shares_its_window() -> None:
    (move,) = moves_of(wrong(0), NOW)
    assert (move.status, move.unscored) == (Status.UNSCORED, unscored(wrong(0), 0, NOW))
    assert (move.confounded, move.confounders) == (True, "a market-wide day")
    assert (move.event_id, move.study, move.event_window) == (f"ACME@{DAYS[LATE]}", "market", "0..0")
    assert (move.base_at, move.session_marks, move.ret) == (None, "", None)
    assert move.digest == moves_of(wrong(0), NOW)[0].digest != moves_of(wrong(1), NOW)[0].digest


def test_the_terms_of_an_answer_are_status_reason_and_detail() -> None:
    assert Answer(None, None, "").terms == ("scored", "", "")
    problem = Unscored(Status.PENDING, Reason.WINDOW_OPEN, "until later")
    assert Answer(problem, None, "").terms == ("pending", Reason.WINDOW_OPEN, "until later")


def test_the_column_of_an_event_is_that_of_its_session_or_minus_one() -> None:
    sessions = np.array([DAYS[3], DAYS[5]], dtype="datetime64[D]")
    events = [event_on(n) for n in (2, 3, 4, 5, 6)]
    assert columns_of(sessions, events).tolist() == [-1, 0, -1, 1, -1]
    assert columns_of(sessions, []).tolist() == []
