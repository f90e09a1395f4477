"""The contract of every built-in kind of news source; `contract.py` makes each kind serve the same items."""

import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from signals.news import KINDS, open_source
from signals.types import FUTURE, Article, Document, Gone, NewsSource, Refusal, Scheme, SourceFailure, Tag
from tests.news.contract import CASES, Item, Outlet
from tests.news.newsroom import NOW

ITEMS = (Item(1), Item(2, title="Vostok Rail orders ninety locomotives", symbol="VSTK"), Item(3, title="Rye falls"))
LATER = NOW + timedelta(days=1)


@dataclass(frozen=True)
class Outcome:
    """The result of one fetch, all documents parsed."""

    documents: Sequence[Document]
    articles: Sequence[Article]
    rejected: Sequence[Refusal | SourceFailure]

    @property
    def keys(self) -> list[str]:
        return [article.key for article in self.articles]

    def article(self, number: int) -> Article:
        """Return the article of the item with a number."""
        (article,) = (a for a in self.articles if a.url.endswith(f"/{number}"))
        return article


def read(source: NewsSource, previous: Sequence[Document] = (), now: datetime = NOW) -> Outcome:
    """Fetch, with the payloads of the previous documents left out as the store leaves them out, and parse."""
    fetched = list(source.fetch({d.origin: replace(d, payload=b"") for d in previous}, now))
    assert not any(isinstance(item, Gone) for item in fetched)
    documents = [item for item in fetched if isinstance(item, Document)]
    parsed = [item for document in documents for item in source.parse(document)]
    refusals = [item for item in parsed if isinstance(item, Refusal)]
    failures = [item for item in fetched if isinstance(item, SourceFailure)]
    return Outcome(documents, [item for item in parsed if isinstance(item, Article)], [*refusals, *failures])


@pytest.fixture(params=CASES)
def outlet(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outlet]:
    if request.param == "parquet":
        pytest.importorskip("pyarrow")
    with CASES[request.param](tmp_path) as opened:
        opened.publish(ITEMS)
        yield opened


@pytest.fixture
def source(outlet: Outlet, tmp_path: Path) -> NewsSource:
    return open_source(outlet.spec, tmp_path)


def test_every_built_in_kind_has_a_case() -> None:
    assert {name.partition("-")[0] for name in CASES} == set(KINDS)


def test_documents_name_their_source_origin_and_time(source: NewsSource) -> None:
    documents = read(source).documents
    assert documents
    assert {document.source for document in documents} == {source.name} == {"test"}
    assert all(document.origin and document.digest for document in documents)
    assert len({document.origin for document in documents}) == len(documents)
    assert {document.fetched_at for document in documents} == {NOW}


def test_all_items_become_articles_that_name_their_source_and_document(source: NewsSource) -> None:
    outcome = read(source)
    assert not outcome.rejected
    assert [article.title for article in outcome.articles] == [item.title for item in ITEMS]
    assert [article.body.split("\n\n")[0] for article in outcome.articles] == [item.body for item in ITEMS]
    assert {article.source for article in outcome.articles} == {"test"}
    assert {article.origin for article in outcome.articles} == {document.origin for document in outcome.documents}
    for item in ITEMS:
        assert Tag(item.symbol, Scheme.YAHOO) in outcome.article(item.number).tags


def test_the_same_content_again_yields_nothing(source: NewsSource) -> None:
    assert read(source, read(source).documents, LATER) == Outcome([], [], [])


def test_a_new_item_is_fetched_and_the_other_articles_stay_the_same(outlet: Outlet, source: NewsSource) -> None:
    outlet.publish(ITEMS[:2])
    # A listed page that its server does not have yet is a failure of that page.
    before = read(source)
    outlet.publish(ITEMS)
    after = read(source, before.documents, LATER)
    assert after.article(3).title == ITEMS[2].title
    digests = {article.key: article.digest for article in before.articles}
    assert all(digests.get(article.key, article.digest) == article.digest for article in after.articles)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [(Item(2, date="soon"), "no_date"), (Item(2, date="1970-01-01"), "no_date"), (Item(2, title=""), "no_title")],
    ids=["date", "year", "title"],
)
def test_a_broken_item_costs_only_itself(outlet: Outlet, source: NewsSource, broken: Item, reason: str) -> None:
    outlet.publish([ITEMS[0], broken, ITEMS[2]])
    outcome = read(source)
    if reason == "no_title" and outlet.spec.kind == "feed":
        assert [article.title for article in outcome.articles] == [ITEMS[0].title, broken.body, ITEMS[2].title]
        return
    assert [article.title for article in outcome.articles] == [ITEMS[0].title, ITEMS[2].title]
    (rejected,) = outcome.rejected
    assert (rejected.source, rejected.reason) == ("test", reason)
    assert rejected.item
    assert rejected.detail


