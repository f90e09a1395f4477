"""Prefixes and suffixes of exchanges."""

from __future__ import annotations

import pytest

from signals.tickers.exchanges import (
    PREFIXES,
    RIC_SUFFIXES,
    exchange_prefixes,
    is_exchange_operator,
    is_exchange_prefix,
    prefix_mics,
    ric_suffixes,
)


@pytest.mark.parametrize(
    ("prefix", "mics"),
    [
        ("NYSE", ("XNYS",)),
        ("NYSE American", ("XASE",)),
        ("nyse-american", ("XASE",)),
        ("NasdaqGS", ("XNAS",)),
        ("BSE", ("XBOM", "XBUD")),
        ("XLON", ("XLON",)),
        ("GRAIN", ("GRAIN",)),
    ],
)
def test_a_prefix_has_its_markets(prefix: str, mics: tuple[str, ...]) -> None:
    assert prefix_mics(prefix) == mics


@pytest.mark.parametrize(("text", "is_prefix"), [("Nasdaq", True), ("OTC Pink", True), ("Apple", False), ("", False)])
def test_a_prefix_is_recognised(text: str, is_prefix: bool) -> None:
    assert is_exchange_prefix(text) is is_prefix


@pytest.mark.parametrize(
    "name", ["Nasdaq Inc", "Intercontinental Exchange Inc.", "Московская биржа", "Deutsche Börse AG"]
)
def test_an_operator_of_an_exchange_has_a_word_for_one_in_its_name(name: str) -> None:
    assert is_exchange_operator(name)
    assert not is_exchange_operator("Apple Inc.")


def test_a_market_has_all_its_ric_suffixes() -> None:
    assert ric_suffixes("MISX") == ("ME", "MM")
    assert ric_suffixes("XXXX") == ()
    assert all(suffix in ric_suffixes(mic) for suffix, mic in RIC_SUFFIXES.items())


def test_longer_prefixes_come_before_the_shorter_ones_they_contain() -> None:
    prefixes = [" ".join(words) for words in exchange_prefixes(frozenset(["GRAIN EXCHANGE"]))]
    assert {*PREFIXES, "GRAIN EXCHANGE"} <= set(prefixes)
    assert prefixes.index("NYSE American") < prefixes.index("NYSE")


@pytest.mark.parametrize("mics", PREFIXES.values(), ids=PREFIXES)
def test_every_prefix_names_markets_of_four_characters(mics: tuple[str, ...]) -> None:
    assert mics
    assert all(len(mic) == 4 and mic == mic.upper() for mic in mics)
