"""Unusual sessions with the stories that fall on them, and base rates."""

import pytest

from signals.answers.unusual import unusual
from signals.app import App
from signals.errors import UnknownNameError
from tests.worlds import NOW, query


def test_every_unusual_session_of_every_instrument_is_listed_newest_first(demo_app: App) -> None:
    answer = unusual(demo_app, None, None, unexplained=False)
    with demo_app.store.read() as db:
        rows = query(db, "SELECT ticker, session FROM session_moves")
    assert {(row.ticker, str(row.session)) for row in answer.sessions} == {(r["ticker"], r["session"]) for r in rows}
    days = [row.session for row in answer.sessions]
    assert days == sorted(days, reverse=True)
    assert answer.as_of == NOW


def test_only_instruments_that_were_measured_have_a_base_rate(demo_app: App) -> None:
    rates = unusual(demo_app, None, None, unexplained=False).base_rates
    assert rates
    assert all(row.measured_sessions and row.typical_ret for row in rates)
    with demo_app.store.read() as db:
        measured = {row["ticker"] for row in query(db, "SELECT ticker FROM base_rates")}
    assert {row.ticker for row in rates} == measured


def test_one_ticker_has_its_own_sessions_and_base_rate(demo_app: App) -> None:
    every = unusual(demo_app, None, None, unexplained=False)
    own = unusual(demo_app, "GAZP", None, unexplained=False)
    assert [row.ticker for row in own.base_rates] == ["GAZP"]
    assert list(own.sessions) == [row for row in every.sessions if row.ticker == "GAZP"]


def test_sessions_may_be_restricted_to_those_since_a_day(demo_app: App) -> None:
    every = unusual(demo_app, "GAZP", None, unexplained=False).sessions
    since = every[len(every) // 2].session
    assert list(unusual(demo_app, "GAZP", since, unexplained=False).sessions) == [
        r for r in every if r.session >= since
    ]


def test_an_explained_session_has_stories_and_an_unexplained_one_none(demo_app: App) -> None:
    every = unusual(demo_app, None, None, unexplained=False).sessions
    without = unusual(demo_app, None, None, unexplained=True).sessions
    assert list(without) == [row for row in every if not row.explained]
    assert 0 < len(without) < len(every)
    assert all(row.news for row in every if row.explained)
    assert all(story.event_id == row.event_id for row in every for story in row.news)


def test_an_unknown_ticker_is_an_error(demo_app: App) -> None:
    with pytest.raises(UnknownNameError, match="NOPE"):
        unusual(demo_app, "NOPE", None, unexplained=False)
