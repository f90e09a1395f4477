from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.tickers import Features, Resolver, relevance_steps, role_and_relevance
from signals.tickers.relevance import is_boilerplate, is_list_headline, is_quoted, is_venue
from signals.types import Role
from tests.tickers.articles import APPLE, BARCLAYS, FORD, GAZPROM, article, instrument

WEIGHT = [Role.BOILERPLATE, Role.SOURCE, Role.PASSING, Role.MENTIONED, Role.SUBJECT]
FILLER = "The weather was fine and nothing much happened in the town. " * 20


def role_of(ticker: str, title: str, body: str = "", *tags: str) -> tuple[Role | None, float]:
    instruments = (
        GAZPROM,
        APPLE,
        FORD,
        BARCLAYS,
        instrument("MS", "Morgan Stanley"),
        instrument("GS", "Goldman Sachs"),
    )
    mentions = {m.ticker: m for m in Resolver(instruments).mentions(article(title, body, *tags))}
    assert mentions[ticker].relevance is not None
    return mentions[ticker].role, mentions[ticker].relevance or 0.0


def test_an_instrument_in_the_title_is_the_subject() -> None:
    assert role_of("AAPL", "Apple shares rise after results")[0] is Role.SUBJECT


def test_an_instrument_named_early_and_often_is_the_subject() -> None:
    assert role_of("AAPL", "Shares rise", "Apple rose. Apple said that Apple is well. " + FILLER)[0] is Role.SUBJECT


def test_an_instrument_named_once_is_mentioned_at_the_start_and_passing_far_down() -> None:
    assert role_of("AAPL", "Shares rise", "Apple rose. " + FILLER)[0] is Role.MENTIONED
    assert role_of("AAPL", "Shares rise", FILLER + "Apple rose. " + FILLER)[0] is Role.PASSING


@pytest.mark.parametrize(
    ("ticker", "title"),
    [
        ("BARC", "Barclays Maintains Neutral on Apple, Raises Price Target to $87"),
        ("MS", "Apple upgraded by Morgan Stanley"),
        ("MS", "Morgan Stanley Downgrades Apple to Sell"),
        ("GS", "Goldman Sachs analysts said Apple may rise"),
        ("GS", "Apple may rise, Goldman Sachs (NYSE:GS) analysts said"),
        ("BARC", "Barclays Lowers Apple Price Target to $87"),
    ],
)
def test_a_bank_that_rates_a_company_is_a_source_and_the_company_the_subject(ticker: str, title: str) -> None:
    role, relevance = role_of(ticker, title)
    assert role is Role.SOURCE
    assert role_of("AAPL", title)[0] is Role.SUBJECT
    assert relevance < role_of("AAPL", title)[1]


@pytest.mark.parametrize(
    "title", ["Barclays upgraded to Buy by Morgan Stanley", "Barclays said profit rose", "Cuts at Barclays"]
)
def test_a_bank_with_news_of_its_own_is_the_subject(title: str) -> None:
    assert role_of("BARC", title)[0] is Role.SUBJECT


def test_a_name_in_a_line_of_boilerplate_has_little_relevance() -> None:
    role, relevance = role_of("AAPL", "Shares rise", "Shares rose.\nDisclosure: the author holds Apple.")
    assert role is Role.BOILERPLATE
    assert relevance < 0.05


def test_a_publishers_tag_on_a_headline_has_relevance_one_half() -> None:
    assert role_of("AAPL", "Phone maker raises prices", "", "AAPL") == (Role.MENTIONED, 0.5)
    assert role_of("AAPL", "Apple raises prices", "", "AAPL")[0] is Role.SUBJECT
    assert role_of("AAPL", "Phones", "", "AAPL", "B", "C", "D", "E", "G", "H")[0] is Role.PASSING


def test_a_tag_on_a_page_that_never_names_the_instrument_has_relevance_one_tenth() -> None:
    assert role_of("AAPL", "Shares rise", FILLER, "AAPL") == (Role.PASSING, 0.1)


@pytest.mark.parametrize(
    "title",
    [
        "Stocks That Hit 52-Week Highs On Friday",
        "71 Biggest Movers From Friday",
        "46 Stocks Moving In Friday's Mid-Day Session",
        "10 Biggest Price Target Changes For Friday",
        "Earnings Scheduled For February 5, 2015",
        "Benzinga's Top Upgrades",
        "Benzinga's Top #PreMarket Losers",
        "Benzinga's Volume Movers",
        "Morning Market Gainers",
        "30 Stocks To Watch For May 4, 2020",
    ],
)
def test_a_tag_on_a_list_of_instruments_is_passing(title: str) -> None:
    role, relevance = role_of("AAPL", title, "", "AAPL")
    assert role is Role.PASSING
    assert relevance < 0.25


