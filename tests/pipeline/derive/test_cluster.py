"""Stories in the store: the rows depend on the articles alone, not on the runs that stored them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from signals.pipeline.derive.cluster import cluster, out_by, story_place
from signals.store import Connection, Store, assignments, stories
from signals.store.assignments import EventHours
from signals.store.tables import event_assignments, events, story_articles, story_bands
from signals.stories import HORIZON, ArticleText, Similarity, StoryMember, band_keys, fingerprint
from signals.stories import cluster as cluster_from_scratch
from signals.types import Article, Precision, Stamp, StoredArticle, ZoneBasis

START = datetime(2018, 6, 1, 9, tzinfo=UTC)
TEXT = "Baikal agreed to buy the copper mine from its founder for $1.25 billion in cash, ending a contest of two years."


def stored(article_id: str, title: str, hours: float = 0, body: str = "", revision: int = 1) -> StoredArticle:
    at = START + timedelta(hours=hours)
    stamp = Stamp("", at, at.replace(tzinfo=None), Precision.MINUTE, "UTC", ZoneBasis.STATED)
    return StoredArticle(article_id, revision, Article("wire", article_id, title, body, stamp, at, title))


def article_text(article: StoredArticle) -> ArticleText:
    return ArticleText(
        out_by(article.article.stamp), article.article_id, fingerprint(article.article.title, article.article.body)
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(f"sqlite:///{tmp_path / 'signals.db'}")
    store.upgrade()
    return store


def members(db: Connection) -> list[StoryMember]:
    columns = (story_articles.c.article_id, story_articles.c.story_id, story_articles.c.story_rank)
    return sorted((StoryMember(*row) for row in db.execute(select(*columns))), key=lambda m: m.article_id)


def expected(articles: Sequence[StoredArticle]) -> list[StoryMember]:
    current = {a.article_id: a for a in articles}
    return sorted(cluster_from_scratch(article_text(a) for a in current.values()), key=lambda m: m.article_id)


TITLES = ("Baikal rises", "RPT-Baikal rises", "Baikal buys a copper mine", "Contest for copper ends", "Baikal buys", "")
ARTICLES = st.lists(
    st.builds(
        stored, st.sampled_from("abcdefgh"), st.sampled_from(TITLES), st.integers(0, 160),
        st.sampled_from(["", TEXT, TEXT[:80]]),
    ),
    max_size=14,
)  # fmt: skip


@given(ARTICLES, st.integers(1, 5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_runs_and_revisions_end_in_the_rows_of_a_clustering_from_scratch(
    store: Store, articles: list[StoredArticle], size: int
) -> None:
    with store.engine.connect() as db:  # no commit: every example begins with an empty store
        for n in range(0, len(articles), size):
            batch = {a.article_id: a for a in articles[n : n + size]}
            cluster(db, list(batch.values()))
        assert members(db) == expected(articles)
        keys = db.execute(select(story_bands.c.article_id).distinct()).scalars().all()
        assert set(keys) == {a.article_id for a in {b.article_id: b for b in articles}.values() if a.article.title or
                             a.article.body}  # fmt: skip


def test_a_copy_that_changes_its_story_is_assigned_again_and_its_event_marked_dirty(store: Store) -> None:
    with store.write() as db:
        cluster(db, [stored("late", "RPT-Baikal rises", 5), stored("other", "Lena falls", 5)])
        assignments.enqueue_pairs(db, {("late", "BKLM"): 0, ("other", "LENA"): 0})
        db.execute(
            event_assignments.update().values(is_final=True, event_id=event_assignments.c.ticker + "@2018-06-01")
        )
        hours = {f"{t}@2018-06-01": EventHours(t, START.date(), START, START) for t in ("BKLM", "LENA")}
        assignments.save_assignments(db, [], hours, [])
        db.execute(events.update().values(dirty=False))
        cluster(db, [stored("first", "Baikal rises")])
        assert db.execute(
            select(event_assignments.c.article_id).where(event_assignments.c.is_final == 0)
        ).scalars().all() == ["late"]
        assert db.execute(select(events.c.event_id).where(events.c.dirty == 1)).scalars().all() == ["BKLM@2018-06-01"]


def test_an_explanation_names_the_copied_article_and_the_similarity(store: Store) -> None:
    with store.write() as db:
        title = "Baikal buys a copper mine"
        cluster(
            db, [stored("a", title, 0, TEXT), stored("b", f"UPDATE 1-{title}", 1), stored("c", "Contest ends", 2, TEXT)]
        )
        places = [story_place(db, article_id) for article_id in "abc"]
    assert [(p.rank, p.copies, p.copy_of, p.because) for p in places] == [
        (1, 3, None, ""),
        (2, 3, "a", Similarity.HEADLINE),
        (3, 3, "a", Similarity.LEAD),
    ]


def test_a_day_only_stamp_comes_after_the_copies_of_its_day_that_give_the_hour(store: Store) -> None:
    day = stored("day", "Baikal buys a copper mine")
    stamp = Stamp("2018-06-01", START.replace(hour=0), datetime(2018, 6, 1), Precision.DAY, "UTC", ZoneBasis.STATED)  # noqa: DTZ001
    day = StoredArticle("day", 1, Article("list", "day", day.article.title, "", stamp, START, "d"))
    with store.write() as db:
        cluster(db, [day, stored("hour", "Baikal buys a copper mine", 8)])
        assert members(db) == [StoryMember("day", "hour", 2), StoryMember("hour", "hour", 1)]


def test_the_search_for_copies_of_a_recurring_headline_reads_only_the_horizon(store: Store) -> None:
    plans: list[str] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def explain(_conn: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "story_bands" in statement and statement.startswith("SELECT"):
            plans.extend(row[-1] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    with store.write() as db:
        cluster(db, [stored(f"{day:04}", "Morning Market Movers", 24 * day) for day in range(1_000)])
        plans.clear()
        last = article_text(stored("0999", "Morning Market Movers", 24 * 999))
        near = stories.sharing_a_band(db, {"0999": (last.at, band_keys(last.fingerprint))}, HORIZON)
        assert near == {"0996", "0997", "0998", "0999"}
        assert any("SEARCH story_bands USING PRIMARY KEY (bucket=? AND band=?)" in plan for plan in plans), plans
        assert not any("SCAN story_bands" in plan for plan in plans)
        assert len({m.story_id for m in members(db)}) == 1_000
