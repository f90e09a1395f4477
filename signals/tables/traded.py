"""Which rows of a table of closes are sessions, and on which of them an instrument was traded.

The nightly run knows both from bars and a calendar. Here they follow from the closes, and from volumes where there are
any. What was not traded has no close: its return and the next one are missing, and nothing is filled.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from signals.prices.screening import screen
from signals.study.leastsquares import Bools
from signals.study.returns import without_trade
from signals.tables.price_table import PriceTable
from signals.types import Bars, Floats, Times

#: Unchanged closes in a row from which on a series without volumes was not traded.
REPEATED = 3
_NO_END = datetime(9000, 1, 1, tzinfo=UTC)  # screening rejects bars of the future; a table has its own end


def is_session(closes: PriceTable) -> Bools:
    """Return ``(T,)`` whether anything was traded on each row.

    A row without any close is no session. Nor is one that repeats the last close of every column, as filled holidays
    do; of a single column such a row counts only on a weekend.
    """
    values = closes.values
    unchanged = np.isnan(values) | (values == _before(values))
    filled = unchanged.all(axis=0) & (np.arange(values.shape[1]) > 0)
    if len(values) == 1:
        weekday = (closes.sessions.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
        filled &= weekday >= 5
    session: Bools = ~filled & ~np.isnan(values).all(axis=0)
    return session


def traded_closes(closes: PriceTable, volumes: Floats | None) -> Floats:
    """Return closes ``(N, T)`` with NaN where an instrument was not traded, or its close is a bad tick.

    A session without volume that repeats the last close was not traded, unless the column has no volume at all, as an
    index. Where the volume is not known, a close that repeats the one before for `REPEATED` sessions or longer was not.
    A close that jumps and returns is rejected by the screening of the nightly run.
    """
    values = np.array([_screened(ticker, closes.sessions, column)
                       for ticker, column in zip(closes.tickers, closes.values, strict=True)])  # fmt: skip
    stale = _repeated(values)
    if volumes is not None:
        is_known = (np.nansum(volumes, axis=1, keepdims=True) > 0) & ~np.isnan(volumes)
        filled = [without_trade(*of_ticker) for of_ticker in zip(values, volumes, strict=True)]
        stale = np.where(is_known, np.array(filled), stale)
    return np.where(stale, np.nan, values)


def _screened(ticker: str, sessions: Times, close: Floats) -> Floats:
    """Return the closes that pass the checks of stored bars; the others are NaN."""
    nothing = np.full(len(close), np.nan)
    days = sessions.astype("datetime64[s]")
    bars = Bars(ticker, "closes", "1d", days, nothing, nothing, nothing, close, nothing,
                sessions[:0], nothing[:0], nothing[:0], _NO_END)  # fmt: skip
    accepted = screen(bars, _NO_END).bars
    screened = nothing.copy()
    screened[np.searchsorted(days, accepted.start)] = accepted.close
    return screened


def _before(values: Floats) -> Floats:
    """Return the last value before each session, ``(N, T)``."""
    position = np.where(np.isfinite(values), np.arange(values.shape[1]), -1)
    last = np.maximum.accumulate(position, axis=1)[:, :-1]
    before = np.full(values.shape, np.nan)
    before[:, 1:] = np.where(last >= 0, np.take_along_axis(values, np.maximum(last, 0), axis=1), np.nan)
    return before


def _repeated(values: Floats) -> Bools:
    """Return ``(N, T)`` whether a close belongs to a run of unchanged ones; the first of the run does not."""
    stale = np.zeros(values.shape, bool)
    for row, column in enumerate(values):
        positions = np.flatnonzero(np.isfinite(column))
        unchanged = np.append(False, np.diff(column[positions]) == 0)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], unchanged, [False]]).astype(np.int8)))
        for start, stop in edges.reshape(-1, 2):
            if stop - start >= REPEATED:
                stale[row, positions[start:stop]] = True
    return stale
