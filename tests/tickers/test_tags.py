"""Codes in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.tickers.tags import CodeFinder
from signals.types import Scheme, TagKind


def codes(text: str, *prefixes: str) -> list[str]:
    return [text[code.start : code.end] for code in CodeFinder(frozenset(prefixes)).find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(NYSE: IBM)", ["NYSE: IBM"]),
        ("NYSE:IBM rose", ["NYSE:IBM"]),
        ("(NYSE/LON: VOD)", ["NYSE/LON: VOD"]),
        ("(NASDAQ: GOOG, GOOGL and AAPL)", ["NASDAQ: GOOG", "GOOGL", "AAPL"]),
        ("[NYSE American:BTX]", ["NYSE American:BTX"]),
        ("(NYSE:BRK.B)", ["NYSE:BRK.B"]),
        ("(HK:0005)", ["HK:0005"]),
        ("<GAZP.MM> and (GAZP.MM)", ["GAZP.MM", "GAZP.MM"]),
        ("<.SPX> <EUR=> <LCOc1>", [".SPX", "EUR=", "LCOc1"]),
        ("buy $GAZP and $brk.b.", ["$GAZP", "$brk.b"]),
    ],
)
def test_codes_are_found_by_their_form(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    "text",
    ["NYSE: IBM rose", "DE:X", "(to: B)", "(de: X)", "12:30 ET", "a note: IBM", "(My NYSEX: IBM)", "(D.C)", "(U.S.)",
     "$5B", "US$AAPL", "$TOOLONGS", "(a.NYSE: IBM)"],
)  # fmt: skip
def test_prose_that_resembles_a_code_is_none(text: str) -> None:
    assert codes(text) == []


def test_extra_prefixes_are_recognised() -> None:
    assert codes("(GRAIN: W)") == []
    assert codes("(GRAIN: W)", "GRAIN") == ["GRAIN: W"]


def test_a_code_has_its_kind_and_keys() -> None:
    exchange, ric, cashtag = CodeFinder().find("(BSE: 500325) <GAZP.MM> $gazp")
    assert (exchange.kind, exchange.keys) == (
        TagKind.INLINE, ((Scheme.EXCHANGE, "XBOM:500325"), (Scheme.EXCHANGE, "XBUD:500325")),
    )  # fmt: skip
    assert (ric.kind, ric.keys) == (TagKind.INLINE, ((Scheme.RIC, "GAZP.MM"), (Scheme.YAHOO, "GAZP.MM")))
    assert (cashtag.kind, cashtag.keys) == (TagKind.CASHTAG, ((Scheme.CASHTAG, "GAZP"),))


PARTS = ["(NYSE: IBM", ", GOOG", ")", "<GAZP.MM>", "$GAZP", "NYSE", ":", " ", "(", "and", "A", "."]


@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=3), max_size=20).map("".join))
def test_every_code_is_a_span_with_keys(text: str) -> None:
    for code in CodeFinder().find(text):
        assert 0 <= code.start < code.end <= len(text)
        assert code.keys
