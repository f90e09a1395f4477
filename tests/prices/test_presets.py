"""Every preset of a price vendor reads files in the vendor's shape by three lines of configuration; all are made up."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from signals.config import load
from signals.config.presets import Evidence
from signals.config.price_presets import PRICE_PRESETS
from signals.errors import ConfigError
from signals.prices import open_source
from signals.types import Bars, Listing

SAMPLES = sorted((Path(__file__).parent / "vendors").iterdir())
NOW = datetime(2026, 1, 1, tzinfo=UTC)
EVER = (date(1990, 1, 1), date(2026, 1, 1))
DAYS = [f"2024-06-{day:02}" for day in (3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 17, 18)]
CLOSES = [1234.5, 1240.25, 1228.75, 1251, 1249.5, 1260.25, 1255.75, 1250.5, 1262, 1270.25, 1266.5, 1275.75]
WITH_DIVIDENDS = ("alpha-vantage", "eodhd", "tiingo", "yfinance")
CONFIG = """
prices:
  - name: vendor
    preset: {preset}
    path: "{path}"
{more}
"""


def preset_of(sample: Path) -> str:
    return sample.name.partition(".")[0]


def read(folder: Path, preset: str, payload: bytes, name: str, more: str = "") -> Bars:
    """Return the bars of a file of the symbol CLD on New York's exchange; no row of it is refused."""
    (folder / name.replace("{symbol}", "CLD")).write_bytes(payload)
    (folder / "config.yaml").write_text(CONFIG.format(preset=preset, path=name, more=more), encoding="utf-8")
    (spec,) = load(folder / "config.yaml").prices
    listing = Listing("America/New_York", weekdays_only=preset != "binance")
    source = open_source(replace(spec, listings={"CLD": listing}), folder)
    history = source.history("CLD", *EVER, NOW)
    assert history.quarantined == ()
    return history.bars


def test_every_preset_has_a_sample_and_every_sample_a_preset() -> None:
    assert {preset_of(sample) for sample in SAMPLES} == set(PRICE_PRESETS)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_preset_reads_a_file_as_the_vendor_writes_it(sample: Path, tmp_path: Path) -> None:
    preset = preset_of(sample)
    bars = read(tmp_path, preset, sample.read_bytes(), "{symbol}" + sample.suffix)
    assert bars.start.astype("datetime64[D]").astype(str).tolist() == DAYS
    closes = np.array(CLOSES)
    np.testing.assert_allclose(bars.close, closes)
    if sample.name != "cboe.column.csv":
        np.testing.assert_allclose([bars.open, bars.high, bars.low], [closes - 2.25, closes + 4.5, closes - 6.75])
    if preset != "cboe":
        np.testing.assert_allclose(bars.volume, 1_200_000 + 1_000 * np.arange(12))
    assert bars.split_adjusted is bool(PRICE_PRESETS[preset].keys.get("split_adjusted"))
    if preset in WITH_DIVIDENDS:
        assert bars.action_date.astype(str).tolist() == ["2024-06-12"]
        assert (bars.dividend[0], bars.split[0]) == (pytest.approx(5, abs=0.01), 1)
    else:
        assert len(bars.action_date) == 0


@pytest.mark.parametrize("name", ["stooq.archive.txt", "finam.csv", "yfinance.many.csv", "barchart.csv", "moex.csv"])
def test_a_file_that_names_its_symbols_needs_no_file_for_each(name: str, tmp_path: Path) -> None:
    sample = next(path for path in SAMPLES if path.name == name)
    text = sample.read_bytes().replace(b"CLD.US", b"CLD")
    more = "    columns: {symbol: SECID}" if name == "moex.csv" else ""
    assert read(tmp_path, preset_of(sample), text, f"all{sample.suffix}", more).close.tolist() == CLOSES


BARCHART_FOOTER = '"Downloaded from Barchart.com as of 06-19-2024 03:11am CDT"'
# One bar of 14:00 in New York.
HOURS = [
    ("stooq", ["Date,Time,Open,High,Low,Close,Volume", "2024-06-03,20:00:00,1,1,1,1,5"], ""),
    ("stooq", ["<TICKER>,<PER>,<DATE>,<TIME>,<CLOSE>,<VOL>", "CLD.US,60,20240603,200000,1,5"], ""),
    ("finam", ["<DATE>;<TIME>;<OPEN>;<HIGH>;<LOW>;<CLOSE>;<VOL>", "20240603;210000;1;1;1;1;5"], ""),
    ("finam", ["<DATE>;<TIME>;<CLOSE>", "03/06/24;21:00;1"], "dayfirst: true"),
    ("metatrader", ["<DATE>\t<TIME>\t<CLOSE>\t<TICKVOL>", "2024.06.03\t21:00:00\t1\t5"], "timezone: Europe/Athens"),
    ("tradingview", ["time,open,high,low,close", "1717437600,1,1,1,1"], ""),
    ("tradingview", ["time,open,high,low,close", "2024-06-03T14:00:00-04:00,1,1,1,1"], ""),
    ("binance", ["1717437600000,1,1,1,1,5,1717441199999,5,1,5,5,0"], ""),
    ("yfinance", ["Price,Close", "Ticker,CLD", "Datetime,", "2024-06-03 18:00:00+00:00,1"], ""),
    ("alpha-vantage", ["timestamp,open,high,low,close,volume", "2024-06-03 14:00:00,1,1,1,1,5"], ""),
    ("barchart", ["Time,Open,High,Low,Last,Volume", "06/03/2024 13:00,1,1,1,1,5", BARCHART_FOOTER], ""),
    ("moex", ["candles", "", "open;close;begin;end", "1;1;2024-06-03 21:00:00;2024-06-03 21:59:59"], ""),
]


@pytest.mark.parametrize(("preset", "lines", "more"), HOURS)
def test_an_hour_is_an_instant(preset: str, lines: list[str], more: str, tmp_path: Path) -> None:
    text = "\n".join(lines)
    bars = read(tmp_path, preset, text.encode(), "{symbol}.csv", f"    interval: 1h\n    {more}")
    assert bars.start.astype(str).tolist() == ["2024-06-03T18:00:00"]


def test_keys_and_columns_of_the_entry_override_those_of_the_preset(tmp_path: Path) -> None:
    text = b"Date;Price;Last\n01.02.2024;1,0;2,0\n"
    more = '    decimal: ","\n    thousands: "."\n    dayfirst: true\n    delimiter: ";"\n    columns: {close: Last}'
    bars = read(tmp_path, "investing", text, "{symbol}.csv", more)
    assert (str(bars.start[0])[:10], bars.close[0]) == ("2024-02-01", 2.0)


def test_an_unknown_preset_is_an_error_that_lists_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"prices\[vendor\]\.preset: 'quotron' is unknown; known presets: alpha-"):
        read(tmp_path, "quotron", b"", "{symbol}.csv")


def test_a_preset_says_where_its_shape_was_seen() -> None:
    files = {name for name, preset in PRICE_PRESETS.items() if preset.evidence is Evidence.FILE}
    assert files == {"finam", "investing", "investing-ru"}
