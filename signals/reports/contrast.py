"""Two groups of events compared, for people."""

from __future__ import annotations

from collections.abc import Iterator

from signals.reports.columns import INDENT
from signals.reports.format import Line, percent, plain, plural, probability, wrapped
from signals.types import Contrast, ContrastTest, EventGroup, GroupMean

NOTE = (
    "A cluster is one observation, so that events of one period may depend on each other. The test is cautious: with "
    "few clusters it rejects less often than its level says. It does not say what made the groups differ."
)


def contrast_lines(answer: Contrast, width: int) -> Iterator[Line]:
    """Yield the comparison, line by line."""
    yield f"{answer.study} {answer.event_window}, clusters: calendar {answer.period}s", "bold"
    for mean in (answer.first, answer.second):
        yield from ((line, "") for line in wrapped(_group(mean), width, INDENT))
    if answer.in_both:
        yield f"{INDENT}{plural(answer.in_both, 'event')} of both groups left out", "dim"
    yield "", ""
    yield from ((line, "") for line in wrapped(_difference(answer.car), width))
    standardised = answer.standardised
    if standardised.p_value is not None and standardised.difference is not None:
        text = f"In standard deviations: {standardised.difference:+.2f}, p {probability(standardised.p_value)}."
        yield from ((line, "") for line in wrapped(text, width))
    yield "", ""
    yield from ((line, "dim") for line in wrapped(NOTE, width))


def named(group: EventGroup) -> str:
    """Return a group in words."""
    parts = [f"{name} {value}" for name in ("ticker", "source", "tag") if (value := getattr(group, name)) is not None]
    parts += [f"from {group.since}"] if group.since else []
    parts += [f"to {group.until}"] if group.until else []
    return plain(", ".join(parts)) or "all events"


def _group(mean: GroupMean) -> str:
    means = f", move {percent(mean.ret)}, abnormal {percent(mean.caar)}" if mean.events else ""
    return f"{named(mean.group)}: {plural(mean.events, 'event')}{means}"


def _difference(test: ContrastTest) -> str:
    first, second = test.clusters
    of = f"{first} shared clusters, paired" if test.paired else f"{first} and {second} clusters"
    if test.reason:
        return f"No test: {test.reason} ({of})."
    interval = f"95% from {percent(test.low)} to {percent(test.high)}"
    test_of = f"p {probability(test.p_value)}, t {test.statistic:+.2f} with {test.df} degrees of freedom"
    size = percent(test.detectable).lstrip("+")
    detectable = f"A difference of {size} would have been significant four times in five."
    return f"Difference of the abnormal moves: {percent(test.difference)} ({interval}); {test_of}; {of}. {detectable}"
