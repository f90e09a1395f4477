"""Real pages, archives and a feed; skipped where the data folder is absent."""

import json
import re
import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from signals.tickers import Resolver
from signals.types import Alias, CsvDialect, Instrument, Precision, Scheme, Tag, ZoneBasis
from tests.news.newsroom import LONDON, read_all, spec


def test_the_saved_page(shared_data: Path) -> None:
    (article,), refused = read_all(spec("page", LONDON, path="seed/*.txt"), shared_data)
    assert not refused
    assert article.title == "Russia says North Korea sent positive signal on Kim visit in May"
    assert article.stamp.at == datetime(2015, 1, 21, 13, 10, tzinfo=UTC)
    assert (article.stamp.zone, article.stamp.basis) == ("Europe/London", ZoneBasis.SOURCE)
    assert article.stamp.precision is Precision.MINUTE
    assert article.tags == (Tag("NG"), Tag("GAZPq"))
    assert article.publisher == "Reuters"
    assert article.body.count("Gazprom (MM:GAZP)") == 1
    assert article.body.count("\n\n") == 9
    assert not re.search("©|Latest comments|Risk Disclosure|Fusion Media|Published|Sign Up", article.body)


PAGES = [
    ("BusinessInsider_2024_02_14", "V1"),
    ("BusinessInsider_2025_04_01", "V2"),
    ("CNBC_2023_04_28", "V1"),
    ("Kommersant_2025_05_14", "V1"),
    ("Reuters_2023_05_16", "V1"),
    ("Reuters_2024_03_07", "V1_1"),
]


@pytest.mark.parametrize(("name", "version"), PAGES)
def test_the_pages_of_four_publishers(shared_data: Path, name: str, version: str) -> None:
    publisher = name.partition("_")[0]
    expected = json.loads((shared_data / "html" / f"{publisher}.json").read_text(encoding="utf-8"))[version]
    (article,), _ = read_all(spec("page", CsvDialect(), path=f"html/{name}.html.gz"), shared_data)
    assert article.title == expected["title"]
    assert abs((article.stamp.at - datetime.fromisoformat(expected["publishing_date"])).total_seconds()) < 60
    assert article.stamp.basis is ZoneBasis.STATED
    assert article.url.startswith("https://")
    parts = expected["body"]["summary"] + [
        line for part in expected["body"]["sections"] for line in (*part["headline"], *part["paragraphs"])
    ]
    body, expected_body = (
        " ".join(unicodedata.normalize("NFC", text).split()) for text in (article.body, " ".join(parts))
    )
    assert SequenceMatcher(None, body, expected_body, autojunk=False).ratio() >= 0.95


def test_ten_thousand_headlines(shared_data: Path) -> None:
    dialect = CsvDialect(columns={"published_at": "date", "title": "title", "tags": "stock"})
    articles, refused = read_all(spec("csv", dialect, path="news/benzinga_headlines_10k.csv"), shared_data)
    # Two of the 9,991 records are broken by a line break into two rows each.
    assert [(r.item.rpartition(" ")[2], r.reason) for r in refused] == [
        ("2300", "row"), ("2301", "row"), ("3570", "row"), ("3571", "row")
    ]  # fmt: skip
    assert len(articles) == len({a.key for a in articles}) == 9_717
    assert {a.stamp.basis for a in articles} == {ZoneBasis.STATED}
    assert all(len(a.tags) >= 1 for a in articles)


def test_headlines_with_an_index_that_the_header_leaves_out(shared_data: Path) -> None:
    names = {"published_at": "date", "title": "headline", "tags": "stock", "url": "url", "publisher": "publisher"}
    dialect = CsvDialect(columns=names)
    articles, refused = read_all(spec("csv", dialect, path="news/raw_analyst_ratings_100rows.csv"), shared_data)
    assert (len(articles), refused) == (100, [])
    assert all(a.key == a.url and a.url.startswith("https://www.benzinga.com/") for a in articles)


def test_a_month_of_dated_rows_without_a_header(shared_data: Path) -> None:
    dialect = CsvDialect(
        header=False, timezone="America/New_York", columns={"tags": 0, "published_at": 2, "title": 3, "body": 4}
    )
    articles, refused = read_all(spec("csv", dialect, path="news/reuters_2018_06/*.csv"), shared_data)
    assert not refused
    assert len({(a.title, a.stamp.text) for a in articles}) == 2_058
    assert len(articles) == 2_066  # eight headlines have two texts on one day
    assert {a.stamp.precision for a in articles} == {Precision.DAY}
    assert sum(len(a.tags) for a in articles) == 2_714


def test_articles_in_html_cells(shared_data: Path) -> None:
    names = {"published_at": "detail", "title": "news_one", "body": "article", "url": "news_one-href"}
    dialect = CsvDialect(columns=names)
    articles, refused = read_all(spec("csv", dialect, path="news/investing_com_wheat_15.csv"), shared_data)
    assert (len(articles), refused) == (15, [])
    first = articles[0]
    assert first.stamp.at == datetime(2015, 5, 31, 13, 10, tzinfo=UTC)
    assert {a.stamp.zone for a in articles} == {"America/New_York"}
    assert {a.publisher for a in articles} == {"Investing.com"}
    assert {tag.scheme for a in articles for tag in a.tags} == {Scheme.INVESTING}
    assert [tag.text for tag in first.tags] == [
        "commodities/us-wheat", "commodities/us-corn", "commodities/us-soybeans", "commodities/us-soybean-oil"
    ]  # fmt: skip
    assert first.body.startswith("Investing.com - U.S. wheat futures fell sharply on Friday")
    assert "Exchange, US wheat for July delivery hit" in first.body
    assert not any("<" in a.body or "imgCarousel" in a.body for a in articles)


def test_linked_futures_are_resolved_and_the_name_of_an_exchange_is_not(shared_data: Path) -> None:
    names = {"published_at": "detail", "title": "news_one", "body": "article", "url": "news_one-href"}
    news_spec = spec("csv", CsvDialect(columns=names), path="news/investing_com_wheat_15.csv")
    articles, _ = read_all(news_spec, shared_data)
    wheat = Instrument("ZW", "", "XCBT", "USD", "future", aliases=(Alias("commodities/us-wheat", Scheme.INVESTING),))
    resolver = Resolver([wheat])
    for article in articles:
        # The last sentence is ours: these articles are about another exchange, their siblings say it of this one.
        extended = replace(article, body=f"{article.body}\n\nSo it was on the ICE Futures U.S. Exchange (NYSE:ICE).")
        tied = {mention.tag: mention.ticker or mention.reason for mention in resolver.mentions(extended)}
        assert tied.pop("commodities/us-wheat") == "ZW"
        assert tied.pop("NYSE:ICE") == "unknown_tag"
        assert set(tied.values()) <= {"unknown_tag"}


def test_a_feed_with_dates_of_its_own_kind(shared_data: Path) -> None:
    news_spec = spec("feed", CsvDialect(timezone="UTC"), path="rss/*.xml")
    articles, refused = read_all(news_spec, shared_data)
    assert (len(articles), refused) == (10, [])
    assert articles[0].stamp.at == datetime(2025, 9, 26, 10, 17, 15, tzinfo=UTC)
    assert Counter(a.publisher for a in articles) == {"Investing.com": 9, "Reuters": 1}
    assert "Korea’s wobbles over US trade talks awaken the won bears" in {a.title for a in articles}
    assert not any(re.search("[âÂ€]", a.title) for a in articles)
