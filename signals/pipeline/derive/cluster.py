"""Articles that are new or changed -> stories. Only what is near in time and shares a band key is compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from signals.store import Connection, assignments, stories
from signals.store.stories import StoryArticle
from signals.stories import (
    HORIZON,
    ArticleText,
    Fingerprint,
    StoryMember,
    band_keys,
    copied_article,
    fingerprint,
    ranked,
    recluster,
)
from signals.types import Keep, Precision, Stamp, StoredArticle, StoryPlace


def cluster(db: Connection, fresh: Sequence[StoredArticle]) -> None:
    """Put articles into stories, bring the stories of others up to date, and have assigned anew what moved."""
    texts = {a.article_id: ArticleText(out_by(a.article.stamp), a.article_id, _fingerprint(a)) for a in fresh}
    before = {row.article_id: row for row in stories.story_rows(db, texts)}
    earlier = [_text(row) for row in before.values()]
    old_bands = _bands(earlier)
    unsure = {*texts, *_depending(db, earlier)}
    stories.drop_bands(db, old_bands)
    stories.save_bands(db, _bands(texts.values()))
    archive = _StoredArchive(db, texts)
    story_of = recluster(unsure, archive)
    touched = {*story_of.values(), *(archive.story_of[a] for a in story_of if a in archive.story_of)}
    touched |= {row.story_id for row in before.values()}
    _rank(db, touched, story_of, texts)


def story_place(db: Connection, article_id: str) -> StoryPlace:
    """Return an article's place in its story."""
    (row,) = stories.story_rows(db, [article_id])
    texts = [_text(member) for member in stories.members(db, [row.story_id])]
    this = _text(row)
    copied = copied_article(this, (text for text in texts if text < this))
    copy_of, because = (None, "") if copied is None else (copied[0].article_id, str(copied[1]))
    return StoryPlace(row.story_id, row.story_rank, len(texts), copy_of, because)


def out_by(stamp: Stamp) -> datetime:
    """Return the instant by which an article was out, to the millisecond that the store keeps.

    A day-only stamp counts as the end of its day, because a copy that gives the hour dates the story better.
    """
    at = stamp.at.astimezone(UTC)
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return at + timedelta(days=1, milliseconds=-1) if stamp.precision is Precision.DAY else at


def _fingerprint(stored: StoredArticle) -> Fingerprint:
    """Return the fingerprint of an article; of the headline alone where its text is not stored whole."""
    body = stored.article.body if stored.article.keep is Keep.BODY else ""
    return fingerprint(stored.article.title, body)


def _bands(texts: Iterable[ArticleText]) -> stories.Bands:
    return {text.article_id: (text.at, band_keys(text.fingerprint)) for text in texts}


def _depending(db: Connection, changed: Sequence[ArticleText]) -> set[str]:
    """Return the articles whose stories may depend on the earlier texts of changed articles."""
    members = stories.members(db, [text.article_id for text in changed])
    return {row.article_id for row in members} | stories.sharing_a_band(db, _bands(changed), HORIZON)


def _rank(
    db: Connection, touched: Iterable[str], story_of: Mapping[str, str], fresh: Mapping[str, ArticleText]
) -> None:
    """Write the articles of the touched stories with their places, and have assigned anew those that moved."""
    rows = {row.article_id: row for row in (*stories.members(db, touched), *stories.story_rows(db, story_of))}
    texts = {key: _text(row) for key, row in rows.items()} | dict(fresh)
    members = list(ranked((story_of.get(key) or rows[key].story_id, text) for key, text in texts.items()))
    stories.save_story_rows(db, [_row(member, texts[member.article_id]) for member in members])
    before = {key: (row.story_id, row.story_rank) for key, row in rows.items()}
    now = {m.article_id: (m.story_id, m.rank) for m in members}
    assignments.reassign(db, [key for key in before if before[key] != now[key]])


def _row(member: StoryMember, text: ArticleText) -> StoryArticle:
    words = text.fingerprint
    return StoryArticle(
        member.article_id, words.headline, words.lead, words.version, text.at, member.story_id, member.rank
    )


def _text(row: StoryArticle) -> ArticleText:
    return ArticleText(row.out_by, row.article_id, Fingerprint(row.headline_key, row.lead, row.version))


class _StoredArchive:
    """The archive of the store, with the new articles as they are now. Reads each article once."""

    def __init__(self, db: Connection, fresh: Mapping[str, ArticleText]) -> None:
        self.story_of: dict[str, str] = {}
        self._db = db
        self._texts = dict(fresh)
        self._asked: set[str] = set()

    def around(self, texts: Sequence[ArticleText]) -> Iterable[ArticleText]:
        """Return some articles and those in reach that share a band key with one of them."""
        ids = {text.article_id for text in texts}
        return self.texts(ids | stories.sharing_a_band(self._db, _bands(texts), HORIZON)).values()

    def texts(self, ids: Iterable[str]) -> dict[str, ArticleText]:
        """Return articles by their ids."""
        requested = set(ids)
        self._read(requested)
        return {article_id: self._texts[article_id] for article_id in requested}

    def story_starts(self, ids: Iterable[str]) -> dict[str, ArticleText]:
        """Return the first copies of the stories that articles have."""
        requested = set(ids)
        self._read(requested)
        self._read({self.story_of[a] for a in requested if a in self.story_of})
        return {a: self._texts[self.story_of[a]] for a in requested if a in self.story_of}

    def _read(self, ids: set[str]) -> None:
        for row in stories.story_rows(self._db, ids - self._asked):
            self.story_of[row.article_id] = row.story_id
            self._texts.setdefault(row.article_id, _text(row))
        self._asked |= ids
