"""News by ticker through the real yfinance and curl_cffi, against a loopback server; the items are invented."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from signals.config import load
from signals.errors import ConfigError
from signals.news import open_source
from signals.news.yahoo import YahooNewsSource
from signals.types import Article, CsvDialect, Document, NewsSpec, Refusal, Scheme, SourceFailure, Tag
from tests.loopback import closed_port
from tests.news.newsroom import NOW, spec
from tests.news.yahoo_news import NewsVendor, item
from tests.prices.servers import HTML, Reply, reply


@pytest.fixture
def vendor() -> Iterator[NewsVendor]:
    server = NewsVendor(items={"CLD": [item(1)], "VSTK.ME": [item(1), item(2, "Vostok Rail orders")]})
    with server.serving():
        yield server


def yahoo_spec(vendor: NewsVendor, *symbols: str) -> NewsSpec:
    return spec(
        "yahoo", CsvDialect(), path=None, symbols=symbols or ("CLD",), base_url=vendor.url, timeout=60.0, delay=0.0
    )


def fetch(news_spec: NewsSpec, previous: dict[str, Document] | None = None) -> list[Document | SourceFailure]:
    return list(YahooNewsSource(news_spec, Path(), lambda _: None).fetch(previous or {}, NOW))


def read(news_spec: NewsSpec) -> list[Article | Refusal]:
    source = YahooNewsSource(news_spec, Path(), lambda _: None)
    return [a for d in fetch(news_spec) if isinstance(d, Document) for a in source.parse(d)]


def test_a_listing_is_an_article_tagged_with_its_symbol(vendor: NewsVendor) -> None:
    (one,) = read(yahoo_spec(vendor))
    assert isinstance(one, Article)
    assert (one.key, one.title, one.body) == ("n1@CLD", "Calder Works hires", "Many people, it said.")
    assert (one.publisher, one.site, one.url) == ("Meridian", "Yahoo Finance", "https://meridian.example/1")
    assert (one.tags, one.stamp.at.isoformat()) == ((Tag("CLD", Scheme.YAHOO),), "2020-02-03T09:15:00+00:00")


def test_each_symbol_is_requested_once_and_an_unchanged_list_is_not_yielded(
    vendor: NewsVendor,
) -> None:
    news_spec = yahoo_spec(vendor, "CLD", "VSTK.ME", "CLD")
    assert [a.key for a in read(news_spec) if isinstance(a, Article)] == ["n1@CLD", "n1@VSTK.ME", "n2@VSTK.ME"]
    assert vendor.requests == ["CLD", "VSTK.ME"]
    previous = {d.origin: d for d in fetch(news_spec) if isinstance(d, Document)}
    vendor.items["CLD"].append(item(3))
    assert [d.origin for d in fetch(news_spec, previous) if isinstance(d, Document)] == ["yahoo:CLD"]


def test_advertisements_are_dropped_and_items_without_date_or_title_are_refused(vendor: NewsVendor) -> None:
    vendor.items["CLD"] = [{"ad": ["x"]}, item(1, pubDate=None), item(2, title=""), {}, item(4, summary=None)]
    outcomes = read(yahoo_spec(vendor))
    assert [(f.item, f.reason) if isinstance(f, Refusal) else f.key for f in outcomes[:2]] == [
        ("yahoo:CLD n1", "no_date"), ("yahoo:CLD n2", "no_title"),
    ]  # fmt: skip
    assert [f.key for f in outcomes if isinstance(f, Article)] == ["n4@CLD"]


def test_a_symbol_without_news_is_no_failure(vendor: NewsVendor) -> None:
    (document,) = fetch(yahoo_spec(vendor, "QUIET"))
    assert isinstance(document, Document)
    assert read(yahoo_spec(vendor, "QUIET")) == []


@pytest.mark.parametrize(
    "answer",
    [
        Reply(500, b"oops", "text/plain"),
        HTML,
        reply({"data": {}}),
        reply({"data": None}),
        Reply(200, b""),
        Reply(404, b"{}"),
    ],
    ids=["500", "html", "no-list", "nothing", "empty", "404"],
)
def test_an_outage_is_a_failure_and_not_an_empty_list(vendor: NewsVendor, answer: Reply) -> None:
    vendor.plan = [answer] * 3
    outcomes = fetch(yahoo_spec(vendor, "CLD", "VSTK.ME"))
    assert [(f.item, f.reason) for f in outcomes if isinstance(f, SourceFailure)] == [("CLD", "unavailable")]
    assert [f.origin for f in outcomes if isinstance(f, Document)] == ["yahoo:VSTK.ME"]


def test_an_unreachable_server_is_a_failure(vendor: NewsVendor) -> None:
    news_spec = replace(yahoo_spec(vendor), base_url=f"http://127.0.0.1:{closed_port()}")
    (failed,) = fetch(news_spec)
    assert isinstance(failed, SourceFailure)
    assert (failed.item, failed.reason) == ("CLD", "unavailable")
    assert "cannot be reached" in failed.detail


def test_after_a_rate_limit_no_further_symbol_is_requested(vendor: NewsVendor) -> None:
    vendor.plan = [Reply(429, b"Too Many Requests", "text/plain")] * 12
    outcomes = [
        outcome for outcome in fetch(yahoo_spec(vendor, "CLD", "VSTK.ME", "X")) if not isinstance(outcome, Document)
    ]
    assert [(failed.item, failed.reason) for failed in outcomes] == [
        ("CLD", "rate_limited"), ("VSTK.ME", "left_alone"), ("X", "left_alone"),
    ]  # fmt: skip
    assert "left alone for the rest of this run: it asked for fewer requests (429)" in outcomes[1].detail
    assert set(vendor.requests) == {"CLD"}


def test_without_symbols_of_its_own_a_source_uses_those_of_the_prices(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        "instruments:\n  CLD: {name: Calder, mic: XNYS, currency: USD, symbols: {daily: CLD, moscow: CLDM}}\n"
        "news: [{name: yahoo-news, kind: yahoo}, {name: more, kind: yahoo, symbols: [X]}]\n"
        "prices: [{name: moscow, kind: moex}, {name: daily, kind: yahoo}]\n"
    )
    assert [entry.symbols for entry in load(config).news] == [("CLD",), ("X",)]


def test_without_any_symbol_the_message_says_what_to_do() -> None:
    with pytest.raises(ConfigError, match=r"news\[test\]\.symbols: is missing"):
        open_source(replace(spec("yahoo"), symbols=()), Path())
