"""Which test of an average is quoted, which stands beside it, and why."""

from __future__ import annotations

from signals.reports.format import probability
from signals.types import Average, AverageTest

BY_RANKS = "adjusted_rank"
RULE = (
    "Quoted is adjusted_bmp; adjusted_rank where the windows of all events hold the same dates and the mean "
    "correlation is above 0.1, because the common part of the returns then leaves adjusted_bmp little power."
)


def beside(row: Average) -> AverageTest | None:
    """Return the test beside the quoted one: adjusted_bmp beside ranks, and ranks beside it; None without a result."""
    names = ("adjusted_bmp",) if row.default == BY_RANKS else (BY_RANKS, "rank")
    by_name = {test.test: test for test in row.tests}
    tests = (by_name[name] for name in names if name in by_name)
    return next((test for test in tests if test.p_value is not None), None)


def named(test: AverageTest | None) -> str:
    """Return a test with its p-value, empty without one."""
    return "" if test is None else f"{test.test} {probability(test.p_value)}"


def because(row: Average) -> str:
    """Return why ranks are quoted, empty where they are not."""
    if row.default != BY_RANKS or row.mean_correlation is None:
        return ""
    return f"by ranks: the events share their dates and move alike (mean correlation {row.mean_correlation:.2f})"
