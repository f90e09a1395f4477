"""Whatever the bytes of a file are, there are bars or one sentence."""

import gzip
import io
import json
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signals.errors import SourceError
from signals.prices import open_source
from signals.types import CsvDialect, Listing, PriceSpec
from tests.prices.test_files import NOW, WIDE

CELLS = st.sampled_from(
    ["", "Date", "date", "Close", "Ticker", "Price", "X", "2024-06-03", "03/06/2024", "1717372800", "45446", "1,234.5",
     "1.234,5", "$5", "5p", "-", "nan", "inf", "1e400", "Jun 3, 2024", "09:30", "\x00", '"', "sep=;", "<DATE>",
     "9" * 25, "GBp", "EUR", "Currency", "adjusted_close", "split", "dividend", "('Close', 'X')", "2024-13-45",
     "0", "-5", "10000"]
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, max_size=5), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | CELLS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(CELLS, inner, max_size=4),
    max_leaves=20,
)
PATHS = ("{symbol}.csv", "all.csv", "{symbol}.json", "{symbol}.zip", "{symbol}.gz", "{symbol}.xlsx", "{symbol}.parquet")


def read(payload: bytes, path: str, dialect: CsvDialect, interval: str) -> None:
    """Read a file; anything but bars and a `SourceError` of one line is an error."""
    with TemporaryDirectory() as folder:
        (Path(folder) / path.replace("{symbol}", "X")).write_bytes(payload)
        listings = {"X": Listing("Asia/Tokyo", quoted_in="GBp"), "Y": Listing("UTC")}
        spec = PriceSpec("local", "csv", path=path, interval=interval, dialect=dialect, listings=listings)
        problem = ""
        try:
            open_source(spec, Path(folder)).history("X", *WIDE, NOW)
        except SourceError as error:
            problem = str(error)
        assert "\n" not in problem


DIALECTS = st.builds(
    CsvDialect,
    delimiter=st.sampled_from([",", ";"]),
    decimal=st.sampled_from([".", ","]),
    header=st.booleans(),
    dayfirst=st.booleans(),
    timezone=st.sampled_from([None, "Europe/London"]),
    columns=st.sampled_from([{}, {"date": 0, "close": 1}, {"time": "09:30"}]),
)


@given(ROWS, st.sampled_from(PATHS[:2]), DIALECTS, st.sampled_from(["1d", "1h"]))
def test_text(rows: list[list[str]], path: str, dialect: CsvDialect, interval: str) -> None:
    text = "\n".join(dialect.delimiter.join(row) for row in rows)
    read(text.encode(), path, dialect, interval)
    read(gzip.compress(text.encode()), path, dialect, interval)


@given(VALUES, DIALECTS)
def test_json(value: object, dialect: CsvDialect) -> None:
    read(json.dumps(value).encode(), "{symbol}.json", dialect, "1d")
    read(json.dumps({"X": value, "Y": value}).encode(), "all.csv", dialect, "1d")


@given(
    st.binary(max_size=200),
    st.sampled_from(PATHS),
    st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b", b"{", b"\xff\xfe"]),
)
def test_bytes(payload: bytes, path: str, mark: bytes) -> None:
    pytest.importorskip("openpyxl")
    pytest.importorskip("pyarrow")
    read(mark + payload, path, CsvDialect(), "1d")


@given(ROWS, st.integers(0, 400), st.binary(max_size=3))
def test_a_sheet_with_a_hole(rows: list[list[str]], at: int, hole: bytes) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell.replace("\x00", "") for cell in row])
    file = io.BytesIO()
    book.save(file)
    whole = file.getvalue()
    read(whole, "{symbol}.xlsx", CsvDialect(), "1d")
    read(whole[:at] + hole + whole[at + len(hole) :], "{symbol}.xlsx", CsvDialect(), "1d")
    members = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(members, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[:at] + hole + data[at + len(hole) :] if "sheet1" in name else data)
    read(members.getvalue(), "{symbol}.xlsx", CsvDialect(), "1d")
