"""Whether a user's events moved on average: the portfolio tests, a row per window and test."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd

from signals.study.models import sums_for
from signals.study.portfolio import Aggregate, portfolios
from signals.study.samples import samples
from signals.tables.event_study import has_break
from signals.tables.own_study import OwnStudy, StudyOptions, check_names, read_study
from signals.types import Ints, Study, Window

_COLUMNS = ("model", "event_window", "test", "statistic", "p_value", "events", "caar", "mean_correlation", "reason",
            "default")  # fmt: skip


def average_tests(
    events: pd.DataFrame, closes: pd.DataFrame, benchmark: str | None = None, **options: Unpack[StudyOptions]
) -> pd.DataFrame:
    """Test whether the mean abnormal return of events differs from zero.

    Parameters
    ----------
    events, closes, benchmark, options
        As `signals.event_study` takes them. Events of one ticker and one day zero count once.

    Returns
    -------
    DataFrame
        A row per window and test of `signals.study.portfolio`: `statistic`, `p_value` (two-sided), `events` (those with
        a complete CAR), `caar` (their mean CAR, decimals), `mean_correlation`, `reason` (why there is no result), and
        `default`, true for the test to report: it allows for events that share dates.

    Raises
    ------
    ValueError
        One sentence that names the argument, the column or the ticker, and what to do.
    """
    check_names("average_tests", options, StudyOptions.__annotations__)
    own = read_study(events, closes, benchmark, options)
    windows, market = own.study.windows, own.market
    position = own.events.distinct()
    row, column = own.events.row[position], own.events.column[position]
    sums = sums_for(market.panel, own.study)
    of_windows = samples(market.panel, sums, market.sessions, own.study, windows, row, column)
    groups = [[_unbroken(own, window, position)] for window in windows]
    aggregates = portfolios(of_windows, groups)
    lines = [line for window, [one] in zip(windows, aggregates, strict=True) for line in _lines(own.study, window, one)]
    return pd.DataFrame(lines, columns=list(_COLUMNS))


def _unbroken(own: OwnStudy, window: Window, position: Ints) -> Ints:
    """Return which of the events at `position` have no unit break among the sessions that they are measured on."""
    return np.flatnonzero(~has_break(own, window.first, window.last)[position]).astype(np.int64)


def _lines(study: Study, window: Window, aggregate: Aggregate) -> list[tuple[str | float | bool, ...]]:
    """Return the rows of one window."""
    return [
        (study.model_name, str(window), test.name, test.statistic, test.p_value, test.events, aggregate.caar,
         aggregate.mean_correlation, test.reason, test.name == aggregate.default)
        for test in aggregate.tests.values()
    ]  # fmt: skip
