"""The report of a ticker on a terminal."""

from dataclasses import replace

import pytest
from rich.cells import cell_len

from signals.reports.links_table import link_columns_for, report_lines
from signals.types import AverageTest, Freshness, RefusedTag, Report, Verdict
from tests.reports.examples import AVERAGE, INSTRUMENT, LINK, NOT_SCORED, REPORT, UNSCORED


def text(report: Report, width: int = 120) -> str:
    return "\n".join(line for line, _ in report_lines(report, width))


def style_of(report: Report, part: str) -> str:
    return next(style for line, style in report_lines(report, 120) if part in line)


def test_the_header_has_the_instrument_and_how_fresh_the_data_is() -> None:
    assert text(REPORT).startswith(
        "GAZP  Gazprom · MISX · RUB · benchmark IMOEX\n"
        "prices 2006-01-24 to 2015-01-21 · news to 2015-01-21 · last run 2015-01-22 00:00 UTC · 1 article · 1 link\n"
    )


def test_an_empty_store_has_a_header_too() -> None:
    bare = replace(
        INSTRUMENT, benchmark=None, first_bar=None, last_bar=None, articles=0, links=0, measured_sessions=None
    )
    lines = text(replace(REPORT, instrument=bare, freshness=Freshness(None, None), links=(), refused_tags=()))
    assert "no benchmark\nno prices · no news · no run yet · 0 articles · 0 links\n" in lines
    assert "No links: " in lines
    assert "typical daily move" not in lines


def test_an_article_has_its_time_its_tie_its_day_zero_and_its_moves() -> None:
    assert text(REPORT).split("\n\n")[1].splitlines() == [
        "2015-01-21 16:10 MSK  Gazprom signs a pact",
        "    passing mention, relevance 0.15 (matched 'MM:GAZP') · simulated / Simulated Newsroom · abc/GAZP",
        "    day zero 2015-01-21 (published during the session)",
        "    time zone Europe/London (configured), a different time zone would change day zero",
        "    study         window         move   market  abnormal  chance      t       p       q  verdict",
        "    market        0..0         +2.09%   +3.00%    -1.16%     85%  -1.30   0.194   0.600  weak tie",
    ]


def test_copies_other_articles_of_the_event_and_withdrawals_are_marked() -> None:
    link = replace(LINK, story_rank=2, articles_in_event=3, withdrawn="notice")
    lines = text(replace(REPORT, links=(link,)))
    for part in (" · WITHDRAWN · ", "copy 2 of story abc", "3 articles share the event"):
        assert part in lines


def test_windows_without_a_return_share_a_line_for_each_reason() -> None:
    rows = [replace(NOT_SCORED, study=study, event_window=w) for study in ("market", "raw") for w in ("0..0", "0..1")]
    open_window = replace(NOT_SCORED, event_window="0..5", status="pending", reason="window_open")
    lines = text(replace(REPORT, links=(LINK, *rows, open_window)))
    assert "    unscored (no bars): market 0..0, 0..1 · raw 0..0, 0..1\n" in lines
    assert "    pending (window open): market 0..5\n" in lines
    assert lines.count("  verdict\n") == 1
    assert "  verdict\n" not in text(replace(REPORT, links=tuple(rows)))


def test_an_unscored_window_with_a_return_has_a_row() -> None:
    row = replace(NOT_SCORED, ret=0.02)
    assert "0..0         +2.00%" in text(replace(REPORT, links=(row,)))


def test_a_model_in_place_of_the_study_s_is_named() -> None:
    row = replace(LINK, model="constant-mean: IMOEX has no bars")
    assert "    market: constant-mean: IMOEX has no bars" in text(replace(REPORT, links=(row,)))


@pytest.mark.parametrize("verdict", Verdict)
def test_a_row_has_the_text_and_the_style_of_its_verdict(verdict: Verdict) -> None:
    lines = report_lines(replace(REPORT, links=(replace(LINK, verdict=verdict),)), 120)
    assert [style for line, style in lines if line.endswith(f"0.600  {verdict.text}")] == [verdict.label.style]


