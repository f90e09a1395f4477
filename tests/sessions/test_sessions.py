from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.errors import ConfigError
from signals.sessions import ANCHORS, Clock, clock, day_zero, day_zeros, known_mics, place, zone_of
from signals.types import Anchor, Ints, Precision, Stamp, Times, ZoneBasis

ZONES = ("UTC", "Europe/London", "America/New_York")


def stamp(wall: str, zone: str, basis: ZoneBasis = ZoneBasis.STATED, precision: Precision = Precision.MINUTE) -> Stamp:
    naive = datetime.fromisoformat(wall)
    return Stamp(wall, naive.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), naive, precision, zone, basis)


def days(*texts: str) -> Times:
    return np.array(texts, dtype="datetime64[D]")


def epochs(*instants: datetime) -> Ints:
    return np.array([int(instant.timestamp()) for instant in instants], dtype=np.int64)


def moscow_2015() -> Clock:
    return clock("MISX", date(2015, 1, 1), date(2015, 3, 31))


def anchored(market: Clock, wall: str) -> tuple[str, Anchor]:
    zero = day_zero(market, stamp(wall, market.zone))
    assert zero is not None
    return zero.session.isoformat(), zero.anchor


def test_an_unknown_market_is_refused_with_what_to_write_instead() -> None:
    with pytest.raises(ConfigError, match=r"XNYX.*did you mean XNYS\?.*ISO 10383.*MISX"):
        zone_of("XNYX")


def test_every_known_market_has_a_zone() -> None:
    assert zone_of("MISX") == "Europe/Moscow"
    assert all(ZoneInfo(zone_of(mic)) for mic in known_mics())


@pytest.mark.parametrize("mic", ["MISX", "XNAS", "XNYM", "XCBT", "XLON", "XTKS"])
def test_sessions_ascend_and_never_overlap(mic: str) -> None:
    market = clock(mic, date(2015, 1, 1), date(2015, 12, 31))
    assert len(market.sessions) > 230
    assert (market.opens < market.closes).all()
    assert (market.closes[:-1] <= market.opens[1:]).all()


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2015-01-21 09:59", ("2015-01-21", Anchor.PRE_OPEN)),
        ("2015-01-21 10:00", ("2015-01-21", Anchor.IN_SESSION)),
        ("2015-01-21 18:44", ("2015-01-21", Anchor.IN_SESSION)),
        ("2015-01-21 18:45", ("2015-01-22", Anchor.AFTER_CLOSE)),  # at the close itself it is too late
        ("2015-01-21 23:59", ("2015-01-22", Anchor.AFTER_CLOSE)),
        ("2015-01-22 00:00", ("2015-01-22", Anchor.PRE_OPEN)),
        ("2015-01-23 19:00", ("2015-01-26", Anchor.AFTER_CLOSE)),
        ("2015-01-24 12:00", ("2015-01-26", Anchor.NON_SESSION)),
        ("2015-02-23 12:00", ("2015-02-24", Anchor.NON_SESSION)),  # a holiday on a Monday
    ],
)
def test_the_first_session_that_closes_after_the_instant_is_day_zero(wall: str, expected: tuple[str, Anchor]) -> None:
    assert anchored(moscow_2015(), wall) == expected


def test_day_zero_carries_the_hours_of_its_session() -> None:
    zero = day_zero(moscow_2015(), stamp("2015-01-21 13:10", "Europe/London"))
    assert zero is not None
    assert zero.opens_at == datetime(2015, 1, 21, 7, tzinfo=UTC)
    assert zero.closes_at == datetime(2015, 1, 21, 15, 45, tzinfo=UTC)


def test_moscow_kept_utc_plus_four_until_the_end_of_october_2014() -> None:
    market = clock("MISX", date(2014, 10, 20), date(2014, 10, 31))
    opened = {str(day): str(at) for day, at in zip(market.sessions, market.opens, strict=True)}
    assert opened["2014-10-24"] == "2014-10-24T06:00:00"
    assert opened["2014-10-27"] == "2014-10-27T07:00:00"


def test_a_half_day_closes_early() -> None:
    market = clock("XNYS", date(2015, 12, 1), date(2015, 12, 31))
    assert anchored(market, "2015-12-24 12:59") == ("2015-12-24", Anchor.IN_SESSION)
    assert anchored(market, "2015-12-24 13:00") == ("2015-12-28", Anchor.AFTER_CLOSE)


