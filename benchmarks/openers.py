"""Texts that make a reader slow if it can be made slow: openers that nothing closes, repeated, alone and in pairs.

`UNITS` are those of all kinds. `units_of` derives more from a pattern of `re`: each beginning of its shortest match,
and what each of its repetitions repeats. Whatever makes a search start over at each place is a repeated beginning;
whatever makes a repetition be given back is a repetition without its end.
"""

from __future__ import annotations

import random
import re
import re._constants as sre
import re._parser as parser
from collections.abc import Iterator, Sequence
from typing import Any

#: Openers, separators and fragments, each repeated as it stands.
UNITS: tuple[str, ...] = (
    "<![CDATA[", "]]>", "<", "</", "<!--", "-->", "<!", "<?", "<!DOCTYPE [", "<!ENTITY a 'b'>", "<a ", "<a href='",
    "<p>", "<item>", "<p ", "<script>", "<b", ">", "[", "]", "[]", "{", "}", '{"a":', '["', '"', '""', "'",
    "\\", '\\"',
    "(", ")", "()", "&", "&#", "&#x", "&a;", "&amp;", "&lt;", " ", "  ", "\t", "\n", "\r", "\r\n", "\n\n",
    " \n", "\n ",
    "0", "1", "12", "1,", "1.", "1 ", "-", "--", "- ", "–", ",", ", ", ";", ":", "::", "/", "//", "|", "=", "%", "%2",
    "+", "*", "#", "@", "a@", "$", "$A ", "_", "~", "^", "?", "!", "...", "\u0301", "\u0316", "\u0301\u0316",
    "e\u0301",
    "\u0327\u0316\u0301", "\u200b", "\u202e", "\u00ad", "\u00a0", "\u2028", "\u0085", "\ufeff", "\ufb01",
    "中", "Я", "é",
    "İ", "𝔘", "«", "»", "“", "’", "•", "©", "€", "a", "A", "a ", "A ", "Aa ", "AAPL ", "AAPL, ", "A.", "a.b.", "1.1.",
    "12 Jan 20", "12 Jan 2020 ", "Jan ", "2020-01-", "2020-01-02T", "10:", "10:30 ", "AM ", "GMT", "+01:",
    "Published ", "http://", "http://a.b/", "www.", "www.a", ".com ", "(NYSE:", "(NYSE: A", "NYSE:A ",
    "(A) ", "(A.B) ", "AAPL.O ",
    "AAPL US ", "ISIN ", "US0378331005 ", "Inc ", "Inc. ", "said ", "By ", "(Reuters) - ", "trading on ", "Mr. ",
    "a, ", "a.", "a. ", "word ", "word, ", "Word Word ", "News ", "and ", "%s", "\x00", "\x0b", "\x1c", "\ud7ff", "a-",
    "A&", "A & B ", "1e", "1e5,", "nan,", "0x", "Date,", "sep=", "<DATE>", "Disallow: *", "Allow: /*", "*a",
    "User-agent: ",
)  # fmt: skip

ENDS = ("", "!")
#: Units of one pattern; the names of months in 25 languages alone would make thousands.
MOST = 120


def pairs(count: int, seed: int) -> Iterator[str]:
    """Yield random pairs and triples of units."""
    choice = random.Random(seed)
    for _ in range(count):
        yield "".join(choice.choices(UNITS, k=choice.choice((2, 2, 3))))


# --- from a pattern -------------------------------------------------------------------------------------------------

#: The nodes of the standard library's parser of patterns, which it leaves untyped.
Node = Any

_CATEGORIES = {
    sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a", sre.CATEGORY_NOT_DIGIT: "-",
    sre.CATEGORY_NOT_SPACE: "a", sre.CATEGORY_NOT_WORD: "-",
}  # fmt: skip
_SAMPLES = "a1 -A.,<(\"'\n/:é&;"
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


