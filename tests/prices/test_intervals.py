"""Intervals: a count and a unit."""

import pytest

from signals.errors import ConfigError
from signals.prices.intervals import DAY, check_interval, interval_seconds
from signals.types import PriceSpec


@pytest.mark.parametrize(
    ("text", "length"), [("1m", 60), ("30m", 1_800), ("1h", 3_600), ("1d", DAY), ("1wk", 7 * DAY), ("3mo", 90 * DAY)]
)
def test_an_interval_has_a_length(text: str, length: int) -> None:
    assert interval_seconds(text) == length


@pytest.mark.parametrize("text", ["", "d", "0d", "1x", "1 d", "-1d", "1.5h"])
def test_an_interval_is_a_count_and_a_unit(text: str) -> None:
    with pytest.raises(ValueError, match="is not an interval; write 1d, 1h, 30m, 5m"):
        interval_seconds(text)


def test_an_interval_that_a_kind_does_not_serve_is_refused_with_those_that_it_does() -> None:
    check_interval(PriceSpec("mine", "moex", interval="1h"), ("1d", "1h"))
    with pytest.raises(ConfigError, match=r"prices\[mine\]\.interval: moex does not serve 5m; write one of 1d, 1h"):
        check_interval(PriceSpec("mine", "moex", interval="5m"), ("1d", "1h"))
