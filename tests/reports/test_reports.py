"""What rows look like to people and to programs."""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

from signals.reports.machine import to_csv, to_json
from signals.reports.table import report_lines
from signals.reports.words import percent, plain, probability, published

LINK: dict[str, Any] = {
    "link_id": "abc/GAZP/market/0..0", "article_id": "abc", "ticker": "GAZP", "title": "Gazprom signs a pact",
    "source": "simulated", "publisher": "Simulated Newsroom", "published_at": datetime(2015, 1, 21, 13, 10, tzinfo=UTC),
    "published_precision": "minute", "published_zone": "Europe/London", "zone_basis": "source", "day_zero_sensitive": 1,
    "tag": "MM:GAZP", "tag_kind": "inline", "role": "passing", "relevance": 0.16, "day_zero": date(2015, 1, 21),
    "anchor": "in_session", "story_rank": 1, "story_id": "abc", "articles_in_event": 1, "study": "market",
    "event_window": "0..0", "ret": 0.0209, "benchmark_ret": 0.03, "car": -0.0116, "t_stat": -1.3, "p_value": 0.194,
    "q_value": 0.194, "status": "scored", "reason": "", "verdict": "weak_tie",
}  # fmt: skip

REPORT: dict[str, Any] = {
    "ticker": "GAZP",
    "instrument": {"name": "Gazprom", "mic": "MISX", "timezone": "Europe/Moscow", "currency": "RUB", "kind": "equity",
                   "benchmark": "IMOEX"},
    "as_of": datetime(2015, 1, 22, tzinfo=UTC),
    "coverage": {"first_bar": "2006-01-24", "last_bar": "2015-01-21", "articles": 1, "links": 1},
    "aggregates": [],
    "links": [LINK],
    "unscored": [],
    "refused_tags": [{"tag": "NG", "reason": "unknown_tag", "alias": "", "articles": 1}],
}  # fmt: skip


def text(report: dict[str, Any], width: int = 120) -> str:
    return "\n".join(line for line, _ in report_lines(report, width))


def test_the_table_shows_the_market_s_time_the_move_and_the_verdict() -> None:
    shown = text(REPORT)
    assert "2015-01-21 16:10 MSK  Gazprom signs a pact" in shown
    assert "market        0..0       +2.09%   +3.00%    -1.16%  -1.30   0.194   0.194  weak_tie" in shown
    assert "day zero 2015-01-21 in_session · zone Europe/London (source), another would change it" in shown
    assert "NG: unknown_tag, 1 article" in shown


def test_the_table_never_claims_a_cause() -> None:
    assert "does not say that the article caused it" in text(REPORT)


def test_a_narrow_terminal_gets_no_headline_longer_than_itself() -> None:
    report = {**REPORT, "links": [{**LINK, "title": "A very long headline " * 20}]}
    assert all(len(line) <= 100 for line in text(report, 100).split("\n") if "headline" in line)


def test_a_headline_cannot_steer_the_terminal() -> None:
    report = {**REPORT, "links": [{**LINK, "title": "\x1b[2JGone \u202ereversed"}]}
    assert "\x1b" not in text(report)
    assert "\u202e" not in text(report)


def test_a_day_only_stamp_is_shown_as_a_day() -> None:
    row = {**LINK, "published_precision": "day", "published_at": datetime(2018, 6, 1, 4, tzinfo=UTC),
           "published_zone": "America/New_York"}  # fmt: skip
    assert published(row, "Europe/Moscow") == "2018-06-01"


def test_json_has_numbers_as_numbers_and_instants_in_utc() -> None:
    found = json.loads(to_json(REPORT))
    assert found["links"][0]["ret"] == 0.0209
    assert found["links"][0]["published_at"] == "2015-01-21T13:10:00.000Z"
    assert found["links"][0]["day_zero"] == "2015-01-21"


def test_csv_keeps_the_columns_and_defuses_formulas() -> None:
    rows = [{**LINK, "title": '=HYPERLINK("x")', "car": -0.0116}]
    found = list(csv.DictReader(io.StringIO(to_csv(rows, ["title", "car", "published_at"]))))
    assert found == [{"title": '\'=HYPERLINK("x")', "car": "-0.0116", "published_at": "2015-01-21T13:10:00.000Z"}]


def test_values_are_written_for_people() -> None:
    assert (percent(0.0209), percent(None), probability(0.0001), probability(0.194)) == (
        "+2.09%",
        "",
        "<0.001",
        "0.194",
    )
    assert plain("a\x00b\n") == "a b"
