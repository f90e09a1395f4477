"""The supported markets: a calendar and a zone for each."""

from zoneinfo import ZoneInfo

import exchange_calendars
import pytest

from signals.errors import ConfigError
from signals.sessions import supported_mics, zone_of
from signals.sessions.markets import market


def test_an_unknown_market_is_refused_with_what_to_write_instead() -> None:
    with pytest.raises(ConfigError, match=r"XNYX.*did you mean XNYS\?.*ISO 10383.*MISX"):
        zone_of("XNYX")


def test_every_supported_market_has_a_zone() -> None:
    assert zone_of("MISX") == "Europe/Moscow"
    assert all(ZoneInfo(zone_of(mic)) for mic in supported_mics())


def test_a_code_unlike_any_other_is_refused_without_a_guess() -> None:
    with pytest.raises(ConfigError) as caught:
        zone_of("????")
    assert str(caught.value).startswith("mic ????: write the ISO 10383 code of a supported market: ARCX, BATS")


def test_every_supported_market_has_a_calendar() -> None:
    calendars = set(exchange_calendars.get_calendar_names())
    assert {market(mic).calendar for mic in supported_mics()} <= calendars


def test_moscow_has_the_calendar_that_the_library_calls_xmos() -> None:
    assert market("MISX") == ("XMOS", "Europe/Moscow")
