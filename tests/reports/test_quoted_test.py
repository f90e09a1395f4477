"""Which test of an average is quoted, which stands beside it, and why."""

from dataclasses import replace

from signals.reports.links_table import report_lines
from signals.reports.quoted_test import because, beside, named
from signals.types import AverageTest
from tests.reports.examples import AVERAGE, REPORT

BY_RANKS = replace(
    AVERAGE, default="adjusted_rank", mean_correlation=0.42,
    tests=(AverageTest("adjusted_bmp", 1.3, 0.2, 7, ""), AverageTest("adjusted_rank", 2.4, 0.016, 7, "")),
)  # fmt: skip


def test_ranks_stand_beside_adjusted_bmp_and_adjusted_bmp_beside_ranks() -> None:
    assert named(beside(AVERAGE)) == "rank 0.300"
    assert named(beside(BY_RANKS)) == "adjusted_bmp 0.200"


def test_a_test_without_a_result_is_not_beside_another() -> None:
    alone = replace(AVERAGE, tests=(AVERAGE.tests[0], AverageTest("rank", None, None, 7, "the events do not differ")))
    assert named(beside(alone)) == ""


def test_the_report_says_why_ranks_are_quoted() -> None:
    assert because(AVERAGE) == ""
    lines = "\n".join(line for line, _ in report_lines(replace(REPORT, averages=(BY_RANKS,)), 160))
    assert "0.016  adjusted_rank\n        by ranks: the events share their dates and move alike" in lines
    assert "(mean correlation 0.42); adjusted_bmp 0.200" in lines
