"""Articles that are new or changed -> stories. Only what is near in time and shares a band key is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from signals.store import Connection, assignments, stories
from signals.store.articles import StoredArticle
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
from signals.types import Keep, Precision, Stamp


def cluster(db: Connection, fresh: Sequence[StoredArticle]) -> None:
    """Put articles into stories, bring the stories of others up to date, and have placed anew what moved."""
    pieces = {a.article_id: ArticleText(out_by(a.article.stamp), a.article_id, _wording(a)) for a in fresh}
    before = {row.article_id: row for row in stories.story_rows(db, pieces)}
    were = _bands(_piece(row) for row in before.values())
    unsure = {*pieces, *_depending(db, were)}
    stories.drop_bands(db, were)
    stories.save_bands(db, _bands(pieces.values()))
    shelf = _Stored(db, pieces)
    settled = recluster(unsure, shelf)
    touched = {*settled.values(), *(shelf.story_of[a] for a in settled if a in shelf.story_of)}
    touched |= {row.story_id for row in before.values()}
    _rank(db, touched, settled, pieces)


def explained(db: Connection, article_id: str) -> dict[str, Any]:
    """Return an article's place in its story, how many it has, and which earlier one it is a copy of and why."""
    (row,) = stories.story_rows(db, [article_id])
    pieces = [_piece(member) for member in stories.members(db, [row.story_id])]
    this = _piece(row)
    other, found = copied_article(this, (p for p in pieces if p < this)) or (None, None)
    return {
        "story_id": row.story_id,
        "rank": row.story_rank,
        "copies": len(pieces),
        "of": other and other.article_id,
        "because": found,
    }


def out_by(stamp: Stamp) -> datetime:
    """Return the instant by which an article was out, to the millisecond that the store keeps.

    A day-only stamp counts as the end of its day: a copy that gives the hour is the better witness of a story's start.
    """
    at = stamp.at.astimezone(UTC)
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    return at + timedelta(days=1, milliseconds=-1) if stamp.precision is Precision.DAY else at


def _wording(stored: StoredArticle) -> Fingerprint:
    """Return what copies are recognised by; of a text that is not kept whole only the headline, as in a rebuild."""
    body = stored.article.body if stored.article.keep is Keep.BODY else ""
    return fingerprint(stored.article.title, body)


def _bands(pieces: Iterable[ArticleText]) -> stories.Bands:
    return {piece.article_id: (piece.at, band_keys(piece.fingerprint)) for piece in pieces}


def _depending(db: Connection, changed: stories.Bands) -> set[str]:
    """Return the articles whose stories may rest on what changed articles said before."""
    near = stories.sharing_a_band(db, changed, HORIZON).values() if changed else ()
    return {row.article_id for row in stories.members(db, changed)}.union(*near)


def _rank(db: Connection, touched: Iterable[str], settled: Mapping[str, str], fresh: dict[str, ArticleText]) -> None:
    """Write the articles of the touched stories with their places, and unsettle those that had another place before."""
    rows = {row.article_id: row for row in (*stories.members(db, touched), *stories.story_rows(db, settled))}
    pieces = {key: _piece(row) for key, row in rows.items()} | fresh
    placed = list(ranked((settled.get(key) or rows[key].story_id, piece) for key, piece in pieces.items()))
    stories.save_story_rows(db, [_row(member, pieces[member.article_id]) for member in placed])
    before = {key: (row.story_id, row.story_rank) for key, row in rows.items()}
    now = {m.article_id: (m.story_id, m.rank) for m in placed}
    assignments.unsettle(db, [key for key in before if before[key] != now[key]])


def _row(member: StoryMember, piece: ArticleText) -> dict[str, Any]:
    return {
        "article_id": member.article_id,
        "headline_key": piece.fingerprint.headline,
        "lead": piece.fingerprint.lead,
        "version": int(piece.fingerprint.version),
        "out_by": piece.at,
        "story_id": member.story_id,
        "story_rank": member.rank,
    }


def _piece(row: Any) -> ArticleText:
    return ArticleText(row.out_by, row.article_id, Fingerprint(row.headline_key, row.lead, bool(row.version)))


class _Stored:
    """The archive of the store, with the new articles as they are now. Reads each article once."""

    def __init__(self, db: Connection, fresh: dict[str, ArticleText]) -> None:
        self.db = db
        self.known = dict(fresh)
        self.story_of: dict[str, str] = {}
        self._asked: set[str] = set()

    def neighbours(self, ids: Iterable[str]) -> dict[str, list[ArticleText]]:
        """Return, per article, the pieces within the horizon that share a band key with it."""
        near = stories.sharing_a_band(self.db, _bands(self.texts(ids).values()), HORIZON)
        self._read(set().union(*near.values()))
        return {article_id: [self.known[other] for other in others] for article_id, others in near.items()}

    def texts(self, ids: Iterable[str]) -> dict[str, ArticleText]:
        """Return articles by their ids."""
        wanted = set(ids)
        self._read(wanted)
        return {article_id: self.known[article_id] for article_id in wanted}

    def story_starts(self, ids: Iterable[str]) -> dict[str, ArticleText]:
        """Return the first copies of the stories that articles have."""
        wanted = set(ids)
        self._read(wanted)
        self._read({self.story_of[a] for a in wanted if a in self.story_of})
        return {a: self.known[self.story_of[a]] for a in wanted if a in self.story_of}

    def _read(self, ids: set[str]) -> None:
        for row in stories.story_rows(self.db, ids - self._asked):
            self.story_of[row.article_id] = row.story_id
            self.known.setdefault(row.article_id, _piece(row))
        self._asked |= ids
