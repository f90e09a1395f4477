"""Unusual sessions with their stories, or without any."""

import re
from dataclasses import replace

import pytest
from rich.cells import cell_len

from signals.answers.unusual import unusual
from signals.app import App
from signals.errors import UnknownNameError
from signals.reports.base_rates import NO_NEWS
from signals.reports.moves import moves_lines
from signals.store import queries
from signals.types import UnusualReport
from tests.reports.examples import INSTRUMENT, REPORT, SESSION, STORY
from tests.worlds import links_of

ANSWER = UnusualReport(REPORT.as_of, (INSTRUMENT,), (SESSION,))


def text(answer: UnusualReport, width: int = 120) -> str:
    return "\n".join(line for line, _ in moves_lines(answer, width))


def test_a_session_has_its_numbers_and_its_stories() -> None:
    assert text(ANSWER).startswith(
        "2015-01-21  GAZP     move  +2.09%  market  +3.25%  peers  -0.20%  own  -0.96%       p 0.004\n"
        "    2015-01-21 16:10 MSK  Gazprom signs a pact · subject · 3 copies · simulated\n"
    )
    alone = replace(SESSION, peers_part=None, own_part=None, news=(replace(STORY, copies=1),))
    lines = text(replace(ANSWER, sessions=(alone,)))
    assert "  move  +2.09%  market  +3.25%  own  -1.16%  " in lines
    assert "Gazprom signs a pact · subject · simulated\n" in lines


def test_a_session_without_news_is_marked() -> None:
    silent = replace(SESSION, news=(), explained=0)
    assert (f"    {NO_NEWS}", "yellow") in list(moves_lines(replace(ANSWER, sessions=(silent,)), 120))


def test_a_long_headline_is_cut_and_not_what_stands_after_it() -> None:
    story = replace(STORY, title="北朝鮮がロシアに " * 30)
    line = text(replace(ANSWER, sessions=(replace(SESSION, news=(story,)),))).splitlines()[1]
    assert cell_len(line) <= 120
    assert line.endswith("… · subject · 3 copies · simulated")


def test_the_base_rates_are_a_table() -> None:
    names, row, *note = text(ANSWER).split("Base rates\n")[1].splitlines()
    assert re.split("  +", names.strip()) == [
        "ticker", "unusual", "of sessions", "since", "no known news", "median move", "95% move", "median abnormal",
        "95% abnormal",
    ]  # fmt: skip
    assert row.split() == ["GAZP", "21", "2,100", "2007-01-24", "20", "1.10%", "4.10%", "0.70%", "2.60%"]
    assert len(names) == len(row)
    assert " ".join(note).strip().startswith("A session is unusual at p 0.01 or less.")


def test_an_answer_without_sessions_or_rates_is_a_sentence() -> None:
    assert text(UnusualReport(REPORT.as_of, (), ())) == "No unusual session."


# --- of a store -----------------------------------------------------------------------------------------------------


def test_an_unusual_session_has_the_stories_that_fall_on_it(demo_app: App) -> None:
    by_day = {row.session: row for row in unusual(demo_app, "GAZP", None, unexplained=False).sessions}
    links = [link for link in links_of(demo_app, ticker="GAZP", window="0..0") if link.verdict == "move"]
    links = [link for link in links if link.story_rank == 1 and (link.p_value or 1) <= 0.01]
    assert links
    for link in links:
        assert link.title in {story.title for story in by_day[link.day_zero].news}


def test_copies_of_a_story_are_one_story(demo_app: App) -> None:
    with demo_app.store.read() as db:
        of_events = queries.stories_of(db, {link.event_id for link in links_of(demo_app)})
    stories = [story for news in of_events.values() for story in news]
    assert max(story.copies for story in stories) > 1
    assert all(story.story_rank == 1 for story in stories)


def test_an_unknown_ticker_is_refused(demo_app: App) -> None:
    with pytest.raises(UnknownNameError, match="GAZP"):
        unusual(demo_app, "NOPE", None, unexplained=False)


def test_sessions_without_news_are_listed_alone(demo_app: App) -> None:
    answer = unusual(demo_app, None, None, unexplained=True)
    assert answer.sessions
    assert not any(row.news or row.explained for row in answer.sessions)
    assert text(answer).count(f"    {NO_NEWS}\n") == len(answer.sessions)


def test_the_base_rate_counts_the_sessions_with_and_without_news(demo_app: App) -> None:
    answer = unusual(demo_app, None, None, unexplained=False)
    for rate in answer.base_rates:
        sessions = [row for row in answer.sessions if row.ticker == rate.ticker]
        assert rate.unusual_sessions == len(sessions) < 0.05 * (rate.measured_sessions or 0)
        assert rate.unexplained_sessions == sum(not row.news for row in sessions)
