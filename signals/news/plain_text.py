"""Parse pages that were saved as plain text.

The lines of such a page are, in order: an optional banner, the headline, the stamp, an optional caption, an optional
block of instrument tags, the paragraphs, and boilerplate. The stamp is located first; the other parts are identified
by their position relative to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise, takewhile

from signals.news import boilerplate, publishers
from signals.news.articles import ArticleFields, RejectedError, clean, clean_title, repair_mojibake
from signals.news.authors import byline_names
from signals.news.source_stamps import parse_source_stamp
from signals.news.timestamps import date_spans
from signals.types import NewsSpec, Precision, Stamp, Tag

_NOTE_MARK = re.compile(r"[|·•]")

_PUBLISHED = re.compile(r"publi(?:shed|cation)|posted|released|опубликован|дата", re.IGNORECASE)
_UPDATED = re.compile(r"updated|modified|correct|обновлен|измен", re.IGNORECASE)
# The change that a page shows for an instrument, or a dash in place of it.
_QUOTE = re.compile(r"[-–—−]|[+\-−]\s?\d[\d.,]*\s?%?|\d[\d.,]*\s?%|\([+\-−]?[\d.,]+\s?%\)")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)]*\Z")
_CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?(?:\s[A-Z]{2,4})?", re.IGNORECASE)
_SOURCE = re.compile(r"(?:source|quelle|fuente|fonte|источник)\s?:.{2,50}\Z", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_STAMP_LINE, _PARAGRAPH, _TAG_LENGTH = 160, 100, 40
_MAX_LINES = 20_000
# How far from the stamp a byline stands.
_BYLINE_LINES = 6


class StampLabel(IntEnum):
    """The meaning of a stamp by the words before it; a lower value takes precedence."""

    PUBLISHED = 0
    BARE = 1
    UPDATED = 2


@dataclass(frozen=True, slots=True)
class _StampLine:
    """A stamp in the text: its line, its meaning, and its words as written."""

    line: int
    label: StampLabel
    text: str


def parse_text(text: str, spec: NewsSpec, title: str = "") -> ArticleFields:
    """Return the fields of the article on a page saved as text.

    Parameters
    ----------
    text
        The page.
    spec
        Its source; its dialect sets the zone and the order of day and month.
    title
        The headline, if it is known from other than the text.

    Raises
    ------
    RejectedError
        ``empty``, ``too_large``, ``no_date``, ``two_dates`` or ``no_title``.
    """
    lines = [" ".join(line.split()) for line in repair_mojibake(clean(text)).split("\n")]
    if not any(lines):
        raise RejectedError("empty", "the page is empty")
    if len(lines) > _MAX_LINES:
        raise RejectedError("too_large", f"it has more than {_MAX_LINES:,} lines, the limit for a page")
    first, stamp, stamp_lines = _publication(lines, spec)
    end = _end(lines, first)
    title = title or _title(lines, first, end)
    tags, tag_lines = _tag_block(lines, first + 1, end)
    body = _body(lines, range(first + 1, end), title, tag_lines | stamp_lines)
    agency, site = boilerplate.dateline_source(body)
    site = site or publishers.of_imprint(lines[end:])
    near = lines[max(0, first - _BYLINE_LINES) : min(first + _BYLINE_LINES, end)]
    authors = next(filter(None, map(byline_names, near)), ())
    return ArticleFields(clean_title(title), body, stamp, "", agency, site, tags, authors)


# --- the stamp ------------------------------------------------------------------------------------------------------


def _end(lines: Sequence[str], stamp: int) -> int:
    """Return the line below a stamp at which the article ends."""
    return boilerplate.end_of_article(lines, stamp + 1)


def _publication(lines: Sequence[str], spec: NewsSpec) -> tuple[int, Stamp, set[int]]:
    """Return the line of the publication stamp, its value, and all lines that hold a stamp."""
    candidates = list(_stamp_lines(lines))
    if not candidates:
        raise RejectedError("no_date", "no line gives the time of publication, as in: Published 21/01/2015, 13:10")
    end = _end(lines, candidates[0].line)
    candidates = [c for c in candidates if c.line < end]
    label = min(c.label for c in candidates)
    chosen = [c for c in candidates if c.label is label]
    if label is StampLabel.BARE:
        chosen = list(_in_head(lines, chosen))
    distinct = {c.text: c for c in reversed(chosen)}
    parsed = [(c, _parse(c.text, spec)) for c in reversed(distinct.values())]
    timed = [p for p in parsed if p[1].precision is not Precision.DAY]
    days = {stamp.wall.date() for _, stamp in timed}
    # A day agrees with a time on that day; a bare day, such as one in a headline, never contradicts a bare time.
    other_days = [p for p in parsed if p not in timed and p[1].wall.date() not in days]
    stamps = timed if timed and label is StampLabel.BARE else timed + other_days
    for (one, stamp), (other, other_stamp) in pairwise(stamps):
        if stamp.at != other_stamp.at:
            detail = f"the page gives two times of publication, {one.text!r} and {other.text!r}"
            raise RejectedError("two_dates", detail)
    return stamps[0][0].line, stamps[0][1], {c.line for c in candidates}


def _parse(text: str, spec: NewsSpec) -> Stamp:
    try:
        return parse_source_stamp(text, spec)
    except ValueError as error:
        raise RejectedError("no_date", str(error)) from None


def _stamp_lines(lines: Sequence[str]) -> Iterator[_StampLine]:
    """Yield the stamps: dates at the end of a short line, after a label or after at most a few words."""
    for number, line in enumerate(lines):
        dates = date_spans(line) if 6 <= len(line) <= _STAMP_LINE else []
        if not dates or line.endswith(".") or boilerplate.is_caption(line):
            continue
        if not _may_follow(line[dates[-1][1] :]):
            continue
        before = 0
        for start, end in dates:
            before += _byline_end(line[before:start])
            words, text = line[before:start], line[before:end].strip()
            if len(words) <= 60 and _UPDATED.search(words):
                yield _StampLine(number, StampLabel.UPDATED, text)
            elif len(words) <= 60 and _PUBLISHED.search(words):
                yield _StampLine(number, StampLabel.PUBLISHED, text)
            elif (len(words) <= 30 and len(_WORD.findall(words)) <= 3) or _SOURCE.match(words):
                yield _StampLine(number, StampLabel.BARE, text)
            before = end


def _may_follow(rest: str) -> bool:
    """Return whether the rest of a line may stand behind its stamp: a few words, a byline, or short notes."""
    notes = [note.strip() for note in _NOTE_MARK.split(rest)]
    is_notes = not notes[0] and all(len(_WORD.findall(note)) <= 3 for note in notes)
    return len(rest) <= 25 or is_notes or bool(byline_names(rest.strip()))


def _byline_end(words: str) -> int:
    """Return the length of the byline that stands before a stamp; 0 if none does."""
    by, separator = words.rstrip().removesuffix(" on"), max(map(words.rfind, "|·•–—"))
    if by != words.rstrip() and byline_names(by):
        return len(words)
    return separator + 1 if separator > 0 and byline_names(words[:separator]) else 0


def _in_head(lines: Sequence[str], stamps: Sequence[_StampLine]) -> Iterator[_StampLine]:
    """Yield the bare stamps above the first paragraph; those below it belong to other articles."""
    for stamp in stamps:
        between = lines[stamps[0].line + 1 : stamp.line]
        if any(len(line) >= _PARAGRAPH and not boilerplate.is_caption(line) for line in between):
            return
        yield stamp


def head_stamps(text: str, title: str, spec: NewsSpec) -> Iterator[tuple[StampLabel, Stamp]]:
    """Yield the stamps in the visible text of a page between its headline and its first paragraph."""
    lines = list(filter(None, text.split("\n")))
    start = lines.index(title) + 1 if title in lines else 0
    head = list(takewhile(lambda line: len(line) < _PARAGRAPH or boilerplate.is_caption(line), lines[start:]))
    for stamp_line in _stamp_lines(list(_with_clocks(head))):
        above = head[stamp_line.line - 1] if stamp_line.line else ""
        label = stamp_line.label
        if label is StampLabel.BARE and len(above.split()) <= 2:
            label = StampLabel.UPDATED if _UPDATED.search(above) else label
            label = StampLabel.PUBLISHED if _PUBLISHED.search(above) else label
        with suppress(ValueError):
            yield label, parse_source_stamp(stamp_line.text, spec)


def _with_clocks(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines; a clock that stands alone joins the date above it, and leaves an empty line."""
    joined = False
    for line, below in pairwise([*lines, ""]):
        if not joined:
            joined = bool(_CLOCK.fullmatch(below)) and ":" not in line and bool(date_spans(line))
            yield f"{line} {below}" if joined else line
        else:
            joined = False
            yield ""


