"""One request to a server that misbehaves: it ends within the budget of its item, in time, bytes and requests."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signals.errors import (
    LeftAloneError,
    OverBudgetError,
    RefusedError,
    TooLargeError,
    UnavailableError,
    UnreadableError,
)
from signals.net.budget import Item, Limits
from signals.net.client import Client, Reply
from signals.net.hosts import TRIES, Hosts
from signals.net.public_session import PublicSession
from tests.loopback import closed_port
from tests.net.hostile import DRIPS, FLOODS, ODDITIES, HostileSite, hostile_site, misbehaviour, serving

LOOPBACK = frozenset({"127.0.0.1"})
SHORT = Limits(seconds=0.5, size=3_000_000, requests=10)
PATIENT = Limits(seconds=60.0, size=3_000_000, requests=10)


@pytest.fixture
def hostile() -> Iterator[HostileSite]:
    with hostile_site() as served:
        yield served


def get(
    url: str,
    limits: Limits = SHORT,
    hosts: Hosts | None = None,
    timeout: float = 60.0,
    answer_within: float | None = None,
) -> Reply:
    with Item("wire", url, limits) as item, PublicSession(LOOPBACK, item) as session:
        return Client(session, hosts or Hosts(), timeout, 1_000_000, answer_within).get(url, {})


@pytest.mark.parametrize("name", DRIPS)
def test_a_drip_ends_with_the_seconds_of_its_item(hostile: HostileSite, name: str) -> None:
    with pytest.raises(OverBudgetError, match=r"it took more than 0\.5 seconds"):
        get(f"{hostile.url}/drip/{name}")


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_ends_with_the_bytes_of_its_item(hostile: HostileSite, name: str) -> None:
    with pytest.raises((OverBudgetError, UnreadableError)) as caught:
        get(f"{hostile.url}/flood/{name}", PATIENT)
    assert "seconds" not in caught.value.problem


@pytest.mark.parametrize("name", ODDITIES)
def test_an_odd_answer_is_an_answer_or_a_failure_of_its_item(hostile: HostileSite, name: str) -> None:
    try:
        reply = get(f"{hostile.url}/odd/{name}", PATIENT)
    except (UnavailableError, UnreadableError, OverBudgetError, RefusedError):
        return
    assert reply.status != 200 or reply.location


@pytest.mark.parametrize("name", ["gzip", "deflate"])
def test_a_bomb_is_abandoned_at_max_bytes(hostile: HostileSite, name: str) -> None:
    with pytest.raises(TooLargeError, match="larger than 1,000,000 bytes"):
        get(f"{hostile.url}/bomb/{name}", PATIENT)


def test_the_body_of_a_redirect_is_not_read(hostile: HostileSite) -> None:
    assert get(f"{hostile.url}/redirect-with-a-bomb", PATIENT).location == f"{hostile.url}/next"


def test_redirects_that_drip_share_the_seconds_of_one_item(hostile: HostileSite) -> None:
    limits = Limits(seconds=2.0, size=1_000_000, requests=10)
    with Item("wire", hostile.url, limits) as item, PublicSession(LOOPBACK, item) as session:
        client = Client(session, Hosts(), 60.0, 1_000_000)
        with pytest.raises(OverBudgetError, match="more than 2 seconds"):
            follow(client, f"{hostile.url}/dripping-redirect")


def follow(client: Client, url: str) -> None:
    """Follow redirects until one fails."""
    while True:
        url = client.get(url, {}).location


def test_requests_are_counted(hostile: HostileSite) -> None:
    hostile.answers["/a"] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with Item("wire", "a", Limits(60.0, 1_000_000, 2)) as item, PublicSession(LOOPBACK, item) as session:
        client = Client(session, Hosts(), 60.0, 1_000_000)
        for _ in range(2):
            client.get(f"{hostile.url}/a", {})
        with pytest.raises(OverBudgetError, match="it needs more than 2 requests"):
            client.get(f"{hostile.url}/a", {})
    assert len(hostile.asked) == 2


def test_an_answer_may_have_seconds_of_its_own(hostile: HostileSite) -> None:
    with pytest.raises(UnavailableError, match=r"an answer took more than 0\.3 seconds"):
        get(f"{hostile.url}/drip/a-body", PATIENT, answer_within=0.3)


def test_a_name_that_is_not_resolved_costs_no_more_than_the_item_has(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: over.wait(60) and [])
    try:
        with pytest.raises((OverBudgetError, UnavailableError)):
            get("http://news.example/a")
    finally:
        over.set()


@pytest.mark.parametrize("name", ["header-bytes", "a-chunk-extension", "trailers", "a-gzip-name", "a-body"])
def test_a_drip_under_tls_ends_with_its_seconds(name: str, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(lambda _: misbehaviour("drip", name), context) as url, Item("wire", url, PATIENT) as item:
        with PublicSession(LOOPBACK, item) as session:
            client = Client(session, Hosts(), 60.0, 1_000_000, answer_within=0.5)
            with pytest.raises(UnavailableError, match=r"an answer took more than 0\.5 seconds"):
                client.get(url, {})
        assert item.size > 0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 with its key."""
    if (openssl := shutil.which("openssl")) is None:
        pytest.skip("openssl, which makes the certificate, is not installed")
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made_by = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", "-", "-out", "-"]
    path.write_bytes(subprocess.run([*made_by, *subject], capture_output=True, check=True).stdout)
    return path


