"""The paths of a user's events: abnormal returns by session from day zero, and their running sum."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from signals.study.leastsquares import Bools
from signals.study.samples import abnormal_paths
from signals.tables.event_study import carried, day_zero_column, has_break
from signals.tables.own_study import MarketOptions, OwnStudy, StudyOptions, check_first, check_names, read_study
from signals.types import Floats, Ints, Reason


def car_paths(
    events: pd.DataFrame,
    closes: pd.DataFrame,
    benchmark: str | None = None,
    first: int = -5,
    last: int = 10,
    **options: Unpack[MarketOptions],
) -> pd.DataFrame:
    """Return the abnormal returns of events from `first` to `last` sessions from day zero, and their running sum.

    Parameters
    ----------
    events, closes, benchmark, options
        As `signals.event_study` takes them.
    first, last
        Offsets from day zero, both included; `first` may not reach into the estimation window.

    Returns
    -------
    DataFrame
        A row per event and offset, in the order of the events: `event` (its position), `ticker`, `day_zero`, `offset`,
        `session`, `ar`, `car` (the sum of `ar` from the first offset on), `reason`, and the other columns of the
        events. After a missing return there is no `car` any more. Returns are decimals.

    Raises
    ------
    ValueError
        One sentence that names the argument, the column or the ticker, and what to do.
    """
    check_names("car_paths", options, MarketOptions.__annotations__)
    for name, value in (("first", first), ("last", last)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or abs(value) > 250:
            raise ValueError(f"{name} is {value!r}; give a whole number of sessions from -250 to 250")
    if last < first:
        raise ValueError(f"first is {first} and last {last}; a path ends where it begins or later")
    own = read_study(events, closes, benchmark, StudyOptions(**options, windows=["0..0"]))
    check_first("the path", first, own.study.gap)
    return _paths(own, int(first), int(last))


def _paths(own: OwnStudy, first: int, last: int) -> pd.DataFrame:
    events, sessions, length = own.events, own.market.sessions, last - first + 1
    ar, n = abnormal_paths(own.market.panel, own.study, events.row, events.column, first, last)
    column = events.column[:, None] + np.arange(first, last + 1)
    inside = (column >= 0) & (column < len(sessions)) & events.is_placed[:, None]
    reason = _reasons(own, ar, n, column, has_break(own, first, last))
    ar = np.where(reason == "", ar, np.nan)
    days = sessions[np.clip(column, 0, len(sessions) - 1)].astype("datetime64[ns]")
    rows = np.repeat(np.arange(len(events)), length)
    frame = pd.DataFrame({
        "event": rows,
        "ticker": events.frame["ticker"].to_numpy()[rows],
        "day_zero": day_zero_column(own)[rows],
        "offset": np.tile(np.arange(first, last + 1), len(events)),
        "session": np.where(inside, days, np.datetime64("NaT", "ns")).ravel(),
        "ar": ar.ravel(),
        "car": np.cumsum(ar, axis=1).ravel(),
        "reason": reason.ravel(),
    })  # fmt: skip
    return carried(frame, events, rows)


def _reasons(own: OwnStudy, ar: Floats, n: Ints, column: Ints, breaks: Bools) -> NDArray[np.object_]:
    """Return why a session of an event has no abnormal return, ``(E, K)``; empty where it has one."""
    market, events = own.market, own.events
    missing, row = ~np.isfinite(ar), events.row[:, None]
    inside = (column >= 0) & (column < len(market.sessions))
    at = np.clip(column, 0, len(market.sessions) - 1)
    lacks_ret = ~np.isfinite(market.panel.ret[row, at]) | ~inside
    lacks_benchmark = ~np.isfinite(market.panel.benchmark[row, at])
    rules = {
        Reason.UNIT_BREAK: np.broadcast_to(breaks[:, None], ar.shape),
        Reason.WINDOW_OPEN: np.maximum(column, events.column[:, None]) >= len(market.sessions),
        Reason.HALTED: lacks_ret & market.interrupted[row, at] & inside,
        Reason.NO_BARS: lacks_ret,
        Reason.SHORT_HISTORY: missing & (n < own.study.min_observations)[:, None],
        Reason.BENCHMARK_BARS: missing & lacks_benchmark & own.study.needs_benchmark,
        Reason.FACTOR_BARS: missing & ~_has_factors(own, row, at),
        Reason.DEGENERATE: missing,
    }
    reasons = np.select(list(rules.values()), [str(reason) for reason in rules], default="").astype(object)
    return np.where(events.is_placed[:, None], reasons, events.problem[:, None])


def _has_factors(own: OwnStudy, row: Ints, at: Ints) -> Bools:
    """Return whether all factors have a return on each session."""
    complete = np.ones(at.shape, bool)
    for values in own.market.panel.factors.values():
        complete &= np.isfinite(values[row, at])
    return complete
