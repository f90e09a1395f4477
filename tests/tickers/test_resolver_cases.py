"""Cases of names and codes in real articles that a simple search gets wrong."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signals.tickers import RefusalReason, Resolver, linking_mention
from signals.types import Alias, Instrument, Mention, Role, Scheme
from tests.tickers.articles import APPLE, FORD, GAZPROM, article, instrument

TARGET = instrument("TGT", "Target Corporation")
GAP = instrument("GPS", "Gap, Inc. (The)")
VISA = instrument("V", "Visa Inc.")
ICE = instrument("ICE", "Intercontinental Exchange Inc.")
NASDAQ = instrument("NDAQ", "Nasdaq Inc", "XNAS")
MOEX = instrument("MOEX", "Moscow Exchange", "MISX", "MOEX", "Московская биржа")
SBER = instrument("SBER", "Sberbank", "MISX", "Сбербанк")
LENTA = instrument("LENT", "Lenta", "MISX", "Лента")
GAZ = instrument("GAZP", "ПАО Газпром", "MISX")
FACEBOOK = instrument("FB", "Facebook, Inc.", "XNAS")


def mentions(title: str, body: str, *instruments: Instrument, tags: tuple[str, ...] = ()) -> tuple[Mention, ...]:
    return Resolver(instruments).mentions(article(title, body, *tags))


def in_body(text: str, *instruments: Instrument) -> list[str]:
    return [m.ticker for m in mentions("", text, *instruments) if m.ticker]


def in_title(text: str, *instruments: Instrument) -> list[str]:
    return [m.ticker for m in mentions(text, "", *instruments) if m.ticker]


# --- common words as names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headline", "tickers"),
    [
        ("Target Raises Prices", ["TGT"]),
        ("Shares of Target fall", ["TGT"]),
        ("Why Target's results matter", ["TGT"]),
        ("Analyst upgrades Target to Buy", ["TGT"]),
        ("Bullish on Target, Bearish on Gap", ["TGT", "GPS"]),
        ("Retailer Target opens in Maine", ["TGT"]),
        ("Morgan Stanley Raises Price Target to $88", []),
        ("Target Date Funds Explained", []),
        ("Gap Narrows Between Rich and Poor", []),
        ("H-1B Visa Rules Change", []),
        ("Visa reports higher profit", ["V"]),
        ("Apple cuts prices", ["AAPL"]),
        ("UPDATE 2-Visa says systems are up", ["V"]),
        ("Band Announces 50-Gap Tour", []),
        ("Apple Orchards Suffer From Frost", []),
    ],
)
def test_a_common_word_in_a_headline_is_a_name_if_the_words_beside_it_show_one(
    headline: str, tickers: list[str]
) -> None:
    assert in_title(headline, TARGET, GAP, VISA, APPLE) == tickers


@pytest.mark.parametrize(
    ("text", "tickers"),
    [
        ("It opened when Target closed a store.", ["TGT"]),
        ("It works with Visa and with Apple.", ["V", "AAPL"]),
        ("WASHINGTON Visa said so.", ["V"]),
        ("The price target rose. Target dates vary.", []),
        ("A gap in the market, a visa, an apple.", []),
    ],
)
def test_a_common_word_in_a_sentence_is_a_name_by_its_capital(text: str, tickers: list[str]) -> None:
    assert in_body(text, TARGET, GAP, VISA, APPLE) == tickers


@pytest.mark.parametrize("text", ["as Harrison Ford said", "in New Brunswick", "said CEO Ford of the club"])
def test_a_person_or_a_place_is_not_the_company_of_that_name(text: str) -> None:
    assert in_body(text, FORD, instrument("BC", "Brunswick Corporation")) == []


def test_a_name_before_another_line_of_business_is_another_company() -> None:
    assert in_body("the group Gazprom Media said", GAZPROM) == in_body("food producer Minerva SA", MINERVA) == []
    assert in_body("Minerva Neurosciences said that Minerva rose", MINERVA) == ["NERV", "NERV"]


MINERVA = instrument("NERV", "Minerva Neurosciences, Inc", "XNAS")


@pytest.mark.parametrize("text", ["the Fed met", "the NET effect, ON time, ALL of IT", "A and F grades"])
def test_a_short_ticker_never_matches_prose(text: str) -> None:
    words = [instrument(ticker, f"{ticker} Inc") for ticker in ("F", "A", "NET", "ON", "ALL", "IT")]
    assert mentions("", text, *words, FORD) == ()


def test_a_town_is_not_the_bank_that_has_its_name() -> None:
    bank = instrument("JXSB", "Jacksonville Bancorp", "XNAS")
    assert in_body("a factory in Jacksonville opened", bank) == []
    assert in_body("a factory in Jacksonville, said Jacksonville Bancorp", bank) == ["JXSB", "JXSB"]
    assert in_body("Jacksonville said that profit rose", bank) == ["JXSB"]


def test_an_acronym_that_is_the_companys_name_is_linked() -> None:
    assert in_body("oil producer BP said", instrument("BP", "BP p.l.c.")) == ["BP"]
    assert in_body("when IBM said", instrument("IBM", "International Business Machines Corporation")) == ["IBM"]


def test_a_share_button_does_not_match_facebook() -> None:
    buttons = mentions("Prices rise", "Prices rose.\nShare on Facebook\nFB | Tweet", FACEBOOK)
    assert [(m.tag, m.role) for m in buttons] == [("Facebook", Role.BOILERPLATE)]


def test_a_name_is_refused_in_one_context_and_linked_in_another() -> None:
    (refused, linked) = mentions("Analyst Raises Price Target", "Shares of Target rose. Target, though, fell.", TARGET)
    assert (refused.tag, refused.reason) == ("Target", RefusalReason.NO_CONTEXT)
    assert (linked.ticker, linked.where, linked.count) == ("TGT", "body", 2)


def test_the_score_of_an_ordinary_word_is_stated_at_its_place_in_the_source() -> None:
    resolver = Resolver([TARGET, GAP])
    scores = resolver.scores(article("Target to raise pay", "It  fell when Target opened."))
    assert list(scores) == [("title", 0, 6), ("body", 14, 20)]
    assert "named no" in str(scores["title", 0, 6])
    assert "named yes, capital yes" in str(scores["body", 14, 20])
    assert resolver.scores(article("", "the Price Target today")) == {}


# --- exchanges ------------------------------------------------------------------------------------------------------


def test_a_code_of_an_exchange_may_mean_the_exchange_itself() -> None:
    text = "Brent futures traded on the Intercontinental Exchange (NYSE:ICE) fell. "
    assert {m.role for m in mentions("Oil falls", text, ICE)} == {Role.SOURCE}
    own = mentions("Oil falls", "Profit at Intercontinental Exchange (NYSE:ICE) rose.", ICE)
    assert {m.role for m in own} <= {Role.SUBJECT, Role.MENTIONED}


def test_an_index_is_not_the_exchange_in_its_name() -> None:
    assert in_body("as the Nasdaq rose to a record", NASDAQ) == []
    assert in_body("when Nasdaq Inc said that Nasdaq will pay", NASDAQ) == ["NDAQ", "NDAQ"]


def test_a_link_to_the_exchanges_own_site_is_not_a_mention() -> None:
    assert mentions("", "see https://www.moex.com/MOEX, www.moex.com and MOEX.com", MOEX) == ()


# --- Russian --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["Газпром", "Газпрома", "Газпрому", "Газпромом", "Газпроме", "«Газпрома»"])
def test_gazprom_in_every_case_and_not_its_bank(form: str) -> None:
    assert in_body(f"отчет {form} и Газпромбанка", GAZ) == ["GAZP"]


def test_the_cases_of_one_name_are_one_mention() -> None:
    (mention,) = mentions("", "Акции Газпрома растут, сообщил Газпром.", GAZ)
    assert (mention.tag, mention.count) == ("Газпрома", 2)


@pytest.mark.parametrize("text", ["Рынок растет, считают аналитики Сбербанка.", "По данным Сбербанка, рынок растет."])
def test_a_broker_that_is_quoted_is_a_source(text: str) -> None:
    (mention,) = mentions("Рынок растет", text, SBER)
    assert mention.role is Role.SOURCE


def test_a_newspaper_is_not_the_retailer_of_the_same_name() -> None:
    assert in_body("об этом пишет Лента.ру", LENTA) == []
    assert [m.role for m in mentions("", "Об этом пишет газета «Лента».", LENTA)] == [Role.SOURCE]
    assert in_body("Чистая прибыль «Ленты» выросла", LENTA) == ["LENT"]


# --- names by date and listing ---------------------------------------------------------------------------------------


def test_a_ticker_of_another_company_before_a_date() -> None:
    old = Instrument("FBOLD", "FB Old Bancorp", "XNAS", "USD", aliases=(Alias("FB", Scheme.CASHTAG, valid_to=_IPO[0]),))
    new = Instrument("FB", "Facebook, Inc.", "XNAS", "USD", valid_from=_IPO[1])
    resolver = Resolver([old, new])
    assert [m.ticker for m in resolver.mentions(article("", "$FB", on="2011-01-03"))] == ["FBOLD"]
    assert [m.ticker for m in resolver.mentions(article("", "$FB", on="2013-01-03"))] == ["FB"]


_IPO = date(2012, 5, 17), date(2012, 5, 18)


def test_a_name_that_a_vendor_gives_three_companies_is_ambiguous() -> None:
    alike = [instrument(t, "Public Joint Stock Company Gazprom", "MISX") for t in ("GAZP", "SIBN", "RTGZ")]
    (mention,) = mentions("", "when Gazprom said", *alike)
    assert (mention.ticker, mention.reason) == (None, RefusalReason.AMBIGUOUS)


def listing(ticker: str, mic: str) -> Instrument:
    return Instrument(ticker, "Vodafone Group plc", mic, "USD", issuer="Vodafone")


LONDON, NEW_YORK = listing("VODL", "XLON"), listing("VOD", "XNAS")


def test_an_article_is_linked_to_one_listing_of_an_issuer() -> None:
    def tickers(body: str, *tags: str) -> set[str | None]:
        return {m.ticker for m in mentions("", body, LONDON, NEW_YORK, tags=tags)}

    assert tickers("when Vodafone said") == {"VODL"}
    assert tickers("when Vodafone said", "VOD") == {"VOD"}
    assert tickers("when Vodafone (NASDAQ: VOD) said") == {"VOD"}


def test_a_code_of_another_listing_is_refused_with_the_linked_one() -> None:
    of_listings = mentions("", "when Vodafone (LSE: VODL, NASDAQ: VOD) said", LONDON, NEW_YORK)
    assert {m.ticker for m in of_listings if m.ticker} == {"VODL"}
    (other,) = (m for m in of_listings if m.ticker is None)
    assert (other.tag, other.reason) == ("NASDAQ: VOD", RefusalReason.OTHER_LISTING)
    assert "VODL" in other.alias


# --- money and tags -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["worth $5B", "US$AAPL", "$TOOLONGS", "a$AAPL", "$AAPL1"])
def test_money_and_long_words_are_no_cashtags(text: str) -> None:
    assert mentions("", text, APPLE) == ()


def test_a_vendors_tag_is_linked_only_by_an_alias() -> None:
    (refused,) = mentions("Gas", "", GAZPROM, tags=("GAZPq",))
    assert refused.reason == RefusalReason.UNKNOWN_TAG
    gas = [instrument("NG1", "Gas future", "XNYM", Alias("NG", Scheme.PAGE_TAG)), instrument("NG", "National Grid plc")]
    (ambiguous,) = mentions("Gas", "", *gas, tags=("NG",))
    assert ambiguous.reason == RefusalReason.AMBIGUOUS


def test_a_tag_without_the_name_is_a_passing_mention() -> None:
    mention = linking_mention(mentions("Phones", "Phones sell well. " * 30, APPLE, tags=("AAPL",)), "AAPL")
    assert mention is not None
    assert (mention.where, mention.role, mention.relevance) == ("tags", Role.PASSING, 0.1)


# --- invariants -----------------------------------------------------------------------------------------------------

SENTENCES = [
    "Target Corp opened.",
    "Raises Price Target to $88.",
    "Target rose.",
    "Harrison Ford came.",
    "Ford Motor said.",
    "shares of Gap fell",
    "Minerva SA sold.",
    "Minerva Neurosciences rose.",
    "Vodafone fell.",
    "A (NASDAQ: VOD) holder and an (LSE: VODL) one.",
    "$FB and Facebook.",
    "The Nasdaq fell.",
    "Газпрому и «Ленте»",
]
ALL = (TARGET, GAP, FORD, MINERVA, LONDON, NEW_YORK, FACEBOOK, NASDAQ, GAZ, LENTA)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(SENTENCES), unique=True, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_sentences_does_not_change_the_mentions(sentences: list[str], random: object) -> None:
    def mentioned(lines: list[str]) -> set[tuple[str, str | None, str, int]]:
        return {(m.ticker or m.tag, m.ticker, m.reason, m.count) for m in mentions("", "\n".join(lines), *ALL)}

    shuffled = list(sentences)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert mentioned(sentences) == mentioned(shuffled)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(SENTENCES), max_size=6))
def test_unrelated_instruments_remove_no_mention(sentences: list[str]) -> None:
    others = [instrument(f"QQ{n}", f"Zyx{n} Wvut Holdings") for n in range(10)]
    body = "\n".join(sentences)
    assert mentions("", body, *ALL) == mentions("", body, *others, *ALL)
