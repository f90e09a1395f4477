"""Findings as text."""

from signals.reports.doctor import finding_lines
from signals.types import Finding


def test_a_finding_is_followed_by_its_advice() -> None:
    lines = list(finding_lines([Finding("ACME", "no bars\x1b[2J", "name a source")]))
    assert lines == [("ACME: no bars [2J", ""), ("    -> name a source", "dim")]


def test_no_finding_is_said_in_a_line() -> None:
    assert list(finding_lines([])) == [("Nothing to do.", "")]
