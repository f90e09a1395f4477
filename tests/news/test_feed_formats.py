"""JSON Feed and news sitemaps as feeds, and items without a title."""

import json
from typing import Any

import pytest

from signals.types import Article, CsvDialect, Refusal
from tests.news.newsroom import parse, parse_article, parse_refusal, spec

FEED = spec("feed", CsvDialect(timezone="Europe/London"), path="feed.xml")
ITEM = {"id": "j1", "url": "https://meridian.example/j1", "title": "Calder Works hires", "content_html": "<p>Many.</p>",
        "date_published": "2020-02-03T09:15:00-05:00"}  # fmt: skip
SITEMAP = (
    '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{}</urlset>'
)
NEWS = (
    "<url><loc>https://meridian.example/s1</loc><lastmod>2020-02-09</lastmod><news:news><news:publication>"
    "<news:name>Meridian</news:name><news:language>en</news:language></news:publication><news:publication_date>"
    "2020-02-03T09:15:00-05:00</news:publication_date><news:title>Calder &amp; Works hires</news:title>"
    "<news:stock_tickers>NASDAQ:CLD, BOM:500325</news:stock_tickers></news:news>"
    "<image:image><image:loc>https://meridian.example/i.png</image:loc><image:title>A mill</image:title>"
    "</image:image></url>"
)


def json_feed(*items: object, version: str = "https://jsonfeed.org/version/1.1", **more: Any) -> str:
    return json.dumps({"version": version, "title": "Meridian", "items": items, **more})


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_json_feed_is_a_feed(version: str, encoding: str) -> None:
    article = parse_article(FEED, json_feed(ITEM, version=version).encode(encoding))
    assert (article.key, article.title, article.body) == ("j1", "Calder Works hires", "Many.")
    assert (article.stamp.at.hour, article.url, article.publisher) == (14, "https://meridian.example/j1", "Meridian")


def test_a_json_item_may_have_a_text_an_update_and_an_agency_only() -> None:
    item = {"id": 7, "external_url": "https://meridian.example/7", "content_text": "Rye fell. Wheat rose.",
            "date_modified": "2020-02-03T09:15:00Z", "authors": [{"name": "Reuters"}]}  # fmt: skip
    article = parse_article(FEED, json_feed(item))
    assert (article.key, article.title, article.body) == ("7", "Rye fell.", "Rye fell. Wheat rose.")
    assert (article.url, article.publisher) == ("https://meridian.example/7", "Reuters")


@pytest.mark.parametrize("item", [None, 7, [], {}, {"title": []}, {"title": "x"}, {"title": "x", "date_published": {}}])
def test_a_broken_json_item_costs_only_itself(item: object) -> None:
    outcomes = parse(FEED, json_feed(item, ITEM))
    assert [type(outcome) for outcome in outcomes] == [Refusal, Article]


@pytest.mark.parametrize(
    "text", ['{"version": "1"}', '{"items": []}', "{", '{"version": "https://jsonfeed.org/version']
)
def test_other_json_is_no_feed(text: str) -> None:
    assert parse_refusal(FEED, text).reason == "not_a_feed"


def test_a_json_feed_without_items_has_no_articles() -> None:
    assert parse(FEED, json_feed()) == []
    assert parse(FEED, json_feed(items=None)) == []


def test_a_json_feed_of_very_many_items_is_refused_before_they_are_read() -> None:
    assert parse_refusal(FEED, json_feed(*[{"title": "x"}] * 60_000)).reason == "too_large"


def test_a_news_sitemap_is_a_feed_with_its_stock_tickers_as_tags() -> None:
    article = parse_article(FEED, SITEMAP.format(NEWS))
    assert (article.title, article.url) == ("Calder & Works hires", "https://meridian.example/s1")
    assert article.key == "https://meridian.example/s1"
    assert (article.stamp.text, [tag.text for tag in article.tags]) == (
        "2020-02-03T09:15:00-05:00", ["NASDAQ:CLD", "BOM:500325"],
    )  # fmt: skip


def test_addresses_without_news_are_no_items() -> None:
    plain = "<url><loc>https://meridian.example/about</loc><lastmod>2020-02-03</lastmod></url>"
    assert parse_article(FEED, SITEMAP.format(plain + NEWS)).title == "Calder & Works hires"
    refusal = parse_refusal(FEED, SITEMAP.format(plain * 3))
    assert (refusal.reason, "without news" in refusal.detail) == ("not_a_feed", True)
    assert parse(FEED, SITEMAP.format("")) == []


@pytest.mark.parametrize("reference", ["&#xD800;", "&#xdfff;", "&#00055296;", "&#57343;", "&#x110000;", "&#0;"])
def test_a_reference_to_no_character_costs_that_character(reference: str) -> None:
    title = parse_article(FEED, SITEMAP.format(NEWS.replace("hires", f"hires{reference}"))).title
    assert title.rstrip("\N{REPLACEMENT CHARACTER}") == "Calder & Works hires"


def test_a_half_of_a_pair_in_another_encoding_is_refused() -> None:
    text = SITEMAP.format(NEWS.replace("hires", "&#xD800;")).partition("?>")[2]
    assert parse_refusal(FEED, text.encode("utf-16")).reason == "unreadable"


def test_an_index_of_sitemaps_is_refused_with_what_to_configure() -> None:
    refusal = parse_refusal(
        FEED, "<sitemapindex><sitemap><loc>https://meridian.example/n.xml</loc></sitemap></sitemapindex>"
    )
    assert "configure the address of the news sitemap" in refusal.detail


def test_a_sitemap_that_breaks_off_keeps_its_items() -> None:
    whole = SITEMAP.format(NEWS + NEWS.replace("s1", "s2"))
    outcomes = parse(FEED, whole[: whole.index("s2") + 30])
    assert [item.title for item in outcomes if isinstance(item, Article)] == ["Calder & Works hires"]
    assert parse_refusal(FEED, "<urlset").reason in ("unreadable", "not_a_feed")


def test_entities_of_a_sitemap_are_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    text = bomb + SITEMAP.format(NEWS.replace("Calder", "&b; Calder")).removeprefix('<?xml version="1.0"?>')
    assert "aaaa" not in parse_article(FEED, text).title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Calder shares fall. More to come.", "Calder shares fall."),
        ("Calder Inc. fell 3.5 percent! Why?", "Calder Inc. fell 3.5 percent!"),
        ("The U.S. mill of J. P. Calder burns", "The U.S. mill of J. P. Calder burns"),
        ("<p>First line</p><p>Second line.</p>", "First line"),
    ],
)
def test_an_item_without_a_title_takes_its_first_sentence(text: str, title: str) -> None:
    item = f"<item><description><![CDATA[{text}]]></description><pubDate>2020-02-03</pubDate></item>"
    article = parse_article(FEED, f'<rss version="2.0"><channel><title>M</title>{item}</channel></rss>')
    assert article.title == title


def test_a_first_sentence_without_an_end_is_cut_at_a_word() -> None:
    item = f"<item><description>{'word ' * 100}</description><pubDate>2020-02-03</pubDate></item>"
    article = parse_article(FEED, f'<rss version="2.0"><channel><title>M</title>{item}</channel></rss>')
    assert article.title.endswith("word …")
    assert len(article.title) <= 202
