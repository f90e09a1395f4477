"""Links across instruments: each event once, newest first, narrowed by verdict and status."""

import csv
import io
import json

import pytest

from signals.answers.report import links_of_all
from signals.app import App
from signals.reports.json_csv import links_json, to_csv
from signals.reports.links_table import list_lines
from signals.store.queries import LinkFilters
from signals.store.views import LINKS
from tests.worlds import links_of


def test_each_event_is_listed_by_its_deciding_study_and_window(demo_app: App) -> None:
    answer = links_of_all(demo_app, LinkFilters(verdict="move"))
    assert {(link.study, link.event_window) for link in answer.links} == {("market", "0..0")}
    assert {link.verdict for link in answer.links} == {"move"}
    assert len({link.ticker for link in answer.links}) > 5
    assert [link.published_at for link in answer.links] == sorted(
        (link.published_at for link in answer.links), reverse=True
    )


def test_a_named_study_or_window_takes_the_place_of_the_deciding_one(demo_app: App) -> None:
    answer = links_of_all(demo_app, LinkFilters(study="raw", window="0..1"))
    assert list(answer.links) == links_of(demo_app, study="raw", window="0..1")


@pytest.mark.parametrize("status", ["scored", "pending"])
def test_a_status_and_a_limit_narrow_the_list(demo_app: App, status: str) -> None:
    (link,) = links_of_all(demo_app, LinkFilters(status=status, limit=1)).links
    assert link.status == status


def test_the_list_is_written_for_people_and_for_programs(demo_app: App) -> None:
    answer = links_of_all(demo_app, LinkFilters(verdict="move", limit=2))
    lines = [line for line, _ in list_lines(answer, 100)]
    assert [line for line in lines if line in answer.zones] == [link.ticker for link in answer.links]
    assert "    2 move" in lines
    assert [row["link_id"] for row in json.loads(links_json(answer, LINKS.names))["links"]] == [
        row["link_id"] for row in csv.DictReader(io.StringIO(to_csv(answer.links, LINKS.names)))
    ]


def test_an_empty_list_says_so(demo_app: App) -> None:
    answer = links_of_all(demo_app, LinkFilters(ticker="NOPE"))
    assert next(line for line, _ in list_lines(answer, 100)) == "No link fits."
