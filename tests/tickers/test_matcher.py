"""Names in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.tickers.matcher import Automaton, folded_words, written_forms
from signals.tickers.normalise import normalise


def matched(text: str, *names: str, any_case: bool = False) -> list[str]:
    return [text[match.start : match.end] for match in Automaton(names).find(text, any_case)]


def test_the_longest_of_the_names_that_begin_together_wins() -> None:
    assert matched("Gazprom Neft and Gazprom", "Gazprom", "Gazprom Neft") == ["Gazprom Neft", "Gazprom"]


def test_names_with_a_form_in_common_are_one_match() -> None:
    (match,) = Automaton(["Ростелеком", "Ростелекома"]).find("у Ростелекома", any_case=False)
    assert match.names == ("Ростелеком", "Ростелекома")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PayPal", "Paypal said"),
        ("eBay", "Ebay said"),
        ("QUALCOMM", "chipmaker Qualcomm said"),
        ("natural gas", "NATURAL GAS and Natural gas and Natural Gas"),
        ("Самолёт", "у Самолета"),
    ],
)
def test_a_name_matches_in_its_usual_capitals(name: str, text: str) -> None:
    assert matched(text, name)


@pytest.mark.parametrize(
    "text",
    ["info@Gazprom", "www.Gazprom.ru", "on Gazprom.com", "Gazproms", "my_Gazprom", "GAZ", "gazprom", "Газпром"],
)
def test_a_word_or_address_that_contains_the_name_does_not_match(text: str) -> None:
    assert matched(text, "Gazprom") == []


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Gazprom", "deal with GAZPROM", ["GAZPROM"]),
        ("Cigna", "a firm of CIGNA", ["CIGNA"]),
        ("Dreamworks Animation", "DreamWorks Animation fell", ["DreamWorks Animation"]),
        ("Petroquest", "PetroQuest drills", ["PetroQuest"]),
        ("DIRECTV", "DirecTV adds users", ["DirecTV"]),
        ("Freeport-McMoran", "Freeport-McMoRan digs", ["Freeport-McMoRan"]),
        ("Con-way", "Con-Way drives", ["Con-Way"]),
        ("Target", "the TARGET was met", []),
        ("Apple", "an APPLE a day", []),
    ],
)
def test_a_name_that_is_no_ordinary_word_matches_in_other_capitals(name: str, text: str, expected: list[str]) -> None:
    assert matched(text, name) == expected


def test_the_name_of_a_site_matches_if_it_is_a_name_of_the_company() -> None:
    assert matched("at Amazon.com, Amazon.", "Amazon.com", "Amazon") == ["Amazon.com", "Amazon"]


def test_an_automaton_without_names_matches_nothing() -> None:
    assert matched("Gazprom") == []


def test_a_headline_in_capitals_matches_in_any_case() -> None:
    assert matched("APPLE AND GAZPROM", "Apple", "Gazprom", any_case=True) == ["APPLE", "GAZPROM"]
    assert matched("İSTANBUL: APPLE", "Apple", any_case=True) == ["APPLE"]  # İ has two characters in lower case


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Bank Of America", "Bank of America"),
        ("Exxon Mobil", "ExxonMobil"),
        ("Wal-Mart", "Walmart"),
        ("Johnson & Johnson", "Johnson and Johnson"),
        ("Procter and Gamble", "Procter & Gamble"),
        ("VALE", "Vale"),
        ("natural gas", "Natural Gas"),
        ("«Самолёт»", "Самолёта"),
    ],
)
def test_a_name_has_the_forms_of_the_press(name: str, form: str) -> None:
    assert form in written_forms(name)


@pytest.mark.parametrize(("name", "form"), [("HSBC", "Hsbc"), ("IBM", "Ibm"), ("Gap", "GAP"), ("...", "")])
def test_an_abbreviation_keeps_its_capitals(name: str, form: str) -> None:
    assert form not in written_forms(name)


@pytest.mark.parametrize(("text", "matches"), [("x " * 200 + "-Gazprom", 1), ("http://a/" + "b" * 30 + "/Gazprom", 0)])
def test_an_address_is_recognised_back_to_its_start(text: str, matches: int) -> None:
    assert len(matched(text, "Gazprom")) == matches


def test_words_are_case_folded() -> None:
    assert folded_words("The Fed's Straße, 3%") == ["the", "fed", "s", "strasse", "3"]


# --- Russian --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Газпром", "Газпром Газпрома Газпрому Газпромом Газпроме"),
        ("Роснефть", "Роснефть Роснефти Роснефтью"),
        ("Норникель", "Норникель Норникеля Норникелю Норникелем Норникеле"),
        ("Система", "Система Системы Системе Систему Системой"),
        ("Россети", "Россети Россетей Россетям Россетями Россетях"),
        ("ЛУКОЙЛ", "ЛУКОЙЛ ЛУКОЙЛа Лукойла Лукойлу ЛУКОЙЛом"),
        ("ВТБ", "ВТБ"),
        ("Мосэнерго", "Мосэнерго"),
    ],
)
def test_a_russian_name_matches_in_its_cases(name: str, written: str) -> None:
    assert matched(written, name) == written.split()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Газпром нефть", "Газпром нефти"),
        ("Детский мир", "Детского мира"),
        ("Московская биржа", "Московской биржей"),
        ("Мать и дитя", "Мать и дитя"),
    ],
)
def test_the_words_of_a_russian_name_decline_together_or_the_last_alone(name: str, written: str) -> None:
    assert matched(f"акции {written} растут", name) == [written]


@pytest.mark.parametrize("text", ["Газпромбанк", "Газпромбанка", "Газпромнефть", "Межрегионгазпром", "ВТБа"])
def test_a_longer_russian_word_does_not_match(text: str) -> None:
    assert matched(text, "Газпром", "ВТБ") == []


# --- invariants -----------------------------------------------------------------------------------------------------

NAMES = st.lists(st.sampled_from(["Apple", "Gap", "Gap Year", "Газпром", "AT&T", "natural gas", "Nestlé"]), unique=True)
PARTS = ["Apple", "Gap", "Year", "Газпрому", "AT&T", "Natural gas", "Nestlé", "Ne\u0301", " ", "\n", "  ", ".", "’s"]
TEXTS = st.lists(st.sampled_from(PARTS) | st.text(max_size=4), max_size=20).map("".join)


@given(NAMES, TEXTS, st.booleans())
def test_matches_are_whole_words_in_order_and_without_overlap(names: list[str], text: str, any_case: bool) -> None:
    normalised = normalise(text)
    free = 0
    for match in Automaton(names).find(normalised, any_case):
        assert free <= match.start < match.end <= len(normalised)
        assert not normalised[match.start - 1 : match.start].isalnum()
        assert not normalised[match.end : match.end + 1].isalnum()
        assert set(match.names) <= set(names)
        free = match.end


@given(NAMES, TEXTS)
def test_other_names_remove_no_match(names: list[str], text: str) -> None:
    others = [f"Zyx{n}" for n in range(50)]
    normalised = normalise(text)
    assert list(Automaton(names).find(normalised, False)) == list(Automaton([*others, *names]).find(normalised, False))
