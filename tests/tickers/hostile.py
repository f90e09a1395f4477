"""Texts that say the same few things over and over: what tagging takes too long over, if anything does.

`python -m benchmarks.fuzz` runs some hundred long ones with their time; the suite runs a sample of short ones.
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
_PIECES = [
    "Apple", "Target", "Ford", "Aon", "MSCI", "General Electric", "Газпром", "NYSE", "AAPL", "A", "Inc", "said", "Buy",
    "maintains", "trading on", "the", "By", "index", "world", "price target", "upgrades", "citing", "газета", "stocks",
    "50", "www.", "://", "(c)", "é", "ё", "e\u0301", "\ufb01", "\u200b", "\u0301\u0316", "中", "\n", "\t", "  ",
    *" -.,:()[]<>$&/'’«»@#?=_%\"*|—",
]  # fmt: skip

Said = tuple[str, str, str, bool]


def repeated() -> SearchStrategy[Said]:
    """Make what opens a text, what it repeats, what ends it, and whether it is a title."""
    some = st.lists(st.sampled_from(_PIECES), max_size=3).map("".join)
    unit = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=5).map("".join)
    return st.tuples(some, unit, some, st.booleans())


def examine_tags(said: Said, size: int) -> Sequence[str]:
    """Tag a text of about so many characters and return what was found; fails where that does not stand in it."""
    opens, unit, ends, is_title = said
    text = opens + unit * (size // len(unit)) + ends
    told = article(text if is_title else "x", "" if is_title else text)
    found = _RESOLVER.mentions(told)
    for mention in found:
        assert mention.kind is not TagKind.PAGE_TAG
        assert mention.tag == text[mention.start : mention.end] != ""
        assert mention.where == ("title" if is_title else "body")
    for start, end in _RESOLVER.evidence(told):
        assert 0 <= start < end <= len(told.body)
    return [mention.tag for mention in found]
