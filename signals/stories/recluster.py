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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from signals.stories.copies import Similarity, similarity
from signals.stories.fingerprint import Fingerprint, band_keys
from signals.stories.surroundings import HORIZON, ArticleText, Surroundings

BATCH = 200  # wordings whose surroundings are in memory at once
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StoryMember:
    """The position of an article in its story. Rank 1 is the first copy, and its id is the id of the story."""

    article_id: str
    story_id: str
    rank: int


class Archive(Protocol):
    """The stored articles with their surroundings and stories."""

    def around(self, texts: Sequence[ArticleText]) -> Iterable[ArticleText]:
        """Return some articles and all that share a band key with one of them and are within the horizon of it.

        A few may be further away, or share a band key with another one.
        """
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
        for batch in _batches(sorted(archive.texts(wave).values())):
            around = list(archive.around(batch))
            present = {text.article_id for text in around}
            starts = dict(archive.story_starts(present)) | {key: changed[key] for key in present & changed.keys()}
            surroundings = Surroundings(around, starts, wave)
            for text in batch:
                before = starts.get(text.article_id)
                start = surroundings.story_start(text)
                moved = before is None or before.article_id != start.article_id
                if moved:
                    changed[text.article_id] = start
                    surroundings.join(text, start)
                if moved or wave is first_wave:
                    next_wave.update(surroundings.later_copies(text))
        wave = next_wave
    return {article_id: start.article_id for article_id, start in changed.items()}


def _batches(texts: Sequence[ArticleText]) -> Iterator[Sequence[ArticleText]]:
    """Yield articles in their order, in parts of `BATCH` wordings, however many articles have them."""
    begin, wordings = 0, set[Fingerprint]()
    for number, text in enumerate(texts):
        if text.fingerprint not in wordings and len(wordings) == BATCH:
            yield texts[begin:number]
            begin, wordings = number, set()
        wordings.add(text.fingerprint)
    if begin < len(texts):
        yield texts[begin:]


def copied_article(text: ArticleText, earlier: Iterable[ArticleText]) -> tuple[ArticleText, Similarity] | None:
    """Return the first of the earlier articles that `text` is a copy of, and their similarity; None without one."""
    candidates, headline = sorted(earlier), text.fingerprint.headline
    same_headline = [other for other in candidates if other.fingerprint.headline == headline]
    for other in (*same_headline, *candidates):
        similar = similarity(other.fingerprint, text.fingerprint, text.at - other.at)
        if similar:
            return other, similar
    return None


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
        self._buckets: defaultdict[int, _Bucket] = defaultdict(_Bucket)

    def add(self, texts: Iterable[ArticleText]) -> None:
        """Add articles."""
        for text in texts:
            self.texts_by_id[text.article_id] = text
            bucket = self._buckets[_time_bucket(text.at)]
            if text.fingerprint not in bucket.articles:
                for key in band_keys(text.fingerprint):
                    bucket.wordings[key].append(text.fingerprint)
            bucket.articles[text.fingerprint].append(text)

    def drop_before(self, instant: datetime) -> None:
        """Drop the buckets that end before an instant, so that memory stays bounded over years of news."""
        first = _time_bucket(instant)
        for bucket in [n for n in self._buckets if n < first]:
            del self._buckets[bucket]
        for article_id in [key for key, text in self.texts_by_id.items() if _time_bucket(text.at) < first]:
            del self.texts_by_id[article_id]
            self.stories.pop(article_id, None)

    def around(self, texts: Sequence[ArticleText]) -> list[ArticleText]:
        """Return some articles and those in reach that share a band key with one of them."""
        bands: defaultdict[int, set[int]] = defaultdict(set)
        for text in texts:
            middle, keys = _time_bucket(text.at), band_keys(text.fingerprint)
            for number in (middle - 1, middle, middle + 1):
                bands[number] |= keys
        near = {text.article_id: text for text in texts}
        for bucket, sought in ((self._buckets[n], sought) for n, sought in bands.items() if n in self._buckets):
            wordings = {wording: None for key in sought for wording in bucket.wordings.get(key, ())}
            near |= {text.article_id: text for wording in wordings for text in bucket.articles[wording]}
        return list(near.values())

    def texts(self, ids: Iterable[str]) -> dict[str, ArticleText]:
        """Return articles by id."""
        return {article_id: self.texts_by_id[article_id] for article_id in ids}

    def story_starts(self, ids: Iterable[str]) -> dict[str, ArticleText]:
        """Return the first copies of the stories that articles have."""
        return {key: self.texts_by_id[self.stories[key]] for key in ids if key in self.stories}


class _Bucket:
    """The articles of one stretch of time by their wordings, and the wordings by their band keys."""

    def __init__(self) -> None:
        self.articles: defaultdict[Fingerprint, list[ArticleText]] = defaultdict(list)
        self.wordings: defaultdict[int, list[Fingerprint]] = defaultdict(list)


def _time_bucket(at: datetime) -> int:
    """Return the number of the bucket that an instant falls in."""
    return (at - _EPOCH) // HORIZON
