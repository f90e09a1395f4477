"""Files in the shapes that exports have: headers, frames, JSON, sheets, archives; and what is said about the others."""

import gzip
import io
import json
import zipfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest

from signals.errors import ConfigError, NotFoundError, UnreadableError
from signals.prices import open_source
from signals.types import History, Listing, PriceSource, PriceSpec
from tests.prices.test_files import NOW, WIDE, closes, read, source

TWO = {"2024-06-03": 1234.5, "2024-06-04": 1250.0}
STAMPS = [datetime(2024, 6, day, tzinfo=UTC).timestamp() for day in (3, 4)]


def of(prices: PriceSource, symbol: str) -> History:
    return prices.history(symbol, *WIDE, NOW)


# --- times and numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [1, 1_000, 1_000_000, 1_000_000_000])
def test_seconds_since_1970_and_parts_of_them_are_instants(factor: int, tmp_path: Path) -> None:
    rows = "".join(f"{int(at) * factor},{close}\n" for at, close in zip(STAMPS, TWO.values(), strict=True))
    assert closes(read(tmp_path, f"timestamp,close\n{rows}")) == TWO


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1717372800.0", "1717459200.0"),
        ("1.7173728e+09", "1.7174592e9"),
        ("45446", "45447"),
        ("45446.0", "45447.5"),
        ("2024/06/03", "2024/06/04"),
        ("2024.06.03", "2024.06.04"),
        ("2024-6-3", "2024-6-4"),
        ("20240603000000", "20240604000000"),
        ("2024-06-03 00:00:00 UTC", "2024-06-04 00:00:00 UTC"),
        ("03-Jun-2024", "04-Jun-2024"),
        ("3-Jun-24", "4-Jun-24"),
        ("3 June 2024", "4 June 2024"),
        ("June 3, 2024", "June 4, 2024"),
        ("06/03/2024 4:00:00 PM", "06/04/2024 4:00:00 PM"),
        ("2024-06-03T00:00:00-04:00", "2024-06-04T00:00:00-04:00"),
    ],
)
def test_dates_are_recognised(first: str, second: str, tmp_path: Path) -> None:
    assert closes(read(tmp_path, f'Date,Close\n"{first}",1234.5\n"{second}",1250\n')) == TWO


@pytest.mark.parametrize("clock", ["10:30", "10:30:00", "103000", "1030", "10:30 AM", "0.4375"])
def test_a_date_and_a_time_may_stand_in_two_columns(clock: str, tmp_path: Path) -> None:
    settings: dict[str, Any] = {"interval": "1h", "timezone": "Europe/Moscow", "columns": {"time": "at"}}
    bars = read(tmp_path, f"date,at,close\n20240603,{clock},1\n", **settings).bars
    assert bars.start.astype(str).tolist() == ["2024-06-03T07:30:00"]


def test_a_column_called_time_is_read_beside_dates_of_finer_bars(tmp_path: Path) -> None:
    bars = read(tmp_path, "Date,Time,Close\n2024-06-03,9:30,1\n", interval="30m", timezone="UTC").bars
    assert bars.start.astype(str).tolist() == ["2024-06-03T09:30:00"]


@pytest.mark.parametrize(
    ("cells", "settings"),
    [
        (["$1,234.50", "$1,250"], {}),
        (["US$1,234.50", "US$1,250.00"], {}),
        (["1,234.50 USD", "1,250.00 USD"], {}),
        (["£1,234.50", "£1,250.00"], {}),
        (["123450p", "125000p"], {}),
        (["1 234,50 ₽", "1\u202f250,00\u00a0₽"], {"decimal": ","}),
        (["1.234,50 €", "1.250,00 €"], {"decimal": ","}),
        (["1'234.50", "1'250.00"], {}),
        (["1,234.5", "1,250"], {}),
        (["1234.5", "1.25K"], {}),
    ],
)
def test_signs_of_currencies_and_marks_between_thousands_are_no_part_of_a_number(
    cells: list[str], settings: dict[str, Any], tmp_path: Path
) -> None:
    rows = "".join(f'{day},"{cell}"\n' for day, cell in zip(TWO, cells, strict=True))
    assert closes(read(tmp_path, "date,close\n" + rows, **settings)) == pytest.approx(TWO)