def test_an_item_dated_in_the_future_is_refused(outlet: Outlet, source: NewsSource) -> None:
    outlet.publish([ITEMS[0], replace(ITEMS[1], date=(NOW + timedelta(days=30)).isoformat()), ITEMS[2]])
    outcome = read(source)
    assert len(outcome.articles) == 2
    assert [rejected.reason for rejected in outcome.rejected] == [FUTURE]


def test_stamps_are_aware_and_in_utc(source: NewsSource) -> None:
    for article in read(source).articles:
        assert article.stamp.at == datetime(2020, 2, 3, 9, 15, tzinfo=UTC)
        assert article.stamp.at.tzinfo is UTC
        assert article.seen_at.tzinfo is UTC


def test_keys_and_digests_are_the_same_in_another_fetch(source: NewsSource) -> None:
    first, second = read(source), read(source, now=LATER)
    assert len(set(first.keys)) == len(ITEMS)
    assert first.keys == second.keys
    assert [article.digest for article in first.articles] == [article.digest for article in second.articles]


@pytest.mark.parametrize(
    "changed",
    [
        Item(1, title="Calder Works fires"),
        Item(1, body="It will not hire."),
        Item(1, date="2020-02-03T09:16:00Z"),
        Item(1, symbol="X"),
    ],
    ids=["title", "body", "date", "symbol"],
)
def test_a_digest_changes_with_the_text_the_stamp_and_the_tags(
    outlet: Outlet, source: NewsSource, changed: Item
) -> None:
    before = read(source)
    outlet.publish([changed, *ITEMS[1:]])
    after = read(source)
    assert after.keys == before.keys
    assert [a.key for a, b in zip(after.articles, before.articles, strict=True) if a.digest != b.digest] == [
        before.article(1).key
    ]


def test_parsing_is_pure(source: NewsSource, tmp_path: Path, outlet: Outlet, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = read(source).documents
    once = [source.parse(document) for document in documents]

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("parsing must use neither the network nor the clock")

    for module, name in ((socket, "socket"), (socket, "getaddrinfo"), (time, "time"), (time, "monotonic")):
        monkeypatch.setattr(module, name, forbidden)
    outlet.publish([])
    elsewhere = open_source(outlet.spec, tmp_path / "elsewhere")
    assert [source.parse(document) for document in documents] == once
    assert [elsewhere.parse(document) for document in documents] == once


def hostile(payload: bytes) -> Iterator[bytes]:
    """Yield spoiled versions of a payload, and payloads that no source serves."""
    for eighth in range(8):
        at = len(payload) * eighth // 8
        yield payload[:at]
        yield payload[at:]
        for noise in (b"\0", b"\xff\xfe", b"\xc3", b"<!--", b"<![CDATA[", b'"', b"]}", b"&#xD800;", "\u202e".encode()):
            yield payload[:at] + noise + payload[at:]
    yield from [b"", b"\0" * 1_000, b"\xff" * 1_000, b"null", b"7", b"{}", b"[]", b"[null, 1, [], {}]", b"[" * 50_000,
                b"<" * 10_000, b"<rss>" * 5_000, b"<html>" * 5_000, b"PAR1" * 100, b"1e999", payload * 3,
                payload.decode("latin-1").encode("utf-16")]  # fmt: skip


def test_a_hostile_payload_is_parsed_or_refused_with_a_reason(source: NewsSource) -> None:
    document = read(source).documents[0]
    for payload in hostile(document.payload):
        for item in source.parse(replace(document, payload=payload)):
            assert isinstance(item, Article | Refusal)
            if isinstance(item, Refusal):
                assert item.reason
                assert item.detail
