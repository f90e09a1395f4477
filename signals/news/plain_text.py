"""The reader of pages saved as plain text.

Such a page is lines: perhaps a banner, the headline, the stamp, perhaps a caption and a block of instrument tags, the
paragraphs, and then whatever the site adds below. The stamp is found first; the rest is known by where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from signals.news import boilerplate, publishers
from signals.news.articles import Reading, Unread, clean, clean_title, repair_mojibake
from signals.news.timestamps import read_stamp, spans
from signals.types import NewsSpec, Precision, Stamp, Tag

_PUBLISHED = re.compile(r"publi(?:shed|cation)|posted|released|опубликован|дата", re.IGNORECASE)
_UPDATED = re.compile(r"updated|modified|correct|обновлен|измен", re.IGNORECASE)
# What a page shows beside an instrument: its change, or a dash when the market told none.
_QUOTE = re.compile(r"[-–—−]|[+\-−]\s?\d[\d.,]*\s?%?|\d[\d.,]*\s?%|\([+\-−]?[\d.,]+\s?%\)")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)]*\Z")
_STAMP_LINE, _PARAGRAPH, _TAG_LENGTH = 160, 100, 40
_MOST_LINES = 20_000


class _Label(IntEnum):
    """What a stamp says that it is; a lower one counts for more."""

    PUBLISHED = 0
    BARE = 1
    UPDATED = 2


@dataclass(frozen=True, slots=True)
class _Written:
    line: int
    label: _Label
    text: str


def read_text(text: str, spec: NewsSpec, title: str = "") -> Reading:
    """Read a page saved as text.

    Parameters
    ----------
    text
        The page.
    spec
        Its source, for the zone and the order of day and month.
    title
        The headline, where something better than the text has told it.

    Raises
    ------
    Unread
        ``empty``, ``no_date``, ``two_dates`` or ``no_title``.
    """
    lines = [" ".join(line.split()) for line in repair_mojibake(clean(text)).split("\n")]
    if not any(lines):
        raise Unread("empty", "the page is empty")
    if len(lines) > _MOST_LINES:
        raise Unread("too_large", f"it has more than {_MOST_LINES:,} lines, as no page of news has")
    first, stamp, stamped = _stamp(lines, spec)
    end = next((i for i in range(first + 1, len(lines)) if boilerplate.ends_article(lines[i])), len(lines))
    title = title or _title(lines, first, end)
    tags, used = _tag_block(lines, first + 1, end)
    body = _body(lines, range(first + 1, end), title, used | stamped)
    agency, site = boilerplate.credits(body)
    return Reading(clean_title(title), body, stamp, "", agency, site or publishers.of_imprint(lines[end:]), tags)


# --- the stamp ------------------------------------------------------------------------------------------------------


def _stamp(lines: Sequence[str], spec: NewsSpec) -> tuple[int, Stamp, set[int]]:
    """Find the publication stamp: its line, its value, and the lines that are stamps and nothing else."""
    found = list(_written(lines))
    if not found:
        raise Unread("no_date", "no line gives the time of publication, as in: Published 21/01/2015, 13:10")
    end = next((i for i in range(found[0].line + 1, len(lines)) if boilerplate.ends_article(lines[i])), len(lines))
    found = [w for w in found if w.line < end]
    label = min(w.label for w in found)
    chosen = [w for w in found if w.label is label]
    if label is _Label.BARE:
        chosen = list(_in_head(lines, chosen))
    once = {w.text: w for w in reversed(chosen)}
    read = [(w, _value(w.text, spec)) for w in reversed(once.values())]
    finer = [r for r in read if r[1].precision is not Precision.DAY]
    days = {stamp.wall.date() for _, stamp in finer}
    # A day beside a time on that day says the same, and a bare day (in a headline, say) nothing against a bare time.
    coarser = [r for r in read if r not in finer and r[1].wall.date() not in days]
    kept = finer if finer and label is _Label.BARE else finer + coarser
    for (one, stamp), (other, another) in pairwise(kept):
        if stamp.at != another.at:
            raise Unread("two_dates", f"the page gives two times of publication, {one.text!r} and {other.text!r}")
    return kept[0][0].line, kept[0][1], {w.line for w in found}


def _value(text: str, spec: NewsSpec) -> Stamp:
    try:
        return read_stamp(text, spec.dialect.timezone, spec.dialect.dayfirst)
    except ValueError as error:
        raise Unread("no_date", str(error)) from None


def _written(lines: Sequence[str]) -> Iterator[_Written]:
    """Find stamps: a date at the end of a short line, after a label or next to nothing."""
    for number, line in enumerate(lines):
        dates = spans(line) if 6 <= len(line) <= _STAMP_LINE else []
        if not dates or len(line) - dates[-1][1] > 25 or line.endswith(".") or boilerplate.is_caption(line):
            continue
        before = 0
        for start, end in dates:
            said, text = line[before:start], line[before:end].strip()
            if len(said) <= 60 and _UPDATED.search(said):
                yield _Written(number, _Label.UPDATED, text)
            elif len(said) <= 60 and _PUBLISHED.search(said):
                yield _Written(number, _Label.PUBLISHED, text)
            elif len(said) <= 30 and len(said.split()) <= 3:
                yield _Written(number, _Label.BARE, text)
            before = end


def _in_head(lines: Sequence[str], found: Sequence[_Written]) -> Iterator[_Written]:
    """Leave out bare stamps that stand below the first paragraph: they belong to other articles."""
    for written in found:
        between = lines[found[0].line + 1 : written.line]
        if any(len(line) >= _PARAGRAPH and not boilerplate.is_caption(line) for line in between):
            return
        yield written


# --- the headline ---------------------------------------------------------------------------------------------------


def _title(lines: Sequence[str], stamp: int, end: int) -> str:
    """Find the headline: the first line of the nearest block above the stamp that has one, else the first below."""
    above = [
        block for block in _blocks(lines[:stamp]) if not all(boilerplate.is_banner(line) or not line for line in block)
    ]
    for block in reversed(above):
        for line in block:
            if _is_headline(line):
                return line
    for line in lines[stamp + 1 : end]:
        if _is_headline(line):
            return line
        if len(line) >= _PARAGRAPH and not boilerplate.is_caption(line):
            break
    for block in reversed(above):
        for line in reversed(block):
            if _is_plausible(line):
                return line
    raise Unread("no_title", "no line near the time of publication reads as a headline")


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return blocks


def _is_plausible(line: str) -> bool:
    """Tell whether a line can be a headline at all."""
    furnished = boilerplate.is_banner(line) or boilerplate.is_byline(line) or boilerplate.is_caption(line)
    return any(map(str.isalpha, line)) and len(line) <= 400 and not furnished


def _is_headline(line: str) -> bool:
    """Tell whether a line reads as a headline: some words, no full stop, no path of links."""
    path = " > " in line or " » " in line or " / " in line
    return _is_plausible(line) and len(line.split()) >= 3 and not line.endswith((".", ":")) and not path


# --- tags and paragraphs --------------------------------------------------------------------------------------------


def _tag_block(lines: Sequence[str], start: int, end: int) -> tuple[tuple[Tag, ...], set[int]]:
    """Read the instruments listed above the first paragraph, each with its change under it."""
    tags: list[Tag] = []
    used: set[int] = set()
    at = [i for i in range(start, end) if lines[i] and not boilerplate.is_caption(lines[i])]
    for above, here in pairwise(at):
        if len(lines[above]) >= _PARAGRAPH:
            break
        if not _QUOTE.fullmatch(lines[here]):
            continue
        if above not in used and len(lines[above]) <= _TAG_LENGTH and not _SENTENCE_END.search(lines[above]):
            tags.append(Tag(lines[above]))
        used |= {above, here} if tags else set()
    return tuple(tags), used


def _body(lines: Sequence[str], rows: range, title: str, used: set[int]) -> str:
    kept = ["" if i in used or _is_furniture(lines[i], title) else lines[i] for i in rows]
    # Buttons and bylines stand above the first paragraph.
    first = next((i for i, line in enumerate(kept) if len(line) >= _PARAGRAPH or _SENTENCE_END.search(line)), 0)
    return "\n\n".join("\n".join(block) for block in _blocks(kept[first:]) if block)


def _is_furniture(line: str, title: str) -> bool:
    return boilerplate.is_caption(line) or boilerplate.is_sign_off(line) or line == title
