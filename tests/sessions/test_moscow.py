"""Moscow's trading day by date: closure, evenings, mornings, weekends, and the close of a source."""

import csv
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from signals.sessions import ANCHORS, Clock, Evidence, clock, reacting_sessions
from signals.types import Anchor

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture(scope="module")
def market() -> Clock:
    return clock("MISX", date(2019, 1, 1), date(2026, 12, 30))


def hours(market: Clock, day: str) -> tuple[str, str]:
    """Return a session's hours by Moscow's clock; the opening with its day, which may be one before."""
    at = market.index_of(date.fromisoformat(day))
    assert at is not None, f"{day} is no session"
    ends = (
        side[at].item().replace(tzinfo=ZoneInfo("UTC")).astimezone(MOSCOW) for side in (market.opens, market.closes)
    )
    opens, closes = ends
    return f"{opens:%Y-%m-%d %H:%M}", f"{closes:%Y-%m-%d %H:%M}"


def anchored(market: Clock, wall: str) -> tuple[str, Anchor]:
    instant = datetime.fromisoformat(wall).replace(tzinfo=MOSCOW)
    index, anchor = reacting_sessions(market, np.array([int(instant.timestamp())]))
    return str(market.sessions[index[0]]), ANCHORS[anchor[0]]


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        ("2020-06-19", "10:00", "18:45"),  # the last day that the calendar has right
        ("2020-06-22", "10:00", "23:50"),  # the first evening session
        ("2021-12-06", "07:00", "23:50"),  # the first morning session
        ("2022-03-24", "10:00", "14:00"),  # the reopening
        ("2022-03-28", "10:00", "13:50"),
        ("2022-03-31", "10:00", "18:50"),
        ("2022-09-09", "10:00", "18:50"),
        ("2022-09-12", "10:00", "23:50"),  # evenings again
        ("2024-04-27", "10:00", "23:50"),  # a working Saturday
        ("2025-01-27", "07:00", "23:50"),  # mornings again
        ("2025-11-01", "07:00", "23:50"),  # a working Saturday that the calendar misses
    ],
)
def test_the_trading_day_has_the_hours_of_its_date(market: Clock, day: str, opens: str, closes: str) -> None:
    assert hours(market, day) == (f"{day} {opens}", f"{day} {closes}")


def test_there_is_no_session_from_28_february_to_23_march_2022(market: Clock) -> None:
    month = [day for day in market.sessions.tolist() if date(2022, 2, 25) <= day <= date(2022, 3, 25)]
    assert month == [date(2022, 2, 25), date(2022, 3, 24), date(2022, 3, 25)]
    assert anchored(market, "2022-03-10 12:00") == ("2022-03-24", Anchor.NON_SESSION)


@pytest.mark.parametrize(
    ("session", "begins"),
    [
        ("2025-03-17", "2025-03-15 10:00"),  # a weekend with trading
        ("2025-03-24", "2025-03-24 07:00"),  # one without
        ("2026-02-24", "2026-02-21 10:00"),  # a weekend and a holiday with trading
        ("2026-11-05", "2026-11-04 10:00"),  # a holiday in the week
        ("2026-12-07", "2026-12-07 07:00"),
    ],
)
def test_weekend_trading_begins_the_trading_day_of_the_next_session(market: Clock, session: str, begins: str) -> None:
    assert hours(market, session)[0] == begins


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2025-03-14 23:49", ("2025-03-14", Anchor.IN_SESSION)),
        ("2025-03-14 23:50", ("2025-03-17", Anchor.AFTER_CLOSE)),
        ("2025-03-15 09:00", ("2025-03-17", Anchor.NON_SESSION)),
        ("2025-03-15 12:00", ("2025-03-17", Anchor.IN_SESSION)),  # Monday's bar holds what moved before it
        ("2025-03-16 22:00", ("2025-03-17", Anchor.IN_SESSION)),
        ("2025-03-22 12:00", ("2025-03-24", Anchor.NON_SESSION)),
    ],
)
def test_news_of_an_evening_or_a_weekend_falls_on_the_trading_day_it_is_part_of(
    market: Clock, wall: str, expected: tuple[str, Anchor]
) -> None:
    assert anchored(market, wall) == expected


def test_bars_of_a_weekend_session_make_no_session_and_those_of_a_working_saturday_do() -> None:
    first, last = date(2025, 10, 1), date(2025, 11, 28)
    scheduled = clock("MISX", first, last).sessions
    weekend = np.array(["2025-11-08", "2025-11-09"], dtype="datetime64[D]")
    observed = clock("MISX", first, last, Evidence.of_sessions(np.concatenate([scheduled, weekend])))
    assert observed.sessions.tolist() == scheduled.tolist()
    assert observed.added.tolist() == []
    assert date(2025, 11, 1) in scheduled.tolist()


def test_a_source_whose_close_is_before_the_evening_keeps_short_days() -> None:
    market = clock("MISX", date(2022, 1, 1), date(2022, 12, 30), close_time=time(18, 50))
    assert hours(market, "2022-10-03")[1] == "2022-10-03 18:50"
    assert hours(market, "2022-03-24")[1] == "2022-03-24 14:00"
    assert anchored(market, "2022-10-03 19:30") == ("2022-10-04", Anchor.AFTER_CLOSE)


def test_a_close_time_in_the_evening_has_no_effect_where_there_was_no_evening() -> None:
    market = clock("MISX", date(2022, 1, 1), date(2022, 12, 30), close_time=time(23, 50))
    assert hours(market, "2022-06-01")[1] == "2022-06-01 18:50"


def test_the_calendar_with_its_overlay_lists_the_sessions_of_the_index(shared_data: Path) -> None:
    with (shared_data / "moex" / "moex_IMOEX_full.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))[1:]
    seen = np.array(["-".join(reversed(row[2].split("."))) for row in rows], dtype="datetime64[D]")
    market = clock("MISX", date(2010, 1, 11), date(2026, 6, 9), Evidence.of_sessions(seen))
    assert market.removed.tolist() == []
    assert market.added.tolist() == [date(2022, 1, 7)]  # only foreign shares traded


def test_share_closes_hold_the_evening_that_the_index_does_not(shared_data: Path) -> None:
    """With evening sessions a share's return beyond the index leads the index by a day; without them it does not."""

    def closes(path: Path, delimiter: str, date_at: str, day: str) -> dict[date, float]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [r for r in csv.DictReader(file, delimiter=delimiter) if r["CLOSE"]]
        return {datetime.strptime(r[date_at], day).date(): float(r["CLOSE"].replace(",", ".")) for r in rows}  # noqa: DTZ007

    index = closes(shared_data / "moex" / "moex_IMOEX_full.csv", ";", "TRADEDATE", "%d.%m.%Y")

    def lead(ticker: str, first: date, last: date) -> float:
        share = closes(shared_data / "moex" / f"iss_{ticker}.csv", ",", "TRADEDATE", "%Y-%m-%d")
        days = sorted(day for day in share.keys() & index.keys() if first <= day <= last)
        own = np.diff(np.log([share[day] for day in days]))
        market = np.diff(np.log([index[day] for day in days]))
        beyond = own - np.polyval(np.polyfit(market, own, 1), market)
        return float(np.corrcoef(beyond[:-1], market[1:])[0, 1])

    names = ("GAZP", "SBER", "LKOH", "ROSN", "NVTK")
    without = np.mean([lead(name, date(2017, 1, 1), date(2020, 6, 19)) for name in names])
    with_evening = np.mean([lead(name, date(2022, 9, 12), date(2026, 1, 30)) for name in names])
    assert abs(without) < 0.05 < 0.1 < with_evening
