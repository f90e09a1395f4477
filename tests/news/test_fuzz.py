"""A sample of what `python -m benchmarks.fuzz` runs in full."""

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from signals.news.articles import MAX_MARKUP_BYTES
from signals.types import NewsSpec, SourceFailure
from tests.news.hostile import FEED, FILINGS, GIANTS, PAGES, REPLY, Hostile, examine, small
from tests.news.newsroom import fetch


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(small())
def test_hostile_input_is_parsed_or_refused_with_a_reason(hostile: Hostile) -> None:
    examine(*hostile)


@pytest.mark.parametrize("name", GIANTS)
def test_a_giant_is_read_or_refused_with_its_reason(name: str) -> None:
    news_spec, make = GIANTS[name]
    examine(news_spec, make(300_000).encode())


@pytest.mark.parametrize("news_spec", [FEED, PAGES], ids=["feed", "page"])
def test_a_payload_above_the_size_limit_is_refused_before_it_is_parsed(news_spec: NewsSpec) -> None:
    assert examine(news_spec, b"<rss>" + b"x" * MAX_MARKUP_BYTES) == ["too_large"]


@pytest.mark.parametrize("news_spec", [REPLY, FILINGS], ids=["json", "edgar"])
def test_data_above_the_limit_of_its_entry_is_refused_before_it_is_parsed(news_spec: NewsSpec) -> None:
    assert examine(news_spec, b"[" + b" " * news_spec.max_bytes) == ["too_large"]


def test_a_decompression_bomb_is_not_decompressed_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(b"")
    (tmp_path / "inbox").mkdir()
    bomb = gzip.compress(gzip.compress(b"\0" * 50_000_000, 9), 9)
    (tmp_path / "inbox" / "bomb.html.gz").write_bytes(gzip.compress(b"\0" * 50_000_000))
    (tmp_path / "inbox" / "twice.html.gz").write_bytes(bomb)
    fetched = fetch(PAGES, tmp_path)
    assert [f.reason for f in fetched if isinstance(f, SourceFailure)] == ["too_large"]
