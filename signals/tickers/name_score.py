"""Score how likely an ordinary word with a capital is the name of a company, by figures learned from headlines.

    score = BIAS + W_USE use(word) + W_AFTER after(next words) + W_BEFORE before(previous word)
            + W_NAMED (the rules of the context show a name) + W_CAPITAL (only a capital inside a sentence does)

The first three figures are logarithms of odds from `word_figures.csv`: how far the word itself is written as a name,
and how far the words beside it go with names. `benchmarks/learn_names.py` computes them and the weights.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_BIAS, _W_USE, _W_AFTER, _W_BEFORE, _W_NAMED, _W_CAPITAL = -0.3, 0.4, 0.8, 0.3, 1.0, 2.0

_FIGURES = Path(__file__).with_name("word_figures.csv")
_REACH = 40
_NEXT = re.compile(r"(['`]s\b|'(?=\s))|(\s+-+\s+|[^\w\s$&'-]+\s*|-|\s*$)|\s+([\w$&]+)(?:\s+([\w]+))?")
_LAST = re.compile(r"([\w$&']+)\s+\Z|([^\w\s]+)\s*\Z")
_Figures = tuple[float | None, float, float]


class WordScore(NamedTuple):
    """The three figures of a word in its context; `use` is None for a word that is never in small letters."""

    use: float | None
    after: float
    before: float

    def parts(self, named: bool, capital: bool, title_case: bool = False) -> tuple[float, ...]:
        """Return the figures in the order of the weights; a capital in title case counts less."""
        use = _UNSEEN_USE if self.use is None else self.use
        return (
            max(-_CLIP, min(_CLIP, use)),
            self.after,
            self.before,
            float(named),
            capital * (_IN_TITLE_CASE if title_case else 1.0),
        )

    def total(self, named: bool, capital: bool, title_case: bool = False) -> float:
        """Return the logarithm of the odds that the word is a name, in a context that shows one or has a capital."""
        return sum(
            (weight * part for weight, part in zip(_WEIGHTS, self.parts(named, capital, title_case), strict=True)),
            _BIAS,
        )


_WEIGHTS = (_W_USE, _W_AFTER, _W_BEFORE, _W_NAMED, _W_CAPITAL)
_CLIP, _UNSEEN_USE, _IN_TITLE_CASE = 5.0, 5.0, 0.85


def neighbours(text: str, start: int, end: int) -> tuple[str, tuple[str, ...]]:
    """Return the word before a span and the phrases after it, the longest first, in small letters.

    A mark stands for itself, with an A if a capital follows; an end is ``^``. After "to", "not" and "in" the phrase of
    two words counts before the first word alone, of which ``to *`` is any verb.
    """
    last = _LAST.search(text[max(0, start - _REACH) : start])
    before = "^" if last is None else (last[1] or last[2]).lower()
    return _number(before), _following(text, end)


def _following(text: str, end: int) -> tuple[str, ...]:
    match = _NEXT.match(text, end)
    if match is None:
        return ("^",)
    possessive, mark, word, second = match.groups(default="")
    if possessive:
        return ("'s",)
    if not word:
        return ((mark.strip() + _capital(text[match.end() : match.end() + 1])) or "^",)
    word, second_word = word.lower(), second.lower()
    if word in ("to", "not", "in") and second:
        return f"{word} {second_word}", (word if word == "in" else f"{word} *")
    if word in ("and", "&"):
        return (word + _capital(second),)
    return (_number(word),)


def _capital(text: str) -> str:
    """Return a mark of a capital at the start of a text."""
    return "A" if text[:1].isupper() else ""


def _number(word: str) -> str:
    return "0" if word[:1].isdigit() else word


def word_score(text: str, start: int, end: int) -> WordScore:
    """Return the figures of the single word from `start` to `end`."""
    before, after = neighbours(text, start, end)
    figures = _figures()
    word = text[start:end].lower()
    following = next((figures[phrase][1] for phrase in after if phrase in figures), 0.0)
    if after[0].startswith("to ") and after[0] in figures and following >= _COMPANY_VERB:
        following = max(following, _INFINITIVE)
    return WordScore(figures.get(word, _NONE)[0], following, figures.get(before, _NONE)[2])


# "Target to hire": an infinitive that companies are the subject of is a headline about one.
_COMPANY_VERB, _INFINITIVE = 0.5, 2.0
_NONE: _Figures = (None, 0.0, 0.0)


@cache
def _figures() -> dict[str, _Figures]:
    with _FIGURES.open(encoding="utf-8", newline="") as file:
        next(file)
        next(file)
        return {word: (float(u) if u else None, float(a or 0), float(b or 0)) for word, u, a, b in csv.reader(file)}


def word_use(word: str) -> float | None:
    """Return how far a word is written as a name, None for a word that is never in small letters."""
    return _figures().get(word.lower(), _NONE)[0]


def is_ordinary(word: str) -> bool:
    """Return whether a word in small letters is mostly, or fairly often, no name."""
    use = _figures().get(word, _NONE)[0]
    return use is not None and use < _ORDINARY


def is_name_alone(word: str) -> bool:
    """Return whether a word is never written in small letters, so that it can stand for the rest of a name."""
    use = _figures().get(word.lower(), _NONE)[0]
    return use is None or use > _NEVER_SMALL


_ORDINARY, _NEVER_SMALL = 2.0, 3.0
