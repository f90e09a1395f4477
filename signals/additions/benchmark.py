"""The benchmark of a new instrument: that of its market's instruments, an index of the configuration, or a new one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from signals.app import App
from signals.sessions import share_calendar
from signals.types import Instrument

#: Kinds whose moves are compared with those of a market.
COMPARED = ("equity", "etf")


class MainIndex(NamedTuple):
    """The best known index of a market: its name, its own market, its currency, and its symbols by kind of source."""

    ticker: str
    name: str
    mic: str
    currency: str
    symbols: Mapping[str, str]


def _index(ticker: str, name: str, mic: str, currency: str, yahoo: str, moex: str = "") -> MainIndex:
    return MainIndex(ticker, name, mic, currency, {"yahoo": yahoo, "moex": moex} if moex else {"yahoo": yahoo})


_SPX = _index("SPX", "S&P 500", "XNYS", "USD", "^GSPC")
_DAX = _index("DAX", "DAX", "XETR", "EUR", "^GDAXI")
_TSX = _index("GSPTSE", "S&P/TSX Composite", "XTSE", "CAD", "^GSPTSE")

MAIN_INDICES: Mapping[str, MainIndex] = {
    **dict.fromkeys(("XNYS", "XNAS", "XASE", "ARCX", "BATS", "OTCM"), _SPX),
    **dict.fromkeys(("XETR", "XFRA"), _DAX),
    **dict.fromkeys(("XTSE", "XTSX", "NEOE"), _TSX),
    "BVMF": _index("IBOV", "Ibovespa", "BVMF", "BRL", "^BVSP"),
    "MISX": _index("IMOEX", "MOEX Russia Index", "MISX", "RUB", "IMOEX.ME", "IMOEX"),
    "XAMS": _index("AEX", "AEX", "XAMS", "EUR", "^AEX"),
    "XASX": _index("XJO", "S&P/ASX 200", "XASX", "AUD", "^AXJO"),
    "XBOM": _index("SENSEX", "S&P BSE Sensex", "XBOM", "INR", "^BSESN"),
    "XBRU": _index("BEL20", "BEL 20", "XBRU", "EUR", "^BFX"),
    "XHKG": _index("HSI", "Hang Seng Index", "XHKG", "HKD", "^HSI"),
    "XIDX": _index("JKSE", "IDX Composite", "XIDX", "IDR", "^JKSE"),
    "XIST": _index("XU100", "BIST 100", "XIST", "TRY", "XU100.IS"),
    "XKLS": _index("KLCI", "FTSE Bursa Malaysia KLCI", "XKLS", "MYR", "^KLSE"),
    "XKOS": _index("KOSDAQ", "KOSDAQ Composite", "XKOS", "KRW", "^KQ11"),
    "XKRX": _index("KOSPI", "KOSPI Composite", "XKRX", "KRW", "^KS11"),
    "XLON": _index("FTSE", "FTSE 100", "XLON", "GBP", "^FTSE"),
    "XMAD": _index("IBEX", "IBEX 35", "XMAD", "EUR", "^IBEX"),
    "XMEX": _index("IPC", "S&P/BMV IPC", "XMEX", "MXN", "^MXX"),
    "XMIL": _index("FTSEMIB", "FTSE MIB", "XMIL", "EUR", "FTSEMIB.MI"),
    "XNSE": _index("NIFTY", "NIFTY 50", "XNSE", "INR", "^NSEI"),
    "XNZE": _index("NZ50", "S&P/NZX 50", "XNZE", "NZD", "^NZ50"),
    "XPAR": _index("CAC40", "CAC 40", "XPAR", "EUR", "^FCHI"),
    "XSES": _index("STI", "Straits Times Index", "XSES", "SGD", "^STI"),
    "XSHE": _index("SZSE", "SZSE Component", "XSHE", "CNY", "399001.SZ"),
    "XSHG": _index("SSE", "SSE Composite", "XSHG", "CNY", "000001.SS"),
    "XSTO": _index("OMXS30", "OMX Stockholm 30", "XSTO", "SEK", "^OMX"),
    "XSWX": _index("SMI", "Swiss Market Index", "XSWX", "CHF", "^SSMI"),
    "XTAE": _index("TA125", "TA-125", "XTAE", "ILS", "^TA125.TA"),
    "XTAI": _index("TAIEX", "TAIEX", "XTAI", "TWD", "^TWII"),
    "XTKS": _index("N225", "Nikkei 225", "XTKS", "JPY", "^N225"),
    "XWBO": _index("ATX", "ATX", "XWBO", "EUR", "^ATX"),
}


def of_market(instruments: Sequence[Instrument], new: Instrument) -> str | None:
    """Return the benchmark that instruments of the new one's market have most often, or an index of this market.

    A market with the same sessions and currency counts too, after the market itself: Nasdaq and New York, say.
    """
    own = [one for one in instruments if one.mic == new.mic]
    sisters = [one for one in instruments if share_calendar(one.mic, new.mic) and one.currency == new.currency]
    for near in (own, sisters):
        used = Counter(one.benchmark for one in near if one.benchmark not in (None, new.ticker))
        if used:
            return used.most_common(1)[0][0]
    return next((one.ticker for near in (own, sisters) for one in near if _is_index(one, new)), None)


def of_currency(instruments: Sequence[Instrument], new: Instrument) -> str | None:
    """Return an index of the configuration in the currency of the new instrument."""
    return next((one.ticker for one in instruments if one.currency == new.currency and _is_index(one, new)), None)


def _is_index(instrument: Instrument, new: Instrument) -> bool:
    return instrument.kind == "index" and instrument.ticker != new.ticker


def main_index(app: App, new: Instrument) -> Instrument | None:
    """Return the main index of the new instrument's market, with symbols at the sources that the instrument has.

    None where no such source serves it, or another instrument has its ticker.
    """
    index = MAIN_INDICES.get(new.mic)
    if index is None or index.ticker in {new.ticker, *(one.ticker for one in app.config.instruments)}:
        return None
    specs = [spec for spec in app.config.prices if spec.name in new.symbols and spec.kind in index.symbols]
    symbols = {spec.name: index.symbols[spec.kind] for spec in specs}
    return (
        Instrument(index.ticker, index.name, index.mic, index.currency, "index", symbols=symbols) if symbols else None
    )
