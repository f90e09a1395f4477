"""Queries of the views, as rows of typed classes."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from signals.store import Connection, Store, articles, assignments, bars, moves, queries, run_log
from signals.store.queries import TOLERANCE, LinkFilters, SessionFilters, rows_of
from signals.types import BarRow, Disagreement, Verdict, event_id
from tests.store.samples import (
    DAY,
    LATER,
    NOW,
    article,
    assign,
    judge,
    linked,
    mention,
    mirror,
    move,
    quarantined,
    session_move,
    write_bars,
)

EVENT = event_id("GAZP", DAY)


@dataclass(frozen=True)
class Row:
    at: datetime | None
    session: date | None
    name: str


def test_instants_and_sessions_are_read_by_the_types_of_the_fields(store: Store) -> None:
    with store.write() as db:
        linked(db, "Gazprom builds")
        sql = "SELECT a.published_at AS at, e.day_zero AS session, a.title AS name FROM articles a, events e"
        assert rows_of(db, Row, sql) == [Row(NOW, DAY, "Gazprom builds")]
        nothing = "SELECT finished_at AS at, NULL AS session, 'x' AS name FROM runs WHERE 1 = 0"
        assert rows_of(db, Row, nothing) == []


def test_a_column_without_a_field_is_a_bug(store: Store) -> None:
    with store.read() as db, pytest.raises(TypeError, match="Row has no field for other"):
        rows_of(db, Row, "SELECT 1 AS other")


def test_values_are_bound_and_a_list_is_expanded(store: Store) -> None:
    with store.write() as db:
        linked(db, "Gazprom builds")
        sql = "SELECT NULL AS at, day_zero AS session, ticker AS name FROM events WHERE day_zero = :day"
        assert rows_of(db, Row, sql, day=DAY) == [Row(None, DAY, "GAZP")]
        assert rows_of(db, Row, f"{sql} AND ticker IN :names", day=DAY, names=["GAZP", "ROSN"]) == [
            Row(None, DAY, "GAZP")
        ]
        assert rows_of(db, Row, f"{sql} AND ticker = :name", day=DAY, name="' OR 1=1 --") == []


# --- links ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(store: Store) -> Store:
    """A store with an event of two articles."""
    with store.write() as db:
        linked(db, "Gazprom builds", "Gazprom builds more")
    return store


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (LinkFilters(), 4),
        (LinkFilters(ticker="GAZP", study="market", window="0..0"), 2),
        (LinkFilters(ticker="ROSN"), 0),
        (LinkFilters(since=DAY, until=DAY), 4),
        (LinkFilters(since=DAY + timedelta(days=1)), 0),
        (LinkFilters(until=DAY - timedelta(days=1)), 0),
        (LinkFilters(min_relevance=0.9), 4),
        (LinkFilters(min_relevance=0.91), 0),
    ],
)
def test_links_are_filtered(filled: Store, filters: LinkFilters, count: int) -> None:
    with filled.read() as db:
        assert len(queries.links(db, filters)) == count


def test_links_are_listed_newest_first(filled: Store) -> None:
    with filled.read() as db:
        rows = queries.links(db, LinkFilters(window="0..0"))
        assert [row.title for row in rows] == ["Gazprom builds more", "Gazprom builds"]
        one = queries.links(db, LinkFilters(article_id=rows[0].article_id, window="0..0"))
    assert one == rows[:1]
    assert (rows[0].verdict, rows[0].car, rows[0].day_zero, rows[0].scored_at) == ("move", 0.05, DAY, NOW)


def test_the_moves_of_an_event_are_listed_scored_or_not(filled: Store) -> None:
    with filled.read() as db:
        scored, waiting = queries.event_moves(db, EVENT)
        (unscored,) = queries.unscored(db, "GAZP")
        assert queries.unscored(db, "ROSN") == []
    assert (scored.event_window, scored.status, scored.p_value) == ("0..0", "scored", 0.01)
    assert (waiting.event_window, waiting.status, waiting.p_value) == ("0..1", "pending", None)
    assert (unscored.event_window, unscored.reason, unscored.reason_detail) == (
        "0..1", "window_open", "1 of 2 sessions",
    )  # fmt: skip


# --- instruments ----------------------------------------------------------------------------------------------------


def test_instruments_are_listed_with_their_coverage(filled: Store) -> None:
    with filled.write() as db:
        mirror(db, "LKOH")
        write_bars(db, {"2024-02-28": 100, "2024-02-29": 101})
        gazp, lkoh = queries.instruments(db)
        assert queries.instruments(db, "LKOH") == [lkoh]
        assert queries.instruments(db, "ROSN") == []
        assert queries.tickers(db) == ["GAZP", "LKOH"]
    assert (gazp.first_bar, gazp.last_bar, gazp.articles, gazp.links) == ("2024-02-28", "2024-02-29", 2, 4)
    assert (lkoh.first_bar, lkoh.articles, lkoh.measured_sessions) == (None, 0, None)


def test_an_answer_is_as_fresh_as_its_news_and_the_last_run(filled: Store) -> None:
    with filled.read() as db:
        fresh, unknown = (queries.freshness(db, ticker) for ticker in ("GAZP", "ROSN"))
    assert (fresh.news_to, fresh.last_run) == (NOW + timedelta(minutes=1), NOW)
    assert (unknown.news_to, unknown.last_run) == (None, NOW)


def write_move(db: Connection, ticker: str, day: date, car: float, verdict: Verdict = Verdict.MOVE) -> None:
    """Write an event with one article and a scored move."""
    (stored,) = articles.save_articles(db, [article(f"{ticker} {day}", at=NOW)], NOW)
    event = assign(db, [stored], ticker, day)
    moves.save_moves(db, [move(event, day_zero=day, car=car), move(event, "0..1", day_zero=day, car=-9.0)], 1, NOW)
    judge(db, event, "0..0", verdict)


@pytest.mark.parametrize(
    ("cars", "strongest"),
    [([0.05, -0.04], 0.05), ([0.04, -0.05], -0.05), ([0.05, -0.05], 0.05), ([0.03], 0.03), ([-0.03], -0.03),
     ([], None)],
)  # fmt: skip
def test_an_overview_has_the_strongest_move_of_each_instrument(
    store: Store, cars: list[float], strongest: float | None
) -> None:
    with store.write() as db:
        mirror(db, "GAZP", "ROSN")
        for n, car in enumerate(cars):
            write_move(db, "GAZP", DAY - timedelta(days=n), car)
        write_move(db, "GAZP", DAY - timedelta(days=9), 0.5, Verdict.CONFOUNDED)
        (summary,) = queries.overview(db, "market", "0..0")
        assert queries.overview(db, None, None) == [summary]  # what decides
        assert queries.overview(db, "market", "0..5") == queries.overview(db, "raw", None) == []
        (other,) = queries.overview(db, None, "0..1")
        assert (other.events, other.moves) == (len(cars) + 1, 0)
    assert (summary.instrument.ticker, summary.events, summary.moves) == ("GAZP", len(cars) + 1, len(cars))
    assert summary.strongest == strongest


# --- mentions -------------------------------------------------------------------------------------------------------


def test_refused_tags_beside_a_ticker_are_counted_by_article(store: Store) -> None:
    refused = mention(None, role=None, relevance=None)
    with store.write() as db:
        one, two = articles.save_articles(db, [article("1"), article("2")], NOW)
        tags = {(one.article_id, 1): [mention(), refused, refused], (two.article_id, 1): [refused]}
        assignments.save_mentions(db, tags)
        (tag,) = queries.refused_beside(db, "GAZP")
        rows = queries.mentions(db, one.article_id)
    assert (tag.tag, tag.reason, tag.articles, tag.article_id) == ("NG", "unknown_tag", 1, one.article_id)
    assert [(row.mention_no, row.status, row.ticker) for row in rows] == [
        (0, "linked", "GAZP"), (1, "refused", None), (2, "refused", None),
    ]  # fmt: skip


# --- unusual sessions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "days"),
    [
        (SessionFilters(), [0, 1, 1]),
        (SessionFilters(ticker="GAZP"), [0, 1]),
        (SessionFilters(since=DAY), [0]),
        (SessionFilters(explained=0), [1, 1]),
        (SessionFilters(explained=1), [0]),
    ],
)
def test_unusual_sessions_are_filtered_and_have_their_stories(
    filled: Store, filters: SessionFilters, days: list[int]
) -> None:
    before = DAY - timedelta(days=1)
    with filled.write() as db:
        mirror(db, "ROSN")
        sessions = [session_move("GAZP", DAY), session_move("GAZP", before), session_move("ROSN", before)]
        moves.save_session_moves(db, {}, sessions)
        rows = queries.unusual_sessions(db, filters)
    assert [(DAY - row.session).days for row in rows] == days
    for row in rows:
        assert [(story.title, story.copies) for story in row.news] == ([("Gazprom builds", 2)] if row.explained else [])
        assert (row.event_id is not None, row.articles) == (bool(row.explained), 2 * row.explained)


def test_the_stories_of_an_event_are_in_the_order_of_their_first_copies(store: Store) -> None:
    with store.write() as db:
        late, early, copy = articles.save_articles(
            db, [article("1", at=LATER), article("2", "Rosneft", NOW), article("3", at=LATER)], NOW
        )
        assign(db, [late, copy])
        assign(db, [early])
        (stories,) = queries.stories_of(db, [EVENT]).values()
        assert queries.stories_of(db, []) == {}
    assert [(story.article_id, story.copies) for story in stories] == [(early.article_id, 1), (late.article_id, 2)]


# --- bars -----------------------------------------------------------------------------------------------------------


def test_current_bars_between_two_days(store: Store) -> None:
    with store.write() as db:
        write_bars(db, {"2024-02-27": 99, "2024-02-28": 100, "2024-02-29": 101})
        rows = queries.bars_between(db, "GAZP", "local", date(2024, 2, 28), date(2024, 2, 28))
    assert rows == [BarRow("2024-02-28", None, None, None, 100, None, "local", NOW)]


def test_closes_of_two_sources_that_differ_are_a_disagreement_and_rounding_is_not(store: Store) -> None:
    days = ["2024-02-27", "2024-02-28", "2024-02-29"]
    with store.write() as db:
        write_bars(db, dict(zip(days, [100, 100, 110], strict=True)), source="one")
        write_bars(db, dict(zip(days, [100 * (1 + TOLERANCE / 2), 99, 100], strict=True)), source="two")
        write_bars(db, {"2024-02-27": 50}, ticker="ROSN", source="two")
        (pair,) = queries.disagreements(db)
    assert replace(pair, largest=0) == Disagreement("GAZP", "one", "two", "1d", ("2024-02-28", "2024-02-29"), 0)
    assert pair.largest == pytest.approx(0.1)


def test_rejected_bars_are_counted_by_reason(store: Store) -> None:
    with store.write() as db:
        bars.save_quarantined(db, "GAZP", [quarantined(), quarantined("2024-02-27"), quarantined(reason="spike")], NOW)
        first, second = queries.quarantined(db)
    assert (first.reason, first.bars, first.example) == ("non_positive", 2, "2024-02-27")
    assert (second.reason, second.bars) == ("spike", 1)


def test_a_run_that_is_under_way_is_no_freshness(store: Store) -> None:
    with store.write() as db:
        run_log.begin(db, "nightly", NOW, NOW, "0")
        assert queries.freshness(db, "GAZP").last_run is None
