"""Days and instants as people write them in tables: dates, texts, timestamps with a zone or without one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time

import numpy as np
import pandas as pd

from signals.types import Times

# The name of a zone is left out: many are ambiguous, and pandas drops those that it does not know.
_WRITTEN = re.compile(
    r"\d{4}([-/]?)\d{2}\1\d{2}([T ]\d{2}:?\d{2}(:?\d{2}([.,]\d{1,9})?)? ?(Z|UTC|[+-]\d{2}(:?\d{2})?)?)?"
)
_DAILY = ("D", "B", "C")


def stamp_of(value: object, place: str) -> pd.Timestamp | None:
    """Read one day or instant; None where it is missing.

    Parameters
    ----------
    value
        A date, datetime, timestamp, daily period, or text in the order of year, month and day.
    place
        What the value is, for the sentence of an error.

    Raises
    ------
    ValueError
        It is a number, a period longer than a day, or a text in another order.
    """
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, pd.Period):
        if value.freqstr not in _DAILY:
            raise ValueError(f"{place} is the period {value}, which is longer than a day; give days")
        return value.start_time
    if isinstance(value, str):
        if not value.strip():
            return None
        if not _WRITTEN.fullmatch(value.strip()):
            raise ValueError(
                f"{place} is {value!r}; write a date as in 2024-03-01, a time as in 2024-03-01 17:30+00:00"
            )
        value = value.strip()
    elif not isinstance(value, date | np.datetime64):  # a datetime and a timestamp are dates too
        raise ValueError(f"{place} is {value!r}, which is no date; write one as in 2024-03-01")
    try:
        stamp = pd.Timestamp(value)
    except ValueError:
        raise ValueError(f"{place} is {value!r}, which is no date; write one as in 2024-03-01") from None
    return None if pd.isna(stamp) else stamp


def is_day(stamp: pd.Timestamp) -> bool:
    """Return whether a timestamp is the first instant of a day in its own zone, as a date is."""
    if stamp.time() == time.min:
        return stamp.nanosecond == 0
    # Where the clock skips midnight the day begins later.
    return stamp.tzinfo is not None and (stamp - pd.Timedelta(1, "us")).date() != stamp.date()


def day_of(stamp: pd.Timestamp, zone: str | None) -> np.datetime64 | None:
    """Return the local day of a timestamp; None for a time of day if the zone of the market is not known."""
    if not is_day(stamp):
        if zone is None:
            return None
        stamp = stamp if stamp.tzinfo is None else stamp.tz_convert(zone)
    return np.datetime64(stamp.date(), "D")


def session_days(index: Iterable[object], table: str, zone: str | None = None) -> Times:
    """Return the sessions that the index of a table of prices names, as ``datetime64[D]``.

    Parameters
    ----------
    index
        Dates, texts, daily periods, or timestamps that are midnight in their own zone.
    table
        What the table is called, for the sentence of an error.
    zone
        The zone of the market: a time of day is then an instant of that market's day.

    Raises
    ------
    ValueError
        The index holds no days, or they do not ascend.
    """
    if isinstance(index, pd.MultiIndex):
        raise ValueError(f"the index of {table} has {index.nlevels} levels; give a row per session and a column per "
                         "ticker, as `unstack` makes them")  # fmt: skip
    days = np.array(list(_days(index, table, zone)), dtype="datetime64[D]")
    steps = np.diff(days).astype(np.int64)
    if (steps == 0).any():
        raise ValueError(f"the index of {table} must be ascending sessions, each once: {days[1:][steps == 0][0]} "
                         "stands twice; remove one row")  # fmt: skip
    if (steps < 0).any():
        raise ValueError(f"the index of {table} must be ascending sessions, each once; sort it with `sort_index`")
    if len(steps) > 9 and np.median(steps) >= 5:
        raise ValueError(f"{table} have a row every {np.median(steps):g} days; give the close of each session")
    return days


def _days(index: Iterable[object], table: str, zone: str | None) -> Iterable[np.datetime64]:
    for value in index:
        stamp = stamp_of(value, f"a label of the index of {table}")
        if stamp is None:
            raise ValueError(f"the index of {table} has a row without a date; remove it")
        day = day_of(stamp, zone)
        if day is None:
            raise ValueError(f"the index of {table} has the time of day {stamp}; convert it to the zone of the "
                             "exchange and normalize it, or give `market`")  # fmt: skip
        yield day
