"""Many names, one text: where which of them stands.

`Matcher` is the seam: the resolver knows no more of matching than `find`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

_WORD = re.compile(r"\w+")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-"})


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of text, and the names that are written so."""

    start: int
    end: int
    names: tuple[str, ...]


class Matcher(Protocol):
    """Finds the names it was made with, whole words only, the longest where several begin together."""

    def find(self, text: str, any_case: bool) -> Iterator[Found]:
        """Yield what stands in `text` (NFC) in order and without overlap; `any_case` lets case differ."""
        ...


@dataclass(frozen=True, slots=True)
class _Pattern:
    name: str
    words: tuple[str, ...]
    folded: tuple[str, ...]
    gaps: tuple[str, ...]
    any_case: bool


class WordMatcher:
    """A `Matcher` that looks up each word of the text among the first words of the names.

    Its cost grows with the text and hardly with the number of names. Between words any white space is as good as any
    other. A name that is all lower case (a common noun such as "natural gas") matches in any case.
    """

    def __init__(self, names: Iterable[str]) -> None:
        by_first: defaultdict[str, list[_Pattern]] = defaultdict(list)
        for name in sorted(set(names)):
            tokens = list(_WORD.finditer(name))
            if tokens:
                words = tuple(token[0] for token in tokens)
                folded = tuple(word.casefold() for word in words)
                gaps = tuple(_gap(name, a, b) for a, b in pairwise(tokens))
                by_first[folded[0]].append(_Pattern(name, words, folded, gaps, name.islower()))
        self._by_first = {first: sorted(group, key=lambda p: -len(p.words)) for first, group in by_first.items()}

    def find(self, text: str, any_case: bool) -> Iterator[Found]:
        """Yield what stands in `text`; see `Matcher`."""
        tokens = list(_WORD.finditer(text))
        free = 0
        for n, token in enumerate(tokens):
            group = self._by_first.get(token[0].casefold())
            if group is None or n < free or text[token.start() - 1 : token.start()] == "@":
                continue
            longest: list[_Pattern] = []
            for pattern in group:
                if longest and len(pattern.words) < len(longest[0].words):
                    break
                if _stands(pattern, text, tokens[n : n + len(pattern.words)], any_case):
                    longest.append(pattern)
            if longest:
                free = n + len(longest[0].words)
                yield Found(token.start(), tokens[free - 1].end(), tuple(pattern.name for pattern in longest))


def words(text: str) -> list[str]:
    """Return the words of a text, case folded."""
    return [word.casefold() for word in _WORD.findall(text)]


def _stands(pattern: _Pattern, text: str, tokens: list[re.Match[str]], any_case: bool) -> bool:
    if any_case or pattern.any_case:
        same = tuple(token[0].casefold() for token in tokens) == pattern.folded
    else:
        same = tuple(token[0] for token in tokens) == pattern.words
    return same and all(_gap(text, a, b) == gap for (a, b), gap in zip(pairwise(tokens), pattern.gaps, strict=True))


def _gap(text: str, before: re.Match[str], after: re.Match[str]) -> str:
    between = text[before.end() : after.start()]
    return " " if between.isspace() else " ".join(between.translate(_APOSTROPHES).split())
