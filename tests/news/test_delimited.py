from collections.abc import Sequence

import pytest

from signals.news.articles import RejectedError
from signals.news.delimited import Record, read_delimited
from signals.news.documents import make_document
from signals.types import CsvDialect
from tests.news.newsroom import NOW, spec

PLAIN = CsvDialect()


def read(text: str | bytes, dialect: CsvDialect = PLAIN, separator: str | None = None) -> Sequence[tuple[str, object]]:
    news_spec = spec("csv", dialect, tag_separator=separator)
    document = make_document(news_spec, "a.csv", text.encode() if isinstance(text, str) else text, NOW)
    return [
        (position, record.text("title") if isinstance(record, Record) else record.reason)
        for position, record in read_delimited(document, news_spec)
    ]


def test_records_stand_at_their_lines_and_blank_lines_are_skipped() -> None:
    text = 'published_at,title\n2020-02-03,A\n\n2020-02-03,"B\nC"\n,\n2020-02-03,D\n'
    assert read(text) == [("line 2", "A"), ("line 4", "B\nC"), ("line 7", "D")]


def test_a_record_has_text_and_tags_by_key() -> None:
    news_spec = spec("csv", PLAIN, tag_separator=";")
    document = make_document(news_spec, "a.csv", b"published_at,title,tags,body\n2020-02-03,A,X;Y, - \n", NOW)
    ((_, record),) = read_delimited(document, news_spec)
    assert isinstance(record, Record)
    assert (record.text("title"), record.text("body"), record.text("url")) == ("A", "", "")
    assert list(record.tags()) == ["X", "Y"]


def test_columns_are_names_or_positions() -> None:
    by_position = CsvDialect(columns={"published_at": 1, "title": 0})
    assert read("headline,when\nA,2020-02-03\n", by_position) == [("line 2", "A")]
    without_header = CsvDialect(header=False, columns={"published_at": 1, "title": 0})
    assert read("A,2020-02-03,more\n", without_header) == [("line 1", "A")]
    assert read("A\n", without_header) == [("line 1", "row")]


@pytest.mark.parametrize(
    ("payload", "dialect", "reason"),
    [
        (b"", PLAIN, "empty"),
        (b'"published_at,title\n2020-02-03,A\n', PLAIN, "row"),
        (b"when,title\n2020-02-03,A\n", PLAIN, "columns"),
        (b"published_at,title\n", CsvDialect(columns={"body": 7}), "columns"),
        (b"\xff\xfep\0u", CsvDialect(encoding="utf-32"), "encoding"),
    ],
    ids=["empty", "header", "columns", "position", "encoding"],
)
def test_a_file_without_a_usable_header_is_rejected(payload: bytes, dialect: CsvDialect, reason: str) -> None:
    with pytest.raises(RejectedError) as rejected:
        read(payload, dialect)
    assert rejected.value.reason == reason


def test_a_record_of_more_than_a_thousand_lines_is_an_unclosed_quotation_mark() -> None:
    longest, longer = ('published_at,title\n2020-02-03,"A' + "\n" * count + '"\n' for count in (999, 1_000))
    assert read(longest) == [("line 2", "A" + "\n" * 999)]
    assert read(longer)[0] == ("line 2", "row")
