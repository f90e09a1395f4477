"""Windows by the clock where there is no exchange: FX from 17:00 to 17:00 in New York, crypto by days of UTC."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from signals.sessions import clock, reacting_sessions, utc_offsets
from signals.study.intraday_windows import NO_PLACE, Grid, Hours, instant, locate
from signals.types import IntradayWindow

SPAN = date(2024, 3, 1), date(2024, 3, 20)  # New York's summer time came on Sunday the 10th
FIVE_MINUTES = Grid(300, 0)


def located(mic: str, at: str, zone: str, text: str) -> tuple[str, str, str]:
    """Return the session of a window around a publication, and when it begins and ends, by the clock of the zone."""
    market, published = clock(mic, *SPAN), datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(zone))
    hours = Hours.of(
        market.sessions, market.opens, market.closes, utc_offsets(market), (market.break_starts, market.break_ends)
    )
    second = np.array([int(published.timestamp())])
    day_zero, _ = reacting_sessions(market, second)
    window = locate(hours, FIVE_MINUTES, IntradayWindow.parse(text), day_zero, second)
    if NO_PLACE in (window.start[0], window.end[0]):
        return str(hours.sessions[window.session[0]]), "beyond", "beyond"
    ends = (
        datetime.fromtimestamp(instant(hours, FIVE_MINUTES, int(window.session[0]), int(place[0])), UTC)
        for place in (window.start, window.end)
    )
    begins, finished = (f"{end.astimezone(ZoneInfo(zone)):%m-%d %H:%M}" for end in ends)
    return str(hours.sessions[window.session[0]]), begins, finished


@pytest.mark.parametrize(
    ("at", "text", "expected"),
    [
        ("2024-03-10 17:32", "0m..15m", ("2024-03-11", "03-10 17:30", "03-10 17:50")),  # Sunday evening is Monday's
        ("2024-03-10 17:02", "0m..15m", ("2024-03-11", "03-08 17:00", "03-10 17:20")),  # from the close of the week
        ("2024-03-09 12:00", "0m..15m", ("2024-03-11", "03-08 17:00", "03-10 17:15")),
        ("2024-03-05 16:50", "0m..15m", ("2024-03-05", "beyond", "beyond")),
        ("2024-03-12 03:02", "0m..60m", ("2024-03-12", "03-12 03:00", "03-12 04:05")),
        ("2024-03-12 03:02", "0m..close", ("2024-03-12", "03-12 03:00", "03-12 17:00")),
    ],
)
def test_fx_has_windows_over_midnight_and_over_the_weekend(at: str, text: str, expected: tuple[str, str, str]) -> None:
    assert located("24X5", at, "America/New_York", text) == expected


@pytest.mark.parametrize(
    ("at", "text", "expected"),
    [
        ("2024-03-09 12:02", "0m..15m", ("2024-03-09", "03-09 12:00", "03-09 12:20")),  # a Saturday
        (
            "2024-03-10 00:02",
            "0m..15m",
            ("2024-03-10", "03-10 00:00", "03-10 00:20"),
        ),  # from the last close
        ("2024-03-09 23:50", "0m..15m", ("2024-03-09", "beyond", "beyond")),
        ("2024-03-09 23:50", "0m..close", ("2024-03-09", "03-09 23:50", "03-10 00:00")),
    ],
)
def test_crypto_has_windows_within_its_day(at: str, text: str, expected: tuple[str, str, str]) -> None:
    assert located("24X7", at, "UTC", text) == expected
