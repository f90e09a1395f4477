"""What holds for an article from whatever source: when it was known, what is kept, whose words it is."""

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
def test_what_was_published_after_it_was_fetched_is_refused(stamp: datetime) -> None:
    refused = parse_refusal(ROWS, row(stamp.isoformat()))
    assert refused.reason == "future_date"
    assert "correct `timezone` or `dayfirst`" in refused.detail


def test_no_more_than_a_zone_read_wrongly_is_let_pass() -> None:
    ahead = parse_article(ROWS, row((NOW + timedelta(hours=14)).isoformat()))
    assert ahead.seen_at == NOW
    assert parse_article(ARCHIVED, row((NOW + timedelta(hours=14)).isoformat())).seen_at == NOW


def test_an_archive_was_known_when_it_was_published_if_its_owner_says_so() -> None:
    assert parse_article(ROWS, row("2020-02-03 09:15")).seen_at == NOW
    assert parse_article(ARCHIVED, row("2020-02-03 09:15")).seen_at == datetime(2020, 2, 3, 9, 15, tzinfo=UTC)


def test_of_a_day_it_is_known_only_that_it_had_come_out_when_the_day_was_over() -> None:
    assert parse_article(ARCHIVED, row("2020-02-03")).seen_at == datetime(2020, 2, 4, tzinfo=UTC)


def test_the_agency_and_the_site_are_kept_apart() -> None:
    news_spec = spec("page", LONDON, publisher="Meridian")
    own, agency = parse_article(news_spec, PAGE.replace(" (Reuters)", "")), parse_article(news_spec, PAGE)
    assert (agency.publisher, agency.site, own.publisher, own.site) == ("Reuters", "Meridian", "Meridian", "Meridian")


def test_only_the_headline_is_kept_where_no_more_may_be() -> None:
    whole, headline = (
        parse_article(ROWS, row("2020-02-03")),
        parse_article(replace(ROWS, keep=Keep.HEADLINE), row("2020-02-03")),
    )
    assert (whole.body, headline.body) == ("LEEDS (Reuters) - Many.", "")
    assert whole.digest == headline.digest  # a change of the text is a change all the same


def test_a_withdrawal_notice_names_the_headline_that_it_withdraws() -> None:
    assert parse_article(ROWS, row("2020-02-03", "KILL: Calder Works hires")).withdraws == "Calder Works hires"
    assert parse_article(ROWS, row("2020-02-03")).withdraws == ""


def test_of_a_heap_of_marks_on_a_letter_thirty_are_kept() -> None:
    heap = parse_article(ROWS, row("2020-02-03T09:15:00Z", "Calde\u0301r Q" + "\u0316\u0301" * 40 + " hires"))
    assert heap.title == "Cald\u00e9r Q" + "\u0316" * 15 + "\u0301" * 15 + " hires"
