from dataclasses import replace

import pytest

from signals.news.documents import make_document, same_settings
from signals.types import CsvDialect, Keep
from tests.news.newsroom import NOW, spec

PAGES = spec("page")
DOCUMENT = make_document(PAGES, "inbox/a.txt", b"text", NOW, "text/plain", '"1"', "Mon, 03 Feb 2020 09:15:00 GMT")


def test_a_document_holds_its_source_origin_payload_and_headers() -> None:
    assert (DOCUMENT.source, DOCUMENT.origin, DOCUMENT.payload) == ("test", "inbox/a.txt", b"text")
    assert (DOCUMENT.fetched_at, DOCUMENT.media_type, DOCUMENT.etag) == (NOW, "text/plain", '"1"')
    assert DOCUMENT.last_modified == "Mon, 03 Feb 2020 09:15:00 GMT"


def test_a_digest_depends_on_the_payload_and_not_on_its_origin() -> None:
    assert make_document(PAGES, "inbox/b.txt", b"text", NOW).digest == DOCUMENT.digest
    assert make_document(PAGES, "inbox/a.txt", b"other", NOW).digest != DOCUMENT.digest


@pytest.mark.parametrize(
    "settings",
    [{"dialect": CsvDialect(timezone="Asia/Tokyo")}, {"known_at": "published"}, {"publisher": "M"}, {"kind": "feed"}],
    ids=str,
)
def test_a_setting_that_affects_parsing_changes_the_digest(settings: dict[str, object]) -> None:
    changed = spec(**{"kind": "page", **settings})  # type: ignore[arg-type]  # by name
    assert not same_settings(changed, DOCUMENT)
    assert make_document(changed, "inbox/a.txt", b"text", NOW).digest != DOCUMENT.digest


def test_settings_of_fetching_and_storing_do_not_change_the_digest() -> None:
    changed = replace(
        PAGES, name="other", path="inbox/**", urls=("https://a.example/1",), keep=Keep.HEADLINE, max_bytes=7,
        timeout=3.0, delay=9.0, robots=False, user_agent="x", base_url="https://b.example", symbols=("CLD",),
    )  # fmt: skip
    assert same_settings(changed, DOCUMENT)