def test_a_handshake_that_never_ends_costs_no_more_than_the_item_has(hostile: HostileSite) -> None:
    with pytest.raises((OverBudgetError, UnavailableError)):
        get(hostile.url.replace("http:", "https:") + "/drip/a-body")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_never_ends_is_bounded_too(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving(lambda _: misbehaviour("drip", "headers")) as url:
        monkeypatch.setenv(f"{scheme}_proxy", url)
        with pytest.raises(OverBudgetError, match=r"it took more than 0\.5 seconds"):
            get(f"{scheme}://news.invalid/a")


def test_a_private_host_is_refused_before_a_connection(hostile: HostileSite) -> None:
    with pytest.raises(RefusedError, match="on a private network"):
        get(hostile.url.replace("127.0.0.1", "localhost"))
    assert hostile.asked == []


# --- hosts that are left alone --------------------------------------------------------------------------------------


def test_a_host_that_says_nothing_costs_one_timeout(hostile: HostileSite) -> None:
    hosts = Hosts()
    with pytest.raises(UnavailableError, match=r"did not answer within 0\.2 seconds"):
        get(f"{hostile.url}/silence", PATIENT, hosts, timeout=0.2)
    for number in range(500):
        with pytest.raises(LeftAloneError, match=r"left alone for the rest of this run: it did not answer within 0\.2"):
            get(f"{hostile.url}/silence?{number}", PATIENT, hosts, timeout=0.2)
    assert len(hostile.asked) == 1


def test_a_host_that_refuses_is_left_alone_after_its_tries() -> None:
    hosts, url = Hosts(), f"http://127.0.0.1:{closed_port()}/a"
    for _ in range(TRIES):
        with pytest.raises(UnavailableError, match="Connection refused"):
            get(url, PATIENT, hosts)
    with pytest.raises(LeftAloneError, match="it did not answer"):
        get(url, PATIENT, hosts)


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_host_that_names_a_time_is_left_alone_until_then(hostile: HostileSite, status: str) -> None:
    now = [datetime(2026, 3, 2, 3, 10, tzinfo=UTC)]
    hosts = Hosts(clock=lambda: now[0])
    hostile.answers["/a"] = f"HTTP/1.1 {status}\r\nRetry-After: 1800\r\nConnection: close\r\n\r\n".encode()
    hostile.answers["/b"] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<a/>"
    assert get(f"{hostile.url}/a", PATIENT, hosts).retry_after == 1_800
    with pytest.raises(LeftAloneError, match=r"left alone until 03:40 UTC: it (asked for fewer requests|is down)"):
        get(f"{hostile.url}/b", PATIENT, hosts)
    now[0] = datetime(2026, 3, 2, 3, 40, tzinfo=UTC)
    assert get(f"{hostile.url}/b", PATIENT, hosts).body == b"<a/>"
    assert hostile.asked == ["/a", "/b"]


def test_an_answer_in_between_begins_the_tries_again(hostile: HostileSite) -> None:
    hosts = Hosts()
    hostile.answers["/down"] = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n"
    hostile.answers["/up"] = b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n"
    for _ in range(3):
        for path in ["/down"] * (TRIES - 1) + ["/up"]:
            get(f"{hostile.url}{path}", PATIENT, hosts)
    assert len(hostile.asked) == 3 * TRIES


def test_a_host_whose_answers_do_not_end_is_left_alone_after_twice_as_many_tries(hostile: HostileSite) -> None:
    hosts, limits = Hosts(), Limits(0.2, 3_000_000, 10)
    for _ in range(2 * TRIES):
        with pytest.raises(OverBudgetError):
            get(f"{hostile.url}/drip/a-body", limits, hosts)
    with pytest.raises(LeftAloneError, match=r"it took more than 0\.2 seconds"):
        get(f"{hostile.url}/drip/a-body", limits, hosts)


def test_what_one_page_does_wrong_is_not_its_host_s(hostile: HostileSite) -> None:
    hosts = Hosts()
    for _ in range(TRIES + 1):
        with pytest.raises(TooLargeError):
            get(f"{hostile.url}/bomb/gzip", PATIENT, hosts)
