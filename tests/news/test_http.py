import gzip
import socket
import threading
import time
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from signals.net.politeness import Hosts
from signals.news import http
from signals.news.feed import FeedSource
from signals.types import CsvDialect, Document, NewsSpec, SourceFailure
from tests.news.newsroom import NOW, spec
from tests.news.servers import Reply, Web
from tests.news.test_feed import item, rss

FEED = spec("feed", CsvDialect(timezone="UTC"), path=None, timeout=2.0, max_bytes=100_000, delay=0.0, robots=False)
GOOD = Reply(body=rss(item()).encode(), headers={"Content-Type": "application/rss+xml", "ETag": '"1"'})


def get(
    described: NewsSpec, url: str, known: Document | None = None, pauses: list[float] | None = None
) -> list[Document | SourceFailure]:
    pauses = [] if pauses is None else pauses
    return list(http.Visitor(replace(described, url=url), NOW, pauses.append, Hosts()).fetch(url, known))


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
    web = Web([Reply(429, headers={"Retry-After": "7"}), Reply(503, headers={"Retry-After": "5"}), GOOD])
    with web.serving() as base:
        (found,) = get(FEED, base, pauses=pauses)
    assert isinstance(found, Document)
    assert pauses == [7, 5]


@pytest.mark.parametrize("wish", ["86400", format_datetime(NOW + timedelta(days=1))])
def test_a_wish_to_wait_for_hours_is_respected_by_leaving(wish: str) -> None:
    pauses: list[float] = []
    web = Web([Reply(429, headers={"Retry-After": wish})])
    with web.serving() as base:
        (found,) = get(FEED, base, pauses=pauses)
    assert isinstance(found, SourceFailure)
    assert (found.reason, len(web.asked), pauses) == ("rate_limited", 1, [])
    assert "come back in 86,400 seconds" in found.detail


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
    "target", ["http://127.0.0.1/rss", "http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/", "http://2130706433/",
               "http://[::ffff:127.0.0.1]/"]
)  # fmt: skip
def test_a_redirect_to_a_private_host_that_nobody_named_is_not_followed(target: str) -> None:
    web = Web([Reply(302, headers={"Location": target})])
    with web.serving() as base:
        found = failure(FEED, base.replace("127.0.0.1", "localhost"))
    assert found.reason == "unavailable"
    assert "on a private network" in found.detail
    assert len(web.asked) == 1


def test_a_private_host_that_the_source_names_is_followed_to() -> None:
    web = Web([GOOD])
    with web.serving() as base:
        port = base.rpartition(":")[2]
        web.replies.insert(0, Reply(302, headers={"Location": f"{base}/next"}))
        described = replace(FEED, urls=(base,))
        assert isinstance(get(described, f"http://localhost:{port}/rss")[0], Document)


def test_a_name_that_is_answered_differently_the_second_time_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
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
        found = failure(FEED, base)
    assert "on a private network" in found.detail
    assert len(web.asked) == 1


# --- manners --------------------------------------------------------------------------------------------------------

POLITE = replace(FEED, robots=True)


def robots(*lines: str) -> Reply:
    return Reply(body="\n".join(lines).encode(), headers={"Content-Type": "text/plain"})


def test_robots_txt_is_asked_once_and_obeyed() -> None:
    web = Web([robots("User-agent: *", "Disallow: /private/*.xml$", "Allow: /"), GOOD])
    with web.serving() as base:
        visitor = http.Visitor(replace(POLITE, urls=(base,)), NOW, hosts=Hosts())
        (read,), (left,) = (list(visitor.fetch(f"{base}/{path}", None)) for path in ("a.xml", "private/b.xml"))
    assert isinstance(read, Document)
    assert isinstance(left, SourceFailure)
    assert left.reason == "robots"
    assert "robots.txt asks programs to leave /private/b.xml alone" in left.detail
    assert [path for path, _ in web.asked] == ["/robots.txt", "/a.xml"]


def test_a_robots_txt_may_speak_to_us_by_name() -> None:
    lines = ("User-agent: signals", "Disallow: /", "", "User-agent: *", "Allow: /")
    with Web([robots(*lines), GOOD]).serving() as base:
        assert failure(POLITE, f"{base}/a.xml").reason == "robots"
    with Web([robots(*lines), GOOD]).serving() as base:
        named = replace(POLITE, user_agent="Jane Doe jane@meridian.example")
        assert isinstance(get(named, f"{base}/a.xml")[0], Document)


@pytest.mark.parametrize("reply", [Reply(404), Reply(403), Reply(body=b"\xff\0\x01 nonsense"), robots("")])
def test_without_a_readable_robots_txt_everything_is_allowed(reply: Reply) -> None:
    with Web([reply, GOOD]).serving() as base:
        assert isinstance(get(POLITE, base)[0], Document)


def test_where_robots_txt_is_in_trouble_nothing_is_asked() -> None:
    web = Web([Reply(503)])
    with web.serving() as base:
        found = failure(POLITE, f"{base}/rss")
    assert found.reason == "unavailable"
    assert {path for path, _ in web.asked} == {"/robots.txt"}


def test_a_host_is_given_the_pause_that_it_wants_between_requests() -> None:
    pauses: list[float] = []
    hosts = Hosts(clock=lambda: 100.0)
    with Web([robots("User-agent: *", "Crawl-delay: 7"), GOOD]).serving() as base:
        visitor = http.Visitor(replace(POLITE, delay=2.0, urls=(base,)), NOW, pauses.append, hosts)
        for path in ("a", "b"):
            assert isinstance(next(visitor.fetch(f"{base}/{path}", None)), Document)
    assert pauses == [2, 7]


def test_a_host_is_asked_by_one_at_a_time() -> None:
    hosts, inside, most = Hosts(), [0], [0]

    def visit() -> None:
        for _ in range(20):
            with hosts.turn("meridian.example", 0.0, lambda _: None):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                time.sleep(0.0005)
                inside[0] -= 1

    threads = [threading.Thread(target=visit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (inside, most) == ([0], [1])


def test_a_source_may_say_who_asks() -> None:
    web = Web([GOOD])
    with web.serving() as base:
        get(replace(FEED, user_agent="Jane Doe jane@meridian.example"), base)
    assert web.asked[0][1]["user-agent"] == "Jane Doe jane@meridian.example"


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


def test_a_feed_that_is_broken_is_a_failure_every_night() -> None:
    broken = Reply(body=b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</chan')
    with Web([broken]).serving() as base:
        source = FeedSource(replace(FEED, url=base), Path())
        for _ in range(2):
            (found,) = source.fetch({}, NOW)
            assert isinstance(found, SourceFailure)
            assert found.reason == "unreadable"
