from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.news.articles import RejectedError
from signals.news.plain_text import parse_text
from signals.types import CsvDialect, Precision, Scheme, Tag, ZoneBasis
from tests.news.newsroom import PAGE, parse, parse_article, parse_refusal, spec

PAGES = spec("page")


def test_a_saved_page_has_title_stamp_tags_publisher_and_body() -> None:
    article = parse_article(PAGES, PAGE)
    assert article.title == "Vostok Rail orders ninety locomotives from Calder Works"
    assert article.stamp.at == datetime(2020, 2, 3, 9, 15, tzinfo=UTC)
    assert (article.stamp.zone, article.stamp.basis) == ("Europe/London", ZoneBasis.SOURCE)
    assert article.tags == (Tag("VSTK", Scheme.PAGE_TAG), Tag("CLDq", Scheme.PAGE_TAG))
    assert article.publisher == "Reuters"
    assert article.body == (
        "PERM (Reuters) - Vostok Rail said on Monday it had ordered ninety locomotives from Calder Works, its largest"
        " order yet.\n\nThe first will be delivered in May, the railway said. Shares of Calder (NYSE:CLD) had not begun"
        ' to trade.\n\n"It is a good day," said its director.'
    )


def test_a_page_without_a_date_is_refused_with_its_file() -> None:
    refused = parse_refusal(
        PAGES, PAGE.replace("Published 03/02/2020, 09:15", "").replace("Feb 04, 2020 10:11 GMT", "")
    )
    assert (refused.reason, refused.item) == ("no_date", "inbox/one.txt")


def test_two_times_of_publication_are_refused_and_both_are_quoted() -> None:
    refused = parse_refusal(PAGES, PAGE.replace("PERM", "Published 04/02/2020, 10:00\nPERM"))
    assert refused.reason == "two_dates"
    assert "03/02/2020, 09:15" in refused.detail
    assert "04/02/2020, 10:00" in refused.detail


@pytest.mark.parametrize(
    "lines",
    [
        "Published 03/02/2020, 09:15\nUpdated 04/02/2020, 10:00",
        "Updated 04/02/2020, 10:00\nPublished 03/02/2020, 09:15",
        "Published 03/02/2020, 09:15 | Updated 04/02/2020, 10:00",
        "03/02/2020, 09:15\nLast updated: 04/02/2020, 10:00",
        "03/02/2020\nPublished 03/02/2020, 09:15",
        "03 Feb 2020\n03/02/2020, 09:15",
        "Published 03/02/2020, 09:15\nPublished 03/02/2020, 09:15",
    ],
)
def test_publication_takes_precedence_over_an_update_and_a_time_over_its_day(lines: str) -> None:
    article = parse_article(PAGES, PAGE.replace("Published 03/02/2020, 09:15", lines))
    assert article.stamp.at == datetime(2020, 2, 3, 9, 15, tzinfo=UTC)
    assert "updated" not in article.body.lower()


@pytest.mark.parametrize(
    "stamp", ["RailwaysFeb 03, 2020 04:15AM ET", "3 February 2020 09:15 GMT", "Дата: 03.02.2020, 12:15 МСК"]
)
def test_a_stamp_may_be_written_in_other_ways(stamp: str) -> None:
    article = parse_article(spec("page", CsvDialect()), PAGE.replace("Published 03/02/2020, 09:15", stamp))
    assert article.stamp.at == datetime(2020, 2, 3, 9, 15, tzinfo=UTC)
    assert article.stamp.basis is ZoneBasis.STATED


def test_a_stamp_that_contradicts_dayfirst_names_the_setting_to_change() -> None:
    refused = parse_refusal(spec("page", CsvDialect()), PAGE.replace("03/02/2020", "23/02/2020"))
    assert refused.reason == "no_date"
    assert "set dayfirst: true" in refused.detail


def test_a_page_with_a_day_only_has_day_precision() -> None:
    article = parse_article(PAGES, PAGE.replace("Published 03/02/2020, 09:15", "Published 03/02/2020"))
    assert article.stamp.precision is Precision.DAY


