"""Decide whether one article is a copy of an earlier one: a pure rule over two fingerprints and the time between them.

A copy adds words or drops them; another story of the same template swaps one word for another ("X Reports Q1 EPS",
"Stocks That Hit Highs On Tuesday"). So headlines alone make a copy only if one holds all words of the other and their
figures and dates agree. Under similar or different headlines the leads have to agree.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from signals.stories.fingerprint import Fingerprint

SAME_DAY = timedelta(hours=18)  # for this long an equal short headline ("Morning Market Movers") is the same list

# Chosen on one half of the labelled pairs of benchmarks/stories.py and reported on the other.
LONG_HEADLINE = 7  # words that identify a story on another day too
SHORT_HEADLINE = 4  # a headline of fewer words does not outweigh a different lead
CONTAINED = 5  # words of the shorter headline, where the longer one holds them all
CONTAINED_SHARE = 0.6  # of the words of the longer headline
SAME_LEAD = 0.8  # share of lead words in common that makes a copy under any headline
SIMILAR_LEAD = 0.6  # the same, under headlines that share a word
COMBINED = 0.75  # sum of the shares of headline and lead
COMBINED_LATER = 0.95  # the same, on another day
MIN_SHARE = 0.15  # of each of the two
MIN_LEAD_WORDS = 8  # a shorter lead is ignored
DIFFERENT_LEAD = 0.2  # a smaller share on another day means the same headline over another text
ROUNDING = 0.05  # largest relative difference between a figure and its rounded form


class Similarity(StrEnum):
    """The reason why one article is a copy of another."""

    HEADLINE = "the same headline"
    CONTAINED = "one headline holds all words of the other"
    LEAD = "the same lead"
    BOTH = "headline and lead are alike"


def similarity(earlier: Fingerprint, later: Fingerprint, apart: timedelta) -> Similarity | None:
    """Return the reason why `later` is a copy of `earlier`, None if it is no copy; `apart` is the time between them."""
    if earlier.headline and earlier.headline == later.headline:
        return Similarity.HEADLINE if _is_same_text(earlier, later, apart) else None
    contained = _is_contained(earlier, later, apart)
    if (
        not (contained or _have_leads(earlier, later))
        or _figures_differ(earlier.figures, later.figures)
        or _dates_differ(earlier.calendar, later.calendar)
    ):
        return None
    lead = _lead_share(earlier, later)
    if contained and (lead is None or lead >= DIFFERENT_LEAD or apart <= SAME_DAY):
        return Similarity.CONTAINED
    if lead is None or lead < MIN_SHARE:
        return None
    if lead >= SAME_LEAD:
        return Similarity.LEAD
    headline = _share(earlier.words, later.words)
    combined = COMBINED if apart <= SAME_DAY else COMBINED_LATER
    if (lead >= SIMILAR_LEAD and headline > 0) or (headline >= MIN_SHARE and lead + headline >= combined):
        return Similarity.BOTH
    return None


def _is_contained(earlier: Fingerprint, later: Fingerprint, apart: timedelta) -> bool:
    """Return whether one headline holds all words of the other, and the shorter one is long enough to identify it."""
    few, many = earlier.words, later.words
    if len(few) > len(many):
        few, many = many, few
    if len(few) < CONTAINED_SHARE * len(many) or not few <= many:
        return False
    length = len(few) + min(len(earlier.figures), len(later.figures))
    return length >= (CONTAINED if apart <= SAME_DAY or later.version else LONG_HEADLINE)


def _is_same_text(earlier: Fingerprint, later: Fingerprint, apart: timedelta) -> bool:
    """Return whether an equal headline means an equal story: not if it is short, or recurs over another text."""
    lead = _lead_share(earlier, later)
    if later.version or earlier.version:
        return apart <= SAME_DAY or lead != 0
    if apart <= SAME_DAY:
        return len(later.words) >= SHORT_HEADLINE or lead is None or lead >= DIFFERENT_LEAD
    return lead >= DIFFERENT_LEAD if lead is not None else len(later.words) >= LONG_HEADLINE


def _lead_share(one: Fingerprint, other: Fingerprint) -> float | None:
    """Return the Jaccard index of two leads; None if one is missing, 0 if their figures or weekdays contradict."""
    if not _have_leads(one, other):
        return None
    share = _share(one.lead_words, other.lead_words)
    if not share:
        return 0.0
    few, many = one.lead_figures, other.lead_figures
    if len(few) > len(many):
        few, many = many, few
    other_figures = len(few) >= 2 and 2 * len(_unmatched(few, many)) > len(few)
    other_days = one.lead_weekdays and other.lead_weekdays and one.lead_weekdays.isdisjoint(other.lead_weekdays)
    return 0.0 if other_figures or other_days else share


def has_lead(one: Fingerprint) -> bool:
    """Return whether a lead is long enough to be compared."""
    return len(one.lead_words) >= MIN_LEAD_WORDS


def _have_leads(one: Fingerprint, other: Fingerprint) -> bool:
    return has_lead(one) and has_lead(other)


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Jaccard index of two sets."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if common else 0.0


def _dates_differ(one: frozenset[str], other: frozenset[str]) -> bool:
    return not (one <= other or other <= one)


def _figures_differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether each side has a figure that the other lacks, even rounded."""
    return bool(_unmatched(one, other)) and bool(_unmatched(other, one))


def _unmatched(figures: frozenset[str], others: frozenset[str]) -> list[str]:
    return [figure for figure in figures - others if not any(_is_same_figure(figure, other) for other in others)]


def _is_same_figure(one: str, other: str) -> bool:
    """Return whether two figures are equal up to rounding: 3.65e9 and 3.6e9, but not 24 and 25."""
    (a, unit_of_a), (b, unit_of_b) = _value_and_unit(one), _value_and_unit(other)
    rounded = unit_of_a != unit_of_b and abs(a - b) < max(unit_of_a, unit_of_b)
    return a == b or (rounded and abs(a - b) <= ROUNDING * max(a, b))


@lru_cache(maxsize=65_536)
def _value_and_unit(figure: str) -> tuple[float, float]:
    """Return the value of a figure and the value of its last digit's unit."""
    digits, _, exponent = figure.partition("e")
    return float(figure), 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))