# --- headers --------------------------------------------------------------------------------------------------------

BODY = "2024-06-03,1234.5\n2024-06-04,1250\n"


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nDate;Close\n" + BODY.replace(",", ";"),
        "Date;Close\n" + BODY.replace(",", ";"),
        "Date\tClose\n" + BODY.replace(",", "\t"),
        "<DATE>,<CLOSE>\n" + BODY,
        "Export of 2024\n\nDate,Close\n" + BODY,
        "Name,Calder Works\nFrom,2024-06-03\nDate,Close\n" + BODY,
        ",Close\n" + BODY,
        "Unnamed: 0,Date,Close\n0," + BODY.replace("\n2", "\n1,2"),
        "Datetime,Close\n" + BODY,
        "Date,Close*,Close.1\n2024-06-03,1234.5,1234.5\n2024-06-04,1250,1250\n",
        "Date,Close\n" + BODY + "\nSource: the vendor of this file\n",
        "Date,Close\n" + BODY + '"Downloaded from a vendor, as of today",\n',
        "Date,X\n" + BODY,
        "Date,Y,X\n" + BODY.replace(",", ",9,"),
        "Date,Close,Close\n" + BODY.replace(",1234.5", ",1234.5,1234.5").replace(",1250", ",1250,1250"),
        "Price,Close,Volume\nTicker,X,X\nDate,,\n" + BODY.replace("\n", ",5\n"),
        "Price,Close,Close\nTicker,Y,X\nDate,,\n" + BODY.replace(",", ",9,"),
        "Ticker,Y,X\nPrice,Close,Close\nDate,,\n" + BODY.replace(",", ",9,"),
        ",Close,Close\n,600519,X\nDate,,\n" + BODY.replace(",", ",9,"),
        "Date,Close,Close\n,Y,X\n" + BODY.replace(",", ",9,"),
        "Price,Close,\nTicker,Y,X\nDate,,\n" + BODY.replace(",", ",9,"),
        "Date,\"('Close', 'Y')\",\"('Close', 'X')\"\n" + BODY.replace(",", ",9,"),
        "Date,\"('Y', 'Close')\",\"('X', 'Close')\"\n" + BODY.replace(",", ",9,"),
    ],
)
def test_headers_of_exports_and_frames(text: str, tmp_path: Path) -> None:
    assert closes(read(tmp_path, text)) == TWO


@pytest.mark.parametrize("path", ["{symbol}.csv", "all.csv"])
def test_a_column_per_ticker_has_the_days_of_each(path: str, tmp_path: Path) -> None:
    prices = source(tmp_path, "Date,X,Y\n2024-06-03,1234.5,\n2024-06-04,1250,9\n2024-06-05,,8\n", path)
    assert closes(of(prices, "X")) == TWO
    if path == "all.csv":
        assert closes(of(prices, "Y")) == {"2024-06-04": 9.0, "2024-06-05": 8.0}
        with pytest.raises(NotFoundError, match=r"Z: .*has no column for it; check the spelling under `symbols`"):
            of(prices, "Z")


def test_a_frame_saved_by_pandas_is_read_back(tmp_path: Path) -> None:
    days = pd.DatetimeIndex(["2024-06-03", "2024-06-04"], name="Date")
    levels = pd.MultiIndex.from_product([["Close", "Volume"], ["X", "Y"]], names=["Price", "Ticker"])
    frame = pd.DataFrame([[1234.5, 1, 5, 6], [1250, 2, 7, 8]], index=days, columns=levels)
    for shape in (frame, frame.swaplevel(axis=1), frame.reset_index(), frame.tz_localize("America/New_York")):
        prices = source(tmp_path, shape.to_csv(), "all.csv")
        assert closes(of(prices, "X")) == TWO
        assert of(prices, "Y").bars.volume.tolist() == [6.0, 8.0]
    one = pd.DataFrame(frame.xs("X", axis=1, level="Ticker"))
    orients: list[Literal["columns", "index", "split"]] = ["columns", "index", "split"]
    iso = [one.to_json(orient=orient, date_format="iso") for orient in orients]
    records = one.reset_index().to_json(orient="records", date_format="iso")
    for text in (one.to_csv(), one.reset_index().to_csv(), *iso, records):
        assert closes(read(tmp_path, text)) == TWO


