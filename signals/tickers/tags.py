"""Find the codes in a text: ``(NYSE: IBM)``, ``<GAZP.MM>``, ``$GAZP``.

A code is found by its form alone. The resolver looks it up, and refuses it if no instrument has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from signals.tickers.aliases import Key, exchange_keys, normalised_ticker
from signals.tickers.exchanges import RIC_SUFFIXES, exchange_prefixes
from signals.types import Scheme, TagKind


@dataclass(frozen=True, slots=True)
class Code:
    """A code in a text, and its keys in the index of aliases."""

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
# One to six letters, optionally with a share class; $5B and US$ are money.
_CASHTAG = re.compile(r"(?<![\w$£€&/.])\$([A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)(?![\w$])")
_ISIN = re.compile(r"ISIN(?: (?:code|number|no\.?))?\s?[:#]?\s?\(?([A-Z]{2}[A-Z0-9]{9}[0-9])(?![A-Z0-9])")
_CIK = re.compile(r"CIK(?: (?:code|number|no\.?))?\s?[:#]?\s?\(?(\d{1,10})(?!\d)")
# The id of the central index key in the title of a filing: "8-K - MICROSOFT CORP (0000789019) (Filer)".
_FILER = re.compile(r"\((\d{10})\) \((?:Filer|Issuer|Subject|Reporting|Filed by)\)")
_PREFIX_SEPARATOR = r"\s*(?:/|,|&|\band\b)\s*"
_PREFIX_BREAK = re.compile(r"(?:(?<!\s)\s+)?(?:/|,|&|\band\b)\s*")

# Characters searched backwards for a list of exchanges, for a word and for an opening bracket, to bound the work.
_PREFIX_REACH = 80
_LONGEST_WORD = 20
_BRACKET_REACH = 200


class CodeFinder:
    """A finder of codes; `prefixes` are exchange prefixes beside those of `signals.tickers.exchanges`."""

    def __init__(self, prefixes: frozenset[str] = frozenset()) -> None:
        all_prefixes = exchange_prefixes(prefixes)
        prefix = "(?i:" + "|".join(r"[\s.-]?".join(map(re.escape, words)) for words in all_prefixes) + ")"
        self._prefixes = re.compile(rf"(?<![\w.$]){prefix}(?:{_PREFIX_SEPARATOR}{prefix}){{0,3}}\Z")
        self._last_words = {word.upper() for words in all_prefixes for word in (words[-1], "".join(words))}

    def find(self, text: str) -> Iterator[Code]:
        """Yield the codes of a normalised text, each kind in the order of the text."""
        yield from self._exchange_codes(text)
        for match in _matches_at("<", _RIC, text):
            yield _ric(match)
        for match in _matches_at("(", _BRACKETED_RIC, text):
            # Round brackets also hold abbreviations such as (D.C), so the suffix has to be one of Reuters.
            if match[2] in RIC_SUFFIXES:
                yield _ric(match)
        for match in _matches_at("$", _CASHTAG, text):
            yield Code(TagKind.CASHTAG, match.start(), match.end(), ((Scheme.CASHTAG, normalised_ticker(match[1])),))

        for mark, pattern in (("ISIN", _ISIN), ("CIK", _CIK), ("(0", _FILER)):
            if mark in text:
                for match in _matches_at(mark, pattern, text):
                    yield Code(TagKind.INLINE, match.start(1), match.end(1), (_identifier(match[1]),))

    def _exchange_codes(self, text: str) -> Iterator[Code]:
        for match in _matches_at(":", _COLON_CODE, text):
            end = match.start() - text[match.start() - 1 : match.start()].isspace()
            word = _LAST_WORD.search(text, max(0, end - _LONGEST_WORD), end)
            if word is None or word[0].upper() not in self._last_words:
                continue
            head = self._prefixes.search(text, max(0, end - _PREFIX_REACH), end)
            if head is None:
                continue
            bracketed, short = _is_bracketed(text, head.start()), len(head[0]) < 3
            # "NYSE: A" and "DE:X" outside brackets are often prose, and so is "(to: B)"; NYSE:IBM is a code anywhere.
            if (short and not head[0].isupper()) or (not bracketed and (short or match.start(1) - end > 1)):
                continue
            prefixes = _PREFIX_BREAK.split(head[0])
            yield Code(TagKind.INLINE, head.start(), match.end(), _all_keys(prefixes, match[1]))
            position = match.end()
            while bracketed and (more := _MORE_CODES.match(text, position)):
                yield Code(TagKind.INLINE, more.start(1), more.end(1), _all_keys(prefixes, more[1]))
                position = more.end()


def _identifier(text: str) -> Key:
    return (Scheme.CIK, text.lstrip("0")) if text.isdigit() else (Scheme.ISIN, text)


def _ric(match: re.Match[str]) -> Code:
    keys = ((Scheme.RIC, match[1]), (Scheme.YAHOO, match[1].upper()))
    return Code(TagKind.INLINE, match.start(1), match.end(1), keys)


def _matches_at(mark: str, pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern that begins with `mark`; many times as fast as a search for the pattern."""
    position = text.find(mark)
    while position >= 0:
        if match := pattern.match(text, position):
            yield match
        position = text.find(mark, position + 1)


def _all_keys(prefixes: list[str], ticker: str) -> tuple[Key, ...]:
    return tuple(key for prefix in prefixes for key in exchange_keys(prefix, ticker))


def _is_bracketed(text: str, position: int) -> bool:
    before = text[max(0, position - _BRACKET_REACH) : position]
    return max(map(before.rfind, "([")) > max(map(before.rfind, ")]"))
