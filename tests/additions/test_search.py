"""Which instruments a text means."""

import pytest

from signals.additions.search import chosen, is_isin
from signals.types import Alias, Instrument, Scheme


def listing(ticker: str, mic: str, symbol: str, name: str = "Acme", isin: str = "", kind: str = "equity") -> Instrument:
    aliases = (Alias(isin, Scheme.ISIN),) if isin else ()
    return Instrument(ticker, name, mic, "", kind, symbols={"vendor": symbol}, aliases=aliases)


NASDAQ = listing("ACME", "XNAS", "ACME")
LONDON = listing("ACME", "XLON", "ACME.L", "Acme plc", "GB00BH4HKS39")
GDR = listing("ACME", "XLON", "ACME.IL", "Acme GDR")
UNKNOWN = listing("ACMX", "", "ACMX.XY")
COIN = listing("ACM-USD", "", "ACM-USD", "Acme Coin", kind="crypto")
ALL = (NASDAQ, LONDON, GDR, UNKNOWN, COIN)


@pytest.mark.parametrize(
    ("text", "mic", "expected"),
    [
        ("acme", None, ["ACME"]),
        ("ACME.L", None, ["ACME.L"]),
        ("ACME", "XLON", ["ACME.L", "ACME.IL"]),
        ("ACME.IL", "XLON", ["ACME.IL"]),
        ("gb00bh4hks39", None, ["ACME.L"]),
        ("Acme PLC", None, ["ACME.L"]),
        ("acm", None, ["ACME", "ACME.L", "ACME.IL", "ACMX.XY", "ACM-USD"]),
        ("acm", "XNAI", ["ACMX.XY"]),
        ("acm", "XNAS", ["ACME", "ACMX.XY"]),
    ],
)
def test_a_symbol_comes_before_a_ticker_an_isin_and_a_name(text: str, mic: str | None, expected: list[str]) -> None:
    assert [one.symbols["vendor"] for one in chosen(ALL, text, mic)] == expected


def test_what_merely_resembles_it_does_not_count_where_it_has_to_be_exact() -> None:
    assert chosen(ALL, "acm", None, exactly=True) == ()


def test_a_listing_without_a_market_is_on_the_one_that_is_named_but_a_coin_is_on_none() -> None:
    assert chosen(ALL, "ACMX", "XPAR")[0].mic == "XPAR"
    assert chosen(ALL, "ACM-USD", "XPAR", exactly=True) == ()


def test_an_isin_becomes_an_alias_once() -> None:
    assert [alias.text for alias in chosen([NASDAQ], "US0378331005", None)[0].aliases] == ["US0378331005"]
    assert chosen([LONDON], "GB00BH4HKS39", None)[0].aliases == LONDON.aliases


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("US0378331005", True),
        ("GB00BH4HKS39", True),
        ("KYG875721634", True),
        ("US0378331006", False),
        ("us0378331005", False),
        ("US037833100", False),
        ("ABCDEFGHIJKL", False),
        ("٣S0378331005", False),
    ],
)
def test_an_isin_has_a_check_digit(text: str, is_one: bool) -> None:
    assert is_isin(text) == is_one
