import socket
from collections.abc import Iterator

import pytest
import requests
import urllib3

from signals.net.budget import Item, Limits
from signals.net.public_session import PrivateAddressError, PublicSession, root_cause
from tests.loopback import Answer, Site, site

NOBODY = frozenset[str]()


def create_session(allowed_hosts: frozenset[str]) -> PublicSession:
    return PublicSession(allowed_hosts, Item("test", "page", Limits(60.0, 1_000_000, 100)))


@pytest.fixture
def loopback() -> Iterator[Site]:
    with site() as served:
        served.answers = {"/a": Answer(b"private")}
        yield served


def test_a_private_host_is_reached_only_if_it_is_allowed(loopback: Site) -> None:
    with create_session(frozenset({"127.0.0.1"})) as session:
        assert session.get(f"{loopback.url}/a", timeout=60).content == b"private"
    with create_session(NOBODY) as session, pytest.raises(PrivateAddressError):
        session.get(f"{loopback.url}/a", timeout=60)
    assert len(loopback.asked) == 1


def test_a_private_peer_is_refused_before_the_tls_handshake(loopback: Site) -> None:
    with create_session(NOBODY) as session, pytest.raises(PrivateAddressError):
        session.get(loopback.url.replace("http:", "https:"), timeout=60)


def test_a_host_that_resolves_to_a_private_address_when_connecting_is_refused(
    loopback: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *rest, **options: resolve("127.0.0.1", *rest, **options))
    with create_session(NOBODY) as session, pytest.raises(PrivateAddressError, match=r"news\.example"):
        session.get(loopback.url.replace("127.0.0.1", "news.example") + "/a", timeout=60)
    assert loopback.asked == []


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]:8000/a", "https://10.0.0.1/", "http://2130706433/"])
def test_a_private_url_is_refused_unless_its_host_is_allowed(url: str) -> None:
    with pytest.raises(PrivateAddressError):
        create_session(NOBODY).check_address(url)
    create_session(frozenset({"127.0.0.1", "::1", "10.0.0.1", "2130706433"})).check_address(url)


def test_a_public_url_is_accepted() -> None:
    create_session(NOBODY).check_address("http://93.184.216.34/")


def test_the_root_cause_is_the_innermost_error_without_urls() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"
        with pytest.raises(requests.ConnectionError) as refused:
            requests.get(url, timeout=60)
    assert root_cause(refused.value) == "Connection refused"
    assert root_cause(urllib3.exceptions.MaxRetryError(None, url, TimeoutError())) == "TimeoutError"  # type: ignore[arg-type]  # no pool is needed
    assert root_cause(ValueError("https://secret.example")) == "ValueError"
