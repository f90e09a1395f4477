"""Events: what falls on them, which are to be scored again, and which have nothing left."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from signals.store import Connection, Store, articles, assignments, events, moves, stories
from signals.store.assignments import Assignment, EventHours
from signals.store.events import DroppedMove
from signals.store.stories import StoryArticle
from signals.store.tables import events as rows
from signals.types import (
    Anchor,
    Event,
    EventIds,
    Precision,
    RelevanceClass,
    Role,
    RowChange,
    Turnover,
    event_id,
    intraday_event_id,
)
from tests.store.samples import DAY, NOW, article, assign, link, mention, move, pending, stamp

EVENT = event_id("GAZP", DAY)
INSTANT = intraday_event_id("GAZP", NOW)


def write_event(db: Connection, ticker: str, day: date, instant: datetime | None = None) -> str:
    """Write an event without articles."""
    key = intraday_event_id(ticker, instant) if instant else event_id(ticker, day)
    opens_at = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)
    about = EventHours(ticker, day, opens_at, opens_at + timedelta(hours=9), instant)
    assignments.save_assignments(db, [], {key: about}, [])
    return key


def test_an_event_counts_its_articles_stories_and_those_about_the_instrument(store: Store) -> None:
    with store.write() as db:
        read = [article(str(n), at=NOW + timedelta(minutes=n)) for n in range(4)]
        first, copy, other, passing = articles.save_articles(db, read, NOW)
        assign(db, [first, copy])
        assign(db, [other])
        assign(db, [passing])
        assignments.save_mentions(db, {(passing.article_id, 1): [mention(relevance=0.1)]})
        assert events.recount(db, [EVENT], 0.25).dropped == []
        (event,) = events.events_by_id(db, [EVENT, "other"])
    assert (event.articles_in_event, event.stories_in_event, event.relevant_stories) == (4, 3, 2)
    assert (event.ticker, event.day_zero, event.day_only, event.dirty) == ("GAZP", DAY, False, True)


@pytest.mark.parametrize(
    ("precisions", "day_only"),
    [([Precision.DAY], True), ([Precision.DAY, Precision.DAY], True), ([Precision.DAY, Precision.MINUTE], False)],
)
def test_an_event_is_day_only_if_no_article_gives_an_hour(
    store: Store, precisions: list[Precision], day_only: bool
) -> None:
    with store.write() as db:
        dated = [replace(article(str(n)), stamp=stamp(NOW, one)) for n, one in enumerate(precisions)]
        assign(db, articles.save_articles(db, dated, NOW))
        events.recount(db, [EVENT], 0.25)
        assert [event.day_only for event in events.events_by_id(db, [EVENT])] == [day_only]


@pytest.mark.parametrize(
    ("mentions", "expected"),
    [
        ([(Role.SUBJECT, 0.3), (Role.PASSING, 0.9)], RelevanceClass.SUBJECT),
        ([(Role.MENTIONED, 0.9), (Role.SUBJECT, 0.25)], RelevanceClass.SUBJECT),
        ([(Role.SUBJECT, 0.24), (Role.MENTIONED, 0.25)], RelevanceClass.MENTIONED),
        ([(Role.PASSING, 0.9), (Role.SOURCE, 0.9), (Role.BOILERPLATE, 0.9)], RelevanceClass.WEAK),
        ([(Role.SUBJECT, 0.1), (Role.MENTIONED, 0.1)], RelevanceClass.WEAK),
    ],
)
def test_the_class_of_an_event_is_that_of_its_best_article(
    store: Store, mentions: list[tuple[Role, float]], expected: RelevanceClass
) -> None:
    with store.write() as db:
        stored = articles.save_articles(db, [article(str(n)) for n in range(len(mentions))], NOW)
        for one, (role, relevance) in zip(stored, mentions, strict=True):
            assign(db, [one])
            assignments.save_mentions(db, {(one.article_id, 1): [mention(role=role, relevance=relevance)]})
        events.recount(db, [EVENT], 0.25)
        assert db.execute(select(rows.c.relevance_class)).scalars().all() == [expected]


def test_an_event_without_articles_is_dropped_with_its_moves_and_links(store: Store) -> None:
    with store.write() as db:
        stored = articles.save_articles(db, [article()], NOW)
        assign(db, stored)
        moves.save_moves(db, [move(EVENT), pending(EVENT)], 1, NOW)
        moves.save_links(db, [link(stored[0])], 1)
        assignments.unassign(db, [stored[0].article_id])
        dropped, turnover = events.recount(db, [EVENT], 0.25)
        assert turnover == Turnover(RowChange(removed=1), RowChange(removed=2), RowChange())
        assert sorted(dropped) == [DroppedMove("market", "0..0", DAY, DAY), DroppedMove("market", "0..1", DAY, DAY)]
        assert events.events_by_id(db, [EVENT]) == []
        assert moves.move_states(db, [EVENT]) == []


def test_an_intraday_event_is_counted_by_its_own_assignment(store: Store) -> None:
    with store.write() as db:
        (stored,) = articles.save_articles(db, [article()], NOW)
        assign(db, [stored])
        write_event(db, "GAZP", DAY, NOW)
        pair = Assignment(stored.article_id, "GAZP", EventIds(EVENT, INSTANT), Anchor.IN_SESSION, False, True)
        assignments.save_assignments(db, [pair], {}, [])
        assert events.recount(db, [EVENT, INSTANT], 0.25).dropped == []
        counted = events.events_by_id(db, [INSTANT])
    assert [(event.articles_in_event, event.published_at) for event in counted] == [(1, NOW)]
    assert counted[0].intraday_instant == NOW


def test_clean_events_are_not_scored_again(store: Store) -> None:
    with store.write() as db:
        keys = sorted([write_event(db, "GAZP", DAY), write_event(db, "ROSN", DAY)])
        assert events.dirty_events(db) == keys
        events.mark_clean(db, keys[:1])
        assert events.dirty_events(db) == keys[1:]
        assert [row.dirty for row in db.execute(select(rows).order_by(rows.c.event_id))] == [False, True]


def test_new_bars_reach_the_events_whose_windows_may_have_them(store: Store) -> None:
    with store.write() as db:
        near, far = (write_event(db, "GAZP", DAY - events.REACH - timedelta(days=n)) for n in (0, 1))
        write_event(db, "ROSN", DAY)
        assert far
        assert events.events_from(db, {"GAZP": DAY}) == {near}


def test_events_of_sessions_and_of_instants_are_listed_apart(store: Store) -> None:
    with store.write() as db:
        first, last = (write_event(db, "GAZP", DAY - timedelta(days=n)) for n in (3, 0))
        write_event(db, "GAZP", DAY - timedelta(days=4))
        instant = write_event(db, "GAZP", DAY, NOW)

        def listed(intraday: bool = False) -> list[str]:
            between: list[Event] = events.events_between(db, ["GAZP"], DAY - timedelta(days=3), DAY, intraday)
            return [event.event_id for event in between]

        assert (listed(), listed(intraday=True)) == ([first, last], [instant])
        days = events.event_days(db, ["GAZP", "ROSN"])
    assert {ticker: sorted(of) for ticker, of in days.items()} == {"GAZP": [DAY - timedelta(days=n) for n in (4, 3, 0)]}


def test_stories_are_counted_once_however_many_copies(store: Store) -> None:
    with store.write() as db:
        stored = articles.save_articles(db, [article(str(n)) for n in range(3)], NOW)
        assign(db, stored)
        stories.save_story_rows(
            db, [StoryArticle(one.article_id, "h", "l", False, NOW, one.article_id, 1) for one in stored]
        )
        events.recount(db, [EVENT], 0.25)
        (event,) = events.events_by_id(db, [EVENT])
    assert (event.articles_in_event, event.stories_in_event) == (3, 3)
