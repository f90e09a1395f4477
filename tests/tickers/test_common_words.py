"""Word lists of common words."""

from __future__ import annotations

import pytest

from signals.tickers.common_words import COMMON_WORDS, FIRST_NAMES, PLACES, TRADES


def test_places_and_first_names_are_common_words() -> None:
    assert PLACES < COMMON_WORDS
    assert FIRST_NAMES < COMMON_WORDS


@pytest.mark.parametrize("words", [COMMON_WORDS, TRADES], ids=["common", "trades"])
def test_all_words_are_case_folded(words: frozenset[str]) -> None:
    assert all(word == word.casefold() for word in words)


def test_names_of_companies_alone_are_no_common_words() -> None:
    assert {"target", "gap", "visa", "магнит"} <= COMMON_WORDS
    assert not {"gazprom", "nestlé", "vodafone", "газпром"} & COMMON_WORDS
