"""Persons, places, codes, credits and namesakes that are no companies, and codes beside names."""

from __future__ import annotations

import pytest

from signals.tickers import Resolver
from signals.types import Alias, Scheme
from tests.tickers.articles import APPLE, FORD, article, instrument

TARGET = instrument("TGT", "Target Corporation")
FILER = instrument("FIL", "Zyxon Inc", "XNAS", Alias("0000123456", Scheme.CIK), Alias("US0378331005", Scheme.ISIN))


def tickers(title: str, *instruments: object, body: str = "", tags: tuple[str, ...] = ()) -> set[str]:
    resolver = Resolver([i for i in instruments if i is not None])  # type: ignore[misc]  # instruments of the tests
    return {m.ticker for m in resolver.mentions(article(title, body, *tags)) if m.ticker}


@pytest.mark.parametrize(
    "body",
    ["Julia K. Ford spoke. Ford said no.", "Editing by Paul Roe and Ann Ford", "A fire on Ford Street. It is out."],
)
def test_a_person_a_credit_or_an_address_is_no_company(body: str) -> None:
    assert tickers("A day", FORD, body=body) == set()


@pytest.mark.parametrize("verb", ["falls", "said", "to hire"])
def test_a_verb_after_a_name_makes_it_no_place(verb: str) -> None:
    assert tickers(f"Target {verb} again", TARGET) == {"TGT"}


@pytest.mark.parametrize("text", ["Why Target (TGT) fell", "[TGT] Target (NYSE: TGT)", "Target Corp. (TGT), a shop"])
def test_the_own_code_beside_a_name_is_certain(text: str) -> None:
    assert tickers(text, TARGET) == {"TGT"}


@pytest.mark.parametrize("text", ["(NYSE: FIL)", "CIK 0000123456", "ISIN: US0378331005", "(0000123456) (Filer)"])
def test_a_sister_exchange_an_isin_and_a_cik_in_prose_link(text: str) -> None:
    assert tickers(f"A note {text} today", FILER) == {"FIL"}


@pytest.mark.parametrize("tag", ["fil", "FIL.US", "FIL US Equity", "R:FIL.O", "FIL:US", "CIK123456"])
def test_the_spellings_of_vendors_link(tag: str) -> None:
    assert tickers("A note", FILER, tags=(tag,)) == {"FIL"}


def test_a_better_known_namesake_takes_the_short_name() -> None:
    assert tickers("Barclays cuts jobs", instrument("BBCS", "Barclays Bancshares Corporation")) == set()
    assert tickers("Barclays cuts jobs", instrument("BARC", "Barclays PLC", "XLON")) == {"BARC"}


@pytest.mark.parametrize("text", ["APPLE INC filed", "8-K - APPLE INC. (0000320193) (Filer)"])
def test_capitals_in_mixed_case_need_a_legal_form(text: str) -> None:
    assert tickers(f"Form {text}", APPLE) == {"AAPL"}
    assert tickers("The APPLE fell", APPLE) == set()