def units_of(pattern: re.Pattern[Any]) -> tuple[str, ...]:
    """Return what to repeat for a pattern, without doubles, shortest first."""
    source = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    tree = parser.parse(source if isinstance(pattern.pattern, str) else pattern.pattern, flags)
    shortest = _shortest(tree)
    units = {shortest, *_pumps(tree, "")}
    units |= {unit + unit[:1] for unit in list(units)}
    ordered = sorted(filter(None, units), key=lambda unit: (len(unit), unit))
    return tuple(ordered if len(ordered) <= MOST else random.Random(1).sample(ordered, MOST))


def _shortest(nodes: Sequence[Node]) -> str:
    """Return a short text that matches some nodes, but for look-around and references."""
    return "".join(next(iter(_sample(op, value)), "") for op, value in nodes)


def _sample(op: Node, value: Node) -> Sequence[str]:
    """Return some texts that a node matches, the first of them short."""
    if op is sre.LITERAL:
        return [chr(value)]
    if op is sre.NOT_LITERAL:
        return [c for c in _SAMPLES if ord(c) != value][:3]
    if op is sre.ANY:
        return ["a", "<"]
    if op is sre.IN:
        return [c for c in _SAMPLES if _is_in(c, value)][:4] or _members(value)[:2]
    if op is sre.BRANCH:
        return sorted({_shortest(branch) for branch in value[1]}, key=len)[:12]
    if op in _REPEATS:
        least, _, inner = value
        samples = _branches(inner)
        return [next(iter(samples), "") * least, *(each * max(least, 1) for each in samples)]
    if op is sre.SUBPATTERN:
        return _branches(value[3])
    if op is sre.ATOMIC_GROUP:
        return _branches(value)
    return []


def _branches(nodes: Sequence[Node]) -> Sequence[str]:
    if len(nodes) == 1:
        return _sample(*nodes[0])
    return [_shortest(nodes)]


def _is_in(character: str, items: Sequence[Node]) -> bool:
    negated = bool(items) and items[0][0] is sre.NEGATE
    code = ord(character)
    hit = False
    for op, value in items:
        if op is sre.LITERAL:
            hit |= code == value
        elif op is sre.RANGE:
            hit |= value[0] <= code <= value[1]
        elif op is sre.CATEGORY:
            hit |= _in_category(character, value)
    return hit != negated


def _in_category(character: str, category: Node) -> bool:
    tests = {
        sre.CATEGORY_DIGIT: character.isdigit(), sre.CATEGORY_SPACE: character.isspace(),
        sre.CATEGORY_WORD: character.isalnum() or character == "_",
    }  # fmt: skip
    opposite = {
        sre.CATEGORY_NOT_DIGIT: sre.CATEGORY_DIGIT, sre.CATEGORY_NOT_SPACE: sre.CATEGORY_SPACE,
        sre.CATEGORY_NOT_WORD: sre.CATEGORY_WORD,
    }  # fmt: skip
    return not tests[opposite[category]] if category in opposite else tests[category]


def _members(items: Sequence[Node]) -> list[str]:
    """Return the first characters of a class that has none of the usual samples."""
    members = []
    for op, value in items:
        if op is sre.LITERAL:
            members.append(chr(value))
        elif op is sre.RANGE:
            members.append(chr(value[0]))
        elif op is sre.CATEGORY:
            members.append(_CATEGORIES.get(value, "a"))
    return members


def _pumps(nodes: Sequence[Node], before: str) -> Iterator[str]:
    """Yield each beginning of a match, each thing that a repetition repeats, and the two together."""
    prefix = before
    for op, value in nodes:
        if op in _REPEATS:
            for inner in _branches(value[2]):
                yield inner
                yield prefix + inner
            yield from _pumps(value[2], "")
        elif op is sre.BRANCH:
            for branch in value[1]:
                yield prefix + _shortest(branch)
                yield from _pumps(branch, "")
        elif op is sre.SUBPATTERN:
            yield from _pumps(value[3], prefix)
        elif op is sre.ATOMIC_GROUP:
            yield from _pumps(value, prefix)
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            yield _shortest(value[1])
            yield from _pumps(value[1], prefix)
        elif op is sre.IN:
            yield from (prefix + each for each in _sample(op, value))
        samples = _sample(op, value)
        prefix += samples[0] if samples else ""
        yield prefix
