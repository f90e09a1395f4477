from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.tickers.inflection import declined
from signals.tickers.matcher import Automaton
from signals.tickers.normalise import Plain, plain


def found(text: str, *names: str, any_case: bool = False) -> list[str]:
    return [text[each.start : each.end] for each in Automaton(names).find(text, any_case)]


def test_the_longest_of_the_names_that_begin_together_wins() -> None:
    assert found("Gazprom Neft and Gazprom", "Gazprom", "Gazprom Neft") == ["Gazprom Neft", "Gazprom"]


def test_names_that_are_written_alike_are_found_together() -> None:
    (each,) = Automaton(["Ростелеком", "Ростелекома"]).find("у Ростелекома", any_case=False)
    assert each.names == ("Ростелеком", "Ростелекома")


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
def test_a_name_is_found_however_its_capitals_and_dots_are_written(name: str, text: str) -> None:
    assert found(text, name)


@pytest.mark.parametrize(
    "text",
    ["info@Gazprom", "www.Gazprom.ru", "on Gazprom.com", "Gazproms", "my_Gazprom", "GAZPROM", "gazprom", "Газпром"],
)
def test_what_only_contains_the_name_is_not_the_name(text: str) -> None:
    assert found(text, "Gazprom") == []


def test_a_site_is_found_where_it_is_the_name() -> None:
    assert found("at Amazon.com, Amazon.", "Amazon.com", "Amazon") == ["Amazon.com", "Amazon"]


def test_without_names_nothing_is_found() -> None:
    assert found("Gazprom") == []


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
def test_a_russian_name_is_found_in_its_cases(name: str, written: str) -> None:
    assert found(written, name) == written.split()


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
    assert found(f"акции {written} растут", name) == [written]


@pytest.mark.parametrize("text", ["Газпромбанк", "Газпромбанка", "Газпромнефть", "Межрегионгазпром", "ВТБа"])
def test_another_word_that_begins_or_ends_so_is_another_name(text: str) -> None:
    assert found(text, "Газпром", "ВТБ") == []


def test_a_latin_name_does_not_decline() -> None:
    assert declined("Gazprom") == {"Gazprom"}


# --- invariants -----------------------------------------------------------------------------------------------------

NAMES = st.lists(st.sampled_from(["Apple", "Gap", "Gap Year", "Газпром", "AT&T", "natural gas", "Nestlé"]), unique=True)
PIECES = ["Apple", "Gap", "Year", "Газпрому", "AT&T", "Natural gas", "Nestlé", "Ne\u0301", " ", "\n", "  ", ".", "’s"]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=20).map("".join)


@given(NAMES, TEXTS, st.booleans())
def test_what_is_found_stands_alone_in_order_and_without_overlap(names: list[str], text: str, any_case: bool) -> None:
    flat = plain(text)
    free = 0
    for each in Automaton(names).find(flat, any_case):
        assert free <= each.start < each.end <= len(flat)
        assert not flat[each.start - 1 : each.start].isalnum()
        assert not flat[each.end : each.end + 1].isalnum()
        assert set(each.names) <= set(names)
        free = each.end


@given(NAMES, TEXTS)
def test_other_names_take_nothing_away(names: list[str], text: str) -> None:
    others = [f"Zyx{n}" for n in range(50)]
    flat = plain(text)
    assert list(Automaton(names).find(flat, False)) == list(Automaton([*others, *names]).find(flat, False))


# --- plain text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ("Nestle\u0301", "Nestlé"),
        ("ＡＡＰＬ", "AAPL"),
        ("Nor\ufb01eld", "Norfield"),
        ("Gaz\u00adprom", "Gazprom"),
        ("\u202bGazprom\u202c", "Gazprom"),
        ("Bank\u00a0of America", "Bank of America"),
        ("Praxair  Linde", "Praxair\tLinde"),
        ("one \n\n two", "one\ntwo"),
        ("Lowe’s", "Lowe's"),
        ("Apple™ and H²O", "Apple™ and H²O"),
    ],
)
def test_a_text_is_made_plain(written: str, made: str) -> None:
    assert plain(written) == made


@given(st.text(alphabet=st.sampled_from("Ge\u0301 \n\u00a0\u00ad\u200bＡ’х\u0308й\u0438\u0306.")))
def test_the_way_back_is_in_order_and_ends_at_the_end(text: str) -> None:
    made = Plain(text)
    back = [made.as_written(at) for at in range(len(made.text) + 1)]
    assert back == sorted(back)
    assert back[-1] == len(text)
    for at in range(len(made.text)):
        assert plain(text[back[at] : back[at + 1]]) == made.text[at]
