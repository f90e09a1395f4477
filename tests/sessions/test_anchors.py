"""Publication instants: day zero, its anchor rule, and whether another zone would change it."""

import csv
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.sessions import ANCHORS, clock, day_zero, day_zeros, reacting_sessions
from signals.types import Anchor, Ints, Precision, ZoneBasis
from tests.sessions.examples import anchored, moscow_2015, stamp

ZONES = ("UTC", "Europe/London", "America/New_York")


def epochs(*instants: datetime) -> Ints:
    return np.array([int(instant.timestamp()) for instant in instants], dtype=np.int64)


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


# --- invariants -----------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.lists(st.integers(0, 88 * 86_400), min_size=1, max_size=50))
def test_many_instants_have_the_answers_of_each_and_day_zero_is_the_first_close_after(seconds: Sequence[int]) -> None:
    market = moscow_2015()
    instants = [datetime(2014, 12, 31, 12, tzinfo=UTC) + timedelta(seconds=n) for n in seconds]
    index, anchor = reacting_sessions(market, epochs(*instants))
    closes = [at.replace(tzinfo=UTC) for at in market.closes.tolist()]
    for instant, at, code in zip(instants, index.tolist(), anchor.tolist(), strict=True):
        alone = reacting_sessions(market, epochs(instant))
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


def test_the_headlines_in_range_of_the_us_bars_fall_as_the_new_york_calendar_says(shared_data: Path) -> None:
    """In range: the ticker has bars, and the New York date lies from the first to the last of all of them."""
    with (shared_data / "us" / "pystock_benzinga_tickers_2015_2017.csv").open(encoding="utf-8", newline="") as file:
        bars = [(row[0], row[1]) for row in csv.reader(file) if row[1][:1].isdigit()]
    tickers, first, last = {ticker for ticker, _ in bars}, min(d for _, d in bars), max(d for _, d in bars)
    with (shared_data / "news" / "benzinga_headlines_10k.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if len(row) == 4 and row[3] in tickers]
    in_range = [datetime.fromisoformat(row[2]) for row in rows if first <= row[2][:10] <= last]
    market = clock("XNYS", date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=7))
    _, anchor = reacting_sessions(market, epochs(*in_range))
    assert Counter(ANCHORS[code].value for code in anchor) == {
        "pre_open": 792,
        "in_session": 522,
        "after_close": 279,
        "non_session": 20,
    }
