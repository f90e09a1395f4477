"""The articles around some others, by their wording, so that articles of one wording are compared once.

A wording is a fingerprint. Whether one article is a copy of another depends on the two wordings and on whether they
came out within `SAME_DAY`; what is no copy on the same day is none later. So the first article of a wording that
another one may join is the first of one of its stories, or the first of the last hours, and is looked up. A headline
that is sent thousands of times costs as much for each copy as one that is sent twice.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, MutableMapping, Set
from datetime import datetime, timedelta
from typing import NamedTuple

from signals.stories.copies import SAME_DAY, similarity
from signals.stories.fingerprint import Fingerprint

HORIZON = timedelta(days=3)
_LATER = SAME_DAY + timedelta(hours=1)  # any time apart that is another day


class ArticleText(NamedTuple):
    """The values of an article that clustering reads, sorted by time. `at` is the instant by which it was published."""

    at: datetime
    article_id: str
    fingerprint: Fingerprint


class _Story(NamedTuple):
    """The articles of one wording in one story, sorted, and the first copy of that story."""

    start: ArticleText
    members: list[ArticleText]


def _at(text: ArticleText) -> datetime:
    return text.at


class Surroundings:
    """The articles around those of a batch.

    Parameters
    ----------
    near
        Per wording of the batch, all articles that share a band key with it and came out within the horizon of one of
        its articles. Others do no harm, itself neither.
    starts
        Per article, the first copy of its story, as far as it has one. `join` changes it.
    wave
        The ids of the articles that are visited anyway.
    """

    def __init__(
        self,
        near: Mapping[Fingerprint, Iterable[ArticleText]],
        starts: MutableMapping[str, ArticleText],
        wave: Set[str],
    ) -> None:
        texts = {text.article_id: text for group in near.values() for text in group}
        self._near = {wording: list(dict.fromkeys(t.fingerprint for t in group)) for wording, group in near.items()}
        self._starts = starts
        self._copies: dict[tuple[Fingerprint, Fingerprint], timedelta] = {}
        self._stories: defaultdict[Fingerprint, dict[str, _Story]] = defaultdict(dict)
        self._outside: defaultdict[Fingerprint, list[ArticleText]] = defaultdict(list)
        self._passed: defaultdict[tuple[Fingerprint, Fingerprint], int] = defaultdict(int)
        for text in sorted(texts.values()):
            if text.article_id in starts:
                self._members(text).append(text)
            if text.article_id not in wave:
                self._outside[text.fingerprint].append(text)

    def story_start(self, text: ArticleText) -> ArticleText:
        """Return the first copy of the story that an article joins, or the article itself if it joins none."""
        first: tuple[bool, ArticleText, ArticleText] | None = None
        for wording in self._near.get(text.fingerprint, ()):
            reach = self._copied_within(wording, text.fingerprint)
            if not reach:
                continue
            is_other_headline = wording.headline != text.fingerprint.headline
            for start, members in self._stories[wording].values():
                if text.at - start.at > HORIZON:
                    continue
                at = bisect_left(members, text.at - reach, key=_at) if reach < HORIZON else 0
                if at < len(members) and members[at] < text:
                    candidate = is_other_headline, members[at], start
                    first = candidate if first is None else min(first, candidate)
        return text if first is None else first[2]

    def join(self, text: ArticleText, start: ArticleText) -> None:
        """Record that an article is in the story of a first copy."""
        if text.article_id in self._starts:
            members = self._members(text)
            at = bisect_left(members, text)
            if members[at : at + 1] == [text]:
                del members[at]
        self._starts[text.article_id] = start
        if text.fingerprint in self._near:
            insort(self._members(text), text)

    def later_copies(self, text: ArticleText) -> Iterable[str]:
        """Yield the later copies of an article that are not visited anyway, each at least once for a wording.

        Articles of one wording are asked for in the order of time.
        """
        for wording in self._near.get(text.fingerprint, ()):
            reach = self._copied_within(text.fingerprint, wording)
            if not reach or not (outside := self._outside[wording]):
                continue
            pair = text.fingerprint, wording
            first = max(bisect_right(outside, text), self._passed[pair])
            end = max(bisect_right(outside, text.at + reach, key=_at), first)
            yield from (other.article_id for other in outside[first:end])
            self._passed[pair] = end

    def _members(self, text: ArticleText) -> list[ArticleText]:
        """Return the articles of a text's wording that are in its story."""
        start = self._starts[text.article_id]
        return self._stories[text.fingerprint].setdefault(start.article_id, _Story(start, [])).members

    def _copied_within(self, earlier: Fingerprint, later: Fingerprint) -> timedelta:
        """Return within which time an article of one wording is a copy of one of another; zero if it never is."""
        if (reach := self._copies.get((earlier, later))) is None:
            reach = timedelta()
            if similarity(earlier, later, timedelta()):
                reach = HORIZON if similarity(earlier, later, _LATER) else SAME_DAY
            self._copies[earlier, later] = reach
        return reach
