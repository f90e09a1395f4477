"""match | cluster: articles that are new or changed -> mentions, stories, and pairs to assign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from signals.pipeline import Progress
from signals.pipeline.derive.cluster import cluster
from signals.pipeline.derive.redaction import redact_bodies
from signals.store import Connection, articles, assignments
from signals.store.isolation import Failed, isolated
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


def match(db: Connection, tagger: Tagger, progress: Progress) -> tuple[int, list[Failed[str]]]:
    """Find the mentions and the stories of all articles that are new or changed, and queue them for assignment.

    Returns how many links of earlier revisions went, and the articles that raise, which wait for the next run.
    """
    waiting = assignments.unmatched(db)
    removed, failed = 0, list[Failed[str]]()
    for done in range(0, len(waiting), BATCH):
        progress("matching", done, len(waiting))
        outcome = isolated(db, waiting[done : done + BATCH], lambda ids: _match_batch(db, ids, tagger))
        removed += outcome.result or 0
        failed += outcome.failed
    assignments.clear_unmatched(db, [bad.item for bad in failed])
    return removed, failed


def first_named(db: Connection, tagger: Tagger) -> dict[str, date]:
    """Return, per ticker, the day of the earliest article that names it among those that are not matched yet."""
    waiting = assignments.unmatched(db)
    first: dict[str, date] = {}
    for start in range(0, len(waiting), BATCH):
        named = isolated(db, waiting[start : start + BATCH], lambda ids: _named(db, ids, tagger)).result or {}
        first |= {ticker: min(day, first.get(ticker, day)) for ticker, day in named.items()}
    return first  # an article that raises is named as a failure when it is matched


def _named(db: Connection, ids: Sequence[str], tagger: Tagger) -> dict[str, date]:
    first: dict[str, date] = {}
    for stored in articles.current_articles(db, ids):
        day = stored.article.stamp.at.date()
        for ticker in {m.ticker for m in tagger.mentions(stored)} - {None}:
            first[str(ticker)] = min(day, first.get(str(ticker), day))
    return first


def _match_batch(db: Connection, ids: Sequence[str], tagger: Tagger) -> int:
    """Match articles; returns how many links of earlier revisions went."""
    fresh = list(articles.current_articles(db, ids))
    changed = [a.article_id for a in fresh if a.revision > 1]
    removed = assignments.unassign(db, changed)
    mentions_of = {(a.article_id, a.revision): tagger.mentions(a) for a in fresh}
    assignments.save_mentions(db, mentions_of)
    cluster(db, fresh)
    assignments.enqueue_pairs(db, _carriers(mentions_of))
    if redacted := [a.article_id for a in fresh if a.article.keep is Keep.EVIDENCE]:
        redact_bodies(db, tagger.resolver, redacted)
    return removed


def _carriers(mentions_of: dict[tuple[str, int], tuple[Mention, ...]]) -> dict[tuple[str, str], int]:
    """Choose, for each (article, ticker), the number of the mention that carries the link."""
    pairs: dict[tuple[str, str], int] = {}
    for (article_id, _), mentions in mentions_of.items():
        for ticker in {m.ticker for m in mentions if m.ticker is not None}:
            carrier = linking_mention(mentions, ticker)
            if carrier is not None:
                pairs[article_id, ticker] = mentions.index(carrier)
    return pairs