def test_a_file_without_a_header_may_have_one(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"header": False, "columns": {"date": 0, "close": 1}}
    assert closes(read(tmp_path, BODY, **settings)) == closes(read(tmp_path, "Date,Close\n" + BODY, **settings)) == TWO


# --- JSON -----------------------------------------------------------------------------------------------------------

ROWS = [{"date": day, "close": close} for day, close in TWO.items()]
LISTS = [[int(at) * 1000, str(close)] for at, close in zip(STAMPS, TWO.values(), strict=True)]
CHART = {
    "timestamp": STAMPS,
    "meta": {"currency": "GBp"},
    "indicators": {"quote": [{"close": [123_450, 125_000], "volume": [None, 1]}], "adjclose": [{"adjclose": [1, 2]}]},
}


@pytest.mark.parametrize(
    "value",
    [
        ROWS,
        {"status": "ok", "meta": {"symbol": "X"}, "values": ROWS},
        {"data": {"items": ROWS}},
        {"date": list(TWO), "close": list(TWO.values())},
        {"s": "ok", "t": STAMPS, "c": list(TWO.values())},
        {"results": [{"t": at * 1000, "c": close} for at, close in zip(STAMPS, TWO.values(), strict=True)]},
        {"Meta Data": {"1. Symbol": "X"}, "Time Series": {day: {"4. close": str(c)} for day, c in TWO.items()}},
        {"bpi": TWO},
        {"close": TWO},
        {"history": {"columns": ["TRADEDATE", "Date", "Close"], "data": [["x", d, c] for d, c in TWO.items()]}},
        {"dividends": [{"date": "2024-06-03", "amount": 1}], "prices": ROWS},
        {"chart": {"result": [CHART], "error": None}},
    ],
)
def test_json_of_vendors(value: object, tmp_path: Path) -> None:
    assert closes(read(tmp_path, json.dumps(value), "{symbol}.json")) == TWO
    assert closes(read(tmp_path, json.dumps(value, indent=1))) == TWO


@pytest.mark.parametrize("value", [LISTS, {"result": {"X": LISTS, "last": 5}}, {"prices": LISTS, "caps": LISTS}])
def test_json_of_arrays_in_arrays_has_columns_by_position(value: object, tmp_path: Path) -> None:
    settings: dict[str, Any] = {"columns": {"date": 0, "close": 1}}
    assert closes(read(tmp_path, json.dumps(value), "{symbol}.json", **settings)) == TWO


def test_json_on_lines_and_under_a_path(tmp_path: Path) -> None:
    assert closes(read(tmp_path, "\n".join(map(json.dumps, ROWS)), "{symbol}.jsonl")) == TWO
    both = json.dumps({"old": [{"date": "2023-01-03", "close": 1}], "new": {"rows": ROWS}})
    assert closes(read(tmp_path, both, "{symbol}.json", records="new.rows")) == TWO


def test_json_with_a_key_per_symbol_is_a_file_for_many(tmp_path: Path) -> None:
    text = json.dumps({"X": ROWS, "Y": [{"date": "2024-06-03", "close": 9}]})
    prices = source(tmp_path, text, "all.json")
    assert (closes(of(prices, "X")), closes(of(prices, "Y"))) == (TWO, {"2024-06-03": 9.0})
    text = json.dumps({name: {day: {"close": at} for day, at in TWO.items()} for name in "XY"})
    assert closes(of(source(tmp_path, text, "all.json"), "Y")) == TWO


def test_digits_of_json_are_those_of_the_file(tmp_path: Path) -> None:
    text = '[{"date": "2024-06-03", "close": 1234.50}, {"date": "2024-06-04", "close": 1250}]'
    assert closes(read(tmp_path, text, "{symbol}.json", decimal=",")) == TWO


