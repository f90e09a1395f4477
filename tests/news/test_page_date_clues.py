"""Clues to the time of a page that states none where pages usually do, and what is no clue."""

import json
from datetime import UTC, date, datetime

import pytest

from signals.news.page_date_clues import day_in_address
from signals.types import Article, CsvDialect, Precision
from tests.news.newsroom import parse, parse_article, parse_refusal, spec

TITLE = "Calder Works lifts its dividend"
TEXT = (
    "<p>Calder Works (NYSE: CLD) said on Wednesday that it would lift its dividend by a tenth after a good year.</p>"
    "<p>Its directors had met in Leeds in the morning, and they also named a new head of the two older foundries.</p>"
)
PAGES = spec("page", CsvDialect())
WRITTEN = "2024-06-05T16:30:00-04:00"
DATED = {"datePublished": WRITTEN}
AT = datetime(2024, 6, 5, 20, 30, tzinfo=UTC)


def page(head: str = "", top: str = "", below: str = "", end: str = "") -> str:
    article = f"<article><h1>{TITLE}</h1>{top}{TEXT}{end}</article>"
    return f"<!doctype html><html><head><title>{TITLE}</title>{head}</head><body>{article}{below}</body></html>"


def ld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def meta(name: str, key: str = "name") -> str:
    return page(f'<meta {key}="{name}" content="{WRITTEN}">')


META_NAMES = [
    "citation_publication_date", "article:published_date", "published", "dc.created", "date_published", "displayDate",
    "article-publish-date", "rc.datecreation", "firstPublished", "eomportal-published",
    "shareaholic:article_published_time", "postdate", "prism.publicationDate",
]  # fmt: skip
ELEMENTS = [
    f'<relative-time datetime="{WRITTEN}">2h</relative-time>',
    f'<amp-timeago datetime="{WRITTEN}">x</amp-timeago>',
    f'<abbr class="published" title="{WRITTEN}">5 June</abbr>',
    f'<time title="{WRITTEN}">2h</time>',
    f'<span class="ago" title="{WRITTEN}">2h</span>',
    f'<span data-datetime="{WRITTEN}">2 hours ago</span>',
    f'<i data-posted-at="{WRITTEN}"></i>',
    f'<input type="hidden" name="published" value="{WRITTEN}">',
    '<i data-ts="1717619400"></i>',
    '<b data-timestamp="1717619400">2 hours ago</b>',
    '<x-time data-timestamp="1717619400000"></x-time>',
    f'<span property="schema:datePublished" content="{WRITTEN}">x</span>',
    f'<span property="dc:date">{WRITTEN}</span>',
]  # fmt: skip


@pytest.mark.parametrize("name", META_NAMES)
def test_a_meta_element_is_a_clue_by_the_words_of_its_name(name: str) -> None:
    assert parse_article(PAGES, meta(name)).stamp.at == AT


@pytest.mark.parametrize(
    "name", ["expires", "article:update_date", "event_start_date", "video:release_date", "readtime"]
)
def test_a_meta_element_of_another_date_is_no_clue(name: str) -> None:
    assert parse_refusal(PAGES, meta(name)).reason == "no_date"


@pytest.mark.parametrize("element", ELEMENTS)
def test_an_element_beside_the_text_that_holds_a_date_is_a_clue(element: str) -> None:
    assert parse_article(PAGES, page(top=f"<div>{element}</div>")).stamp.at == AT


@pytest.mark.parametrize("element", ELEMENTS)
def test_such_an_element_of_another_story_is_none(element: str) -> None:
    teaser = f"<div class='related'>{element}<a href='/t'>A mayor opens the longest bridge</a></div>"
    assert parse_refusal(PAGES, page(below=teaser)).reason == "no_date"


