"""Repetitive texts, on which tagging would take too long if it took more than linear time.

`python -m benchmarks.fuzz` times some hundred long ones; the suite runs a sample of short ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from signals.tickers import Resolver
from signals.types import TagKind
from tests.tickers.articles import APPLE, BARCLAYS, FORD, GAZPROM, IBM, VODAFONE, article, instrument

_INSTRUMENTS = (
    APPLE, BARCLAYS, FORD, GAZPROM, IBM, VODAFONE, instrument("TGT", "Target Corporation"),
    instrument("GE", "General Electric Company"), instrument("NYX", "NYSE Euronext"), instrument("AON", "Aon plc"),
    instrument("MSCI", "MSCI Inc"),
)  # fmt: skip
_RESOLVER = Resolver(_INSTRUMENTS)
_UNITS = [
    "Apple", "Target", "Ford", "Aon", "MSCI", "General Electric", "Газпром", "NYSE", "AAPL", "A", "Inc", "said", "Buy",
    "maintains", "trading on", "the", "By", "index", "world", "price target", "upgrades", "citing", "газета", "stocks",
    "50", "www.", "://", "(c)", "é", "ё", "e\u0301", "\ufb01", "\u200b", "\u0301\u0316", "中", "\n", "\t", "  ",
    *" -.,:()[]<>$&/'’«»@#?=_%\"*|—",
]  # fmt: skip

Repetition = tuple[str, str, str, bool]


def repeated() -> SearchStrategy[Repetition]:
    """Build the start of a text, the unit that it repeats, its end, and whether it is a title."""
    some = st.lists(st.sampled_from(_UNITS), max_size=3).map("".join)
    unit = st.lists(st.sampled_from(_UNITS), min_size=1, max_size=5).map("".join)
    return st.tuples(some, unit, some, st.booleans())


def examine_tags(repetition: Repetition, size: int) -> Sequence[str]:
    """Return the tags of a text of about `size` characters, after a check that each is in the text."""
    start, unit, end, is_title = repetition
    text = start + unit * (size // len(unit)) + end
    page = article(text if is_title else "x", "" if is_title else text)
    mentions = _RESOLVER.mentions(page)
    for mention in mentions:
        assert mention.kind is not TagKind.PAGE_TAG
        assert mention.tag == text[mention.start : mention.end] != ""
        assert mention.where == ("title" if is_title else "body")
    for first, last in _RESOLVER.excerpts(page):
        assert 0 <= first < last <= len(page.body)
    return [mention.tag for mention in mentions]
