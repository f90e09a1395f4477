"""Presets of price files: how a vendor writes its bars, as declarations that an entry of `prices:` takes over by name.

The names of columns are `synonyms`: each counts where a file has it, because exports of one vendor differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from signals.config.presets import Evidence, Preset


@dataclass(frozen=True, slots=True)
class PricePreset(Preset):
    """How one vendor writes its bars, and what they are.

    Attributes
    ----------
    dividends
        Whether closes are adjusted for dividends, and where the dividends are.
    units
        The units of prices and volumes.
    """

    dividends: str = ""
    units: str = "as the exchange quotes"


def _preset(title: str, names: Mapping[str, tuple[str, ...]], dividends: str,
            evidence: Evidence = Evidence.DOCUMENTATION, note: str = "", units: str = "as the exchange quotes",
            **keys: object) -> PricePreset:  # fmt: skip
    values = {"kind": "csv", **keys, "synonyms": MappingProxyType(dict(names))}
    return PricePreset(title, evidence, MappingProxyType(values), note, dividends, units)


_NOT_IN = "closes are not adjusted for dividends, which the file does not have"
_IN_ADJUSTED = "closes are not adjusted; dividends follow from the adjusted close"
_INVESTING_UNITS = "as the exchange quotes; volumes end in K, M or B"

PRICE_PRESETS: Mapping[str, PricePreset] = MappingProxyType({
    "alpha-vantage": _preset(
        "Alpha Vantage: TIME_SERIES_DAILY, _DAILY_ADJUSTED and _INTRADAY, JSON or CSV",
        {"date": ("timestamp",), "adjusted_close": ("adjusted close",), "dividend": ("dividend amount",),
         "split": ("split coefficient",)},
        "closes are raw; dividends and splits are columns of _DAILY_ADJUSTED",
        split_adjusted=False, timezone="America/New_York",
    ),
    "barchart": _preset(
        "Barchart: historical download",
        {"date": ("Time", "Date Time", "Trade Time"), "close": ("Last", "Latest", "Last Price")},
        _NOT_IN, split_adjusted=True, timezone="America/Chicago", thousands=",",
        note="the last line names the vendor and is left out; times of day are assumed to be Chicago's",
    ),
    "binance": _preset(
        "Binance: klines, as files of data.binance.vision and as replies",
        {}, "there are none", units="quote asset; volume in the base asset", split_adjusted=False, timezone="UTC",
        header=False, columns=MappingProxyType({"date": 0, "open": 1, "high": 2, "low": 3, "close": 4, "volume": 5}),
        note="milliseconds, since 2025 microseconds; bars of every day: give the instrument `kind: crypto`",
    ),
    "bloomberg": _preset(
        "Bloomberg: history as a sheet or CSV, with lines about the security above it",
        {"date": ("Dates",), "open": ("PX_OPEN", "Open Price", "Open Px"), "high": ("PX_HIGH", "High Price", "High Px"),
         "low": ("PX_LOW", "Low Price", "Low Px"), "close": ("PX_LAST", "Last Price", "Last Px", "PX_CLOSE"),
         "volume": ("PX_VOLUME",)},
        "as the export was set (DPDF); the file does not say",
        note="dates are in the order of the exporting machine: check `dayfirst`; adjusted for splits by default",
        units="as the exchange quotes, pence for London: `currency: GBp`", split_adjusted=True, thousands=",",
    ),
    "cboe": _preset(
        "Cboe: history of an index (VIX_History.csv and its kin)",
        {"date": ("Trade Date",), "close": ("Close Price", "VIX Close"), "open": ("VIX Open",), "high": ("VIX High",),
         "low": ("VIX Low",)},
        "there are none: indices", split_adjusted=False,
        note="a file with the index as its only column is read by its symbol",
    ),
    "eodhd": _preset(
        "EODHD: end-of-day data, CSV or JSON",
        {"adjusted_close": ("Adjusted_close",)}, _IN_ADJUSTED, split_adjusted=False, timezone="UTC",
        note="splits and dividends follow from the adjusted close",
    ),
    "finam": _preset(
        "Finam: export of quotes",
        {"volume": ("<VOL>",)}, _NOT_IN, Evidence.FILE, delimiter=";", timezone="Europe/Moscow", split_adjusted=False,
        note="for dates as 31/12/15 add `dayfirst: true`, for 311215 `date_format: \"%d%m%y\"`",
        units="roubles; volume in shares or lots, as the exporter chose",
    ),
    "investing": _preset(
        "Investing.com in English: historical data",
        {"close": ("Price",), "volume": ("Vol.",)}, _NOT_IN, Evidence.FILE, thousands=",", split_adjusted=True,
        units=_INVESTING_UNITS,
    ),
    "investing-de": _preset(
        "Investing.com in German",
        {"date": ("Datum",), "close": ("Zuletzt",), "open": ("Eröffn.", "Eröffnung"), "high": ("Hoch",),
         "low": ("Tief",), "volume": ("Vol.",)},
        _NOT_IN, decimal=",", thousands=".", dayfirst=True, split_adjusted=True, units=_INVESTING_UNITS,
    ),
    "investing-ru": _preset(
        "Investing.com in Russian",
        {"date": ("Дата",), "close": ("Цена",), "open": ("Откр.",), "high": ("Макс.",), "low": ("Мин.",),
         "volume": ("Объём", "Объем")},
        _NOT_IN, Evidence.FILE, decimal=",", thousands=".", dayfirst=True, split_adjusted=True, units=_INVESTING_UNITS,
    ),
    "marketwatch": _preset(
        "MarketWatch: download of historical quotes",
        {}, _NOT_IN, thousands=",", split_adjusted=True,
    ),
    "metatrader": _preset(
        "MetaTrader 5: export of bars",
        {"volume": ("<VOL>", "<TICKVOL>")}, _NOT_IN, delimiter="\t", split_adjusted=False,
        note="times are those of the broker's server, often Athens': for bars finer than a day set `timezone`",
        units="as the broker quotes; volume in ticks where <VOL> is missing",
    ),
    "moex": _preset(
        "Moscow Exchange: history of ISS as CSV",
        {"date": ("TRADEDATE", "begin"), "close": ("CLOSE",)},
        _NOT_IN, delimiter=";", encoding="cp1251", timezone="Europe/Moscow", split_adjusted=False,
        note="for the archive of the site, with a decimal comma, add `decimal: \",\"` and `dayfirst: true`",
        units="roubles; volume in shares",
    ),
    "nasdaq": _preset(
        "Nasdaq.com: historical quotes",
        {"close": ("Close/Last",)}, _NOT_IN, thousands=",", split_adjusted=True, units="dollars, with their sign",
    ),
    "refinitiv": _preset(
        "Refinitiv (LSEG) Workspace and Eikon: price history as a sheet or CSV, with lines above it",
        {"date": ("Exchange Date", "Trade Date", "Timestamp"),
         "close": ("Trade Close", "Last", "TRDPRC_1", "Close Price"),
         "open": ("Trade Open", "OPEN_PRC"), "high": ("Trade High", "HIGH_1"), "low": ("Trade Low", "LOW_1"),
         "volume": ("Trade Volume", "ACVOL_UNS", "Accumulated Volume")},
        _NOT_IN, thousands=",", split_adjusted=True, units="as the exchange quotes, pence for London: `currency: GBp`",
    ),
    "stooq": _preset(
        "Stooq: history of a symbol, and files of the daily and hourly archive",
        {"volume": ("<VOL>",)}, "closes are adjusted for dividends by default", timezone="Europe/Warsaw",
        split_adjusted=True, note="times of hourly bars are assumed to be Warsaw's",
    ),
    "tiingo": _preset(
        "Tiingo: end-of-day prices, JSON or CSV",
        {"adjusted_close": ("adjClose",), "dividend": ("divCash",), "split": ("splitFactor",)},
        "closes are raw; dividends and splits are columns", split_adjusted=False,
    ),
    "tradingview": _preset(
        "TradingView: export of a chart",
        {"date": ("time",)}, "closes are not adjusted unless the chart is", split_adjusted=True,
        note="seconds or ISO times; a daily bar is stamped with its opening, and gets the date of its market",
    ),
    "yfinance": _preset(
        "yfinance: download() or history() saved with to_csv(), one ticker or many",
        {"adjusted_close": ("Adj Close", "adjclose")},
        "in Close unless there is an Adj Close, from which dividends then follow; the column Dividends is not read",
        split_adjusted=True, units="as Yahoo quotes, pence for London: `currency: GBp`",
    ),
})  # fmt: skip


_HEAD = """
## Prices

