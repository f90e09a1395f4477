from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.news.timestamps import date_spans, parse_stamp
from signals.types import Precision, ZoneBasis

ZONES = ["Europe/London", "Europe/Moscow", "America/New_York", "Asia/Kolkata", "UTC"]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2020-06-05 10:30:00-04:00", "2020-06-05T14:30:00"),
        ("2020-06-05T10:30:00Z", "2020-06-05T10:30:00"),
        ("2020-06-05T10:30:00.250+0530", "2020-06-05T05:00:00.250"),
        ("Fri, 05 Jun 2020 10:30:00 GMT", "2020-06-05T10:30:00"),
        ("Fri, 05 Jun 2020 10:30:00 +0300", "2020-06-05T07:30:00"),
        ("May 31, 2015 09:10AM ET", "2015-05-31T13:10:00"),
        ("CommoditiesMay 31, 2015 09:10AM ET", "2015-05-31T13:10:00"),
        ("May 31, 2015 9 a.m. ET", "2015-05-31T13:00:00"),
        ("Jan 31, 2015 12:05AM EST", "2015-01-31T05:05:00"),
        ("Published Fri, Apr 28 20232:23 PM EDT", "2023-04-28T18:23:00"),
        ("2:23 PM EDT Fri April 28 2023", "2023-04-28T18:23:00"),
        ("April 25, 2023 2:26 PM GMT+2", "2023-04-25T12:26:00"),
        ("5 June 2020 at 10:30 p.m. BST", "2020-06-05T21:30:00"),
        ("14 мая 2025, 20:28 МСК", "2025-05-14T17:28:00"),
        ("2020-06-05 10:30 Europe/Moscow", "2020-06-05T07:30:00"),
        ("May 31, 2015 09:10AM ET (May 31, 2015 01:10PM GMT)", "2015-05-31T13:10:00"),
        ("1433077800", "2015-05-31T13:10:00"),
        ("1433077800000", "2015-05-31T13:10:00"),
    ],
)
def test_a_zone_stated_in_the_text_is_used(text: str, instant: str) -> None:
    stamp = parse_stamp(text, zone="Asia/Tokyo")
    assert stamp.at == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert stamp.basis is ZoneBasis.STATED
    assert stamp.text == text


@pytest.mark.parametrize(("year", "hours"), [(2014, 4), (2015, 3), (2010, 3), (2009, 3)])
def test_moscow_time_has_the_offset_of_its_year(year: int, hours: int) -> None:
    stamp = parse_stamp(f"Wed, 21 Jan {year} 13:10:00 MSK")
    assert stamp.at == datetime(year, 1, 21, 13 - hours, 10, tzinfo=UTC)
    assert stamp.zone == "Europe/Moscow"


def test_the_zone_of_the_source_is_used_where_the_text_states_none() -> None:
    stamp = parse_stamp("Published 21/01/2015, 13:10", "America/New_York", dayfirst=True)
    assert (stamp.at, stamp.zone, stamp.basis) == (
        datetime(2015, 1, 21, 18, 10, tzinfo=UTC), "America/New_York", ZoneBasis.SOURCE
    )  # fmt: skip
    assert stamp.wall == datetime(2015, 1, 21, 13, 10)  # noqa: DTZ001 - a wall clock has no zone


@pytest.mark.parametrize("text", ["2025-09-26 10:17:15", "20250926T101715", "20250926101715", "26.09.2025 10:17:15"])
def test_without_any_zone_utc_is_assumed_and_recorded_as_assumed(text: str) -> None:
    stamp = parse_stamp(text)
    assert (stamp.at, stamp.zone, stamp.basis) == (
        datetime(2025, 9, 26, 10, 17, 15, tzinfo=UTC), "UTC", ZoneBasis.ASSUMED
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("2015-01-21 13:10:05", Precision.INSTANT),
        ("2015-01-21 13:10", Precision.MINUTE),
        ("21 January 2015", Precision.DAY),
        ("20150121", Precision.DAY),
    ],
)
def test_precision_is_that_of_the_text(text: str, precision: Precision) -> None:
    assert parse_stamp(text).precision is precision


def test_a_day_begins_at_midnight_in_the_zone_of_the_source() -> None:
    assert parse_stamp("20150121", "Europe/Moscow").at == datetime(2015, 1, 20, 21, tzinfo=UTC)


def test_the_order_of_day_and_month_is_that_of_the_source() -> None:
    assert parse_stamp("01/02/2015", dayfirst=True).wall.month == 2
    assert parse_stamp("01/02/2015", dayfirst=False).wall.month == 1
    assert parse_stamp("2015/02/01", dayfirst=True).wall.month == 2
    assert parse_stamp("01.02.2015", dayfirst=False).wall.month == 2


