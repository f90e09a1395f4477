"""A small simulated market that every source in these tests serves: 160 weekdays, a halt, a dividend and a split."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

SYMBOL = "SIM"
NOW = datetime(2024, 9, 2, 22, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Day:
    """A bar of a day, or of a part of it that begins `at`."""

    session: date
    close: float | None
    volume: int = 1_000
    at: time = time(9, 30)

    @property
    def begin(self) -> datetime:
        """The wall clock at the beginning of the bar."""
        return datetime.combine(self.session, self.at)

    @property
    def open(self) -> float | None:
        return None if self.close is None else round(self.close - 0.25, 2)

    @property
    def high(self) -> float | None:
        return None if self.close is None else round(self.close + 0.5, 2)

    @property
    def low(self) -> float | None:
        return None if self.close is None else round(self.close - 0.5, 2)


def _weekdays(first: date, count: int) -> list[date]:
    days = (first + timedelta(days=n) for n in range(2 * count))
    return [day for day in days if day.weekday() < 5][:count]


SESSIONS = _weekdays(date(2024, 1, 8), 160)
FIRST, LAST = SESSIONS[0], SESSIONS[-1]
HALT = SESSIONS[40]
DIVIDEND_DAY, DIVIDEND = SESSIONS[60], 2.5
SPLIT_DAY, SPLIT = SESSIONS[90], 2.0


def _close(n: int, session: date) -> float | None:
    if session == HALT:
        return None
    return round((100 + n % 7 - (n % 11) / 2) / (SPLIT if session >= SPLIT_DAY else 1), 2)


# A price halves on the day of the split: these are raw prices.
DAYS = [Day(s, _close(n, s), 0 if s == HALT else 1_000 + n) for n, s in enumerate(SESSIONS)]


def intraday(sessions: list[date], first: time, spacing: timedelta, count: int) -> list[Day]:
    """Return so many bars a session; their closes all differ."""
    starts = [datetime.combine(session, first) + n * spacing for session in sessions for n in range(count)]
    return [Day(start.date(), 100 + n % 97 / 100, 10 + n, start.time()) for n, start in enumerate(starts)]


# The sessions around the dividend and the split, without the halt; New York's clocks change among them.
BUSY = SESSIONS[41:101]
