"""The days of a market by the bars of all its series."""

from datetime import date

import numpy as np
import pytest

from signals.sessions import Evidence, clock
from signals.types import SeriesSpan, Times
from tests.sessions.examples import days

FIRST, LAST = date(2024, 3, 4), date(2024, 3, 28)
WEEKDAYS = np.busday_offset(np.datetime64("2024-03-04"), np.arange(19))
WHOLE = SeriesSpan(FIRST, LAST, len(WEEKDAYS))
SUNDAY, WEDNESDAY = date(2024, 3, 10), date(2024, 3, 13)


def seen(spans: list[SeriesSpan], without: Times | None = None, printed: dict[date, int] | None = None) -> Evidence:
    barred = np.union1d(WEEKDAYS, np.array(list(printed or ()), dtype="datetime64[D]"))
    return Evidence(barred if without is None else np.setdiff1d(barred, without), spans, printed or {})


def test_a_day_without_any_bar_was_no_session_if_a_steady_series_spans_it() -> None:
    shut = days("2024-03-13", "2024-03-14")
    market = clock("XNYS", FIRST, LAST, seen([WHOLE, WHOLE], without=shut))
    assert market.removed.tolist() == shut.tolist()
    assert market.index_of(WEDNESDAY) is None


@pytest.mark.parametrize(
    "span",
    [
        pytest.param(SeriesSpan(FIRST, LAST, 12), id="a share that trades on two days of three"),
        pytest.param(SeriesSpan(FIRST, date(2024, 3, 12), 7), id="a series that ended before"),
        pytest.param(SeriesSpan(date(2024, 3, 14), LAST, 11), id="a series that began after"),
    ],
)
def test_a_series_that_may_lack_the_day_says_nothing_of_it(span: SeriesSpan) -> None:
    market = clock("XNYS", FIRST, LAST, seen([span], without=days("2024-03-13")))
    assert market.index_of(WEDNESDAY) is not None


@pytest.mark.parametrize(
    ("prints", "series", "is_session"),
    [(1, 1, False), (1, 2, False), (2, 2, True), (2, 4, False), (3, 4, True), (40, 500, False)],
)
def test_a_day_beside_the_calendar_is_a_session_if_most_series_printed(
    prints: int, series: int, is_session: bool
) -> None:
    market = clock("XNYS", FIRST, LAST, seen([WHOLE] * series, printed={SUNDAY: prints}))
    assert (market.index_of(SUNDAY) is not None) is is_session
    assert market.stray.tolist() == ([] if is_session else [SUNDAY])


def test_series_that_do_not_reach_a_day_have_no_say_in_it() -> None:
    ended = SeriesSpan(FIRST, date(2024, 3, 8), 5)
    market = clock("XNYS", FIRST, LAST, seen([WHOLE, WHOLE, ended, ended, ended], printed={SUNDAY: 2}))
    assert market.added.tolist() == [SUNDAY]


def test_a_session_that_one_series_of_many_has_is_a_session() -> None:
    barred = seen([WHOLE] * 50)
    assert clock("XNYS", FIRST, LAST, barred).removed.tolist() == []


def test_before_the_calendar_begins_bars_alone_decide() -> None:
    early = days("1996-12-26", "1996-12-27", "1996-12-30")
    evidence = Evidence(early, [SeriesSpan(date(1996, 12, 26), date(1996, 12, 30), 3)], {})
    market = clock("XTKS", date(1996, 12, 1), date(1997, 1, 31), evidence)
    assert market.sessions[:3].tolist() == early.tolist()