@pytest.mark.parametrize(("text", "dayfirst"), [("21/01/2015", False), ("01/21/2015", True)])
def test_a_date_that_contradicts_dayfirst_is_rejected(text: str, dayfirst: bool) -> None:
    with pytest.raises(ValueError, match="there is no month 21; set dayfirst"):
        parse_stamp(text, dayfirst=dayfirst)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "there is no date"),
        ("null", "there is no date"),
        ("soon", "there is no date in"),
        ("3 hours ago", "there is no date in"),
        ("21/01/15", "there is no date in"),
        ("0", "there is no date in"),
        ("Dec 31, 1969 07:00PM ET", "outside 1980..2100"),
        ("1970-01-01T00:00Z", "outside 1980..2100"),
        ("2101-01-01", "outside 1980..2100"),
        ("2015-02-30", "is not a date"),
        ("2015-01-21 25:10", "is not a date"),
        ("2015-01-21 13:10 XYZ", "'XYZ' is not known"),
        ("2015-01-21 13:10 +25:00", "impossible offset"),
        ("2015-01-21 13:10 Mars/Base", "is not a time zone"),
        ("21 Jan 2015 and 22 Jan 2015", "two different dates"),
        ("21 Jan 2015, read at leisure, 13:10", "is not next to the date"),
        ("x" * 400, "too long"),
    ],
)
def test_a_text_without_a_valid_date_is_rejected_with_its_problem(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        parse_stamp(text)


def test_an_unknown_zone_of_the_source_is_rejected_by_name() -> None:
    with pytest.raises(ValueError, match="'Mars/Base' is not a time zone"):
        parse_stamp("2015-01-21 13:10", "Mars/Base")


@pytest.mark.parametrize(
    ("text", "instant", "ambiguous"),
    [
        ("Nov 1, 2015 01:30 AM ET", "2015-11-01T05:30", True),  # twice: the earlier one
        ("Nov 1, 2015 01:30 AM EST", "2015-11-01T06:30", False),  # the text says which
        ("Mar 8, 2015 02:30 AM ET", "2015-03-08T06:30", True),  # never
        ("Jul 8, 2015 02:30 AM EST", "2015-07-08T07:30", True),  # New York had no EST in July
    ],
)
def test_a_time_that_a_clock_showed_twice_or_never_takes_the_earlier_reading(
    text: str, instant: str, ambiguous: bool
) -> None:
    stamp = parse_stamp(text)
    assert stamp.at == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert stamp.ambiguous is ambiguous


def test_with_a_date_format_no_other_form_is_accepted() -> None:
    stamp = parse_stamp("21-01-15 13h10 +0300", date_format="%d-%m-%y %Hh%M %z")
    assert (stamp.at, stamp.zone, stamp.precision) == (
        datetime(2015, 1, 21, 10, 10, tzinfo=UTC), "UTC+03:00", Precision.MINUTE
    )  # fmt: skip
    with pytest.raises(ValueError, match="is not written as date_format"):
        parse_stamp("2015-01-21 13:10", date_format="%d-%m-%y")


@pytest.mark.parametrize("text", ["9999-12-31 23:59 -12:00", "9" * 13, "0001-01-01 00:00 +12:00"])
def test_a_date_at_the_end_of_the_calendar_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match=r"outside 1980\.\.2100"):
        parse_stamp(text)


def test_date_spans_cover_the_date_and_its_time() -> None:
    text = "Published 03/02/2020, 09:15 | Updated 4 Feb 2020"
    assert [text[start:end].strip() for start, end in date_spans(text)] == ["03/02/2020, 09:15", "4 Feb 2020"]
    assert date_spans("no date") == []


walls = st.datetimes(datetime(1980, 1, 2), datetime(2100, 12, 30)).map(lambda t: t.replace(microsecond=0))  # noqa: DTZ001


@given(walls, st.sampled_from(ZONES))
def test_a_formatted_instant_is_parsed_back(wall: datetime, zone: str) -> None:
    at = wall.replace(tzinfo=UTC)
    for written in (at.astimezone(ZoneInfo(zone)).isoformat(" "), at.strftime("%a, %d %b %Y %H:%M:%S GMT")):
        assert parse_stamp(written).at == at


@given(walls, st.sampled_from(ZONES))
def test_another_zone_moves_the_instant_and_keeps_the_wall_clock(wall: datetime, zone: str) -> None:
    assumed, configured = parse_stamp(wall.isoformat()), parse_stamp(wall.isoformat(), zone)
    assert assumed.wall == configured.wall == wall
    assert abs(assumed.at - configured.at) < timedelta(hours=15)


@given(st.text(max_size=60) | st.from_regex(r"[0-9/:.,\-+ TZ]{0,40}") | st.from_regex(r"(Jan|May|мая) ?[0-9 ,:]{0,30}"))
def test_any_text_is_a_stamp_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert 1979 <= parse_stamp(text, "Europe/London", dayfirst=True).at.year <= 2101
