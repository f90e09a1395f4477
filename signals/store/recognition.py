"""Recognise the articles that the records under one key are: stored ones, versions of them, or new ones.

`signals/types/identity.py` judges two records. Here each record of a document meets the articles under its key, in time
that grows with their number: equal content first, then equal headline and stamp, then what is near.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from signals.types.identity import Evidence, Relation, headline_words, relation

#: A key with more articles than this is compared by equal headlines only.
MANY = 20

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A stored revision, or a record of a document: its evidence and the digest of its content."""

    evidence: Evidence
    digest: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A stored article by its current revision, with the digests of those that were superseded."""

    current: Version
    earlier: Set[str] = frozenset()


@dataclass(slots=True)
class _Candidate:
    """An article under the key, as it is so far; `stated` says that the document states it."""

    newest: Version
    number: int | None
    position: int
    earlier: Set[str] = frozenset()
    stated: bool = False
    records: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Recognised:
    """An article that is new or has changed.

    Attributes
    ----------
    standing
        The position of the stored article; None for a new one.
    records
        The positions of its versions among the records, the one that is to stand last.
    """

    standing: int | None
    records: Sequence[int]


def recognise(records: Sequence[Version], standing: Sequence[Standing]) -> list[Recognised]:
    """Return the articles that the records of one document under one key are, in the order of their stamps.

    Records that say nothing new are left out: one with the content of a current revision, and an earlier version that
    another document, or a later record of this one, has superseded. A record that equals a current revision keeps its
    place, and so does that article.
    """
    candidates = [_Candidate(s.current, number, number, s.earlier) for number, s in enumerate(standing)]
    index = _Index(candidates)
    by_digest = {c.newest.digest: c for c in candidates}
    rest, digests = list[int](), set[str]()
    for number, record in enumerate(records):
        if (same := by_digest.get(record.digest)) is not None:
            same.stated = True
        elif record.digest not in digests:
            rest.append(number)
        digests.add(record.digest)
    rest.sort(key=lambda number: records[number].evidence.at)
    left = [number for number in rest if not index.take_equal(number, records[number])]
    for number in left:
        _place(number, records[number], index)
    changed = sorted((c for c in candidates if c.records), key=lambda c: c.newest.evidence.at)
    return [Recognised(c.number, c.records) for c in changed]


def _place(number: int, record: Version, index: _Index) -> None:
    """Add a record to the article that it is a version of, or as a new article."""
    for candidate in index.near(record):
        shared = index.is_shared and record.digest not in candidate.earlier
        together = candidate.stated
        kind = relation(candidate.newest.evidence, record.evidence, together=together, shared=shared)
        if kind is Relation.OTHER:
            continue
        superseded = record.digest in candidate.earlier and (
            together or record.evidence.origin != candidate.newest.evidence.origin
        )
        if not superseded and not (together and record.evidence.at < candidate.newest.evidence.at):
            index.replace(candidate, number, record)
        return
    index.add(number, record)


class _Index:
    """The articles under a key by their headlines and times."""

    def __init__(self, candidates: list[_Candidate]) -> None:
        self._candidates = candidates
        self._by_words: dict[Words, list[tuple[datetime, int]]] = {}
        for position, candidate in enumerate(candidates):
            self._by_words.setdefault(_words(candidate.newest), []).append((candidate.newest.evidence.at, position))
        for times in self._by_words.values():
            times.sort()

    @property
    def is_shared(self) -> bool:
        """Whether several articles are under the key."""
        return len(self._candidates) > 1

    def add(self, number: int, record: Version) -> None:
        """Add a record as a new article."""
        position = len(self._candidates)
        self._candidates.append(_Candidate(record, None, position, stated=True, records=[number]))
        insort(self._by_words.setdefault(_words(record), []), (record.evidence.at, position))

    def replace(self, candidate: _Candidate, number: int, record: Version) -> None:
        """Make a record the newest version of an article."""
        times = self._by_words[_words(candidate.newest)]
        del times[bisect_left(times, (candidate.newest.evidence.at, candidate.position))]
        insort(self._by_words.setdefault(_words(record), []), (record.evidence.at, candidate.position))
        candidate.newest = record
        candidate.stated = True
        candidate.records.append(number)

    def take_equal(self, number: int, record: Version) -> bool:
        """Give a record to the stored article with its headline and stamp that no other record is yet; say if so."""
        for position in self._positions(record):
            candidate = self._candidates[position]
            kind = relation(candidate.newest.evidence, record.evidence)
            if not candidate.stated and kind is Relation.SAME:
                self.replace(candidate, number, record)
                return True
        return False

    def near(self, record: Version) -> list[_Candidate]:
        """Return the articles that a record may be a version of, the nearest in time first."""
        near = [self._candidates[position] for position in self._positions(record)]
        if len(self._candidates) <= MANY:
            equal = {id(candidate) for candidate in near}
            rest = [c for c in self._candidates if id(c) not in equal]
            near += sorted(rest, key=lambda c: abs(c.newest.evidence.at - record.evidence.at))
        return near

    def _positions(self, version: Version) -> list[int]:
        """Return the positions of the articles with a version's headline that are next to it in time."""
        times = self._by_words.get(_words(version), [])
        at = version.evidence.at
        start = bisect_left(times, (at, 0))
        around = times[max(start - MANY, 0) : start + MANY]
        return [position for _, position in sorted(around, key=lambda item: abs(item[0] - at))]


def _words(version: Version) -> Words:
    return headline_words(version.evidence.title)
