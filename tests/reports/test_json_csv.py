"""Answers for programs."""

import csv
import io
import json
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.reports.json_csv import as_json, encoded, moves_json, report_json, to_csv, values_of
from signals.types import LinkRow, UnusualReport, UnusualSession
from tests.reports.examples import AVERAGE, INSTRUMENT, LINK, REPORT, SESSION, UNSCORED

COLUMNS = [field.name for field in fields(LinkRow)]


def test_a_report_has_its_members_in_order() -> None:
    report = json.loads(report_json(REPORT, COLUMNS))
    assert list(report) == ["ticker", "instrument", "as_of", "coverage", "base_rate", "aggregates", "links", "unusual",
                            "unscored", "refused_tags"]  # fmt: skip
    assert list(report["instrument"]) == ["name", "mic", "timezone", "currency", "kind", "benchmark"]
    assert list(report["coverage"]) == ["first_bar", "last_bar", "articles", "links", "news_to", "last_run"]


def test_numbers_are_numbers_and_instants_are_in_utc() -> None:
    report = json.loads(report_json(REPORT, COLUMNS))
    link = report["links"][0]
    assert (link["ret"], link["published_at"], link["day_zero"]) == (0.0209, "2015-01-21T13:10:00.000Z", "2015-01-21")
    assert (report["as_of"], report["coverage"]["news_to"]) == ("2015-01-22T00:00:00.000Z", "2015-01-21T13:10:00.000Z")
    assert (report["base_rate"]["unusual_sessions"], report["refused_tags"][0]["tag"]) == (21, "NG")


def test_links_have_the_columns_that_are_asked_for_in_their_order() -> None:
    report = json.loads(report_json(REPORT, ["verdict", "ticker"]))
    assert [list(link.items()) for link in report["links"]] == [[("verdict", "weak_tie"), ("ticker", "GAZP")]]


def test_an_instrument_that_was_not_measured_has_no_base_rate() -> None:
    report = replace(REPORT, instrument=replace(INSTRUMENT, measured_sessions=None), links=())
    members = json.loads(report_json(report, COLUMNS))
    assert (members["base_rate"], members["links"]) == (None, [])


def test_each_row_has_a_line() -> None:
    lines = report_json(replace(REPORT, unscored=(UNSCORED, UNSCORED), averages=(AVERAGE,)), COLUMNS).splitlines()
    assert sum(line.startswith("    {") for line in lines) == 1 + 2 + 1 + 1
    assert json.loads("\n".join(lines))["aggregates"][0]["tests"][0] == {
        "test": "adjusted_bmp", "statistic": 1.3, "p_value": 0.2, "events": 7, "reason": "",
    }  # fmt: skip


def test_unusual_sessions_have_their_stories() -> None:
    columns = [field.name for field in fields(UnusualSession) if field.name != "news"]
    answer = json.loads(moves_json(UnusualReport(REPORT.as_of, (INSTRUMENT,), (SESSION,)), columns))
    assert list(answer) == ["as_of", "base_rates", "moves"]
    assert list(answer["moves"][0]) == [*columns, "news"]
    assert answer["moves"][0]["news"][0]["copies"] == 3


def test_csv_has_a_line_of_names_and_one_for_each_row() -> None:
    text = to_csv([LINK, replace(LINK, car=None)], ["title", "car", "published_at", "day_zero", "tradable"])
    assert text.splitlines() == [
        "title,car,published_at,day_zero,tradable",
        "Gazprom signs a pact,-0.0116,2015-01-21T13:10:00.000Z,2015-01-21,1",
        "Gazprom signs a pact,,2015-01-21T13:10:00.000Z,2015-01-21,1",
    ]
    assert to_csv([], ["title"]) == "title\n"


@pytest.mark.parametrize("first", "=+-@\t\r")
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(first: str) -> None:
    (row,) = csv.DictReader(io.StringIO(to_csv([replace(LINK, title=f"{first}HYPERLINK")], ["title"]), newline=""))
    assert row["title"] == f"'{first}HYPERLINK".replace("\r", "\n")


@dataclass(frozen=True)
class Row:
    """A row of three kinds of values."""

    text: str
    number: float | None
    day: date


ROWS = st.builds(
    Row,
    st.text("ab=,\"' ", max_size=5),
    st.one_of(st.none(), st.floats(allow_nan=False), st.integers(-5, 5)),
    st.dates(),
)


@given(st.lists(ROWS, max_size=450))
def test_csv_reads_back_as_the_rows(rows: list[Row]) -> None:
    cells = csv.DictReader(io.StringIO(to_csv(rows, ["text", "number", "day"])))
    for row, cell in zip(rows, cells, strict=True):
        assert cell["text"] == ("'" if row.text.startswith("=") else "") + row.text
        assert cell["number"] == ("" if row.number is None else str(row.number))
        assert cell["day"] == row.day.isoformat()


def test_an_instant_is_written_as_the_store_writes_it() -> None:
    at = datetime(2020, 1, 1, 12, 0, 0, 5000, tzinfo=timezone(timedelta(hours=3)))
    assert as_json(at) == "2020-01-01T09:00:00.005Z"
    assert encoded({"at": datetime(2020, 1, 1, tzinfo=UTC)}) == '{"at":"2020-01-01T00:00:00.000Z"}'


def test_a_value_without_a_form_in_json_is_refused() -> None:
    with pytest.raises(TypeError, match="no JSON form"):
        as_json(object())
    with pytest.raises(TypeError):
        encoded(object())


def test_one_column_is_read_as_a_tuple_too() -> None:
    assert values_of(["ticker"])(LINK) == ("GAZP",)
    assert values_of(["ticker", "relevance"])(LINK) == ("GAZP", 0.15)
