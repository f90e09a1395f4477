"""Day zero on days that calendars and clocks get wrong, each from the notice of its exchange: `hard_cases.csv`."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from signals.sessions import Clock, clock, day_zero
from signals.types import Anchor
from tests.sessions.examples import stamp


@cache
def whole_years(mic: str, first: int, last: int) -> Clock:
    return clock(mic, date(first, 1, 1), date(last, 12, 31))


def rows() -> list[dict[str, str]]:
    with (Path(__file__).parent / "hard_cases.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases() -> Iterator[object]:
    for row in rows():
        yield pytest.param(row, id=f"{row['mic']} {row['what']}")


@pytest.mark.parametrize("row", list(cases()))
def test_day_zero_and_its_anchor_are_those_of_the_exchange(row: dict[str, str]) -> None:
    day, hour, zone = row["published_at"].split(" ")
    published = date.fromisoformat(day)
    around = (published + timedelta(days=n) for n in (-30, 45))
    zero = day_zero(whole_years(row["mic"], *(one.year for one in around)), stamp(f"{day} {hour}", zone))
    assert zero is not None
    assert (zero.session.isoformat(), zero.anchor) == (row["day_zero"], Anchor(row["anchor"]))


def test_the_table_is_wide() -> None:
    table = rows()
    assert len(table) >= 80
    assert len({row["mic"] for row in table}) >= 25
    assert all(row["source"] for row in table)
