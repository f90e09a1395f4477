"""The dated rules of a market that its calendar does not hold."""

from datetime import date, time

from signals.sessions.overlay import Hours, OffDayTrading, Overlay, off_day_mask
from tests.sessions.examples import days

EARLY, LATE, SHORT = Hours(time(10), time(18)), Hours(time(7), time(23)), Hours(time(10), time(13))
RULES = Overlay(
    closures=((date(2024, 3, 4), date(2024, 3, 6)),),
    added_sessions=(),
    regimes=((date(2024, 2, 1), EARLY), (date(2024, 4, 1), LATE)),
    single_days={date(2024, 4, 2): SHORT},
    off_days=OffDayTrading(
        since=date(2024, 5, 1), opens=time(10), holidays=frozenset({date(2024, 5, 9)}),
        excluded=frozenset({date(2024, 5, 12)}),
    ),
)  # fmt: skip


def test_a_closure_includes_both_of_its_ends() -> None:
    closed = [day for day in range(1, 9) if RULES.is_closed(date(2024, 3, day))]
    assert closed == [4, 5, 6]


def test_hours_are_those_of_the_last_regime_that_has_begun_or_of_the_single_day() -> None:
    assert RULES.hours_on(date(2024, 1, 31)) is None
    assert RULES.hours_on(date(2024, 2, 1)) == RULES.hours_on(date(2024, 3, 31)) == EARLY
    assert RULES.hours_on(date(2024, 4, 1)) == LATE
    assert RULES.hours_on(date(2024, 4, 2)) == SHORT


def test_off_days_are_weekends_and_listed_holidays_since_a_day_but_not_the_excluded_ones() -> None:
    dates = days("2024-04-28", "2024-05-04", "2024-05-07", "2024-05-09", "2024-05-12")
    assert off_day_mask(dates, RULES).tolist() == [False, True, False, True, False]
    assert off_day_mask(dates, None).tolist() == [False] * 5
    assert off_day_mask(dates[:0], RULES).tolist() == []


def test_a_trading_day_begins_on_the_first_off_day_since_the_session_before() -> None:
    assert RULES.begins_on(date(2024, 5, 3), date(2024, 5, 6)) == date(2024, 5, 4)
    assert RULES.begins_on(date(2024, 5, 10), date(2024, 5, 13)) == date(2024, 5, 11)
    assert RULES.begins_on(date(2024, 5, 6), date(2024, 5, 7)) == date(2024, 5, 7)
