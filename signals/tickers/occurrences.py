"""Where in an article something stands that may be an instrument: codes, names and the publisher's tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

from signals.tickers.aliases import Key, Spelling, tag_keys
from signals.tickers.matcher import Automaton, Matcher
from signals.tickers.name_context import Look, is_title_case, look
from signals.tickers.tags import CodeFinder
from signals.types import Article, Scheme, TagKind

PLACES = ("title", "body", "tags")

_START = attrgetter("start")
_MOST = 20_000  # sightings in one text: no article has more, and it bounds the work on what is none


class Sighting(NamedTuple):
    """One place, with offsets into the plain text (for a tag its number).

    `look` is how it looks there, for a name whose spelling makes that count.
    """

    kind: TagKind
    keys: tuple[Key, ...]
    place: str
    start: int
    end: int
    look: Look | None = None


class Lookout:
    """Finds the spellings of an index."""

    def __init__(self, index: Mapping[Key, Sequence[Spelling]]) -> None:
        self._names: Matcher = Automaton(text for scheme, text in index if scheme is Scheme.NAME)
        self._looked_at = {
            text for (_, text), found in index.items() if any(spelling.is_looked_at for spelling in found)
        }
        self._codes = CodeFinder(
            frozenset(
                spelling.alias.text.strip("()[]").rpartition(":")[0]
                for (scheme, _), found in index.items()
                if scheme is Scheme.EXCHANGE
                for spelling in found
            )
        )

    def sightings(self, article: Article, texts: Mapping[str, str]) -> Iterator[Sighting]:
        """Yield what stands in an article, in order; `texts` are its title and body made plain."""
        for place, text in texts.items():
            if text:
                yield from sorted(islice(self._in_prose(place, text), _MOST), key=_START)
        for n, tag in enumerate(article.tags):
            yield Sighting(TagKind.PAGE_TAG, tag_keys(tag.text, tag.scheme), "tags", n, n)

    def _in_prose(self, place: str, text: str) -> Iterator[Sighting]:
        codes = list(islice(self._codes.find(text), _MOST))
        for code in codes:
            yield Sighting(code.kind, code.keys, place, code.start, code.end)
        # NYSE in (NYSE:ICE) is not the company of that name.
        prose = _blanked(text, sorted((code.start, code.end) for code in codes)) if codes else text
        loud = place == "title" and text.isupper()
        titled: bool | None = loud or (None if place == "title" else False)
        for start, end, names in self._names.find(prose, any_case=loud):
            seen = None
            if not self._looked_at.isdisjoint(names):
                titled = is_title_case(text) if titled is None else titled
                seen = look(text, start, end, titled)
            yield Sighting(TagKind.NAME, tuple([(Scheme.NAME, name) for name in names]), place, start, end, seen)


def in_order(sightings: Sequence[Sighting]) -> Sequence[Sighting]:
    """Return sightings in the order of title, body and tags."""
    return sorted(sightings, key=lambda s: (PLACES.index(s.place), s.start)) if len(sightings) > 1 else sightings


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], "\0" * (end - max(at, start))]
        at = max(at, end)
    return "".join([*pieces, text[at:]])