Generated from `signals/config/price_presets.py`. A preset says how a vendor writes its bars:

```yaml
prices:
  - {name: local, preset: nasdaq, path: "prices/{symbol}.csv"}
```

It fills in the keys of this table. A key of the entry overrides it. The names of columns count beside those of the keys
themselves, in capitals or not, where the file has them; `columns` replaces them. The files are your own: nothing is
fetched from a vendor. *Seen in* is as above.

| preset | vendor | names of columns | zone | split-adjusted | dividends | units | other keys | seen in | note |
|---|---|---|---|---|---|---|---|---|---|
"""


def price_vendors_page() -> str:
    """Return the part of the page of vendors that has the presets of prices, in Markdown."""
    return _HEAD + "".join(_row(name, preset) for name, preset in PRICE_PRESETS.items())


def _row(name: str, preset: PricePreset) -> str:
    keys = {key: value for key, value in preset.keys.items() if key not in ("kind", "synonyms", "columns")}
    zone, adjusted = keys.pop("timezone", ""), keys.pop("split_adjusted", None)
    columns = {**_names(preset.keys.get("columns")), **_names(preset.keys["synonyms"])}
    named = ", ".join(f"{key}: {value}" for key, value in columns.items())
    others = ", ".join(f"`{key}: {_written(value)}`" for key, value in keys.items())
    cells = [f"`{name}`", preset.title, f"`{named}`" if named else "", str(zone),
             {True: "yes", False: "no"}.get(adjusted is True, "") if adjusted is not None else "", preset.dividends,
             preset.units, others, preset.evidence.value, preset.note]  # fmt: skip
    return "| " + " | ".join(cells) + " |\n"


def _names(columns: object) -> Mapping[str, str]:
    if not isinstance(columns, Mapping):
        return {}
    return {key: " / ".join(names) if isinstance(names, tuple) else str(names) for key, names in columns.items()}


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"') if value else str(value)
