"""Prices from Parquet files, where pyarrow is installed; without it, the sentence that says so."""

import gzip
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from signals.errors import ConfigError, UnreadableError
from signals.prices import open_source, parquet
from signals.types import ActionsSpec, CsvDialect, PriceSource, PriceSpec
from tests.prices import market
from tests.prices.contract import SourceContract
from tests.prices.market import DAYS, NOW, SYMBOL

needs_pyarrow = pytest.mark.skipif(
    not parquet.installed(), reason="pyarrow is not installed, so no Parquet file can be read (pip install pyarrow)"
)
WIDE = (date(1990, 1, 1), date(2026, 12, 31))


def write(path: Path, columns: dict[str, list[Any]]) -> None:
    arrow, files = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    files.write_table(arrow.table(columns), path)


def closes(root: Path, columns: dict[str, list[Any]], interval: str = "1d", **dialect: Any) -> dict[str, float]:
    write(root / "X.parquet", columns)
    spec = PriceSpec("local", "csv", path="{symbol}.parquet", interval=interval, dialect=CsvDialect(**dialect))
    bars = open_source(spec, root).history("X", *WIDE, NOW).bars
    return dict(zip(bars.start.astype(str).tolist(), bars.close.tolist(), strict=True))


@needs_pyarrow
class TestParquet(SourceContract):
    @pytest.fixture
    def source(self, tmp_path: Path) -> PriceSource:
        names = ("open", "high", "low", "close", "volume")
        columns = {"Session": [day.session for day in DAYS], **{n: [getattr(day, n) for day in DAYS] for n in names}}
        write(tmp_path / f"{SYMBOL}.parquet", columns)
        days, dividends, splits = [market.DIVIDEND_DAY, market.SPLIT_DAY], [market.DIVIDEND, 0.0], [1.0, market.SPLIT]
        write(tmp_path / "actions.parquet", {"who": [SYMBOL] * 2, "ex": days, "dividend": dividends, "split": splits})
        actions = ActionsSpec("actions.parquet", {"symbol": "who", "ex_date": "ex"})
        dialect = CsvDialect(columns={"date": "Session"})
        spec = PriceSpec("vendor", "csv", path="{symbol}.parquet", actions=actions, dialect=dialect)
        return open_source(spec, tmp_path)


@needs_pyarrow
def test_one_parquet_file_for_many_symbols(tmp_path: Path) -> None:
    write(tmp_path / "all.parquet", {"symbol": ["X", "Y"], "date": [date(2015, 1, 20)] * 2, "close": [145.75, 1.0]})
    source = open_source(PriceSpec("local", "csv", path="all.parquet"), tmp_path)
    assert source.history("X", *WIDE, NOW).bars.close.tolist() == [145.75]


@needs_pyarrow
def test_text_in_a_parquet_file_is_read_by_the_dialect_and_numbers_are_numbers(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {
        "date": ["21.01.2015", "22.01.2015"],
        "close": [6552.5, 1e16],
        "volume": ["4,8M", "-"],
    }
    prices = closes(tmp_path, columns, decimal=",", thousands=".", dayfirst=True)
    assert prices == {"2015-01-21T00:00:00": 6552.5}  # the other is a price that no next bar confirms


@needs_pyarrow
def test_a_float_is_read_back_bit_for_bit(tmp_path: Path) -> None:
    values = np.random.default_rng(0).uniform(1, 2, 50).tolist()
    days = [date(2015, 1, 1) + timedelta(days=n) for n in range(50)]
    assert list(closes(tmp_path, {"date": days, "close": values}).values()) == values


@needs_pyarrow
def test_hours_in_a_parquet_file_are_in_their_own_zone_or_the_dialect_s(tmp_path: Path) -> None:
    aware = closes(tmp_path, {"date": [datetime(2014, 10, 24, 6, tzinfo=UTC)], "close": [1.0]}, "1h")
    naive = closes(tmp_path, {"date": [datetime(2014, 10, 24, 10)], "close": [1.0]}, "1h", timezone="Europe/Moscow")  # noqa: DTZ001 - the dialect has the zone
    assert aware == naive == {"2014-10-24T06:00:00": 1.0}


@needs_pyarrow
@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        (b"date,close\n2015-01-20,1\n", "is damaged"),
        (b"", "is damaged"),
        (gzip.compress(b"PAR1", mtime=0), "is damaged"),
    ],
)
def test_what_is_not_parquet_is_refused_with_its_file(tmp_path: Path, payload: bytes, sentence: str) -> None:
    (tmp_path / "X.parquet").write_bytes(payload)
    source = open_source(PriceSpec("local", "csv", path="{symbol}.parquet"), tmp_path)
    with pytest.raises(UnreadableError, match=rf"X\.parquet.*{sentence}"):
        source.history("X", *WIDE, NOW)


@needs_pyarrow
def test_a_parquet_file_without_rows_or_without_a_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"X\.parquet.*the file is empty"):
        closes(tmp_path, {"date": [], "close": []})
    with pytest.raises(UnreadableError, match=r"no column 'close' for close; set `columns.close`"):
        closes(tmp_path, {"date": [date(2015, 1, 20)], "price": [1.0]})


@pytest.mark.parametrize(
    ("spec", "key"),
    [
        (PriceSpec("local", "csv", path="{symbol}.parquet"), "path"),
        (PriceSpec("local", "csv", path="a.csv", actions=ActionsSpec("b.parquet", {})), "actions.path"),
    ],
)
def test_without_pyarrow_the_entry_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spec: PriceSpec, key: str
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # as Python remembers what cannot be imported
    with pytest.raises(ConfigError) as caught:
        open_source(spec, tmp_path)
    assert str(caught.value) == (f"prices[local].{key}: reading Parquet needs pyarrow; pip install pyarrow")
