"""The context of a name, by the words beside it."""

from __future__ import annotations

import pytest

from signals.tickers.name_context import NameContext, is_title_case, name_context

NAMED, CAPITAL, LEGAL_FORM, NEUTRAL, BOUND, OTHER, LONGER, FOLLOWED = NameContext


def context(text: str, name: str, title_case: bool = False) -> NameContext:
    start = text.index(name)
    return name_context(text, start, start + len(name), title_case)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("shares of Target said", "Target", NAMED),
        ("and Target's results", "Target", NAMED),
        ("сеть «Магнит» растет", "Магнит", NAMED),
        ("the retailer Target", "Target", NAMED),
        ("when Target price target rose", "Target", NAMED),
        ("when Target opened", "Target", NAMED),
        ("it shops at Target today", "Target", CAPITAL),
        ("the Brazil's Target today", "Target", CAPITAL),
        ("of Amsterdam-based Target today", "Target", CAPITAL),
        ("food producer Minerva SA", "Minerva", LEGAL_FORM),
        ("It fell. Target dates vary", "Target", NEUTRAL),
        ("Target dates vary", "Target", NEUTRAL),
        ("the Target today", "Target", NEUTRAL),
        ("a Gap of ten", "Gap", NEUTRAL),
        ("WASHINGTON Target today", "Target", NEUTRAL),
        ("a Price Target today", "Target", BOUND),
        ("a 50-Gap tour", "Gap", BOUND),
        ("a Target Date fund", "Target", FOLLOWED),
        ("a factory in Jacksonville opened", "Jacksonville", CAPITAL),
        ("as Harrison Ford said", "Ford", OTHER),
        ("in New Brunswick", "Brunswick", OTHER),
        ("no more bids seen-Minerva", "Minerva", CAPITAL),
        ("the film 'Target' opens", "Target", OTHER),
        ("St. Brunswick", "Brunswick", OTHER),
        ("said CEO Ford", "Ford", OTHER),
        ("the MSCI world index rose", "MSCI", OTHER),
        ("the group Gazprom Media said", "Gazprom", OTHER),
        ("when Minerva Neuro Labs, Inc. fell", "Minerva", LONGER),
        ("when Minerva & Sons fell", "Minerva", LONGER),
        ("when Brown & Minerva fell", "Minerva", LONGER),
        ("the Minerva-2 well", "Minerva", LONGER),
        ("the EORTC-NCI-AACR meeting", "NCI", LONGER),
        ("when Dow Corning fell", "Corning", OTHER),
        ("Zyx Ports, Minerva Gulf, others fell", "Zyx Ports", NEUTRAL),
    ],
)
def test_the_words_beside_a_name_in_a_sentence_decide(text: str, name: str, expected: NameContext) -> None:
    assert context(text, name) is expected


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Target Rises On Results", "Target", NAMED),
        ("Analyst Upgrades Target Today", "Target", NAMED),
        ("Analyst Upgrades Target Date", "Target", NEUTRAL),
        ("Bullish on Target, Bearish on Gap", "Target", CAPITAL),
        ("Target Date Funds Explained", "Target", NEUTRAL),
        ("Why Target, Why Now", "Target", NEUTRAL),
        ("The Discovery of Gold of Alaska", "Gold", NEUTRAL),
        ("Gazprom Media Buys", "Gazprom", FOLLOWED),
        ("UPDATE 2-Visa Today", "Visa", NEUTRAL),
        ("Real-Time Gap", "Time", BOUND),
        ("Montel Williams Show Opens", "Williams", LONGER),
        ("Board Elects Apple Head", "Apple", NEUTRAL),
        ("Ex-Apple Boss", "Apple", NEUTRAL),
    ],
)
def test_the_words_beside_a_name_in_title_case_decide(text: str, name: str, expected: NameContext) -> None:
    assert context(text, name, title_case=True) is expected


def test_a_dotted_abbreviation_before_a_name_ends_no_sentence() -> None:
    assert context("the U.S. Energy Department", "Energy") is BOUND


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Target Raises Prices On Results", True),
        ("Target raises its prices after results", False),
        ("TARGET RAISES PRICES", True),
        ("Target", False),
        ("", False),
    ],
)
def test_title_case_is_most_words_in_capitals(text: str, expected: bool) -> None:
    assert is_title_case(text) is expected
