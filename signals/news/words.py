"""Text as publishers mangle it -> text as they meant it, and the digest that tells one revision from the next."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Sequence

from signals.types import Stamp, Tag

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\ufeff]")
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,1000}>")
# UTF-8 that was read as cp1252 shows one of these before a character of the upper half.
_MOJIBAKE = re.compile(r"[ÂÃâÐÑ][\u0080-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")

AGENCIES = ("Reuters", "Bloomberg", "AP", "AFP", "Interfax", "TASS", "Dow Jones", "Xinhua", "Kyodo", "PTI")
_DATELINE = re.compile(
    r"^[^\n(]{2,60}\((?P<agency>" + "|".join(AGENCIES) + r")\)\s*[-–—]|^(?P<site>Investing\.com)\s*[-–—]"
)


def clean(text: str) -> str:
    """Return text in Unicode's composed form, without control characters, mojibake undone where that is certain."""
    repaired = _CONTROL.sub("", unicodedata.normalize("NFC", _repaired(text.replace("\r\n", "\n").replace("\r", "\n"))))
    return repaired.strip()


def headline(text: str) -> str:
    """Return a title on one line, without mark-up and entities."""
    return " ".join(clean(html.unescape(_TAG.sub(" ", html.unescape(text)))).split())


def _repaired(text: str) -> str:
    """Undo UTF-8 read as cp1252, if all of the text decodes and becomes shorter."""
    if not _MOJIBAKE.search(text):
        return text
    try:
        whole = b"".join(c.encode("latin-1") if "\x80" <= c <= "\x9f" else c.encode("cp1252") for c in text)
        undone = whole.decode("utf-8")
    except UnicodeError:
        return text
    return undone if len(undone) < len(text) else text


def agency(body: str) -> str:
    """Return the agency or site that a dateline names, as in ``MOSCOW (Reuters) -``; empty without one."""
    found = _DATELINE.match(body.lstrip())
    return (found["agency"] or found["site"]) if found else ""


def digest(title: str, body: str, url: str, publisher: str, stamp: Stamp, tags: Sequence[Tag]) -> str:
    """Return the digest of everything that makes a revision of an article; when it was fetched does not count."""
    parts = [title, body, url, publisher, stamp.text, stamp.zone, *(f"{tag.scheme}:{tag.text}" for tag in tags)]
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