@pytest.mark.parametrize(
    "above",
    [
        "Vostok Rail orders ninety locomotives from Calder Works\n",
        "Home > Markets > Rail\n\nVostok Rail orders ninety locomotives from Calder Works\nBy Anna Petrova",
        "Subscribe to read more of what is happening today\nVostok Rail orders ninety locomotives from Calder Works",
        "Markets\n\nVostok Rail orders ninety locomotives from Calder Works\nThe railway's largest order yet",
    ],
)
def test_the_headline_is_the_first_plausible_line_above_the_stamp(above: str) -> None:
    below = PAGE[PAGE.index("Published") :]
    assert parse_article(PAGES, f"{above}\n{below}").title == "Vostok Rail orders ninety locomotives from Calder Works"


def test_a_headline_may_stand_below_the_stamp() -> None:
    page = "03/02/2020, 09:15\n\nCalder Works hires two hundred people\n\nIt said so on Monday.\n"
    article = parse_article(PAGES, page)
    assert (article.title, article.body) == ("Calder Works hires two hundred people", "It said so on Monday.")


def test_a_page_without_a_headline_is_refused() -> None:
    assert (
        parse_refusal(PAGES, "Published 03/02/2020, 09:15\n\n" + "Nobody gave this a name. " * 9).reason == "no_title"
    )


@pytest.mark.parametrize("line", ["&nbsp;", "&#0;", "<b></b>"])
def test_a_headline_without_visible_text_is_no_headline(line: str) -> None:
    assert parse_refusal(PAGES, f"{line}\n03/02/2020, 09:15\n").reason == "no_title"


def test_buttons_and_sign_offs_are_not_the_body() -> None:
    page = PAGE.replace("\nPERM", "\nShare\n2 min read\n\nPERM").replace(
        "Latest comments", "(Reporting by Anna Petrova; Editing by Boris Ivanov)\n\nRelated Articles"
    )
    assert parse_article(PAGES, page).body == parse_article(PAGES, PAGE).body


def test_dates_below_the_first_paragraph_belong_to_other_articles() -> None:
    page = PAGE.replace("Published 03/02/2020, 09:15", "03/02/2020, 09:15").replace(
        "Latest comments", "Other rail news\n01/02/2020, 08:00\n\nLatest comments"
    )
    assert parse_article(PAGES, page).stamp.at == datetime(2020, 2, 3, 9, 15, tzinfo=UTC)


def test_a_source_without_agency_keeps_its_own_publisher() -> None:
    news_spec = replace(PAGES, publisher="Meridian")
    assert parse_article(news_spec, PAGE.replace(" (Reuters)", "")).publisher == "Meridian"


def test_a_page_of_too_many_lines_is_rejected() -> None:
    with pytest.raises(RejectedError) as rejected:
        parse_text("A line.\n" * 20_001, PAGES)
    assert rejected.value.reason == "too_large"


def test_a_title_from_elsewhere_takes_precedence_over_the_lines() -> None:
    assert parse_text(PAGE, PAGES, "From the markup").title == "From the markup"


def test_a_date_after_many_words_is_no_stamp() -> None:
    assert (
        parse_refusal(PAGES, "Calder Works hires\n\nThe ninety locomotives were ordered on 03/02/2020\n").reason
        == "no_date"
    )


def test_a_dash_below_a_sentence_is_no_tag() -> None:
    page = "Calder Works hires\n03/02/2020, 09:15\n\nIt said so.\n-\nCLD\n+1%\n\nMore of it.\n"
    assert [tag.text for tag in parse_article(PAGES, page).tags] == ["CLD"]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for page in (text, f"{text}\nPublished 03/02/2020\n{text}"):
        assert len(parse(PAGES, page.encode("utf-8", "ignore"))) == 1


@given(st.lists(st.sampled_from(PAGE.splitlines()), max_size=30))
def test_lines_in_any_order_are_read_or_refused(lines: list[str]) -> None:
    assert len(parse(PAGES, "\n".join(lines))) == 1
