"""The body of a page: the layouts of the benchmark, and each piece of evidence by which a reading is chosen."""

import json

import pytest
import trafilatura

from benchmarks.page_layouts import Page, pages
from benchmarks.reading import body_f1
from signals.news.body import Statement, read_body
from signals.news.markup import parse_html
from signals.news.page_state import prose_of_scripts
from signals.types import CsvDialect
from tests.news.newsroom import parse_article, spec

TITLE = "Calder Works opens a foundry in Leeds"
FIRST = "Calder Works opened a foundry in Leeds on Monday, its first in the north, and will hire two hundred people."
SECOND = (
    "Orders have grown for six quarters in a row, and its two older foundries have no room left, the director said."
)
THIRD = "The loan will be repaid over nine years at a rate that neither of the two banks wanted to disclose on Monday."
TEXT = (FIRST, SECOND, THIRD)
TEASER = "Nimbus Cloud recalls two hundred thousand units"


def paragraphs(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


def body_of(markup: str, statement: Statement | None = None) -> tuple[str, ...]:
    root = parse_html(f"<html><body><h1>{TITLE}</h1>{markup}</body></html>")
    text = read_body((), root, statement or Statement(), TITLE)
    return tuple(text.split("\n\n")) if text else ()


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_layout_gives_its_story_and_nothing_of_what_stands_around_it(page: Page) -> None:
    article = parse_article(spec("page", CsvDialect()), page.html)
    assert body_f1(article.body, "\n".join(page.body)) >= 0.98
    assert not [text for text in page.foreign if text in article.body]
    assert article.title == page.story.title
    stated, at = article.stamp, page.story.at
    assert stated.wall.date() == at.date() if page.is_day else stated.at == at


@pytest.mark.parametrize("words", ["Read more", "Related articles", "Lesen Sie auch", "Читайте также"])
def test_words_that_point_elsewhere_end_nothing_if_the_article_goes_on(words: str) -> None:
    assert body_of(paragraphs(FIRST, words, SECOND, THIRD)) == TEXT
    assert body_of(paragraphs(*TEXT, words, "Nimbus recalls its units")) == TEXT


def test_a_line_that_points_elsewhere_is_left_out() -> None:
    assert body_of(paragraphs(FIRST, f'See also: <a href="/1">{TEASER}</a>', SECOND, THIRD)) == TEXT


def test_a_notice_of_copyright_above_the_first_paragraph_ends_nothing() -> None:
    assert body_of(paragraphs("© 2024 Meridian Pictures", *TEXT, "© 2024 Meridian", THIRD)) == TEXT


@pytest.mark.parametrize(
    "box",
    [
        f'<div class="related-stories"><ul><li><a href="/1">{TEASER}</a></li></ul></div>',
        f'<div class="promoCard"><a href="/1">{TEASER}</a></div>',
        f'<div class="newsletter"><p>{TEASER} and what else mattered on the day, in your inbox each morning.</p></div>',
        f"<div><h3>Sign up for our letter</h3><p>{TEASER} and what else mattered.</p></div>",
        f'<div class="cookie-notice"><p>{TEASER}</p></div>',
        f'<section><h3><a href="/1">{TEASER}</a></h3><p>It was a day to remember for those who held it.</p></section>',
        f"<nav><p>{TEASER}</p></nav>",
        f"<figure><figcaption>{TEASER}</figcaption></figure>",
        f'<p><a href="/1">{TEASER}</a></p>',
    ],
)
def test_a_box_between_paragraphs_is_not_the_text(box: str) -> None:
    assert body_of(f"<article>{paragraphs(FIRST, SECOND)}{box}{paragraphs(THIRD)}</article>") == TEXT


def test_a_class_that_names_what_surrounds_articles_does_not_hide_the_headline_or_most_of_the_text() -> None:
    root = parse_html(f'<div class="sidebar-page"><h1>{TITLE}</h1>{paragraphs(*TEXT)}</div>')
    assert read_body((), root, Statement(), TITLE) == "\n\n".join(TEXT)
    assert body_of(f'<div class="share-content">{paragraphs(*TEXT)}</div>') == TEXT


def test_comments_are_not_the_text_even_if_they_are_longer() -> None:
    remark = "I do not see who is going to pay for all of this in the end, and nobody here has asked either."
    comments = f'<div class="comment-list">{paragraphs(*[remark] * 20)}</div>'
    assert body_of(f"<div>{paragraphs(*TEXT)}</div>{comments}") == TEXT


def test_an_article_ends_where_another_one_begins() -> None:
    other = f"<article><h1>{TEASER}</h1><p>It was a day to remember for all of those who held it.</p></article>"
    assert body_of(f"<div><div>{paragraphs(*TEXT)}</div>{other}</div>") == TEXT


def test_the_article_that_holds_the_headline_is_taken_though_another_is_longer() -> None:
    other = "It was a day to remember for all of those who held it through the winter, and a sad one for others."
    root = parse_html(f"<article><h1>{TITLE}</h1>{paragraphs(*TEXT)}</article><div>{paragraphs(*[other] * 20)}</div>")
    assert read_body((), root, Statement(), TITLE) == "\n\n".join(TEXT)


def test_the_short_cells_of_a_row_are_one_line() -> None:
    row = "<tr><td>Sales</td><td>41.2</td><td><p>38.9</p></td></tr>"
    assert (
        body_of(f"<div>{paragraphs(FIRST, SECOND)}<table>{row}</table>{paragraphs(THIRD)}</div>")[2]
        == "Sales 41.2 38.9"
    )


def test_a_stated_body_is_taken_if_the_visible_text_is_a_part_of_it_or_another_text() -> None:
    stated = Statement(" ".join(TEXT * 2))
    assert body_of(paragraphs(FIRST), stated) == (stated.body,)
    assert body_of(
        paragraphs("We use cookies to keep the site going and to see which pages of it are used."), stated
    ) == (stated.body,)


def test_a_stated_body_that_is_cut_or_agrees_leaves_the_paragraphs_of_the_page() -> None:
    assert body_of(paragraphs(*TEXT), Statement(FIRST[:60] + "...")) == TEXT
    assert body_of(paragraphs(*TEXT), Statement(" ".join(TEXT))) == TEXT


def extracted(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    class Extraction:
        def __init__(self) -> None:
            self.text = text

    monkeypatch.setattr(trafilatura, "bare_extraction", lambda *_, **__: Extraction())


def test_an_extraction_that_has_a_quarter_of_the_text_is_no_body(monkeypatch: pytest.MonkeyPatch) -> None:
    extracted(monkeypatch, FIRST)
    assert body_of(paragraphs(*TEXT, *TEXT)) == TEXT * 2


def test_our_reading_is_no_body_if_it_has_less_than_half_of_the_extracted_text(monkeypatch: pytest.MonkeyPatch) -> None:
    extracted(monkeypatch, "\n".join(TEXT))
    assert body_of(paragraphs(FIRST)) == TEXT


@pytest.mark.parametrize(
    ("described", "expected"), [(FIRST, (FIRST,)), (SECOND + THIRD, (SECOND, THIRD)), ("", (SECOND, THIRD))]
)
def test_of_two_different_texts_the_described_or_else_the_longer_one_is_taken(
    monkeypatch: pytest.MonkeyPatch, described: str, expected: tuple[str, ...]
) -> None:
    extracted(monkeypatch, f"{SECOND}\n{THIRD}")
    assert body_of(paragraphs(FIRST), Statement(description=described)) == expected


def test_an_extraction_alone_is_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    extracted(monkeypatch, "\n".join(TEXT))
    assert body_of("<div></div>") == TEXT


@pytest.mark.parametrize(
    "script",
    [
        '<script type="application/json">{}</script>',
        "<script>window.__STATE__ = {};</script>",
        "<script>var data = {}; var other = 1;</script>",
    ],
)
def test_the_state_of_a_script_is_read(script: str) -> None:
    data = json.dumps({"story": {"parts": list(TEXT)}, "lists": [{"title": TEASER}], "n": 1})
    assert prose_of_scripts(parse_html(script.replace("{}", data, 1))) == list(TEXT)


@pytest.mark.parametrize(
    "script", ["<script>var a = [1, {</script>", "<script>f()</script>", "<script type=x>y = []</script>"]
)
def test_a_script_without_state_has_no_prose(script: str) -> None:
    assert prose_of_scripts(parse_html(f"<p>a</p>{script}")) == []


def test_a_deep_state_is_read_to_a_limit() -> None:
    deep: object = list(TEXT)
    for _ in range(60):
        deep = {"a": deep}
    assert prose_of_scripts(parse_html(f'<script type="application/json">{json.dumps(deep)}</script>')) == []
