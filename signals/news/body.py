"""Choose the body of a page among what several readers find in it.

The readers are the declared layout of the publisher, our own reading of the page's blocks, the fast and the full
extraction of trafilatura, and what the page states outside its elements: the ``articleBody`` of its JSON-LD and the
state of its scripts. A declared layout that fits is final. Otherwise the text that a page states is the measure: the
visible text that agrees with it is taken, and the stated one where it has what is not visible. Without it our own
reading is taken if the fast extraction agrees; where they differ, the full one is asked too (see `_decide`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from signals.news import boilerplate
from signals.news.articles import clean
from signals.news.blocks import BlockReading, read_blocks
from signals.news.markup import Element, parse_markup, visible_text
from signals.news.page_state import prose_of_scripts

# trafilatura visits every element several times; on larger pages it takes longer than all other parsing together.
_MAX_EXTRACTED_ELEMENTS = 20_000
_SHORT = 250
#: The share of common words from which two readings are of the same text.
_SAME, _CONTAINED, _OTHER = 0.9, 0.8, 0.5
_LONGER = 1.25
#: The length of a description that says what the article says, and a clear difference of two shares.
_DESCRIBED, _CLEARLY = 80, 0.2
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a page states about its text: the whole body in its JSON-LD, and its description. Both may be empty."""

    body: str = ""
    description: str = ""


def read_body(declared: Sequence[Element], root: Element, statement: Statement, title: str) -> str:
    """Return the paragraphs of the article on a page, by the reader that fits it best."""
    if declared:
        return _lines("\n".join(map(visible_text, declared)), title)
    stated = _lines(parse_markup(statement.body)[0], title) if statement.body else ""
    visible = _visible(root, title, stated, statement.description)
    text = _complete(visible, stated)
    if len(text) < 2 * _SHORT:
        text = _complete(text, _lines("\n".join(prose_of_scripts(root)), title))
    return text or _lines("\n".join(map(visible_text, root.xpath("//article//p") or root.xpath("//p"))), title)


def _visible(root: Element, title: str, stated: str, description: str) -> str:
    """Return the text of the reader that fits the page best."""
    reading = read_blocks(root, title)
    fast = _extract(root, title, reading, fast=True)
    own = _own(reading, title, fast)
    if own and _overlap(own, fast) >= _SAME and (not stated or _overlap(own, stated) >= _SAME):
        return own
    if own and not stated and _share(own, fast) >= _CONTAINED and len(own) > len(fast) / 2:
        return own  # what the fast extraction has besides stands around it, and the full one would have more of that
    full = _extract(root, title, reading, fast=False)
    if stated:
        return max((own, fast, full), key=lambda text: _overlap(text, stated))
    return _decide(own, max(fast, full, key=len), description)


def _decide(own: str, extracted: str, description: str) -> str:
    """Return our own reading or the extracted text where they differ and the page does not state its body.

    If one of them is a part of the other, our own reading is taken unless it is less than half of the extracted text:
    what it has besides is prose beside the rest, and what it lacks stands around the article. If they are different
    texts, the one that has the words of the page's description is taken, else the longer one.
    """
    if not own or not extracted:
        return own or extracted
    if _share(extracted, own) >= _CONTAINED:
        return own
    if _share(own, extracted) >= _CONTAINED:
        return own if len(own) > len(extracted) / 2 else extracted
    described = (_share(description, own), _share(description, extracted)) if len(description) > _DESCRIBED else (0, 0)
    if abs(described[0] - described[1]) > _CLEARLY:
        return own if described[0] > described[1] else extracted
    return max(own, extracted, key=len)


def _own(reading: BlockReading, title: str, other: str) -> str:
    """Return our own reading; passages that are not certain are part of it if another text has them."""
    lines = frozenset(other.split("\n\n")) if other else None
    return _lines(
        "\n".join(p.text for p in reading.passages if p.is_certain or lines is None or p.text in lines), title
    )


def _complete(visible: str, stated: str) -> str:
    """Return the visible text, or the stated one if that is longer and holds the visible one, or is another text."""
    if not visible or not stated:
        return visible or stated
    contained = _share(visible, stated)
    longer = len(stated) > _LONGER * len(visible)
    return stated if longer and not _OTHER <= contained < _CONTAINED else visible


# --- words in common ------------------------------------------------------------------------------------------------


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def _overlap(one: str, other: str) -> float:
    """Return the F1 of the words of two texts."""
    words, others = _words(one), _words(other)
    return 2 * (words & others).total() / max(words.total() + others.total(), 1)


def _share(part: str, whole: str) -> float:
    """Return the share of the words of a text that another one has."""
    words = _words(part)
    return (words & _words(whole)).total() / max(words.total(), 1)


# --- lines ----------------------------------------------------------------------------------------------------------


def _lines(text: str, title: str) -> str:
    """Return the paragraphs of a text without headline, captions, sign-offs and what stands below the article."""
    lines = [" ".join(line.removeprefix("- ").split()) for line in clean(text).split("\n")]
    first = next((n for n, line in enumerate(lines) if _is_sentence(line)), 0)
    end = next((n for n in range(first, len(lines)) if boilerplate.ends_article(lines[n])), len(lines))
    last = next((n for n in range(end - 1, first, -1) if boilerplate.is_paragraph(lines[n])), first)
    # A line that points elsewhere ends the article if no paragraph follows it.
    end = next((n for n in range(last, end) if boilerplate.points_elsewhere(lines[n])), end)
    lines, headline = lines[:end], title.casefold()
    return "\n\n".join(line for line in lines if line and line.casefold() != headline and not _is_boilerplate(line))


def _is_sentence(line: str) -> bool:
    """Return whether a line is a sentence of the article, after which a notice of copyright ends it."""
    return boilerplate.ends_sentence(line) and not _is_boilerplate(line)


def _is_boilerplate(line: str) -> bool:
    is_end = boilerplate.ends_article(line) or boilerplate.points_elsewhere(line)
    return is_end or boilerplate.is_caption(line) or boilerplate.is_sign_off(line)


# --- trafilatura ----------------------------------------------------------------------------------------------------


def _extract(root: Element, title: str, reading: BlockReading, fast: bool) -> str:
    """Return the text that trafilatura extracts, by its own rules or with its fallbacks, without others' lines."""
    text = _lines(_extracted(root, fast), title)
    return "\n\n".join(line for line in text.split("\n\n") if line not in reading.others)


def _extracted(root: Element, fast: bool) -> str:
    import trafilatura  # takes a second to load, and most archives, feeds and pages need none of it

    if sum(1 for _ in root.iter()) > _MAX_EXTRACTED_ELEMENTS:
        return ""
    try:
        # Not `extract`, which normalises long runs of combining marks before `clean` can bound them.
        page = trafilatura.bare_extraction(
            root, fast=fast, include_comments=False, include_tables=True, include_formatting=False,
            include_links=False, deduplicate=False, with_metadata=False,
        )  # fmt: skip
    except Exception:  # it fails on some pages, such as very deeply nested ones; their paragraphs remain
        return ""
    return getattr(page, "text", None) or ""