# --- sheets and archives --------------------------------------------------------------------------------------------


def sheet(rows: list[list[object]]) -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.create_sheet("prices")
    for row in rows:
        book["prices"].append(row)
    payload = io.BytesIO()
    book.save(payload)
    return payload.getvalue()


@pytest.mark.parametrize("first", [date(2024, 6, 3), datetime(2024, 6, 3), 45446, "2024-06-03"])  # noqa: DTZ001 - a sheet has no zones
def test_a_sheet_with_lines_above_its_header(first: object, tmp_path: Path) -> None:
    second = "2024-06-04" if isinstance(first, str) else first + 1 if isinstance(first, int) else date(2024, 6, 4)
    rows: list[list[object]] = [["Calder Works"], [], [None, "Date", "Close"], [None, first, 1234.5]]
    payload = sheet([*rows, [None, second, 1250]])
    assert closes(read(tmp_path, payload, "{symbol}.xlsx")) == TWO
    assert closes(read(tmp_path, payload, "{symbol}.xlsx", decimal=",")) == TWO


def test_the_sheet_with_the_header_is_read(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(sheet([["Date", "Close"], [date(2024, 6, 3), 5]])))
    book.create_sheet("summary", 0).append(["Security", "X"])
    payload = io.BytesIO()
    book.save(payload)
    assert closes(read(tmp_path, payload.getvalue(), "{symbol}.xlsx")) == {"2024-06-03": 5.0}


def test_a_time_in_a_sheet_is_a_time(tmp_path: Path) -> None:
    payload = sheet([["Date", "Time", "Close"], [date(2024, 6, 3), time(9, 30), 1]])
    bars = read(tmp_path, payload, "{symbol}.xlsx", interval="30m", timezone="UTC").bars
    assert bars.start.astype(str).tolist() == ["2024-06-03T09:30:00"]


@pytest.mark.parametrize("payload", [b"Date,Close\n", b"PK\x03\x04 half"])
def test_a_sheet_that_is_none_is_refused(payload: bytes, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    with pytest.raises(UnreadableError, match=r"X\.xlsx: it is no \.xlsx file .*save it as"):
        read(tmp_path, payload, "{symbol}.xlsx")


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="the file is empty"):
        read(tmp_path, sheet([]), "{symbol}.xlsx")


def test_a_sheet_without_openpyxl_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signals.prices.excel.installed", lambda: False)
    with pytest.raises(ConfigError, match=r"prices\[local\]\.path: an Excel file needs openpyxl.*pip install"):
        open_source(PriceSpec("local", "csv", path="{symbol}.xlsx"), tmp_path)
    with pytest.raises(UnreadableError, match=r"X\.zip: a file in \.xlsx needs openpyxl"):
        read(tmp_path, archive({"X.xlsx": b""}), "{symbol}.zip")


def archive(members: dict[str, bytes]) -> bytes:
    payload = io.BytesIO()
    with zipfile.ZipFile(payload, "w") as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return payload.getvalue()


def test_a_zip_of_one_file_is_that_file(tmp_path: Path) -> None:
    csv, rows = ("Date,Close\n" + BODY).encode(), json.dumps(ROWS).encode()
    for members in ({"a/b.csv": csv}, {"b.json": rows}, {"b.csv": csv, "__MACOSX/._b.csv": b"x"}):
        assert closes(read(tmp_path, archive(members), "{symbol}.zip")) == TWO


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        (b"PK\x03\x04 half", r"the \.zip file is damaged"),
        (archive({}), r"holds 0 files \(nothing\); unpack it"),
        (archive({"a.csv": b"", "b.csv": b""}), r"holds 2 files \(a\.csv, b\.csv\); unpack it, and name one"),
    ],
)
def test_another_zip_is_refused(payload: bytes, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=sentence):
        read(tmp_path, payload, "{symbol}.zip")


