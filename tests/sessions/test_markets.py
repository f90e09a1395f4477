"""The supported markets: a calendar and a zone for each."""

from zoneinfo import ZoneInfo

import exchange_calendars
import pytest

from signals.errors import ConfigError
from signals.sessions import supported_mics, zone_of
from signals.sessions.markets import GROUPS, market


def test_an_unknown_market_is_refused_with_what_to_write_instead() -> None:
    with pytest.raises(ConfigError, match=r"mic XNYX: no calendar serves .* did you mean XNYS\?.* under `markets:`"):
        zone_of("XNYX")


def test_every_supported_market_has_a_zone() -> None:
    assert zone_of("MISX") == "Europe/Moscow"
    assert all(ZoneInfo(zone_of(mic)) for mic in supported_mics())


def test_a_code_unlike_any_other_is_refused_without_a_guess() -> None:
    with pytest.raises(ConfigError) as caught:
        zone_of("????")
    assert str(caught.value).startswith("mic ????: no calendar serves this market; give its sessions under `markets:`")


def test_a_code_stands_for_one_market() -> None:
    codes = [mic for group in GROUPS for mic in group.mics.split()]
    assert len(codes) == len(set(codes))


def test_every_calendar_of_the_library_serves_a_market() -> None:
    without_exchange = {"24/5", "24/7", "us_futures"}  # the first two have hours of their own here
    calendars = {market(mic).calendar for mic in supported_mics()} - {""}
    assert calendars == set(exchange_calendars.get_calendar_names(include_aliases=False)) - without_exchange


def test_moscow_has_the_calendar_that_the_library_calls_xmos() -> None:
    assert market("MISX")[:2] == ("XMOS", "Europe/Moscow")


@pytest.mark.parametrize(
    ("segment", "main"),
    [("XNGS", "XNYS"), ("AIMX", "XLON"), ("MTAA", "XMIL"), ("RTSX", "MISX"), ("XKOS", "XKRX"), ("XGEM", "XHKG")],
)
def test_a_segment_has_the_sessions_of_its_exchange(segment: str, main: str) -> None:
    assert market(segment) == market(main)
