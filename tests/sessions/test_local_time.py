"""UTC and local time across the changes of a zone's offset."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from signals.sessions.local_time import local_midnights, to_local, to_utc
from tests.sessions.examples import days

NEW_YORK = ZoneInfo("America/New_York")


def naive(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_offset_is_that_of_the_date() -> None:
    assert to_utc([naive("2015-01-20T09:30"), naive("2015-07-20T09:30")], NEW_YORK).astype(str).tolist() == [
        "2015-01-20T14:30:00",
        "2015-07-20T13:30:00",
    ]
    assert to_local(naive("2015-07-20T13:30"), NEW_YORK) == naive("2015-07-20T09:30")


def test_a_local_time_that_occurs_twice_is_the_earlier_one() -> None:
    assert to_utc([naive("2015-11-01T01:30")], NEW_YORK).astype(str).tolist() == ["2015-11-01T05:30:00"]


def test_local_midnights_follow_the_offset() -> None:
    assert local_midnights(days("2015-11-01", "2015-11-02"), NEW_YORK).astype(str).tolist() == [
        "2015-11-01T04:00:00",
        "2015-11-02T05:00:00",
    ]


@given(st.integers(0, 2_000_000_000), st.sampled_from(["Europe/Moscow", "America/New_York", "Asia/Kolkata", "UTC"]))
def test_local_time_leads_back_to_its_instant_or_to_the_earlier_of_two(seconds: int, name: str) -> None:
    zone = ZoneInfo(name)
    instant = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    (again,) = to_utc([to_local(instant, zone)], zone).tolist()
    assert again == instant or (instant - again).total_seconds() in (3600, 7200)
