"""Many names, one text: where which of them stands.

`Matcher` is the seam: the resolver knows no more of matching than `find`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cached_property
from itertools import islice
from typing import NamedTuple, Protocol

import ahocorasick

from signals.tickers.inflection import declined
from signals.tickers.normalise import plain

_WORD = re.compile(r"\w+")
_EDGES = re.compile(r"^\W+|\W+$")
_IN_ADDRESS = "/.=?&#-"
_ADDRESS = re.compile(r"://|www\.|\w\.[a-z]{2,}/|\w\.$")
_LONGEST_ADDRESS = 200
_MOST = 100_000  # names in a text, those within words too: no article has more; it bounds the work on what is none
_DOMAIN = re.compile(r"\.(?:[a-z]{2,}|ру|рф)\b")

_SMALL_WORDS = re.compile(r"(?<= )(?:Of|And|The|For|In|De|Y)(?= )")
_HYPHEN = re.compile(r"(?<=[a-z])-([A-Z])(?=[a-z])")
_TWO_WORDS = re.compile(r"[A-Z][a-z]{2,} [A-Z][a-z]{2,}")
_VOWEL = re.compile(r"[AEIOUYАЕИОУЫЭЮЯ]")

# A word of capitals this long, with a vowel, is a name that is shouted (VALE); another one is an abbreviation (HSBC).
_SHOUTED = 4


class Found(NamedTuple):
    """A stretch of text, and the names that are written so."""

    start: int
    end: int
    names: tuple[str, ...]


class Matcher(Protocol):
    """Finds the names it was made with, whole words only, the longest where several begin together."""

    def find(self, text: str, any_case: bool) -> Iterator[Found]:
        """Yield what stands in a plain `text`, in order and without overlap; `any_case` lets case differ."""
        ...


class Automaton:
    """A `Matcher` by Aho and Corasick: its cost grows with the text, not with the number of names.

    A name matches as `written_forms` says; one that is all lower case (a common noun such as "natural gas") in any
    case. The name of a site (``lenta.ru``) or an address is not the name within it.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._forms: defaultdict[str, set[str]] = defaultdict(set)
        for name in names:
            for form in written_forms(name):
                self._forms[_flat(form)].add(name)
        self._as_written = _automaton(self._forms)

    @cached_property
    def _lowered(self) -> ahocorasick.Automaton:
        lowered: defaultdict[str, set[str]] = defaultdict(set)
        for form, names in self._forms.items():
            lowered[_lower(form)] |= names
        return _automaton(lowered)

    def find(self, text: str, any_case: bool) -> Iterator[Found]:
        """Yield what stands in `text`; see `Matcher`."""
        if not self._forms:
            return
        flat, automaton = _flat(text), self._as_written
        if any_case:
            flat, automaton = _lower(flat), self._lowered
        hits = [
            (last + 1 - length, -length, names)
            for last, (length, names) in islice(automaton.iter(flat), _MOST)
            if not flat[last + 1 : last + 2].isalnum() and _stands_alone(flat, last + 1 - length, last + 1)
        ]
        if len(hits) > 1:
            hits.sort()
        free = 0
        for start, negative, names in hits:
            if start >= free:
                free = start - negative
                yield Found(start, free, names)


def written_forms(name: str) -> Set[str]:
    """Return how a name may stand in a text.

    As it is, without inner capitals, its small words small, its two words as one (ExxonMobil), its hyphen left out
    (Walmart), "and" for "&" and the other way, in the cases of its language.
    """
    bare = _EDGES.sub("", plain(name)).replace("\t", " ")
    if bare.islower():
        cased = {bare, bare.capitalize(), bare.title(), bare.upper()}
    else:
        cased = {bare, _WORD.sub(lambda word: _tamed(word[0]), bare)}
        cased |= {_SMALL_WORDS.sub(lambda word: word[0].lower(), each) for each in cased}
        cased |= {each.replace(" & ", " and ") for each in cased} | {each.replace(" and ", " & ") for each in cased}
        cased |= {_HYPHEN.sub(lambda pair: pair[1].lower(), each) for each in cased}
        cased |= {each.replace(" ", "") for each in cased if _TWO_WORDS.fullmatch(each)}
    return {form for each in cased for form in declined(each) if form}


def words(text: str) -> list[str]:
    """Return the words of a text, case folded."""
    return [word.casefold() for word in _WORD.findall(text)]


def _tamed(word: str) -> str:
    """Take the capitals out of a word's inside: PayPal to Paypal, eBay to Ebay, but not IBM to Ibm."""
    abbreviated = word.isupper() and (len(word) < _SHOUTED or not _VOWEL.search(word))
    return word if abbreviated or word.islower() or not word.isalpha() else word.capitalize()


def _automaton(forms: Mapping[str, Set[str]]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for form, names in forms.items():
        automaton.add_word(form, (len(form), tuple(sorted(names))))
    automaton.make_automaton()
    return automaton


def _flat(text: str) -> str:
    """Write what counts as alike in one way, character by character."""
    flat = text.replace("\n", " ").replace("\t", " ")
    return flat if flat.isascii() else flat.replace("ё", "е").replace("Ё", "Е")


def _lower(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether what ends a word also begins one, and is neither in an address nor the name of a site."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or before in ("_", "@") or after == "_":
        return False
    if after == "." and _DOMAIN.match(text, end):
        return False
    if not before or before not in _IN_ADDRESS:
        return True
    reach = max(0, start - _LONGEST_ADDRESS)
    return not _ADDRESS.search(text, max(reach, text.rfind(" ", reach, start) + 1), start)