def test_the_headline_leads_to_the_article() -> None:
    assert style_of(REPORT, "signs a pact") == "bold link https://example.org/1"


def test_a_headline_cannot_steer_the_terminal() -> None:
    lines = text(replace(REPORT, links=(replace(LINK, title="\x1b[2JGone \u202ereversed"),)))
    assert not {"\x1b", "\u202e"} & set(lines)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
@pytest.mark.parametrize(
    "title", ["A very long headline " * 20, "Газпром построит завод " * 20, "北朝鮮がロシアに" * 20]
)
def test_no_line_is_wider_than_the_terminal(width: int, title: str) -> None:
    report = replace(REPORT, links=(replace(LINK, title=title, publisher=title, withdrawn="gone"), NOT_SCORED),
                     averages=(AVERAGE,), unscored=(UNSCORED,))  # fmt: skip
    assert max(cell_len(line) for line in text(report, width).split("\n")) <= max(width, 51)


def test_a_narrow_terminal_keeps_the_verdict_and_the_chance() -> None:
    names = {width: [column.name for column in link_columns_for(width)] for width in (120, 80, 50)}
    assert names[120] == ["study", "window", "move", "market", "abnormal", "chance", "t", "p", "q"]
    assert names[80] == ["study", "window", "move", "abnormal", "chance", "q"]
    assert names[50] == ["window", "move", "abnormal", "chance"]


def test_pending_and_refused_stand_before_the_averages_and_the_notes() -> None:
    lines = text(replace(REPORT, unscored=(UNSCORED,), averages=(AVERAGE,)))
    places = [lines.index(part) for part in ("Pending and", "Refused tags", "Average moves", "typical daily", "cause")]
    assert places == sorted(places)


def test_unscored_events_are_counted_with_the_latest_and_their_windows() -> None:
    other = replace(UNSCORED, event_id="GAZP@2015-01-20", day_zero=LINK.day_zero.replace(day=20), event_window="0..1")
    lines = text(replace(REPORT, unscored=(UNSCORED, other)))
    assert (
        "    pending (window open): 2 events\n"
        "        latest: day zero 2015-01-21: until 2015-01-28 has closed\n"
        "        market 0..1, 0..5\n"
    ) in lines


def test_a_refused_tag_has_its_reason_and_its_candidates() -> None:
    refused = (RefusedTag("NG", "unknown_tag", "", 1, "abc"), RefusedTag("CLD", "ambiguous", "CLDA, CLDB", 2, "abc"))
    lines = text(replace(REPORT, refused_tags=refused))
    assert "    NG: unknown tag, 1 article\n    CLD: ambiguous (could be CLDA, CLDB), 2 articles\n" in lines


def test_an_average_has_its_test_and_the_others_below() -> None:
    of_source = replace(AVERAGE, group="source=wire", events=1234,
                        tests=(AverageTest("adjusted_bmp", None, None, 4, "fewer than 5 events"),))  # fmt: skip
    lines = text(replace(REPORT, averages=(AVERAGE, of_source)))
    assert (
        "    study         window     events     move  abnormal       p  test\n"
        "    market        0..0            7   +1.00%    +2.00%   0.200  adjusted_bmp\n"
        "        other tests: rank 0.300\n"
        "    market        0..0        1,234   +1.00%    +2.00%          fewer than 5 events · source=wire\n"
    ) in lines


def test_the_report_never_claims_a_cause() -> None:
    lines = " ".join(text(REPORT).split())
    assert "Neither says that the article caused the move." in lines
    assert "20 of them with no known news" in lines


def test_the_totals_count_each_event_once_by_its_best_article_and_deciding_window() -> None:
    deciding = replace(LINK, verdict="weak_tie", decides=1)
    rows = [deciding, replace(deciding, article_id="b", verdict="move"), replace(LINK, verdict="no_move", decides=0)]
    rows.append(replace(deciding, event_id="GAZP@2015-02-03", verdict="no_move"))
    shown = [line for line, _ in report_lines(replace(REPORT, links=rows), 100)]
    at = shown.index("Events, each by its deciding study and window")
    assert shown[at + 1] == "    1 move · 1 no move"
