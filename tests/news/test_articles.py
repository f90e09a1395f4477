"""Rules for the articles of every source: when they were seen, what is kept, and who published them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from signals.types import CsvDialect, Keep
from tests.news.newsroom import LONDON, NOW, PAGE, parse_article, parse_refusal, spec

ROWS = spec("csv", CsvDialect(timezone="UTC"), path="archive.csv")
ARCHIVED = replace(ROWS, known_at="published")


def row(stamp: str, title: str = "Calder Works hires") -> str:
    return f"published_at,title,body\n{stamp},{title},LEEDS (Reuters) - Many.\n"


@pytest.mark.parametrize("stamp", [NOW + timedelta(days=2), NOW + timedelta(days=365)])
def test_an_article_dated_more_than_a_day_ahead_is_refused(stamp: datetime) -> None:
    refused = parse_refusal(ROWS, row(stamp.isoformat()))
    assert refused.reason == "future_date"
    assert "correct `timezone` or `dayfirst`" in refused.detail


def test_a_stamp_less_than_a_day_ahead_is_accepted() -> None:
    ahead = parse_article(ROWS, row((NOW + timedelta(hours=14)).isoformat()))
    assert ahead.seen_at == NOW
    assert parse_article(ARCHIVED, row((NOW + timedelta(hours=14)).isoformat())).seen_at == NOW


def test_known_at_published_makes_an_article_seen_at_its_publication() -> None:
    assert parse_article(ROWS, row("2020-02-03 09:15")).seen_at == NOW
    assert parse_article(ARCHIVED, row("2020-02-03 09:15")).seen_at == datetime(2020, 2, 3, 9, 15, tzinfo=UTC)


def test_an_article_with_day_precision_is_seen_at_the_end_of_its_day() -> None:
    assert parse_article(ARCHIVED, row("2020-02-03")).seen_at == datetime(2020, 2, 4, tzinfo=UTC)


def test_the_agency_is_the_publisher_and_the_site_stays_the_site() -> None:
    news_spec = spec("page", LONDON, publisher="Meridian")
    own, agency = parse_article(news_spec, PAGE.replace(" (Reuters)", "")), parse_article(news_spec, PAGE)
    assert (agency.publisher, agency.site, own.publisher, own.site) == ("Reuters", "Meridian", "Meridian", "Meridian")


def test_keep_headline_drops_the_body_and_not_the_digest() -> None:
    whole, headline = (
        parse_article(ROWS, row("2020-02-03")),
        parse_article(replace(ROWS, keep=Keep.HEADLINE), row("2020-02-03")),
    )
    assert (whole.body, headline.body) == ("LEEDS (Reuters) - Many.", "")
    assert whole.digest == headline.digest  # a change of the text is a change all the same


def test_a_withdrawal_notice_names_the_headline_that_it_withdraws() -> None:
    assert parse_article(ROWS, row("2020-02-03", "KILL: Calder Works hires")).withdraws == "Calder Works hires"
    assert parse_article(ROWS, row("2020-02-03")).withdraws == ""


def test_at_most_thirty_combining_marks_on_a_letter_are_kept() -> None:
    heap = parse_article(ROWS, row("2020-02-03T09:15:00Z", "Calde\u0301r Q" + "\u0316\u0301" * 40 + " hires"))
    assert heap.title == "Cald\u00e9r Q" + "\u0316" * 15 + "\u0301" * 15 + " hires"
