"""Derive the forms of a company's name from its full name: without its legal form, and shortened further.

Each form has a `Requirement`, which has to be met before it counts as the name of the company.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from signals.tickers.common_words import ABBREVIATIONS, COMMON_WORDS, FIRST_NAMES, PLACES, TRADES
from signals.tickers.exchanges import is_exchange_prefix
from signals.tickers.legal_forms import without_legal_form
from signals.tickers.matcher import folded_words
from signals.tickers.name_figures import Standing, name_figures, standing
from signals.tickers.name_score import is_name_alone, is_ordinary
from signals.tickers.press_names import belongs_to_another, press_names

_NAME_SEPARATOR = re.compile(r"(?<!\s)\s+-\s*|-\s+")  # Petroleo Brasileiro S.A.- Petrobras

_INITIALS_MARK = re.compile(r"[.\s]")
_INITIALS = re.compile(r"^((?:[A-Z](?:\.\s?|\s))+)(?=[A-Z][a-z])")  # J. P. Morgan, J P Morgan

# Smith (A.O.) Corporation, Disney (Walt) Company (The); no country or legal form stands in such brackets.
_INVERTED = re.compile(r"^([\w'&.-]+),? \(((?:[A-Z]\.\s?)+|[A-Z][a-z]+|[A-Z]\. ?[A-Z][a-z]+)\) (?=\w)")
# A quarter, a half year, a fiscal year or a Roman number, which never name a company alone.
_PERIOD = re.compile(r"(?:[1-4][QH]|[QH][1-4]|FY\d*|H\d|[IVX]{1,4})$")

_GENERAL_WORDS = frozenset(["american", "international", "general", "national", "united", "first"])
# Two words that the press may write as one, whose second begins with a capital: SiriusXM, ScottsMiracle-Gro.
_JOINABLE = re.compile(r"[A-Z][a-z]{2,} [A-Z][\w-]*[^\W\d]")
_BARE_SITE = re.compile(r"\w\.com\b", re.IGNORECASE)

# A fund has the name of its manager and is not the manager.
_FUND_WORD_LIST = """
    fund funds etf etn etns notes portfolio income municipal acquisition index depositor abs listing bond convertible
    duration yield dividend opportunities
"""
_FUND_WORDS = frozenset(_FUND_WORD_LIST.split())
_INDICES = frozenset(["dow", "footsie", "nikkei", "russell"])
_MIN_LETTERS = 4  # of a single word that identifies a company
_MIN_ACRONYM = 3
_MIN_COMPANY = 0.25  # share of an acronym's uses beside company words, above which it is somebody's name
_SMALL_WORD_LIST = "of and & the for in de del do da la y und et new san los las el united"
_SMALL_WORDS = frozenset(_SMALL_WORD_LIST.split())
_SECOND_PLACE_WORDS = """
    vegas hampshire jersey york zealand mexico orleans angeles francisco diego antonio jose juan paul paso rapids haven
    cruz great plains lakes gulf coast silicon valley long island
"""
_PLACE_PARTS = PLACES | _SMALL_WORDS | frozenset(_SECOND_PLACE_WORDS.split())


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
    name, and yields to a form of a name of the instrument that is valid for some time only. `well_known` is the issuer
    of a press name: units and products that begin with its name are its own (Verizon Wireless).
    """

    text: str
    requirement: Requirement = Requirement.NONE
    short: bool = False
    press: bool = False
    well_known: bool = False


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
    of_press = press_names(whole)
    press, well_known = dict.fromkeys(text for text in of_press if text not in full), bool(of_press)
    for text in (*full, *press):
        requirement = _requirement(text)
        abbreviation = text.isupper() and not well_known
        abbreviation = abbreviation and (len(text) < _MIN_ACRONYM or text.lower() in ABBREVIATIONS)
        if abbreviation or belongs_to_another(text, whole):
            requirement = Requirement.ARTICLE
        if (
            not well_known and _BARE_SITE.search(whole) and f"{text}.com" in full and _is_common(text.lower())
        ):  # Care.com is not care
            requirement = Requirement.ARTICLE
        acronym = text.isupper() and not abbreviation and requirement is not Requirement.NAME_CONTEXT
        if text != ticker or text in press or (acronym and (len(full) > 1 or _is_known_acronym(text))):
            own = well_known and not _GENERAL_WORDS.issuperset(folded_words(text))
            yield NameForm(text, requirement, press=text in press, well_known=own)
    short: dict[str, Requirement] = {}
    for name in full:
        for text, requirement in _short_forms(name, ticker):
            other = belongs_to_another(text, whole) or text.lower() in ABBREVIATIONS
            strictest = Requirement.ARTICLE if other else requirement
            short[text] = min(strictest, short.get(text, strictest), key=list(Requirement).index)
    others = ((text, requirement) for text, requirement in short.items() if text not in full and text not in press)
    yield from (NameForm(text, requirement, short=True) for text, requirement in others)


