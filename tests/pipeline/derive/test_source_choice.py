"""The source of an event's bars: the most preferred one that spans its day."""

from datetime import date

import pytest

from signals.pipeline.derive.source_choice import preferred_source
from signals.store.bars import Coverage

LONG = Coverage("long", date(2020, 1, 2), date(2024, 12, 30))
SHORT = Coverage("short", date(2023, 1, 3), date(2023, 12, 29))


@pytest.mark.parametrize(
    ("day", "source"),
    [
        (date(2022, 6, 1), "long"),
        (date(2023, 1, 3), "short"),
        (date(2023, 12, 29), "short"),
        (date(2024, 1, 2), "long"),
        (date(2025, 1, 2), "short"),  # none spans it: the most preferred
    ],
)
def test_the_most_preferred_source_that_spans_the_day_is_chosen(day: date, source: str) -> None:
    assert preferred_source([LONG, SHORT], ["short", "long"], day) == source


def test_the_order_decides_between_sources_that_span_the_day() -> None:
    assert preferred_source([SHORT, LONG], ["long", "short"], SHORT.first) == "long"


def test_without_bars_of_a_source_of_the_plan_there_is_none() -> None:
    assert preferred_source([], ["long"], SHORT.first) is None
    assert preferred_source([LONG], ["other"], SHORT.first) is None
