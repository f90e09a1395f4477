from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.tickers import Resolver, Standing, judge
from signals.tickers.relevance import is_list
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
    found = {m.ticker: m for m in Resolver(instruments).mentions(article(title, body, *tags))}
    assert found[ticker].relevance is not None
    return found[ticker].role, found[ticker].relevance or 0.0


def test_what_the_title_names_is_the_subject() -> None:
    assert role_of("AAPL", "Apple shares rise after results")[0] is Role.SUBJECT


def test_what_is_named_early_and_often_is_the_subject_too() -> None:
    assert role_of("AAPL", "Shares rise", "Apple rose. Apple said that Apple is well. " + FILLER)[0] is Role.SUBJECT


def test_what_is_named_once_at_the_start_is_mentioned_and_far_down_only_in_passing() -> None:
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
def test_the_house_that_rates_another_is_a_source_and_the_other_the_subject(ticker: str, title: str) -> None:
    role, relevance = role_of(ticker, title)
    assert role is Role.SOURCE
    assert role_of("AAPL", title)[0] is Role.SUBJECT
    assert relevance < role_of("AAPL", title)[1]


@pytest.mark.parametrize(
    "title", ["Barclays upgraded to Buy by Morgan Stanley", "Barclays said profit rose", "Cuts at Barclays"]
)
def test_a_bank_with_news_of_its_own_is_the_subject(title: str) -> None:
    assert role_of("BARC", title)[0] is Role.SUBJECT


def test_a_line_of_boilerplate_is_no_mention() -> None:
    role, relevance = role_of("AAPL", "Shares rise", "Shares rose.\nDisclosure: the author holds Apple.")
    assert role is Role.BOILERPLATE
    assert relevance < 0.05


def test_a_publishers_tag_on_a_headline_is_its_own_statement() -> None:
    assert role_of("AAPL", "Phone maker raises prices", "", "AAPL") == (Role.MENTIONED, 0.5)
    assert role_of("AAPL", "Apple raises prices", "", "AAPL")[0] is Role.SUBJECT
    assert role_of("AAPL", "Phones", "", "AAPL", "B", "C", "D", "E", "G", "H")[0] is Role.PASSING


def test_a_tag_on_a_page_that_never_names_the_instrument_says_little() -> None:
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
def test_a_list_of_instruments_is_about_none_of_them(title: str) -> None:
    role, relevance = role_of("AAPL", title, "", "AAPL")
    assert role is Role.PASSING
    assert relevance < 0.25


@pytest.mark.parametrize("title", ["Apple hits 52-week high", "Apple stock falls 5%", "Apple is the top pick of 2015"])
def test_a_headline_about_one_instrument_is_not_a_list(title: str) -> None:
    assert not is_list(title)


STANDINGS = st.builds(
    Standing,
    in_title=st.booleans(),
    first=st.floats(0, 1),
    count=st.integers(1, 50),
    share=st.floats(0.01, 1),
    has_body=st.booleans(),
    list_like=st.booleans(),
    quoted=st.booleans(),
    boilerplate=st.booleans(),
)


@given(STANDINGS, STANDINGS)
def test_standing_better_in_any_respect_never_lowers_role_or_relevance(standing: Standing, other: Standing) -> None:
    role, relevance = judge(standing)
    assert 0 <= relevance <= 1
    betters = [
        replace(standing, in_title=True),
        replace(standing, first=min(standing.first, other.first)),
        replace(standing, count=max(standing.count, other.count)),
        replace(standing, share=max(standing.share, other.share)),
        replace(standing, list_like=False),
        replace(standing, quoted=False),
        replace(standing, boilerplate=False),
    ]
    for better in betters:
        better_role, better_relevance = judge(better)
        assert better_relevance >= relevance
        assert WEIGHT.index(better_role) >= WEIGHT.index(role)
