"""Markets: hours and sessions by date, as data over a calendar or without one; markets that have no exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Literal, get_args

#: Markets that ISO 10383 has no code for: every day (crypto), and New York's 17:00 to 17:00 from Monday to Friday (FX).
ROUND_THE_CLOCK, WEEK_ROUND_THE_CLOCK = "24X7", "24X5"

#: The market of a kind that no exchange has, for an instrument without a code.
MARKET_OF_KIND = {"crypto": ROUND_THE_CLOCK, "fx": WEEK_ROUND_THE_CLOCK}

DatedRule = Literal["hours", "session", "closed"]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class DatedHours:
    """What holds from `first` to `last`, both included, in a market's local time.

    Attributes
    ----------
    rule
        ``hours``: sessions have these hours. ``session``: the days are sessions, whatever the calendar says, with these
        hours or the usual ones. ``closed``: the days are no sessions.
    weekdays
        The days of the week that it is about, Monday is 0; all if empty.
    opens, closes
        A side that is None stays as it is. A close at 00:00 is the end of the day; an open that is not before the close
        is on the day before.
    break_starts, break_ends
        The break of the trading day.
    source
        Where it is from.
    """

    rule: DatedRule
    first: date
    last: date
    weekdays: tuple[int, ...] = ()
    opens: time | None = None
    closes: time | None = None
    break_starts: time | None = None
    break_ends: time | None = None
    source: str = ""

    @property
    def one_day(self) -> bool:
        """Whether it is about a single day, and so also about one with unusual hours; a span is about usual ones."""
        return self.first == self.last

    @classmethod
    def parse(cls, cells: Mapping[str, str]) -> DatedHours:
        """Read a row by the names of its columns; raises ValueError in words.

        ``last`` is empty for a single day and ``open`` until further notice.
        """
        unknown = sorted(set(cells) - set(DATED_COLUMNS))
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not one of the columns {', '.join(DATED_COLUMNS)}")
        rule = cells.get("rule", "")
        if rule not in get_args(DatedRule):
            raise ValueError(f"rule: {rule!r} is not one of {', '.join(get_args(DatedRule))}")
        first = _day("first", cells.get("first", ""))
        until = cells.get("last", "")
        last = first if not until else date.max if until == "open" else _day("last", until)
        if last < first:
            raise ValueError(f"last: {last} is before {first}")
        hours = {name: _time(name, cells.get(name, "")) for name in _HOURS}
        if (hours["break_starts"] is None) != (hours["break_ends"] is None):
            raise ValueError("give both break_starts and break_ends, or none")
        if rule == "closed" and any(hours.values()):
            raise ValueError("a day that is closed has no hours; write `hours` or `session`, or leave them empty")
        weekdays = parse_weekdays(cells.get("weekdays", ""))
        return cls(rule, first, last, weekdays, **hours, source=cells.get("source", ""))  # type: ignore[arg-type]  # checked


_HOURS = ("opens", "closes", "break_starts", "break_ends")
DATED_COLUMNS = ("rule", "first", "last", "weekdays", *_HOURS, "source")


@dataclass(frozen=True, slots=True)
class MarketRules:
    """An entry of `markets:`: what the configuration says of a market.

    Attributes
    ----------
    calendar
        The market whose calendar it has, or a calendar's name; empty for its own, or none.
    zone
        The IANA zone of its hours; empty for that of the calendar.
    weekdays
        The days of the week that are sessions where there is no calendar.
    usual
        The usual hours, for all days; None for those of the calendar.
    dated
        Later rows come before earlier ones.
    """

    mic: str
    calendar: str = ""
    zone: str = ""
    weekdays: tuple[int, ...] = ()
    usual: DatedHours | None = None
    dated: tuple[DatedHours, ...] = ()


def parse_weekdays(text: str) -> tuple[int, ...]:
    """Read ``mon-fri`` or ``sun,mon``; a span may go over the end of the week. Raises ValueError in words."""
    days: list[int] = []
    for part in text.lower().replace(" ", "").split(",") if text.strip() else ():
        ends = part.split("-")
        if len(ends) > 2 or not set(ends) <= set(WEEKDAYS):
            raise ValueError(f"weekdays: {part!r} is not written as in mon-fri or sun,mon")
        first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
        days += [(first + n) % 7 for n in range((last - first) % 7 + 1)]
    return tuple(sorted(set(days)))


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{name}: {text!r} is not a date such as 2024-11-05") from None


def _time(name: str, text: str) -> time | None:
    try:
        return parse_time(text) if text else None
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def parse_time(text: str) -> time:
    """Read a time of the day; 24:00 is its end, written as 00:00 too. Raises ValueError in words."""
    try:
        return time(0) if text == "24:00" else time.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a time such as 15:30") from None
