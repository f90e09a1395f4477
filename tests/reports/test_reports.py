"""What rows look like to people and to programs."""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from rich.cells import cell_len

from signals.reports.format import percent, plain, probability, published
from signals.reports.json_csv import to_csv, to_json
from signals.reports.links_table import columns_for, report_lines

LINK: dict[str, Any] = {
    "link_id": "abc/GAZP/market/0..0", "article_id": "abc", "ticker": "GAZP", "title": "Gazprom signs a pact",
    "source": "simulated", "publisher": "Simulated Newsroom", "published_at": datetime(2015, 1, 21, 13, 10, tzinfo=UTC),
    "published_precision": "minute", "published_zone": "Europe/London", "zone_basis": "source", "day_zero_sensitive": 1,
    "url": "https://example.org/1",
    "tag": "MM:GAZP", "tag_kind": "inline", "role": "passing", "relevance": 0.16, "day_zero": date(2015, 1, 21),
    "anchor": "in_session", "story_rank": 1, "story_id": "abc", "articles_in_event": 1, "study": "market",
    "model": "market", "event_window": "0..0", "ret": 0.0209, "benchmark_ret": 0.03, "car": -0.0116, "t_stat": -1.3,
    "p_value": 0.194, "q_value": 0.194, "status": "scored", "reason": "", "verdict": "weak_tie",
}  # fmt: skip

REPORT: dict[str, Any] = {
    "ticker": "GAZP",
    "instrument": {"name": "Gazprom", "mic": "MISX", "timezone": "Europe/Moscow", "currency": "RUB", "kind": "equity",
                   "benchmark": "IMOEX"},
    "as_of": datetime(2015, 1, 22, tzinfo=UTC),
    "coverage": {"first_bar": "2006-01-24", "last_bar": "2015-01-21", "articles": 1, "links": 1,
                 "news_to": datetime(2015, 1, 21, 13, 10, tzinfo=UTC), "last_run": datetime(2015, 1, 22, tzinfo=UTC)},
    "base_rate": {"typical_ret": 0.011, "large_ret": 0.041, "typical_ar": 0.007, "large_ar": 0.026,
                  "unusual_sessions": 21, "measured_sessions": 2100, "first_measured": date(2007, 1, 24),
                  "unexplained_sessions": 20},
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


def test_the_header_and_the_base_rate_are_told() -> None:
    shown = text(REPORT)
    assert "GAZP  Gazprom · MISX · RUB · benchmark IMOEX" in shown
    assert "prices 2006-01-24 to 2015-01-21 · news to 2015-01-21 · last run 2015-01-22 00:00 UTC" in shown
    assert "on ordinary days every other session moves more than 1.10%" in shown
    assert "20 of them with no news known" in shown


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize(
    "title", ["A very long headline " * 20, "Газпром построит завод " * 20, "北朝鮮がロシアに" * 20]
)
def test_no_line_is_wider_than_the_terminal(width: int, title: str) -> None:
    report = {**REPORT, "links": [{**LINK, "title": title}]}
    assert max(cell_len(line) for line in text(report, width).split("\n")) <= max(width, 49)


def test_a_narrow_terminal_keeps_the_verdict_and_the_p() -> None:
    names = {width: [column.name for column in columns_for(width)] for width in (120, 80, 50)}
    assert names[120] == ["study", "window", "move", "market", "abnormal", "t", "p", "q"]
    assert names[80] == ["study", "window", "move", "abnormal", "p", "q"]
    assert names[50] == ["window", "move", "abnormal", "p"]


def test_the_headline_leads_to_the_article_where_its_address_is_of_the_web() -> None:
    def style(url: str) -> str:
        lines = report_lines({**REPORT, "links": [{**LINK, "url": url}]}, 100)
        return next(style for line, style in lines if "signs a pact" in line)

    assert style("https://example.org/a?b=c") == "bold link https://example.org/a?b=c"
    for bad in ("", "javascript:alert(1)", "https://a b", "https://x\x1b]8;;", "file:///etc/passwd"):
        assert style(bad) == "bold"


def test_pending_and_refused_stand_before_the_averages() -> None:
    unscored = [{"event_id": "e", "status": "pending", "reason": "window_open", "reason_detail": "until then",
                 "day_zero": date(2015, 1, 21), "study": "market", "event_window": "0..5"}]  # fmt: skip
    tests = [{"test": "adjusted_bmp", "p_value": 0.2, "reason": ""}, {"test": "rank", "p_value": 0.3, "reason": ""}]
    averages = [{"group": "all", "study": "market", "event_window": "0..0", "events": 7, "ret": 0.01, "caar": 0.02,
                 "default": "adjusted_bmp", "tests": tests}]  # fmt: skip
    shown = text({**REPORT, "unscored": unscored, "aggregates": averages})
    places = [shown.index(part) for part in ("Pending and", "Refused tags", "Average moves", "on ordinary days")]
    assert places == sorted(places)
    assert "7 events  move   +1.00%  abnormal   +2.00%  p 0.200 (adjusted_bmp)" in shown
    assert "other tests: rank 0.300" in shown


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
