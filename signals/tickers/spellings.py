"""How instruments are spelled: the configured aliases, and the ones that every instrument implies.

An instrument implies its ticker as a page tag and as a cashtag, its ticker under its exchange, and its name, with the
legal form taken off. The bare ticker is never looked for in prose: the Fed is not F, and NET, A, IT, ALL and ON are
words. A configured alias takes the place of an implied one of the same scheme and spelling, so that its dates hold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from signals.tickers.exchanges import RIC_SUFFIXES, markets
from signals.types import Alias, Instrument, Scheme

Key = tuple[Scheme, str]

# Words that are also what is left of a company's name once its legal form is off. Alone they say nothing, in a headline
# least of all ("Raises Price Target"), so such a name is weak.
_ORDINARY = """
    alliance ally ball bank best block bridge capital chase china commerce core corporate credit delta discovery
    dollar eagle energy equity express first focus frontier fund gap general global gold group growth home host
    independence insight international investors joint key legacy liberty live local market markets match national
    news now open orange pacific phoenix popular post power premier principal progress progressive public republic
    resources sea service shift signal silver smart southern spirit sprint square standard state target team time
    trade trust union unit unity universal value vista vital waters wave west western world
"""
ORDINARY = frozenset(_ORDINARY.split())

_LEGAL = (
    "Public Joint Stock Company|Open Joint Stock Company|Joint Stock Company|Aktiengesellschaft|Incorporated|"
    "Corporation|Company|Companies|Limited|Berhad|Inc|Corp|Co|Ltd|LLC|LLP|L\\.L\\.C|LP|L\\.P|PLC|P\\.L\\.C|PJSC|OJSC|JSC|"
    "PAO|OAO|ZAO|AO|ПАО|ОАО|ЗАО|АО|ООО|AG|KGaA|GmbH|SE|S\\.E|SA|S\\.A|SpA|S\\.p\\.A|NV|N\\.V|BV|B\\.V|AB|ASA|AS|A/S|Oyj|"
    "Tbk|PT|Bhd|Pte|Pty|KK|SAB de CV|S\\.A\\.B\\. de C\\.V"
)
_SHARES = (
    r"\([^()]*\)?|Class [A-Z]\b|Series [A-Z]\b|Common (?:Stock|Shares)|Ordinary Shares|ADR|ADS|"
    r"American Depositary (?:Shares|Receipts)"
)
_TAIL = re.compile(rf"(?:\s*,\s*|\s+)(?:{_SHARES}|(?:(?:&|and)\s+)?(?:{_LEGAL})\.?)$", re.IGNORECASE)
_QUOTES = " \t,\"'«»“”"
_HEAD = re.compile(
    r"^(?:The|Public Joint[- ]Stock Company|Joint[- ]Stock Company|PJSC|OJSC|JSC|PAO|OAO|ПАО|ОАО|АО|PT)\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One alias of one instrument."""

    ticker: str
    alias: Alias

    def __str__(self) -> str:
        """Write the alias with its scheme and, where it has them, its dates."""
        since, until = self.alias.valid_from, self.alias.valid_to
        dates = f" [{since or ''}..{until or ''}]" if since or until else ""
        return f"{self.alias.scheme}: {self.alias.text}{dates}"


def forms(name: str) -> tuple[str, ...]:
    """Return a company's name as given, and again after each part of its legal form and share class is taken off."""
    found = [name.strip()]
    while len(shorter := _HEAD.sub("", _TAIL.sub("", found[-1])).strip(_QUOTES)) > 1 and shorter != found[-1]:
        found.append(shorter)
    return tuple(dict.fromkeys(form for each in found for form in (each, each.replace(",", ""))))


def code(text: str) -> str:
    """Write a ticker in one way: upper case, a dot before the class of share, no zeros before a number."""
    plain = _dotted(text.strip()).upper()
    return plain.lstrip("0") if plain.isdigit() else plain


def _dotted(text: str) -> str:
    return re.sub(r"[-_/ ]", ".", text)


def keys(alias: Alias, mic: str) -> tuple[Key, ...]:
    """Return what an alias is looked up by; `mic` is the market of an exchange code that names none."""
    text, scheme = unicodedata.normalize("NFC", alias.text.strip()), alias.scheme
    match scheme:
        case Scheme.EXCHANGE:
            prefix, colon, ticker = text.strip("()[]").rpartition(":")
            return exchange_keys(prefix, ticker) if colon else ((scheme, f"{mic}:{code(ticker)}"),)
        case Scheme.CASHTAG:
            return ((scheme, code(text.removeprefix("$"))),)
        case Scheme.RIC:
            return ((scheme, text.strip("<>")),)
        case Scheme.INVESTING:
            return ((scheme, text.strip("/").casefold()),)
        case Scheme.YAHOO | Scheme.ISIN:
            return ((scheme, text.upper()),)
        case Scheme.PAGE_TAG:
            return ((scheme, _dotted(text)),)
        case Scheme.NAME:
            return ((scheme, text),)


def exchange_keys(prefix: str, ticker: str) -> tuple[Key, ...]:
    """Return a key for each market that `prefix` may mean."""
    return tuple((Scheme.EXCHANGE, f"{mic}:{code(ticker)}") for mic in markets(prefix.strip()))


def tag_keys(text: str, scheme: Scheme) -> tuple[Key, ...]:
    """Return what a publisher's tag is looked up by; one whose scheme is not said may be of any that has codes."""
    if scheme is not Scheme.PAGE_TAG:
        return keys(Alias(text, scheme), "")
    named = (Scheme.PAGE_TAG, Scheme.RIC, Scheme.YAHOO, Scheme.INVESTING, Scheme.ISIN)
    found = [key for each in named for key in keys(Alias(text, each), "")]
    if text.startswith("$"):
        found += keys(Alias(text, Scheme.CASHTAG), "")
    if ":" in text:
        found += keys(Alias(text, Scheme.EXCHANGE), "")
    return tuple(found)


def spellings(instrument: Instrument) -> Iterator[tuple[Key, Spelling]]:
    """Yield every spelling of an instrument with the keys it is looked up by."""
    configured = [(key, alias) for alias in instrument.aliases for key in keys(alias, instrument.mic)]
    for key, alias in configured:
        yield key, Spelling(instrument.ticker, alias)
    taken = {key for key, _ in configured}
    for alias in _implied(instrument):
        for key in keys(alias, instrument.mic):
            if key not in taken:
                taken.add(key)
                yield key, Spelling(instrument.ticker, alias)


def _implied(instrument: Instrument) -> Iterator[Alias]:
    ticker = instrument.ticker
    yield Alias(ticker, Scheme.PAGE_TAG)
    yield Alias(ticker, Scheme.CASHTAG)
    yield Alias(f"{instrument.mic}:{ticker}", Scheme.EXCHANGE)
    for suffix, mic in RIC_SUFFIXES.items():
        if mic == instrument.mic:
            yield Alias(f"{ticker}.{suffix}", Scheme.RIC)
    for name in forms(instrument.name):
        if name != ticker:
            yield Alias(name, strong=name.casefold() not in ORDINARY)
