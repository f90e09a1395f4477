"""Whether two records under one key are one article, a version of it, or another article: docs/identity.md."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from signals.types.articles import Article, Precision

#: The longest time between two stamps of one headline: under an id that states the later one in place of the earlier,
#: and otherwise (under an address, or where one document states both).
REDATED_BY_ID = timedelta(days=3)
REDATED_BY_ADDRESS = timedelta(hours=20)
#: The longest time between a headline and its rewording, and between two headlines that have no word in common.
REWORDED = timedelta(hours=1)
REPLACED = timedelta(minutes=15)

_DAY = timedelta(days=1)
# The share of words that a headline and its rewording have in common.
_IN_COMMON = 0.5
# The share of the words of the shorter of two texts that is in the other, if they are one: a dateline may differ.
_TEXT_IN_COMMON = 0.6


class Relation(StrEnum):
    """What a record is to an article under the same key."""

    SAME = "same"
    VERSION = "version"
    OTHER = "other"


class Likeness(StrEnum):
    """How alike two headlines are: equal but for the marks of a version, reworded, or of different news."""

    EQUAL = "equal"
    REWORDED = "reworded"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the identity of an article is judged by, besides its source.

    Attributes
    ----------
    key
        The id, guid or address under which its source lists it.
    stamp
        The stamp as written; a text that is read anew, by another zone say, is still the same stamp.
    whole_day
        The stamp is a day and no instant, or a midnight, as files of days are often written.
    origin
        The file or address that it was read from.
    body
        The text, of a record that was just read; it only says whether one document states two articles.
    """

    key: str
    url: str
    title: str
    stamp: str
    at: datetime
    whole_day: bool
    origin: str
    body: str = ""


def evidence_of(article: Article) -> Evidence:
    """Return what the identity of an article is judged by."""
    stamp = article.stamp
    this = evidence(
        article.key, article.url, article.title, stamp.text, stamp.at, stamp.wall, stamp.precision, article.origin
    )
    return replace(this, body=article.body)


def evidence(
    key: str, url: str, title: str, stamp: str, at: datetime, wall: datetime, precision: Precision, origin: str
) -> Evidence:
    """Return the evidence of an article from its fields."""
    midnight = not (wall.hour or wall.minute or wall.second or wall.microsecond)
    return Evidence(key, url, title, stamp, at, midnight or precision is Precision.DAY, origin)


def relation(one: Evidence, other: Evidence, *, together: bool = False, shared: bool = False) -> Relation:
    """Return what a record is to an article that is listed under the same key of the same source.

    Parameters
    ----------
    one, other
        The article, and the record that is judged.
    together
        One document states both, so that neither takes the other's place.
    shared
        Several articles are listed under the key already, so that it says nothing about a further one.
    """
    likeness = headline_likeness(one.title, other.title)
    apart = _apart(one, other)
    if likeness is Likeness.EQUAL:
        return _with_equal_headline(one, other, apart, together, shared)
    if not same_address(one.url, other.url):
        return Relation.OTHER
    if likeness is Likeness.REWORDED:
        if together:
            return _version_if(not shared and timedelta(0) < apart <= REWORDED)
        return _version_if(apart <= (timedelta(0) if shared else REWORDED))
    if together or shared:
        return Relation.OTHER
    if is_id(other.key, other.url):
        return _version_if(apart <= REPLACED)
    return _version_if(not apart and not other.whole_day)


def _with_equal_headline(one: Evidence, other: Evidence, apart: timedelta, together: bool, shared: bool) -> Relation:
    address = same_address(one.url, other.url)
    if not apart:
        return Relation.OTHER if together and not (address and same_text(one, other)) else Relation.SAME
    trusted = address and not together and is_id(other.key, other.url)
    longest = REDATED_BY_ID if trusted else REDATED_BY_ADDRESS
    if apart <= (REWORDED if shared else longest):
        return Relation.VERSION
    corrected = other.at < one.at and other.origin == one.origin and address
    return _version_if(corrected and not together and not shared)


def _version_if(condition: bool) -> Relation:
    return Relation.VERSION if condition else Relation.OTHER


