"""Recognise the articles that the records under one key are: stored ones, versions of them, or new ones.

`signals/types/identity.py` judges two records. Here each record of a document meets the articles under its key, in time
that grows with their number: equal content first, then equal headline and stamp, then what is near.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime

from signals.types.identity import REDATED_BY_ADDRESS, Evidence, Relation, headline_words, relation

#: A key with more articles than this is compared by equal headlines only.
MANY = 20

#: How the digest begins of an article whose tags come from several documents.
JOINED = "joined:"

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A stored revision, or a record of a document: its evidence and the digest of its content."""

    evidence: Evidence
    digest: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A stored article by its current revision, with its first stamp and the digests that were superseded."""

    current: Version
    first_at: datetime
    earlier: Set[str] = frozenset()


def standing_of(revisions: Sequence[Version], content: str) -> Standing:
    """Return a stored article by its revisions in their order, and the content that it has now ("" if it is gone).

    Its history goes back to the first revision that was not of this article by the rules of today: earlier programs let
    one article take the place of another.
    """
    start = len(revisions) - 1
    while start and relation(revisions[start - 1].evidence, revisions[start].evidence) is not Relation.OTHER:
        start -= 1
    history = revisions[start:]
    first_at = min(version.evidence.at for version in history)
    current = Version(history[-1].evidence, content)
    return Standing(current, first_at, {version.digest for version in history[:-1]})


@dataclass(slots=True)
class _Candidate:
    """An article under the key, as it is so far; `stated` says that the document states it."""

    newest: Version
    number: int | None
    position: int
    first_at: datetime
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
    candidates = [_Candidate(s.current, number, number, s.first_at, s.earlier) for number, s in enumerate(standing)]
    index = _Index(candidates)
    by_digest = {c.newest.digest: c for c in candidates}
    rest, digests = list[int](), set[str]()
    for number, record in enumerate(records):
        if (same := by_digest.get(record.digest)) is not None:
            same.stated, body = True, record.evidence.body
            same.newest = replace(same.newest, evidence=replace(same.newest.evidence, body=body))
        elif record.digest not in digests:
            rest.append(number)
        digests.add(record.digest)
    rest.sort(key=lambda number: records[number].evidence.at)
    by_earlier = {digest: c for c in candidates for digest in c.earlier}
    new = [n for n in rest if not _is_history(by_earlier.get(records[n].digest), n, records[n], index)]
    for number in [n for n in new if not index.take_equal(n, records[n])]:
        _place(number, records[number], index)
    changed = sorted((c for c in candidates if c.records), key=lambda c: c.newest.evidence.at)
    return [Recognised(c.number, c.records) for c in changed]


def _is_history(former: _Candidate | None, number: int, record: Version, index: _Index) -> bool:
    """Return whether a record is an earlier version of an article; give it its place if it stands again.

    It stands again if the document that stated the current version has gone back to it, or if the article was gone.
    """
    if former is None:
        return False
    newest, joined = former.newest, former.newest.digest.startswith(JOINED)
    same_document = record.evidence.origin == newest.evidence.origin and not joined
    later = bool(former.records) and record.evidence.at >= newest.evidence.at
    if later or (not former.stated and (same_document or not newest.digest)):
        index.replace(former, number, record)
    return True


def _place(number: int, record: Version, index: _Index) -> None:
    """Add a record to the article that it is a version of, or as a new article."""
    at = record.evidence.at
    for candidate in index.near(record):
        newest, together = candidate.newest.evidence, candidate.stated
        if together and at > newest.at and at - candidate.first_at > REDATED_BY_ADDRESS:
            continue
        if relation(newest, record.evidence, together=together, shared=index.is_shared) is not Relation.OTHER:
            if not together or at >= newest.at:
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
        self._candidates.append(_Candidate(record, None, position, record.evidence.at, stated=True, records=[number]))
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
