"""Find many names in one text, in one pass.

Callers depend on the protocol `Matcher` only, so that the automaton can be replaced.
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
from signals.tickers.normalise import normalise

_WORD = re.compile(r"\w+")
_EDGES = re.compile(r"^\W+|\W+$")
_ADDRESS_CHARACTERS = "/.=?&#-"
_ADDRESS = re.compile(r"://|www\.|\w\.[a-z]{2,}/|\w\.$")
_LONGEST_ADDRESS = 200
_MAX_HITS = 100_000  # hits in a text, those within words too, to bound the work on input that is no article
_DOMAIN = re.compile(r"\.(?:[a-z]{2,}|ру|рф)\b")

_SMALL_WORDS = re.compile(r"(?<= )(?:Of|And|The|For|In|De|Y)(?= )")
_HYPHEN = re.compile(r"(?<=[a-z])-([A-Z])(?=[a-z])")
_TWO_WORDS = re.compile(r"[A-Z][a-z]{2,} [A-Z][a-z]{2,}")
_VOWEL = re.compile(r"[AEIOUYАЕИОУЫЭЮЯ]")

# A word in capitals of at least this length with a vowel is a name (VALE); others are abbreviations (HSBC).
_UPPER_CASE_NAME = 4


class Match(NamedTuple):
    """A span of text, and the names that are written so."""

    start: int
    end: int
    names: tuple[str, ...]


class Matcher(Protocol):
    """A finder of names: whole words only, and the longest where several begin together."""

    def find(self, text: str, any_case: bool) -> Iterator[Match]:
        """Yield the matches in a normalised `text`, in order and without overlap; `any_case` ignores case."""
        ...


class Automaton:
    """A `Matcher` by Aho and Corasick: its cost grows with the text, not with the number of names.

    A name matches in its `written_forms`; a name in lower case (a common noun such as "natural gas") in any case. The
    name of a site (``lenta.ru``) or an address does not match the name within it.

    References
    ----------
    Aho, Corasick (1975), Efficient string matching: an aid to bibliographic search.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._forms: defaultdict[str, set[str]] = defaultdict(set)
        for name in names:
            for form in written_forms(name):
                self._forms[_fold_characters(form)].add(name)
        self._cased = _automaton(self._forms)

    @cached_property
    def _lowered(self) -> ahocorasick.Automaton:
        lowered: defaultdict[str, set[str]] = defaultdict(set)
        for form, names in self._forms.items():
            lowered[_lower(form)] |= names
        return _automaton(lowered)

    def find(self, text: str, any_case: bool) -> Iterator[Match]:
        """Yield the matches in `text`; see `Matcher`."""
        if not self._forms:
            return
        folded, automaton = _fold_characters(text), self._cased
        if any_case:
            folded, automaton = _lower(folded), self._lowered
        hits = [
            (last + 1 - length, -length, names)
            for last, (length, names) in islice(automaton.iter(folded), _MAX_HITS)
            if not folded[last + 1 : last + 2].isalnum() and _is_whole_word(folded, last + 1 - length, last + 1)
        ]
        if len(hits) > 1:
            hits.sort()
        free = 0
        for start, negative, names in hits:
            if start >= free:
                free = start - negative
                yield Match(start, free, names)


def written_forms(name: str) -> Set[str]:
    """Return the forms in which a text may write a name.

    The name as it is, without inner capitals, with its small words in lower case, its two words joined (ExxonMobil),
    its hyphen removed (Walmart), "and" for "&" and the reverse, and each of these in the grammatical cases of Russian.
    """
    bare = _EDGES.sub("", normalise(name)).replace("\t", " ")
    if bare.islower():
        cased = {bare, bare.capitalize(), bare.title(), bare.upper()}
    else:
        cased = {bare, _WORD.sub(lambda word: _without_inner_capitals(word[0]), bare)}
        cased |= {_SMALL_WORDS.sub(lambda word: word[0].lower(), form) for form in cased}
        cased |= {form.replace(" & ", " and ") for form in cased} | {form.replace(" and ", " & ") for form in cased}
        cased |= {_HYPHEN.sub(lambda pair: pair[1].lower(), form) for form in cased}
        cased |= {form.replace(" ", "") for form in cased if _TWO_WORDS.fullmatch(form)}
    return {form for base in cased for form in declined(base) if form}


def folded_words(text: str) -> list[str]:
    """Return the words of a text, case folded."""
    return [word.casefold() for word in _WORD.findall(text)]


def _without_inner_capitals(word: str) -> str:
    """Return a word with a capital only at its start: Paypal for PayPal, Ebay for eBay, but IBM for IBM."""
    abbreviated = word.isupper() and (len(word) < _UPPER_CASE_NAME or not _VOWEL.search(word))
    return word if abbreviated or word.islower() or not word.isalpha() else word.capitalize()


def _automaton(forms: Mapping[str, Set[str]]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for form, names in forms.items():
        automaton.add_word(form, (len(form), tuple(sorted(names))))
    automaton.make_automaton()
    return automaton


def _fold_characters(text: str) -> str:
    """Return a text of the same length with one form of blank, and е for ё."""
    folded = text.replace("\n", " ").replace("\t", " ")
    return folded if folded.isascii() else folded.replace("ё", "е").replace("Ё", "Е")


def _lower(text: str) -> str:
    """Return a text in lower case, of the same length."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(lower if len(lower := char.lower()) == 1 else char for char in text)


def _is_whole_word(text: str, start: int, end: int) -> bool:
    """Return whether a span that ends a word also begins one, outside addresses and names of sites."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or before in ("_", "@") or after == "_":
        return False
    if after == "." and _DOMAIN.match(text, end):
        return False
    if not before or before not in _ADDRESS_CHARACTERS:
        return True
    reach = max(0, start - _LONGEST_ADDRESS)
    return not _ADDRESS.search(text, max(reach, text.rfind(" ", reach, start) + 1), start)
