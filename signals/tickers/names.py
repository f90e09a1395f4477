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
from signals.tickers.matcher import folded_words

_LEGAL = (
    "Public Joint[- ]Stock Company|Open Joint[- ]Stock Company|Joint[- ]Stock Company|Public Limited Company|"
    "Aktiengesellschaft|Incorporated|Corporation|Company|Companies|Limited|Berhad|Inc|Corp|Co|Ltd|LLC|LLP|L\\.L\\.C|LP|"
    "L\\.P|PLC|P\\.L\\.C|PJSC|OJSC|JSC|PAO|OAO|ZAO|AO|ПАО|ОАО|ЗАО|АО|ООО|AG|KGaA|GmbH|SE|S\\.E|SA|S\\.A|SpA|S\\.p\\.A|NV|"
    "N\\.V|BV|B\\.V|AB|ASA|AS|A/S|Oyj|Tbk|PT|Bhd|Pte|Pty|KK|SAB de CV|S\\.A\\.B\\. de C\\.V|Group|Holdings?"
)
_SHARES = (
    r"\([^()]*\)?|Class [A-Z]\b|Series [A-Z]\b|Common (?:Stock|Shares)|Ordinary Shares|Ord|ADR|ADS|"
    r"American Depositary (?:Shares|Receipts)"
)
_TAIL = re.compile(
    rf"(?:(?:\s*,\s*|\s+)(?:{_SHARES}|(?:(?:&|and)\s+)?(?:{_LEGAL})\.?)|(?<=[a-z]{{2}})\.com)$", re.IGNORECASE
)
_HEAD = re.compile(
    r"^(?:The|Public Joint[- ]Stock Company|Joint[- ]Stock Company|PJSC|OJSC|JSC|PAO|OAO|ПАО|ОАО|АО|PT|Koninklijke)\s+",
    re.IGNORECASE,
)
_QUOTES = " \t,\"'«»“”"
_NAME_SEPARATOR = re.compile(r"\s+-\s*|\s*-\s+")  # Petroleo Brasileiro S.A.- Petrobras

_INITIALS = re.compile(r"^((?:[A-Z](?:\.\s?|\s))+)(?=[A-Z][a-z])")  # J. P. Morgan, J P Morgan

# A fund has the name of its manager and is not the manager.
_FUND_WORD_LIST = "fund funds etf etn etns notes portfolio income municipal acquisition index"
_FUND_WORDS = frozenset(_FUND_WORD_LIST.split())
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
    """One form of a company's name. A short form is a guess, which yields to a full name of another company."""

    text: str
    requirement: Requirement = Requirement.NONE
    short: bool = False


def name_forms(full_name: str, ticker: str) -> Iterator[NameForm]:
    """Yield the forms of a company's name.

    A form equal to the ticker is left out, unless it is the acronym that remains without the legal form (BP p.l.c.). A
    bare ticker is never searched for: the Fed is not F, and NET, A, IT, ALL and ON are words.
    """
    whole = " ".join(html.unescape(full_name).split())
    parts = dict.fromkeys((whole, *_NAME_SEPARATOR.split(whole)))
    full = dict.fromkeys(form for part in parts for form in without_legal_form(part))
    full.update(dict.fromkeys(_INITIALS.sub(_joined_initials, text) for text in tuple(full)))
    for text in full:
        requirement = _requirement(text)
        acronym = len(full) > 1 and text.isupper() and requirement is not Requirement.NAME_CONTEXT
        if text != ticker or acronym:
            yield NameForm(text, requirement)
    short: dict[str, Requirement] = {}
    for name in full:
        for text, requirement in _short_forms(name, ticker):
            short[text] = min(requirement, short.get(text, requirement), key=list(Requirement).index)
    yield from (NameForm(text, requirement, short=True) for text, requirement in short.items() if text not in full)


def _joined_initials(initials: re.Match[str]) -> str:
    return re.sub(r"[.\s]", "", initials[0])


def without_legal_form(name: str) -> tuple[str, ...]:
    """Return a company's name, and the rest after each part of its legal form and share class is removed."""
    forms = [name.strip()]
    while len(shorter := _HEAD.sub("", _TAIL.sub("", forms[-1])).strip(_QUOTES)) > 1 and shorter != forms[-1]:
        forms.append(shorter)
    if forms[-1].islower():  # support.com is not support
        forms = forms[:-1] or forms
    return tuple(dict.fromkeys(text for form in forms for text in (form, form.replace(",", ""))))


def _requirement(text: str) -> Requirement:
    words = folded_words(text)
    if all(word in PLACES for word in words) or is_exchange_prefix(text):
        return Requirement.ARTICLE
    if len(words) > 1:
        return Requirement.NOT_BOUND if all(_is_common(word) for word in words) else Requirement.NONE
    if all(_is_common(word) for word in words):
        return Requirement.NAME_CONTEXT
    return Requirement.NOT_BOUND if text.isupper() and len(text) < _MIN_LETTERS else Requirement.NONE


def _is_common(word: str) -> bool:
    return word in COMMON_WORDS or word in TRADES or len(word) < 2 or word.isdigit()


def _short_forms(name: str, ticker: str) -> Iterator[tuple[str, Requirement]]:
    """Yield guesses at short forms of a name. A single common word is none, and a fund has none."""
    words = name.split()
    if len(words) < 2 or not _FUND_WORDS.isdisjoint(folded_words(name)):
        return
    core = list(words)
    while len(core) > 1 and core[-1].strip(",.").lower() in TRADES:
        core.pop()
    if 1 < len(core) < len(words) and not all(_is_common(word) for word in folded_words(" ".join(core))):
        yield " ".join(core), Requirement.NOT_BOUND
    if _is_distinctive(words[0]):
        yield words[0], Requirement.NAME_CONTEXT if len(core) == 1 else Requirement.ARTICLE
    if len(words) == 2 and words[0].lower() in FIRST_NAMES and _is_distinctive(words[1]):
        yield words[1], Requirement.NAME_CONTEXT
    initials = "".join(word[0] for word in words if word[0].isupper())
    if initials == ticker and len(initials) > 1 and initials.lower() not in COMMON_WORDS:
        yield initials, Requirement.NAME_CONTEXT


def _is_distinctive(word: str) -> bool:
    """Return whether a single word of a name can identify the company."""
    return len(word) >= _MIN_LETTERS and word.isalpha() and not word.islower() and not _is_common(word.lower())