# --- what is said ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "settings", "sentence"),
    [
        ('date,close\n2024-06-03,"1,5"\n', {}, "line 2: '1,5' is not a number; set `decimal: \",\"`"),
        ('date,close\n2024-06-03,"1,500"\n', {}, "set `thousands: \",\"` if it is in the thousands, or `decimal"),
        ("date,close\n2024-06-03,1.5\n", {"decimal": ","}, "with the decimal mark ','; correct `decimal`"),
        ("date,close\n06/03/2024,1\n31/05/2024,1\n", {}, "line 3: '31/05/2024' has its day first; set `dayfirst"),
        ("date,close\n05/31/2024,1\n", {"dayfirst": True}, "'05/31/2024' has its day second; set `dayfirst: false`"),
        ("date,close\n240603,1\n", {}, "'240603' is not a date; set `date_format`"),
        ("date,at,close\n2024-06-03,soon,1\n", {"columns": {"time": "at"}}, "'soon' is not a time of day; correct `"),
        ("2024-06-03,1\n2024-06-04,2\n", {}, "if the file has no header, set `header: false` and `columns.date` to"),
        ("date,close,Close\n2024-06-03,1,2\n", {"columns": {"close": "x"}}, "there is no column 'x' for close"),
        ("date,Close,Close\n2024-06-03,1,2\n", {}, "stands twice with different values ('1' and '2'); set `c"),
        ("date,Close,Close.1\n2024-06-03,1,2\n", {}, "stands twice with different values ('1' and '2')"),
        ("<!DOCTYPE html><html><body>Sign in</body></html>", {}, "it is a web page and no data; download it again"),
        ('{"error": "limit"}', {}, "it has no records of bars; set `records`"),
        ("Exceeded the daily hits limit\n", {}, "the vendor answered without bars (Exceeded the daily hits limit)"),
        ('{"Note": "Limit of calls"}', {}, "the vendor answered without bars (Limit of calls); ask it again"),
        ('{"a":' * 100_000, {}, "nested too deeply"),
        ("Date,Close\n2024-06-03,12,5\n", {}, "3 cells, not 2; quote numbers with a decimal comma, or use"),
        (("Date,Close\n" + BODY).encode("utf-16-le"), {}, "it is not utf-8-sig text; set `encoding`"),
        (b"\xd0\xcf\x11\xe0\xa1", {}, "it is a file of an old Excel; save it as .xlsx or .csv"),
        ('{"a": [}', {}, "line 1 is not JSON"),
        ('{"a": 1}\n{"a": \n', {}, "line 2 is not JSON"),
        ('{"data": []}', {"records": "rows"}, "there is no 'rows' in it; correct `records`"),
        ("[]", {}, "it has no records of bars"),
    ],
)  # fmt: skip
def test_a_message_names_the_key_that_cures(
    text: str | bytes, settings: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(tmp_path, text, **settings)
    assert sentence in str(caught.value)
    assert "X.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_for_many_without_symbols_says_how_to_name_them(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"no column 'symbol' .*or write \{symbol\} in `path`"):
        of(source(tmp_path, "date,close\n" + BODY, "all.csv"), "X")


def test_marks_between_thousands_are_recognised_by_another_column(tmp_path: Path) -> None:
    text = 'date,close,volume\n2024-06-03,1234.5,"123,456"\n2024-06-04,1250,"9,999"\n'
    assert read(tmp_path, text).bars.volume.tolist() == [123_456.0, 9_999.0]
    text = 'date,close,volume\n2024-06-03,1234,"123,456"\n2024-06-04,1250,"9,999"\n'
    with pytest.raises(UnreadableError, match=r"'123,456' is not a number; set `thousands"):
        read(tmp_path, text)


def test_one_date_in_the_other_order_is_a_mistake_of_its_row(tmp_path: Path) -> None:
    history = read(tmp_path, "date,close\n06/03/2024,1234.5\n06/04/2024,1250\n06/25/2024,1250\n31/05/2024,1\n")
    assert [q.start for q in history.quarantined] == ["31/05/2024"]


@pytest.mark.parametrize("pack", [gzip.compress, lambda text: archive({"x.csv": text})])
def test_a_packed_file_is_recognised_without_its_ending(pack: Any, tmp_path: Path) -> None:
    assert closes(read(tmp_path, pack(("Date,Close\n" + BODY).encode()))) == TWO


def test_a_sheet_is_recognised_without_its_ending(tmp_path: Path) -> None:
    assert closes(read(tmp_path, sheet([["Date", "Close"], *([day, close] for day, close in TWO.items())]))) == TWO


@pytest.mark.parametrize("shape", ["levels", "swapped", "wide"])
def test_a_frame_in_a_sheet_or_in_parquet_is_read_back(shape: str, tmp_path: Path) -> None:
    days = pd.DatetimeIndex(["2024-06-03", "2024-06-04"], name="Date")
    levels = pd.MultiIndex.from_product([["Close", "Open"], ["Y", "X"]], names=["Price", "Ticker"])
    whole = pd.DataFrame([[9, 1234.5, 9, 1234.5], [9, 1250, 9, 1250]], index=days, columns=levels)
    frame = {"levels": whole, "swapped": whole.swaplevel(axis=1), "wide": whole["Close"]}[shape]
    for name, write in (("all.xlsx", "to_excel"), ("all.parquet", "to_parquet")):
        pytest.importorskip({"to_excel": "openpyxl", "to_parquet": "pyarrow"}[write])
        payload = io.BytesIO()
        getattr(frame, write)(payload)
        assert closes(of(source(tmp_path, payload.getvalue(), name), "X")) == TWO


@pytest.mark.parametrize("zone", ["", "+00:00"])
def test_hours_that_are_called_days_are_refused_as_hours(zone: str, tmp_path: Path) -> None:
    rows = "".join(f"2024-06-{day:02} {hour}:00:00{zone},{hour}\n" for day in (3, 4, 5) for hour in range(10, 18))
    with pytest.raises(UnreadableError, match="are called 1d and are spaced like 1h; set `interval: 1h`"):
        of(source(tmp_path, "date,close\n" + rows, listings={"X": Listing("America/New_York")}), "X")


def test_a_file_for_many_that_names_no_symbol_is_that_of_the_only_instrument(tmp_path: Path) -> None:
    prices = source(tmp_path, "date,close\n" + BODY, "all.csv", listings={"X": Listing("UTC")})
    assert closes(of(prices, "X")) == TWO
    prices = source(tmp_path, "date,close\n" + BODY, "all.csv", listings={"X": Listing("UTC"), "Y": Listing("UTC")})
    with pytest.raises(UnreadableError, match="there is no column 'symbol'"):
        of(prices, "X")


def test_hours_without_a_time_of_day_say_which_key_names_its_column(tmp_path: Path) -> None:
    text = "date,hour,close\n2024-06-03,10:00,1\n2024-06-03,11:00,2\n"
    with pytest.raises(UnreadableError, match=r"1h bars have no time of day; name its column as `columns\.time`"):
        read(tmp_path, text, interval="1h", timezone="UTC")
    assert len(read(tmp_path, text, interval="1h", timezone="UTC", columns={"time": "hour"}).bars) == 2


def test_a_special_dividend_in_closes_that_are_adjusted_for_splits_is_no_split(tmp_path: Path) -> None:
    text = "date,close,adjusted_close\n2024-06-03,100,60\n2024-06-04,60,60\n2024-06-05,61,61\n"
    bars = read(tmp_path, text, split_adjusted=True).bars
    assert (bars.dividend.tolist(), bars.split.tolist()) == ([pytest.approx(40)], [1])


def test_a_truncated_last_row_is_no_footer(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "date,close\n" + BODY + "2024-06-0\n").quarantined
    assert (row.start, row.detail) == ("2024-06-0", "line 4: 1 cells, not 2")


def test_unequal_lengths_are_no_columns(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no records of bars"):
        read(tmp_path, json.dumps({"t": [1, 2], "c": [1]}))
    assert np.isfinite(read(tmp_path, json.dumps(ROWS)).bars.close).all()
