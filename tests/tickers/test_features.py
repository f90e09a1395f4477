"""Relevance features of the instruments of an article."""

from __future__ import annotations

import pytest

from signals.tickers.features import features
from signals.tickers.occurrences import Occurrence
from signals.tickers.relevance import MIN_BODY, Features
from signals.types import TagKind

TEXTS = {"title": "Baikal rises", "body": "Baikal (X:BKL) rose. " + "The weather was fine. " * 50 + "Lena fell."}


def occurrence(part: str, start: int, kind: TagKind = TagKind.NAME, length: int = 6) -> Occurrence:
    return Occurrence(kind, (), part, start, start + length)


def test_an_article_that_names_and_tags_no_instrument_has_no_features() -> None:
    assert features([], TEXTS, set()) == {}
    assert features([(None, [occurrence("title", 0)])], TEXTS, set()) == {}


def test_a_name_and_the_code_after_it_count_once() -> None:
    name, code = occurrence("body", 0), occurrence("body", 8, TagKind.INLINE, 5)
    assert features([("BKL", [name]), ("BKL", [code])], TEXTS, set())["BKL"].count == 1
    far = occurrence("body", 100, TagKind.INLINE, 5)
    assert features([("BKL", [name]), ("BKL", [far])], TEXTS, set())["BKL"].count == 2
    in_title = occurrence("title", 0)
    assert features([("BKL", [in_title]), ("BKL", [code])], TEXTS, set())["BKL"].count == 2


def test_the_first_position_is_relative_to_the_body() -> None:
    start = TEXTS["body"].index("Lena")
    lena = features([("LENA", [occurrence("body", start, length=4)])], TEXTS, set())["LENA"]
    assert lena.first == pytest.approx(start / len(TEXTS["body"]))
    short = {"title": "x", "body": "Then Lena fell."}
    assert features([("LENA", [occurrence("body", 5, length=4)])], short, set())["LENA"].first == 5 / MIN_BODY


def test_an_instrument_in_the_title_is_first() -> None:
    baikal = features([("BKL", [occurrence("body", 0), occurrence("title", 0)])], TEXTS, set())["BKL"]
    assert (baikal.in_title, baikal.first, baikal.count) == (True, 0.0, 2)


def test_the_share_is_of_all_names_and_unknown_codes() -> None:
    linked = [
        ("BKL", [occurrence("title", 0)]),
        ("LENA", [occurrence("body", 1_000, length=4)]),
        (None, [occurrence("body", 8, TagKind.INLINE, 5), occurrence("body", 40, TagKind.CASHTAG, 5)]),
        (None, [occurrence("body", 300)]),  # a refused name may be no name
    ]
    assert {t: f.share for t, f in features(linked, TEXTS, set()).items()} == {"BKL": 0.25, "LENA": 0.25}


def test_an_instrument_that_is_only_tagged_shares_the_tags() -> None:
    tags = [("BKL", [occurrence("tags", 0, TagKind.PAGE_TAG)]), (None, [occurrence("tags", 1, TagKind.PAGE_TAG)])]
    assert features(tags, TEXTS, set()) == {"BKL": Features(False, 1.0, 0, 0.5, has_body=True)}
    headline = {"title": "10 Stocks Moving Today", "body": " "}
    assert features(tags, headline, set()) == {"BKL": Features(False, 1.0, 0, 0.5, has_body=False, list_like=True)}


def test_an_exchange_is_quoted_only_where_something_trades_on_it() -> None:
    texts = {"title": "Oil falls", "body": "Futures traded on the ICE fell."}
    linked = [("ICE", [occurrence("body", texts["body"].index("ICE"), length=3)])]
    assert features(linked, texts, {"ICE"})["ICE"].quoted
    assert not features(linked, texts, set())["ICE"].quoted


def test_an_instrument_is_boilerplate_only_if_all_its_names_are() -> None:
    texts = {"title": "Shares rise", "body": "Baikal rose.\nDisclosure: the author holds Baikal."}
    first, last = occurrence("body", 0), occurrence("body", texts["body"].rindex("Baikal"))
    assert features([("BKL", [last])], texts, set())["BKL"].boilerplate
    assert not features([("BKL", [first, last])], texts, set())["BKL"].boilerplate
