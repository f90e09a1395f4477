"""Prices in pence and their like: an instrument, a column or a sign says so, and what is stored is the currency."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from signals.app import App
from signals.config import load
from signals.errors import ConfigError, UnreadableError
from signals.prices import open_source
from signals.store import Store
from signals.types import ActionsSpec, CsvDialect, History, Instrument, Listing, PriceSpec

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EVER = (date(1990, 1, 1), date(2026, 1, 1))
CONFIG = """
instruments:
  SIM: {{name: Calder Works, mic: XLON, currency: {currency}, symbols: {{local: X}}}}
prices:
  - {{name: local, kind: csv, path: "{{symbol}}.csv"}}
"""


def read(root: Path, text: str, quoted_in: str = "", **settings: Any) -> History:
    (root / "X.csv").write_text(text, encoding="utf-8")
    dialect = CsvDialect(**settings.pop("dialect", {}))
    listings = {"X": Listing("Europe/London", quoted_in=quoted_in)}
    spec = PriceSpec("local", "csv", path="{symbol}.csv", dialect=dialect, listings=listings, **settings)
    return open_source(spec, root).history("X", *EVER, NOW)


def test_an_instrument_in_pence_has_prices_and_dividends_in_pounds(tmp_path: Path) -> None:
    text = "date,open,high,low,close,volume,dividend\n2024-06-03,122,125,121,123.4,700,4.5\n"
    bars = read(tmp_path, text, "GBp").bars
    assert [bars.open[0], bars.high[0], bars.low[0], bars.close[0]] == pytest.approx([1.22, 1.25, 1.21, 1.234])
    assert (bars.volume[0], bars.dividend[0], bars.currency) == (700.0, pytest.approx(0.045), "GBP")


def test_an_adjusted_close_is_in_the_unit_of_the_close(tmp_path: Path) -> None:
    text = "date,close,adjusted_close\n2024-06-03,100,98\n2024-06-04,100,98\n2024-06-05,98,98\n2024-06-06,98,98\n"
    bars = read(tmp_path, text, "GBX").bars
    assert bars.dividend.tolist() == [pytest.approx(0.02)]


@pytest.mark.parametrize("quoted_in", ["", "GBp", "GBP"])
def test_a_column_of_currencies_comes_before_the_instrument(tmp_path: Path, quoted_in: str) -> None:
    bars = read(tmp_path, "date,close,Currency\n2024-06-03,123.4,GBp\n2024-06-04,1.25,GBP\n", quoted_in).bars
    assert (bars.close.tolist(), bars.currency) == ([pytest.approx(1.234), 1.25], "GBP")


@pytest.mark.parametrize("quoted_in", ["", "GBp"])
def test_a_sign_of_pence_is_read_once(tmp_path: Path, quoted_in: str) -> None:
    both = read(tmp_path, "date,close\n2024-06-03,£1.20\n2024-06-04,123.4p\n", quoted_in).bars.close
    assert both.tolist() == [1.2, pytest.approx(1.234)]
    assert read(tmp_path, "date,close\n2024-06-03,123.4p\n2024-06-04,£1.25\n", quoted_in).bars.close.tolist() == [
        pytest.approx(1.234),
        1.25,
    ]


def test_a_row_without_a_currency_has_that_of_the_others(tmp_path: Path) -> None:
    bars = read(tmp_path, "date,close,currency\n2024-06-03,123,GBp\n2024-06-04,124,\n2024-06-05,125,GBp\n").bars
    assert bars.close.tolist() == pytest.approx([1.23, 1.24, 1.25])


def test_a_column_of_words_is_no_currency(tmp_path: Path) -> None:
    bars = read(tmp_path, "date,close,currency\n2024-06-03,123.4,Pound Sterling\n", "GBp").bars
    assert (bars.close[0], bars.currency) == (pytest.approx(1.234), "GBP")


def test_two_currencies_in_a_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=r"X\.csv: the prices of X are in EUR and GBP; give one currency"):
        read(tmp_path, "date,close,currency\n2024-06-03,1,GBp\n2024-06-04,1,EUR\n")


def test_a_scale_applies_besides_and_dividends_of_their_own_file_are_in_the_unit_of_the_prices(tmp_path: Path) -> None:
    (tmp_path / "X.act").write_text("ex_date,dividend\n2024-06-03,4.5\n")
    actions = ActionsSpec("{symbol}.act", {"ex_date": "ex_date", "dividend": "dividend"})
    bars = read(tmp_path, "date,close\n2024-06-03,123.4\n", "GBp", actions=actions, scale=10).bars
    assert (bars.close[0], bars.dividend[0]) == (pytest.approx(12.34), pytest.approx(0.45))
    named = read(tmp_path, "date,close,currency\n2024-06-03,123.4,GBp\n", actions=actions).bars
    assert named.dividend[0] == pytest.approx(0.045)


def configured(root: Path, currency: str) -> App:
    (root / "config.yaml").write_text(CONFIG.format(currency=currency), encoding="utf-8")
    config = load(root / "config.yaml")
    return App(config, Store(config.database), lambda: NOW)


@pytest.mark.parametrize(("currency", "close"), [("GBp", 1.234), ("GBX", 1.234), ("GBP", 123.4)])
def test_the_unit_of_the_configuration_reaches_the_source(tmp_path: Path, currency: str, close: float) -> None:
    (tmp_path / "X.csv").write_text("date,close\n2024-06-03,123.4\n")
    app = configured(tmp_path, currency)
    (instrument,), (source,) = app.plan.instruments, app.price_sources()
    assert instrument.currency == "GBP"
    bars = source.history("X", *EVER, NOW).bars
    assert bars.close[0] == pytest.approx(close)
    version = source.version("X")
    assert version != configured(tmp_path, "GBp" if currency == "GBP" else "GBP").price_sources()[0].version("X")
    assert np.isfinite(bars.close).all()


def test_another_instrument_of_a_source_does_not_change_the_version_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "X.csv").write_text("date,close\n2024-06-03,123.4\n")
    app = configured(tmp_path, "GBp")
    other = Instrument("O", "Other", "XTKS", "JPY", symbols={"local": "Y"})
    more = replace(app.config, instruments=(*app.config.instruments, other))
    sources = [App(config, app.store, app.now).price_sources()[0] for config in (app.config, more)]
    assert sources[0].version("X") == sources[1].version("X")


@pytest.mark.parametrize("currency", ["gbp", "pence", "GB"])
def test_a_code_that_is_no_currency_is_refused(tmp_path: Path, currency: str) -> None:
    with pytest.raises(ConfigError, match=r"currency: .* is not a currency; .*a quoted unit such as GBp"):
        configured(tmp_path, currency)


def test_a_universe_takes_units_too(tmp_path: Path) -> None:
    (tmp_path / "u.csv").write_text("ticker,name,mic,currency\nSIM,Calder Works,XLON,GBX\nNIL,Vostok,XLON,GBP\n")
    (tmp_path / "config.yaml").write_text("universe: [{path: u.csv}]\n")
    units = [(i.currency, i.quoted_in) for i in load(tmp_path / "config.yaml").instruments]
    assert units == [("GBP", "GBX"), ("GBP", "")]
    (tmp_path / "u.csv").write_text("ticker,name,mic,currency\nSIM,Calder Works,XLON,GBPp\n")
    with pytest.raises(ConfigError, match=r"line 2: currency: 'GBPp' is not a currency code"):
        load(tmp_path / "config.yaml")
