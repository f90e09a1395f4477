"""Cluster articles into stories. The result depends on the set of articles alone, not on their order or batches.

The articles are ordered by (instant, article_id). Each joins the story of the first earlier article that it is a copy
of and whose story began within the horizon; articles with an equal headline are tried first. An article without such an
earlier article begins a story. The story of an article depends therefore on earlier articles only.

`recluster` updates a stored result. It visits new articles, and then the possible later copies of every article whose
story changed, until nothing changes. It terminates because each visit goes forward in time. In the end every article
satisfies the rule; only one result does, so the update equals a clustering from scratch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from signals.stories.copies import Similarity, similarity
from signals.stories.fingerprint import Fingerprint, band_keys

HORIZON = timedelta(days=3)
BATCH = 200  # articles whose neighbours are in memory at once; a headline sent thousands of times has them all
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ArticleText(NamedTuple):
    """The values of an article that clustering reads, sorted by time. `at` is the instant by which it was published."""

    at: datetime
    article_id: str
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class StoryMember:
    """The position of an article in its story. Rank 1 is the first copy, and its id is the id of the story."""

    article_id: str
    story_id: str
    rank: int


class Archive(Protocol):
    """The stored articles with their neighbours and stories."""

    def neighbours(self, ids: Iterable[str]) -> Mapping[str, Iterable[ArticleText]]:
        """Return, per article, the articles within the horizon, before and after, that share a band key with it."""
        ...

    def texts(self, ids: Iterable[str]) -> Mapping[str, ArticleText]:
        """Return articles by id."""
        ...

    def story_starts(self, ids: Iterable[str]) -> Mapping[str, ArticleText]:
        """Return, per article that has a story, the first copy of that story."""
        ...


def recluster(unsure: Iterable[str], archive: Archive) -> dict[str, str]:
    """Return article_id: story_id for the articles whose story changes: the unsure ones, and those that follow them.

    Parameters
    ----------
    unsure
        The new and changed articles, and the later neighbours that a changed article had before its change.
    archive
        All articles, the new and changed ones in their current state.
    """
    changed: dict[str, ArticleText] = {}
    first_wave = wave = set(unsure)
    while wave:
        next_wave: set[str] = set()
        texts = sorted(archive.texts(wave).values())
        for batch in (texts[n : n + BATCH] for n in range(0, len(texts), BATCH)):
            neighbours = archive.neighbours([text.article_id for text in batch])
            present = {text.article_id for group in (batch, *neighbours.values()) for text in group}
            starts = dict(archive.story_starts(present)) | {key: changed[key] for key in present & changed.keys()}
            for text in batch:
                near = neighbours.get(text.article_id, ())
                start = _story_start(text, near, starts)
                before = starts.get(text.article_id)
                moved = before is None or before.article_id != start.article_id
                if moved:
                    changed[text.article_id] = starts[text.article_id] = start
                if moved or wave is first_wave:
                    later = (other for other in near if other > text and other.article_id not in wave)
                    next_wave |= {other.article_id for other in later if _similarity(text, other)}
        wave = next_wave
    return {article_id: start.article_id for article_id, start in changed.items()}


def _story_start(text: ArticleText, near: Iterable[ArticleText], starts: Mapping[str, ArticleText]) -> ArticleText:
    """Return the first copy of the story that an article joins, or the article itself if it joins none."""
    joinable = (other for other in near if other < text and text.at - starts[other.article_id].at <= HORIZON)
    match = copied_article(text, joinable)
    return starts[match[0].article_id] if match else text


def copied_article(text: ArticleText, earlier: Iterable[ArticleText]) -> tuple[ArticleText, Similarity] | None:
    """Return the first of the earlier articles that `text` is a copy of, and their similarity; None without one."""
    candidates, headline = sorted(earlier), text.fingerprint.headline
    same_headline = [other for other in candidates if other.fingerprint.headline == headline]
    for other in (*same_headline, *candidates):
        similar = _similarity(other, text)
        if similar:
            return other, similar
    return None


def _similarity(earlier: ArticleText, later: ArticleText) -> Similarity | None:
    return similarity(earlier.fingerprint, later.fingerprint, later.at - earlier.at)


def ranked(stories: Iterable[tuple[str, ArticleText]]) -> Iterable[StoryMember]:
    """Yield the members of whole stories, given as (story_id, member), with their ranks."""
    last: dict[str, int] = {}
    for story_id, text in sorted(stories, key=lambda pair: pair[1]):
        last[story_id] = last.get(story_id, 0) + 1
        yield StoryMember(text.article_id, story_id, last[story_id])


def cluster(texts: Iterable[ArticleText]) -> tuple[StoryMember, ...]:
    """Return the stories of a set of articles, clustered from scratch."""
    archive = MemoryArchive()
    archive.add(texts)
    by_id = archive.texts_by_id
    return tuple(ranked((story_id, by_id[article_id]) for article_id, story_id in recluster(by_id, archive).items()))


class MemoryArchive:
    """An archive in memory, indexed by time bucket and band key. A bucket spans one horizon; a search reads three."""

    def __init__(self) -> None:
        self.texts_by_id: dict[str, ArticleText] = {}
        self.stories: dict[str, str] = {}
        self._buckets: defaultdict[int, defaultdict[int, list[ArticleText]]] = defaultdict(lambda: defaultdict(list))

    def add(self, texts: Iterable[ArticleText]) -> None:
        """Add articles."""
        for text in texts:
            self.texts_by_id[text.article_id] = text
            bands = self._buckets[_time_bucket(text.at)]
            for key in band_keys(text.fingerprint):
                bands[key].append(text)

    def drop_before(self, instant: datetime) -> None:
        """Drop the buckets that end before an instant, so that memory stays bounded over years of news."""
        first = _time_bucket(instant)
        for bucket in [n for n in self._buckets if n < first]:
            del self._buckets[bucket]
        for article_id in [key for key, text in self.texts_by_id.items() if _time_bucket(text.at) < first]:
            del self.texts_by_id[article_id]
            self.stories.pop(article_id, None)

    def neighbours(self, ids: Iterable[str]) -> dict[str, list[ArticleText]]:
        """Return, per article, the articles within the horizon that share a band key with it."""
        return {article_id: self._neighbours(self.texts_by_id[article_id]) for article_id in ids}

    def _neighbours(self, text: ArticleText) -> list[ArticleText]:
        keys, middle = band_keys(text.fingerprint), _time_bucket(text.at)
        buckets = [self._buckets[n] for n in range(middle - 1, middle + 2) if n in self._buckets]
        candidates = {other.article_id: other for bands in buckets for key in keys for other in bands.get(key, ())}
        others = (other for other in candidates.values() if other.article_id != text.article_id)
        return [other for other in others if abs(other.at - text.at) <= HORIZON]

    def texts(self, ids: Iterable[str]) -> dict[str, ArticleText]:
        """Return articles by id."""
        return {article_id: self.texts_by_id[article_id] for article_id in ids}

    def story_starts(self, ids: Iterable[str]) -> dict[str, ArticleText]:
        """Return the first copies of the stories that articles have."""
        return {key: self.texts_by_id[self.stories[key]] for key in ids if key in self.stories}


def _time_bucket(at: datetime) -> int:
    """Return the number of the bucket that an instant falls in."""
    return (at - _EPOCH) // HORIZON
