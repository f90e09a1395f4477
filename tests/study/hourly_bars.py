"""Sessions of New York and bars on them, for the tests of intraday windows."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from signals.study.intraday_windows import Grid, Hours, IntradaySeries, align_bars
from signals.types import Bars, Floats, Ints

NEW_YORK = ZoneInfo("America/New_York")
DAYS = [datetime(2021, 3, day) for day in (10, 11, 12, 15, 16)]  # noqa: DTZ001 - dates; summer time came on the 14th
HOUR = 3_600
HOURLY = Grid(HOUR, 0)


def hours_of(days: list[datetime], short: int | None = None) -> Hours:
    """Return sessions from 9:30 to 16:00 in New York; the one numbered `short` ends at 13:00."""
    opens = [day.replace(hour=9, minute=30, tzinfo=NEW_YORK) for day in days]
    closes = [day.replace(hour=13 if n == short else 16, tzinfo=NEW_YORK) for n, day in enumerate(days)]
    starts, ends = (np.array([int(t.timestamp()) for t in side], dtype="datetime64[s]") for side in (opens, closes))
    offsets = np.array([int((t.utcoffset() or timedelta()).total_seconds()) for t in opens], dtype=np.int64)
    return Hours.of(np.array(days, dtype="datetime64[D]"), starts, ends, offsets)


def utc(text: str) -> int:
    """Return a time of New York in UTC seconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).timestamp())


def bars_at(start: Ints, close: Floats, open_: Floats | None = None) -> Bars:
    missing, empty = np.full(len(close), np.nan), np.array([])
    return Bars(
        "ACME", "local", "", np.asarray(start, dtype="datetime64[s]"), close if open_ is None else open_, missing,
        missing, close, missing, empty.astype("datetime64[D]"), empty, empty, datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def series_of(hours: Hours, grid: Grid, bars: Bars) -> IntradaySeries:
    """Return bars aligned with sessions, without dividends and splits."""
    return align_bars(hours, grid, bars, np.zeros(len(hours.sessions)), np.ones(len(hours.sessions)))


def starts_of(hours: Hours, interval: int) -> Ints:
    """Return when every bar of every session begins, including the bar that contains the open."""
    return np.concatenate(
        [
            np.arange(m + o - o % interval, m + c, interval)
            for m, o, c in zip(hours.midnight.tolist(), hours.opens.tolist(), hours.closes.tolist(), strict=True)
        ]
    )


def simulated_hours(seed: int = 5, sessions: int = 400) -> tuple[Hours, Bars]:
    """Return hourly bars that are volatile at the open and the close."""
    hours = hours_of([datetime(2019, 1, 1) + timedelta(days=n) for n in range(sessions)])  # noqa: DTZ001 - dates
    rng = np.random.default_rng(seed)
    begins = starts_of(hours, HOUR)
    by_hour = np.tile([0.006, 0.003, 0.002, 0.0015, 0.0015, 0.002, 0.004], sessions)
    size = by_hour * np.repeat(rng.lognormal(0, 0.5, sessions), 7)
    close = 100 * np.exp(np.cumsum(size * rng.standard_t(4, len(begins)) / np.sqrt(2)))
    return hours, bars_at(begins, close, np.append(100.0, close[:-1]))
