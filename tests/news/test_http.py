import gzip
import socket
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from signals.net.client import MAX_REDIRECTS
from signals.net.politeness import HostLimiter
from signals.net.traffic import Traffic
from signals.news import http
from signals.news.feed import FeedSource
from signals.types import CsvDialect, Document, NewsSpec, Refusal, SourceFailure
from tests.news.newsroom import NOW, spec
from tests.news.servers import Reply, Web
from tests.news.test_feed import item, rss

FEED = spec("feed", CsvDialect(timezone="UTC"), path=None, timeout=60.0, max_bytes=100_000, delay=0.0, robots=False)
GOOD = Reply(body=rss(item()).encode(), headers={"Content-Type": "application/rss+xml", "ETag": '"1"'})


def get(
    news_spec: NewsSpec, url: str, previous: Document | None = None, pauses: list[float] | None = None
) -> list[Document | SourceFailure]:
    pauses = [] if pauses is None else pauses
    traffic = Traffic()
    traffic.begin(clock=lambda: NOW)
    fetcher = http.Fetcher(replace(news_spec, url=url), NOW, pauses.append, HostLimiter(), traffic)
    return list(fetcher.fetch(url, previous))


def failure(news_spec: NewsSpec, url: str) -> SourceFailure:
    (fetched,) = get(news_spec, url)
    assert isinstance(fetched, SourceFailure), fetched
    assert fetched.item == url
    return fetched


def test_a_response_becomes_a_document_and_the_request_names_the_program() -> None:
    web = Web([GOOD])
    with web.serving() as base:
        (fetched,) = get(FEED, f"{base}/rss")
    assert isinstance(fetched, Document)
    assert (fetched.origin, fetched.payload, fetched.etag) == (f"{base}/rss", GOOD.body, '"1"')
    assert (fetched.media_type, fetched.fetched_at) == ("application/rss+xml", NOW)
    assert web.requests[0][1]["user-agent"].startswith("signals/")


@pytest.mark.parametrize("tag", ['"a\0b"', '"\xff\x80"', '"\N{REPLACEMENT CHARACTER}"'])
def test_a_condition_that_no_header_may_hold_is_not_sent(tag: str) -> None:
    web = Web([GOOD, GOOD])
    with web.serving() as base:
        (previous,) = get(FEED, base)
        assert isinstance(previous, Document)
        assert get(FEED, base, replace(previous, etag=tag, last_modified="\x93")) == []
    assert {"if-none-match", "if-modified-since"}.isdisjoint({name.lower() for name in web.requests[1][1]})


def test_an_unchanged_document_is_not_fetched_again() -> None:
    dated = replace(GOOD, headers={**GOOD.headers, "Last-Modified": "Mon, 03 Feb 2020 09:15:00 GMT"})
    web = Web([dated, Reply(304), dated, dated])
    with web.serving() as base:
        (previous,) = get(FEED, base)
        assert isinstance(previous, Document)
        assert get(FEED, base, previous) == []
        assert get(FEED, base, previous) == []  # a server that ignores conditions
        assert len(get(replace(FEED, dialect=CsvDialect(timezone="Asia/Tokyo")), base, previous)) == 1
    conditions = [
        {name: headers.get(name) for name in ("if-none-match", "if-modified-since")} for _, headers in web.requests
    ]
    same = {"if-none-match": '"1"', "if-modified-since": "Mon, 03 Feb 2020 09:15:00 GMT"}
    nothing = {"if-none-match": None, "if-modified-since": None}
    assert conditions == [nothing, same, same, nothing]


@pytest.mark.parametrize(
    ("status", "reason", "count"),
    [(404, "not_found", 1), (410, "not_found", 1), (403, "unavailable", 1), (204, "unavailable", 1),
     (429, "rate_limited", 3), (500, "unavailable", 3), (503, "unavailable", 3)],
)  # fmt: skip
def test_an_error_status_is_a_failure_and_some_are_retried(status: int, reason: str, count: int) -> None:
    web = Web([Reply(status)])
    with web.serving() as base:
        assert failure(FEED, base).reason == reason
    assert len(web.requests) == count


def test_a_retry_waits_as_long_as_retry_after_says() -> None:
    pauses: list[float] = []
    web = Web([Reply(429, headers={"Retry-After": "7"}), Reply(503, headers={"Retry-After": "5"}), GOOD])
    with web.serving() as base:
        (fetched,) = get(FEED, base, pauses=pauses)
    assert isinstance(fetched, Document)
    assert pauses == [7, 5]


@pytest.mark.parametrize("wish", ["86400", format_datetime(NOW + timedelta(days=1))])
def test_a_retry_after_of_hours_ends_the_attempts(wish: str) -> None:
    pauses: list[float] = []
    web = Web([Reply(429, headers={"Retry-After": wish})])
    with web.serving() as base:
        (fetched,) = get(FEED, base, pauses=pauses)
    assert isinstance(fetched, SourceFailure)
    assert (fetched.reason, len(web.requests), pauses) == ("rate_limited", 1, [])
    assert "come back in 86,400 seconds" in fetched.detail


