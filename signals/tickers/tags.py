"""Codes that a writer put in the prose: ``(NYSE: IBM)``, ``<GAZP.MM>``, ``$GAZP``.

Nothing here knows an instrument; what is found is looked up elsewhere, and is a tag whether or not it is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from signals.tickers.aliases import Key, code, exchange_keys
from signals.tickers.exchanges import RIC_SUFFIXES, known_prefixes
from signals.types import Scheme, TagKind


@dataclass(frozen=True, slots=True)
class Code:
    """One code: where it stands, and what it may be looked up by."""

    kind: TagKind
    start: int
    end: int
    keys: tuple[Key, ...]


_CODE = r"[A-Z0-9]+(?:[./-][A-Z0-9]+)*(?:(?<=[A-Z0-9]{2})[a-z])?(?![A-Za-z0-9])"
_COLON_CODE = re.compile(rf":\s?({_CODE})")
_LAST_WORD = re.compile(r"\w+$")
_MORE_CODES = re.compile(rf"\s*(?:,|&|\band\b)\s*((?=[A-Z0-9.]{{2}}){_CODE})(?!\s?:)")
_RIC = re.compile(r"<(\.?[A-Z0-9][\w^=]*\.[A-Z]{1,3}|\.[A-Z0-9]+|[A-Z0-9]+=[A-Z]*|[A-Z]+c\d{1,2})>")
_BRACKETED_RIC = re.compile(r"\(([A-Z0-9]\w*\.([A-Z]{1,2}))\)")
# One to six letters, perhaps a class of share; $5B and US$ are money.
_CASHTAG = re.compile(r"(?<![\w$£€&/.])\$([A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)(?![\w$])")
_PREFIX_JOIN = r"\s*(?:/|,|&|\band\b)\s*"

# How far back, in characters, a list of exchanges and an opening bracket are looked for; it bounds the work.
_PREFIX_REACH = 80
_LONGEST_WORD = 20
_BRACKET_REACH = 200


class CodeFinder:
    """Finds codes in prose; `prefixes` are exchange prefixes known beside the usual ones."""

    def __init__(self, prefixes: frozenset[str] = frozenset()) -> None:
        known = known_prefixes(prefixes)
        prefix = "(?i:" + "|".join(r"[\s.-]?".join(map(re.escape, words)) for words in known) + ")"
        self._prefixes = re.compile(rf"(?<![\w.$]){prefix}(?:{_PREFIX_JOIN}{prefix}){{0,3}}\Z")
        self._last_words = {word.upper() for words in known for word in (words[-1], "".join(words))}

    def find(self, text: str) -> Iterator[Code]:
        """Yield the codes of a plain text, each kind in the order of the text."""
        yield from self._exchange_codes(text)
        for match in _at_each("<", _RIC, text):
            yield _ric(match)
        for match in _at_each("(", _BRACKETED_RIC, text):
            # In round brackets (D.C) and (U.S) stand too, so there the suffix has to be one that is known.
            if match[2] in RIC_SUFFIXES:
                yield _ric(match)
        for match in _at_each("$", _CASHTAG, text):
            yield Code(TagKind.CASHTAG, match.start(), match.end(), ((Scheme.CASHTAG, code(match[1])),))

    def _exchange_codes(self, text: str) -> Iterator[Code]:
        for match in _at_each(":", _COLON_CODE, text):
            end = match.start() - text[match.start() - 1 : match.start()].isspace()
            word = _LAST_WORD.search(text, max(0, end - _LONGEST_WORD), end)
            if word is None or word[0].upper() not in self._last_words:
                continue
            head = self._prefixes.search(text, max(0, end - _PREFIX_REACH), end)
            if head is None:
                continue
            bracketed, short = _bracketed(text, head.start()), len(head[0]) < 3
            # Outside brackets only NYSE:IBM is a code: "NYSE: A" and "DE:X" are prose as often as not. So is "(to: B)".
            if (short and not head[0].isupper()) or (not bracketed and (short or match.start(1) - end > 1)):
                continue
            prefixes = re.split(_PREFIX_JOIN, head[0])
            yield Code(TagKind.INLINE, head.start(), match.end(), _all_keys(prefixes, match[1]))
            at = match.end()
            while bracketed and (more := _MORE_CODES.match(text, at)):
                yield Code(TagKind.INLINE, more.start(1), more.end(1), _all_keys(prefixes, more[1]))
                at = more.end()


def _ric(match: re.Match[str]) -> Code:
    keys = ((Scheme.RIC, match[1]), (Scheme.YAHOO, match[1].upper()))
    return Code(TagKind.INLINE, match.start(1), match.end(1), keys)


def _at_each(mark: str, pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield where `pattern` matches at one of its marks; many times as fast as a search for the pattern."""
    at = text.find(mark)
    while at >= 0:
        if match := pattern.match(text, at):
            yield match
        at = text.find(mark, at + 1)


def _all_keys(prefixes: list[str], ticker: str) -> tuple[Key, ...]:
    return tuple(key for prefix in prefixes for key in exchange_keys(prefix, ticker))


def _bracketed(text: str, at: int) -> bool:
    before = text[max(0, at - _BRACKET_REACH) : at]
    return max(map(before.rfind, "([")) > max(map(before.rfind, ")]"))
