"""What is shown of addresses and sentences."""

import pytest

from signals.redacting import address_key, shown_address, without_secrets
from signals.types import NewsSpec, PriceSpec


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://u:SECRET@h:5432/db?sslpassword=SECRET&x=1", "postgresql://h:5432/db?…"),
        ("postgresql://user:p@SECRET@host/db", "postgresql://host/db"),
        ("postgresql://u:p/SECRET@host/db", "postgresql://host/db"),
        ("postgresql://u:p?SECRET@host/db", "postgresql://host/db"),
        ("postgresql://u:p#SECRET@host/db", "postgresql://host/db"),
        ("postgresql+psycopg://u%40:SECRET%2F@h/db", "postgresql+psycopg://h/db"),
        ("http://user:SECRET", "http://…"),
        ("http://u:12/SECRET@h/x", "http://h/x"),
        ("https://u:SECRET@h/feed?apikey=SECRET#SECRET", "https://h/feed?…"),
        ("https://h/@user/x", "https://h/@user/x"),
        ("https://h/users/me@x.y/feed", "https://h/users/me@x.y/feed"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("sqlite:///a b.db", "sqlite:///a b.db"),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(address: str, shown: str) -> None:
    assert shown_address(address) == shown
    assert shown_address(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cannot read https://u:SECRET@a/b?x=SECRET; correct it", "cannot read https://a/b?…; correct it"),
        ("Max retries exceeded with url: /feed?key=SECRET (Caused by x)",
         "Max retries exceeded with url: /feed?… (Caused by x)"),
        ("host=h password=SECRET user=u", "host=h password=… user=u"),
        ("host=h password='SEC \\' RET' user=u", "host=h password=… user=u"),
        ("{'sslpassword': 'SECRET', 'a': 1}", "{'sslpassword': …, 'a': 1}"),
        ("Authorization: Bearer SECRET", "Authorization: …"),
        ("news.x.url: 'a' is no address; write key = value", "news.x.url: 'a' is no address; write key = value"),
    ],
)  # fmt: skip
def test_a_sentence_is_shown_without_what_may_be_secret(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


def test_a_key_tells_addresses_apart_and_is_its_own_key() -> None:
    one, other = address_key("https://h/feed?k=1"), address_key("https://h/feed?k=2")
    assert one != other
    assert one.startswith("https://h/feed?…#")
    assert address_key(one) == one == without_secrets(one)
    assert address_key("https://h/feed") == "https://h/feed"
    assert address_key("inbox/a?b#c.txt") == "inbox/a?b#c.txt"


def test_an_entry_has_no_secret_in_its_text() -> None:
    news = NewsSpec("a", "page", url="https://u:SECRET@h/x?k=SECRET", urls=("https://h/?SECRET",))
    assert "SECRET" not in repr(news) + repr(PriceSpec("a", "moex", base_url="http://u:SECRET@h"))
    assert repr(NewsSpec("a", "page", path="x"))[:44] == "NewsSpec(name='a', kind='page', path='x', ur"
