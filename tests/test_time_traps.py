"""Known errors between the text of a stamp and the session that it falls on, a test for each."""

from datetime import UTC, date, datetime
from functools import cache

import pytest

from signals.news.timestamps import parse_stamp
from signals.sessions import Clock, clock, day_zeros
from signals.types import Anchor, CsvDialect, DayZero, Precision, ZoneBasis
from tests.news.newsroom import parse, parse_article, parse_refusal, spec
from tests.news.test_feed import item, rss

PLAUSIBLE = ("UTC", "Europe/London", "America/New_York")
YEARS = {"MISX": (date(2014, 6, 2), date(2015, 3, 31)), "XNYS": (date(2015, 1, 2), date(2015, 12, 31))}


@cache
def market(mic: str) -> Clock:
    return clock(mic, *YEARS[mic])


def assign(mic: str, text: str, zone: str | None = None, dayfirst: bool = False) -> DayZero | None:
    (zero,) = day_zeros(market(mic), [parse_stamp(text, zone, dayfirst)], PLAUSIBLE)
    return zero


def session(mic: str, text: str, zone: str | None = None, dayfirst: bool = False) -> str:
    zero = assign(mic, text, zone, dayfirst)
    assert zero is not None
    return f"{zero.session} {zero.anchor}{' sensitive' if zero.sensitive else ''}"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Europe/London", "2015-01-21 in_session sensitive"), ("UTC", "2015-01-21 in_session sensitive"),
     (None, "2015-01-21 in_session sensitive"), ("America/New_York", "2015-01-22 after_close sensitive")],
)  # fmt: skip
def test_the_zone_of_the_example_page_flips_its_session_and_is_marked(zone: str | None, expected: str) -> None:
    stamp = parse_stamp("Published 21/01/2015, 13:10", zone, dayfirst=True)
    assert stamp.basis is (ZoneBasis.SOURCE if zone else ZoneBasis.ASSUMED)
    assert stamp.text == "Published 21/01/2015, 13:10"
    assert session("MISX", stamp.text, zone, dayfirst=True) == expected


def test_moscow_s_clock_moved_in_october_2014() -> None:
    # 14:30 UTC was half past six there before, within the session, and half past five after.
    before, after = (parse_stamp(f"{day} 18:30 MSK").at for day in ("24 Oct 2014", "27 Oct 2014"))
    assert (before.hour, after.hour) == (14, 15)
    assert session("MISX", "24 Oct 2014 18:30 MSK") == "2014-10-24 in_session"
    assert session("MISX", "27 Oct 2014 18:30 MSK") == "2014-10-27 in_session"


def test_a_stamp_glued_to_the_section_s_name_is_read_in_its_own_zone() -> None:
    page = "Calder Works hires two hundred people\nCommoditiesMay 31, 2015 09:10AM ET\n\nIt said so on Sunday.\n"
    read = parse_article(spec("page", CsvDialect(timezone="Asia/Tokyo")), page)
    assert (read.stamp.at, read.stamp.zone) == (datetime(2015, 5, 31, 13, 10, tzinfo=UTC), "America/New_York")
    assert session("XNYS", read.stamp.text) == "2015-06-01 non_session"


@pytest.mark.parametrize(("date_text", "hour"), [("Mon, 26 Jan 2015 12:15:00 MSK", 9), ("2015-01-26 12:15:17", 12)])
def test_a_feed_s_dates_are_read_from_their_text(date_text: str, hour: int) -> None:
    feed = spec("feed", CsvDialect(timezone="UTC"), path="feed.xml")
    assert parse_article(feed, rss(item(date_text))).stamp.at.hour == hour


def test_a_page_in_place_of_a_feed_is_no_feed() -> None:
    feed = spec("feed", CsvDialect(), path="feed.xml")
    assert parse_refusal(feed, "<html><title>Checking your browser</title></html>").reason == "not_a_feed"


def test_which_of_two_numbers_is_the_day_is_the_source_s_word() -> None:
    assert session("XNYS", "02/03/2015 10:00 ET") == "2015-02-03 in_session"
    assert session("XNYS", "02/03/2015 10:00 ET", dayfirst=True) == "2015-03-02 in_session"


def test_a_stamp_written_together_has_no_zone_of_its_own() -> None:
    stamp = parse_stamp("20240722T145714")
    assert (stamp.basis, stamp.precision) == (ZoneBasis.ASSUMED, Precision.INSTANT)
    assert parse_stamp("20240722T145714", "Europe/Moscow").at == datetime(2024, 7, 22, 11, 57, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["null", "Dec 31, 1969 07:00PM ET", "1970-01-01", "0", "0000-00-00 00:00:00", "NaT"]
)
def test_an_empty_clock_is_no_date(written: str) -> None:
    rows = f'title,published_at\nCalder Works hires,"{written}"\nCalder Works builds,2015-01-26\n'
    parsed = parse(spec("csv", CsvDialect()), rows)
    assert [getattr(f, "title", None) or getattr(f, "reason", None) for f in parsed] == [
        "Calder Works builds",
        "no_date",
    ]


def test_a_day_is_a_day_and_midnight_is_never_invented() -> None:
    zero = assign("XNYS", "20150126", "America/New_York")
    assert zero is not None
    assert (zero.session, zero.anchor, zero.sensitive) == (date(2015, 1, 26), Anchor.DAY_ONLY, True)
    assert session("XNYS", "20150124", "America/New_York") == "2015-01-26 day_only sensitive"  # a Saturday
    assert session("XNYS", "2015-01-26 00:00 ET") == "2015-01-26 pre_open"


def test_eastern_time_is_behind_utc() -> None:
    assert parse_stamp("2015-01-26 08:52 EST").at == datetime(2015, 1, 26, 13, 52, tzinfo=UTC)
    assert session("XNYS", "2015-01-26 16:30 EST") == "2015-01-27 after_close"


def test_what_is_after_the_last_session_waits_and_is_not_put_on_the_last_bar() -> None:
    assert assign("XNYS", "2016-01-04 10:00 ET") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Sat, 24 Jan 2015 12:00 ET", "2015-01-26 non_session"), ("Jan 19, 2015 11:00AM ET", "2015-01-20 non_session"),
     ("Fri, 23 Jan 2015 16:01 ET", "2015-01-26 after_close"), ("Fri, 23 Jan 2015 15:59 ET", "2015-01-23 in_session"),
     ("Thu, 24 Dec 2015 13:30 ET", "2015-12-28 after_close")],
)  # fmt: skip
def test_news_of_weekends_holidays_evenings_and_half_days_belongs_to_the_next_session(text: str, expected: str) -> None:
    assert session("XNYS", text) == expected


@pytest.mark.parametrize(("text", "hour"), [("Nov 1, 2015 01:30 AM ET", 5), ("Mar 8, 2015 02:30 AM ET", 6)])
def test_a_time_that_the_clock_showed_twice_or_never_is_read_by_rule_and_flagged(text: str, hour: int) -> None:
    stamp = parse_stamp(text)
    assert (stamp.at.hour, stamp.ambiguous) == (hour, True)
