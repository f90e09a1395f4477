"""The page of the markets, in Markdown: docs/markets.md is made of it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from signals.sessions.hours import Days, calendar_days, shipped_rows
from signals.sessions.markets import GROUPS, Group, Market
from signals.types import WEEKDAYS, DatedHours

YEAR = 2026  # the usual hours are those of most of its sessions

_HEAD = f"""# Markets

Generated from `signals/sessions/markets.py` and the files of `signals/sessions/dated`.

`mic` of an instrument is one of these codes (ISO 10383, operating or segment), or a code of your own that `markets:`
of the configuration describes ([reference](reference.md#markets)). Sessions are those of the library
`exchange_calendars`, corrected by the dated rows below, then by your rows, then by the bars: between the first and
the last bar of a benchmark, the days on which it has one were sessions.

- **The close is when the last price of the day is set**, by the closing auction where there is one: 16:35 in London,
  17:35 on Xetra. News before it can react on that day. `close_time` of a price source says otherwise.
- **A break hides no price.** With daily bars, news in a break is in session. With intraday bars it counts as news at
  the end of the break, and its base is the last close before the break.
- **`24X7` is crypto**: every day is a session, from midnight to midnight UTC, with a bar or without. An instrument of
  `kind: crypto` has it, whatever exchange `mic` names; only a code of `markets:` is taken instead. `signals doctor`
  says where a `mic` is not used. Give crypto a benchmark that has weekends too: with another one, weekends and
  Mondays have no return of the benchmark, and the events of these days have the reason `benchmark_bars`.
- **`24X5` is FX**: from 17:00 in New York to 17:00 on the next day, Monday to Friday. Sunday evening belongs to
  Monday, and a bar of a Sunday makes no session. An instrument of `kind: fx` without a `mic` has it. A weekday without
  a bar, such as 1 January, is none.
- These two codes are the project's own; ISO 10383 has none for markets without an exchange. A window by the clock ends
  with its session there too: at midnight UTC, or at 17:00 in New York.

## Codes

Usual hours are local, those of most sessions of {YEAR}; half days and holidays are the calendar's. Venues that share
a calendar share its hours here. Where yours differ, give them under `markets:`.

| codes | market | zone | usual hours | break | calendar |
|---|---|---|---|---|---|
"""

_DATED = """
## What is shipped by date

A day that no row is about is the calendar's: the years before the first row of a market are not covered. Hours that
follow New York's clocks are listed to October 2026. Not covered are Ramadan hours of Pakistan but in 2021 and 2023,
half days of Johannesburg, half days of the Philippines but in 2021, Istanbul's midday break while it had one, the
seasons of Buenos Aires, Lima but from 2023 to 2025, Mexico's weeks between its clocks and New York's before 2023, B3
before October 2017, Muhurat sessions before 2015 but in 2012, and most halts of some hours.

| calendar | rule | from | to | hours | source |
|---|---|---|---|---|---|
"""

_MOSCOW = """
Moscow's closure of 2022, evenings, mornings, weekends and working Saturdays are in `signals/sessions/moscow.py`, each
with its source.
"""


def markets_page() -> str:
    """Return the page."""
    calendars = sorted({group.market.calendar for group in GROUPS} - {""})
    rows = "".join(_dated_row(calendar, row) for calendar in calendars for row in shipped_rows(calendar))
    return _HEAD + "".join(_row(group) for group in GROUPS) + _DATED + rows + _MOSCOW


def _row(group: Group) -> str:
    market = group.market
    hours, pause = _usual(market)
    codes = " ".join(f"`{mic}`" for mic in group.mics.split())
    return _line(codes, group.name, market.zone, hours, pause, f"`{market.calendar}`" if market.calendar else "")


def _usual(market: Market) -> tuple[str, str]:
    """Return the hours and the break that most sessions have."""
    days, zone = calendar_days(market, YEAR, YEAR), ZoneInfo(market.zone)
    common = Counter(_hours_of(days, at, zone) for at in range(len(days.sessions)))
    return common.most_common(1)[0][0]


def _hours_of(days: Days, at: int, zone: ZoneInfo) -> tuple[str, str]:
    def clock(instant: datetime | None) -> str:
        return "" if instant is None else f"{instant.replace(tzinfo=UTC).astimezone(zone):%H:%M}"

    opens, closes, starts, ends = (
        clock(column[at].item()) for column in (days.opens, days.closes, days.break_starts, days.break_ends)
    )
    return f"{opens}-{closes}", f"{starts}-{ends}" if starts else ""


def _dated_row(calendar: str, row: DatedHours) -> str:
    last = "" if row.one_day else "until further notice" if row.last.year == 9999 else str(row.last)
    sides = [
        f"{label} {time:%H:%M}" for label, time in (("opens", row.opens), ("closes", row.closes)) if time is not None
    ]
    if row.break_starts is not None and row.break_ends is not None:
        sides.append(f"break {row.break_starts:%H:%M}-{row.break_ends:%H:%M}")
    if row.weekdays:
        sides.append("on " + ", ".join(WEEKDAYS[day] for day in row.weekdays))
    return _line(f"`{calendar}`", row.rule, str(row.first), last, ", ".join(sides), row.source)


def _line(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |\n"
