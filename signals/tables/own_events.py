"""A user's table of events -> the row and day zero of each in a market, or the reason why it has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from signals.errors import ConfigError
from signals.sessions import Evidence, clock, reacting_sessions
from signals.tables.own_market import OwnMarket
from signals.tables.price_table import label_of
from signals.tables.table_days import day_of, is_day, stamp_of
from signals.types import Ints, Reason, TableReason, Times

#: Days without any session after which a table is taken to lack sessions, rather than the market to have been closed.
LONGEST_CLOSURE = 14


@dataclass(frozen=True, slots=True, eq=False)
class OwnEvents:
    """E events of a table, in its order.

    Attributes
    ----------
    frame
        The table.
    row, column
        ``(E,)`` the row of the ticker and the column of day zero; column T where day zero comes after the last session.
        Both are 0 where `problem` is not empty.
    problem
        ``(E,)`` why an event has no place in the market; empty where it has one.
    """

    frame: pd.DataFrame
    row: Ints
    column: Ints
    problem: NDArray[np.object_]

    def __len__(self) -> int:
        """Count the events."""
        return len(self.row)

    @property
    def is_placed(self) -> NDArray[np.bool_]:
        """Whether each event has a place in the market, ``(E,)``."""
        placed: NDArray[np.bool_] = self.problem == ""
        return placed

    def distinct(self) -> Ints:
        """Return the positions of the events with a place; of those with one ticker and one day zero the first."""
        placed = np.flatnonzero(self.is_placed)
        pairs = np.stack([self.row[placed], self.column[placed]])
        return np.asarray(placed[np.sort(np.unique(pairs, axis=1, return_index=True)[1])], dtype=np.int64)


def own_events(events: pd.DataFrame, market: OwnMarket, mic: str | None = None) -> OwnEvents:
    """Read a table of events.

    Parameters
    ----------
    events
        The columns `ticker` and `day_zero`, and any others.
    market
        From the table of closes.
    mic
        The market whose hours anchor a time of day; a time without a zone is that market's local time.

    Raises
    ------
    ValueError
        A column is missing, a ticker has no closes, or `day_zero` has a time of day and there is no market.
    """
    _check(events)
    tickers = [None if pd.isna(value) else label_of(value) for value in events["ticker"]]
    for ticker in tickers:
        if ticker in market.roles.names:
            raise ValueError(f"{ticker!r} is the benchmark or a factor, so an event of it has nothing to be compared "
                             "with; leave the event out, or name another benchmark or factor")  # fmt: skip
        if ticker is not None and ticker not in market.rows:
            raise ValueError(f"closes have no column {ticker!r}, which events name; add it, or leave the event out")
    stamps = [stamp_of(value, f"day_zero of row {n} of events") for n, value in enumerate(events["day_zero"])]
    days = _days(stamps, market.sessions, mic)
    column = np.searchsorted(market.sessions, days).astype(np.int64)
    problem = np.full(len(events), "", dtype=object)
    problem[_is_uncovered(market.sessions, days, column)] = str(Reason.NO_BARS)
    problem[np.isnat(days)] = str(TableReason.NO_DAY_ZERO)
    problem[[ticker is None for ticker in tickers]] = str(TableReason.NO_TICKER)
    row = np.array([market.rows.get(ticker or "", 0) for ticker in tickers], dtype=np.int64)
    placed = problem == ""
    return OwnEvents(events, np.where(placed, row, 0), np.where(placed, column, 0), problem)


def _check(events: pd.DataFrame) -> None:
    if not isinstance(events, pd.DataFrame):
        raise ValueError("events must be a DataFrame with the columns ticker and day_zero")
    for name in ("day_zero", "ticker"):
        count = list(events.columns).count(name)
        if count != 1:
            problem = "lack the column" if count == 0 else "have twice the column"
            raise ValueError(f"events {problem} {name!r}; they need ticker and day_zero, each once")


def _is_uncovered(sessions: Times, days: Times, column: Ints) -> NDArray[np.bool_]:
    """Return whether a day lies before the first session, or in a part of the table without sessions."""
    last = len(sessions) - 1
    wait = (sessions[np.minimum(column, last)] - days).astype(np.int64)
    uncovered: NDArray[np.bool_] = (days < sessions[0]) | ((column <= last) & (wait > LONGEST_CLOSURE))
    return uncovered


def _days(stamps: Sequence[pd.Timestamp | None], sessions: Times, mic: str | None) -> Times:
    """Return the day that each stamp counts for; NaT where it is missing."""
    days = np.full(len(stamps), np.datetime64("NaT"), dtype="datetime64[D]")
    instants: dict[int, pd.Timestamp] = {}
    for n, stamp in enumerate(stamps):
        if stamp is None:
            continue
        # A midnight without a zone is a date. One with a zone is an instant, if the hours of the market are known.
        if mic is not None and not (stamp.tzinfo is None and is_day(stamp)):
            instants[n] = stamp
            continue
        day = day_of(stamp, None)
        if day is None:
            raise ValueError(f"day_zero of row {n} of events has the time of day {stamp}; give the session that could "
                             "react first, or the market, as in market='XNYS'")  # fmt: skip
        days[n] = day
    if mic is not None and instants:
        days[list(instants)] = _anchored(list(instants.values()), sessions, mic)
    return days


def _anchored(instants: Sequence[pd.Timestamp], sessions: Times, mic: str) -> Times:
    """Return the first session of a market that closes after each instant."""
    around = timedelta(days=30)  # further away nothing depends on the hours
    try:
        first, last = sessions[0].item() - around, sessions[-1].item() + around
        market_clock = clock(mic, first, last, Evidence.of_sessions(sessions))
    except ConfigError as error:
        raise ValueError(f"market: {error}") from None
    local = [_in_zone(stamp, market_clock.zone) for stamp in instants]
    seconds = np.array([int(stamp.timestamp() // 1) for stamp in local], dtype=np.int64)
    index, _ = reacting_sessions(market_clock, seconds)
    reacting = market_clock.sessions[np.maximum(index, 0)]
    outside = [_outside(stamp.date(), market_clock.first) for stamp in local]
    days: Times = np.where(index >= 0, reacting, np.array(outside, dtype="datetime64[D]"))
    return days


def _in_zone(stamp: pd.Timestamp, zone: str) -> pd.Timestamp:
    """Return an instant in the zone of the market; one without a zone is the market's local time."""
    if stamp.tzinfo is not None:
        return stamp.tz_convert(zone)
    # An hour that occurs twice is the earlier one, as in the nightly run.
    return stamp.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")


def _outside(day: date, first: date) -> date:
    """Return the day of an instant that the calendar does not cover: before all sessions, or after them."""
    return day if day < first else date.max
