"""What of an article its copies are recognised by: the headline without its dress, and the words of its lead.

A headline keeps its order. A lead is a bag of hashed words with its figures and weekdays, so that no text can be read
back that may not be kept. Words are compared by their first letters, which takes off most endings
(subsidised and subsidized, Газпрома and Газпромом).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations, islice

from signals.stories.headline_words import (
    ABBREVIATED,
    CALENDAR,
    CREDIT,
    EXPONENTS,
    IS_VERSION,
    LINK,
    LITTLE,
    MARK,
    NOTE,
    NUMERALS,
    ORDINAL_ENDS,
    PREFIX,
    SCALES,
    STEM,
    UNITS,
    USUAL,
    WEEKDAYS,
)

LONGEST = 1_000  # characters of a headline that count: no headline has more, and it bounds the work on what is none
LEAD = 80  # words of a body that count: copies are cut at different lengths and differ most at their ends
LEAD_FIGURES = 12
HEADLINE_BANDS, LEAD_BANDS = 4, 5  # words whose pairs are band keys

_JOINED = re.compile(r"['’‘ʼ`](?:s\b)?|(?<=\b[^\W\d_])\.(?=[^\W\d_]\b)|(?<=\w)&(?=\w)")  # Intel's, U.S., AT&T
_TOKEN = re.compile(r"\d+(?:,\d{3})*(?:[.,]\d+)?|[^\W\d_]+\d*")
_DECIMAL_COMMA = re.compile(r"\d+,(?:\d{1,2}|\d{4,})")
_NO_WORDS = LITTLE | EXPONENTS.keys() | CALENDAR
_FIGURE, _WEEKDAY = "#", "@"  # what marks them in a lead, after its words
_MARKED = re.compile(f"[{_FIGURE}{_WEEKDAY}]")


@dataclass(frozen=True)
class Fingerprint:
    """What copies of an article are recognised by.

    Attributes
    ----------
    headline
        The words and figures of the headline in their order, without the desk's prefix and the agency's name.
    lead
        The hashed words of the lead, its figures (``#3.65e9``) and weekdays (``@mon``); empty without a body.
    version
        The headline says of itself that it repeats, updates or corrects something.
    """

    headline: str
    lead: str = ""
    version: bool = False

    @cached_property
    def words(self) -> frozenset[str]:
        """The headline's words that carry meaning, by their first letters."""
        return frozenset(_stem(t) for t in self.headline.split() if _is_word(t))

    @cached_property
    def figures(self) -> frozenset[str]:
        """The headline's figures, scaled: ``3.65e9``."""
        return frozenset(_figures(self.headline.split()))

    @cached_property
    def calendar(self) -> frozenset[str]:
        """The weekdays, months and quarters that the headline names."""
        return frozenset(t[:3] for t in self.headline.split() if t in CALENDAR)

    @cached_property
    def lead_words(self) -> frozenset[str]:
        """The hashed words of the lead."""
        return frozenset(_MARKED.split(self.lead, maxsplit=1)[0].split())

    @cached_property
    def lead_figures(self) -> frozenset[str]:
        """The figures of the lead."""
        return frozenset(t[1:] for t in self.lead.split() if t[0] == _FIGURE)

    @cached_property
    def lead_weekdays(self) -> frozenset[str]:
        """The weekdays that the lead names."""
        return frozenset(t[1:] for t in self.lead.split() if t[0] == _WEEKDAY)


def fingerprint(title: str, body: str = "") -> Fingerprint:
    """Return the wording of an article."""
    plain = unicodedata.normalize("NFKC", title[:LONGEST])
    return Fingerprint(headline_key(title), _lead(body), bool(IS_VERSION.match(plain) or MARK.search(plain)))


def headline_key(title: str) -> str:
    """Return what copies of one headline have in common; empty for a title without a letter or digit.

    Examples
    --------
    >>> headline_key("RPT-UPDATE 2-Gazprom's output falls 3% - Reuters")
    'gazprom output falls 3'
    >>> headline_key("Gazprom to pay $1.5bln")
    'gazprom to pay 1.5 billion'
    """
    text = unicodedata.normalize("NFKC", title[:LONGEST])
    bare = CREDIT.sub("", MARK.sub(" ", LINK.sub(" ", PREFIX.sub("", text))).rstrip())
    return " ".join(_tokens(bare) or _tokens(text))


def _lead(body: str) -> str:
    tokens = _tokens(NOTE.sub(" ", unicodedata.normalize("NFKC", body[: LEAD * 16])))[: 2 * LEAD]
    words = {_hashed(_stem(t)) for t in [t for t in tokens if _is_word(t)][:LEAD]}
    figures = {_FIGURE + figure for figure in islice(_figures(tokens), LEAD_FIGURES)}
    weekdays = {_WEEKDAY + t[:3] for t in tokens if t in WEEKDAYS}
    return " ".join([*sorted(words), *sorted(figures), *sorted(weekdays)])


def _tokens(text: str) -> list[str]:
    """Return words and figures in one spelling each: ``$1.5bln`` is 1.5 billion, ``3 pct`` is 3, ``4th`` is 4."""
    found: list[str] = []
    after_figure = False
    for token in _TOKEN.findall(_JOINED.sub("", text.casefold())):
        if token[0].isdigit():
            found.append(token.replace(",", "." if _DECIMAL_COMMA.fullmatch(token) else ""))
            after_figure = True
        elif after_figure and token in SCALES:
            found.append(SCALES[token])
            after_figure = False
        elif token not in UNITS and not (after_figure and token in ORDINAL_ENDS):
            after_figure = token in NUMERALS
            found.append(NUMERALS.get(token) or ABBREVIATED.get(token, token))
    return found


def _is_word(token: str) -> bool:
    return not (token in _NO_WORDS or token[0].isdigit())


def _stem(word: str) -> str:
    return word.replace("our", "or")[:STEM]


def _figures(tokens: Sequence[str]) -> Iterator[str]:
    for token, following in zip(tokens, [*tokens[1:], ""], strict=False):
        if token[0].isdigit():
            yield f"{token}e{EXPONENTS[following]}" if following in EXPONENTS else token


@lru_cache(maxsize=65_536)
def _hashed(text: str) -> str:
    """Return six hexadecimal digits that stand for a text on every machine."""
    return hashlib.blake2b(text.encode(), digest_size=3).hexdigest()


@lru_cache(maxsize=4_096)  # a batch asks for them when it writes them and when it looks for others
def band_keys(of: Fingerprint) -> frozenset[int]:
    """Return keys of which copies share at least one: articles that share none are never compared.

    A key stands for the whole headline, or for a pair of the words with the lowest hashes, of the headline or of the
    lead. This is MinHash with one hash function: the more two sets overlap, the likelier their lowest words are the
    same. Of words with half in common 85 pairs of leads in 100 share a key, of two thirds 98.

    References
    ----------
    Broder (1997), On the resemblance and containment of documents (sketches of the smallest hashes).
    """
    telling = sorted(_hashed(word) for word in of.words - USUAL)[:HEADLINE_BANDS]
    usual = sorted(_hashed(word) for word in of.words & USUAL)[: HEADLINE_BANDS - len(telling)]
    keys = {f"headline {of.headline}"} if of.headline else set()
    keys |= {f"words {a} {b}" for n, a in enumerate(telling) for b in (*telling[n + 1 :], *usual)}
    keys |= {f"lead {a} {b}" for a, b in combinations(sorted(of.lead_words)[:LEAD_BANDS], 2)}
    return frozenset(zlib.crc32(key.encode()) for key in keys)
