"""Windows of whole sessions: events aligned with their market, and what a window says of its sessions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from signals.pipeline import Plan, RunContext
from signals.pipeline.derive.daily import align_events, daily_moves, utc
from signals.pipeline.derive.panels import Markets
from signals.store import Store
from signals.types import Event, Move, Window
from tests.pipeline.stores import (
    ACME,
    CLOSES,
    DAYS,
    MKT,
    NOW,
    OPENS,
    STUDY,
    bars_of,
    begin_run,
    by_day,
    event_on,
    instrument,
    plan_of,
    reasons,
    save,
    walk,
)

SHARE, INDEX = by_day(walk(1)), by_day(walk(2))
WINDOWS = (Window(0, 0), Window(0, 5), Window(-5, -1))
PLAN = plan_of(ACME, MKT, studies=(replace(STUDY, windows=WINDOWS),))


@pytest.fixture
def priced(store: Store) -> Store:
    with store.write() as db:
        begin_run(db)
        save(db, bars_of("ACME", SHARE))
        save(db, bars_of("MKT", INDEX))
    return store


def moves_of(store: Store, events: Sequence[Event], plan: Plan = PLAN, now: datetime = NOW) -> dict[str, Move]:
    """Return the moves of events by window; of several events by event and window."""
    run = RunContext(1, now)
    with store.read() as db:
        moves = daily_moves(db, Markets(db, plan, run), plan, run, events)
    return {move.event_window if len(events) == 1 else f"{move.event_id} {move.event_window}": move for move in moves}


def test_a_move_is_the_return_of_its_window_and_names_its_sessions(priced: Store) -> None:
    moves = moves_of(priced, [event_on(80)])
    closes = list(SHARE.values())
    for window in WINDOWS:
        move = moves[str(window)]
        assert move.ret == pytest.approx(closes[80 + window.last] / closes[80 + window.first - 1] - 1)
        assert (move.first_session, move.last_session) == (DAYS[80 + window.first], DAYS[80 + window.last])
        assert (move.price_source, move.benchmark_source, move.benchmark) == ("local", "local", "MKT")
        assert (move.base_at, move.model) == (None, None)


def test_each_event_has_a_move_for_every_window_in_every_market(priced: Store) -> None:
    bolt = instrument("BOLT")
    with priced.write() as db:
        save(db, bars_of("BOLT", SHARE))
    plan = replace(PLAN, instruments=(ACME, MKT, bolt))
    moves = moves_of(priced, [event_on(80), event_on(80, "BOLT")], plan)
    assert {key: str(move.status) for key, move in moves.items()} == {
        f"{ticker}@{DAYS[80]} {window}": status
        for ticker, status in (("ACME", "scored"), ("BOLT", "unscored"))
        for window in WINDOWS
    }


def test_events_are_aligned_by_market_with_their_rows_and_columns(priced: Store) -> None:
    bolt = instrument("BOLT")
    plan = replace(PLAN, instruments=(ACME, MKT, bolt))
    with priced.read() as db:
        one, other = align_events(
            Markets(db, plan, RunContext(1, NOW)), [event_on(80), event_on(81, "BOLT"), event_on(79)], plan.by_ticker()
        )
    by_first = {aligned.events[0].ticker: aligned for aligned in (one, other)}
    own = by_first["ACME"]
    assert [event.day_zero for event in own.events] == [DAYS[79], DAYS[80]]
    assert own.sessions[own.day_zero].tolist() == [DAYS[79], DAYS[80]]
    assert own.columns(1, Window(-5, -1)) == (75, 79)
    assert [series.ticker for series in own.series] == ["ACME", "ACME"]
    assert by_first["BOLT"].series[0].source is None


def test_a_window_that_is_still_running_is_pending_until_its_last_session(priced: Store) -> None:
    moves = moves_of(priced, [event_on(-3)], now=CLOSES[-1] + timedelta(minutes=1))
    assert reasons(moves.values()) == ["scored", "window_open", "scored"]
    problem = moves["0..5"].unscored
    assert problem is not None
    assert problem.detail.startswith("until 2024-07-0")
    assert problem.detail.endswith(" has closed")


def test_a_window_that_reaches_beyond_the_known_sessions_is_pending(priced: Store) -> None:
    plan = replace(PLAN, studies=(replace(STUDY, windows=(Window(0, 40),)),))
    (move,) = moves_of(priced, [event_on(-3)], plan).values()
    assert move.unscored is not None
    assert move.unscored.detail == "until a session not yet known has closed"
    assert (move.first_session, move.last_session) == (DAYS[-3], None)


def test_an_event_before_the_bars_says_when_they_begin_and_one_on_no_session_says_so(store: Store) -> None:
    with store.write() as db:
        begin_run(db)
        for ticker, closes in (("ACME", SHARE), ("MKT", INDEX)):
            save(db, bars_of(ticker, {day: close for day, close in closes.items() if day >= DAYS[50]}))
    sunday = DAYS[60] + timedelta(days=6 - DAYS[60].weekday())
    events = [event_on(10), replace(event_on(60), event_id="ACME@sunday", day_zero=sunday)]
    details = {move.unscored.detail for move in moves_of(store, events).values() if move.unscored is not None}
    assert details == {
        f"the bars of this market begin on {DAYS[50]}, after {DAYS[10]}",
        f"the bars of this market show no session on {sunday}",
    }


def test_up_to_three_sessions_without_a_return_are_named(priced: Store) -> None:
    with priced.write() as db:
        save(db, bars_of("BOLT", dict(list(SHARE.items())[:81])))
    bolt = instrument("BOLT", benchmark="MKT")
    plan = replace(PLAN, instruments=(ACME, MKT, bolt))
    moves = moves_of(priced, [event_on(80, "BOLT")], plan)
    problem = moves["0..5"].unscored
    assert problem is not None
    assert problem.detail == f"BOLT has no return on {DAYS[81]}, {DAYS[82]}, {DAYS[83]} ..."
    assert moves["0..0"].unscored is None


def test_the_gap_and_the_session_of_day_zero_come_from_its_open(priced: Store) -> None:
    closes = list(SHARE.values())
    opens = [closes[0], *(np.sqrt(np.array(closes[1:]) * np.array(closes[:-1]))).tolist()]
    with priced.write() as db:
        save(db, bars_of("ACME", SHARE, opens=opens, fetched_at=NOW + timedelta(hours=1)))
    move = moves_of(priced, [event_on(80)])["0..0"]
    assert move.ret_gap == pytest.approx(opens[80] / closes[79] - 1)
    assert move.ret_session == pytest.approx(closes[80] / opens[80] - 1)


def test_an_instant_of_numpy_becomes_an_aware_datetime() -> None:
    assert utc(np.datetime64(OPENS[0].replace(tzinfo=None), "s")) == OPENS[0]
