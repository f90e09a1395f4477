"""List the aliases of an instrument: the configured ones, and those that follow from its ticker, market and name.

An instrument implies its ticker as a page tag and as a cashtag, its ticker under its exchange, its Reuters codes, and
the forms of its name (`signals.tickers.names`). A configured alias replaces an implied one of the same scheme and
spelling, so that its dates apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from signals.tickers.common_words import COMMON_WORDS
from signals.tickers.exchanges import RIC_SUFFIXES, prefix_mics, ric_suffixes, sister_mics
from signals.tickers.name_score import is_ordinary
from signals.tickers.names import Requirement, name_forms
from signals.tickers.normalise import normalise
from signals.tickers.vendor_codes import cik_of, kind_codes, reuters_code, vendor_listings
from signals.types import Alias, Instrument, Scheme

_SHARE_CLASS_MARK = re.compile(r"[-_/ ]")

Key = tuple[Scheme, str]

# The schemes that an unmarked tag of a publisher may belong to.
_CODE_SCHEMES = (Scheme.PAGE_TAG, Scheme.RIC, Scheme.YAHOO, Scheme.INVESTING, Scheme.ISIN)


@dataclass(frozen=True)
class InstrumentAlias:
    """An alias with its instrument and issuer, and the requirement under which it counts."""

    ticker: str
    alias: Alias
    issuer: str = ""
    requirement: Requirement = Requirement.NONE
    short: bool = False
    implied: bool = False
    well_known: bool = False

    def __str__(self) -> str:
        """Return the alias with its scheme and, if it has them, its dates."""
        since, until = self.alias.valid_from, self.alias.valid_to
        dates = f" [{since or ''}..{until or ''}]" if since or until else ""
        return f"{self.alias.scheme}: {self.alias.text}{dates}"

    @cached_property
    def label(self) -> str:
        """The alias as text, as `str` gives it."""
        return str(self)

    @property
    def depends_on_context(self) -> bool:
        """Whether the words beside it decide: a name of common words or of one word may mean another thing."""
        return self.implied and (self.requirement is not Requirement.NONE or " " not in self.alias.text)


def normalised_ticker(text: str) -> str:
    """Return a ticker in upper case, with a dot before the share class and without leading zeros of a number."""
    ticker = _dotted(text.strip()).upper()
    return ticker.lstrip("0") if ticker.isdigit() else ticker


def _dotted(text: str) -> str:
    return _SHARE_CLASS_MARK.sub(".", text)


def alias_keys(alias: Alias, mic: str) -> tuple[Key, ...]:
    """Return the keys of an alias in the index; `mic` is the market of an exchange code without a prefix."""
    text, scheme = normalise(alias.text.strip()), alias.scheme
    match scheme:
        case Scheme.EXCHANGE:
            prefix, colon, ticker = text.strip("()[]").rpartition(":")
            return exchange_keys(prefix, ticker) if colon else ((scheme, f"{mic}:{normalised_ticker(ticker)}"),)
        case Scheme.CASHTAG:
            return ((scheme, normalised_ticker(text.removeprefix("$"))),)
        case Scheme.RIC:
            return ((scheme, text.strip("<>")),)
        case Scheme.INVESTING:
            return ((scheme, text.strip("/").casefold()),)
        case Scheme.YAHOO | Scheme.ISIN:
            return ((scheme, text.upper()),)
        case Scheme.CIK:
            return ((scheme, (cik_of(text) or text).lstrip("0")),)
        case Scheme.PAGE_TAG:
            return ((scheme, _dotted(text)),)
        case Scheme.NAME:
            return ((scheme, text),)


def exchange_keys(prefix: str, ticker: str) -> tuple[Key, ...]:
    """Return a key for each market that `prefix` may mean; the code may carry the market's RIC suffix (LSE:VOD.L)."""
    mics = prefix_mics(prefix.strip())
    bare, _, suffix = ticker.rpartition(".")
    if bare and RIC_SUFFIXES.get(suffix) in mics and len(mics) == 1:
        return tuple((Scheme.EXCHANGE, f"{mic}:{normalised_ticker(text)}") for mic in mics for text in (ticker, bare))
    return tuple((Scheme.EXCHANGE, f"{mic}:{normalised_ticker(ticker)}") for mic in mics)


