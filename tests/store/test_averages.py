"""Averages of an instrument: rows that come back as they were, and the views of them."""

from dataclasses import replace

import pytest

from signals.store import Connection, Store, averages
from signals.store.queries import select_view
from signals.store.views import AVERAGE_PATHS, AVERAGE_TESTS, AVERAGES
from signals.types import Average, AveragePathRow, AverageRow, AverageTest, AverageTestRow
from tests.store.samples import linked, mirror

TESTS = (
    AverageTest("adjusted_bmp", 1 / 3, 0.7, 7, ""),
    AverageTest("adjusted_rank", None, None, 7, "the windows do not coincide"),
    AverageTest("rank", 1.5, 0.13, 7, ""),
)
ALL = Average("all", "market", "0..1", 7, 0.1, 0.2, (0.05, None), (7, 0), 0.0, "adjusted_bmp", TESTS)
OF_TAG = replace(ALL, group="tag=a=b", event_window="0..0", aar=(0.3,), counts=(2,), caar=None, tests=TESTS[:1])


def save(db: Connection, *rows: Average, ticker: str = "GAZP") -> None:
    mirror(db, ticker)
    averages.save_averages(db, ticker, rows)


def test_averages_come_back_as_they_were_and_in_their_order(store: Store) -> None:
    with store.write() as db:
        save(db, ALL, OF_TAG)
        assert averages.averages_of(db, "GAZP") == [ALL, OF_TAG]
        assert averages.averages_of(db, "LKOH") == []


def test_new_averages_take_the_place_of_all_earlier_ones_of_the_instrument(store: Store) -> None:
    with store.write() as db:
        save(db, ALL, OF_TAG)
        save(db, ALL, ticker="LKOH")
        mirror(db, "GAZP", "LKOH")
        averages.save_averages(db, "GAZP", [OF_TAG])
        assert averages.averages_of(db, "GAZP") == [OF_TAG]
        assert averages.averages_of(db, "LKOH") == [ALL]
        averages.clear(db)
        assert averages.averages_of(db, "LKOH") == []


def test_averages_of_a_study_that_is_no_more_are_in_no_answer(store: Store) -> None:
    with store.write() as db:
        save(db, ALL, replace(ALL, study="former"))
        assert averages.averages_of(db, "GAZP") == [ALL]
        assert len(select_view(db, AVERAGES, AverageRow)) == 1


def test_the_views_say_what_the_average_says(store: Store) -> None:
    with store.write() as db:
        save(db, ALL, OF_TAG)
        (row, of_tag) = select_view(db, AVERAGES, AverageRow, order="event_group")
        tests = select_view(db, AVERAGE_TESTS, AverageTestRow, "group_kind = 'all'", "test")
        path = select_view(db, AVERAGE_PATHS, AveragePathRow, "group_kind = 'all'", "session_no")
    assert (row.event_group, row.events, row.ret, row.caar, row.model) == ("all", 7, 0.1, 0.2, "market")
    assert (row.test, row.statistic, row.p_value, row.reason) == ("adjusted_bmp", 1 / 3, 0.7, "")
    assert (row.p_adjusted_bmp, row.p_adjusted_rank, row.p_rank) == (0.7, None, 0.13)
    assert (of_tag.event_group, of_tag.group_kind, of_tag.group_value) == ("tag=a=b", "tag", "a=b")
    assert [(t.test, t.is_default, t.p_value, t.reason) for t in tests] == [
        ("adjusted_bmp", 1, 0.7, ""), ("adjusted_rank", 0, None, "the windows do not coincide"), ("rank", 0, 0.13, ""),
    ]  # fmt: skip
    assert [(step.session_no, step.aar, step.events) for step in path] == [(0, 0.05, 7), (1, None, 0)]


def test_scored_links_are_those_of_events_each_once_per_source_and_tag(store: Store) -> None:
    with store.write() as db:
        linked(db, "Gazprom builds", "Gazprom builds again")
        (link,) = averages.scored_links(db, "GAZP")
    assert (link.event_window, link.source, link.tag, link.ret) == ("0..0", "wire", "GAZP", 0.06)


@pytest.mark.parametrize("stored", [False, True])
def test_instruments_with_events_have_no_averages_only_if_there_are_none_at_all(store: Store, stored: bool) -> None:
    with store.write() as db:
        linked(db, "Gazprom builds")
        if stored:
            save(db, ALL, ticker="LKOH")
        assert averages.tickers_without(db) == ([] if stored else ["GAZP"])
