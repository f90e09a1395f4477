"""match | cluster: articles that are new or changed -> mentions, stories, and pairs to assign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from signals.pipeline import Progress
from signals.pipeline.derive.cluster import cluster
from signals.pipeline.derive.redaction import redact_bodies
from signals.store import Connection, articles, assignments
from signals.tickers import Resolver, linking_mention
from signals.types import Instrument, Keep, Mention, StoredArticle

BATCH = 2_000
REMEMBERED = 50_000  # articles


class Tagger:
    """Finds the mentions of stored articles, once in a run: refresh asks for them first and scoring again.

    The mentions of the first `REMEMBERED` articles are held, those of more are found again. The resolver is made when
    it is first asked for, because one of thousands of names takes a second.
    """

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        self.instruments = tuple(instruments)
        self._mentions: dict[tuple[str, int], tuple[Mention, ...]] = {}

    @cached_property
    def resolver(self) -> Resolver:
        """The resolver of the instruments."""
        return Resolver(self.instruments)

    def mentions(self, stored: StoredArticle) -> tuple[Mention, ...]:
        """Return the mentions of an article."""
        key = (stored.article_id, stored.revision)
        if key in self._mentions:
            return self._mentions[key]
        mentions = self.resolver.mentions(stored.article)
        if len(self._mentions) < REMEMBERED:
            self._mentions[key] = mentions
        return mentions


def match(db: Connection, tagger: Tagger, progress: Progress) -> None:
    """Find the mentions and the stories of all articles that are new or changed, and queue them for assignment."""
    waiting = assignments.unmatched(db)
    for done in range(0, len(waiting), BATCH):
        progress("matching", done, len(waiting))
        match_batch(db, list(articles.current_articles(db, waiting[done : done + BATCH])), tagger)
    assignments.clear_unmatched(db)


def first_named(db: Connection, tagger: Tagger) -> dict[str, date]:
    """Return, per ticker, the day of the earliest article that names it among those that are not matched yet."""
    first: dict[str, date] = {}
    for stored in articles.current_articles(db, assignments.unmatched(db)):
        day = stored.article.stamp.at.date()
        for ticker in {m.ticker for m in tagger.mentions(stored)} - {None}:
            first[str(ticker)] = min(day, first.get(str(ticker), day))
    return first


def match_batch(db: Connection, fresh: Sequence[StoredArticle], tagger: Tagger) -> None:
    """Find the mentions and the stories of articles that are new or changed, and queue them for assignment."""
    changed = [a.article_id for a in fresh if a.revision > 1]
    assignments.unassign(db, changed)
    mentions_of = {(a.article_id, a.revision): tagger.mentions(a) for a in fresh}
    assignments.save_mentions(db, mentions_of)
    cluster(db, fresh)
    assignments.enqueue_pairs(db, _carriers(mentions_of))
    if redacted := [a.article_id for a in fresh if a.article.keep is Keep.EVIDENCE]:
        redact_bodies(db, tagger.resolver, redacted)


def _carriers(mentions_of: dict[tuple[str, int], tuple[Mention, ...]]) -> dict[tuple[str, str], int]:
    """Choose, for each (article, ticker), the number of the mention that carries the link."""
    pairs: dict[tuple[str, str], int] = {}
    for (article_id, _), mentions in mentions_of.items():
        for ticker in {m.ticker for m in mentions if m.ticker is not None}:
            carrier = linking_mention(mentions, ticker)
            if carrier is not None:
                pairs[article_id, ticker] = mentions.index(carrier)
    return pairs
