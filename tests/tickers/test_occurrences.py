"""Codes, names and tags in an article."""

from __future__ import annotations

from collections import defaultdict

from signals.tickers.aliases import InstrumentAlias, Key, instrument_aliases
from signals.tickers.name_context import NameContext
from signals.tickers.occurrences import Occurrence, Scanner, in_reading_order
from signals.types import Alias, Instrument, Scheme, Tag, TagKind
from tests.tickers.articles import APPLE, article, instrument

TARGET = instrument("TGT", "Target Corporation")


def occurrences(title: str, body: str, *instruments: Instrument, tags: tuple[Tag, ...] = ()) -> list[Occurrence]:
    index: defaultdict[Key, list[InstrumentAlias]] = defaultdict(list)
    for each in instruments:
        for key, alias in instrument_aliases(each):
            index[key].append(alias)
    return list(Scanner(index).occurrences(article(title, body, *tags), {"title": title, "body": body}))


def test_occurrences_come_in_reading_order_with_their_offsets() -> None:
    name, code, later, tag = occurrences("Apple rises", "(NASDAQ: AAPL) Apple", APPLE, tags=(Tag("AAPL"),))
    assert name == Occurrence(TagKind.NAME, ((Scheme.NAME, "Apple"),), "title", 0, 5, NameContext.NAMED)
    assert code == Occurrence(TagKind.INLINE, ((Scheme.EXCHANGE, "XNAS:AAPL"),), "body", 1, 13)
    assert (later.kind, later.part, later.start) == (TagKind.NAME, "body", 15)
    assert (tag.kind, tag.part, tag.start, tag.end) == (TagKind.PAGE_TAG, "tags", 0, 0)
    assert in_reading_order([tag, later, code, name]) == [name, code, later, tag]
    assert in_reading_order([tag]) == [tag]


def test_an_empty_text_has_no_occurrences() -> None:
    assert occurrences("", "", APPLE) == []


def test_a_name_within_a_code_does_not_count() -> None:
    nyse = instrument("NYX", "NYSE Euronext", "XNYS", "NYSE")
    assert [each.kind for each in occurrences("", "(NYSE:ICE)", nyse)] == [TagKind.INLINE]
    both = occurrences("", "(NYSE:ICE) $ICE of NYSE", nyse)
    assert [each.kind for each in both] == [TagKind.INLINE, TagKind.CASHTAG, TagKind.NAME]


def test_only_a_name_that_depends_on_it_has_a_context() -> None:
    neft = instrument("SIBN", "Gazprom Neft PJSC", "MISX")
    target, gazprom_neft = occurrences("", "when Target opened and Gazprom Neft closed", TARGET, neft)
    assert target.context is NameContext.NAMED
    assert gazprom_neft.context is None


def test_a_title_in_capitals_matches_in_any_case_and_a_body_does_not() -> None:
    assert [each.part for each in occurrences("TARGET FALLS", "TARGET FALLS", TARGET)] == ["title"]


def test_a_title_is_read_as_title_case_and_a_body_is_not() -> None:
    text = "Target Date Funds Explained"
    assert [each.context for each in occurrences(text, text, TARGET)] == [NameContext.NEUTRAL, NameContext.FOLLOWED]


def test_prefixes_of_configured_exchange_codes_are_recognised() -> None:
    wheat = instrument("ZW", "", "XCBT", Alias("GRAIN:W", Scheme.EXCHANGE))
    assert [each.keys for each in occurrences("", "(GRAIN: W)", wheat)] == [((Scheme.EXCHANGE, "GRAIN:W"),)]
