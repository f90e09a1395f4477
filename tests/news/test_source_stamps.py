"""Stamps as their source writes them: days in files of midnights, columns of times, zones by date, counts."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from signals.errors import ConfigError
from signals.news import open_source
from signals.news.source_stamps import zone_on
from signals.types import Article, CsvDialect, NewsSpec, Precision, Refusal, Stamp, ZoneSince
from tests.news.newsroom import parse, spec
from tests.news.test_feed import item, rss

COLUMNS = {"published_at": "date", "title": "title"}
ARCHIVE = spec("csv", CsvDialect(timezone="America/New_York", columns=COLUMNS), path="a.csv")
TWO_COLUMNS = spec("csv", CsvDialect(timezone="America/New_York", columns={**COLUMNS, "time": "at"}), path="a.csv")
LINES = spec("jsonl", CsvDialect(timezone="America/New_York", columns=COLUMNS), path="a.jsonl")
MIDNIGHTS = ["2024-06-05 00:00:00", "2024-06-06 00:00:00 UTC", "20240607T000000", "Sat, 08 Jun 2024 00:00:00 EST"]


def stamps(news_spec: NewsSpec, texts: Sequence[str]) -> list[Stamp]:
    rows = "\n".join(["title,date,at", *(f"Title {n},{text}".replace(", ", " ") for n, text in enumerate(texts))])
    outcomes = parse(news_spec, rows.replace(";", ","), "a.csv")
    assert all(isinstance(outcome, Article) for outcome in outcomes), outcomes
    return [outcome.stamp for outcome in outcomes if isinstance(outcome, Article)]


def days(news_spec: NewsSpec, texts: Sequence[str]) -> list[bool]:
    return [stamp.precision is Precision.DAY for stamp in stamps(news_spec, [f"{text};" for text in texts])]


@pytest.mark.parametrize("texts", [MIDNIGHTS, MIDNIGHTS[:1], ["2024-06-05", *MIDNIGHTS], ["1717545600", "1717632000"]])
def test_a_file_of_midnights_is_a_file_of_days(texts: list[str]) -> None:
    assert all(days(ARCHIVE, texts))
    assert not any(days(spec("csv", ARCHIVE.dialect, path="a.csv", midnight="instant"), texts[-1:]))


def test_a_midnight_among_other_times_is_an_instant_unless_the_entry_says_otherwise() -> None:
    texts = ["2024-06-05 00:00:00", "2024-06-05 00:00:01"]
    assert days(ARCHIVE, texts) == [False, False]
    assert days(spec("csv", ARCHIVE.dialect, path="a.csv", midnight="day"), texts) == [True, False]


def test_a_midnight_that_is_a_day_is_that_of_its_own_zone() -> None:
    (stamp,) = stamps(ARCHIVE, ["2023-12-12 00:00:00 UTC;"])
    assert (stamp.wall.date(), stamp.zone, stamp.others) == (date(2023, 12, 12), "UTC", ())


def test_a_feed_of_midnights_is_a_feed_of_days() -> None:
    (one, two) = parse(spec("feed"), rss(*(item(f"Wed, 0{n} May 2024 00:00:00 GMT", f"Title {n}") for n in (1, 8))))
    assert [isinstance(a, Article) and a.stamp.precision for a in (one, two)] == [Precision.DAY] * 2


def test_the_digest_of_an_article_says_whether_its_midnight_is_a_day() -> None:
    rows = "title,date\nTitle,2024-06-05 00:00:00\n"
    (one,), (two,) = (parse(spec("csv", ARCHIVE.dialect, midnight=m), rows, "a.csv") for m in ("day", "instant"))
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert one.digest != two.digest


@pytest.mark.parametrize(
    ("day", "time"),
    [("2024-07-22", "16:57:14"), ("07/22/2024", "4:57:14 PM"), ("22 Jul 2024", "16:57:14 EDT"),
     ("20240722", "16:57:14"), ("20240722", "165714"), ("22.07.2024", "20:57:14Z"), ("2024-07-22", "21:57:14 BST")],
)  # fmt: skip
def test_a_day_and_a_time_in_two_columns_are_one_stamp(day: str, time: str) -> None:
    (stamp,) = stamps(TWO_COLUMNS, [f"{day};{time}"])
    assert (stamp.at, stamp.precision) == (datetime(2024, 7, 22, 20, 57, 14, tzinfo=UTC), Precision.INSTANT)


def test_a_row_without_its_time_has_a_day() -> None:
    (one, two) = stamps(TWO_COLUMNS, ["2024-07-22;", "2024-07-22;16:57"])
    assert (one.precision, two.precision) == (Precision.DAY, Precision.MINUTE)


def test_a_time_that_is_none_rejects_its_row() -> None:
    (refused,) = parse(TWO_COLUMNS, "title,date,at\nTitle,2024-07-22,after the close 9\n", "a.csv")
    assert isinstance(refused, Refusal)
    assert refused.reason == "no_date"


@pytest.mark.parametrize(
    "count",
    [1721660234, 1721660234.0, 1721660234.5, 1721660234123, 1721660234123.0, 1721660234000000, 1721660234000000000,
     "1721660234", "1721660234000", "1.721660234e9", "1721660234000000"],
)  # fmt: skip
def test_counts_of_seconds_milli_micro_and_nanoseconds(count: float | str) -> None:
    (article,) = parse(LINES, json.dumps({"title": "Title", "date": count}), "a.jsonl")
    assert isinstance(article, Article)
    assert article.stamp.at.replace(microsecond=0) == datetime(2024, 7, 22, 14, 57, 14, tzinfo=UTC)
    (stamp,) = stamps(ARCHIVE, [f"{count};"])
    assert stamp.at.replace(microsecond=0) == datetime(2024, 7, 22, 14, 57, 14, tzinfo=UTC)


ZONES = (ZoneSince("Europe/London"), ZoneSince("America/New_York", date(2009, 11, 16)))


@pytest.mark.parametrize(
    ("text", "instant"),
    [("2009-11-15 16:30", "2009-11-15T16:30"), ("2009-11-16 16:30", "2009-11-16T21:30"),
     ("2009-11-16 00:10", "2009-11-16T05:10"), ("2024-06-05 16:30", "2024-06-05T20:30"),
     ("2024-06-05 16:30 UTC", "2024-06-05T16:30")],
)  # fmt: skip
def test_a_source_that_changed_its_zone_has_a_list_of_them(text: str, instant: str) -> None:
    entry = spec("csv", CsvDialect(columns=COLUMNS), path="a.csv", zones=ZONES)
    (stamp,) = stamps(entry, [f"{text};"])
    assert stamp.at == datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert zone_on(entry, date(2000, 1, 1)) == "Europe/London"
    late = spec("csv", zones=ZONES[1:])
    assert zone_on(late, date(2000, 1, 1)) == "America/New_York"


def test_the_language_of_an_entry_decides_between_months_and_is_checked() -> None:
    for code, month in (("pl", 7), ("hr", 6)):
        (stamp,) = stamps(spec("csv", ARCHIVE.dialect, path="a.csv", language=code), ["5 lip 2024 16:30;"])
        assert stamp.wall.month == month
    with pytest.raises(ConfigError, match="'tlh' is not known; known languages: ar, "):
        open_source(spec("csv", ARCHIVE.dialect, path="a.csv", language="tlh"), Path())
