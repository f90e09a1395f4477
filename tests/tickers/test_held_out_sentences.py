"""Sentences written before any rule: names and traps, of which one half taught nothing, and six forms of headlines."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from signals.tickers import Resolver
from signals.tickers.press_names import PressIssuer, press_issuers
from tests.tickers.articles import article, instrument

FORMS = (
    "{} said on Monday it would add jobs",
    "{} to cut 300 jobs",
    "{} profit falls 4 percent",
    "{} shares rise in early trade",
    "{} to buy a software firm",
    "Judge orders {} to pay damages",
)


def rows(held_out: bool) -> Iterator[dict[str, str]]:
    with Path(__file__).with_name("held_out_sentences.csv").open(encoding="utf-8", newline="") as file:
        yield from (row for row in csv.DictReader(file) if zlib.crc32(row["title"].encode()) % 2 == held_out)


def is_linked(row: dict[str, str]) -> bool:
    resolver = Resolver([instrument(row["ticker"], row["universe_name"])])
    return any(mention.ticker for mention in resolver.mentions(article(row["title"], row["body"])))


@pytest.mark.parametrize("held_out", [False, True])
def test_most_names_are_linked_and_most_traps_are_not(held_out: bool) -> None:
    answers = [(is_linked(row), row["named"] == "yes") for row in rows(held_out)]
    right = answers.count((True, True))
    assert 2 * right / (2 * right + answers.count((True, False)) + answers.count((False, True))) >= 0.9


def of_market(market: str) -> list[PressIssuer]:
    return [issuer for issuer in press_issuers() if issuer.market == market]


def test_the_largest_issuers_are_named_in_six_forms_of_headlines() -> None:
    issuers = of_market("US")
    hits = sum(
        any(mention.ticker for mention in Resolver([of_issuer]).mentions(article(form.format(issuer.press[0]))))
        for issuer in issuers
        for of_issuer in (instrument(issuer.ticker, issuer.names[0]),)
        for form in FORMS
    )
    assert hits >= 0.95 * len(issuers) * len(FORMS)


def test_the_table_has_issuers_of_both_markets_and_better_known_namesakes() -> None:
    assert len(of_market("US")) >= 150
    assert len(of_market("RU")) >= 50
    assert len(of_market("")) >= 50
