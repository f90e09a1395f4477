"""Find the places of an article that may name an instrument: codes, names and the publisher's tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from signals.tickers.aliases import InstrumentAlias, Key, tag_keys
from signals.tickers.matcher import Automaton, Matcher
from signals.tickers.name_context import NameContext, is_title_case, name_context
from signals.tickers.tags import CodeFinder
from signals.types import Article, Scheme, TagKind

PARTS = ("title", "body", "tags")

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
        self._codes = CodeFinder(
            frozenset(
                each.alias.text.strip("()[]").rpartition(":")[0]
                for (scheme, _), aliases in index.items()
                if scheme is Scheme.EXCHANGE
                for each in aliases
            )
        )

    def occurrences(self, article: Article, texts: Mapping[str, str]) -> Iterator[Occurrence]:
        """Yield the occurrences in an article, in order; `texts` are its normalised title and body."""
        for part, text in texts.items():
            if text:
                yield from sorted(islice(self._in_text(part, text), _MAX_OCCURRENCES), key=_START)
        for n, tag in enumerate(article.tags):
            yield Occurrence(TagKind.PAGE_TAG, tag_keys(tag.text, tag.scheme), "tags", n, n)

    def _in_text(self, part: str, text: str) -> Iterator[Occurrence]:
        codes = list(islice(self._codes.find(text), _MAX_OCCURRENCES))
        for code in codes:
            yield Occurrence(code.kind, code.keys, part, code.start, code.end)
        # NYSE in (NYSE:ICE) is not the company of that name.
        without_codes = _masked(text, sorted((code.start, code.end) for code in codes)) if codes else text
        upper_case = part == "title" and text.isupper()
        title_case: bool | None = upper_case or (None if part == "title" else False)
        for start, end, names in self._names.find(without_codes, any_case=upper_case):
            context = None
            if not self._context_names.isdisjoint(names):
                title_case = is_title_case(text) if title_case is None else title_case
                context = name_context(text, start, end, title_case)
            yield Occurrence(TagKind.NAME, tuple([(Scheme.NAME, name) for name in names]), part, start, end, context)


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
