"""Look up how headlines use a word that is a name: beside words of companies, and before and after which other words.

The figures are those of `name_figures.csv`, which `benchmarks/learn_names.py` counts. They tell whether the first word
of a company's name can stand for the company (Seagate, Xcel), belongs to others (Simmons Bedding), or is a person's.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from signals.tickers.common_words import TRADES
from signals.tickers.name_score import is_name_alone

_TABLE = Path(__file__).with_name("name_figures.csv")


@dataclass(frozen=True, slots=True)
class NameFigures:
    """How headlines use a word: `count`, and shares from 0 to 1.

    `company` is the share of its uses beside a word of companies; `heads` are the shares of the words right before it
    and `nexts` those of the words right after it that make one name with it.
    """

    count: int
    company: float
    heads: Mapping[str, float]
    nexts: Mapping[str, float]


class Standing(StrEnum):
    """What the figures say of the first word of a company's name.

    STRONG: it stands for this company. WEAK: it is mostly the name of others or of persons. UNKNOWN: they do not tell.
    """

    STRONG = "strong"
    WEAK = "weak"
    UNKNOWN = "unknown"


_FIRST_NAMES = "*"  # of the heads: the first names together
# Words beside the lines of business that make another name of a word.
_OTHER_KIND_LIST = "cup county city university college school hospital brothers law lake river tour foundation house"
_OTHER_KINDS = TRADES | frozenset(_OTHER_KIND_LIST.split())
_MIN_COMPANY, _ALONE = 0.15, 0.5  # of the uses beside company words: for a name with its own second word, without it
_MIN_OWN, _OWN, _MIN_OWN_OF_ALL = 0.03, 0.5, 0.35  # of the uses before the own second word, and of all second words
_MAX_HEADS, _MAX_OTHERS, _ANY_OTHER = 0.15, 0.1, 0.3
_MIN_PERSON, _MIN_PERSON_OF_OWN = 0.05, 0.5  # of the uses after a first name
_MIN_COUNT, _OFTEN, _MIN_OF_LARGEST, _LARGE = 30, 100, 0.25, 0.1


def name_figures(word: str) -> NameFigures | None:
    """Return the figures of a word, None if headlines hold it too rarely or not as a name."""
    return _table().get(word.lower())


def standing(word: str, second: str) -> Standing:
    """Return whether the first word of a name stands for the company; `second` is what follows it in the name.

    A pair of ordinary words has figures too, and stands for the company only if `second` often follows it.
    """
    second = second.lower().replace(".", "").replace("and ", "& ")
    figures = name_figures(word)
    if figures is None:
        return Standing.UNKNOWN
    own = sum(share for each, share in figures.nexts.items() if each.replace(".", "") == second)
    others = [
        share
        for each, share in figures.nexts.items()
        if each.replace(".", "") != second and (is_other_kind(each) or share > _ANY_OTHER)
    ]
    largest, persons = max(others, default=0.0), figures.heads.get(_FIRST_NAMES, 0.0)
    is_others = figures.count >= _MIN_COUNT and largest >= _LARGE and own < _MIN_OF_LARGEST * largest
    is_others |= figures.count >= _OFTEN and not own and is_name_alone(second)  # Nortel Inversora
    if is_others or persons >= max(_MIN_PERSON, _MIN_PERSON_OF_OWN * own):
        return Standing.WEAK
    if sum(figures.heads.values()) > _MAX_HEADS:
        return Standing.UNKNOWN
    is_own = own >= _MIN_OWN and own >= _MIN_OWN_OF_ALL * (own + sum(others))
    if is_own and (figures.company >= _MIN_COMPANY or own >= _OWN):
        return Standing.STRONG
    is_alone = (
        " " not in word and figures.count >= _MIN_COUNT and figures.company >= _ALONE and sum(others) <= _MAX_OTHERS
    )
    return Standing.STRONG if is_alone else Standing.UNKNOWN


def is_other_kind(follower: str) -> bool:
    """Return whether a word after a name makes another name of it: a line of business, a school, a place."""
    return follower.startswith("& ") or follower in _OTHER_KINDS


@cache
def _table() -> dict[str, NameFigures]:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        next(file)
        next(file)
        return {
            word: NameFigures(int(count), int(company) / 100, _shares(heads), _shares(nexts))
            for word, count, company, heads, nexts in csv.reader(file)
        }


def _shares(text: str) -> Mapping[str, float]:
    pairs = (part.rpartition(":") for part in text.split("|") if part)
    return {word: int(share) / 100 for word, _, share in pairs}
