"""How instruments are spelled: the configured aliases, and the ones that every instrument implies.

An instrument implies its ticker as a page tag and as a cashtag, its ticker under its exchange, and what its name is
shortened to (`signals.tickers.names`). A configured alias takes the place of an implied one of the same scheme and
spelling, so that its dates hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from signals.tickers.exchanges import markets, ric_suffixes
from signals.tickers.names import Need, names_of
from signals.tickers.normalise import plain
from signals.types import Alias, Instrument, Scheme

Key = tuple[Scheme, str]


@dataclass(frozen=True, slots=True)
class Spelling:
    """One alias of one instrument, what it needs before it counts, and the issuer whose name it is."""

    ticker: str
    alias: Alias
    issuer: str = ""
    need: Need = Need.NOTHING
    short: bool = False
    implied: bool = False

    def __str__(self) -> str:
        """Write the alias with its scheme and, where it has them, its dates."""
        since, until = self.alias.valid_from, self.alias.valid_to
        dates = f" [{since or ''}..{until or ''}]" if since or until else ""
        return f"{self.alias.scheme}: {self.alias.text}{dates}"

    @property
    def is_looked_at(self) -> bool:
        """Whether the words beside it count: a name of one's own wording or of one word could be someone else's."""
        return self.implied and (self.need is not Need.NOTHING or " " not in self.alias.text)


def code(text: str) -> str:
    """Write a ticker in one way: upper case, a dot before the class of share, no zeros before a number."""
    plain = _dotted(text.strip()).upper()
    return plain.lstrip("0") if plain.isdigit() else plain


def _dotted(text: str) -> str:
    return re.sub(r"[-_/ ]", ".", text)


def keys(alias: Alias, mic: str) -> tuple[Key, ...]:
    """Return what an alias is looked up by; `mic` is the market of an exchange code that names none."""
    text, scheme = plain(alias.text.strip()), alias.scheme
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
    ticker, issuer = instrument.ticker, instrument.issuer
    configured = [(key, alias) for alias in instrument.aliases for key in keys(alias, instrument.mic)]
    for key, alias in configured:
        yield key, Spelling(ticker, alias, issuer, Need.NOTHING if alias.strong else Need.CONTEXT)
    taken = {key for key, _ in configured}
    for spelling in _implied(instrument):
        for key in keys(spelling.alias, instrument.mic):
            if key not in taken:
                taken.add(key)
                yield key, spelling


def _implied(instrument: Instrument) -> Iterator[Spelling]:
    ticker, issuer = instrument.ticker, instrument.issuer
    since, until = instrument.valid_from, instrument.valid_to
    codes = [
        (ticker, Scheme.PAGE_TAG),
        (ticker, Scheme.CASHTAG),
        (f"{instrument.mic}:{ticker}", Scheme.EXCHANGE),
        *((f"{ticker}.{suffix}", Scheme.RIC) for suffix in ric_suffixes(instrument.mic)),
    ]
    for text, scheme in codes:
        yield Spelling(ticker, Alias(text, scheme, valid_from=since, valid_to=until), issuer)
    named = [alias for alias in instrument.aliases if alias.scheme is Scheme.NAME and alias.strong]
    if instrument.name not in (alias.text for alias in named):
        named.append(Alias(instrument.name, valid_from=since, valid_to=until))
    for full in named:
        for form in names_of(full.text, ticker):
            strong = form.need is Need.NOTHING
            alias = Alias(form.text, Scheme.NAME, strong, full.valid_from, full.valid_to)
            yield Spelling(ticker, alias, issuer, form.need, form.short, implied=True)