@pytest.mark.parametrize("title", ["Apple hits 52-week high", "Apple stock falls 5%", "Apple is the top pick of 2015"])
def test_a_headline_about_one_instrument_is_not_a_list(title: str) -> None:
    assert not is_list_headline(title)


FEATURES = st.builds(
    Features,
    in_title=st.booleans(),
    first=st.floats(0, 1),
    count=st.integers(1, 50),
    share=st.floats(0.01, 1),
    has_body=st.booleans(),
    list_like=st.booleans(),
    quoted=st.booleans(),
    boilerplate=st.booleans(),
)


@given(FEATURES, FEATURES)
def test_no_better_feature_lowers_role_or_relevance(features: Features, other: Features) -> None:
    role, relevance = role_and_relevance(features)
    assert 0 <= relevance <= 1
    betters = [
        replace(features, in_title=True),
        replace(features, first=min(features.first, other.first)),
        replace(features, count=max(features.count, other.count)),
        replace(features, share=max(features.share, other.share)),
        replace(features, list_like=False),
        replace(features, quoted=False),
        replace(features, boilerplate=False),
    ]
    for better in betters:
        better_role, better_relevance = role_and_relevance(better)
        assert better_relevance >= relevance
        assert WEIGHT.index(better_role) >= WEIGHT.index(role)


@given(FEATURES)
def test_the_steps_end_in_the_relevance(features: Features) -> None:
    assert relevance_steps(features).endswith(f"= {role_and_relevance(features)[1]:.4f}")


def test_the_steps_show_the_formula_with_its_numbers() -> None:
    features = Features(in_title=True, first=0.0, count=2, share=0.5, has_body=True)
    product = "(0.50 x 1 + 0.25 x (1 - 0.000) + 0.25 x 2 / (2 + 2)) x (0.5 + 0.5 x 0.500)"
    assert relevance_steps(features) == f"{product} = 0.6562"
    damped = replace(features, list_like=True, quoted=True, boilerplate=True)
    assert relevance_steps(damped) == f"{product} x 0.3 (a list) x 0.5 (only quoted) x 0.1 (boilerplate) = 0.0098"


@pytest.mark.parametrize(
    ("has_body", "steps"),
    [
        (True, "0.1 (a tag, not named in the text) x (0.5 + 0.5 x 1.000) = 0.1000"),
        (False, "0.5 (a tag on a headline) x (0.5 + 0.5 x 1.000) = 0.5000"),
    ],
)
def test_the_steps_of_a_bare_tag_name_it(has_body: bool, steps: str) -> None:
    assert relevance_steps(Features(in_title=False, first=1.0, count=0, share=1.0, has_body=has_body)) == steps


@pytest.mark.parametrize(
    ("text", "name", "quoted"),
    [
        ("Barclays analysts expect more", "Barclays", True),
        ("the newspaper Vedomosti", "Vedomosti", True),
        ("U.S. drillers add rigs -Baker Hughes", "Baker Hughes", True),
        ("по данным Сбербанка", "Сбербанка", True),
        ("по улице Сбербанка", "Сбербанка", False),
        ("shares of Barclays", "Barclays", False),
        ("shares of the Barclays", "Barclays", False),
    ],
)
def test_a_source_is_recognised_by_the_words_beside_it(text: str, name: str, quoted: bool) -> None:
    start = text.index(name)
    assert is_quoted(text, start, start + len(name)) is quoted


@pytest.mark.parametrize(("text", "venue"), [("futures traded on the ICE", True), ("profit at ICE", False)])
def test_an_exchange_is_a_venue_after_a_verb_of_trading(text: str, venue: bool) -> None:
    assert is_venue(text, text.index("ICE")) is venue


@pytest.mark.parametrize(
    ("text", "boilerplate"),
    [
        ("Copyright Apple", True),
        ("Shares rose.\n(Reporting by X; Apple)", True),
        ("Shares of Apple rose. Copyright", False),
        (f"Copyright {'x' * 3_000} Apple", False),
    ],
)
def test_boilerplate_is_recognised_by_the_start_of_its_line(text: str, boilerplate: bool) -> None:
    assert is_boilerplate(text, text.index("Apple")) is boilerplate
