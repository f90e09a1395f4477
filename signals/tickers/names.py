"""Derive the forms of a company's name from its full name: without its legal form, and shortened further.

Each form has a `Requirement`, which has to be met before it counts as the name of the company.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from signals.tickers.common_words import COMMON_WORDS, FIRST_NAMES, PLACES, TRADES
from signals.tickers.exchanges import is_exchange_prefix
from signals.tickers.legal_forms import without_legal_form
from signals.tickers.matcher import folded_words
from signals.tickers.name_score import is_name_alone, is_ordinary
from signals.tickers.press_names import belongs_to_another, press_names

_NAME_SEPARATOR = re.compile(r"\s+-\s*|\s*-\s+")  # Petroleo Brasileiro S.A.- Petrobras

_INITIALS = re.compile(r"^((?:[A-Z](?:\.\s?|\s))+)(?=[A-Z][a-z])")  # J. P. Morgan, J P Morgan

# Smith (A.O.) Corporation, Disney (Walt) Company (The); no country or legal form stands in such brackets.
_INVERTED = re.compile(r"^([\w'&.-]+),? \(((?:[A-Z]\.\s?)+|[A-Z][a-z]+|[A-Z]\. ?[A-Z][a-z]+)\) (?=\w)")
# A quarter, a half year, a fiscal year or a Roman number, which never name a company alone.
_PERIOD = re.compile(r"(?:[1-4][QH]|[QH][1-4]|FY\d*|H\d|[IVX]{1,4})$")

# A fund has the name of its manager and is not the manager.
_FUND_WORD_LIST = "fund funds etf etn etns notes portfolio income municipal acquisition index"
_FUND_WORDS = frozenset(_FUND_WORD_LIST.split())
_INDICES = frozenset(["dow", "footsie", "nikkei", "russell"])
_MIN_LETTERS = 4  # of a single word that identifies a company


class Requirement(StrEnum):
    """The condition under which a form of a name counts, the weakest first.

    NONE: the form is no common word (Gazprom). NOT_BOUND: it is not part of a longer phrase, as U.S. Energy is in "U.S.
    Energy Secretary". NAME_CONTEXT: it is a common word (Target) or a guess, and the words beside it show a name, or
    the article names the instrument elsewhere. ARTICLE: it is a place, an exchange or a weak alias of the
    configuration, and the article names the instrument elsewhere or holds a context word of the alias.
    """

    NONE = "none"
    NOT_BOUND = "not_bound"
    NAME_CONTEXT = "name_context"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class NameForm:
    """One form of a company's name.

    A short form is a guess, which yields to a full name of another company. A `press` form does not follow from the
    name, and yields to a form of a name of the instrument that is valid for some time only.
    """

    text: str
    requirement: Requirement = Requirement.NONE
    short: bool = False
    press: bool = False


def name_forms(full_name: str, ticker: str) -> Iterator[NameForm]:
    """Yield the forms of a company's name.

    A form equal to the ticker is left out, unless it is the acronym that remains without the legal form (BP p.l.c.). A
    bare ticker is never searched for: the Fed is not F, and NET, A, IT, ALL and ON are words.
    """
    whole = " ".join(html.unescape(full_name).split())
    whole = _INVERTED.sub(r"\2 \1 ", whole)
    parts = dict.fromkeys((whole, *_NAME_SEPARATOR.split(whole)))
    full = dict.fromkeys(form for part in parts for form in without_legal_form(part))
    full.update(dict.fromkeys(_INITIALS.sub(_joined_initials, text) for text in tuple(full)))
    full = {text: None for text in full if not _PERIOD.match(text)}
    press = dict.fromkeys(text for text in press_names(whole) if text not in full)
    for text in (*full, *press):
        requirement = _requirement(text)
        if belongs_to_another(text, whole):
            requirement = Requirement.ARTICLE
        acronym = len(full) > 1 and text.isupper() and requirement is not Requirement.NAME_CONTEXT
        if text != ticker or acronym or text in press:
            yield NameForm(text, requirement, press=text in press)
    short: dict[str, Requirement] = {}
    for name in full:
        for text, requirement in _short_forms(name, ticker):
            strictest = Requirement.ARTICLE if belongs_to_another(text, whole) else requirement
            short[text] = min(strictest, short.get(text, strictest), key=list(Requirement).index)
    others = ((text, requirement) for text, requirement in short.items() if text not in full and text not in press)
    yield from (NameForm(text, requirement, short=True) for text, requirement in others)


def _joined_initials(initials: re.Match[str]) -> str:
    return re.sub(r"[.\s]", "", initials[0])


def _requirement(text: str) -> Requirement:
    words = folded_words(text)
    if all(word in PLACES for word in words) or is_exchange_prefix(text) or text.lower() in _INDICES:
        return Requirement.ARTICLE
    if len(words) > 1:
        return Requirement.NOT_BOUND if all(_is_common(word) for word in words) else Requirement.NONE
    abbreviation = text.isupper() and len(text) <= _MIN_LETTERS
    if all(word in COMMON_WORDS if abbreviation else _is_common(word) for word in words):
        return Requirement.NAME_CONTEXT
    return Requirement.NOT_BOUND if text.isupper() and len(text) < _MIN_LETTERS else Requirement.NONE


def _is_common(word: str) -> bool:
    return word in COMMON_WORDS or word in TRADES or len(word) < 2 or word.isdigit() or is_ordinary(word)


def _short_forms(name: str, ticker: str) -> Iterator[tuple[str, Requirement]]:
    """Yield guesses at short forms of a name. A single common word is none, and a fund has none."""
    words = name.split()
    if len(words) < 2 or not _FUND_WORDS.isdisjoint(folded_words(name)):
        return
    core = list(words)
    while len(core) > 1 and core[-1].strip(",.").lower() in TRADES:
        core.pop()
    if 1 < len(core) < len(words):
        common = all(_is_common(word) for word in folded_words(" ".join(core)))
        if not (common and any(word.lower() in PLACES or word == "United" for word in core)):
            yield " ".join(core), Requirement.NAME_CONTEXT if common else Requirement.NOT_BOUND
    if _is_distinctive(words[0]):
        alone = not is_exchange_prefix(words[0]) and (len(core) == 1 or is_name_alone(words[0]))
        yield words[0], Requirement.NAME_CONTEXT if alone else Requirement.ARTICLE
    if len(words) == 2 and words[0].lower() in FIRST_NAMES and _is_distinctive(words[1]):
        yield words[1], Requirement.NAME_CONTEXT
    initials = "".join(word[0] for word in words if word[0].isupper())
    if initials == ticker and len(initials) > 1 and initials.lower() not in COMMON_WORDS:
        yield initials, Requirement.NAME_CONTEXT


def _is_distinctive(word: str) -> bool:
    """Return whether a single word of a name can identify the company."""
    return len(word) >= _MIN_LETTERS and word.isalpha() and not word.islower() and not _is_common(word.lower())
