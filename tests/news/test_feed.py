from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.errors import ConfigError
from signals.news import open_source
from signals.types import Article, CsvDialect, Document, Refusal, Tag, ZoneBasis
from tests.news.newsroom import fetch, parse, parse_article, parse_refusal, read_all, spec

FEED = spec("feed", CsvDialect(timezone="Europe/London"), path="feed.xml")


def rss(*items: str) -> str:
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Meridian Rail</title>{"".join(items)}</channel></rss>'
    )


def item(date: str = "2020-02-03 09:15:00", title: str = "Calder Works hires", more: str = "") -> str:
    return f"<item><title>{title}</title><pubDate>{date}</pubDate><link>https://meridian.example/1</link>{more}</item>"


def test_an_item_is_an_article() -> None:
    article = parse_article(FEED, rss(item(more="<guid>n-1</guid><description>LEEDS (Reuters) - Many.</description>")))
    assert (article.key, article.title, article.body) == ("n-1", "Calder Works hires", "LEEDS (Reuters) - Many.")
    assert (article.url, article.publisher) == ("https://meridian.example/1", "Reuters")


@pytest.mark.parametrize(
    ("date", "hour", "basis"),
    [
        ("2020-02-03 09:15:00", 9, ZoneBasis.SOURCE),
        ("Mon, 03 Feb 2020 12:15:00 MSK", 9, ZoneBasis.STATED),
        ("Mon, 03 Feb 2020 09:15:00 GMT", 9, ZoneBasis.STATED),
        ("2020-02-03T04:15:00-05:00", 9, ZoneBasis.STATED),
        ("Feb 03, 2020 04:15AM ET", 9, ZoneBasis.STATED),
    ],
)
def test_dates_of_a_feed_keep_their_stated_or_configured_zone(date: str, hour: int, basis: ZoneBasis) -> None:
    stamp = parse_article(FEED, rss(item(date))).stamp
    assert (stamp.at, stamp.basis, stamp.text) == (datetime(2020, 2, 3, hour, 15, tzinfo=UTC), basis, date)


def test_an_atom_entry_without_a_publication_date_takes_that_of_its_update() -> None:
    head = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Meridian</title><entry><id>e1</id><title>A mill</title>'
    updated, published = "<updated>2020-02-04T00:00:00Z</updated>", "<published>2020-02-03T00:00:00Z</published>"
    content = '<content type="html">&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content></entry></feed>'
    assert parse_article(FEED, head + updated + published + content).stamp.at.day == 3
    article = parse_article(FEED, head + updated + content)
    assert (article.stamp.at.day, article.body, article.publisher) == (4, "One.\n\nTwo.", "Meridian")


def test_an_item_without_a_date_or_a_title_is_refused_and_the_rest_goes_on() -> None:
    outcomes = parse(FEED, rss(item("soon", more="<guid>n-1</guid>"), item(title=""), item()))
    assert [(f.item, f.reason) if isinstance(f, Refusal) else f.title for f in outcomes] == [
        ("n-1", "no_date"), ("https://meridian.example/1", "no_title"), "Calder Works hires",
    ]  # fmt: skip


def test_titles_and_bodies_of_items_are_cleaned() -> None:
    html = '<![CDATA[<p>Rye <a href="/commodities/us-rye" data-pairid="1">rose</a>.</p><script>x()</script>]]>'
    title = "Calderâ€™s &lt;b&gt;profit&lt;/b&gt; upÂ\xa0"
    article = parse_article(FEED, rss(item(title=title, more=f"<description>{html}</description>")))
    assert (article.title, article.body) == ("Calder’s profit up", "Rye rose.")
    assert [t.text for t in article.tags] == ["commodities/us-rye"]


def test_the_author_is_the_publisher_only_where_it_is_an_agency() -> None:
    assert parse_article(FEED, rss(item(more="<author>Reuters</author>"))).publisher == "Reuters"
    assert parse_article(FEED, rss(item(more="<author>Anna Petrova</author>"))).publisher == "Meridian Rail"
    assert parse_article(replace(FEED, publisher="Meridian"), rss(item())).publisher == "Meridian"


