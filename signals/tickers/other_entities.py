"""Recognise that a word which is also a company's name stands for a person, a place, an address, a code or a credit.

The words beside it decide: a first name before it, "River" or "Street" after it, a number or a town before an
abbreviation. A line that credits reporters names nobody.
"""

from __future__ import annotations

import re

from signals.tickers.common_words import FIRST_NAMES, PLACES, TRADES
from signals.tickers.name_score import is_name_alone

_REACH = 60
_PLACE_WORD_LIST = """
    river rainforest basin forest jungle valley county township village region province peninsula island islands bay
    beach lake hills mountains mountain canyon desert creek coast delta reservoir dam heights bridge tunnel park
    airport stadium arena
"""
_STREET_WORD_LIST = "street st avenue ave road rd lane boulevard blvd plaza square highway parkway terrace quay"
_STREETS = "|".join(_STREET_WORD_LIST.split())
_PLACE_WORDS = frozenset([*_PLACE_WORD_LIST.split(), *_STREET_WORD_LIST.split()])
_STREET_ENDS = tuple(_STREET_WORD_LIST.split())
_STREET_AT_END = re.compile(rf"(?:{_STREETS})$", re.IGNORECASE)
_ON_A_STREET = re.compile(
    r"(?:\b(?:at|on|along|down|up|near|off|across|from|fills?|of|in)|\d) (?:[NSEW]\.? )?$", re.IGNORECASE
)
_PLACE_BEFORE = re.compile(
    r"\b(?:[Nn]ear|[Nn]orth of|[Ss]outh of|[Ee]ast of|[Ww]est of|[Dd]owntown|[Cc]ape|[Ll]ake|[Mm]ount|[Ff]ort|[Pp]ort)"
    r" $"
)
_BEFORE_PLACES = frozenset(["near", "of", "downtown", "cape", "lake", "mount", "fort", "port"])
_STATE_BEFORE = re.compile(r"[A-Z][a-z]+, $")
_STATE_AFTER = re.compile(r"[,.:;)]|$|\n| \d{5}\b|: |'s")
_TOWN_AFTER = re.compile(r", ([A-Z][a-z]+)(?:[,.;:)]|$|\s(?!(?:[A-Z]\w+ ?){1,2}(?:[,.;]|$)))")
_AMOUNT_BEFORE = re.compile(r"(?:^|[\s(])[$€£]?\d[\d.,]* ?$")
_INITIAL_BEFORE = re.compile(r"(?:^|[\s(])[A-Z]\. $")
_WORD_BEFORE = re.compile(r"([A-Z][a-z]+(?:-[A-Z][a-z]+)?) (?:[A-Z]\. )?$")
_BY = re.compile(r" [Bb]y:? ")
_CREDIT_WORD = re.compile(
    r"(?:^|[\n(;,.!?]\s*|additional )(?:reporting|writing|editing|compiled|translated|written|reported|edited"
    r"|photographs?|photos?|graphics?|production|and editing)$",
    re.IGNORECASE,
)
_CREDIT_LAST_LETTERS = "gdnsohcGDNSOHC"  # of reporting, compiled, production, photos, photo, photograph, graphic
_CREDIT_END = re.compile(r"[\n)]|$")
# Words with a capital because they begin a sentence, before a name: Planemaker Boeing.
_DESCRIPTOR = re.compile(r"(?:er|or|ist|ian|ese|ish|ant|ic|firm|group|giant)$")
_LONGEST_UNIT = 3
_CALENDAR_WORDS = """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december
"""
_CALENDAR = frozenset(_CALENDAR_WORDS.split())


def credit_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of a text that credit reporters, editors and photographers."""
    spans = []
    for mark in (" by", " By"):
        start = text.find(mark)
        while start >= 0:
            match = _BY.match(text, start) if text[max(0, start - 1) : start] in _CREDIT_LAST_LETTERS else None
            if match and _CREDIT_WORD.search(text, max(0, start - _REACH), start):
                spans.append((start, _CREDIT_END.search(text, match.end()).start()))  # type: ignore[union-attr]  # $ matches
            start = text.find(mark, start + 1)
    return spans


def is_person(text: str, start: int) -> bool:
    """Return whether a first name or an initial stands before the word at `start`."""
    head = text[max(0, start - _REACH) : start]
    before = _WORD_BEFORE.search(head)
    return bool(before and before[1].lower() in FIRST_NAMES) or _INITIAL_BEFORE.search(head) is not None


def is_second_name(text: str, start: int) -> bool:
    """Return whether a word that is only ever a name stands before the word at `start`: Klaus Schwab, Fuji Xerox."""
    if not text[text.rfind(" ", 0, max(0, start - 1)) + 1 : start].strip(" .-")[:1].isupper():
        return False
    head = text[max(0, start - _REACH) : start]
    before = _WORD_BEFORE.search(head)
    if before is None:
        return False
    word = before[1].lower()
    starts_sentence = not head[: before.start()].strip() or head[: before.start()].rstrip()[-1:] in ".:;!?-\n"
    if starts_sentence and _DESCRIPTOR.search(word):
        return False
    return word not in PLACES and word not in TRADES and word not in _CALENDAR and is_name_alone(word)


def is_place(text: str, start: int, end: int, before: str, after: str) -> bool:
    """Return whether the words beside the span make it a place, an address or the town of a state.

    `before` and `after` are the words beside it in small letters, "" where a mark or the end stands.
    """
    if after in _PLACE_WORDS:
        return True
    if before in _BEFORE_PLACES and _PLACE_BEFORE.search(text, max(0, start - _REACH), start):
        return True
    if (
        text[start:end].rpartition(" ")[2].lower().endswith(_STREET_ENDS)
        and _STREET_AT_END.search(text, start, end)
        and _ON_A_STREET.search(text, max(0, start - _REACH), start)
    ):
        return True
    town = _TOWN_AFTER.match(text, end) if text.startswith(", ", end) else None
    return bool(town and town[1].lower() in PLACES)


def is_code_or_unit(text: str, start: int, end: int) -> bool:
    """Return whether a short word in capitals is the code of a state after its town, or a unit after a number."""
    if end - start > _LONGEST_UNIT or not text[start:end].isupper():
        return False
    head = text[max(0, start - _REACH) : start]
    if _AMOUNT_BEFORE.search(head):
        return True
    return end - start == 2 and bool(_STATE_BEFORE.search(head) and _STATE_AFTER.match(text, end))