def test_a_futures_session_opens_the_evening_before() -> None:
    market = clock("XNYM", date(2015, 1, 1), date(2015, 1, 31))
    assert anchored(market, "2015-01-18 19:00") == ("2015-01-19", Anchor.IN_SESSION)


# --- a stamp whose zone is not stated -------------------------------------------------------------------------------


def test_the_zone_of_the_example_page_decides_its_day_zero() -> None:
    london = day_zero(moscow_2015(), stamp("2015-01-21 13:10", "Europe/London", ZoneBasis.SOURCE), ZONES)
    new_york = day_zero(moscow_2015(), stamp("2015-01-21 13:10", "America/New_York", ZoneBasis.SOURCE), ZONES)
    assert london is not None
    assert new_york is not None
    assert (london.session, london.anchor, london.sensitive) == (date(2015, 1, 21), Anchor.IN_SESSION, True)
    assert (new_york.session, new_york.anchor, new_york.sensitive) == (date(2015, 1, 22), Anchor.AFTER_CLOSE, True)


@pytest.mark.parametrize(
    ("wall", "basis"), [("2015-01-21 13:10", ZoneBasis.STATED), ("2015-01-21 09:00", ZoneBasis.ASSUMED)]
)
def test_a_stated_zone_or_an_hour_that_reads_alike_everywhere_is_not_sensitive(wall: str, basis: ZoneBasis) -> None:
    zero = day_zero(moscow_2015(), stamp(wall, "Europe/London", basis), ZONES)
    assert zero is not None
    assert not zero.sensitive


def test_a_stamp_that_is_only_a_day_takes_the_session_on_or_after_it() -> None:
    stamps = [stamp(f"2015-01-{day}", "UTC", precision=Precision.DAY) for day in (23, 24)]
    zeros = day_zeros(moscow_2015(), stamps)
    assert [zero and (zero.session.day, zero.anchor, zero.sensitive) for zero in zeros] == [
        (23, Anchor.DAY_ONLY, True),
        (26, Anchor.DAY_ONLY, True),
    ]


@pytest.mark.parametrize("precision", [Precision.MINUTE, Precision.DAY])
@pytest.mark.parametrize("wall", ["2014-12-31 12:00", "2015-04-01 12:00"])
def test_outside_the_clock_there_is_no_day_zero(wall: str, precision: Precision) -> None:
    assert day_zero(moscow_2015(), stamp(wall, "Europe/Moscow", precision=precision)) is None


# --- bars against the calendar --------------------------------------------------------------------------------------


def test_between_its_first_and_last_bar_the_benchmark_decides() -> None:
    bars = days("2015-01-19", "2015-01-20", "2015-01-22", "2015-01-24", "2015-01-26")
    market = clock("MISX", date(2015, 1, 12), date(2015, 1, 30), bars)
    assert market.removed.tolist() == [date(2015, 1, 21), date(2015, 1, 23)]
    assert market.added.tolist() == [date(2015, 1, 24)]
    assert [day.day for day in market.sessions.tolist()] == [12, 13, 14, 15, 16, 19, 20, 22, 24, 26, 27, 28, 29, 30]
    assert anchored(market, "2015-01-21 12:00") == ("2015-01-22", Anchor.NON_SESSION)
    assert anchored(market, "2015-01-24 12:00") == ("2015-01-24", Anchor.IN_SESSION)


def test_an_added_session_has_the_usual_local_hours_on_the_right_side_of_a_clock_change() -> None:
    market = clock("XNYS", date(2016, 3, 1), date(2016, 3, 31), days("2016-03-11", "2016-03-13", "2016-03-14"))
    at = market.index_of(date(2016, 3, 13))
    assert at is not None
    assert str(market.opens[at]) == "2016-03-13T13:30:00"  # the clocks went forward that night
    assert market.index_of(date(2016, 3, 12)) is None


def test_a_calendar_that_ends_gives_a_shorter_clock_and_no_guess() -> None:
    market = clock("XHKG", date(2049, 12, 1), date(2050, 2, 1))
    assert market.sessions[-1] <= np.datetime64("2049-12-31")
    assert day_zero(market, stamp("2050-01-05 12:00", "Asia/Hong_Kong")) is None


def test_a_calendar_that_begins_late_knows_nothing_before() -> None:
    market = clock("XTKS", date(1995, 1, 1), date(1997, 3, 1))
    assert market.first == date(1997, 1, 1)
    assert day_zero(market, stamp("1996-12-30 12:00", "Asia/Tokyo")) is None


