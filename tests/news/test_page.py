import gzip
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.news.articles import RejectedError
from signals.news.documents import make_document
from signals.news.page import decode
from signals.types import Article, CsvDialect, Document, SourceFailure
from tests.news.newsroom import LONDON, NOW, PAGE, fetch, parse, parse_article, parse_refusal, spec

PAGES = spec("page", path="inbox/**/*")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    (folder / "old").mkdir(parents=True)
    (folder / "b.txt").write_text(PAGE, encoding="utf-8")
    (folder / "a.txt.gz").write_bytes(gzip.compress(PAGE.encode()))
    (folder / "old" / "b.htm").write_text("<html></html>", encoding="utf-8")
    (folder / "notes.pdf").write_bytes(b"%PDF-")
    return tmp_path


def test_pages_are_fetched_in_order_and_other_files_are_not_fetched(inbox: Path) -> None:
    fetched = fetch(PAGES, inbox)
    assert [d.origin for d in fetched if isinstance(d, Document)] == [
        "inbox/a.txt.gz",
        "inbox/b.txt",
        "inbox/old/b.htm",
    ]
    assert isinstance(fetched[0], Document)
    assert fetched[0].payload == PAGE.encode()


def test_a_page_is_fetched_again_only_when_it_changed(inbox: Path) -> None:
    previous = [d for d in fetch(PAGES, inbox) if isinstance(d, Document)]
    assert fetch(PAGES, inbox, previous) == []
    (inbox / "inbox" / "b.txt").write_text(PAGE + "More.", encoding="utf-8")
    assert [d.origin for d in fetch(PAGES, inbox, previous) if isinstance(d, Document)] == ["inbox/b.txt"]


def test_a_page_is_fetched_again_when_its_parsing_settings_change(inbox: Path) -> None:
    previous = [d for d in fetch(PAGES, inbox) if isinstance(d, Document)]
    elsewhere = replace(PAGES, dialect=CsvDialect(timezone="Europe/Moscow"), timeout=3.0)
    assert len(fetch(elsewhere, inbox, previous)) == len(previous)
    assert fetch(replace(PAGES, timeout=3.0), inbox, previous) == []


def test_the_key_of_a_page_without_a_url_is_its_path_below_the_folder() -> None:
    keys = {}
    for origin in ("inbox/a.txt", "inbox/old/a.txt", "elsewhere/a.txt"):
        (article,) = parse(PAGES, PAGE, origin)
        assert isinstance(article, Article)
        keys[origin] = article.key
    assert keys == {"inbox/a.txt": "a.txt", "inbox/old/a.txt": "old/a.txt", "elsewhere/a.txt": "a.txt"}


def test_a_path_without_wildcards_is_fetched_with_any_suffix(inbox: Path) -> None:
    (inbox / "a [1].page").write_text(PAGE, encoding="utf-8")
    (fetched,) = fetch(spec("page", path=str(inbox / "a [1].page")), inbox)
    assert isinstance(fetched, Document)
    assert fetched.origin == "a [1].page"


@pytest.mark.parametrize("path", ["nothing/*.txt", "missing.txt", "inbox"])
def test_a_path_without_files_is_a_failure_that_says_what_to_do(inbox: Path, path: str) -> None:
    (failure,) = fetch(spec("page", path=path), inbox)
    assert isinstance(failure, SourceFailure)
    assert failure.reason == "not_found"
    assert path in failure.detail


def test_a_file_that_cannot_be_fetched_does_not_affect_the_others(inbox: Path) -> None:
    (inbox / "inbox" / "a.txt.gz").write_bytes(gzip.compress(PAGE.encode())[:60])
    (inbox / "inbox" / "c.txt").write_text("x" * 5_000, encoding="utf-8")
    fetched = fetch(replace(PAGES, max_bytes=4_000), inbox)
    assert {f.item: f.reason for f in fetched if isinstance(f, SourceFailure)} == {
        "inbox/a.txt.gz": "unreadable",
        "inbox/c.txt": "too_large",
    }
    assert len([d for d in fetched if isinstance(d, Document)]) == 2


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs a file that may not be read")
def test_a_file_that_may_not_be_read_is_a_failure(inbox: Path) -> None:
    (inbox / "inbox" / "b.txt").chmod(0)
    assert [f.reason for f in fetch(PAGES, inbox) if isinstance(f, SourceFailure)] == ["unreadable"]


