"""From what a reader found to an `Article`: text made clean, one digest for its content."""

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

# How far after its fetch a stamp may lie: more than any zone that was assumed wrongly.
AHEAD = timedelta(days=1)

# No page, feed or cell with mark-up is larger in earnest, and what reads mark-up takes minutes over much more.
LARGEST = 5_000_000
MOST_MARKS = 100_000


class Unread(Exception):  # noqa: N818 - it never leaves the room; a reader's way of saying `Refusal`
    """An item that cannot be used, with the reason."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader found on a page, in a row or in an item of a feed.

    `agency` is whose words they are, where the text says so; `site` where they stand, as far as the page tells.
    """

    title: str
    body: str
    stamp: Stamp
    url: str = ""
    agency: str = ""
    site: str = ""
    tags: tuple[Tag, ...] = ()


def compose(spec: NewsSpec, document: Document, key: str, reading: Reading) -> Article:
    """Make the article of a reading; its texts are clean already.

    Raises
    ------
    Unread
        ``no_title``; ``future_date``: it was published long after it was fetched.
    """
    if not reading.title:
        raise Unread("no_title", "nothing in it reads as a headline")
    stamp = reading.stamp
    if stamp.at - document.fetched_at > AHEAD:
        problem = f"{stamp.text!r} is after the article was fetched ({document.fetched_at:%Y-%m-%d %H:%M} UTC)"
        raise Unread(FUTURE, f"{problem}; correct `timezone` or `dayfirst` if the source is read wrongly")
    known = publishers.of_url(reading.url)
    site = known.name if known else reading.site or spec.publisher
    publisher = reading.agency or spec.publisher or site
    tags = tuple(dict.fromkeys(reading.tags))
    return Article(
        source=spec.name,
        key=key,
        title=reading.title,
        body="" if spec.keep is Keep.HEADLINE else reading.body,
        stamp=stamp,
        seen_at=_seen_at(spec, stamp, document.fetched_at),
        digest=content_digest(reading.title, reading.body, reading.url, publisher, stamp, tags),
        url=reading.url,
        publisher=publisher,
        tags=tags,
        site=site,
        origin=document.origin,
        keep=spec.keep,
        withdraws=boilerplate.taken_back(reading.title),
    )


def _seen_at(spec: NewsSpec, stamp: Stamp, fetched_at: datetime) -> datetime:
    """Say since when an article was known: never later than it was fetched, never earlier than it can have been."""
    if spec.known_at == "fetched":
        return fetched_at
    # Of a day no more is known than that it had come out by the day's end.
    known = stamp.at + timedelta(days=1) if stamp.precision is Precision.DAY else stamp.at
    return min(known, fetched_at)


def check_size(size: int, marks: int = 0) -> None:
    """Raise `Unread` for what is too large or has too many elements to be read, whatever `max_bytes` lets pass."""
    if size > LARGEST or marks > MOST_MARKS:
        least = f"larger than {LARGEST:,} bytes" if size > LARGEST else f"made of more than {MOST_MARKS:,} marks"
        raise Unread("too_large", f"it is {least}, as no page or feed of news is")


def refuse(spec: NewsSpec, item: str, why: Unread) -> Refusal:
    """Make the refusal of an item."""
    return Refusal(spec.name, item, why.reason, clean_line(why.detail))


def content_digest(title: str, body: str, url: str, publisher: str, stamp: Stamp, tags: Iterable[Tag]) -> str:
    """Return a digest of what an article says; it does not depend on when or where the article was fetched."""
    parts = [
        title,
        body,
        url,
        publisher,
        stamp.text,
        stamp.zone,
        stamp.at.isoformat(),
        [[t.text, t.scheme] for t in tags],
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def text_digest(*parts: str) -> str:
    """Return a key made of texts, for an article that brings none."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


# --- text -----------------------------------------------------------------------------------------------------------

_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Controls, marks of direction and of width that nobody sees, and halves of characters that no database takes.
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
# More marks on one letter than any script has: normalisation orders a run in the square of its length (UAX #15).
_MARKS = re.compile(r"[^\w\s\x00-\x7f]{31,}")
_MOST_ON_A_LETTER = 30
_MOJIBAKE = re.compile(r"[ÂÃâÐÑÅÄ][\u0080-\u00bfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]|Â\Z")
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)


def clean(text: str) -> str:
    """Return a text in NFC with one kind of line break and without characters that cannot be seen."""
    text = _BREAKS.sub("\n", text)
    text = _SURROGATES.sub("\ufffd", _UNSEEN.sub("", text))
    return unicodedata.normalize("NFC", _MARKS.sub(_without_a_heap, text))


def _without_a_heap(signs: re.Match[str]) -> str:
    marks = count(1)
    return "".join(c for c in signs[0] if not unicodedata.combining(c) or next(marks) <= _MOST_ON_A_LETTER)


def clean_line(text: str) -> str:
    """Return a text, clean, on one line with single spaces."""
    return " ".join(clean(text).split())


def clean_title(text: str) -> str:
    """Return a title or a short cell as a reader would see it: no mark-up, entities or mojibake, single spaces."""
    text = repair_mojibake(text)
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", text)
    return clean_line(text)


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252, if the whole text turns back and becomes shorter."""
    if not _MOJIBAKE.search(text):
        return text
    # A no-break space is Â and itself; whoever stripped the text took the second half of one at its end.
    for whole in (text, text + "\xa0"):
        try:
            repaired = b"".join(_byte(character) for character in whole).decode()
        except UnicodeError:
            continue
        if len(repaired) < len(whole):
            return repaired
    return text


def _byte(character: str) -> bytes:
    """Encode as Windows-1252 does, with the five bytes that it leaves open as themselves."""
    if character in "\x81\x8d\x8f\x90\x9d":
        return character.encode("latin-1")
    return character.encode("cp1252")
