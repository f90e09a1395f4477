"""Build articles from parsed fields: cleaned text, the time it was first seen, and a digest of its content."""

from __future__ import annotations

import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from signals.news import boilerplate, publishers
from signals.types import FUTURE, Article, Document, Keep, NewsSpec, Precision, Refusal, Stamp, Tag

# How far after its fetch an article may be dated: more than the error of any wrongly assumed zone.
MAX_AHEAD = timedelta(days=1)

# A time of midnight in a stamp with the precision of a day (`source_stamps.as_day`).
_MIDNIGHT = re.compile(r"00:?00|\d{9,}")

# No real page, feed or record is larger, and the parsers of markup take minutes over much more.
MAX_MARKUP_BYTES = 5_000_000
MAX_ELEMENTS = 100_000


class RejectedError(Exception):
    """An item that cannot be parsed, with the reason; the sources turn it into a `Refusal`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class ArticleFields:
    """The fields of one article as parsed from a page, a record or an item of a feed; texts are clean.

    `agency` is the agency that the text names; `site` the site of the page, as far as the page states it.
    """

    title: str
    body: str
    stamp: Stamp
    url: str = ""
    agency: str = ""
    site: str = ""
    tags: tuple[Tag, ...] = ()
    authors: tuple[str, ...] = ()


def build_article(spec: NewsSpec, document: Document, key: str, fields: ArticleFields) -> Article:
    """Return the article with the given fields.

    Raises
    ------
    RejectedError
        ``no_title``; ``future_date``: the article is dated more than `MAX_AHEAD` after its fetch.
    """
    if not fields.title:
        raise RejectedError("no_title", "no headline was found")
    stamp = fields.stamp
    if stamp.at - document.fetched_at > MAX_AHEAD:
        problem = f"{stamp.text!r} is after the article was fetched ({document.fetched_at:%Y-%m-%d %H:%M} UTC)"
        raise RejectedError(FUTURE, f"{problem}; if that is wrong, correct `timezone` or `dayfirst`")
    declared = publishers.of_url(fields.url)
    site = declared.name if declared else fields.site or spec.publisher
    publisher = fields.agency or spec.publisher or site
    tags = tuple(dict.fromkeys(fields.tags))
    return Article(
        source=spec.name,
        key=key,
        title=fields.title,
        body="" if spec.keep is Keep.HEADLINE else fields.body,
        stamp=stamp,
        seen_at=_seen_at(spec, stamp, document.fetched_at),
        digest=content_digest(fields.title, fields.body, fields.url, publisher, stamp, tags),
        url=fields.url,
        publisher=publisher,
        tags=tags,
        site=site,
        origin=document.origin,
        keep=spec.keep,
        authors=fields.authors,
        withdraws=boilerplate.withdrawn_headline(fields.title),
    )


def _seen_at(spec: NewsSpec, stamp: Stamp, fetched_at: datetime) -> datetime:
    """Return the instant from which an article counts as seen: its fetch or, by `known_at`, its publication."""
    if spec.known_at == "fetched":
        return fetched_at
    # A stamp with day precision is certain to be past only when the day is over.
    published = stamp.at + timedelta(days=1) if stamp.precision is Precision.DAY else stamp.at
    return min(published, fetched_at)


def check_size(size: int, elements: int = 0) -> None:
    """Raise `RejectedError` for markup that is too large, or has too many elements, to be parsed in reasonable time."""
    if size > MAX_MARKUP_BYTES or elements > MAX_ELEMENTS:
        limit = f"{MAX_MARKUP_BYTES:,} bytes" if size > MAX_MARKUP_BYTES else f"{MAX_ELEMENTS:,} elements"
        raise RejectedError("too_large", f"it has more than {limit}, the limit for a page or a feed")


def build_refusal(spec: NewsSpec, item: str, error: RejectedError) -> Refusal:
    """Return the refusal of an item."""
    return Refusal(spec.name, item, error.reason, clean_line(error.detail))


def content_digest(title: str, body: str, url: str, publisher: str, stamp: Stamp, tags: Iterable[Tag]) -> str:
    """Return a digest of an article's content, independent of when and from where it was fetched."""
    parts: list[object] = [
        title,
        body,
        url,
        publisher,
        stamp.text,
        stamp.zone,
        stamp.at.isoformat(),
        [[t.text, t.scheme] for t in tags],
    ]
    # Left out where there are none, so that articles of earlier versions are not revised.
    parts += [[[other.text, other.at.isoformat()] for other in stamp.others]] if stamp.others else []
    if stamp.precision is Precision.DAY and _MIDNIGHT.search(stamp.text):
        parts += ["day"]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


# --- text -----------------------------------------------------------------------------------------------------------

_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Control characters, and invisible marks of direction and of width.
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# Lone surrogates, which no database stores.
_SURROGATES = re.compile(r"[\ud800-\udfff]")
# More combining marks on one letter than any script has: the time to order them grows with the square of their number
# (UAX #15).
_MARK_RUN = re.compile(r"[^\w\s\x00-\x7f]{31,}")
_MAX_MARKS = 30
_MOJIBAKE = re.compile(r"[ÂÃâÐÑÅÄ][\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]|Â\Z")
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)


def clean(text: str) -> str:
    """Return a text in NFC with newlines as its only line breaks and without invisible characters."""
    if text.isascii() and text.isprintable():
        return text
    text = _BREAKS.sub("\n", text)
    text = _SURROGATES.sub("\ufffd", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", _MARK_RUN.sub(_limit_marks, text))


def _limit_marks(run: re.Match[str]) -> str:
    marks = count(1)
    return "".join(c for c in run[0] if not unicodedata.combining(c) or next(marks) <= _MAX_MARKS)


def clean_line(text: str) -> str:
    """Return a cleaned text on one line with single spaces."""
    return " ".join(clean(text).split())


def clean_title(text: str) -> str:
    """Return a title or a short value on one line, without markup, entities and mojibake."""
    text = repair_mojibake(text)
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", text)
    return clean_line(text)


def repair_mojibake(text: str) -> str:
    """Return a text that was decoded as Windows-1252 in place of UTF-8 as it was meant; any other text unchanged."""
    if not _MOJIBAKE.search(text):
        return text
    # A misread no-break space is "Â\xa0"; at the end of a stripped text the second character is missing.
    for candidate in (text, text + "\xa0"):
        try:
            return b"".join(_byte(character) for character in candidate).decode()
        except UnicodeError:
            continue
    return text


def _byte(character: str) -> bytes:
    """Return the Windows-1252 byte of a character; the five undefined bytes stand for themselves."""
    if character in "\x81\x8d\x8f\x90\x9d":
        return character.encode("latin-1")
    return character.encode("cp1252")
