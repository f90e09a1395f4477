"""Rows of dated hours as they are written."""

from datetime import date, time

import pytest

from signals.types import DatedHours, parse_weekdays


def test_a_row_is_read_by_the_names_of_its_columns() -> None:
    row = DatedHours.parse({"rule": "hours", "first": "2024-11-05", "last": "open", "weekdays": "mon-fri",
                            "opens": "09:00", "closes": "24:00", "source": "a notice"})  # fmt: skip
    assert row == DatedHours("hours", date(2024, 11, 5), date.max, (0, 1, 2, 3, 4), time(9), time(0), source="a notice")


def test_a_row_without_an_end_is_about_one_day() -> None:
    row = DatedHours.parse({"rule": "closed", "first": "2024-11-05"})
    assert row.last == date(2024, 11, 5)
    assert row.one_day


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"rule": "open", "first": "2024-11-05"}, "rule: 'open' is not one of hours, session, closed"),
        ({"rule": "closed", "first": "5.11.2024"}, "first: '5.11.2024' is not a date such as 2024-11-05"),
        ({"rule": "closed", "first": "2024-11-05", "last": "2024-11-04"}, "last: 2024-11-04 is before 2024-11-05"),
        ({"rule": "hours", "first": "2024-11-05", "opens": "9am"}, "opens: '9am' is not a time such as 15:30"),
        ({"rule": "hours", "first": "2024-11-05", "break_ends": "13:00"}, "give both break_starts and break_ends"),
        ({"rule": "closed", "first": "2024-11-05", "closes": "13:00"}, "a day that is closed has no hours"),
        ({"rule": "closed", "first": "2024-11-05", "weekdays": "mo"}, "weekdays: 'mo' is not written as in mon-fri"),
        ({"rule": "closed", "first": "2024-11-05", "day": "x"}, "'day' is not one of the columns rule, first, last"),
    ],
)
def test_a_mistake_is_told_in_words(cells: dict[str, str], problem: str) -> None:
    with pytest.raises(ValueError, match="^" + problem.replace("(", r"\(")):
        DatedHours.parse(cells)


@pytest.mark.parametrize(
    ("text", "days"), [("", ()), ("sun-thu", (0, 1, 2, 3, 6)), ("Fri, mon", (0, 4)), ("sat", (5,))]
)
def test_weekdays_are_names_and_spans(text: str, days: tuple[int, ...]) -> None:
    assert parse_weekdays(text) == days