def sister_keys(key: Key) -> tuple[Key, ...]:
    """Return the keys of an exchange code under the sister exchanges of its market."""
    scheme, text = key
    mic, _, ticker = text.partition(":")
    return tuple((scheme, f"{other}:{ticker}") for other in sister_mics(mic)) if scheme is Scheme.EXCHANGE else ()


def tag_keys(text: str, scheme: Scheme) -> tuple[Key, ...]:
    """Return the keys of a publisher's tag in the index; a plain page tag may be of any scheme that has codes."""
    if scheme is not Scheme.PAGE_TAG:
        return alias_keys(Alias(text, scheme), "")
    keys = [key for code_scheme in _CODE_SCHEMES for key in alias_keys(Alias(text, code_scheme), "")]
    if text.startswith("$"):
        keys += alias_keys(Alias(text, Scheme.CASHTAG), "")
    if ":" in text:
        keys += alias_keys(Alias(text, Scheme.EXCHANGE), "")
    if text.islower() and text not in COMMON_WORDS and not is_ordinary(text):
        keys.append((Scheme.PAGE_TAG, _dotted(text.upper())))
    if rest := reuters_code(text):
        keys.append((Scheme.RIC, rest))
    if cik := cik_of(text):
        keys.append((Scheme.CIK, cik.lstrip("0")))
    keys += ((Scheme.EXCHANGE, f"{mic}:{normalised_ticker(ticker)}") for mic, ticker in vendor_listings(text))
    return tuple(dict.fromkeys(keys))


def instrument_aliases(instrument: Instrument) -> Iterator[tuple[Key, InstrumentAlias]]:
    """Yield every alias of an instrument with each of its keys."""
    ticker, issuer = instrument.ticker, instrument.issuer
    configured = [(key, alias) for alias in instrument.aliases for key in alias_keys(alias, instrument.mic)]
    for key, alias in configured:
        yield key, InstrumentAlias(ticker, alias, issuer, Requirement.NONE if alias.strong else Requirement.ARTICLE)
    used = {key for key, _ in configured}
    for implied in _implied_aliases(instrument):
        for key in alias_keys(implied.alias, instrument.mic):
            if key not in used:
                used.add(key)
                yield key, implied


def _implied_aliases(instrument: Instrument) -> Iterator[InstrumentAlias]:
    ticker, issuer = instrument.ticker, instrument.issuer
    since, until = instrument.valid_from, instrument.valid_to
    codes = [
        (ticker, Scheme.PAGE_TAG),
        (ticker, Scheme.CASHTAG),
        (f"{instrument.mic}:{ticker}", Scheme.EXCHANGE),
        *((f"{ticker}.{suffix}", Scheme.RIC) for suffix in ric_suffixes(instrument.mic)),
    ]
    codes += ((text, Scheme.PAGE_TAG) for text in kind_codes(instrument.kind, ticker))
    for text, scheme in codes:
        yield InstrumentAlias(ticker, Alias(text, scheme, valid_from=since, valid_to=until), issuer)
    names = [alias for alias in instrument.aliases if alias.scheme is Scheme.NAME and alias.strong]
    if instrument.name not in (alias.text for alias in names):
        names.append(Alias(instrument.name, valid_from=since, valid_to=until))
    forms = [(name, form) for name in names for form in name_forms(name.text, ticker)]
    for name, form in sorted(forms, key=lambda pair: pair[1].press):
        strong = form.requirement is Requirement.NONE
        alias = Alias(form.text, Scheme.NAME, strong, name.valid_from, name.valid_to)
        yield InstrumentAlias(ticker, alias, issuer, form.requirement, form.short, True, form.well_known)
