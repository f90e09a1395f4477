import gzip
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from signals.news import http
from signals.news.feed import FeedSource
from signals.types import CsvDialect, Document, NewsSpec, SourceFailure
from tests.news.newsroom import NOW, spec
from tests.news.servers import Reply, Web
from tests.news.test_feed import item, rss

FEED = spec("feed", CsvDialect(timezone="UTC"), path=None, timeout=2.0, max_bytes=100_000)
GOOD = Reply(body=rss(item()).encode(), headers={"Content-Type": "application/rss+xml", "ETag": '"1"'})


def get(
    described: NewsSpec, url: str, known: Document | None = None, pauses: list[float] | None = None
) -> list[Document | SourceFailure]:
    pauses = [] if pauses is None else pauses
    return list(http.fetch(replace(described, url=url), known, NOW, pauses.append))


def failure(described: NewsSpec, url: str) -> SourceFailure:
    (found,) = get(described, url)
    assert isinstance(found, SourceFailure), found
    assert found.item == url
    return found


def test_an_answer_is_a_document_and_the_request_says_who_asks() -> None:
    web = Web([GOOD])
    with web.serving() as base:
        (found,) = get(FEED, f"{base}/rss")
    assert isinstance(found, Document)
    assert (found.origin, found.payload, found.etag) == (f"{base}/rss", GOOD.body, '"1"')
    assert (found.media_type, found.fetched_at) == ("application/rss+xml", NOW)
    assert web.asked[0][1]["user-agent"].startswith("signals/")


def test_what_did_not_change_is_not_fetched_twice() -> None:
    dated = replace(GOOD, headers={**GOOD.headers, "Last-Modified": "Mon, 03 Feb 2020 09:15:00 GMT"})
    web = Web([dated, Reply(304), dated, dated])
    with web.serving() as base:
        (known,) = get(FEED, base)
        assert isinstance(known, Document)
        assert get(FEED, base, known) == []
        assert get(FEED, base, known) == []  # a server that ignores conditions
        assert len(get(replace(FEED, dialect=CsvDialect(timezone="Asia/Tokyo")), base, known)) == 1
    conditions = [{name: asked.get(name) for name in ("if-none-match", "if-modified-since")} for _, asked in web.asked]
    same = {"if-none-match": '"1"', "if-modified-since": "Mon, 03 Feb 2020 09:15:00 GMT"}
    nothing = {"if-none-match": None, "if-modified-since": None}
    assert conditions == [nothing, same, same, nothing]


@pytest.mark.parametrize(
    ("status", "reason", "asked"),
    [(404, "not_found", 1), (410, "not_found", 1), (403, "unavailable", 1), (204, "unavailable", 1),
     (429, "rate_limited", 3), (500, "unavailable", 3), (503, "unavailable", 3)],
)  # fmt: skip
def test_a_status_is_a_failure_with_its_reason_and_some_are_asked_again(status: int, reason: str, asked: int) -> None:
    web = Web([Reply(status)])
    with web.serving() as base:
        assert failure(FEED, base).reason == reason
    assert len(web.asked) == asked


def test_a_server_that_recovers_is_read_and_its_wish_to_wait_respected() -> None:
    pauses: list[float] = []
    web = Web([Reply(429, headers={"Retry-After": "7"}), Reply(503), GOOD])
    with web.serving() as base:
        (found,) = get(FEED, base, pauses=pauses)
    assert isinstance(found, Document)
    assert pauses == [7, 2]


def test_a_wish_to_wait_for_hours_is_not_sat_out() -> None:
    pauses: list[float] = []
    with Web([Reply(429, headers={"Retry-After": "86400"})]).serving() as base:
        get(FEED, base, pauses=pauses)
    assert pauses == [30, 30]


def test_without_a_network_there_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        refused = failure(FEED, f"http://127.0.0.1:{taken.getsockname()[1]}/rss")
    assert refused.reason == "unavailable"
    assert refused.detail == "the server cannot be reached (Connection refused); check the address and the network"
    assert failure(FEED, "http://news.invalid/rss").reason == "unavailable"