@pytest.mark.parametrize(
    "head",
    [
        ld({"@type": "Review", "headline": TITLE, "datePublished": WRITTEN}),
        ld({"@type": "VideoObject", "name": "x", "uploadDate": WRITTEN}),
        ld(
            [
                {"@type": "Dataset", "datePublished": "2020-01-01"},
                {"@type": "Event", "name": TITLE, "datePublished": WRITTEN},
            ]
        ),
        f'<script type="application/ld+json">{{"about": "the "new" plant", "datePublished": "{WRITTEN}"}}</script>',
        ld({"@type": "WebSite"}).replace("</script>", json.dumps({"@type": "NewsArticle", **DATED}) + "</script>"),
    ],
)
def test_json_ld_of_any_type_or_that_is_broken_is_a_clue(head: str) -> None:
    assert parse_article(PAGES, page(head)).stamp.at == AT


@pytest.mark.parametrize(
    "script",
    [
        "var x = {publishedAt: 1717619400};",
        f"</script><i data-props='{json.dumps({'publishedAt': WRITTEN})}'></i><script>",
        f"dataLayer = [{{'pubDate': '{WRITTEN}'}}];",
        f'var x = {{"publishedAt": "{WRITTEN}", "again": {{"publishedAt":"{WRITTEN}"}}}};',
        f'self.push([1, "{{\\"published_at\\":\\"{WRITTEN}\\"}}"])',
    ],
)
def test_the_only_time_in_the_state_of_a_page_is_a_clue(script: str) -> None:
    assert parse_article(PAGES, page(f"<script>{script}</script>")).stamp.at == AT
    other = "<script>f({publishedAt: '2024-01-02T10:00:00Z'})</script>"
    assert parse_refusal(PAGES, page(f"<script>{script}</script>{other}")).reason == "no_date"


def test_the_only_time_of_a_page_is_a_clue_wherever_it_stands() -> None:
    aside = f'<aside class="latest"><time datetime="{WRITTEN}">x</time></aside>'
    assert parse_article(PAGES, page(top=aside)).stamp.at == AT
    assert (
        parse_refusal(PAGES, page(top=aside, below='<nav><time datetime="2024-01-02">x</time></nav>')).reason
        == "no_date"
    )


def test_the_footer_of_an_article_is_its_own() -> None:
    footer = f'<footer>Posted on <time datetime="{WRITTEN}">5 June</time></footer>'
    site = '<footer><time datetime="2020-01-02T10:00:00Z">x</time></footer>'
    assert parse_article(PAGES, page(end=footer, below=site)).stamp.at == AT


def test_a_statement_comes_before_every_clue() -> None:
    stated = f'<meta property="article:published_time" content="{WRITTEN}"><meta name="created" content="2020-01-02">'
    assert parse_article(PAGES, page(stated, '<b data-timestamp="1580000000">x</b>')).stamp.at == AT


@pytest.mark.parametrize(
    "path",
    [
        "/2024/06/05/calder",
        "/news/2024-06-05/calder",
        "/calder-20240605.html",
        "/a/2024/6/5/",
        "/a/2024/jun/05/b",
        "/2024_06_05-x",
    ],
)
def test_the_day_in_the_address_of_a_page_is_the_last_clue(path: str) -> None:
    link = f'<link rel="canonical" href="https://meridian.example{path}">'
    stamp = parse_article(PAGES, page(link)).stamp
    assert (stamp.precision, stamp.wall.date()) == (Precision.DAY, date(2024, 6, 5))
    assert parse_article(PAGES, page(link, end="<p>Published June 6, 2024 10:00 UTC</p>")).stamp.wall.day == 6


@pytest.mark.parametrize(
    "path", ["/story-20241399", "/2024/06/calder", "/1717619400", "/2024/06/05/after-2024-06-04", "/q/120240605", ""]
)
def test_other_numbers_in_an_address_are_no_day(path: str) -> None:
    link = f'<link rel="canonical" href="https://meridian.example{path}">'
    assert parse_refusal(PAGES, page(link)).reason == "no_date"


def test_a_page_that_was_fetched_has_the_day_of_its_own_address() -> None:
    (outcome,) = parse(PAGES, page(), "https://meridian.example/2024/06/05/calder")
    assert isinstance(outcome, Article)
    assert outcome.stamp.wall.date() == date(2024, 6, 5)
    assert day_in_address("https://meridian.example/x?d=2024-06-05") == ""
