"""The other way round: what moved, and whether any news is known for it."""

import numpy as np
import pytest

from signals.app import App
from signals.errors import UnknownNameError
from signals.reports.moves import NO_NEWS, moves_lines
from signals.study.score import Panel, sums_for
from signals.study.typical_moves import typical_moves
from signals.types import Study


def shown(app: App, ticker: str | None = None, unexplained: bool = False) -> str:
    return "\n".join(line for line, _ in moves_lines(app.moves(ticker, None, unexplained), 120))


def test_an_unusual_session_has_the_stories_that_fall_on_it(demo_app: App) -> None:
    by_day = {str(row["session"]): row for row in demo_app.moves("GAZP", None, unexplained=False)["moves"]}
    links = [link for link in demo_app.links({"ticker": "GAZP", "window": "0..0"}) if link["verdict"] == "move"]
    links = [link for link in links if link["story_rank"] == 1 and link["p_value"] <= 0.01]
    assert links
    for link in links:
        assert link["title"] in {story["title"] for story in by_day[str(link["day_zero"])]["news"]}


def test_a_session_without_news_says_so(demo_app: App) -> None:
    found = demo_app.moves(None, None, unexplained=True)["moves"]
    assert found
    assert not any(row["news"] or row["explained"] for row in found)
    assert shown(demo_app, unexplained=True).count(f"    {NO_NEWS}") == len(found)


def test_copies_of_a_story_are_shown_once(demo_app: App) -> None:
    stories = [story for row in demo_app.moves(None, None, unexplained=False)["moves"] for story in row["news"]]
    assert max(story["copies"] for story in stories) > 1
    assert all(story["story_rank"] == 1 for story in stories)


def test_the_base_rate_counts_the_sessions_with_and_without_news(demo_app: App) -> None:
    rows = demo_app.moves(None, None, unexplained=False)["moves"]
    for rate in demo_app.moves(None, None, unexplained=False)["base_rates"]:
        own = [row for row in rows if row["ticker"] == rate["ticker"]]
        assert rate["unusual_sessions"] == len(own) < 0.05 * rate["measured_sessions"]
        assert rate["unexplained_sessions"] == sum(not row["news"] for row in own)


def test_a_ticker_that_nobody_knows_is_refused(demo_app: App) -> None:
    with pytest.raises(UnknownNameError, match="GAZP"):
        demo_app.moves("NOPE", None, unexplained=False)


def test_the_ordinary_move_is_that_of_the_last_measured_year() -> None:
    rng = np.random.default_rng(5)
    ret = rng.normal(0, 0.01, (2, 600))
    ret[:, :300] *= 10
    ret[0, 450] = np.nan
    nothing = np.full_like(ret, np.nan)
    panel = Panel(ret, nothing, nothing, nothing)
    study = Study("mean", "constant-mean", estimation=100, gap=5, min_observations=60)
    found = typical_moves(panel, sums_for(panel, study), study, 0)
    last = np.abs(ret[0][np.isfinite(ret[0])][-250:])
    assert (found.measured[0], len(found.measured)) == (65, 600 - 65 - 1)
    assert (found.typical, found.large) == pytest.approx(tuple(np.quantile(last, (0.5, 0.95))))
    assert found.typical_ar == pytest.approx(found.typical, rel=0.2)
