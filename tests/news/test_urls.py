"""Pages at addresses that the configuration lists, through the real client from a server on loopback."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from signals.errors import ConfigError
from signals.news import open_source
from signals.types import Article, Document, Gone, NewsSource, NewsSpec, SourceFailure
from tests.loopback import Answer, Site, site
from tests.news.newsroom import LONDON, NOW, PAGE, spec

HTML = (
    "<html><head><title>Calder opens</title><meta property='article:published_time' content='{}'></head><body><article>"
)
BODY = "<h1>Calder opens</h1><p>It opened on Monday, and everyone was there.</p></article></body></html>"


@pytest.fixture
def served() -> Iterator[Site]:
    with site() as loopback:
        yield loopback


def pages(served: Site, *paths: str) -> NewsSpec:
    urls = tuple(served.url + path for path in paths)
    return spec("page", LONDON, path=None, urls=urls, delay=0.0)


def page(stamp: str = "2020-02-03T09:15:00Z", **headers: str) -> Answer:
    return Answer((HTML.format(stamp) + BODY).encode(), headers={"Content-Type": "text/html", **headers})


def visit(source: NewsSource, *previous: Document) -> list[Document | Gone | SourceFailure]:
    return list(source.fetch({d.origin: d for d in previous}, NOW))


def test_the_key_of_a_listed_page_is_its_url(served: Site) -> None:
    served.answers = {"/a": page(), "/b": Answer(PAGE.encode(), headers={"Content-Type": "text/plain"})}
    source = open_source(pages(served, "/a", "/b", "/a"), Path())
    first, second = visit(source)
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    ((one,), (other,)) = (source.parse(document) for document in (first, second))
    assert isinstance(one, Article)
    assert isinstance(other, Article)
    assert (one.key, one.url, one.origin) == (served.url + "/a",) * 3
    assert (one.title, one.body) == ("Calder opens", "It opened on Monday, and everyone was there.")
    assert other.title == "Vostok Rail orders ninety locomotives from Calder Works"
    assert [path for path, _ in served.asked] == ["/robots.txt", "/a", "/b"]


def test_an_unchanged_page_is_not_sent_again(served: Site) -> None:
    served.answers = {"/a": page(ETag='"1"')}
    source = open_source(pages(served, "/a"), Path())
    (previous,) = visit(source)
    assert isinstance(previous, Document)
    assert visit(source, previous) == []
    assert served.asked[-1][1]["If-None-Match"] == '"1"'


@pytest.mark.parametrize("status", [404, 410])
def test_a_removed_page_is_gone_once_and_a_page_that_never_existed_is_a_failure(served: Site, status: int) -> None:
    served.answers = {"/a": page()}
    source = open_source(pages(served, "/a"), Path())
    (previous,) = visit(source)
    assert isinstance(previous, Document)
    served.answers = {"/a": Answer(status=status)}
    assert visit(source, previous) == [Gone("test", served.url + "/a")]
    assert visit(source, replace(previous, digest="")) == []
    (never,) = visit(source)
    assert isinstance(never, SourceFailure)
    assert never.reason == "not_found"


def test_one_page_that_fails_does_not_stop_the_next(served: Site) -> None:
    served.answers = {"/a": Answer(status=403), "/b": page()}
    fetched = visit(open_source(pages(served, "/a", "/b"), Path()))
    assert [type(item) for item in fetched] == [SourceFailure, Document]


def test_the_encoding_that_the_server_names_is_used(served: Site) -> None:
    text = HTML.format("2020-02-03T09:15:00Z") + BODY.replace("Monday", "понедельник")
    served.answers = {"/a": Answer(text.encode("cp1251"), headers={"Content-Type": "text/html; charset=windows-1251"})}
    source = open_source(pages(served, "/a"), Path())
    (document,) = visit(source)
    assert isinstance(document, Document)
    (read,) = source.parse(document)
    assert isinstance(read, Article)
    assert "понедельник" in read.body


def test_a_text_that_is_no_url_is_an_error_that_names_the_key() -> None:
    with pytest.raises(ConfigError, match=r"news\[test\]\.urls: 'meridian\.example/a' is not an http address"):
        open_source(spec("page", path=None, urls=("meridian.example/a",)), Path())
