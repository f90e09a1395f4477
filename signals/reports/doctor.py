"""The findings of `signals doctor` as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from signals.reports.format import Line, plain
from signals.types import Finding


def finding_lines(findings: Sequence[Finding]) -> Iterator[Line]:
    """Yield each finding: where, what is wrong, and what to do about it."""
    if not findings:
        yield "Nothing to do.", ""
    for finding in findings:
        yield f"{plain(finding.where)}: {plain(finding.problem)}", ""
        yield f"    -> {plain(finding.advice)}", "dim"