# --- the headline ---------------------------------------------------------------------------------------------------


def _title(lines: Sequence[str], stamp: int, end: int) -> str:
    """Return the headline: the first in the nearest block above the stamp that has one, else the first below it."""
    above = [block for block in _blocks(lines[:stamp]) if not all(map(boilerplate.is_banner, block))]
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
    raise RejectedError("no_title", "no line near the time of publication has the form of a headline")


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    """Return the runs of lines that are not empty; the last one may have no lines."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return blocks


def _is_plausible(line: str) -> bool:
    """Return whether a line can be a headline at all."""
    is_boilerplate = boilerplate.is_banner(line) or boilerplate.is_byline(line) or boilerplate.is_caption(line)
    return any(map(str.isalpha, line)) and len(line) <= 400 and not is_boilerplate


def _is_headline(line: str) -> bool:
    """Return whether a line has the form of a headline: some words, no full stop, no breadcrumb path."""
    path = " > " in line or " » " in line or " / " in line
    return _is_plausible(line) and len(line.split()) >= 3 and not line.endswith((".", ":")) and not path


# --- tags and paragraphs --------------------------------------------------------------------------------------------


def _tag_block(lines: Sequence[str], start: int, end: int) -> tuple[tuple[Tag, ...], set[int]]:
    """Return the instruments above the first paragraph, each with its change below it, and the lines of the block."""
    tags: list[Tag] = []
    used: set[int] = set()
    at = [i for i in range(start, end) if lines[i] and not boilerplate.is_caption(lines[i])]
    for above, below in pairwise(at):
        if len(lines[above]) >= _PARAGRAPH:
            break
        if not _QUOTE.fullmatch(lines[below]):
            continue
        if above not in used and len(lines[above]) <= _TAG_LENGTH and not _SENTENCE_END.search(lines[above]):
            tags.append(Tag(lines[above]))
        used |= {above, below} if tags else set()
    return tuple(tags), used


def _body(lines: Sequence[str], rows: range, title: str, used: set[int]) -> str:
    """Return the paragraphs in some lines, without those that are used otherwise."""
    texts = ["" if i in used or _is_boilerplate(lines[i], title) else lines[i] for i in rows]
    # Buttons and bylines precede the first paragraph.
    first = next((i for i, line in enumerate(texts) if len(line) >= _PARAGRAPH or _SENTENCE_END.search(line)), 0)
    return "\n\n".join("\n".join(block) for block in _blocks(texts[first:]) if block)


def _is_boilerplate(line: str, title: str) -> bool:
    is_pointer = boilerplate.points_elsewhere(line)
    return is_pointer or boilerplate.is_caption(line) or boilerplate.is_sign_off(line) or line == title
