"""Missing spans: which days a source is still to be asked for, and from which day on an instrument is needed."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from signals.pipeline.missing_spans import Closed, ClosedSessions, first_days, history_reach, last_closed, spans_to_ask
from signals.sessions import clock
from signals.store.bars import Series
from signals.types import Window
from tests.stores import ACME, HOURLY, MKT, STUDY, instrument, plan_of

SATURDAY = datetime(2024, 8, 17, 3, 30, tzinfo=UTC)
FRIDAY = Closed(date(2024, 8, 16), datetime(2024, 8, 16, 20, tzinfo=UTC))
FIRST = date(2023, 1, 2)


def asked(first: date, last: date, when: datetime) -> Series:
    return Series("SIM", "vendor", "1d", None, first, last, False, None, when)


# --- what is asked for ----------------------------------------------------------------------------------------------


def test_what_was_never_asked_is_asked_whole_up_to_the_last_closed_session() -> None:
    assert spans_to_ask(None, None, FIRST, FRIDAY, SATURDAY) == [(FIRST, date(2024, 8, 16))]


def test_what_begins_after_the_last_closed_session_is_not_asked() -> None:
    assert spans_to_ask(None, None, date(2024, 8, 17), FRIDAY, SATURDAY) == []


def test_older_history_is_asked_for_by_itself() -> None:
    before = asked(date(2024, 1, 1), date(2024, 8, 16), SATURDAY)
    assert spans_to_ask(before, FRIDAY.session, FIRST, FRIDAY, SATURDAY) == [(FIRST, date(2024, 1, 1))]


def test_a_session_that_closed_since_is_asked_for_with_the_week_before_the_last_asking() -> None:
    before = asked(FIRST, date(2024, 8, 14), FRIDAY.at - timedelta(days=2))
    assert spans_to_ask(before, date(2024, 8, 14), FIRST, FRIDAY, SATURDAY) == [(date(2024, 8, 7), date(2024, 8, 16))]


def test_a_series_that_was_stored_in_pence_is_asked_anew_whole() -> None:
    before = replace(asked(FIRST, FRIDAY.session, SATURDAY), currency="GBp")
    later = FIRST + timedelta(days=90)
    assert spans_to_ask(before, FRIDAY.session, later, FRIDAY, SATURDAY) == [(FIRST, FRIDAY.session)]


@pytest.mark.parametrize(
    ("since_close", "since_asked", "last_bar", "repeated"),
    [
        (timedelta(hours=5), timedelta(hours=1), date(2024, 8, 15), True),
        (timedelta(hours=5), timedelta(hours=1), None, True),
        (timedelta(hours=5), timedelta(minutes=59), date(2024, 8, 15), False),
        (timedelta(hours=25), timedelta(hours=20), date(2024, 8, 15), False),
        (timedelta(hours=5), timedelta(hours=1), date(2024, 8, 16), False),
    ],
)
def test_a_late_bar_is_asked_for_again_an_hour_later_and_within_a_day(
    since_close: timedelta, since_asked: timedelta, last_bar: date | None, repeated: bool
) -> None:
    now = FRIDAY.at + since_close
    before = asked(FIRST, FRIDAY.session, now - since_asked)
    spans = [(date(2024, 8, 9), date(2024, 8, 16))] if repeated else []
    assert spans_to_ask(before, last_bar, FIRST, FRIDAY, now) == spans


# --- the last closed session ----------------------------------------------------------------------------------------


def test_the_last_closed_session_of_a_weekend_is_friday_s() -> None:
    market = clock("XNYS", date(2024, 8, 1), date(2024, 8, 30))
    for now in (SATURDAY, SATURDAY + timedelta(days=1), SATURDAY + timedelta(days=2, hours=16)):
        assert last_closed(market, now) == FRIDAY


def test_a_session_has_closed_at_its_close_and_not_before() -> None:
    market = clock("XNYS", date(2024, 8, 1), date(2024, 8, 30))
    assert last_closed(market, FRIDAY.at).session == date(2024, 8, 16)
    assert last_closed(market, FRIDAY.at - timedelta(seconds=1)).session == date(2024, 8, 15)


def test_where_the_calendar_ends_yesterday_is_taken_for_a_session() -> None:
    market = clock("XNYS", date(2024, 8, 1), date(2024, 8, 9))
    assert last_closed(market, SATURDAY).session == date(2024, 8, 16)


def test_each_market_and_close_time_has_its_own_last_closed_session() -> None:
    now = datetime(2024, 8, 16, 15, 45, tzinfo=UTC)  # Amsterdam has closed at 15:30, New York is open
    plan = plan_of(close_times={"late": time(18, 0)})  # 16:00 in UTC
    closed = ClosedSessions(plan, now)
    new_york = instrument("SPX", mic="XNYS")
    assert closed.of(ACME, "local").session == date(2024, 8, 16)
    assert closed.of(ACME, "late").session == date(2024, 8, 15)
    assert closed.of(new_york, "local").session == date(2024, 8, 15)
    assert closed.of(MKT, "local") is closed.of(ACME, "local")


# --- the first day that is needed -----------------------------------------------------------------------------------


def test_the_history_reaches_before_the_widest_estimation_window_of_any_study() -> None:
    plan = plan_of(studies=(STUDY, replace(STUDY, estimation=100, gap=10, windows=(Window(0, 1), Window(-5, -1)))))
    assert history_reach(plan) == timedelta(days=int(115 * 1.5) + 15)
    longer = plan_of(studies=(STUDY,), intraday=(replace(HOURLY, estimation=200),))
    assert history_reach(longer) == timedelta(days=303 + 15)
    assert history_reach(plan_of(studies=(), intraday=())) == timedelta(days=390 + 15)


def test_an_instrument_is_needed_from_the_day_that_names_it_and_so_is_what_it_is_measured_against() -> None:
    bolt, day, today = instrument("BOLT"), date(2024, 5, 2), date(2024, 8, 16)
    plan = plan_of(ACME, MKT, bolt)
    reach = history_reach(plan)
    assert first_days(plan, {"ACME": day}, today) == {"ACME": day - reach, "MKT": day - reach, "BOLT": today - reach}


def test_news_of_the_future_needs_no_later_day_than_today() -> None:
    plan, today = plan_of(instrument("BOLT")), date(2024, 8, 16)
    assert first_days(plan, {"BOLT": date(2025, 1, 1)}, today)["BOLT"] == today - history_reach(plan)
