"""What a company is called, from its full name: without its legal form, and shorter still.

Each form says what it needs before it counts as a name. `Need.NOTHING`: it is nobody's word, as Gazprom.
`Need.UNBOUND`: it may be part of a longer phrase, as U.S. Energy in "U.S. Energy Secretary". `Need.LOOK`: an ordinary
word, as Target, or a guess; the words beside it, or something else in the article has to name it. `Need.CONTEXT`: a
place or an exchange; something else in the article has to.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from signals.tickers.common_words import FIRST_NAMES, ORDINARY, PLACES, TRADES
from signals.tickers.exchanges import is_prefix
from signals.tickers.matcher import words

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
_TWO_NAMES = re.compile(r"\s+-\s*|\s*-\s+")  # Petroleo Brasileiro S.A.- Petrobras

_INITIALS = re.compile(r"^((?:[A-Z](?:\.\s?|\s))+)(?=[A-Z][a-z])")  # J. P. Morgan, J P Morgan

# A fund bears its house's name and is not the house.
_FUND_LIST = "fund funds etf etn etns notes portfolio income municipal acquisition index"
_FUND = frozenset(_FUND_LIST.split())
_SHORTEST = 4  # letters of a word that may stand for a whole name


class Need(StrEnum):
    """What a spelling needs before it counts."""

    NOTHING = "nothing"
    UNBOUND = "unbound"
    LOOK = "look"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to call a company; a short one is a guess, which gives way to anyone's proper name."""

    text: str
    need: Need = Need.NOTHING
    short: bool = False


def names_of(full: str, ticker: str) -> Iterator[Form]:
    """Yield what a company with this full name is called.

    A form that is the ticker is left out, unless it is what a legal form leaves of an acronym (BP p.l.c.): the bare
    ticker is never looked for, for the Fed is not F, and NET, A, IT, ALL and ON are words.
    """
    whole = " ".join(html.unescape(full).split())
    parts = dict.fromkeys((whole, *_TWO_NAMES.split(whole)))
    proper = dict.fromkeys(form for part in parts for form in forms(part))
    proper.update(dict.fromkeys(_INITIALS.sub(_closed_up, text) for text in tuple(proper)))
    for text in proper:
        need = _need(text)
        if text != ticker or (len(proper) > 1 and text.isupper() and need is not Need.LOOK):
            yield Form(text, need)
    guessed: dict[str, Need] = {}
    for each in proper:
        for text, need in _short(each, ticker):
            guessed[text] = min(need, guessed.get(text, need), key=list(Need).index)
    yield from (Form(text, need, short=True) for text, need in guessed.items() if text not in proper)


def _closed_up(initials: re.Match[str]) -> str:
    return re.sub(r"[.\s]", "", initials[0])


def forms(name: str) -> tuple[str, ...]:
    """Return a company's name as given, and again after each part of its legal form and share class is taken off."""
    found = [name.strip()]
    while len(shorter := _HEAD.sub("", _TAIL.sub("", found[-1])).strip(_QUOTES)) > 1 and shorter != found[-1]:
        found.append(shorter)
    if found[-1].islower():  # support.com is not support
        found = found[:-1] or found
    return tuple(dict.fromkeys(form for each in found for form in (each, each.replace(",", ""))))


def _need(text: str) -> Need:
    said = words(text)
    if all(word in PLACES for word in said) or is_prefix(text):
        return Need.CONTEXT
    if len(said) > 1:
        return Need.UNBOUND if all(_is_ordinary(word) for word in said) else Need.NOTHING
    if all(_is_ordinary(word) for word in said):
        return Need.LOOK
    return Need.UNBOUND if text.isupper() and len(text) < _SHORTEST else Need.NOTHING


def _is_ordinary(word: str) -> bool:
    return word in ORDINARY or word in TRADES or len(word) < 2 or word.isdigit()


def _short(name: str, ticker: str) -> Iterator[tuple[str, Need]]:
    """Yield guesses at how a name is shortened; no ordinary word is left alone, and a fund is not its house."""
    said = name.split()
    if len(said) < 2 or not _FUND.isdisjoint(words(name)):
        return
    kept = list(said)
    while len(kept) > 1 and kept[-1].strip(",.").lower() in TRADES:
        kept.pop()
    if 1 < len(kept) < len(said) and not all(_is_ordinary(word) for word in words(" ".join(kept))):
        yield " ".join(kept), Need.UNBOUND
    if _may_stand_alone(said[0]):
        yield said[0], Need.LOOK if len(kept) == 1 else Need.CONTEXT
    if len(said) == 2 and said[0].lower() in FIRST_NAMES and _may_stand_alone(said[1]):
        yield said[1], Need.LOOK
    initials = "".join(word[0] for word in said if word[0].isupper())
    if initials == ticker and len(initials) > 1 and initials.lower() not in ORDINARY:
        yield initials, Need.LOOK


def _may_stand_alone(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha() and not word.islower() and not _is_ordinary(word.lower())
