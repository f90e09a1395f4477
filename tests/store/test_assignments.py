"""What is derived from articles: the queue for matching, mentions, and the events that articles fall on."""

from datetime import timedelta

from sqlalchemy import select

from signals.store import Connection, Store, articles, assignments, events, moves, run_log, stories
from signals.store.assignments import Assignment
from signals.store.stories import StoryArticle
from signals.store.tables import DERIVED, event_assignments, links, mentions, unmatched_articles
from signals.types import Anchor, Article, EventIds, StoredArticle
from tests.store.samples import DAY, LATER, NOW, article, assign, link, linked, mention, mirror, move, stamp


def save(db: Connection, *read: Article) -> list[StoredArticle]:
    return articles.save_articles(db, read, NOW)


# --- matching -------------------------------------------------------------------------------------------------------


def test_articles_wait_for_matching_in_the_order_of_their_publication(store: Store) -> None:
    with store.write() as db:
        late, early = save(db, article("1"), article("2", at=NOW - timedelta(hours=1)))
        assignments.enqueue(db, [late.article_id, early.article_id, late.article_id])
        assert assignments.unmatched(db) == [early.article_id, late.article_id]
        assignments.clear_unmatched(db)
        assert assignments.unmatched(db) == []


def test_the_mentions_of_a_new_revision_replace_those_of_the_old_one(store: Store) -> None:
    with store.write() as db:
        (one,) = save(db, article())
        (two,) = save(db, article(digest="b"))
        assignments.save_mentions(db, {(one.article_id, 1): [mention(), mention(None, role=None, relevance=None)]})
        assignments.save_mentions(db, {(two.article_id, 2): [mention("ROSN")]})
        (row,) = db.execute(select(mentions)).all()
    assert (row.article_id, row.revision, row.ticker, row.mention_no) == (two.article_id, 2, "ROSN", 0)


# --- assignment -----------------------------------------------------------------------------------------------------


def queue_pair(db: Connection, story_rank: int = 1, key: str = "1", story_id: str = "") -> StoredArticle:
    """Write an article that waits for its event."""
    (stored,) = save(db, article(key))
    row = StoryArticle(stored.article_id, "h", "l", False, NOW, story_id or stored.article_id, story_rank)
    stories.save_story_rows(db, [row])
    assignments.save_mentions(db, {(stored.article_id, 1): [mention()]})
    assignments.enqueue_pairs(db, {(stored.article_id, "GAZP"): 0})
    return stored


def test_an_article_without_a_final_day_zero_is_unassigned(store: Store) -> None:
    with store.write() as db:
        first = queue_pair(db)
        copy = queue_pair(db, 2, "2", first.article_id)
        waiting = {row.article_id: row for row in assignments.unassigned(db)}
        assert [row.is_copy for row in (waiting[first.article_id], waiting[copy.article_id])] == [False, True]
        assert waiting[first.article_id].stamp == stamp()
        assert waiting[first.article_id].events == (None, None)
        event = assign(db, [first, copy])
        assert assignments.unassigned(db) == []
        pairs = [(first.article_id, "GAZP"), (copy.article_id, "GAZP"), ("none", "GAZP")]
        assert assignments.assigned(db, pairs) == dict.fromkeys(pairs[:2], EventIds(event, None))


def test_a_pair_that_cannot_be_assigned_is_not_tried_again(store: Store) -> None:
    with store.write() as db:
        pair = (queue_pair(db).article_id, "GAZP")
        assignments.mark_unplaceable(db, [])
        assignments.mark_unplaceable(db, [pair])
        assert assignments.unassigned(db) == []
        assert assignments.assigned(db, [pair]) == {}


def test_an_event_that_gains_or_loses_an_article_is_dirty(store: Store) -> None:
    with store.write() as db:
        event = assign(db, save(db, article()))
        assert events.dirty_events(db) == [event]
        events.mark_clean(db, [event])
        assignments.save_assignments(db, [], {}, [event])
        assert events.dirty_events(db) == [event]