def _joined_initials(initials: re.Match[str]) -> str:
    return _INITIALS_MARK.sub("", initials[0])


def _requirement(text: str) -> Requirement:
    words = folded_words(text)
    if all(word in PLACES for word in words) or is_exchange_prefix(text) or text.lower() in _INDICES:
        return Requirement.ARTICLE
    if len(words) > 1:
        if not all(_is_common(word) for word in words):
            return Requirement.NONE
        return Requirement.NAME_CONTEXT if is_ordinary(text.lower()) else Requirement.NOT_BOUND
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
    if without_legal_form(name)[-1] == name.replace(",", ""):
        yield from _first_words([word.strip(",") for word in words], len(core))
        joined = "".join(words[:2]).strip(",")
        if _JOINABLE.match(name) and not _is_common(joined.lower()):
            yield joined, Requirement.NOT_BOUND
    yield from _first_word(words[0], words[1], len(core) == 1)
    if len(words) == 2 and words[0].lower() in FIRST_NAMES and _is_distinctive(words[1]):
        yield words[1], Requirement.NAME_CONTEXT
    initials = "".join(word[0] for word in words if word[0].isupper())
    unseen = name_figures(initials) is None  # three letters are often other companies' too
    long_enough = len(initials) > _MIN_ACRONYM or (len(initials) == _MIN_ACRONYM and unseen)
    if initials == ticker and long_enough and initials.lower() not in COMMON_WORDS:
        yield initials, Requirement.NAME_CONTEXT if unseen or _is_known_acronym(initials) else Requirement.ARTICLE


def _first_words(words: Sequence[str], core: int) -> Iterator[tuple[str, Requirement]]:
    """Yield the first words of a name, two at least; `core` is their number without the line of business.

    Ordinary words stand for the company if headlines use them so (Diamond Offshore), or without the line of business.
    """
    for length in range(2, len(words)):
        head = words[:length]
        text = " ".join(head)
        is_place = {word.lower() for word in head} <= _PLACE_PARTS
        if is_place or head[-1].lower() in _SMALL_WORDS or len(head[0].strip(".")) < 2 or is_ordinary(text.lower()):
            continue
        rest = " ".join(words[length : length + 1 + (words[length] in ("&", "and"))])
        distinctive = not all(_is_common(word) for word in folded_words(text))
        if distinctive or standing(text, rest) is Standing.STRONG:
            yield text, Requirement.NOT_BOUND
        elif length == core and all(word.lower() not in PLACES and word != "United" for word in head):
            yield text, Requirement.NAME_CONTEXT


def _first_word(word: str, second: str, alone: bool) -> Iterator[tuple[str, Requirement]]:
    """Yield the first word of a name, as far as headlines use it for this company; `alone` is before a trade."""
    if word.lower() in _SMALL_WORDS or word == "Koninklijke":
        return
    judged = standing(word, second.strip(".,"))
    if _is_distinctive(word):
        other = is_exchange_prefix(word) or word.lower() in FIRST_NAMES or not (alone or is_name_alone(word))
        if other or judged is Standing.WEAK:
            yield word, Requirement.ARTICLE
        else:
            strong = judged is Standing.STRONG and is_name_alone(word)
            yield word, Requirement.NOT_BOUND if strong else Requirement.NAME_CONTEXT
    elif judged is Standing.STRONG and _is_acronym(word):
        yield word, Requirement.NOT_BOUND


def _is_acronym(word: str) -> bool:
    return (
        word.isupper() and len(word) >= _MIN_ACRONYM and not _is_common(word.lower()) and not is_exchange_prefix(word)
    )


def _is_known_acronym(word: str) -> bool:
    """Return whether headlines use a word in capitals mostly beside words of companies."""
    figures = name_figures(word) if len(word) >= _MIN_ACRONYM else None
    return figures is not None and figures.company >= _MIN_COMPANY


def _is_distinctive(word: str) -> bool:
    """Return whether a single word of a name can identify the company."""
    letters = word.replace("-", "")
    return len(word) >= _MIN_LETTERS and letters.isalpha() and not word.islower() and not _is_common(word.lower())