@pytest.mark.parametrize("reply", [
    Reply(body=b"x" * 200_000),
    Reply(body=b"x" * 200_000, chunked=True),
    Reply(body=gzip.compress(b"\0" * 50_000_000), headers={"Content-Encoding": "gzip"}),
])  # fmt: skip
def test_an_answer_larger_than_allowed_is_not_read_to_its_end(reply: Reply) -> None:
    with Web([reply]).serving() as base:
        assert failure(FEED, base).reason == "too_large"


def test_a_packed_answer_is_unpacked_and_one_that_cannot_be_is_unreadable() -> None:
    packed = Reply(body=gzip.compress(GOOD.body), headers={"Content-Encoding": "gzip"})
    with Web([packed, replace(packed, body=b"no gzip")]).serving() as base:
        (found,) = get(FEED, base)
        assert isinstance(found, Document)
        assert found.payload == GOOD.body
        assert failure(FEED, base).reason == "unreadable"


@pytest.mark.parametrize("chunked", [False, True])
def test_a_trickle_is_not_waited_for(chunked: bool) -> None:
    web = Web([Reply(body=b"x" * 100_000, trickle=0.02, chunked=chunked)])
    with web.serving() as base:
        found = failure(replace(FEED, timeout=0.05), base)
    assert (found.reason, found.detail) == ("unavailable", "the answer took more than 0.15 seconds")
    assert len(web.asked) == http.ATTEMPTS


def test_an_answer_that_breaks_off_is_asked_for_again() -> None:
    web = Web([replace(GOOD, cut=True), GOOD])
    with web.serving() as base:
        (found,) = get(FEED, base)
    assert isinstance(found, Document)
    assert len(web.asked) == 2


def test_redirects_are_followed_and_counted() -> None:
    hop = Reply(302, headers={"Location": "/next"})
    web = Web([hop] * http.MAX_REDIRECTS + [GOOD])
    with web.serving() as base:
        (found,) = get(FEED, f"{base}/rss")
    assert isinstance(found, Document)
    assert found.origin == f"{base}/rss"
    with Web([hop]).serving() as base:
        assert "redirects more than 5 times" in failure(FEED, base).detail


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://meridian.example/rss", "gopher://127.0.0.1/"])
def test_a_redirect_to_another_scheme_is_not_followed(target: str) -> None:
    with Web([Reply(302, headers={"Location": target})]).serving() as base:
        found = failure(FEED, base)
    assert found.reason == "unavailable"
    assert target in found.detail


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/rss", "http://localhost/", "http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/",
               "http://[::ffff:127.0.0.1]/"]
)  # fmt: skip
def test_a_redirect_from_the_public_network_to_a_private_one_is_not_followed(
    target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = Web([Reply(302, headers={"Location": target})])
    with web.serving() as base:
        port = base.rpartition(":")[2]
        # A public name that this machine resolves to the loopback server; only the first look-up is told otherwise.
        real, answers = socket.getaddrinfo, ["93.184.216.34"]

        def resolve(host: object, *rest: object, **more: object) -> object:
            if host == "news.example" and answers:
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(), 0))]
            return real("127.0.0.1" if host == "news.example" else host, *rest, **more)  # type: ignore[arg-type]  # as given

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        found = failure(FEED, f"http://news.example:{port}/rss")
    assert "on a private network" in found.detail
    assert len(web.asked) == 1


def test_a_feed_is_read_from_its_address_and_a_page_in_its_place_is_a_failure() -> None:
    page = Reply(body=b"<html><body>Are you a robot?</body></html>", headers={"Content-Type": "text/html"})
    with Web([GOOD, page]).serving() as base:
        source = FeedSource(replace(FEED, url=base), Path())
        (found,) = source.fetch({}, NOW)
        assert isinstance(found, Document)
        assert len(source.parse(found)) == 1
        (second,) = source.fetch({}, NOW)
    assert isinstance(second, SourceFailure)
    assert second.reason == "not_a_feed"
