"""Archives as JSON Lines and as Parquet: the same articles from both."""

import gzip
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.errors import ConfigError
from signals.news import open_source, records
from signals.types import Article, CsvDialect, Document, Precision, Refusal, Tag
from tests.news.newsroom import fetch, parse, parse_article, parse_refusal, spec

PLAIN = CsvDialect()
LINES = spec("jsonl", PLAIN, path="archive.jsonl")
Write = Callable[[list[dict[str, Any]]], bytes]


def json_lines(rows: list[dict[str, Any]]) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False, default=str) for row in rows).encode()


def parquet(rows: list[dict[str, Any]]) -> bytes:
    arrow, files, written = pytest.importorskip("pyarrow"), import_module("pyarrow.parquet"), io.BytesIO()
    files.write_table(arrow.Table.from_pylist(rows), written)
    return written.getvalue()


def read(write: Write, rows: list[dict[str, Any]], dialect: CsvDialect = PLAIN, **more: Any) -> list[Article]:
    kind = "parquet" if write is parquet else "jsonl"
    outcomes = parse(spec(kind, dialect, path=f"archive.{kind}", **more), write(rows), f"archive.{kind}")
    assert all(isinstance(item, Article) for item in outcomes), outcomes
    return [item for item in outcomes if isinstance(item, Article)]


formats = pytest.mark.parametrize("write", [json_lines, parquet])
ROW = {"title": "Calder Works hires", "published_at": "2020-02-03T09:15:00Z", "tags": ["CLD", "NYSE:VSTK", "CLD"]}


@formats
def test_a_record_is_an_article(write: Write) -> None:
    (one,) = read(
        write, [{**ROW, "body": "<p>LEEDS (Reuters) - Many.</p><p>More.</p>", "id": 7, "url": None, "x": 1.5}]
    )
    assert (one.key, one.title, one.body) == ("7", "Calder Works hires", "LEEDS (Reuters) - Many.\n\nMore.")
    assert one.stamp.at == datetime(2020, 2, 3, 9, 15, tzinfo=UTC)
    assert (one.publisher, one.tags) == ("Reuters", (Tag("CLD"), Tag("NYSE:VSTK")))


@formats
def test_dotted_columns_reach_into_objects_and_lists_of_objects(write: Write) -> None:
    row = {"doc": {"head": "Rail rises", "when": 1580721300}, "tickers": [{"symbol": "VSTK"}, {"symbol": "CLD"}]}
    columns = {"title": "doc.head", "published_at": "doc.when", "tags": "tickers.symbol"}
    (one,) = read(write, [row], CsvDialect(columns=columns))
    assert (one.title, one.stamp.at) == ("Rail rises", datetime(2020, 2, 3, 9, 15, tzinfo=UTC))
    assert [tag.text for tag in one.tags] == ["VSTK", "CLD"]


@formats
def test_tags_in_one_text_are_split_where_the_source_says_how(write: Write) -> None:
    (one,) = read(write, [{**ROW, "tags": "VSTK|CLD|-"}], tag_separator="|")
    assert [tag.text for tag in one.tags] == ["VSTK", "CLD"]


@formats
def test_records_of_one_article_are_joined(write: Write) -> None:
    rows = [{**ROW, "tags": ["VSTK"]}, {**ROW, "tags": ["CLD"]}]
    assert [[tag.text for tag in one.tags] for one in read(write, rows)] == [["VSTK", "CLD"]]


def test_typed_times_of_parquet_keep_their_precision_and_their_zone() -> None:
    wall = CsvDialect(timezone="Europe/Moscow")
    for value, at, precision in (
        (datetime(2020, 2, 3, 12, 15), datetime(2020, 2, 3, 9, 15, tzinfo=UTC), Precision.INSTANT),  # noqa: DTZ001
        (datetime(2020, 2, 3, 12, 15, tzinfo=UTC), datetime(2020, 2, 3, 12, 15, tzinfo=UTC), Precision.INSTANT),
        (date(2020, 2, 3), datetime(2020, 2, 2, 21, tzinfo=UTC), Precision.DAY),
    ):
        (one,) = read(parquet, [{**ROW, "published_at": value}], wall)
        assert (one.stamp.at, one.stamp.precision) == (at, precision)


