"""Compute the fingerprint of an article, by which its copies are recognised: its bare headline and its lead's words.

The headline keeps its word order. The lead is a set of hashed words with its figures and weekdays, so that a text whose
source forbids keeping it cannot be read from the fingerprint. Words are compared by their first letters, which removes
most endings (subsidised and subsidized, Газпрома and Газпромом).
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
    ABBREVIATIONS,
    CALENDAR_WORDS,
    CREDIT,
    DESK_PREFIX,
    EDITOR_NOTE,
    EXPONENTS,
    FREQUENT_STEMS,
    LINK,
    NUMERALS,
    ORDINAL_ENDS,
    PERCENT_WORDS,
    SCALES,
    STEM_LENGTH,
    STOP_WORDS,
    VERSION_NOTE,
    VERSION_PREFIX,
    WEEKDAYS,
)

MAX_HEADLINE = 1_000  # characters read of a headline, to bound the work on input that is none
MAX_LEAD_WORDS = 80  # words read of a body: copies are cut at different lengths and differ most at their ends
MAX_LEAD_FIGURES = 12
HEADLINE_BANDS, LEAD_BANDS = 4, 5  # words whose pairs are band keys

_JOINED = re.compile(r"['’‘ʼ`](?:s\b)?|(?<=\b[^\W\d_])\.(?=[^\W\d_]\b)|(?<=\w)&(?=\w)")  # Intel's, U.S., AT&T
_TOKEN = re.compile(r"\d+(?:,\d{3})*(?:[.,]\d+)?|[^\W\d_]+\d*")
_DECIMAL_COMMA = re.compile(r"\d+,(?:\d{1,2}|\d{4,})")
_IGNORED = STOP_WORDS | EXPONENTS.keys() | CALENDAR_WORDS
_FIGURE, _WEEKDAY = "#", "@"  # markers in the text of a lead, after its words
_MARKED = re.compile(f"[{_FIGURE}{_WEEKDAY}]")


@dataclass(frozen=True)
class Fingerprint:
    """The values by which copies of an article are recognised.

    Attributes
    ----------
    headline
        The words and figures of the headline in order, without the desk's prefix and the agency's name.
    lead
        The hashed words of the lead, its figures (``#3.65e9``) and weekdays (``@mon``); empty without a body.
    version
        Whether the headline is marked as a repeat, an update or a correction.
    """

    headline: str
    lead: str = ""
    version: bool = False

    @cached_property
    def words(self) -> frozenset[str]:
        """The stems of the headline's words, without stop words."""
        return frozenset(_stem(t) for t in self.headline.split() if _is_word(t))

    @cached_property
    def figures(self) -> frozenset[str]:
        """The headline's figures with their scale: ``3.65e9``."""
        return frozenset(_figures(self.headline.split()))

    @cached_property
    def calendar(self) -> frozenset[str]:
        """The weekdays, months and quarters that the headline names."""
        return frozenset(t[:3] for t in self.headline.split() if t in CALENDAR_WORDS)

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
    """Return the fingerprint of an article."""
    text = unicodedata.normalize("NFKC", title[:MAX_HEADLINE])
    is_version = bool(VERSION_PREFIX.match(text) or VERSION_NOTE.search(text))
    return Fingerprint(headline_key(title), _lead(body), is_version)


def headline_key(title: str) -> str:
    """Return a headline as its copies share it: bare words and figures. Empty for a title without a letter or digit.

    Examples
    --------
    >>> headline_key("RPT-UPDATE 2-Gazprom's output falls 3% - Reuters")
    'gazprom output falls 3'
    >>> headline_key("Gazprom to pay $1.5bln")
    'gazprom to pay 1.5 billion'
    """
    text = unicodedata.normalize("NFKC", title[:MAX_HEADLINE])
    bare = CREDIT.sub("", VERSION_NOTE.sub(" ", LINK.sub(" ", DESK_PREFIX.sub("", text))).rstrip())
    return " ".join(_tokens(bare) or _tokens(text))


def _lead(body: str) -> str:
    text = unicodedata.normalize("NFKC", body[: MAX_LEAD_WORDS * 16])
    tokens = _tokens(EDITOR_NOTE.sub(" ", text))[: 2 * MAX_LEAD_WORDS]
    words = {_hashed(_stem(t)) for t in [t for t in tokens if _is_word(t)][:MAX_LEAD_WORDS]}
    figures = {_FIGURE + figure for figure in islice(_figures(tokens), MAX_LEAD_FIGURES)}
    weekdays = {_WEEKDAY + t[:3] for t in tokens if t in WEEKDAYS}
    return " ".join([*sorted(words), *sorted(figures), *sorted(weekdays)])


def _tokens(text: str) -> list[str]:
    """Return words and figures in one written_form each: ``$1.5bln`` is 1.5 billion, ``3 pct`` is 3, ``4th`` is 4."""
    tokens: list[str] = []
    after_figure = False
    for token in _TOKEN.findall(_JOINED.sub("", text.casefold())):
        if token[0].isdigit():
            tokens.append(token.replace(",", "." if _DECIMAL_COMMA.fullmatch(token) else ""))
            after_figure = True
        elif after_figure and token in SCALES:
            tokens.append(SCALES[token])
            after_figure = False
        elif token not in PERCENT_WORDS and not (after_figure and token in ORDINAL_ENDS):
            after_figure = token in NUMERALS
            tokens.append(NUMERALS.get(token) or ABBREVIATIONS.get(token, token))
    return tokens


def _is_word(token: str) -> bool:
    return not (token in _IGNORED or token[0].isdigit())


def _stem(word: str) -> str:
    return word.replace("our", "or")[:STEM_LENGTH]


def _figures(tokens: Sequence[str]) -> Iterator[str]:
    for token, following in zip(tokens, [*tokens[1:], ""], strict=False):
        if token[0].isdigit():
            yield f"{token}e{EXPONENTS[following]}" if following in EXPONENTS else token


@lru_cache(maxsize=65_536)
def _hashed(text: str) -> str:
    """Return six hexadecimal digits of a text's BLAKE2 digest, equal on every machine."""
    return hashlib.blake2b(text.encode(), digest_size=3).hexdigest()


@lru_cache(maxsize=4_096)  # a batch computes them twice: when it writes them and when it reads its neighbours
def band_keys(fingerprint: Fingerprint) -> frozenset[int]:
    """Return the band keys of an article. Copies share at least one; articles that share none are never compared.

    A key is the checksum of the whole headline, or of a pair of the words with the lowest hashes, of the headline or of
    the lead. This is MinHash with one hash function: the more two sets overlap, the likelier their lowest words are the
    same. 85 of 100 pairs of leads with half of their words in common share a key, and 98 with two thirds in common.

    References
    ----------
    Broder (1997), On the resemblance and containment of documents (sketches of the smallest hashes).
    """
    rare = sorted(_hashed(word) for word in fingerprint.words - FREQUENT_STEMS)[:HEADLINE_BANDS]
    frequent = sorted(_hashed(word) for word in fingerprint.words & FREQUENT_STEMS)[: HEADLINE_BANDS - len(rare)]
    keys = {f"headline {fingerprint.headline}"} if fingerprint.headline else set()
    keys |= {f"words {a} {b}" for n, a in enumerate(rare) for b in (*rare[n + 1 :], *frequent)}
    keys |= {f"lead {a} {b}" for a, b in combinations(sorted(fingerprint.lead_words)[:LEAD_BANDS], 2)}
    return frozenset(zlib.crc32(key.encode()) for key in keys)
