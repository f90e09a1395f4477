"""Tags as vendors spell them, each tied to its instrument and to no other."""

from dataclasses import replace

import pytest

from signals.tickers.resolver import Resolver
from signals.types import Alias, Scheme, Tag
from tests.tickers.articles import article, instrument

CALDER = instrument("CLD", "Calder Works", "XNYS", Alias("0000789019", Scheme.CIK))
VOSTOK = instrument("VSTK.B", "Vostok Rail", "XNAS")
LONDON = instrument("RYE", "Rye Holdings", "XLON")
COIN = replace(instrument("ORE", "Ore Coin", "XCRY"), kind="crypto")
PAIR = replace(instrument("EURUSD", "Euro", "XFXS"), kind="fx")
INDEX = replace(instrument("MRX", "Meridian Index", "XNYS"), kind="index")
RESOLVER = Resolver([CALDER, VOSTOK, LONDON, COIN, PAIR, INDEX])


def ticker(tag: Tag) -> str | None:
    (mention,) = RESOLVER.mentions(article("A mill burns", "", tag))
    return mention.ticker


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        *((tag, "CLD") for tag in (
            "CLD", "CLD.US", "CLD:US", "CLD-US", "US:CLD", "CLD US", "CLD US Equity", "CLD UN Equity", "CLD US equity",
            "NYSE:CLD", "CLD:NYSE", "CLD.NYSE", "NYQ:CLD", "CLD.NYQ",
            "CLD.N", "R:CLD.N", "<CLD.N>", "XNYS:CLD", "CLD.XNYS",
            "0000789019", "CIK0000789019", "CIK 789019", "$CLD")),
        *((tag, "VSTK.B") for tag in (
            "VSTK.B", "VSTK-B", "VSTK/B US Equity", "VSTK-B.US", "NASDAQ:VSTK.B", "NMS:VSTK-B")),
        *((tag, "RYE") for tag in (
            "RYE LN Equity", "RYE LN", "RYE:LN", "RYE-GB", "RYE:GB", "RYE.LSE", "LON:RYE", "UK:RYE", "RYE.L")),
        *((tag, "ORE") for tag in ("CRYPTO:ORE", "X:OREUSD", "ORE-USD.CC")),
        *((tag, "EURUSD") for tag in ("FOREX:EURUSD", "C:EURUSD", "EURUSD.FOREX")),
        *((tag, "MRX") for tag in ("I:MRX", "MRX.INDX")),
    ],
)  # fmt: skip
def test_a_tag_is_tied_to_its_instrument_in_the_spelling_of_a_vendor(tag: str, expected: str) -> None:
    assert ticker(Tag(tag)) == expected


@pytest.mark.parametrize(
    "tag",
    ["CLD.LSE", "CLD LN Equity", "CLD:LN", "RYE.US", "RYE US Equity", "CRYPTO:CLD", "X:CLDUSD", "FOREX:CLD",
     "CLD-USD.CC", "CLD.FOREX", "CLD-B", "R:CLD.O", "789019", "0000789018", "CLD US Equities", "CLD.CC"],
)  # fmt: skip
def test_a_tag_of_another_market_or_kind_is_refused(tag: str) -> None:
    assert ticker(Tag(tag)) is None


@pytest.mark.parametrize("text", ["0000789019", "789019", "00789019", "CIK789019"])
def test_a_cik_is_compared_without_its_leading_zeros(text: str) -> None:
    assert ticker(Tag(text, Scheme.CIK)) == "CLD"
    resolver = Resolver([instrument("CLD", "Calder Works", "XNYS", Alias(text, Scheme.CIK))])
    (mention,) = resolver.mentions(article("A mill burns", "", Tag("789019", Scheme.CIK)))
    assert mention.ticker == "CLD"
