"""The names of authors, as pages, lines of text and feeds give them."""

import json

import pytest
from lxml import html

from signals.news.authors import byline_names, read_authors, split_names
from tests.news.newsroom import PAGE, parse_article, spec

META = '<meta property="article:published_time" content="2020-02-03T09:15:00+00:00">'
TEXT = "<p>Calder Works opened a foundry on Monday, its first in the north, and will hire two hundred people.</p>" * 2


def page(head: str = "", below: str = "") -> str:
    title = "<h1>Calder Works opens a foundry</h1>"
    return f"<html><head>{META}{head}</head><body>{title}{below}<article>{TEXT}</article></body></html>"


def json_ld(author: object) -> str:
    data = {"@type": "NewsArticle", "author": author, "publisher": {"name": "Meridian"}}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Jane Roe and Ivo Marek", ("Jane Roe", "Ivo Marek")),
        ("By Jane Roe, Ivo Marek & Nora Lind", ("Jane Roe", "Ivo Marek", "Nora Lind")),
        ("Jane Roe; Ivo Marek", ("Jane Roe", "Ivo Marek")),
        ("Jane Roe, Senior Reporter", ("Jane Roe",)),
        ("By JANE ROE for Meridian", ("JANE ROE",)),
        ("By Jane Roe and Ivo Marek on March 12, 2024", ("Jane Roe", "Ivo Marek")),
        ("Von Jürgen Groß und Lea Fontaine", ("Jürgen Groß", "Lea Fontaine")),
        ("Автор: Анна Петрова", ("Анна Петрова",)),
        ("Roe, Jane", ("Jane Roe",)),
        ("Mary-Ann O'Neil, Ludwig van der Meer", ("Mary-Ann O'Neil", "Ludwig van der Meer")),
        ("https://meridian.example/people/jane-roe", ()),
        ("@janeroe", ()),
        ("admin", ()),
        ("jane.roe@meridian.example", ()),
        ("by the end of the year", ()),
        ("", ()),
    ],
)
def test_a_text_gives_the_names_in_it(text: str, names: tuple[str, ...]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("25 April 2024 | 14:07 | by Jane Roe", ("Jane Roe",)),
        ("By Jane Roe and Ivo Marek", ("Jane Roe", "Ivo Marek")),
        ("It will be ready by May, and it will open by June.", ()),
    ],
)
def test_a_line_has_a_byline_at_its_start_or_after_a_separator(line: str, names: tuple[str, ...]) -> None:
    assert byline_names(line) == names


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (page(json_ld([{"@type": "Person", "name": "Jane Roe"}, {"name": "Ivo Marek"}])), ("Jane Roe", "Ivo Marek")),
        (page(json_ld({"name": ["Jane Roe", "Ivo Marek"]})), ("Jane Roe", "Ivo Marek")),
        (page(json_ld("Jane Roe")), ("Jane Roe",)),
        (page(json_ld([{"url": "https://meridian.example/jane"}, 7, [["x"]]])), ()),
        (page('<meta name="author" content="Jane Roe, Ivo Marek">'), ("Jane Roe", "Ivo Marek")),
        (page('<meta property="article:author" content="https://meridian.example/jane">'), ()),
        (page('<meta name="byl" content="By Jane Roe">'), ("Jane Roe",)),
        (page(below='<div class="byline">By <a href="/j">Jane Roe</a> and <a href="/i">Ivo Marek</a></div>'),
         ("Jane Roe", "Ivo Marek")),
        (page(below='<span itemprop="author"><meta itemprop="name" content="Jane Roe"></span>'), ("Jane Roe",)),
        (page(below='<a rel="author" href="/j">Jane Roe</a>'), ("Jane Roe",)),
        (page(below="<div>3 February 2020, 09:15 | By Jane Roe</div>"), ("Jane Roe",)),
        (page(), ()),
    ],
)  # fmt: skip
def test_a_page_gives_its_authors(written: str, names: tuple[str, ...]) -> None:
    assert parse_article(spec("page"), written).authors == names


def test_the_publisher_is_the_author_only_if_the_page_says_so_and_names_no_person() -> None:
    stated = json_ld({"@type": "Organization", "name": "Meridian"})
    assert parse_article(spec("page"), page(stated)).authors == ("Meridian",)
    person = '<div class="byline">By Jane Roe</div>'
    assert parse_article(spec("page"), page(stated, person)).authors == ("Jane Roe",)
    assert read_authors(html.document_fromstring(page()), {}, {}, "Meridian") == ()


def test_a_page_saved_as_text_has_the_authors_of_its_byline() -> None:
    assert parse_article(spec("page"), PAGE).authors == ()
    saved = PAGE.replace("Published 03/02/2020, 09:15", "By Jane Roe and Ivo Marek\nPublished 03/02/2020, 09:15")
    assert parse_article(spec("page"), saved).authors == ("Jane Roe", "Ivo Marek")


@pytest.mark.parametrize(("author", "names"), [("Jane Roe, Ivo Marek", ("Jane Roe", "Ivo Marek")), ("Reuters", ())])
def test_an_item_of_a_feed_has_its_authors(author: str, names: tuple[str, ...]) -> None:
    item = (
        f"<title>Calder opens</title><pubDate>Mon, 03 Feb 2020 09:15:00 GMT</pubDate><dc:creator>{author}</dc:creator>"
    )
    feed = (
        f'<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item>{item}</item></channel></rss>'
    )
    assert parse_article(spec("feed"), feed).authors == names