def test_an_unreachable_server_is_a_failure_in_one_sentence() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        refused = failure(FEED, f"http://127.0.0.1:{busy.getsockname()[1]}/rss")
    assert refused.reason == "unavailable"
    assert refused.detail == "the server cannot be reached (Connection refused); check the address and the network"
    assert failure(FEED, "http://news.invalid/rss").reason == "unavailable"


@pytest.mark.parametrize("reply", [
    Reply(body=b"x" * 200_000),
    Reply(body=b"x" * 200_000, chunked=True),
    Reply(body=gzip.compress(b"\0" * 50_000_000), headers={"Content-Encoding": "gzip"}),
])  # fmt: skip
def test_a_response_larger_than_max_bytes_is_a_failure(reply: Reply) -> None:
    with Web([reply]).serving() as base:
        assert failure(FEED, base).reason == "too_large"


def test_a_compressed_response_is_decompressed_and_a_broken_one_is_unreadable() -> None:
    packed = Reply(body=gzip.compress(GOOD.body), headers={"Content-Encoding": "gzip"})
    with Web([packed, replace(packed, body=b"no gzip")]).serving() as base:
        (fetched,) = get(FEED, base)
        assert isinstance(fetched, Document)
        assert fetched.payload == GOOD.body
        assert failure(FEED, base).reason == "unreadable"


@pytest.mark.parametrize("chunked", [False, True])
def test_a_response_that_takes_too_long_is_abandoned(chunked: bool) -> None:
    web = Web([Reply(body=b"x", stalls=True, chunked=chunked)])
    with web.serving() as base:
        fetched = failure(replace(FEED, timeout=0.3), base)
    assert fetched == SourceFailure(
        "test", base, "over_budget", "it took more than 0.9 seconds; the next run tries again"
    )


def test_a_truncated_response_is_requested_again() -> None:
    web = Web([replace(GOOD, cut=True), GOOD])
    with web.serving() as base:
        (fetched,) = get(FEED, base)
    assert isinstance(fetched, Document)
    assert len(web.requests) == 2


def test_redirects_are_followed_and_counted() -> None:
    hop = Reply(302, headers={"Location": "/next"})
    web = Web([hop] * MAX_REDIRECTS + [GOOD])
    with web.serving() as base:
        (fetched,) = get(FEED, f"{base}/rss")
    assert isinstance(fetched, Document)
    assert fetched.origin == f"{base}/rss"
    with Web([hop]).serving() as base:
        assert "redirects more than 5 times" in failure(FEED, base).detail


def test_a_redirect_to_a_malformed_url_is_unreadable() -> None:
    with Web([Reply(302, headers={"Location": "http://[::1"})]).serving() as base:
        assert failure(FEED, base).reason == "unreadable"


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://meridian.example/rss", "gopher://127.0.0.1/"])
def test_a_redirect_to_another_scheme_is_not_followed(target: str) -> None:
    with Web([Reply(302, headers={"Location": target})]).serving() as base:
        fetched = failure(FEED, base)
    assert fetched.reason == "unavailable"
    assert target in fetched.detail


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/rss", "http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/", "http://2130706433/",
               "http://[::ffff:127.0.0.1]/"]
)  # fmt: skip
def test_a_redirect_to_a_private_host_that_is_not_configured_is_not_followed(target: str) -> None:
    web = Web([Reply(302, headers={"Location": target})])
    with web.serving() as base:
        fetched = failure(FEED, base.replace("127.0.0.1", "localhost"))
    assert fetched.reason == "unavailable"
    assert "on a private network" in fetched.detail
    assert len(web.requests) == 1


def test_a_redirect_to_a_configured_private_host_is_followed() -> None:
    web = Web([GOOD])
    with web.serving() as base:
        port = base.rpartition(":")[2]
        web.replies.insert(0, Reply(302, headers={"Location": f"{base}/next"}))
        news_spec = replace(FEED, urls=(base,))
        assert isinstance(get(news_spec, f"http://localhost:{port}/rss")[0], Document)


def test_a_host_that_resolves_to_a_private_address_the_second_time_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    web = Web([GOOD])
    with web.serving() as base:
        port = base.rpartition(":")[2]
        web.replies.insert(0, Reply(302, headers={"Location": f"http://news.example:{port}/"}))
        # A public name at the first look-up, and this machine at the second.
        real, answers = socket.getaddrinfo, ["93.184.216.34"]

        def resolve(host: object, *rest: object, **more: object) -> object:
            if host == "news.example" and answers:
                return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(), 0))]
            return real("127.0.0.1" if host == "news.example" else host, *rest, **more)  # type: ignore[arg-type]  # as given

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        fetched = failure(FEED, base)
    assert "on a private network" in fetched.detail
    assert len(web.requests) == 1


# --- politeness -------------------------------------------------------------------------------------------------------

POLITE = replace(FEED, robots=True)


def robots(*lines: str) -> Reply:
    return Reply(body="\n".join(lines).encode(), headers={"Content-Type": "text/plain"})