def test_the_key_of_an_item_without_guid_and_link_is_computed_from_its_text() -> None:
    bare = "<item><title>{}</title><pubDate>2020-02-03</pubDate></item>"
    keys = [a.key for a in parse(FEED, rss(bare.format("A"), bare.format("B"))) if isinstance(a, Article)]
    assert len(set(keys)) == 2
    assert all(keys)


@pytest.mark.parametrize("page", ["<html><body>Please log in</body></html>", "", "{}", "nothing"])
def test_a_page_in_place_of_a_feed_is_refused_whole_and_no_empty_feed(page: str) -> None:
    refusal = parse_refusal(FEED, page)
    assert (refusal.reason, refusal.whole) == ("not_a_feed", True)


def test_a_feed_without_items_has_no_articles() -> None:
    assert parse(FEED, rss()) == []


def test_a_truncated_feed_yields_the_items_before_the_break() -> None:
    whole = rss(item(), item(title="Calder Works builds"))
    outcomes = parse(FEED, whole[: whole.index("Calder Works builds")])
    assert [f.title if isinstance(f, Article) else f.reason for f in outcomes] == ["Calder Works hires", "no_title"]


def test_a_feed_broken_before_its_first_item_is_refused() -> None:
    assert parse_refusal(FEED, '<?xml version="1.0"?><rss version="2.0"><channel><title>x</chan').reason == "unreadable"


def test_a_feed_that_feedparser_fails_on_is_refused() -> None:
    assert parse_refusal(FEED, rss(item(title="&#xD800;")).replace("</channel>", "<")).reason == "unreadable"


def test_entities_of_a_document_type_are_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    article = parse_article(FEED, bomb + rss(item(title="One &b; two &f; three")).removeprefix('<?xml version="1.0"?>'))
    assert "aaaa" not in article.title
    assert article.title.endswith("three")


def test_a_feed_may_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(rss(item()), encoding="utf-8")
    articles, refused = read_all(FEED, tmp_path)
    assert [a.tags for a in articles] == [()]
    assert not refused
    previous = [d for d in fetch(FEED, tmp_path) if isinstance(d, Document)]
    assert fetch(FEED, tmp_path, previous) == []


@pytest.mark.parametrize(
    ("path", "url"), [(None, None), ("feed.xml", "https://meridian.example/rss"), (None, "ftp://meridian.example")]
)
def test_a_feed_needs_one_address(path: str | None, url: str | None) -> None:
    with pytest.raises(ConfigError, match=r"news\[test\]\.url: "):
        open_source(spec("feed", path=path, url=url), Path())


def test_repeated_tags_are_kept_once() -> None:
    link = '<a href="/commodities/us-rye" data-pairid="1">rye</a>'
    article = parse_article(FEED, rss(item(more=f"<description><![CDATA[<p>{link} {link}</p>]]></description>")))
    assert [tag.text for tag in article.tags] == [Tag("commodities/us-rye").text]


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60), st.binary(max_size=60), st.integers(0, 400))
def test_any_feed_is_read_or_refused(text: str, noise: bytes, cut: int) -> None:
    whole = rss(item(title=text, more=f"<description>{text}</description>"), item(date=text)).encode("utf-8", "ignore")
    for payload in (whole, whole[:cut] + noise + whole[cut:], whole[:cut], noise):
        assert all(isinstance(outcomes, Article | Refusal) for outcomes in parse(FEED, payload))


@pytest.mark.parametrize("opener", ["<![CDATA[", "<![CDATA[]]", "<title><![CDATA["])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_sections_that_are_never_closed_are_refused_before_each_is_searched_for(opener: str, encoding: str) -> None:
    payload = ("<rss version='2.0'><channel>" + opener * 30_000).encode(encoding)
    refusal = parse_refusal(FEED, payload)
    assert (refusal.reason, "CDATA sections are not closed" in refusal.detail) == ("unreadable", True)
