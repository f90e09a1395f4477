"""Delimited text: rows, columns, numbers and times of a dialect."""

import gzip
from datetime import UTC, date, datetime
from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.prices.cells import parse_number, parse_numbers, parse_times
from signals.prices.delimited import read
from signals.prices.header import header_names
from signals.prices.text_table import Table, locate_columns
from signals.prices.unpack import unpacked
from signals.types import CsvDialect

PLAIN = CsvDialect()
NAMES = header_names({}, {})
GERMAN = CsvDialect(decimal=",", thousands=".", dayfirst=True)


def test_rows_have_their_line_numbers_and_blank_lines_and_repeated_headers_are_left_out() -> None:
    table = read(b"date,close\n2015-01-20,1\n\ndate,close\n2015-01-21,2\n", PLAIN, NAMES)
    assert table == Table(("date", "close"), ((2, ["2015-01-20", "1"]), (5, ["2015-01-21", "2"])))
    assert table.width == 2


def test_a_file_without_a_header_is_as_wide_as_its_first_row() -> None:
    assert read(b"a,b,c\n", CsvDialect(header=False), NAMES).width == 3
    assert Table((), ()).width == 0


def test_a_compressed_file_is_decompressed_and_a_damaged_one_is_refused() -> None:
    assert unpacked(gzip.compress(b"a\n1\n"), "x.csv.gz") == (b"a\n1\n", ".csv")
    with pytest.raises(ValueError, match=r"the \.gz file is damaged"):
        unpacked(b"a\n1\n", "x.csv.gz")


TABLE = Table(("Date", "close", "Vol."), ())


def test_a_column_is_found_by_its_mapping_its_name_or_its_name_in_other_letters() -> None:
    names, required = ("date", "close", "volume", "split"), ("date", "close")
    assert locate_columns(TABLE, {"volume": "Vol."}, names, required) == {"date": 0, "close": 1, "volume": 2}
    assert locate_columns(TABLE, {"date": 2}, ("date",), ("date",)) == {"date": 2}


@pytest.mark.parametrize("columns", [{"volume": "Volume"}, {"volume": 3}, {"volume": -1}])
def test_a_mapped_column_that_is_missing_is_refused(columns: dict[str, str | int]) -> None:
    with pytest.raises(ValueError, match=r"for volume; set `columns\.volume` to one of 'Date', 'close', 'Vol\.'"):
        locate_columns(TABLE, columns, ("volume",), ())


@pytest.mark.parametrize(
    ("text", "dialect", "value"),
    [
        ("1.5", PLAIN, 1.5),
        ("-2e3", PLAIN, -2000.0),
        ("3.2K", PLAIN, 3200.0),
        ("1.000,5", GERMAN, 1000.5),
        ("4,8M", GERMAN, 4.8e6),
        ("1 234", CsvDialect(thousands=" "), 1234.0),
    ],
)
def test_a_number_is_read_in_its_dialect(text: str, dialect: CsvDialect, value: float) -> None:
    assert parse_number(text, dialect) == value


@pytest.mark.parametrize("text", ["", " - ", "NaN", "null", "N/A"])
def test_a_missing_number_is_nan(text: str) -> None:
    assert isnan(parse_number(text, PLAIN))


def test_a_column_with_a_cell_that_is_no_number_reports_its_position() -> None:
    values, problems = parse_numbers(["1", "x", "-", "4K"], PLAIN)
    assert (values[0], isnan(values[1]), isnan(values[2]), values[3]) == (1.0, True, True, 4000.0)
    assert problems == {1: "'x' is not a number"}


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_a_number_is_read_to_the_last_bit(numbers: list[float]) -> None:
    assert parse_numbers([repr(number) for number in numbers], PLAIN) == (numbers, {})


@given(st.dates(date(1970, 1, 1), date(2068, 12, 31)), st.sampled_from(["%d.%m.%Y", "%d/%m/%y", "%d-%m-%Y 00:00"]))
def test_a_date_with_its_day_first_is_read_back(day: date, form: str) -> None:
    times, problems = parse_times([day.strftime(form)] * 2, GERMAN)
    assert ([time.date() for time in times if time], problems) == ([day, day], {})


def test_times_keep_their_offset_and_a_bad_cell_is_reported() -> None:
    times, problems = parse_times(["2015-01-20T10:00:00+00:00", "soon"], PLAIN)
    assert times == [datetime(2015, 1, 20, 10, tzinfo=UTC), None]
    assert problems == {1: "'soon' is not a date; set `date_format`"}


def test_a_column_without_a_date_reports_every_cell() -> None:
    assert parse_times(["", " "], PLAIN)[1].keys() == {0, 1}
    assert parse_times([], PLAIN) == ([], {})