# --- when the close is struck ---------------------------------------------------------------------------------------


def test_the_time_at_which_a_source_strikes_its_close_replaces_the_calendars() -> None:
    market = clock("MISX", date(2015, 1, 12), date(2015, 1, 30), close_time=time(23, 50))
    assert anchored(market, "2015-01-21 23:49") == ("2015-01-21", Anchor.IN_SESSION)
    assert anchored(market, "2015-01-21 23:50") == ("2015-01-22", Anchor.AFTER_CLOSE)


def test_a_half_day_keeps_its_own_earlier_close() -> None:
    market = clock("XNYS", date(2015, 12, 1), date(2015, 12, 31), close_time=time(15, 45))
    closes = {str(day): str(at)[11:16] for day, at in zip(market.sessions, market.closes, strict=True)}
    assert (closes["2015-12-23"], closes["2015-12-24"]) == ("20:45", "18:00")


def test_a_close_before_the_open_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"close_time: 09:00:00 is before XNYS opens.*America/New_York"):
        clock("XNYS", date(2015, 12, 1), date(2015, 12, 31), close_time=time(9))


# --- invariants -----------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.lists(st.integers(0, 88 * 86_400), min_size=1, max_size=50))
def test_placing_many_is_placing_each_and_day_zero_is_the_first_close_after(seconds: Sequence[int]) -> None:
    market = moscow_2015()
    instants = [datetime(2014, 12, 31, 12, tzinfo=UTC) + timedelta(seconds=n) for n in seconds]
    index, anchor = place(market, epochs(*instants))
    closes = [at.replace(tzinfo=UTC) for at in market.closes.tolist()]
    for instant, at, code in zip(instants, index.tolist(), anchor.tolist(), strict=True):
        alone = place(market, epochs(instant))
        assert (alone[0].item(), alone[1].item()) == (at, code)
        if at < 0:
            assert instant < datetime(2015, 1, 1, tzinfo=ZoneInfo("Europe/Moscow")) or instant >= closes[-1]
            continue
        assert closes[at] > instant
        assert at == 0 or closes[at - 1] <= instant
        local = instant.astimezone(ZoneInfo("Europe/Moscow")).date()
        is_session = market.index_of(local) is not None
        assert (ANCHORS[code] is Anchor.NON_SESSION) == (not is_session)
        assert (ANCHORS[code] is Anchor.AFTER_CLOSE) == (is_session and local < market.sessions[at])


# --- real data ------------------------------------------------------------------------------------------------------


def test_moscow_s_calendar_with_its_overlay_knows_the_sessions_of_the_bars(shared_data: Path) -> None:
    with (shared_data / "moex" / "moex_IMOEX_full.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    bars = days(*("-".join(reversed(row[2].split("."))) for row in rows))
    market = clock("MISX", date(2013, 1, 1), date(2024, 12, 31), bars)
    assert anchored(market, "2022-02-25 23:50")[0] == "2022-03-24"
    assert anchored(market, "2022-03-10 12:00") == ("2022-03-24", Anchor.NON_SESSION)
    assert anchored(market, "2024-04-27 12:00") == ("2024-04-27", Anchor.IN_SESSION)
    assert market.removed.tolist() == []
    assert sum(day.year in (2013, 2014, 2015) for day in market.sessions.tolist()) == 750


def test_the_headlines_in_range_of_the_us_bars_fall_as_the_new_york_calendar_says(shared_data: Path) -> None:
    """In range: the ticker has bars, and the New York date lies from the first to the last of all of them."""
    with (shared_data / "us" / "pystock_benzinga_tickers_2015_2017.csv").open(encoding="utf-8", newline="") as file:
        bars = [(row[0], row[1]) for row in csv.reader(file) if row[1][:1].isdigit()]
    tickers, first, last = {ticker for ticker, _ in bars}, min(d for _, d in bars), max(d for _, d in bars)
    with (shared_data / "news" / "benzinga_headlines_10k.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if len(row) == 4 and row[3] in tickers]
    in_range = [datetime.fromisoformat(row[2]) for row in rows if first <= row[2][:10] <= last]
    market = clock("XNYS", date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=7))
    _, anchor = place(market, epochs(*in_range))
    assert Counter(ANCHORS[code].value for code in anchor) == {
        "pre_open": 792,
        "in_session": 522,
        "after_close": 279,
        "non_session": 20,
    }