def test_robots_txt_is_fetched_once_and_obeyed() -> None:
    web = Web([robots("User-agent: *", "Disallow: /private/*.xml$", "Allow: /"), GOOD])
    with web.serving() as base:
        fetcher = http.Fetcher(replace(POLITE, urls=(base,)), NOW, limiter=HostLimiter())
        (fetched,), (failed,) = (list(fetcher.fetch(f"{base}/{path}", None)) for path in ("a.xml", "private/b.xml"))
    assert isinstance(fetched, Document)
    assert isinstance(failed, SourceFailure)
    assert failed.reason == "robots"
    assert "robots.txt disallows /private/b.xml" in failed.detail
    assert [path for path, _ in web.requests] == ["/robots.txt", "/a.xml"]


def test_the_rules_of_a_robots_txt_for_the_user_agent_take_precedence() -> None:
    lines = ("User-agent: signals", "Disallow: /", "", "User-agent: *", "Allow: /")
    with Web([robots(*lines), GOOD]).serving() as base:
        assert failure(POLITE, f"{base}/a.xml").reason == "robots"
    with Web([robots(*lines), GOOD]).serving() as base:
        named = replace(POLITE, user_agent="Jane Doe jane@meridian.example")
        assert isinstance(get(named, f"{base}/a.xml")[0], Document)


@pytest.mark.parametrize("reply", [Reply(404), Reply(403), Reply(body=b"\xff\0\x01 nonsense"), robots("")])
def test_without_a_readable_robots_txt_all_pages_are_allowed(reply: Reply) -> None:
    with Web([reply, GOOD]).serving() as base:
        assert isinstance(get(POLITE, base)[0], Document)


def test_no_page_is_requested_while_robots_txt_answers_with_a_server_error() -> None:
    web = Web([Reply(503)])
    with web.serving() as base:
        fetched = failure(POLITE, f"{base}/rss")
    assert fetched.reason == "unavailable"
    assert {path for path, _ in web.requests} == {"/robots.txt"}


def test_no_page_is_requested_while_robots_txt_cannot_be_reached() -> None:
    web = Web([Reply(body=b"User-agent", cut=True)])
    with web.serving() as base:
        refused = failure(POLITE, f"{base}/rss")
    assert refused.reason == "unavailable"
    assert "cannot be reached" in refused.detail
    assert {path for path, _ in web.requests} == {"/robots.txt"}


def test_a_robots_txt_that_redirects_for_ever_allows_all_pages() -> None:
    hops = [Reply(302, headers={"Location": "/robots.txt"})] * (MAX_REDIRECTS + 1)
    with Web([*hops, GOOD]).serving() as base:
        assert isinstance(get(POLITE, base)[0], Document)


def test_of_a_giant_robots_txt_the_beginning_is_obeyed() -> None:
    rules = robots("User-agent: *", "Disallow: /a", *["# " + "x" * 98] * 10_000)
    with Web([rules, GOOD]).serving() as base:
        assert failure(POLITE, f"{base}/a").reason == "robots"


def test_the_crawl_delay_of_a_host_is_kept_between_requests() -> None:
    pauses: list[float] = []
    limiter = HostLimiter(clock=lambda: 100.0)
    with Web([robots("User-agent: *", "Crawl-delay: 7"), GOOD]).serving() as base:
        fetcher = http.Fetcher(replace(POLITE, delay=2.0, urls=(base,)), NOW, pauses.append, limiter)
        for path in ("a", "b"):
            assert isinstance(next(fetcher.fetch(f"{base}/{path}", None)), Document)
    assert pauses == [2, 7]


def test_a_source_may_set_its_user_agent() -> None:
    web = Web([GOOD])
    with web.serving() as base:
        get(replace(FEED, user_agent="Jane Doe jane@meridian.example"), base)
    assert web.requests[0][1]["user-agent"] == "Jane Doe jane@meridian.example"


def test_a_feed_is_fetched_from_its_url_and_a_page_in_its_place_is_a_failure() -> None:
    page = Reply(body=b"<html><body>Are you a robot?</body></html>", headers={"Content-Type": "text/html"})
    with Web([GOOD, page]).serving() as base:
        source = FeedSource(replace(FEED, url=base), Path())
        (fetched,) = source.fetch({}, NOW)
        assert isinstance(fetched, Document)
        assert len(source.parse(fetched)) == 1
        (second,) = source.fetch({}, NOW)
    assert isinstance(second, Document)
    (refusal,) = source.parse(second)
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.whole) == ("not_a_feed", True)


def test_a_broken_feed_is_refused_whole() -> None:
    broken = Reply(body=b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</chan')
    with Web([broken]).serving() as base:
        source = FeedSource(replace(FEED, url=base), Path())
        (fetched,) = source.fetch({}, NOW)
        assert isinstance(fetched, Document)
        (refusal,) = source.parse(fetched)
        assert isinstance(refusal, Refusal)
        assert (refusal.reason, refusal.whole) == ("unreadable", True)