def test_an_article_that_is_unassigned_leaves_its_event_with_its_links(store: Store) -> None:
    with store.write() as db:
        first, second = linked(db, "Gazprom builds", "Gazprom builds")
        events.mark_clean(db, [event := f"GAZP@{DAY}"])
        assignments.unassign(db, [first.article_id])
        assert events.dirty_events(db) == [event]
        for table in (links, event_assignments):
            assert set(db.execute(select(table.c.article_id)).scalars()) == {second.article_id}


def test_an_article_whose_story_changed_is_assigned_anew_and_stays_linked(store: Store) -> None:
    with store.write() as db:
        (stored,) = linked(db, "Gazprom builds")
        events.mark_clean(db, [event := f"GAZP@{DAY}"])
        assignments.reassign(db, [stored.article_id])
        assert [row.events for row in assignments.unassigned(db)] == [(event, None)]
        assert events.dirty_events(db) == [event]
        assert len(db.execute(select(links)).all()) == 2


def test_bars_are_needed_from_the_first_event_or_article_without_one(store: Store) -> None:
    with store.write() as db:
        mirror(db, "GAZP", "ROSN", "LKOH")
        assign(db, save(db, article("1")))
        assert assignments.first_needed(db) == {"GAZP": DAY}
        (early,) = save(db, article("2", at=NOW - timedelta(days=9)))
        assignments.enqueue_pairs(db, {(early.article_id, "GAZP"): 0, (early.article_id, "ROSN"): 0})
        day = (NOW - timedelta(days=9)).date()
        assert assignments.first_needed(db) == {"GAZP": day, "ROSN": day}


def test_an_article_with_an_intraday_event_marks_both_events(store: Store) -> None:
    instant = f"GAZP@{NOW:%Y-%m-%dT%H:%M:%SZ}"
    with store.write() as db:
        stored = queue_pair(db)
        ids = EventIds(assign(db, [stored]), instant)
        about = assignments.EventHours("GAZP", DAY, NOW, LATER, NOW)
        pair = Assignment(stored.article_id, "GAZP", ids, Anchor.IN_SESSION, True, True)
        assignments.save_assignments(db, [pair], {instant: about}, [])
        events.mark_clean(db, [ids.event_id, instant])
        assignments.unassign(db, [stored.article_id])
        assert set(events.dirty_events(db)) == {ids.event_id, instant}


# --- deriving again -------------------------------------------------------------------------------------------------


def test_everything_derived_is_dropped_and_every_article_queued(store: Store) -> None:
    with store.write() as db:
        stored = linked(db, "Gazprom builds", "Gazprom sells")
        assignments.clear(db, None)
        assert sorted(db.execute(select(unmatched_articles.c.article_id)).scalars()) == sorted(
            one.article_id for one in stored
        )
        for table in DERIVED:
            assert table is unmatched_articles or db.execute(select(table)).all() == []


def test_what_is_derived_since_an_instant_is_dropped_with_the_stories_that_begin_then(store: Store) -> None:
    since = NOW - timedelta(hours=1)
    with store.write() as db:
        run_log.begin(db, "nightly", NOW, NOW, "0")
        read = [article("1", at=NOW - timedelta(days=9)), article("2"), article("3", at=NOW - timedelta(hours=5))]
        old, first, copy = save(db, *read)
        assign(db, [old], "ROSN")
        event = assign(db, [first, copy])  # a copy whose stamp gives no hour may be dated before the first one
        moves.save_moves(db, [move(event)], 1, NOW)
        moves.save_links(db, [link(copy)], 1)
        assignments.clear(db, since)
        assert assignments.unmatched(db) == [copy.article_id, first.article_id]
        assert db.execute(select(event_assignments.c.article_id)).scalars().all() == [old.article_id]
        assert db.execute(select(links)).all() == []
        ids = [one.article_id for one in (old, first, copy)]
        assert [row.article_id for row in stories.story_rows(db, ids)] == [old.article_id]
