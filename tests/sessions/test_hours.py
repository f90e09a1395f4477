"""The sessions of a calendar with their hours, and the sessions added to them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from signals.errors import ConfigError
from signals.sessions.hours import Days, calendar_days, with_days
from signals.sessions.markets import MARKETS
from tests.sessions.examples import days

NEW_YORK = ZoneInfo("America/New_York")


def year_2015() -> Days:
    return calendar_days(MARKETS["XNYS"], 2015, 2015)


def test_whole_years_are_listed_and_half_days_have_a_fixed_close() -> None:
    scheduled = year_2015()
    assert len(scheduled.sessions) == 252
    assert str(scheduled.since) == "2015-01-01"
    assert scheduled.sessions[scheduled.fixed_close].astype(str).tolist() == ["2015-11-27", "2015-12-24"]


def test_a_year_that_the_calendar_does_not_cover_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"calendar XTKS: exchange_calendars does not cover 1980\.\.1981; install"):
        calendar_days(MARKETS["XTKS"], 1980, 1981)


def test_an_overlay_closes_adds_and_changes_days() -> None:
    scheduled = calendar_days(MARKETS["MISX"], 2022, 2025)
    present = set(scheduled.sessions.astype(str).tolist())
    assert "2025-11-01" in present
    assert not {"2022-02-28", "2022-03-23"} & present
    assert scheduled.fixed_close[scheduled.sessions == np.datetime64("2022-03-24")].tolist() == [True]


def test_an_added_session_of_a_later_year_is_not_listed() -> None:
    scheduled = calendar_days(MARKETS["MISX"], 2022, 2023)
    assert scheduled.sessions[-1] < np.datetime64("2024-01-01")


def test_an_added_session_has_the_hours_most_common_around_it() -> None:
    added = with_days(year_2015(), days("2015-12-26", "2015-12-25"), NEW_YORK)
    (at,) = np.flatnonzero(added.sessions == np.datetime64("2015-12-26"))
    local = [column[at].item().replace(tzinfo=UTC).astimezone(NEW_YORK) for column in (added.opens, added.closes)]
    assert local == [datetime(2015, 12, 26, 9, 30, tzinfo=NEW_YORK), datetime(2015, 12, 26, 16, 0, tzinfo=NEW_YORK)]
    assert not added.fixed_close[at]
    assert (np.diff(added.sessions).astype(int) > 0).all()


def test_a_session_that_is_listed_is_not_added_again() -> None:
    scheduled = year_2015()
    assert with_days(scheduled, scheduled.sessions[3:5], NEW_YORK) is scheduled
