"""Every declared layout reads the page of its kind that is kept beside it; a publisher without pages cannot be added.

The pages are made by this project: invented events in the structure of each publisher's pages, with what stands around
an article there. The expected answers are the JSON files beside them.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from signals.news.publishers import PUBLISHERS, Layout, Publisher, of_imprint, of_url, paragraphs
from signals.types import CsvDialect
from tests.news.newsroom import PAGE, parse_article, spec

PAGES = Path(__file__).parent / "publishers"
LAYOUTS = [
    pytest.param(publisher, layout, id=f"{publisher.name.lower().replace(' ', '-')}-{layout.name}")
    for publisher in PUBLISHERS
    for layout in publisher.layouts
]


def recorded(publisher: Publisher, layout: Layout) -> tuple[str, dict[str, Any]]:
    stem = PAGES / f"{publisher.name.lower().replace(' ', '-')}-{layout.name}"
    expected: dict[str, Any] = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
    return stem.with_suffix(".html").read_text(encoding="utf-8"), expected


@pytest.mark.parametrize(("publisher", "layout"), LAYOUTS)
def test_a_layout_reads_its_page(publisher: Publisher, layout: Layout) -> None:
    page, expected = recorded(publisher, layout)
    article = parse_article(spec("page", CsvDialect()), page)
    assert article.body.split("\n\n") == expected["body"]
    assert article.stamp.at.isoformat() == expected["published_at"]
    assert {key: getattr(article, key) for key in ("title", "url", "publisher", "site")} == {
        key: expected[key] for key in ("title", "url", "publisher", "site")
    }


@pytest.mark.parametrize(("publisher", "layout"), LAYOUTS)
def test_a_page_is_parsed_by_the_layout_of_its_day_only(publisher: Publisher, layout: Layout) -> None:
    root = html.document_fromstring(recorded(publisher, layout)[0])
    assert next(own.name for own in reversed(publisher.layouts) if root.xpath(own.body)) == layout.name
    assert paragraphs(publisher, root)


@pytest.mark.parametrize("publisher", PUBLISHERS, ids=lambda p: p.name)
def test_a_publisher_is_identified_by_its_hosts_and_its_layouts_are_in_order(publisher: Publisher) -> None:
    for host in publisher.hosts:
        assert of_url(f"https://www.{host}/a") is publisher
        assert of_url(f"https://{host.upper()}/a") is publisher
        assert of_url(f"https://not-{host}/a") is None
    days = [layout.seen for layout in publisher.layouts]
    assert days == sorted(set(days))


def test_a_page_that_fits_no_layout_is_parsed_by_the_general_rules() -> None:
    page, expected = recorded(PUBLISHERS[1], PUBLISHERS[1].layouts[0])
    article = parse_article(spec("page", CsvDialect()), page.replace("ArticleBody-articleBody", "NewName"))
    assert all(paragraph in article.body for paragraph in expected["body"] if len(paragraph) > 40)


def test_a_page_saved_as_text_is_identified_by_its_imprint() -> None:
    assert of_imprint(["Comments", "Fusion Media may be compensated"]) == "Investing.com"
    article = parse_article(spec("page"), PAGE + "Fusion Media would like to remind you of nothing.\n")
    assert (article.publisher, article.site) == ("Reuters", "Investing.com")


def test_a_text_that_is_no_url_has_no_publisher() -> None:
    for text in ("", "reuters.com", "http://[::1", "ftp://reuters.com/a"):
        assert of_url(text) is None
