"""Articles -> stories: one answer for a set of articles, whatever the order and the batches in which it was learned.

Articles are ordered by (instant, article_id). Each joins the story of the first earlier article that it is a copy of
and whose story began within the horizon; articles with the same headline come before others. If there is none it begins
a story. What an article joins therefore depends on earlier articles alone, and the whole answer on nothing but the set.

`settle` brings a known answer up to date. It looks at new articles, and at whatever follows an article that changed
its story and may be a copy of it, until nothing changes. Since every look goes forward in time, it ends; since in the
end every article stands as the rule says, and only one answer does so, it is that of starting over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from signals.stories.copies import Evidence, evidence
from signals.stories.fingerprint import Fingerprint, band_keys

HORIZON = timedelta(days=3)
TOGETHER = 200  # articles whose neighbours are held in memory: of a headline sent thousands of times all are
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Piece(NamedTuple):
    """What clustering knows of an article; pieces are in the order of time. `at` is the instant by which it was out."""

    at: datetime
    article_id: str
    wording: Fingerprint


@dataclass(frozen=True, slots=True)
class StoryMember:
    """An article's place in its story; rank 1 is the first copy, whose id names the story."""

    article_id: str
    story_id: str
    rank: int


class Archive(Protocol):
    """The articles that are known: their neighbours and stories."""

    def neighbours(self, ids: Iterable[str]) -> Mapping[str, Iterable[Piece]]:
        """Return, per article, the pieces within the horizon, before and after, that share a band key with it."""
        ...

    def pieces(self, ids: Iterable[str]) -> Mapping[str, Piece]:
        """Return articles by their ids."""
        ...

    def story_starts(self, ids: Iterable[str]) -> Mapping[str, Piece]:
        """Return, per article that has a story, the first copy of that story."""
        ...


def recluster(unsure: Iterable[str], archive: Archive) -> dict[str, str]:
    """Return the stories that articles have to be given, by article: of those unsure, and of all that hang on them.

    Parameters
    ----------
    unsure
        The articles that are new or changed, and the later ones that were neighbours of what a changed one was before.
    archive
        All articles, the new ones as they are now.
    """
    stories: dict[str, Piece] = {}
    new = wave = set(unsure)
    while wave:
        following: set[str] = set()
        pieces = sorted(archive.pieces(wave).values())
        for some in (pieces[n : n + TOGETHER] for n in range(0, len(pieces), TOGETHER)):
            near = archive.neighbours([piece.article_id for piece in some])
            there = {p.article_id for around in (some, *near.values()) for p in around}
            starts = dict(archive.story_starts(there)) | {key: stories[key] for key in there & stories.keys()}
            for piece in some:
                around = near.get(piece.article_id, ())
                start = _start(piece, around, starts)
                before = starts.get(piece.article_id)
                moved = before is None or before.article_id != start.article_id
                if moved:
                    stories[piece.article_id] = starts[piece.article_id] = start
                if moved or wave is new:
                    later = (p for p in around if p > piece and p.article_id not in wave)
                    following |= {p.article_id for p in later if _copies(piece, p)}
        wave = following
    return {article_id: start.article_id for article_id, start in stories.items()}


def _start(piece: Piece, around: Iterable[Piece], starts: Mapping[str, Piece]) -> Piece:
    """Return the first copy of the story that an article joins, itself if it joins none."""
    joined = joins(piece, (p for p in around if p < piece and piece.at - starts[p.article_id].at <= HORIZON))
    return starts[joined[0].article_id] if joined else piece


def joins(piece: Piece, earlier: Iterable[Piece]) -> tuple[Piece, Evidence] | None:
    """Return the article that another one joins, of some earlier ones, and what makes it a copy."""
    listed, headline = sorted(earlier), piece.wording.headline
    same = [p for p in listed if p.wording.headline == headline]
    for other in (*same, *listed):
        found = _copies(other, piece)
        if found:
            return other, found
    return None


def _copies(earlier: Piece, later: Piece) -> Evidence | None:
    return evidence(earlier.wording, later.wording, later.at - earlier.at)


def ranked(stories: Iterable[tuple[str, Piece]]) -> Iterable[StoryMember]:
    """Yield the members of whole stories, given as (story_id, member), with their ranks."""
    last: dict[str, int] = {}
    for story_id, piece in sorted(stories, key=lambda pair: pair[1]):
        last[story_id] = last.get(story_id, 0) + 1
        yield StoryMember(piece.article_id, story_id, last[story_id])


def cluster(pieces: Iterable[Piece]) -> tuple[StoryMember, ...]:
    """Put a set of articles into stories, from nothing."""
    shelf = Shelf()
    shelf.add(pieces)
    return tuple(
        ranked((story_id, shelf.known[article_id]) for article_id, story_id in recluster(shelf.known, shelf).items())
    )


class Shelf:
    """An archive in memory, a drawer per horizon: a search opens three, however many there are."""

    def __init__(self) -> None:
        self.known: dict[str, Piece] = {}
        self.stories: dict[str, str] = {}
        self._drawers: defaultdict[int, defaultdict[int, list[Piece]]] = defaultdict(lambda: defaultdict(list))

    def add(self, pieces: Iterable[Piece]) -> None:
        """Take in articles."""
        for piece in pieces:
            self.known[piece.article_id] = piece
            bands = self._drawers[_drawer(piece.at)]
            for key in band_keys(piece.wording):
                bands[key].append(piece)

    def forget(self, before: datetime) -> None:
        """Drop the drawers that end before an instant, so that one who takes in news for years can hold them."""
        first = _drawer(before)
        for drawer in [n for n in self._drawers if n < first]:
            del self._drawers[drawer]
        for article_id in [key for key, piece in self.known.items() if _drawer(piece.at) < first]:
            del self.known[article_id]
            self.stories.pop(article_id, None)

    def neighbours(self, ids: Iterable[str]) -> dict[str, list[Piece]]:
        """Return, per article, the pieces within the horizon that share a band key with it."""
        return {article_id: self._around(self.known[article_id]) for article_id in ids}

    def _around(self, piece: Piece) -> list[Piece]:
        keys, middle = band_keys(piece.wording), _drawer(piece.at)
        drawers = [self._drawers[n] for n in range(middle - 1, middle + 2) if n in self._drawers]
        found = {other.article_id: other for bands in drawers for key in keys for other in bands.get(key, ())}
        others = (other for other in found.values() if other.article_id != piece.article_id)
        return [other for other in others if abs(other.at - piece.at) <= HORIZON]

    def pieces(self, ids: Iterable[str]) -> dict[str, Piece]:
        """Return articles by their ids."""
        return {article_id: self.known[article_id] for article_id in ids}

    def story_starts(self, ids: Iterable[str]) -> dict[str, Piece]:
        """Return the first copies of the stories that articles have."""
        return {a: self.known[self.stories[a]] for a in ids if a in self.stories}


def _drawer(at: datetime) -> int:
    return (at - _EPOCH) // HORIZON
