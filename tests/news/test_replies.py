"""JSON as vendors send it: whole replies, arrays, indented or not, records on lines, columns as arrays."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.types import Article, CsvDialect, Refusal
from tests.news.newsroom import parse, parse_article, parse_refusal, spec

ONE = {"title": "Calder Works hires", "published_at": "2020-02-03T09:15:00Z", "stocks": [{"symbol": "CLD"}], "id": 1}
TWO = {**ONE, "title": "Vostok Rail orders", "stocks": [{"symbol": "VSTK"}], "id": 2}
COLUMNS: dict[str, str | int] = {"tags": "stocks.symbol"}
BOTH = [("Calder Works hires", ["CLD"]), ("Vostok Rail orders", ["VSTK"])]


def read(payload: str, columns: dict[str, str | int] | None = None, **keys: Any) -> list[tuple[str, list[str]]]:
    kind = keys.pop("kind", "json")
    outcomes = parse(spec(kind, CsvDialect(columns=columns or COLUMNS), path="reply.json", **keys), payload, "reply")
    assert all(isinstance(item, Article) for item in outcomes), outcomes
    return [(item.title, [tag.text for tag in item.tags]) for item in outcomes if isinstance(item, Article)]


def lines(*values: object) -> str:
    return "\n".join(map(json.dumps, values))


WRITTEN = {
    "array": json.dumps([ONE, TWO]),
    "indented": json.dumps([ONE, TWO], indent=4),
    "lines": lines(ONE, TWO),
    "lines with blanks": lines(ONE, TWO).replace("\n", "\r\n\r\n"),
    "lines with commas": lines(ONE, TWO).replace("\n", ",\n") + ",",
    "an array of lines": "[\n" + lines(ONE, TWO).replace("\n", ",\n") + "\n]",
    "indented, one after the other": json.dumps(ONE, indent=1) + "\n" + json.dumps(TWO, indent=1),
    "on one line": json.dumps(ONE) + json.dumps(TWO),
    "record separators": "\x1e" + "\n\x1e".join(map(json.dumps, (ONE, TWO))),
    "arrays on lines": lines([ONE], [TWO]),
    "a mark of UTF-8": "\ufeff" + json.dumps([ONE, TWO]),
}


@pytest.mark.parametrize("kind", ["json", "jsonl"])
@pytest.mark.parametrize("name", WRITTEN)
def test_records_are_read_however_they_are_written(name: str, kind: str) -> None:
    assert read(WRITTEN[name], kind=kind) == BOTH


REPLIES: dict[str, tuple[str, object]] = {
    "a list": ("data", {"meta": {"pages": 1}, "data": [ONE, TWO]}),
    "a list below": ("data.items", {"data": {"items": [ONE, TWO], "next": None}}),
    "lists in a list": ("pages.items", {"pages": [{"items": [ONE]}, {"items": [TWO]}]}),
    "an array of replies": ("data", [{"data": [ONE]}, {"data": [TWO]}]),
}


@pytest.mark.parametrize("name", REPLIES)
@pytest.mark.parametrize("indent", [None, 2])
def test_a_path_leads_to_the_records_of_a_reply(name: str, indent: int | None) -> None:
    path, reply = REPLIES[name]
    assert read(json.dumps(reply, indent=indent), records=path) == BOTH
    names = {"title": "title", "published_at": "published_at", "tags": "stocks.symbol", "id": "id"}
    columns: dict[str, str | int] = {key: f"{path}.{column}" for key, column in names.items()}
    assert read(json.dumps(reply, indent=indent), columns) == BOTH
    assert read(json.dumps(reply, indent=indent), columns, records=path) == BOTH


def test_replies_on_lines_are_read_and_so_are_records_without_their_reply() -> None:
    assert read(lines({"data": [ONE]}, {"data": []}, {"data": [TWO]}), records="data", kind="jsonl") == BOTH
    assert read(lines(ONE, TWO), records="data", kind="jsonl") == BOTH
    assert read(json.dumps({"data": None}), records="data") == []


@pytest.mark.parametrize("kind", ["json", "jsonl"])
def test_a_wrapped_reply_without_the_key_is_refused_with_the_key_to_set(kind: str) -> None:
    for reply in ({"meta": {"found": 2}, "data": {"items": [ONE, TWO]}},
                  {"title": "News of today", "published_at": "2020-02-03", "data": {"items": [ONE, TWO]}}):  # fmt: skip
        news_spec = spec(kind, CsvDialect(columns={"tags": "data.items.title"}), path="reply.json")
        refusal = parse_refusal(news_spec, json.dumps(reply))
        assert (refusal.reason, refusal.detail.rpartition("; ")[2]) == ("records", "set `records: data.items`")


def test_a_reply_that_reports_an_error_is_refused_with_what_it_has() -> None:
    refusal = parse_refusal(spec("json", CsvDialect(), path="a", records="feed"), '{"Information": "too many calls"}')
    assert refusal.detail == "it has no list 'feed' and no 'title' (it has: Information)"


def test_what_a_reply_says_of_all_its_records_is_read_beside_them() -> None:
    reply = {"symbol": "CLD", "news": [{"title": "A", "published_at": "2020-02-03", "id": 1},
                                       {"title": "B", "published_at": "2020-02-03", "id": 2}]}  # fmt: skip
    assert read(json.dumps(reply), {"tags": "symbol"}, records="news") == [("A", ["CLD"]), ("B", ["CLD"])]


def test_an_id_of_the_reply_is_not_that_of_its_records() -> None:
    reply = {"id": "page-1", "news": [{"title": "A", "published_at": "2020-02-03"},
                                      {"title": "B", "published_at": "2020-02-03"}]}  # fmt: skip
    assert len(read(json.dumps(reply), {"id": "id"}, records="news")) == 2


TABLES: dict[str, tuple[dict[str, str | int], object]] = {
    "at the top": ({}, {"title": ["A", "B"], "published_at": ["2020-02-03", "2020-02-04"], "tags": [["X"], ["Y"]]}),
    "below": (
        {"title": "t.h", "published_at": "t.d", "tags": "t.s"},
        {"t": {"h": ["A", "B"], "d": ["2020-02-03", "2020-02-04"], "s": ["X", "Y"], "other": [1]}},
    ),
    "of pandas": (
        {},
        {"title": {"0": "A", "7": "B"},
         "published_at": {"0": 1580721300, "7": 1580721301}, "tags": {"0": "X", "7": "Y"}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_columns_may_be_parallel_arrays(name: str) -> None:
    columns, table = TABLES[name]
    assert read(json.dumps(table), columns or {"tags": "tags"}) == [("A", ["X"]), ("B", ["Y"])]
    short = {key: column.removeprefix("t.") for key, column in columns.items() if isinstance(column, str)}
    if columns:
        assert read(json.dumps(table), dict(short), records="t") == [("A", ["X"]), ("B", ["Y"])]


def test_arrays_share_what_stands_outside_of_them() -> None:
    columns: dict[str, str | int] = {"title": "t.h", "published_at": "t.d", "tags": "tickers"}
    table = {"t": {"h": ["A", "B"], "d": ["2020-02-03", "2020-02-04"]}, "tickers": ["X", "Y"]}
    assert read(json.dumps(table), columns) == [("A", ["X", "Y"]), ("B", ["X", "Y"])]


def test_arrays_of_different_lengths_are_refused() -> None:
    table = {"title": ["A", "B"], "published_at": ["2020-02-03"]}
    refusal = parse_refusal(spec("json", CsvDialect(), path="a"), json.dumps(table))
    assert "published_at 1, title 2" in refusal.detail


@pytest.mark.parametrize(
    ("written", "at"),
    [({"$date": "2020-02-03T09:15:00Z"}, 9), ({"$date": {"$numberLong": "1580721300000"}}, 9), (1580721300.0, 9),
     (1580721300000.0, 9)],
)  # fmt: skip
def test_times_of_databases_and_of_floating_point_are_read(written: object, at: int) -> None:
    article = parse_article(spec("json", CsvDialect(), path="a"), json.dumps({"title": "A", "published_at": written}))
    assert (article.stamp.at.hour, article.stamp.at.minute) == (at, 15)


@pytest.mark.parametrize(
    "stocks", [["CLD"], "CLD", "['CLD']", [{"ticker": "CLD", "name": "Calder"}], {"symbol": "CLD"}]
)
def test_tags_are_read_whatever_the_column_holds(stocks: object) -> None:
    assert read(json.dumps([{**ONE, "stocks": stocks}]), {"tags": "stocks"}) == [("Calder Works hires", ["CLD"])]


@pytest.mark.parametrize("cut", [3, 40, 200])
def test_a_reply_that_breaks_off_is_refused_once(cut: int) -> None:
    refusal = parse_refusal(spec("json", CsvDialect(), path="a"), json.dumps([ONE, TWO] * 20, indent=2)[:-cut])
    assert "it is not JSON" in refusal.detail


def test_an_array_of_lines_that_breaks_off_keeps_its_whole_lines() -> None:
    text = "[\n" + lines(*({**ONE, "id": n} for n in range(20))).replace("\n", ",\n")
    outcomes = parse(spec("json", CsvDialect(), path="a"), text[:-30], "a")
    assert len([item for item in outcomes if isinstance(item, Article)]) == 19
    assert [item.reason for item in outcomes if isinstance(item, Refusal)] == ["row"]


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.just("2020-02-03"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["title", "published_at", "data", "tags", "0", "1"]), inner, max_size=4)
    ),
)


@given(values, st.sampled_from([None, "data", "data.title"]), st.sampled_from(["title", "data.title"]))
def test_any_value_is_read_or_refused(value: object, records: str | None, title: str) -> None:
    dialect = CsvDialect(columns={"title": title, "tags": "data.tags"})
    for text in (json.dumps(value), json.dumps(value, indent=1), lines(value, value)):
        for item in parse(spec("json", dialect, path="a", records=records), text, "a"):
            assert isinstance(item, Article) or item.detail


def test_a_reply_larger_than_allowed_is_refused_before_it_is_parsed() -> None:
    refusal = parse_refusal(spec("json", CsvDialect(), path="a", max_bytes=20), lines(ONE))
    assert refusal.reason == "too_large"
