"""The explanation of an intraday link: the bars that its window lies between."""

from datetime import UTC, datetime

import pytest

from signals.answers.explain import explain
from signals.answers.explain_intraday import explain_intraday
from signals.app import App
from signals.pipeline import RunContext
from signals.store import events, queries
from signals.types import IntradayPath, LinkExplanation, LinkRow
from tests.hourly import NEW_YORK
from tests.worlds import links_of


def link_of(app: App, at: str, window: str) -> LinkRow:
    """Return the link of the article of an instant in New York."""
    instant = datetime.fromisoformat(at).replace(tzinfo=NEW_YORK).astimezone(UTC)
    (link,) = (link for link in links_of(app, study="hourly", window=window) if link.published_at == instant)
    return link


def explanation_of(app: App, at: str, window: str) -> LinkExplanation:
    return explain(app, link_of(app, at, window).link_id).tickers[0].links[0]


def path_of(app: App, at: str, window: str) -> IntradayPath:
    path = explanation_of(app, at, window).intraday
    assert path is not None
    return path


def test_the_bars_are_those_of_the_first_and_last_price_and_of_publication(hourly: App) -> None:
    path = path_of(hourly, "2020-03-04 13:20", "0m..60m")
    assert [(bar.bar.start, bar.straddles) for bar in path.bars] == [
        ("2020-03-04T17:00:00", False), ("2020-03-04T18:00:00", True), ("2020-03-04T19:00:00", False),
    ]  # fmt: skip
    assert path.between == 0
    assert [bar.bar.start for bar in path.benchmark_bars] == [bar.bar.start for bar in path.bars]
    assert [bar.straddles for bar in path.benchmark_bars] == [False, True, False]


def test_the_return_is_that_of_the_bars(hourly: App) -> None:
    link = link_of(hourly, "2020-03-04 13:20", "0m..60m")
    path = path_of(hourly, "2020-03-04 13:20", "0m..60m")
    closes = [bar.bar.close for bar in path.bars]
    assert closes[0] is not None
    assert closes[-1] is not None
    assert link.ret == pytest.approx(closes[-1] / closes[0] - 1)
    assert (path.base_at, path.entry_at, path.exit_at) == (link.base_at, link.entry_at, link.exit_at)
    assert path.published_at == link.published_at
    assert path.activity > 0


def test_bars_between_are_counted_and_not_listed(hourly: App) -> None:
    path = path_of(hourly, "2020-03-04 13:20", "0m..close")
    assert [bar.bar.start for bar in path.bars] == [
        "2020-03-04T17:00:00", "2020-03-04T18:00:00", "2020-03-04T20:00:00",
    ]  # fmt: skip
    assert path.between == 1


def test_a_window_that_ends_with_the_open_includes_the_bar_that_opens_there(hourly: App) -> None:
    path = path_of(hourly, "2020-03-16 18:00", "overnight")
    assert [bar.bar.start for bar in path.bars] == ["2020-03-16T19:00:00", "2020-03-17T13:00:00"]
    assert not any(bar.straddles for bar in path.bars)


def test_kappa_and_the_sessions_of_the_estimation_are_those_of_the_move(hourly: App) -> None:
    explanation = explanation_of(hourly, "2020-03-04 13:20", "0m..60m")
    terms, n = explanation.kappa, explanation.move.n_estimation
    assert terms is not None
    assert terms.factor is not None
    d = terms.factor.event_sum - terms.sessions * terms.factor.mean
    squared = terms.sessions + terms.sessions**2 / terms.n_estimation + d**2 / terms.factor.sum_of_squares
    assert squared**0.5 == pytest.approx(explanation.move.kappa)
    assert (terms.sessions, terms.n_estimation) == (1, n)
    assert explanation.estimation is not None
    assert explanation.estimation[0] < explanation.estimation[1] < explanation.link.day_zero
    assert list(explanation.path) == []


def test_a_window_without_a_place_has_the_reason_and_no_bars(hourly: App) -> None:
    explanation = explanation_of(hourly, "2020-03-17 15:40", "0m..60m")
    assert explanation.link.reason == "beyond_session"
    assert (explanation.intraday, explanation.estimation, explanation.kappa) == (None, None, None)


def test_an_instrument_without_bars_of_the_interval_has_no_path(hourly: App) -> None:
    link = link_of(hourly, "2020-03-04 13:20", "0m..60m")
    (study,) = hourly.plan.intraday
    run = RunContext(0, hourly.now())
    with hourly.store.read() as db:
        (event,) = events.events_by_id(db, [link.event_id])
        move = next(row for row in queries.event_moves(db, link.event_id) if row.event_window == link.event_window)
        assert explain_intraday(db, hourly.plan, run, event, study, move) is not None
        other = type(study)("minutes", "5m", study.windows)
        assert explain_intraday(db, hourly.plan, run, event, other, move) is None


def test_the_first_session_has_no_estimation_window(hourly: App) -> None:
    link = link_of(hourly, "2020-03-04 13:20", "0m..60m")
    (study,) = hourly.plan.intraday
    gap = type(study)(study.name, "1h", study.windows, estimation=20, gap=400)
    with hourly.store.read() as db:
        (event,) = events.events_by_id(db, [link.event_id])
        move = next(row for row in queries.event_moves(db, link.event_id) if row.event_window == link.event_window)
        derivation = explain_intraday(db, hourly.plan, RunContext(0, hourly.now()), event, gap, move)
    assert derivation is not None
    assert (derivation.estimation, derivation.kappa) == (None, None)
