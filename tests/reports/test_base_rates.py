"""How an instrument moves on ordinary days, in sentences."""

from dataclasses import replace

from signals.reports.base_rates import how_often, typical_move
from tests.reports.examples import INSTRUMENT


def test_the_typical_move_is_the_median_and_the_large_one_the_95th_percentile() -> None:
    assert typical_move(INSTRUMENT) == (
        "typical daily move 1.10% (median); 5% of days exceed 4.10%. "
        "Abnormal part: typically 0.70%; 5% of days exceed 2.60%"
    )


def test_unusual_sessions_are_counted_with_and_without_news() -> None:
    text = "21 of 2,100 sessions since 2007-01-24 were unusual (p at most 0.01), 20 of them with no known news"
    assert how_often(INSTRUMENT) == text
    assert "1 of 2,100 sessions since 2007-01-24 was" in how_often(replace(INSTRUMENT, unusual_sessions=1))
