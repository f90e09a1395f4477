"""Whether one article is a copy of an earlier one. A pure rule over two wordings and the time between them.

Copies add words or drop them; siblings swap one for another ("X Reports Q1 EPS", "Stocks That Hit Highs On Tuesday").
So a headline alone makes a copy only if one holds all words of the other, and figures and dates agree; under a like or
another headline the leads have to agree.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from signals.stories.fingerprint import Fingerprint

SAME_DAY = timedelta(hours=18)  # so long a short headline ("Morning Market Movers") means the same list

# Chosen on one half of the labelled pairs of benchmarks/stories.py and reported on the other.
LONG_HEADLINE = 7  # words that say enough to be known again on another day
SHORT_HEADLINE = 4  # fewer words than this say nothing beside a lead
CONTAINED = 5  # words of the shorter headline, where the longer one holds them all
CONTAINED_SHARE = 0.6
SAME_LEAD = 0.8  # share of words in common that makes a copy under any headline
NEAR_LEAD = 0.6  # under a headline that shares a word
TOGETHER = 0.75  # sum of both shares, each at least
EACH = 0.15
TOGETHER_LATER = 0.95  # on another day
LEAD_WORDS = 8  # fewer are no lead
OTHER_LEAD = 0.2  # less in common on another day: the same headline over another text
ROUNDED = 0.05  # a figure may be rounded in one of two copies, by this much at most


class Evidence(StrEnum):
    """What makes one article a copy of another."""

    HEADLINE = "the same headline"
    CONTAINED = "one headline holds all words of the other"
    LEAD = "the same lead"
    BOTH = "headline and lead are alike"


def evidence(earlier: Fingerprint, later: Fingerprint, apart: timedelta) -> Evidence | None:
    """Return what makes `later` a copy of `earlier`, or None."""
    if earlier.headline and earlier.headline == later.headline:
        return Evidence.HEADLINE if _same_text(earlier, later, apart) else None
    contained = _contained(earlier, later, apart)
    if (
        not (contained or _have_leads(earlier, later))
        or _differ(earlier.figures, later.figures)
        or _apart(earlier.calendar, later.calendar)
    ):
        return None
    lead = _lead_share(earlier, later)
    if contained and (lead is None or lead >= OTHER_LEAD or apart <= SAME_DAY):
        return Evidence.CONTAINED
    if lead is None or lead < EACH:
        return None
    if lead >= SAME_LEAD:
        return Evidence.LEAD
    head = _share(earlier.words, later.words)
    together = TOGETHER if apart <= SAME_DAY else TOGETHER_LATER
    if (lead >= NEAR_LEAD and head > 0) or (head >= EACH and lead + head >= together):
        return Evidence.BOTH
    return None


def _contained(earlier: Fingerprint, later: Fingerprint, apart: timedelta) -> bool:
    """Tell whether one headline holds all words of the other, and these are enough to say something."""
    few, many = earlier.words, later.words
    if len(few) > len(many):
        few, many = many, few
    if len(few) < CONTAINED_SHARE * len(many) or not few <= many:
        return False
    said = len(few) + min(len(earlier.figures), len(later.figures))
    return said >= (CONTAINED if apart <= SAME_DAY or later.version else LONG_HEADLINE)


def _same_text(earlier: Fingerprint, later: Fingerprint, apart: timedelta) -> bool:
    """Tell whether an equal headline means an equal story: not if it says little, or recurs over another text."""
    lead = _lead_share(earlier, later)
    if later.version or earlier.version:
        return apart <= SAME_DAY or lead != 0
    if apart <= SAME_DAY:
        return len(later.words) >= SHORT_HEADLINE or lead is None or lead >= OTHER_LEAD
    return lead >= OTHER_LEAD if lead is not None else len(later.words) >= LONG_HEADLINE


def _lead_share(one: Fingerprint, other: Fingerprint) -> float | None:
    """Return the share of words that two leads have in common: None without two, 0 if their figures or days differ."""
    if not _have_leads(one, other):
        return None
    share = _share(one.lead_words, other.lead_words)
    if not share:
        return 0.0
    few, many = one.lead_figures, other.lead_figures
    if len(few) > len(many):
        few, many = many, few
    unlike = len(few) >= 2 and 2 * len(_lacking(few, many)) > len(few)
    other_days = one.lead_weekdays and other.lead_weekdays and one.lead_weekdays.isdisjoint(other.lead_weekdays)
    return 0.0 if unlike or other_days else share


def _have_leads(one: Fingerprint, other: Fingerprint) -> bool:
    return len(one.lead_words) >= LEAD_WORDS and len(other.lead_words) >= LEAD_WORDS


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def _apart(one: frozenset[str], other: frozenset[str]) -> bool:
    return not (one <= other or other <= one)


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether each side has a figure that the other has not, not even rounded."""
    return bool(_lacking(one, other)) and bool(_lacking(other, one))


def _lacking(some: frozenset[str], of: frozenset[str]) -> list[str]:
    return [figure for figure in some - of if not any(_agree(figure, other) for other in of)]


def _agree(one: str, other: str) -> bool:
    """Tell whether two figures are one, given with more digits or fewer: 3.65e9 and 3.6e9, but not 24 and 25."""
    (a, last_of_a), (b, last_of_b) = _read(one), _read(other)
    rounded = last_of_a != last_of_b and abs(a - b) < max(last_of_a, last_of_b)
    return a == b or (rounded and abs(a - b) <= ROUNDED * max(a, b))


@lru_cache(maxsize=65_536)
def _read(figure: str) -> tuple[float, float]:
    """Return a figure's value and what its last digit counts for."""
    digits, _, exponent = figure.partition("e")
    return float(figure), 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))
