"""The clock of a market: its calendar against the bars, and the close of a source."""

import csv
from datetime import date, time
from pathlib import Path

import numpy as np
import pytest

from signals.errors import ConfigError
from signals.sessions import Evidence, clock, day_zero, utc_offsets
from signals.types import Anchor
from tests.sessions.examples import anchored, days, moscow_2015, stamp


def test_the_close_time_of_a_source_replaces_the_calendar_s() -> None:
    market = clock("MISX", date(2015, 1, 12), date(2015, 1, 30), close_time=time(23, 50))
    assert anchored(market, "2015-01-21 23:49") == ("2015-01-21", Anchor.IN_SESSION)
    assert anchored(market, "2015-01-21 23:50") == ("2015-01-22", Anchor.AFTER_CLOSE)


@pytest.mark.parametrize("mic", ["MISX", "XNAS", "XNYM", "XCBT", "XLON", "XTKS"])
def test_sessions_ascend_and_never_overlap(mic: str) -> None:
    market = clock(mic, date(2015, 1, 1), date(2015, 12, 31))
    assert len(market.sessions) > 230
    assert (market.opens < market.closes).all()
    assert (market.closes[:-1] <= market.opens[1:]).all()


def test_moscow_stayed_at_utc_plus_four_until_the_end_of_october_2014() -> None:
    market = clock("MISX", date(2014, 10, 20), date(2014, 10, 31))
    opened = {str(day): str(at) for day, at in zip(market.sessions, market.opens, strict=True)}
    assert opened["2014-10-24"] == "2014-10-24T06:00:00"
    assert opened["2014-10-27"] == "2014-10-27T07:00:00"


def test_between_their_first_and_last_bar_bars_decide() -> None:
    bars = days("2015-01-19", "2015-01-20", "2015-01-22", "2015-01-24", "2015-01-26")
    market = clock("MISX", date(2015, 1, 12), date(2015, 1, 30), Evidence.of_sessions(bars))
    assert market.removed.tolist() == [date(2015, 1, 21), date(2015, 1, 23)]
    assert market.added.tolist() == [date(2015, 1, 24)]
    assert [day.day for day in market.sessions.tolist()] == [12, 13, 14, 15, 16, 19, 20, 22, 24, 26, 27, 28, 29, 30]
    assert anchored(market, "2015-01-21 12:00") == ("2015-01-22", Anchor.NON_SESSION)
    assert anchored(market, "2015-01-24 12:00") == ("2015-01-24", Anchor.IN_SESSION)


def test_an_added_session_has_the_usual_local_hours_on_the_right_side_of_a_clock_change() -> None:
    market = clock(
        "XNYS",
        date(2016, 3, 1),
        date(2016, 3, 31),
        Evidence.of_sessions(days("2016-03-11", "2016-03-13", "2016-03-14")),
    )
    at = market.index_of(date(2016, 3, 13))
    assert at is not None
    assert str(market.opens[at]) == "2016-03-13T13:30:00"  # the clocks went forward that night
    assert market.index_of(date(2016, 3, 12)) is None


def test_a_calendar_that_ends_gives_a_shorter_clock_and_no_guess() -> None:
    market = clock("XHKG", date(2049, 12, 1), date(2050, 2, 1))
    assert market.sessions[-1] <= np.datetime64("2049-12-31")
    assert day_zero(market, stamp("2050-01-05 12:00", "Asia/Hong_Kong")) is None


def test_a_calendar_that_begins_late_gives_a_shorter_clock() -> None:
    market = clock("XTKS", date(1995, 1, 1), date(1997, 3, 1))
    assert market.first == date(1997, 1, 1)
    assert day_zero(market, stamp("1996-12-30 12:00", "Asia/Tokyo")) is None


def test_a_half_day_keeps_its_own_earlier_close() -> None:
    market = clock("XNYS", date(2015, 12, 1), date(2015, 12, 31), close_time=time(15, 45))
    closes = {str(day): str(at)[11:16] for day, at in zip(market.sessions, market.closes, strict=True)}
    assert (closes["2015-12-23"], closes["2015-12-24"]) == ("20:45", "18:00")


def test_a_close_before_the_open_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"close_time: 09:00:00 is before XNYS opens.*America/New_York"):
        clock("XNYS", date(2015, 12, 1), date(2015, 12, 31), close_time=time(9))


def test_moscow_s_calendar_with_its_overlay_lists_the_sessions_of_the_bars(shared_data: Path) -> None:
    with (shared_data / "moex" / "moex_IMOEX_full.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    bars = days(*("-".join(reversed(row[2].split("."))) for row in rows))
    market = clock("MISX", date(2013, 1, 1), date(2024, 12, 31), Evidence.of_sessions(bars))
    assert anchored(market, "2022-02-25 23:50")[0] == "2022-03-24"
    assert anchored(market, "2022-03-10 12:00") == ("2022-03-24", Anchor.NON_SESSION)
    assert anchored(market, "2024-04-27 12:00") == ("2024-04-27", Anchor.IN_SESSION)
    assert market.removed.tolist() == []
    assert sum(day.year in (2013, 2014, 2015) for day in market.sessions.tolist()) == 750


def test_without_bars_the_calendar_decides() -> None:
    market = moscow_2015()
    assert (market.observed_to, market.removed.tolist(), market.added.tolist()) == (None, [], [])


def test_bars_in_any_order_and_twice_give_the_same_clock() -> None:
    first, last = date(2015, 1, 12), date(2015, 1, 30)
    ordered = clock("MISX", first, last, Evidence.of_sessions(days("2015-01-19", "2015-01-20", "2015-01-22")))
    shuffled = clock(
        "MISX", first, last, Evidence.of_sessions(days("2015-01-22", "2015-01-19", "2015-01-20", "2015-01-19"))
    )
    assert shuffled.sessions.tolist() == ordered.sessions.tolist()
    assert ordered.observed_to == shuffled.observed_to == date(2015, 1, 22)


def test_each_session_s_date_is_bounded_by_local_midnights() -> None:
    market = clock("XNYS", date(2015, 3, 6), date(2015, 3, 9))  # the clocks go forward on the 8th
    assert market.begins.astype(str).tolist() == ["2015-03-06T05:00:00", "2015-03-09T04:00:00"]
    assert market.ends.astype(str).tolist() == ["2015-03-07T05:00:00", "2015-03-10T04:00:00"]


def test_a_clock_says_how_far_local_time_is_from_utc_at_each_open() -> None:
    market = clock("XNYS", date(2015, 3, 6), date(2015, 3, 9))
    assert utc_offsets(market).tolist() == [-5 * 3600, -4 * 3600]


def test_a_span_without_a_session_has_an_empty_clock() -> None:
    market = clock("MISX", date(2015, 1, 24), date(2015, 1, 25))
    assert (len(market.sessions), market.index_of(date(2015, 1, 24))) == (0, None)
    assert day_zero(market, stamp("2015-01-24 12:00", "Europe/Moscow")) is None
