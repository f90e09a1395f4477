"""Dropping what no link needs: bodies of old articles without a link, and facts superseded long ago."""

from datetime import timedelta

from sqlalchemy import select

from signals.store import Store, articles, assignments, bars, pruning, settings
from signals.store.tables import actions
from signals.store.tables import articles as article_rows
from signals.store.tables import bars as bar_rows
from tests.store.samples import LATER, NOW, article, assign, closes

OLD = NOW - timedelta(days=400)


def test_bodies_of_old_articles_without_a_link_are_dropped(store: Store) -> None:
    with store.write() as db:
        read = [article("named", at=OLD), article("waiting", at=OLD), article("nameless", at=OLD), article("new")]
        named, waiting, *_ = articles.save_articles(db, read, NOW)
        assign(db, [named])
        assignments.enqueue(db, [waiting.article_id])
        assert pruning.prune(db, NOW)["article bodies"] == 1
        bodies = db.execute(select(article_rows.c.article_key, article_rows.c.body)).all()
    assert {row.article_key for row in bodies if not row.body} == {"nameless"}


def test_facts_superseded_before_the_instant_are_dropped(store: Store) -> None:
    with store.write() as db:
        articles.save_articles(db, [article("1", at=OLD), article("2", at=OLD)], OLD)
        articles.save_articles(db, [article("1", at=OLD, digest="b"), article("2", at=OLD, digest="b")], NOW)
        bars.save_bars(db, "GAZP", closes({"2024-02-28": 100}, OLD), 1)
        bars.save_bars(db, "GAZP", closes({"2024-02-28": 101}, NOW), 2)
        assert pruning.prune(db, NOW) == {
            "article bodies": 4, "superseded articles": 0, "superseded bars": 0, "superseded dividends and splits": 0,
        }  # fmt: skip
        assert pruning.prune(db, LATER) == {
            "article bodies": 0, "superseded articles": 2, "superseded bars": 1, "superseded dividends and splits": 0,
        }  # fmt: skip
        assert db.execute(select(article_rows.c.revision)).scalars().all() == [2, 2]
        assert db.execute(select(bar_rows.c.close)).scalars().all() == [101]
        assert db.execute(select(actions)).all() == []


def test_a_revision_that_mentions_were_derived_from_stays(store: Store) -> None:
    with store.write() as db:
        (first,) = articles.save_articles(db, [article(at=OLD)], OLD)
        assign(db, [first])
        articles.save_articles(db, [article(at=OLD, digest="b")], NOW)
        assert pruning.prune(db, LATER)["superseded articles"] == 0


def test_how_far_a_store_was_pruned_never_goes_back(store: Store) -> None:
    with store.write() as db:
        for before in (NOW, LATER, OLD):
            pruning.prune(db, before)
        assert settings.get(db, settings.PRUNED) == LATER.isoformat()
