"""The articles around some others, by their wording, so that articles of one wording are compared once.

A wording is a fingerprint. Whether one article is a copy of another depends on the two wordings and on whether they
came out within `SAME_DAY`; what is no copy on the same day is none later. So the first article of a wording that
another one may join is the first of one of its stories, or the first of the last hours, and is looked up. A headline
that is sent thousands of times costs as much for each copy as one that is sent twice.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, MutableMapping, Set
from datetime import datetime, timedelta
from typing import NamedTuple

from signals.stories.copies import SAME_DAY, has_lead, similarity
from signals.stories.fingerprint import Fingerprint, band_keys

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
    texts
        The articles of the batch, and all that share a band key with one of them and came out within the horizon of it.
        Others do no harm.
    starts
        Per article, the first copy of its story, as far as it has one. `join` changes it.
    wave
        The ids of the articles that are visited anyway.
    """

    def __init__(self, texts: Iterable[ArticleText], starts: MutableMapping[str, ArticleText], wave: Set[str]) -> None:
        by_id = {text.article_id: text for text in texts}
        self._wordings = Wordings(text.fingerprint for text in by_id.values())
        self._starts = starts
        self._originals: dict[Fingerprint, list[_Copies]] = {}
        self._copies: dict[Fingerprint, list[_Copies]] = {}
        self._stories: defaultdict[Fingerprint, dict[str, _Story]] = defaultdict(dict)
        self._outside: defaultdict[Fingerprint, list[ArticleText]] = defaultdict(list)
        self._passed: defaultdict[tuple[Fingerprint, Fingerprint], int] = defaultdict(int)
        for text in sorted(by_id.values()):
            if text.article_id in starts:
                self._members(text).append(text)
            if text.article_id not in wave:
                self._outside[text.fingerprint].append(text)

    def story_start(self, text: ArticleText) -> ArticleText:
        """Return the first copy of the story that an article joins, or the article itself if it joins none."""
        first: tuple[bool, ArticleText, ArticleText] | None = None
        for wording, reach in self._earlier(text.fingerprint):
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
        insort(self._members(text), text)

    def later_copies(self, text: ArticleText) -> Iterable[str]:
        """Yield the later copies of an article that are not visited anyway, each at least once for a wording.

        Articles of one wording are asked for in the order of time.
        """
        if not self._outside:
            return
        for wording, reach in self._later(text.fingerprint):
            outside, pair = self._outside[wording], (text.fingerprint, wording)
            first = max(bisect_right(outside, text), self._passed[pair])
            end = max(bisect_right(outside, text.at + reach, key=_at), first)
            yield from (other.article_id for other in outside[first:end])
            self._passed[pair] = end

    def _members(self, text: ArticleText) -> list[ArticleText]:
        """Return the articles of a text's wording that are in its story."""
        start = self._starts[text.article_id]
        return self._stories[text.fingerprint].setdefault(start.article_id, _Story(start, [])).members

    def _earlier(self, wording: Fingerprint) -> list[_Copies]:
        """Return the wordings that one may be a copy of."""
        if wording not in self._originals:
            others = self._wordings.candidates(wording)
            copied = ((other, _copied_within(other, wording)) for other in others)
            self._originals[wording] = [_Copies(other, reach) for other, reach in copied if reach]
        return self._originals[wording]

    def _later(self, wording: Fingerprint) -> list[_Copies]:
        """Return the wordings of articles outside the wave that may be copies of one."""
        if wording not in self._copies:
            others = [other for other in self._wordings.candidates(wording) if other in self._outside]
            copied = ((other, _copied_within(wording, other)) for other in others)
            self._copies[wording] = [_Copies(other, reach) for other, reach in copied if reach]
        return self._copies[wording]


class _Copies(NamedTuple):
    """A wording, and the time within which its articles and those of another one are copies."""

    wording: Fingerprint
    reach: timedelta


def _copied_within(earlier: Fingerprint, later: Fingerprint) -> timedelta:
    """Return within which time an article of one wording is a copy of one of another; zero if it never is."""
    if not similarity(earlier, later, timedelta()):
        return timedelta()
    return HORIZON if similarity(earlier, later, _LATER) else SAME_DAY


class Wordings:
    """An index of wordings by which those are found that can be copies of each other.

    Without two leads a copy needs a headline that holds all words of the other. So a wording is looked up by its rarest
    word, which the other has or which is among the other's: lines of one template are not compared each with each.
    """

    def __init__(self, wordings: Iterable[Fingerprint]) -> None:
        distinct = dict.fromkeys(wordings)
        self._by_word: defaultdict[str, list[Fingerprint]] = defaultdict(list)
        self._by_rarest: defaultdict[str, list[Fingerprint]] = defaultdict(list)
        self._by_band: defaultdict[int, list[Fingerprint]] = defaultdict(list)  # of those with a lead
        for wording in distinct:
            for word in wording.words or ("",):
                self._by_word[word].append(wording)
            if has_lead(wording):
                for band in band_keys(wording):
                    self._by_band[band].append(wording)
        for wording in distinct:
            self._by_rarest[self._rarest(wording)].append(wording)

    def candidates(self, wording: Fingerprint) -> list[Fingerprint]:
        """Return the wordings that share a band key with one, itself among them, and can be copies by their words."""
        bands = band_keys(wording)
        near = {other: None for other in self._by_word[self._rarest(wording)] if wording.words <= other.words}
        for word in wording.words:
            near |= {other: None for other in self._by_rarest.get(word, ()) if other.words <= wording.words}
        near = {other: None for other in near if not bands.isdisjoint(band_keys(other))}
        if has_lead(wording):
            near |= {other: None for band in bands for other in self._by_band.get(band, ())}
        return list(near)

    def _rarest(self, wording: Fingerprint) -> str:
        """Return the word of a headline that the fewest have; empty for a headline without words."""
        return min(wording.words, key=lambda word: (len(self._by_word[word]), word), default="")
