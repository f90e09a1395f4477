"""Find the places of an article that may name an instrument: codes, names and the publisher's tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from signals.tickers.aliases import InstrumentAlias, Key, normalised_ticker, tag_keys
from signals.tickers.legal_forms import legal_form_end
from signals.tickers.matcher import Automaton, Matcher
from signals.tickers.name_context import NameContext, is_title_case, name_context, scored_context
from signals.tickers.names import Requirement
from signals.tickers.other_entities import credit_spans, is_person, is_second_name
from signals.tickers.tags import CodeFinder
from signals.types import Article, Scheme, TagKind

PARTS = ("title", "body", "tags")

_CODE_REACH = 24  # characters between a name, with its legal form, and the bracket of its code
_START = attrgetter("start")
_MAX_OCCURRENCES = 20_000  # in one text, to bound the work on input that is no article


class Occurrence(NamedTuple):
    """A code, name or tag at one place of an article.

    `start` and `end` are offsets into the normalised text of the part, for a tag its number. `context` is the context
    of a name whose alias depends on it.
    """

    kind: TagKind
    keys: tuple[Key, ...]
    part: str
    start: int
    end: int
    context: NameContext | None = None


class Scanner:
    """A finder of the aliases of an index."""

    def __init__(self, index: Mapping[Key, Sequence[InstrumentAlias]]) -> None:
        self._names: Matcher = Automaton(text for scheme, text in index if scheme is Scheme.NAME)
        self._context_names = {
            text for (_, text), aliases in index.items() if any(alias.depends_on_context for alias in aliases)
        }
        self._scored_names = {
            text
            for (_, text), aliases in index.items()
            if any(alias.depends_on_context and alias.requirement is not Requirement.NONE for alias in aliases)
        }
        self._index = index
        self._own_codes = {
            alias.ticker: key
            for key, aliases in index.items()
            if key[0] is Scheme.EXCHANGE
            for alias in aliases
            if key[1].endswith(f":{normalised_ticker(alias.ticker)}")
        }
        self._codes = CodeFinder(
            frozenset(
                each.alias.text.strip("()[]").rpartition(":")[0]
                for (scheme, _), aliases in index.items()
                if scheme is Scheme.EXCHANGE
                for each in aliases
            )
        )

    def is_scored(self, occurrence: Occurrence) -> bool:
        """Return whether the context of a name depends on the figures of its words."""
        return any(text in self._scored_names for _, text in occurrence.keys)

    def occurrences(self, article: Article, texts: Mapping[str, str]) -> Iterator[Occurrence]:
        """Yield the occurrences in an article, in order; `texts` are its normalised title and body."""
        in_texts = [
            sorted(islice(self._in_text(part, text), _MAX_OCCURRENCES), key=_START)
            for part, text in texts.items()
            if text
        ]
        yield from _without_persons([occurrence for each in in_texts for occurrence in each], texts)
        for n, tag in enumerate(article.tags):
            yield Occurrence(TagKind.PAGE_TAG, tag_keys(tag.text, tag.scheme), "tags", n, n)

    def _in_text(self, part: str, text: str) -> Iterator[Occurrence]:
        codes = list(islice(self._codes.find(text), _MAX_OCCURRENCES))
        for code in codes:
            yield Occurrence(code.kind, code.keys, part, code.start, code.end)
        # NYSE in (NYSE:ICE) is not the company of that name.
        without_codes = _masked(text, sorted((code.start, code.end) for code in codes)) if codes else text
        upper_case = part == "title" and text.isupper()
        credit_lines, last = credit_spans(text), -1
        title_case: bool | None = upper_case or (None if part == "title" else False)
        for start, end, names in self._names.find(without_codes, any_case=upper_case):
            context = None
            if not self._context_names.isdisjoint(names):
                title_case = is_title_case(text) if title_case is None else title_case
                context = name_context(text, start, end, title_case)
                if not self._scored_names.isdisjoint(names):
                    context = scored_context(text, start, end, context, title_case)
                if context in _OPEN and not title_case and start - 1 != last and is_second_name(text, start):
                    context = NameContext.OTHER if " " not in text[start:end] else context
            last = end
            if any(low <= start < high for low, high in credit_lines):
                continue
            yield Occurrence(TagKind.NAME, tuple([(Scheme.NAME, name) for name in names]), part, start, end, context)
            if "(" in text[end : end + _CODE_REACH] or "[" in text[end : end + _CODE_REACH]:
                yield from self._own_code(part, text, end, names)

    def _own_code(self, part: str, text: str, end: int, names: Sequence[str]) -> Iterator[Occurrence]:
        """Yield the bare code in brackets after a name, if it is that of an instrument with this name."""
        match = _BRACKETED_CODE.match(text, legal_form_end(text, end))
        if match is None or not match[1].isupper():
            return
        tickers = {alias.ticker for name in names for alias in self._index.get((Scheme.NAME, name), ())}
        code = normalised_ticker(match[1])
        keys = [self._own_codes[t] for t in sorted(tickers) if normalised_ticker(t) == code and t in self._own_codes]
        if keys:
            yield Occurrence(TagKind.INLINE, tuple(keys), part, match.start(1), match.end(1))


_BRACKETED_CODE = re.compile(
    r" ?[(\[](?:(?:ticker|symbol|stock|nyse/nasdaq)(?: symbol)?:? )?\$?([A-Z][A-Z0-9]{0,5}(?:[./-][A-Z]{1,2})?)[)\]]",
    re.IGNORECASE,
)


def _without_persons(occurrences: Sequence[Occurrence], texts: Mapping[str, str]) -> Sequence[Occurrence]:
    """Return the occurrences, where the surname of a person whom the article introduces names no company."""
    others = [each for each in occurrences if each.context is NameContext.OTHER]
    persons = {
        _written(each, texts)
        for each in others
        if is_person(texts[each.part], each.start) or is_second_name(texts[each.part], each.start)
    }
    if not persons:
        return occurrences

    def is_company(each: Occurrence) -> bool:
        if each.context is None or each.context is NameContext.LEGAL_FORM or _written(each, texts) not in persons:
            return True
        return _CORPORATE.match(texts[each.part], each.end) is not None

    return [each if is_company(each) else each._replace(context=NameContext.OTHER) for each in occurrences]


_OPEN = frozenset(
    [NameContext.NAMED, NameContext.CAPITAL, NameContext.NEUTRAL, NameContext.BOUND, NameContext.FOLLOWED]
)
_CORPORATE = re.compile(r"(?:'s)? (?:shares?|stock|profit|earnings|revenues?|dividend|shareholders)\b", re.IGNORECASE)


def _written(occurrence: Occurrence, texts: Mapping[str, str]) -> str:
    return texts[occurrence.part][occurrence.start : occurrence.end]


def in_reading_order(occurrences: Sequence[Occurrence]) -> Sequence[Occurrence]:
    """Return occurrences in the order of title, body and tags."""
    if len(occurrences) < 2:
        return occurrences
    return sorted(occurrences, key=lambda each: (PARTS.index(each.part), each.start))


def _masked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return a text of the same length with its spans, given in order, replaced by null characters."""
    parts, done = [], 0
    for start, end in spans:
        parts += [text[done:start], "\0" * (end - max(done, start))]
        done = max(done, end)
    return "".join([*parts, text[done:]])
