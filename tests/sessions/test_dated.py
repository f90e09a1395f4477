"""Hours by date: the rows that are shipped, and those of a configuration, over a calendar or without one."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from signals.errors import ConfigError
from signals.sessions import Clock, Evidence, clock, zone_of
from signals.sessions.hours import DATED, shipped_rows
from signals.sessions.markets import MARKETS
from signals.types import Anchor, DatedHours, MarketRules
from tests.sessions.examples import anchored, days

MAY = date(2024, 5, 1), date(2024, 5, 31)


def usual(opens: time, closes: time) -> DatedHours:
    return DatedHours("hours", date.min, date.max, (), opens, closes)


def hours(of: Clock, day: str) -> str:
    """Return the hours of a session by the market's clock: opens, closes and, if there is one, the break."""
    at = of.index_of(date.fromisoformat(day))
    if at is None:
        return "none"
    columns = (of.opens, of.closes, of.break_starts, of.break_ends)
    instants = [column[at].item() for column in columns if not np.isnat(column[at])]
    return " ".join(f"{t.replace(tzinfo=UTC).astimezone(ZoneInfo(of.zone)):%H:%M}" for t in instants)


# --- what is shipped ------------------------------------------------------------------------------------------------

FILES = sorted(path.stem for path in DATED.glob("*.csv"))


@pytest.mark.parametrize("calendar", FILES)
def test_every_shipped_row_names_its_source_and_its_file_a_calendar(calendar: str) -> None:
    assert calendar in {market.calendar for market in MARKETS.values()}
    assert shipped_rows(calendar)
    assert all(row.source for row in shipped_rows(calendar))


@pytest.mark.parametrize(
    ("mic", "day", "expected"),
    [
        ("XTKS", "2024-11-01", "09:00 15:00 11:30 12:30"),
        ("XTKS", "2024-11-05", "09:00 15:30 11:30 12:30"),
        ("XTKS", "2011-11-18", "09:00 15:00 11:00 12:30"),
        ("XHKG", "2024-06-11", "09:30 16:10 12:00 13:00"),
        ("XHKG", "2011-03-04", "10:00 16:00 12:30 14:30"),
        ("XHKG", "2023-10-09", "14:00 16:10"),  # no break: trading began after it
        ("XIDX", "2024-06-06", "09:00 16:00 12:00 13:30"),
        ("XIDX", "2024-06-07", "09:00 16:00 11:30 14:00"),  # a Friday
        ("XIDX", "2022-06-03", "09:00 15:00 11:30 13:30"),  # pandemic
        ("XBKK", "2024-03-22", "10:00 16:40 12:30 14:30"),
        ("XBKK", "2024-03-25", "10:00 16:40 12:30 14:00"),
        ("XSES", "2024-12-24", "09:00 12:06"),
        ("XNSE", "2024-03-02", "09:15 12:30 10:00 11:30"),
        ("XKRX", "2024-11-14", "10:00 16:30"),
        ("BVMF", "2024-03-08", "10:00 18:00"),
        ("BVMF", "2024-03-11", "10:00 17:00"),
        ("BVMF", "2024-02-14", "13:00 18:00"),  # Ash Wednesday keeps its late open
    ],
)
def test_hours_are_those_of_the_date(mic: str, day: str, expected: str) -> None:
    when = date.fromisoformat(day)
    assert hours(clock(mic, when, when), day) == expected


# --- what a configuration says --------------------------------------------------------------------------------------


def test_rows_close_add_and_change_sessions_of_a_calendar() -> None:
    rules = MarketRules("XNYS", dated=(
        DatedHours("closed", date(2024, 5, 6), date(2024, 5, 7)),
        DatedHours("session", date(2024, 5, 11), date(2024, 5, 11), (), time(10), time(12)),
        DatedHours("session", date(2024, 5, 18), date(2024, 5, 18)),
        DatedHours("hours", date(2024, 5, 20), date(2024, 5, 24), (4,), None, time(15)),
    ))  # fmt: skip
    market = clock("XNYS", *MAY, rules=rules)
    assert [hours(market, f"2024-05-{day:02}") for day in (6, 7, 11, 18, 23, 24)] == [
        "none", "none", "10:00 12:00", "09:30 16:00", "09:30 16:00", "09:30 15:00",
    ]  # fmt: skip


