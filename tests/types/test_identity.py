"""What makes two records under one key one article, a version of it, or another article."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from signals.types.identity import (
    Evidence,
    Likeness,
    Relation,
    headline_likeness,
    is_id,
    relation,
    same_address,
)

NOON = datetime(2024, 6, 5, 12, 30, tzinfo=UTC)
SECTION = "https://meridian.example/markets/"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SAME, VERSION, OTHER = Relation.SAME, Relation.VERSION, Relation.OTHER


def record(title: str = "Calder Works hires", after: timedelta = timedelta(0), **changes: object) -> Evidence:
    at = NOON + after
    values: dict[str, object] = {
        "key": "n1", "url": "", "stamp": at.isoformat(), "whole_day": False, "origin": "feed.xml", **changes,
    }  # fmt: skip
    return Evidence(title=title, at=at, **values)  # type: ignore[arg-type]  # by name


def on_section(title: str = "Calder Works hires", after: timedelta = timedelta(0), **changes: object) -> Evidence:
    return record(title, after, key=SECTION, url=SECTION, **changes)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (record(), SAME),
        (record("UPDATE 1-Calder Works hires"), SAME),
        (record(after=DAY, stamp=NOON.isoformat()), SAME),  # the same stamp, read by another zone
        (record(after=20 * MINUTE), VERSION),
        (record(after=2 * DAY), VERSION),
        (record(after=30 * DAY), OTHER),
        (record(after=-400 * DAY), VERSION),
        (record(after=-400 * DAY, origin="older.xml"), OTHER),
        (record("Calder Works hires two hundred", 30 * MINUTE), VERSION),
        (record("Calder Works hires two hundred", 2 * HOUR), OTHER),
        (record("Vostok Rail falls"), VERSION),
        (record("Vostok Rail falls", 5 * MINUTE), VERSION),
        (record("Vostok Rail falls", HOUR), OTHER),
        (record("Vostok Rail falls", 21 * DAY), OTHER),
    ],
)
def test_an_id_counts_while_headline_and_stamp_go_with_it(other: Evidence, expected: Relation) -> None:
    assert relation(record(), other) is expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (on_section(), SAME),
        (on_section(after=5 * HOUR), VERSION),
        (on_section(after=7 * DAY), OTHER),
        (on_section(after=-7 * DAY), VERSION),  # its document has corrected the date
        (on_section(after=-7 * DAY, origin="b.csv"), OTHER),
        (on_section("Vostok Rail falls"), VERSION),
        (on_section("Vostok Rail falls", whole_day=True), OTHER),
        (on_section("Vostok Rail falls", 5 * MINUTE), OTHER),
        (on_section("Vostok Rail falls", 2 * DAY), OTHER),
    ],
)
def test_an_address_is_weaker_than_an_id(other: Evidence, expected: Relation) -> None:
    assert relation(on_section(), other) is expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (record(), SAME),
        (record(after=5 * HOUR), VERSION),
        (record(after=DAY), OTHER),  # a column that recurs
        (record("Calder Works hires two hundred", 5 * MINUTE), VERSION),
        (record("Calder Works hires two hundred"), OTHER),
        (record("Vostok Rail falls"), OTHER),
        (record("Vostok Rail falls", 5 * MINUTE), OTHER),
        (record(after=-400 * DAY), OTHER),
    ],
)
def test_what_one_document_states_twice_replaces_nothing(other: Evidence, expected: Relation) -> None:
    assert relation(record(), other, together=True) is expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (record(), SAME),
        (record(after=20 * MINUTE), VERSION),
        (record(after=2 * HOUR), OTHER),
        (record("Calder Works hires two hundred"), VERSION),
        (record("Calder Works hires two hundred", MINUTE), OTHER),
        (record("Vostok Rail falls"), OTHER),
    ],
)
def test_a_key_of_several_articles_says_little_about_a_further_one(other: Evidence, expected: Relation) -> None:
    assert relation(record(), other, shared=True) is expected


@pytest.mark.parametrize("together", [False, True])
def test_filers_of_one_filing_are_articles_of_their_own(together: bool) -> None:
    one = record("8-K - Calder Works (0000012345) (Filer)", url="https://filings.example/12345/7.htm")
    other = record("8-K - Calder Credit (0000067890) (Filer)", url="https://filings.example/67890/7.htm")
    assert relation(one, other, together=together) is OTHER
    assert relation(one, replace(other, title=one.title), together=True) is OTHER
    assert relation(replace(one, url=""), replace(other, url=""), together=True) is OTHER


def test_another_address_under_one_id_is_another_article_unless_headline_and_day_are_the_same() -> None:
    one = record(url="https://a.example/1")
    assert relation(one, record(url="https://a.example/2")) is SAME
    assert relation(one, record(after=2 * DAY, url="https://a.example/2")) is OTHER
    assert relation(one, record("Calder Works hires two", MINUTE, url="https://a.example/2")) is OTHER
    assert (
        relation(one, record("Calder Works hires two", MINUTE, url="http://www.a.example/1/?utm_source=x")) is VERSION
    )


def test_a_day_and_an_instant_of_it_are_one_stamp() -> None:
    midnight = NOON.replace(hour=0, minute=0)
    day = replace(record(), at=midnight, stamp="2024-06-05", whole_day=True)
    assert relation(day, record(), shared=True) is relation(record(), day, shared=True) is SAME
    assert relation(day, replace(day, at=midnight + DAY, stamp="2024-06-06"), shared=True) is OTHER


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Rail rises", "RAIL RISES", Likeness.EQUAL),
        ("Rail rises", "Rail rises (corrected)", Likeness.EQUAL),
        ("Rail rises", "CORRECTED-UPDATE 2-Rail rises", Likeness.EQUAL),
        ("Update", "UPDATE 1-", Likeness.DIFFERENT),
        ("Calder shares rise on orders", "Calder shares fall on orders", Likeness.REWORDED),
        ("Calder shares rise on orders", "Vostok shares rise on orders", Likeness.DIFFERENT),
        ("Form 4 - Calder (0000012345)", "Form 4 - Calder (0000067890)", Likeness.DIFFERENT),
        ("株価が上がる", "株価が上がった", Likeness.REWORDED),
        ("株価が上がる", "原油が下がる", Likeness.DIFFERENT),
        ("?", "!", Likeness.DIFFERENT),
        ("?", "?", Likeness.EQUAL),
    ],
)
def test_headlines_are_compared_by_their_words(one: str, other: str, expected: Likeness) -> None:
    assert headline_likeness(one, other) is headline_likeness(other, one) is expected


def test_addresses_agree_without_scheme_and_tracking() -> None:
    page = "https://www.a.example/x?id=1"
    assert same_address(page, "http://a.example/x?utm_medium=rss&id=1&fbclid=7")
    assert same_address(page, "")
    assert not same_address(page, "https://a.example/x?id=2")
    assert not same_address(SECTION + "#one", SECTION + "#two")


def test_an_id_is_what_is_not_the_address() -> None:
    assert is_id("n1", "")
    assert is_id("n1", SECTION)
    assert not is_id(SECTION, SECTION)
    assert not is_id(SECTION + "@CLD", SECTION)
    assert not is_id("http://www.meridian.example/markets", SECTION)
