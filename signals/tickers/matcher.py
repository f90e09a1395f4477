"""Find many names in one text, in one pass.

Callers depend on the protocol `Matcher` only, so that the automaton can be replaced.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple, Protocol

import ahocorasick

from signals.tickers.common_words import COMMON_WORDS
from signals.tickers.inflection import declined
from signals.tickers.legal_forms import has_identity
from signals.tickers.name_score import is_ordinary
from signals.tickers.normalise import normalise

_JOINED_INITIALS = re.compile(r"\b([A-Z]\.)(?=[A-Z]\. [A-Z][a-z])")

_WORD = re.compile(r"\w+")
_EDGES = re.compile(r"^\W+|\W+$")
_ADDRESS_CHARACTERS = "/.=?&#-"
_ADDRESS = re.compile(r"://|www\.|\w\.[a-z]{2,}/|\w\.$")
_LONGEST_ADDRESS = 200
_MAX_HITS = 100_000  # hits in a text, those within words too, to bound the work on input that is no article
_DOMAIN = re.compile(r"\.(?:[a-z]{2,}|ру|рф)\b")

_SMALL_WORDS = re.compile(r"(?<= )(?:Of|And|The|For|In|De|Y)(?= )")
_SMALL_AFTER_HYPHEN = re.compile(r"(?<=[a-z])-[a-z]")
_HYPHEN = re.compile(r"(?<=[a-z])-([A-Z])(?=[a-z])")
_DOTTED = re.compile(r"\b(?:[A-Z]\.)+(?=[A-Z]\b|[A-Z]\.|\s|,|$)(?:[A-Z]\b\.?)?")  # U.S., A.O., S.A.
_UNDOTTED_US = re.compile(r"\bUS\b")
_INNER_MARK = re.compile(r"[!*?](?=\s)|(?<=\w)\*(?=\w)")
_IRISH = re.compile(r"\bO (?=[A-Z][a-z])")
_TWO_WORDS = re.compile(r"[A-Z][a-z]{2,} [A-Z][a-z]{2,}")
_VOWEL = re.compile(r"[AEIOUYАЕИОУЫЭЮЯ]")

# A word in capitals of at least this length with a vowel is a name (VALE); others are abbreviations (HSBC).
_UPPER_CASE_NAME = 4


_BLANKS = "\n\t-/"


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
        capitals: defaultdict[str, set[str]] = defaultdict(set)
        for name in names:
            for form in written_forms(name):
                self._forms[_fold_characters(form)].add(name)
            for form in capital_forms(name):
                capitals[_fold_characters(form)].add(name)
        self._capitals = {form: tuple(sorted(of_form)) for form, of_form in capitals.items()}
        self._longest = max(map(len, (*self._forms, *capitals)), default=0)
        self._words = frozenset(word for form in (*self._forms, *capitals) for word in _WORD.findall(form))
        self._cased = _automaton({**capitals, **{form: self._forms[form] | capitals[form] for form in self._forms}})

    @cached_property
    def _lowered(self) -> ahocorasick.Automaton:
        lowered: defaultdict[str, set[str]] = defaultdict(set)
        for form, names in self._forms.items():
            lowered[_lower(form)] |= names
        return _automaton(lowered)

    def _respelled(self, folded: str, text: str) -> list[_Hit]:
        """Return the hits on words with other capitals than their names have."""
        spans, parts, done = [], [], 0
        for word in _OTHER_CAPITALS.finditer(folded):
            start, end = word.span()
            if end - start < _SHORTEST or (start and (folded[start - 1].isalnum() or folded[start - 1] == "_")):
                continue
            plain = _one_capital(word[0])
            parts += [folded[done:start], plain]
            done = end
            if plain != word[0] and plain in self._words:
                spans.append((start, end))
        if not spans:
            return []
        text_in_small = "".join([*parts, folded[done:]])
        hits: dict[tuple[int, int], _Hit] = {}
        for start, end in spans:
            low, high = max(0, start - self._longest), min(len(folded), end + self._longest)
            for hit in _hits(self._cased.iter(text_in_small, low, high), text_in_small, text):
                if hit[0] < end and hit[0] - hit[1] > start:
                    hits[hit[:2]] = hit
        return list(hits.values())

    def find(self, text: str, any_case: bool) -> Iterator[Match]:
        """Yield the matches in `text`; see `Matcher`."""
        if not self._forms:
            return
        folded, automaton = _fold_characters(text), self._cased
        if any_case:
            folded, automaton = _lower(folded), self._lowered
        hits = _hits(automaton.iter(folded), folded, text)
        respelled: set[int] = set()
        if not any_case and _has_other_capitals(folded):
            others = self._respelled(folded, text)
            respelled = {start for start, _, _ in others}
            hits += others
        if len(hits) > 1:
            hits.sort()
        free = 0
        for start, negative, names in hits:
            end = start - negative
            if start < free:
                continue
            if (
                not any_case
                and start not in respelled
                and (in_capitals := self._capitals.get(folded[start:end]))
                and not has_identity(text, end)
            ):
                names = tuple(name for name in names if name not in in_capitals)
            if names:
                free = end
                yield Match(start, end, names)


# A word with capitals inside, or in capitals: DreamWorks for Dreamworks, CIGNA for Cigna.
_OTHER_CAPITALS = re.compile(r"[A-Z]\w*[A-Z]\w*")
_SHORTEST = 5


_Hit = tuple[int, int, tuple[str, ...]]  # the start, the negative length and the names


def _hits(ends: Iterator[tuple[int, tuple[int, tuple[str, ...]]]], folded: str, text: str) -> list[_Hit]:
    """Return the hits of an automaton that are whole words."""
    return [
        (last + 1 - length, -length, names)
        for last, (length, names) in islice(ends, _MAX_HITS)
        if not folded[last + 1 : last + 2].isalnum() and _is_whole_word(text, last + 1 - length, last + 1)
    ]


_KINDS = bytes(65 if 65 <= n <= 90 else 97 if 97 <= n <= 122 else 32 for n in range(256))


def _has_other_capitals(text: str) -> bool:
    """Return whether a text may hold a word with a capital after its first letter that is no abbreviation."""
    kinds = text.encode("utf-8", "surrogatepass").translate(_KINDS)
    return b"aA" in kinds or b"AAa" in kinds or b"AAAAA" in kinds


@lru_cache(maxsize=1 << 14)
def _one_capital(text: str) -> str:
    """Return a word of the same length with a capital at its start alone; an ordinary word in capitals stays."""
    if text.isupper() and (text.lower() in COMMON_WORDS or is_ordinary(text.lower())):
        return text
    lowered = text.capitalize()
    return lowered if len(lowered) == len(text) else text


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
        cased |= {_SMALL_AFTER_HYPHEN.sub(lambda pair: pair[0].upper(), form) for form in cased if "-" in form}
        cased |= {_HYPHEN.sub(lambda pair: pair[1].lower(), form) for form in cased if "-" in form}
        cased |= {form.replace(" ", "") for form in cased if _TWO_WORDS.fullmatch(form)}
        for respell in (_without_dots, _spaced_initials, _with_dots, _without_marks, _without_apostrophes):
            cased |= {respell(form) for form in cased}
    return {form for base in cased for form in declined(base) if form}


def _without_dots(form: str) -> str:
    return _DOTTED.sub(lambda initials: initials[0].replace(".", ""), form)


def _spaced_initials(form: str) -> str:
    return _JOINED_INITIALS.sub(r"\1 ", form)


def _with_dots(form: str) -> str:
    if form[1:2] == " " and form[:1].isupper() and form[2:3].isupper():  # T Rowe Price
        return f"{form[0]}. {form[2:]}"
    return _UNDOTTED_US.sub("U.S.", form) if " " in form else form


def _without_marks(form: str) -> str:
    return _INNER_MARK.sub("", form)


def _without_apostrophes(form: str) -> str:
    return (
        _IRISH.sub("O'", form)
        if form.startswith("O ")
        else form.replace("'", "")
        if form[-2:] in ("'s", "s'")
        else form
    )


def capital_forms(name: str) -> Set[str]:
    """Return the forms of a name in capitals, which need a legal form or an id beside them: MICROSOFT CORP."""
    bare = _EDGES.sub("", normalise(name)).replace("\t", " ")
    if bare.isupper() or bare.islower() or not bare.isascii():
        return frozenset()
    upper = bare.upper()
    return {form for form in (upper, _without_dots(upper), _without_marks(upper)) if form}


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
    """Return a text of the same length with a blank for blanks, hyphens and slashes, and е for ё."""
    folded = text
    for mark in _BLANKS:
        folded = folded.replace(mark, " ")
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
