"""The dates of daily bars: what the stamps of a file have in common says which day each of them is."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.app import App
from signals.config import load
from signals.errors import UnreadableError
from signals.prices.bar_dates import session_dates
from signals.store import Store
from signals.types import Listing

YEAR = [date(2023, 1, 2) + timedelta(days=n) for n in range(365)]
WEEKDAYS = [day for day in YEAR if day.weekday() < 5]
SUNDAY_WEEKS = [day for day in YEAR if day.weekday() not in (4, 5)]
ZONES = {
    "Asia/Tokyo": (time(9), time(15)),
    "Australia/Sydney": (time(10), time(16)),
    "Pacific/Auckland": (time(10), time(16, 45)),
    "Asia/Kolkata": (time(9, 15), time(15, 30)),
    "Asia/Hong_Kong": (time(9, 30), time(16)),
    "Europe/Moscow": (time(10), time(23, 50)),
    "Europe/London": (time(8), time(16, 30)),
    "America/New_York": (time(9, 30), time(16)),
    "America/Sao_Paulo": (time(10), time(17)),
    "America/Chicago": (time(8, 30), time(15)),
}


def instants(days: Sequence[date], at: time, zone: str) -> list[datetime]:
    return [datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC) for day in days]


def dates(times: Sequence[datetime], market: str | None, zone: str | None = None, weekdays: bool = True) -> list[date]:
    listing = Listing(market, weekdays) if market else None
    return list(session_dates(times, ZoneInfo(zone) if zone else None, listing).astype("datetime64[D]").tolist())


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("stamp", ["midnight", "open", "close"])
def test_utc_stamps_of_a_market_s_midnight_open_or_close_are_its_days(zone: str, stamp: str) -> None:
    opens, closes = ZONES[zone]
    at = {"midnight": time(0), "open": opens, "close": closes}[stamp]
    assert dates(instants(WEEKDAYS, at, zone), zone) == WEEKDAYS
    assert dates(instants(WEEKDAYS, at, zone), zone, zone) == WEEKDAYS
    assert dates(instants(WEEKDAYS, at, zone), zone, "UTC") == WEEKDAYS


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("clock", [time(0), time(23, 59, 59), time(23, 59, 59, 999_000)])
def test_midnights_are_the_dates_as_written(zone: str, clock: time) -> None:
    for own in (None, zone):
        assert dates([datetime.combine(day, clock, UTC) for day in WEEKDAYS], zone, own) == WEEKDAYS
    assert dates([datetime.combine(day, clock, UTC) for day in YEAR], zone, weekdays=False) == YEAR


@pytest.mark.parametrize("zone", ZONES)
def test_midnights_with_the_market_s_offset_are_the_dates_as_written(zone: str) -> None:
    assert dates([datetime.combine(day, time(0), ZoneInfo(zone)) for day in WEEKDAYS], zone) == WEEKDAYS
    assert dates([datetime.combine(day, time(0), ZoneInfo(zone)) for day in WEEKDAYS], None) == WEEKDAYS


@pytest.mark.parametrize(("hour", "zone"), [(4, "America/New_York"), (5, "America/New_York"), (23, "Europe/London"),
                                            (22, "Europe/Berlin"), (23, "Europe/Berlin"), (14, "Australia/Sydney"),
                                            (13, "Australia/Sydney")])  # fmt: skip
def test_one_hour_of_utc_all_year_misses_midnight_for_a_half_of_it(hour: int, zone: str) -> None:
    shift = timedelta(days=1 if hour > 12 else 0)
    times = [datetime.combine(day - shift, time(hour), UTC) for day in WEEKDAYS]
    assert dates(times, zone) == WEEKDAYS


@pytest.mark.parametrize("at", [time(0), time(4)])
def test_the_bar_of_an_open_session_may_have_the_time_of_the_request(at: time) -> None:
    times = [datetime.combine(day, at, UTC) for day in WEEKDAYS]
    times[-1] = datetime.combine(WEEKDAYS[-1], time(15, 32), UTC)
    assert dates(times, "America/New_York") == WEEKDAYS


def test_a_session_that_opens_on_the_evening_before_is_the_next_day_s() -> None:
    evenings = [day - timedelta(days=1) for day in WEEKDAYS]
    assert dates(instants(evenings, time(17), "America/Chicago"), "America/Chicago") == WEEKDAYS
    assert dates([datetime.combine(day, time(18)) for day in evenings], "America/New_York") == WEEKDAYS


def test_sundays_are_days_of_markets_that_trade_on_them() -> None:
    for at in (time(0), time(9, 59), time(17, 15)):
        assert dates(instants(SUNDAY_WEEKS, at, "Asia/Jerusalem"), "Asia/Jerusalem") == SUNDAY_WEEKS
        assert dates(instants(WEEKDAYS, at, "Asia/Jerusalem"), "Asia/Jerusalem") == WEEKDAYS


def test_the_zone_of_the_source_comes_before_that_of_the_market() -> None:
    times = instants(WEEKDAYS, time(22), "America/New_York")
    assert dates(times, "Asia/Tokyo", "America/New_York") == WEEKDAYS


@pytest.mark.parametrize("shift", [-1, 1, 2])
@pytest.mark.parametrize("clock", [None, time(0)])
def test_dates_on_the_market_s_days_of_rest_are_refused(shift: int, clock: time | None) -> None:
    days = [day + timedelta(days=shift) for day in WEEKDAYS]
    times = [datetime.combine(day, clock or time(0), UTC if clock else None) for day in days]
    with pytest.raises(
        ValueError, match=r"fall on S\w+days and leave out most \w+days, and .* Asia/Tokyo .*`timezone`"
    ):
        dates(times, "Asia/Tokyo")
    assert dates(times, "Asia/Tokyo", weekdays=False) == days
    assert dates(times, None) == days
    assert dates(times[:9], "Asia/Tokyo") == days[:9]  # too few to judge


def test_a_week_that_ends_on_friday_is_no_week_of_tel_aviv() -> None:
    with pytest.raises(ValueError, match="fall on Saturdays"):
        dates([datetime.combine(day - timedelta(days=1), time(0)) for day in SUNDAY_WEEKS], "Asia/Jerusalem")


def test_stray_weekends_missing_mondays_and_rare_bars_are_no_other_zone() -> None:
    sundays = [day for day in YEAR if day.weekday() == 6]
    for days in (
        sorted([*WEEKDAYS, *sundays]),
        sorted([*WEEKDAYS, sundays[7]]),
        [day for day in WEEKDAYS if day.weekday()],
        YEAR,
        sundays,
        WEEKDAYS[::5],
    ):
        assert dates([datetime.combine(day, time(0)) for day in days], "Asia/Tokyo") == days


def test_stamps_without_an_offset_are_dates_as_written() -> None:
    times = [datetime.combine(day, time(16)) for day in WEEKDAYS]
    for zone in (None, "America/New_York"):
        assert dates(times, "Asia/Tokyo", zone) == WEEKDAYS


def test_nothing_has_no_dates() -> None:
    assert dates([], "Asia/Tokyo") == dates([], None) == []


@pytest.mark.parametrize(("mic", "kind"), [("XTKS", "equity"), ("XTKS", "crypto")])
def test_the_market_of_the_configuration_reaches_the_source(mic: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(
        f"instruments: {{SIM: {{name: Calder, mic: {mic}, currency: JPY, kind: {kind}, symbols: {{local: X}}}}}}\n"
        'prices: [{name: local, kind: csv, path: "{symbol}.csv"}]\n'
    )
    stamps = instants(WEEKDAYS, time(0), "Asia/Tokyo")
    (tmp_path / "X.csv").write_text("Date,Close\n" + "".join(f"{at.isoformat()},{100 + at.day}\n" for at in stamps))
    config = load(tmp_path / "config.yaml")
    now = datetime(2026, 1, 1, tzinfo=UTC)
    (source,) = App(config, Store(config.database), lambda: now).price_sources()
    early = [day - timedelta(days=1) for day in WEEKDAYS]
    bars = source.history("X", date(2020, 1, 1), date(2026, 1, 1), now).bars
    assert bars.start.astype("datetime64[D]").tolist() == (early if kind == "crypto" else WEEKDAYS)  # of UTC
    (tmp_path / "X.csv").write_text("Date,Close\n" + "".join(f"{day},{100 + day.day}\n" for day in early))
    if kind == "crypto":
        bars = source.history("X", date(2020, 1, 1), date(2026, 1, 1), now).bars
        assert bars.start.astype("datetime64[D]").tolist() == early
    else:
        with pytest.raises(UnreadableError, match=r"X\.csv: the bars fall on Sundays and leave out most Fridays"):
            source.history("X", date(2020, 1, 1), date(2026, 1, 1), now)


@given(st.sampled_from(sorted(ZONES)), st.integers(0, 23), st.integers(0, 300))
def test_whatever_the_hour_no_reading_has_days_of_rest(zone: str, hour: int, first: int) -> None:
    times = [datetime.combine(day, time(hour), UTC) for day in WEEKDAYS[first:]]
    try:
        read = session_dates(times, None, Listing(zone)).astype("datetime64[D]")
    except ValueError:
        return
    weekend = np.isin((read.astype(np.int64) + 3) % 7, (5, 6))
    assert len(read) < 10 or weekend.mean() < 0.15
