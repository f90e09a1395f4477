"""The forms of a company's name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.tickers.legal_forms import without_legal_form
from signals.tickers.names import NameForm, Requirement, name_forms

NONE, NOT_BOUND, NAME_CONTEXT, ARTICLE = Requirement


def forms(name: str, ticker: str = "XXX") -> dict[str, NameForm]:
    return {form.text: form for form in name_forms(name, ticker)}


@pytest.mark.parametrize(
    ("name", "shortest"),
    [
        ("Apple Inc.", "Apple"),
        ("Gap, Inc. (The)", "Gap"),
        ("The Gap, Inc.", "Gap"),
        ("ПАО Газпром", "Газпром"),
        ("Alphabet Inc. Class A", "Alphabet"),
        ("Amazon.com, Inc.", "Amazon"),
        ("Merck & Co., Inc.", "Merck"),
        ("Vodafone Group plc", "Vodafone"),
        ("support.com, Inc.", "support.com"),
        ("AG", "AG"),
    ],
)
def test_the_legal_form_is_removed(name: str, shortest: str) -> None:
    assert without_legal_form(name)[0] == name
    assert without_legal_form(name)[-1] == shortest


@pytest.mark.parametrize(
    ("name", "form", "requirement"),
    [
        ("Gazprom PJSC", "Gazprom", NONE),
        ("Bank of Nova Scotia", "Bank of Nova Scotia", NONE),
        ("U.S. Energy Corp", "U.S. Energy", NOT_BOUND),
        ("BP p.l.c.", "BP", NOT_BOUND),
        ("Target Corporation", "Target", NAME_CONTEXT),
        ("Nasdaq, Inc.", "Nasdaq", ARTICLE),
        ("New York & Company, Inc.", "New York", ARTICLE),
    ],
)
def test_a_form_has_the_requirement_of_its_words(name: str, form: str, requirement: Requirement) -> None:
    assert (forms(name)[form].requirement, forms(name)[form].short) == (requirement, False)


@pytest.mark.parametrize(
    ("name", "ticker", "form", "requirement"),
    [
        ("Agilent Technologies, Inc.", "A", "Agilent", NOT_BOUND),
        ("Zyxwell Wvut Technologies Inc", "ZW", "Zyxwell Wvut", NOT_BOUND),
        ("Zyxwell Wvut Technologies Inc", "ZW", "Zyxwell", NAME_CONTEXT),
        ("Tiffany Zyxwell", "TIF", "Zyxwell", NAME_CONTEXT),
        ("Zyxon Bonded Machines Corporation", "ZBM", "ZBM", NAME_CONTEXT),
        ("Petroleo Brasileiro S.A.- Petrobras", "PBR", "Petroleo", NAME_CONTEXT),
    ],
)
def test_a_short_form_is_a_guess(name: str, ticker: str, form: str, requirement: Requirement) -> None:
    assert forms(name, ticker)[form] == NameForm(form, requirement, short=True)


def test_the_weakest_requirement_of_a_short_form_counts() -> None:
    assert forms("Zyxon Motor Co., Ltd.")["Zyxon"].requirement is NAME_CONTEXT
    assert forms("Honda Zyxwell Motor Co., Ltd.")["Honda"].requirement is ARTICLE
    assert forms("Zyxon Zyxwell Co.- Zyxon Motor")["Zyxon"].requirement is NAME_CONTEXT


def test_both_names_of_a_double_name_are_forms() -> None:
    assert "Petrobras" in forms("Petroleo Brasileiro S.A.- Petrobras")


def test_initials_are_joined() -> None:
    assert {"J. P. Morgan", "JPMorgan"} <= set(forms("J. P. Morgan Inc"))


def test_a_fund_is_not_shortened_to_its_manager() -> None:
    assert set(forms("Nuveen Municipal Income Fund")) == {"Nuveen Municipal Income Fund"}


def test_a_form_equal_to_the_ticker_is_left_out_unless_it_is_an_acronym() -> None:
    assert set(forms("NET Inc", "NET")) == {"NET Inc"}
    assert set(forms("IT", "IT")) == set()
    assert "IBM" in forms("IBM Corp", "IBM")


def test_html_entities_are_read() -> None:
    assert "AT&T" in forms("AT&amp;T Inc.")


@given(st.text(alphabet="Aab .,&-()Inc", max_size=20), st.sampled_from(["A", "Ab", "XXX"]))
def test_no_form_is_listed_twice(name: str, ticker: str) -> None:
    texts = [form.text for form in name_forms(name, ticker)]
    assert len(texts) == len(set(texts))