def test_a_span_leaves_half_days_as_they_are_and_a_single_day_does_not() -> None:
    summer = DatedHours("hours", date(2024, 7, 1), date(2024, 7, 31), (), None, time(17))
    day = DatedHours("hours", date(2024, 7, 3), date(2024, 7, 3), (), None, time(17))
    july = date(2024, 7, 1), date(2024, 7, 31)
    assert hours(clock("XNYS", *july, rules=MarketRules("XNYS", dated=(summer,))), "2024-07-03") == "09:30 13:00"
    assert hours(clock("XNYS", *july, rules=MarketRules("XNYS", dated=(summer, day))), "2024-07-03") == "09:30 17:00"


def test_a_later_row_comes_before_an_earlier_one_and_both_before_what_is_shipped() -> None:
    rows = tuple(DatedHours("hours", date(2024, 5, 1), date(2024, 5, 31), (), None, time(h)) for h in (15, 16))
    assert hours(clock("BVMF", *MAY, rules=MarketRules("BVMF", dated=rows)), "2024-05-02") == "10:00 16:00"


def test_a_market_without_a_calendar_has_its_days_of_the_week_and_hours() -> None:
    holiday = DatedHours("closed", date(2024, 5, 1), date(2024, 5, 1))
    rules = MarketRules("XNAI", "", "Africa/Nairobi", (0, 1, 2, 3, 4), usual(time(9, 30), time(15)), (holiday,))
    market = clock("XNAI", *MAY, rules=rules)
    assert zone_of("XNAI", rules) == market.zone == "Africa/Nairobi"
    assert str(market.sessions[0]) == "2024-05-02"
    assert hours(market, "2024-05-31") == "09:30 15:00"
    assert anchored(market, "2024-05-03 15:00") == ("2024-05-06", Anchor.AFTER_CLOSE)


def test_a_market_may_have_every_session_in_its_file() -> None:
    listed_in_full = tuple(
        DatedHours("session", date(2024, 5, day), date(2024, 5, day), (), time(11), time(13)) for day in (7, 21)
    )
    market = clock("XAUC", *MAY, rules=MarketRules("XAUC", zone="Europe/Paris", dated=listed_in_full))
    assert market.sessions.tolist() == [date(2024, 5, 7), date(2024, 5, 21)]
    assert anchored(market, "2024-05-10 09:00") == ("2024-05-21", Anchor.NON_SESSION)


def test_a_market_may_share_another_one_s_calendar_with_hours_of_its_own() -> None:
    late = clock("XLAT", *MAY, rules=MarketRules("XLAT", "XETR", usual=usual(time(8), time(22))))
    assert late.sessions.tolist() == clock("XETR", *MAY).sessions.tolist()
    assert hours(late, "2024-05-02") == "08:00 22:00"


def test_an_open_that_is_not_before_the_close_is_on_the_day_before() -> None:
    market = clock("XDAY", *MAY, rules=MarketRules("XDAY", "", "UTC", (0, 1, 2, 3, 4), usual(time(22), time(21))))
    assert market.opens[1].item().replace(tzinfo=UTC) == datetime(2024, 5, 1, 22, tzinfo=UTC)
    assert anchored(market, "2024-05-05 23:00") == ("2024-05-06", Anchor.IN_SESSION)


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        (MarketRules("XNAI"), r"markets\.XNAI: no calendar serves this market; give its zone, and either weekdays"),
        (MarketRules("XNAI", zone="UTC", weekdays=(0,)), r"markets\.XNAI: no calendar serves this market"),
        (MarketRules("XNAI", "XNAY"), r"markets\.XNAI\.calendar: 'XNAY' is no calendar"),
    ],
)
def test_a_market_that_is_half_described_is_refused(rules: MarketRules, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        clock("XNAI", *MAY, rules=rules)


# --- around the clock -----------------------------------------------------------------------------------------------


def test_bars_of_weekdays_only_take_no_day_from_crypto() -> None:
    market = clock("24X7", *MAY, evidence=Evidence.of_sessions(days("2024-05-01", "2024-05-31")))
    assert len(market.sessions) == 31
    assert market.removed.tolist() == []
    assert str(market.observed_to) == "2024-05-31"


def test_bars_of_a_sunday_make_no_session_of_fx_and_a_weekday_without_one_is_none() -> None:
    weekdays = clock("24X5", *MAY).sessions
    market = clock("24X5", *MAY, evidence=Evidence.of_sessions(np.append(weekdays[1:], days("2024-05-05"))))
    assert market.added.tolist() == []
    market = clock("24X5", *MAY, evidence=Evidence.of_sessions(np.delete(weekdays, 3)))
    assert market.removed.tolist() == [weekdays[3].item()]


def test_a_source_may_set_the_close_of_crypto_at_another_hour() -> None:
    market = clock("24X7", *MAY, close_time=time(16))
    assert anchored(market, "2024-05-04 16:00") == ("2024-05-05", Anchor.AFTER_CLOSE)