def test_a_decompression_bomb_is_a_failure(inbox: Path) -> None:
    (inbox / "inbox" / "b.txt.gz").write_bytes(gzip.compress(b"\0" * 50_000_000))
    assert [f.reason for f in fetch(PAGES, inbox) if isinstance(f, SourceFailure)] == ["too_large"]


RUSSIAN = PAGE.replace(
    "Vostok Rail orders ninety locomotives from Calder Works", "«Восток» заказал девяносто паровозов"
)


@pytest.mark.parametrize(
    ("payload", "encoding"),
    [
        (RUSSIAN.encode("utf-8-sig"), "utf-8-sig"),
        (RUSSIAN.encode("utf-16"), "utf-8-sig"),
        (RUSSIAN.replace("©", "(c)").encode("cp1251"), "cp1251"),
        (RUSSIAN.encode(), "cp1251"),
    ],
)
def test_a_page_is_decoded_by_its_byte_order_mark_as_utf_8_or_as_configured(payload: bytes, encoding: str) -> None:
    dialect = replace(LONDON, encoding=encoding)
    assert parse_article(spec("page", dialect), payload).title == "«Восток» заказал девяносто паровозов"


def test_a_page_may_declare_its_encoding() -> None:
    written = (
        '<html><head><meta charset="windows-1251"><meta name="date" content="2020-02-03T09:15Z">'
        "<title>«Восток» заказал паровозы</title></head><body><p>Так сказал директор.</p></body></html>"
    )
    assert parse_article(PAGES, written.encode("cp1251")).title == "«Восток» заказал паровозы"
    assert parse_article(PAGES, written.encode()).title == "«Восток» заказал паровозы"


def test_bytes_in_no_known_encoding_are_refused_with_their_position() -> None:
    refused = parse_refusal(PAGES, b"Published \xff")
    assert (refused.reason, refused.item) == ("encoding", "inbox/one.txt")
    assert "byte 10" in refused.detail


def test_a_byte_order_mark_that_the_text_does_not_fit_is_refused() -> None:
    refused = parse_refusal(PAGES, b"\xff\xfea")
    assert refused.reason == "encoding"


@pytest.mark.parametrize(
    ("declared", "text"), [("iso-8859-1", "“Café”"), ("koi8-r", "Кальдер"), ("no-such-encoding", None)]
)
def test_a_declared_encoding_is_used_where_utf_8_does_not_fit(declared: str, text: str | None) -> None:
    encoding = "cp1252" if declared == "iso-8859-1" else "koi8-r"
    payload = f"<meta charset={declared}>{text or 'Кальдер'}".encode(encoding)
    document = make_document(PAGES, "a.html", payload, NOW)
    if text:
        assert decode(document, "utf-8").endswith(text)
    else:
        with pytest.raises(RejectedError, match=r"byte \d+ of a\.html"):
            decode(document, "utf-8")


def test_an_empty_page_is_refused() -> None:
    assert parse_refusal(PAGES, b" \n\n").reason == "empty"
    assert parse_refusal(PAGES, b"").reason == "empty"


def test_an_article_is_seen_when_fetched_unless_the_source_was_known_when_published() -> None:
    assert parse_article(PAGES, PAGE).seen_at == NOW
    published = parse_article(replace(PAGES, known_at="published"), PAGE)
    assert published.seen_at == published.stamp.at


def test_the_digest_depends_on_the_content_and_not_on_the_fetch() -> None:
    (one,), (copy,) = parse(PAGES, PAGE, "inbox/a.txt"), parse(PAGES, PAGE, "inbox/b.txt")
    (changed,) = parse(PAGES, PAGE.replace("ninety", "eighty"), "inbox/a.txt")
    (moved,) = parse(replace(PAGES, dialect=replace(LONDON, timezone="UTC")), PAGE)
    assert all(isinstance(a, Article) for a in (one, copy, changed, moved))
    digests = [a.digest for a in (one, copy, changed, moved) if isinstance(a, Article)]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_invisible_characters_are_removed_and_the_rest_is_normalised() -> None:
    article = parse_article(PAGES, PAGE.replace("director.", "direc\u00adtor \u202ecafe\u0301\0\x07."))
    assert article.body.endswith("said its director café.")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(payload: bytes) -> None:
    assert len(parse(PAGES, payload)) == 1
