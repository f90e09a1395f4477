"""The aliases of an instrument and their keys."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.tickers.aliases import (
    InstrumentAlias,
    Key,
    alias_keys,
    exchange_keys,
    instrument_aliases,
    normalised_ticker,
    tag_keys,
)
from signals.tickers.names import Requirement
from signals.types import Alias, Instrument, Scheme
from tests.tickers.articles import instrument


def index(of: Instrument) -> dict[Key, InstrumentAlias]:
    pairs = list(instrument_aliases(of))
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


@pytest.mark.parametrize(
    ("text", "ticker"),
    [("brk-b", "BRK.B"), ("BRK/B", "BRK.B"), (" brk b ", "BRK.B"), ("0005", "5"), ("000A", "000A")],
)
def test_a_ticker_has_one_spelling(text: str, ticker: str) -> None:
    assert normalised_ticker(text) == ticker


@pytest.mark.parametrize(
    ("alias", "keys"),
    [
        (Alias("(MM:GAZP)", Scheme.EXCHANGE), ["MISX:GAZP"]),
        (Alias("GAZP", Scheme.EXCHANGE), ["XNYS:GAZP"]),
        (Alias("BSE:500325", Scheme.EXCHANGE), ["XBOM:500325", "XBUD:500325"]),
        (Alias("$brk-b", Scheme.CASHTAG), ["BRK.B"]),
        (Alias("<GAZP.MM>", Scheme.RIC), ["GAZP.MM"]),
        (Alias("/equities/Gazprom/", Scheme.INVESTING), ["equities/gazprom"]),
        (Alias("gazp.me", Scheme.YAHOO), ["GAZP.ME"]),
        (Alias("ru0007661625", Scheme.ISIN), ["RU0007661625"]),
        (Alias("BRK-B", Scheme.PAGE_TAG), ["BRK.B"]),
        (Alias(" Nestle\u0301 ", Scheme.NAME), ["Nestlé"]),
    ],
)
def test_an_alias_has_the_keys_of_its_scheme(alias: Alias, keys: list[str]) -> None:
    assert alias_keys(alias, "XNYS") == tuple((alias.scheme, key) for key in keys)


def test_an_exchange_code_has_a_key_for_each_market_of_its_prefix() -> None:
    assert exchange_keys("TSE", "7203") == ((Scheme.EXCHANGE, "XTKS:7203"), (Scheme.EXCHANGE, "XTSE:7203"))


def test_a_page_tag_may_be_of_every_scheme_with_codes() -> None:
    assert {scheme for scheme, _ in tag_keys("GAZP", Scheme.PAGE_TAG)} == {
        Scheme.PAGE_TAG, Scheme.RIC, Scheme.YAHOO, Scheme.INVESTING, Scheme.ISIN,
    }  # fmt: skip
    assert (Scheme.CASHTAG, "GAZP") in tag_keys("$GAZP", Scheme.PAGE_TAG)
    assert (Scheme.EXCHANGE, "MISX:GAZP") in tag_keys("MM:GAZP", Scheme.PAGE_TAG)
    assert tag_keys("GAZP.MM", Scheme.RIC) == ((Scheme.RIC, "GAZP.MM"),)


def test_an_instrument_implies_its_codes_and_the_forms_of_its_name() -> None:
    assert set(index(instrument("GAZP", "Gazprom PJSC", "MISX"))) == {
        (Scheme.PAGE_TAG, "GAZP"), (Scheme.CASHTAG, "GAZP"), (Scheme.EXCHANGE, "MISX:GAZP"), (Scheme.RIC, "GAZP.ME"),
        (Scheme.RIC, "GAZP.MM"), (Scheme.NAME, "Gazprom PJSC"), (Scheme.NAME, "Gazprom"),
        (Scheme.NAME, "Газпром"),
    }  # fmt: skip


def test_a_configured_alias_replaces_the_implied_one_with_its_key() -> None:
    aliases = index(instrument("FB", "Facebook", "XNAS", Alias("$FB", Scheme.CASHTAG, valid_to=date(2022, 6, 8))))
    assert str(aliases[Scheme.CASHTAG, "FB"]) == "cashtag: $FB [..2022-06-08]"
    assert not aliases[Scheme.CASHTAG, "FB"].implied


def test_implied_aliases_have_the_dates_of_the_instrument() -> None:
    dated = Instrument("FB", "Facebook, Inc.", "XNAS", "USD", valid_from=date(2012, 5, 18), valid_to=date(2022, 6, 8))
    assert {str(each).partition(" [")[2] for each in index(dated).values()} == {"2012-05-18..2022-06-08]"}


def test_a_configured_full_name_implies_its_forms_too() -> None:
    aliases = index(instrument("NESN", "Nestlé", "XSWX", "Nestlé", "Société des Produits Nestlé S.A."))
    assert aliases[Scheme.NAME, "Société des Produits Nestlé"].requirement is Requirement.NONE


def test_a_weak_alias_of_the_configuration_requires_the_article_and_implies_nothing() -> None:
    aliases = index(instrument("NG", "NovaGold", "XASE", Alias("Nova Corp", strong=False, context=("gold",))))
    assert aliases[Scheme.NAME, "Nova Corp"].requirement is Requirement.ARTICLE
    assert (Scheme.NAME, "Nova") not in aliases


@pytest.mark.parametrize(
    ("name", "form", "depends"),
    [
        ("Gazprom", "Gazprom", True),
        ("Gazprom Neft", "Gazprom Neft", False),
        ("U.S. Energy Corp", "U.S. Energy", True),
    ],
)
def test_an_implied_name_of_one_word_or_of_common_words_depends_on_its_context(
    name: str, form: str, depends: bool
) -> None:
    assert index(instrument("XXX", name))[Scheme.NAME, form].depends_on_context is depends
    assert not InstrumentAlias("XXX", Alias(form)).depends_on_context


@given(st.sampled_from(Scheme), st.text(max_size=12))
def test_a_tag_of_a_scheme_has_the_keys_of_the_alias(scheme: Scheme, text: str) -> None:
    assert set(alias_keys(Alias(text, scheme), "")) <= set(tag_keys(text, scheme))
