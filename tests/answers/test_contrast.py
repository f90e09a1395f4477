"""Two groups of events compared: whose events count, in which clusters, and what is said of too few."""

from datetime import date, timedelta

import numpy as np
import pytest

from signals.answers.contrast import contrast, group_of
from signals.app import App
from signals.cli import main
from signals.errors import UnknownNameError
from signals.notebook import Book
from signals.reports.contrast import contrast_lines, named
from signals.types import EventGroup
from tests.worlds import links_of


def means(app: App, **filters: str) -> tuple[int, float]:
    events = {link.event_id: link.car for link in links_of(app, study="market", window="0..0", **filters)}
    cars = [car for car in events.values() if car is not None]
    return len(cars), float(np.mean(cars))


def test_two_tickers_are_compared_by_their_events(demo_app: App) -> None:
    answer = contrast(demo_app, EventGroup(ticker="GAZP"), EventGroup(ticker="NRVN"))
    assert (answer.study, answer.event_window, answer.period, answer.in_both) == ("market", "0..0", "month", 0)
    for mean, ticker in ((answer.first, "GAZP"), (answer.second, "NRVN")):
        events, caar = means(demo_app, ticker=ticker)
        assert mean.events == events
        assert mean.caar == pytest.approx(caar)


def test_events_before_and_after_a_date_share_no_cluster(demo_app: App) -> None:
    days = sorted({link.day_zero for link in links_of(demo_app)})
    cut = days[len(days) // 2]
    answer = contrast(demo_app, EventGroup(since=cut), EventGroup(until=cut - timedelta(days=1)))
    assert not answer.car.paired
    assert answer.car.reason == ""
    assert min(answer.car.clusters) >= 4
    low, high = answer.car.low, answer.car.high
    assert low is not None
    assert high is not None
    assert (low <= 0 <= high) == (answer.car.p_value is not None and answer.car.p_value > 0.05)


def test_an_event_of_both_groups_is_in_none(demo_app: App) -> None:
    answer = contrast(demo_app, EventGroup(ticker="GAZP"), EventGroup())
    assert answer.in_both == means(demo_app, ticker="GAZP")[0]
    assert answer.first.events == 0
    assert answer.car.reason == "fewer than 5 events in a group"
    assert answer.car.p_value is None


@pytest.mark.parametrize(
    ("study", "window", "period", "message"),
    [
        ("other", None, "month", "study 'other'"), ("market", "9..9", "month", "window '9..9'"),
        (None, None, "week", "period 'week'"),
    ],
)  # fmt: skip
def test_an_unknown_name_is_one_sentence(
    demo_app: App, study: str | None, window: str | None, period: str, message: str
) -> None:
    with pytest.raises(UnknownNameError, match=message):
        contrast(demo_app, EventGroup(), EventGroup(), study, window, period)
    with pytest.raises(UnknownNameError, match="ticker 'NONE'"):
        contrast(demo_app, EventGroup(ticker="NONE"), EventGroup())


def test_a_group_is_described_by_the_names_of_its_fields() -> None:
    group = group_of({"ticker": "A", "since": "2026-01-02"})
    assert group == EventGroup(ticker="A", since=date(2026, 1, 2))
    assert named(group) == "ticker A, from 2026-01-02"
    assert named(EventGroup(source="wire", until=date(2026, 1, 2))) == "source wire, to 2026-01-02"
    assert named(EventGroup()) == "all events"
    with pytest.raises(TypeError, match="colour"):
        group_of({"colour": "red"})


def test_the_report_has_the_difference_its_interval_and_what_it_could_have_seen(demo_app: App) -> None:
    days = sorted({link.day_zero for link in links_of(demo_app)})
    cut = days[len(days) // 2]
    groups = EventGroup(since=cut), EventGroup(until=cut - timedelta(days=1))
    lines = "\n".join(line for line, _ in contrast_lines(contrast(demo_app, *groups), 400))
    for words in ("market 0..0, clusters: calendar months", "95% from", "four times in five", "In standard deviations"):
        assert words in lines
    short = "\n".join(line for line, _ in contrast_lines(contrast(demo_app, *groups, period="year"), 400))
    assert "No test: fewer than 4 clusters in a group" in short
    both = contrast(demo_app, EventGroup(ticker="GAZP"), EventGroup())
    assert "No test: fewer than 5 events in a group" in "\n".join(line for line, _ in contrast_lines(both, 400))
    assert "events of both groups left out" in "\n".join(line for line, _ in contrast_lines(both, 400))


def test_python_and_the_command_line_say_the_same(demo_app: App, capsys: pytest.CaptureFixture[str]) -> None:
    answer = Book(demo_app).contrast({"ticker": "GAZP"}, {"ticker": "NRVN"})
    config = ["--config", str(demo_app.config.path)]
    assert main([*config, "contrast", "--ticker", "GAZP", "--against-ticker", "NRVN", "--format", "json"]) == 0
    assert f'"events":{answer.first.events}' in capsys.readouterr().out.replace(" ", "")
    assert main([*config, "contrast", "--before", "2025-06-01"]) == 0
    assert "Difference of the abnormal moves" in capsys.readouterr().out
    assert main([*config, "contrast", "--ticker", "GAZP"]) == 2
    assert "--against-ticker" in capsys.readouterr().err
