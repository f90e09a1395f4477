"""A page saved as plain text: headline, stamp, tag block and body; no banner, captions, comments or disclaimers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from signals.news.stamps import read_stamp
from signals.types import Tag

HEAD = 60  # non-empty lines among which the stamp stands

# Where the article ends on the sites we know; each matches the start of a line.
_END = re.compile(
    r"(latest comments|comments?\s*\(?\d*\)?$|risk disclosure|related articles|related news|read more:|read next|"
    r"our standards:|disclaimer\b|terms and conditions|sign up (for|to)|©\s*\d{4}|copyright\b|all rights reserved)",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"(©|\(c\))\s+\S|file photo:|reuters/|photo:|image:", re.IGNORECASE)
_LABEL = re.compile(
    r"(?P<label>published|posted|updated|last updated|modified|опубликовано|обновлено)\b[\s:]*(?:on\b|at\b)?\s*",
    re.IGNORECASE,
)
_LATER = ("updated", "last updated", "modified", "обновлено")
_TICKER = re.compile(r"[A-Za-z0-9][A-Za-z0-9.=^/_-]{0,14}")
_QUOTE = re.compile(r"[-–—]|[+-]?\d+(?:[.,]\d+)?\s*%?|\([+-]?\d+(?:[.,]\d+)?%\)")


@dataclass(frozen=True, slots=True)
class Page:
    """What a saved page says of itself, still as text. `stamps` are its different publication stamps."""

    title: str
    stamps: tuple[str, ...]
    tags: tuple[Tag, ...]
    body: str


def read_page(text: str) -> Page:
    """Take a saved page apart.

    The headline is the line above the stamp. A tag block is a run of short lines right below it, a ticker and then its
    quote, as sites print them.
    """
    lines = [line.strip() for line in text.splitlines()]
    head = [n for n, line in enumerate(lines) if line][:HEAD]
    published = [(n, line) for n in head if (line := _stamp_text(lines[n], later=False))]
    if not published:
        published = [(n, line) for n in head if (line := _stamp_text(lines[n], later=True))][:1]
    if not published:
        return Page(next((line for line in lines if line), ""), (), (), "")
    at = published[0][0]
    title = next((lines[n] for n in range(at - 1, -1, -1) if lines[n]), "")
    rest = lines[at + 1 :]
    end = next((n for n, line in enumerate(rest) if _END.match(line)), len(rest))
    tags, body = _tag_block(rest[:end])
    return Page(title, tuple(dict.fromkeys(line for _, line in published)), tags, _paragraphs(body, title))


def _stamp_text(line: str, later: bool) -> str:
    """Return the stamp that a line consists of, empty if it is none; `later` asks for stamps of a later version."""
    found = _LABEL.match(line)
    label = found["label"].lower() if found else ""
    text = line[found.end() :] if found else line
    if later != (label in _LATER) or len(text) > 48 or (not label and not text[:1].isdigit() and len(text) > 34):
        return ""
    try:
        # Only whether there is a date; which it is depends on the source.
        read_stamp(text, dayfirst=True)
    except ValueError:
        try:
            read_stamp(text)
        except ValueError:
            return ""
    return text


def _tag_block(lines: list[str]) -> tuple[tuple[Tag, ...], list[str]]:
    """Return the tags that stand above the body, and the lines without them."""
    used: set[int] = set()
    tags: list[Tag] = []
    filled = [n for n, line in enumerate(lines) if line and not _CAPTION.match(line)]
    for n, following in pairwise(filled):
        if n in used:
            continue
        if not (_TICKER.fullmatch(lines[n]) and _QUOTE.fullmatch(lines[following])):
            break
        tags.append(Tag(lines[n]))
        used |= {n, following}
    return tuple(dict.fromkeys(tags)), [line for n, line in enumerate(lines) if n not in used]


def _paragraphs(lines: list[str], title: str) -> str:
    """Join the lines of the body; captions, the repeated headline and repeated lines are left out."""
    kept = dict.fromkeys(line for line in lines if line and line != title and not _CAPTION.match(line))
    return "\n\n".join(kept)
