"""UTC and local time of bars."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from signals.prices.local_time import local_dates, to_utc

NEW_YORK = ZoneInfo("America/New_York")


def test_a_time_with_an_offset_keeps_it_and_one_without_has_the_zone() -> None:
    texts = ("2014-10-24T10:00:00+04:00", "2014-10-24T10:00:00")
    times = to_utc(map(datetime.fromisoformat, texts), NEW_YORK)
    assert times.astype(str).tolist() == ["2014-10-24T06:00:00", "2014-10-24T14:00:00"]
    assert times.dtype == np.dtype("datetime64[s]")


def test_a_local_time_that_occurs_twice_is_the_earlier_one() -> None:
    assert to_utc([datetime.fromisoformat("2015-11-01T01:30")], NEW_YORK)[0] == np.datetime64("2015-11-01T05:30")


def test_no_times_are_an_empty_array_of_times() -> None:
    assert to_utc([], None).dtype == np.dtype("datetime64[s]")
    assert local_dates(to_utc([], None), NEW_YORK).dtype == np.dtype("datetime64[D]")


def test_the_local_date_may_be_another_than_utc_s() -> None:
    starts = np.array(["2015-01-21T03:00", "2015-01-21T06:00"], "datetime64[s]")
    assert local_dates(starts, NEW_YORK).astype(str).tolist() == ["2015-01-20", "2015-01-21"]
    assert local_dates(starts, ZoneInfo("Asia/Tokyo")).astype(str).tolist() == ["2015-01-21", "2015-01-21"]


@given(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001 - local times have no zone
def test_the_local_date_of_a_local_time_is_its_date(local: datetime) -> None:
    local = local.replace(microsecond=0)
    again = local.replace(tzinfo=NEW_YORK).astimezone(UTC).astimezone(NEW_YORK).replace(tzinfo=None)
    assert again == local or abs(again - local) == timedelta(hours=1)  # a local time that never occurred
    assert local_dates(to_utc([local], NEW_YORK), NEW_YORK)[0] == np.datetime64(again.date())