def test_lines_that_are_no_record_are_refused_with_their_numbers() -> None:
    good = json.dumps(ROW).encode()
    bad = [
        b'{"title": "cut',
        b"[1]",
        b'{"title": null, "published_at": "2020"}',
        b'{"title": "x"}',
        b"\xff{}",
        b"[" * 5_000,
    ]
    outcomes = parse(LINES, b"\xef\xbb\xbf" + good + b"\r\n\n" + b"\n".join(bad), "archive.jsonl")
    assert [item.title for item in outcomes if isinstance(item, Article)] == ["Calder Works hires"]
    assert [(r.item, r.reason) for r in outcomes if isinstance(r, Refusal)] == [
        ("archive.jsonl line 3", "row"), ("archive.jsonl line 4", "row"), ("archive.jsonl line 5", "no_title"),
        ("archive.jsonl line 6", "no_date"), ("archive.jsonl line 7", "encoding"), ("archive.jsonl line 8", "row"),
    ]  # fmt: skip


def test_the_suffix_of_a_file_takes_precedence_over_the_kind_of_the_source(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(json_lines([ROW])))
    (tmp_path / "b.csv").write_text("title,published_at\nCalder Works builds,2020-02-03\n")
    news_spec = spec("csv", CsvDialect(), path="*")
    source = open_source(news_spec, tmp_path)
    outcomes = [a for d in fetch(news_spec, tmp_path) if isinstance(d, Document) for a in source.parse(d)]
    assert [a.title for a in outcomes if isinstance(a, Article)] == ["Calder Works hires", "Calder Works builds"]


@pytest.mark.parametrize("payload", [b"", b"PAR1", b"PAR1" + b"\0" * 100 + b"PAR1"])
def test_a_damaged_parquet_file_is_refused(payload: bytes) -> None:
    pytest.importorskip("pyarrow")
    (outcome,) = parse(spec("parquet", CsvDialect(), path="a.parquet"), payload, "a.parquet")
    assert isinstance(outcome, Refusal)
    assert outcome.reason == "unreadable"


def test_a_parquet_file_without_the_columns_or_with_too_much_in_it_is_refused() -> None:
    news_spec = spec("parquet", CsvDialect(columns={"title": "head"}), path="a.parquet")
    (outcome,) = parse(news_spec, parquet([ROW]), "a.parquet")
    assert isinstance(outcome, Refusal)
    assert "no column 'head' for title among title, published_at, tags" in outcome.detail
    (outcome,) = parse(replace(news_spec, dialect=CsvDialect(), max_bytes=10), parquet([ROW]), "a.parquet")
    assert isinstance(outcome, Refusal)
    assert outcome.reason == "too_large"


def test_without_pyarrow_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "has_pyarrow", lambda: False)
    with pytest.raises(ConfigError, match=r"pip install 'pyarrow'"):
        open_source(spec("csv", CsvDialect(), path="a.parquet"), Path())
    (outcome,) = parse(spec("csv", CsvDialect(), path="*"), b"PAR1", "a.parquet")
    assert isinstance(outcome, Refusal)
    assert "pyarrow" in outcome.detail


def test_only_a_csv_file_can_lack_a_header() -> None:
    with pytest.raises(ConfigError, match=r"news\[test\]\.header: only a csv"):
        open_source(spec("jsonl", CsvDialect(header=False)), Path())


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "title", "tags"]), inner, max_size=3)
    ),
)


@given(st.dictionaries(st.sampled_from(["title", "published_at", "tags", "body", "id"]), values))
def test_any_object_is_read_or_refused(row: dict[str, Any]) -> None:
    assert parse(LINES, json.dumps(row), "archive.jsonl")
    assert parse_refusal(LINES, json.dumps({**row, "title": None})).reason in ("no_title", "records")
    assert parse_article(LINES, json.dumps({**row, "title": "x", "published_at": "2020-02-03"})).title == "x"
