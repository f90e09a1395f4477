"""Tables of stamps as publishers write them: each with the instant that it states, or refused."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.news.date_text import fold
from signals.news.month_names import LANGUAGES, MIXED, MONTHS
from signals.news.timestamps import parse_stamp
from signals.sessions import clock, day_zeros
from signals.types import Precision, ZoneBasis
from tests.news import month_tables

JUNE = "June 5, 2024 4:30 PM"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "words",
    [
        "ET", "E.T.", "E.D.T.",
        "Et", "et", "EDT", "edt", "(ET)", ", ET", "Eastern", "Eastern Time", "eastern time", "US Eastern",
        "U.S. Eastern Time", "Eastern Daylight Time", "(Eastern Daylight Time)", "New York time", "New York Time",
        "(New York)", "(New York time)", ", New York time", "New York local time", "America/New_York", "US/Eastern",
        "-0400", "-04:00", "GMT-4", "UTC-04:00", "(GMT-04:00)", "UTC -4", "-400", "ET | Updated June 6",
    ],
)  # fmt: skip
def test_the_words_for_new_york_behind_a_time(words: str) -> None:
    stamp = parse_stamp(f"{JUNE} {words}", "Europe/London")
    assert stamp.at == utc("2024-06-05T20:30")
    assert (stamp.basis, stamp.others, stamp.ambiguous) == (ZoneBasis.STATED, (), False)


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("UT", 0), ("GMT", 0), ("Z", 0), ("Coordinated Universal Time", 0), ("BST", 1), ("British Summer Time", 1),
        ("UK time", 1), ("London time", 1), ("CEST", 2), ("MEST", 2), ("MESZ", 2), ("Central European Time", 2),
        ("Central European Summer Time", 2), ("Paris time", 2), ("EEST", 3), ("MSK", 3), ("МСК", 3), ("мск", 3),
        ("Moscow time", 3), ("по московскому времени", 3), ("по Москве", 3), ("за київським часом", 3), ("TRT", 3),
        ("GMT+3", 3), ("UTC+5:30", 5.5), ("India Standard Time", 5.5), ("Beijing time", 8), ("北京时间", 8),
        ("HKT", 8), ("SGT", 8), ("AWST", 8), ("JST", 9), ("日本時間", 9), ("Tokyo time", 9), ("KST", 9),
        ("ACST", 9.5), ("AEST", 10), ("Australian Eastern Standard Time", 10), ("Vladivostok time", 10),
        ("NZST", 12), ("BRT", -3), ("hora de Brasília", -3), ("CDT", -5), ("Central Daylight Time", -5),
        ("Mountain Time", -6), ("PDT", -7), ("Pacific Time", -7), ("AKDT", -8), ("HST", -10), ("Hawaii Time", -10),
    ],
)  # fmt: skip
def test_the_words_for_other_zones_behind_a_time_of_june(words: str, hours: float) -> None:
    for written in (f"2024-06-05 16:30 {words}", f"5 Jun 2024 16:30:00 {words}"):
        stamp = parse_stamp(written, "America/New_York")
        assert stamp.at == utc("2024-06-05T16:30") - timedelta(hours=hours)
        assert (stamp.basis, stamp.others) == (ZoneBasis.STATED, ())


@pytest.mark.parametrize(
    "words",
    [
        "XYZ", "MSK+2", "МСК+2", "EST5EDT", "by John Writer", "Reuters", "local time", "Ortszeit", "(Vladivostok)",
        "J", "wall clock", "Planet time", "et mis à jour", "/ 20.30", "(US & Canada)", "Mars/Base", "12", "in Paris",
    ],
)  # fmt: skip
def test_words_behind_a_time_that_are_not_understood_reject_it(words: str) -> None:
    with pytest.raises(ValueError, match=r"not understood|not known|not a time zone"):
        parse_stamp(f"2024-06-05 16:30 {words}", "Europe/London")


@pytest.mark.parametrize("words", ["by John Writer", "(Reuters)", "something in June", "Reuters"])
def test_words_behind_a_stated_zone_or_a_day_cannot_change_it(words: str) -> None:
    assert parse_stamp(f"2024-06-05 16:30 UTC {words}").at == utc("2024-06-05T16:30")
    assert parse_stamp(f"2024-06-05 {words}").precision is Precision.DAY


# --- doubt ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "instant", "others"),
    [
        ("Wed, 05 Jun 2024 15:30:00 EST", "2024-06-05T20:30", ["2024-06-05T19:30"]),
        ("June 5, 2024 3:30 PM Eastern Standard Time", "2024-06-05T20:30", ["2024-06-05T19:30"]),
        ("Wed, 10 Jan 2024 15:30:00 EDT", "2024-01-10T19:30", ["2024-01-10T20:30"]),
        ("5 Jun 2024 15:30 CET", "2024-06-05T14:30", ["2024-06-05T13:30"]),
        ("5 Jun 2024 15:30 PST", "2024-06-05T23:30", ["2024-06-05T22:30"]),
        ("10 Jan 2024 15:30 BST", "2024-01-10T14:30", ["2024-01-10T15:30"]),
        ("5 Jun 2024 15:30 IST", "2024-06-05T10:00", ["2024-06-05T12:30", "2024-06-05T14:30"]),
        ("10 Jan 2024 15:30 CST", "2024-01-10T21:30", ["2024-01-10T07:30"]),
        ("5 Jun 2024 15:30 A", "2024-06-05T14:30", ["2024-06-05T16:30"]),
        ("5 Jun 2024 15:30 R", "2024-06-05T20:30", ["2024-06-05T10:30"]),
        ("5 Jun 2024 15:30 New York", "2024-06-05T19:30", ["2024-06-05T14:30"]),
    ],
)
def test_a_zone_that_can_be_read_in_two_ways_is_read_as_stated_and_shown_with_the_other(
    text: str, instant: str, others: list[str]
) -> None:
    stamp = parse_stamp(text, "Europe/London")
    assert stamp.at == utc(instant)
    assert [other.at for other in stamp.others] == [utc(other) for other in others]


@pytest.mark.parametrize(
    ("letters", "home", "hours"),
    [("CST", "Asia/Shanghai", 8), ("IST", "Asia/Jerusalem", 2), ("EST", "Australia/Brisbane", 10),
     ("PST", "Asia/Manila", 8), ("CST", "America/Chicago", -6), ("IST", "Asia/Kolkata", 5.5)],
)  # fmt: skip
def test_the_zone_of_the_source_decides_what_an_abbreviation_means(letters: str, home: str, hours: float) -> None:
    stamp = parse_stamp(f"10 Jan 2024 15:30 {letters}", home)
    assert stamp.at == utc("2024-01-10T15:30") - timedelta(hours=hours)
    assert not stamp.others


def test_another_reading_that_moves_day_zero_makes_it_sensitive() -> None:
    market = clock("XNYS", date(2024, 5, 1), date(2024, 7, 31))
    texts = ["5 Jun 2024 15:30 EST", "5 Jun 2024 14:30 EST", "5 Jun 2024 16:30 EDT"]
    days = day_zeros(market, [parse_stamp(text) for text in texts], ("UTC",))
    assert [(str(day.session), day.sensitive) for day in days if day] == [
        ("2024-06-06", True), ("2024-06-05", False), ("2024-06-06", False)
    ]  # fmt: skip


# --- forms ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Wed, 05 Jun 2024 15:30:00 GMT", "5 Jun 24 15:30 UT", "Wed, 5 Jun 2024 15:30 +0000", "05 Jun 2024 15:30:00 Z",
        "Wed, 05 Jun 2024 (early) 15:30:00 GMT (a comment)", "Wed, 05 Jun 2024 11:30:00 -0400 (EDT)",
        "Mon, 05 Jun 2024 15:30:00 GMT", "Wednesday, 05-Jun-24 15:30:00 GMT", "Wed Jun  5 15:30:00 2024",
        "Wed Jun  5 11:30:00 EDT 2024", "Wed Jun 05 15:30:00 +0000 2024", "Jun 5 15:30:00 2024",
        "Wed Jun 05 2024 11:30:00 GMT-0400 (Eastern Daylight Time)", "05/Jun/2024:15:30:00 +0000",
        "2024-06-05T15:30Z", "2024-06-05T15:30:00.000Z", "2024-06-05t15:30:00z", "2024-06-05 15:30:00,250",
        "2024-06-05T15:30:00.123456789Z", "2024-06-05T17:30:00+02", "2024-06-05T10:30-500", "20240605T153000Z",
        "20240605T1530", "20240605 153000", "20240605_153000", "202406051530", "2024-W23-3T15:30Z",
        "2024-06-05T11:30:00-04:00[America/New_York]", "2024-06-05 15:30:00.000000+00", "2024-06-05 15:30:00 +0000 UTC",
        "1717601400", "1717601400.0", "1717601400000", "1717601400000000", "1717601400000000000", "1.7176014e9",
        "05.06.2024 / 15:30", "05.06.2024 15:30 hs",
        "5 June 2024 15:30", "5th of June, 2024 at 3.30pm", "June 5th, 2024, 3:30 p.m.", "Jun. 5, 2024 3:30PM",
        "Jun-05-24 03:30PM", "June 5 2024 1530 GMT", "2024 June 5 15:30", "2024-Jun-05 15:30", "6/5/2024 3:30:00 PM",
        "15:30 06/05/2024", "3:30 PM, June 5, 2024", "15:30 GMT, 5 June 2024", "05.06.2024 15:30",
        "05.06.24, 15.30 Uhr",
        "5. 6. 2024 15:30", "5. Juni 2024, 15:30 Uhr", "Mi., 5. Juni 2024 um 15.30 Uhr", "mercredi 5 juin 2024 à 15h30",
        "5 juin 2024 à 15 h 30", "5 de junio de 2024, 15:30", "5 de junho de 2024 às 15h30", "5 giugno 2024 alle 15:30",
        "5 juni 2024 om 15:30 uur", "5 czerwca 2024, godz. 15:30", "5 Haziran 2024 15:30",
        "05 HAZİRAN 2024 ÇARŞAMBA 15:30",
        "5 июня 2024 г. в 15:30", "5 июн. 2024, 15:30", "5 ИЮНЯ 2024, 15:30", "5 червня 2024 р. о 15:30",
        "5. června 2024 15:30", "2024. június 5. 15:30", "5 Ιουνίου 2024, 15:30", "5 iunie 2024, 15:30",
        "2024年6月5日 15:30", "2024年6月5日(水) 15時30分", "2024年06月05日 星期三 15:30", "2024年6月5日 下午3:30",
        "2024년 6월 5일 오후 3:30", "2024. 6. 5. 15:30", "٥ يونيو ٢٠٢٤ ١٥:٣٠", "٥ يونيو ٢٠٢٤ ٣:٣٠ م",
        "5 حزيران 2024 15:30",
        "５ June ２０２４ １５：３０", "5\u00a0June\u202f2024\u00a015:30", "۵ June ۲۰۲۴ ۱۵:۳۰", "५ June २०२४ १५:३०",
    ],
)  # fmt: skip
def test_the_forms_of_the_fifth_of_june_at_half_past_three(text: str) -> None:
    stamp = parse_stamp(text, "UTC")
    assert stamp.at.replace(microsecond=0) == utc("2024-06-05T15:30")
    assert stamp.text == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("June 5, 2024 12:10 AM", "2024-06-05T00:10"), ("June 5, 2024 12:10 PM", "2024-06-05T12:10"),
        ("June 5, 2024 12 noon", "2024-06-05T12:00"), ("2024-06-05T24:00:00Z", "2024-06-06T00:00"),
        ("2024-12-31T23:59:60Z", "2025-01-01T00:00"), ("5 Jun 99 10:00", "1999-06-05T10:00"),
        ("5 June 2024 15:30 PM", "2024-06-05T15:30"), ("2024年6月5日 上午9:05", "2024-06-05T09:05"),
    ],
)  # fmt: skip
def test_the_ends_of_a_day(text: str, instant: str) -> None:
    assert parse_stamp(text, "UTC").at == utc(instant)


@pytest.mark.parametrize(
    "text",
    [
        "21/01/15", "5/6/24 15:30", "June 5, 10 pm ET", "Jun 5 15:30", "about 5, 2024 shares", "5 June 2024 15:30 AM",
        "June 5, 2024 00:30 PM", "2024-06-05 24:30", "2024-06-05 15:60", "5 June 2024 1630", "令和6年6月5日 15:30",
        "2024-13-05", "31 June 2024", "June 5, 2024 Eastern 4:30 PM", "2024-157", "5 June 2024, read 12:30", "17176014",
    ],
)  # fmt: skip
def test_a_text_that_may_mean_several_times_or_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"date|year|hour|time"):
        parse_stamp(text, "UTC", dayfirst=True)


# --- months ---------------------------------------------------------------------------------------------------------


def test_the_table_of_months_is_that_of_cldr() -> None:
    names = {(name.replace("_", " "), number) for number, row in enumerate(MONTHS, 1) for name in row.split()}
    names |= {(name, number) for name, number, _ in MIXED}
    assert names == {(name, number) for name, numbers in month_tables.months().items() for number in numbers}


def spoken_months() -> Iterator[tuple[str, str, int]]:
    for name, numbers in month_tables.months().items():
        for number, languages in numbers.items():
            yield from ((name, language, number) for language in languages)


def test_each_name_of_a_month_is_read_in_its_language() -> None:
    for name, language, number in spoken_months():
        for text in (f"5 {name} 2024 15:30", f"5. {name.upper()} 2024", f"{name} 5, 2024", f"5-{name}.-2024"):
            assert parse_stamp(text, language=language).wall.month == number, (text, language)


def test_a_name_of_two_months_needs_its_language() -> None:
    with pytest.raises(ValueError, match="set `language` to one of hr, pl"):
        parse_stamp("5 lip 2024 15:30")
    assert parse_stamp("5 lip 2024 15:30", language="pl").wall.month == 7
    assert parse_stamp("5 lip 2024 15:30", language="hr").wall.month == 6
    assert "pl" in LANGUAGES


@given(st.text(max_size=30))
def test_folding_keeps_the_length_of_a_text(text: str) -> None:
    assert len(fold(text)) == len(text)


# --- round trips ----------------------------------------------------------------------------------------------------

WALLS = st.datetimes(datetime(1980, 1, 3), datetime(2049, 12, 30)).map(lambda t: t.replace(microsecond=0, second=0))  # noqa: DTZ001
FORMS = (
    "%a, %d %b %Y %H:%M:%S", "%d %b %y %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M",
    "%d.%m.%Y %H:%M",
    "%B %d, %Y %I:%M %p", "%d %B %Y at %H:%M", "%b-%d-%y %I:%M%p", "%m/%d/%Y %I:%M:%S %p", "%Y年%m月%d日 %H:%M",
    "%H:%M, %d %B %Y", "%A, %B %d, %Y, %I:%M %p",
)  # fmt: skip
ZONES = {
    "ET": "America/New_York", "Eastern Time": "America/New_York", "(New York)": "America/New_York",
    "CT": "America/Chicago",
    "Pacific Time": "America/Los_Angeles", "UK time": "Europe/London", "London time": "Europe/London",
    "Central European Time": "Europe/Berlin", "MSK": "Europe/Moscow", "Moscow time": "Europe/Moscow",
    "JST": "Asia/Tokyo", "HKT": "Asia/Hong_Kong", "AET": "Australia/Sydney", "UTC": "UTC",
    "Asia/Kolkata": "Asia/Kolkata",
}  # fmt: skip


@given(WALLS, st.sampled_from(FORMS), st.sampled_from(sorted(ZONES)))
def test_each_form_with_each_zone_is_read_back(wall: datetime, form: str, words: str) -> None:
    stamp = parse_stamp(f"{wall.strftime(form)} {words}", "Asia/Tehran")
    at = wall.replace(tzinfo=ZoneInfo(ZONES[words])).astimezone(UTC)
    assert (stamp.at, stamp.wall, stamp.basis) == (at, wall, ZoneBasis.STATED)


@given(WALLS, st.sampled_from(FORMS), st.sampled_from([-720, -210, -60, 0, 60, 330, 345, 840]))
def test_each_form_with_each_offset_is_read_back(wall: datetime, form: str, minutes: int) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    for offset in (f" {sign}{hours:02}{rest:02}", f" GMT{sign}{hours:02}:{rest:02}", f" (UTC{sign}{hours}:{rest:02})"):
        assert parse_stamp(wall.strftime(form) + offset).at == wall.replace(tzinfo=UTC) - timedelta(minutes=minutes)


@given(WALLS, st.sampled_from(FORMS))
def test_each_form_without_a_zone_has_the_zone_of_the_source(wall: datetime, form: str) -> None:
    stamp = parse_stamp(wall.strftime(form), "Europe/Moscow")
    assert (stamp.wall, stamp.basis) == (wall, ZoneBasis.SOURCE)
