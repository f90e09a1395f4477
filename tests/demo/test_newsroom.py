"""Publication times and texts of the scripted articles."""

import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from signals.demo.newsroom import archive_rows, feed, page, plant, tags_of
from signals.demo.scripted_articles import FEED, HEADLINES, PAGES, Kind, ScriptedArticle, Timing

FIRST = date(2025, 1, 6)  # a Monday
SESSIONS = [day for day in (FIRST + timedelta(days=n) for n in range(28)) if day.weekday() < 5]
LAST = len(SESSIONS) - 1
NEW_YORK = ZoneInfo("America/New_York")


def article(timing: Timing, age: int = 7, **changes: object) -> ScriptedArticle:
    fields = {"ticker": "NRVN", "headline": "A headline", "body": "A body & more", **changes}
    return ScriptedArticle(age=age, timing=timing, kind=Kind.MOVE, **fields)  # type: ignore[arg-type]  # of any type


@pytest.mark.parametrize(
    ("timing", "days_before", "hours"),
    [
        (Timing.PRE_OPEN, 0, (6, 7)),
        (Timing.IN_SESSION, 0, (11, 12)),
        (Timing.AFTER_CLOSE, 1, (23, 24)),
    ],
)
def test_an_article_is_published_when_its_day_zero_can_react_first(
    timing: Timing, days_before: int, hours: tuple[int, int]
) -> None:
    planted = plant(article(timing), "XNYS", SESSIONS, LAST, 7)
    local = planted.published_at.astimezone(NEW_YORK)
    assert planted.day_zero == SESSIONS[LAST - 7]
    assert planted.published_at.tzinfo is UTC
    minutes = local - datetime.combine(planted.day_zero - timedelta(days=days_before), datetime.min.time(), NEW_YORK)
    assert timedelta(hours=hours[0]) <= minutes < timedelta(hours=hours[1], minutes=30)


def test_an_article_of_a_weekend_falls_on_the_monday_at_or_before_its_age() -> None:
    planted = plant(article(Timing.WEEKEND), "XNYS", SESSIONS, LAST, 7)
    assert planted.day_zero.weekday() == 0
    assert planted.day_zero <= SESSIONS[LAST - 7]
    assert planted.published_at.astimezone(NEW_YORK).weekday() == 6


def test_a_later_copy_is_published_its_minutes_later() -> None:
    first, copy = (plant(article(Timing.PRE_OPEN, minutes=n), "XNYS", SESSIONS, LAST, 7) for n in (0, 45))
    assert copy.published_at - first.published_at == timedelta(minutes=45)


def test_a_page_has_its_stamp_in_london_time_without_a_zone_and_its_tags() -> None:
    text = page(article(Timing.PRE_OPEN), datetime(2025, 7, 1, 12, 30, tzinfo=UTC))
    assert "\nPublished 01/07/2025, 13:30\n" in text
    assert "\nNRVN\n-\n" in text
    assert text.startswith("SIMULATED NEWS")


def test_an_archive_is_in_the_order_of_publication() -> None:
    pairs = [
        (a, plant(a, "XNYS", SESSIONS, LAST, 7)) for a in (article(Timing.PRE_OPEN, 1), article(Timing.PRE_OPEN, 3))
    ]
    stamps = [datetime.fromisoformat(stamp) for _, stamp, _ in archive_rows(pairs)]
    assert stamps == sorted(planted.published_at for _, planted in pairs)
    assert {stamp.utcoffset() for stamp in stamps} == {timedelta(hours=-5)}


def test_a_feed_is_xml_with_an_item_for_each_article() -> None:
    planted = plant(article(Timing.IN_SESSION), "XNYS", SESSIONS, LAST, 7)
    (item,) = ET.fromstring(feed([(article(Timing.IN_SESSION), planted)])).iter("item")
    assert item.findtext("description") == "A body & more"
    assert item.findtext("link") == f"https://newsroom.example/simulated/{planted.day_zero}-nrvn"


def test_the_tags_of_an_article_are_its_ticker_unless_it_has_its_own() -> None:
    assert tags_of(article(Timing.PRE_OPEN)) == ("NRVN",)
    assert tags_of(article(Timing.PRE_OPEN, tags=("CLD",))) == ("CLD",)


def test_every_article_with_a_text_has_one_and_every_kind_occurs() -> None:
    assert all(entry.body for entry in (*PAGES, *FEED))
    assert not any(entry.body for entry in HEADLINES)
    assert {entry.kind for entry in (*PAGES, *HEADLINES, *FEED)} == set(Kind)
