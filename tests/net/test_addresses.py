import pytest

from signals.net.addresses import host_of, is_public, is_public_host


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "::"],
)  # fmt: skip
def test_private_and_local_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)
    assert not is_public_host(address.partition("%")[0])


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34"])
def test_addresses_of_the_public_network_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f.1", "127.1"])
def test_localhost_in_any_notation_is_not_a_public_host(host: str) -> None:
    assert not is_public_host(host)


def test_a_host_that_cannot_be_resolved_counts_as_public() -> None:
    assert is_public_host("news.invalid")
    assert is_public_host("a" * 300)


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://News.Example/rss", "news.example"), ("http://[::1]:8080/", "::1"), ("ftp://news.example/", ""),
     ("file:///etc/hostname", ""), ("https://", ""), ("http://[::1", ""), ("news.example", "")],
)  # fmt: skip
def test_only_http_addresses_have_a_host(url: str, host: str) -> None:
    assert host_of(url) == host