def _apart(one: Evidence, other: Evidence) -> timedelta:
    """Return the time between two stamps; none between equal texts, or a day and an instant of it."""
    if one.at == other.at or (one.stamp and one.stamp == other.stamp):
        return timedelta(0)
    early, late = (one, other) if one.at < other.at else (other, one)
    apart = late.at - early.at
    if early.whole_day and not late.whole_day and apart < _DAY:
        return timedelta(0)
    return apart


def same_text(one: Evidence, other: Evidence) -> bool:
    """Return whether two records have one text, or an id that says so: one is missing, or nearly in the other."""
    bodies = one.body, other.body
    if not all(bodies) or bodies[0] in bodies[1] or bodies[1] in bodies[0]:
        return True
    words, others = (set(_WORD.findall(body.casefold())) for body in bodies)
    if len(words & others) >= _TEXT_IN_COMMON * min(len(words), len(others)):
        return True
    return is_id(other.key, other.url) and other.key != text_key(other.title, other.stamp)


def text_key(*parts: str) -> str:
    """Return a key computed from texts, for an article that states no id and no URL."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


# --- addresses ------------------------------------------------------------------------------------------------------

_TRACKING = re.compile(r"(?:\A|(?<=&))(?:utm_\w+|fbclid|gclid|cmpid)=[^&]*(?:&|\Z)", re.IGNORECASE)


def same_address(one: str, other: str) -> bool:
    """Return whether two addresses are not in conflict: equal but for scheme, www and tracking, or one is missing."""
    return one == other or not one or not other or plain_address(one) == plain_address(other)


def is_id(key: str, url: str) -> bool:
    """Return whether a key is an id. An address is weaker, because it may be that of a section."""
    return not url or not (key.startswith(url) or plain_address(key) == plain_address(url))


@lru_cache(maxsize=4_096)
def plain_address(url: str) -> str:
    """Return an address without its scheme, www and tracking parameters."""
    address, _, fragment = url.partition("#")
    page, _, query = address.partition("?")
    page = _SCHEME.sub("", page).rstrip("/")
    return f"{page}?{_TRACKING.sub('', query).rstrip('&')}#{fragment}"


# --- headlines ------------------------------------------------------------------------------------------------------

# Marks by which wires and sites name a version of an article.
_MARK = r"(?:updated?|corrected|correction|refiled?|refiles|rpt|repeat|wrapup|adds|amended)"
_BEFORE = re.compile(rf"\A(?:\W*{_MARK}(?:\s*\d{{1,2}})?\s*[-:–—)\]]+\s*)+", re.IGNORECASE)
# Blanks before it are taken where they begin, so that a run of them costs its length.
_AFTER = re.compile(rf"(?:(?<!\s)\s+)?[(\[]\s*{_MARK}(?:\s*\d{{1,2}})?\s*[)\]]\s*\Z", re.IGNORECASE)
_SCHEME = re.compile(r"\Ahttps?://(?:www\.)?", re.IGNORECASE)
_IDEOGRAPH = "\u3040-\u9fff\uac00-\ud7af"
# A word; each ideograph counts as one.
_WORD = re.compile(rf"[{_IDEOGRAPH}]|[^\W{_IDEOGRAPH}]+")
# A number so long is an id, as of a filer.
_ID_DIGITS = 5


@lru_cache(maxsize=4_096)
def headline_words(title: str) -> tuple[str, ...]:
    """Return the words of a headline, without the marks of a version."""
    words = _WORD.findall(_AFTER.sub("", _BEFORE.sub("", title)).casefold())
    return tuple(words) or (title,)


def headline_likeness(one: str, other: str) -> Likeness:
    """Return how alike two headlines are. Reworded ones begin with one word and share at least half of all words."""
    if one == other:
        return Likeness.EQUAL
    first, second = headline_words(one), headline_words(other)
    if first == second:
        return Likeness.EQUAL
    if first[0] != second[0] or _long_numbers(first) != _long_numbers(second):
        return Likeness.DIFFERENT
    words, others = set(first), set(second)
    in_common = len(words & others) / len(words | others)
    return Likeness.REWORDED if in_common >= _IN_COMMON else Likeness.DIFFERENT


def _long_numbers(words: tuple[str, ...]) -> set[str]:
    return {word for word in words if len(word) >= _ID_DIGITS and word.isdigit()}
