"""How the press and the vendors write an exchange, and which ISO 10383 market each spelling means.

A spelling that several exchanges share names them all: it resolves only where one of them lists the code.
"""

from __future__ import annotations

import re

# "NYSE American" also stands for NYSEAmerican and NYSE-American; case does not count.
PREFIXES: dict[str, tuple[str, ...]] = {
    "AIM": ("XLON",),
    "AMEX": ("XASE",),
    "AMS": ("XAMS",),
    "AS": ("XAMS",),
    "ASX": ("XASX",),
    "AX": ("XASX",),
    "B3": ("BVMF",),
    "BATS": ("BATS",),
    "BIT": ("XMIL",),
    "BKK": ("XBKK",),
    "BME": ("XMAD",),
    "BMV": ("XMEX",),
    "BO": ("XBOM",),
    "BOM": ("XBOM",),
    "Borsa Italiana": ("XMIL",),
    "BOVESPA": ("BVMF",),
    "BR": ("XBRU",),
    "BSE": ("XBOM", "XBUD"),
    "BVMF": ("BVMF",),
    "CBOE": ("BATS", "XCBO"),
    "CBOT": ("XCBT",),
    "CME": ("XCME",),
    "CNSX": ("XCNQ",),
    "CO": ("XCSE",),
    "COMEX": ("XCEC",),
    "CPH": ("XCSE",),
    "CSE": ("XCNQ", "XCSE"),
    "CVE": ("XTSX",),
    "DE": ("XETR",),
    "EBR": ("XBRU",),
    "ELI": ("XLIS",),
    "EPA": ("XPAR",),
    "ETR": ("XETR",),
    "Euronext Amsterdam": ("XAMS",),
    "Euronext Brussels": ("XBRU",),
    "Euronext Lisbon": ("XLIS",),
    "Euronext Paris": ("XPAR",),
    "Euronext": ("XPAR", "XAMS", "XBRU", "XLIS"),
    "FRA": ("XFRA",),
    "Frankfurt": ("XFRA",),
    "FWB": ("XFRA",),
    "HE": ("XHEL",),
    "HEL": ("XHEL",),
    "HK": ("XHKG",),
    "HKEX": ("XHKG",),
    "HKG": ("XHKG",),
    "HKSE": ("XHKG",),
    "IDX": ("XIDX",),
    "IS": ("XIST",),
    "IST": ("XIST",),
    "JK": ("XIDX",),
    "JO": ("XJSE",),
    "JSE": ("XJSE",),
    "KL": ("XKLS",),
    "KLSE": ("XKLS",),
    "KOSDAQ": ("XKOS",),
    "KOSPI": ("XKRX",),
    "KRX": ("XKRX",),
    "KS": ("XKRX",),
    "LN": ("XLON",),
    "LON": ("XLON",),
    "LSE": ("XLON",),
    "MC": ("XMAD",),
    "MCX": ("MISX",),
    "MI": ("XMIL",),
    "MICEX": ("MISX",),
    "MM": ("MISX",),
    "MOEX": ("MISX",),
    "NASDAQ": ("XNAS",),
    "NASDAQ CM": ("XNAS",),
    "NASDAQ GM": ("XNAS",),
    "NASDAQ GS": ("XNAS",),
    "NS": ("XNSE",),
    "NSE": ("XNSE",),
    "NYMEX": ("XNYM",),
    "NYSE": ("XNYS",),
    "NYSE American": ("XASE",),
    "NYSE Arca": ("ARCX",),
    "NYSE MKT": ("XASE",),
    "NZE": ("XNZE",),
    "NZX": ("XNZE",),
    "OL": ("XOSL",),
    "OMX": ("XSTO",),
    "OSE": ("XOSL", "XOSE"),
    "OSL": ("XOSL",),
    "OTC": ("OTCM",),
    "OTC BB": ("OTCM",),
    "OTC Markets": ("OTCM",),
    "OTC MKTS": ("OTCM",),
    "OTC Pink": ("OTCM",),
    "OTC QB": ("OTCM",),
    "OTC QX": ("OTCM",),
    "PA": ("XPAR",),
    "PAR": ("XPAR",),
    "PINK": ("OTCM",),
    "SA": ("BVMF",),
    "SEHK": ("XHKG",),
    "SES": ("XSES",),
    "SGX": ("XSES",),
    "SHA": ("XSHG",),
    "SHE": ("XSHE",),
    "SIX": ("XSWX",),
    "SS": ("XSHG",),
    "SSE": ("XSHG", "XSTO"),
    "ST": ("XSTO",),
    "STO": ("XSTO",),
    "SW": ("XSWX",),
    "SWX": ("XSWX",),
    "SZ": ("XSHE",),
    "SZSE": ("XSHE",),
    "TA": ("XTAE",),
    "TASE": ("XTAE",),
    "TLV": ("XTAE",),
    "TO": ("XTSE",),
    "TPE": ("XTAI",),
    "TSE": ("XTKS", "XTSE"),
    "TSX": ("XTSE",),
    "TSX V": ("XTSX",),
    "TSX Venture": ("XTSX",),
    "TW": ("XTAI",),
    "TWSE": ("XTAI",),
    "TYO": ("XTKS",),
    "VIE": ("XWBO",),
    "VTX": ("XSWX",),
    "WSE": ("XWAR",),
    "XETRA": ("XETR",),
}

# What follows the dot of a Reuters instrument code; ME is Yahoo's for Moscow and no one else's.
RIC_SUFFIXES: dict[str, str] = {
    "A": "XASE",
    "AS": "XAMS",
    "AX": "XASX",
    "BK": "XBKK",
    "BO": "XBOM",
    "BR": "XBRU",
    "CO": "XCSE",
    "DE": "XETR",
    "F": "XFRA",
    "HE": "XHEL",
    "HK": "XHKG",
    "I": "XDUB",
    "IS": "XIST",
    "J": "XJSE",
    "JK": "XIDX",
    "KL": "XKLS",
    "KQ": "XKOS",
    "KS": "XKRX",
    "L": "XLON",
    "LS": "XLIS",
    "MC": "XMAD",
    "ME": "MISX",
    "MI": "XMIL",
    "MM": "MISX",
    "MX": "XMEX",
    "N": "XNYS",
    "NS": "XNSE",
    "NZ": "XNZE",
    "O": "XNAS",
    "OL": "XOSL",
    "OQ": "XNAS",
    "P": "ARCX",
    "PA": "XPAR",
    "PK": "OTCM",
    "PR": "XPRA",
    "S": "XSWX",
    "SA": "BVMF",
    "SI": "XSES",
    "SS": "XSHG",
    "ST": "XSTO",
    "SZ": "XSHE",
    "T": "XTKS",
    "TA": "XTAE",
    "TO": "XTSE",
    "TW": "XTAI",
    "V": "XTSX",
    "VI": "XWBO",
    "WA": "XWAR",
}

_RUNS_LIST = "exchange exchanges bourse börse boerse bolsa биржа nasdaq nyse euronext cboe cme moex"
_RUNS = frozenset(_RUNS_LIST.split())
_SPACING = re.compile(r"[\s.-]")
_MARKETS = {_SPACING.sub("", prefix).upper(): mics for prefix, mics in PREFIXES.items()}
_SUFFIXES: dict[str, tuple[str, ...]] = {
    mic: tuple(suffix for suffix, its in RIC_SUFFIXES.items() if its == mic) for mic in RIC_SUFFIXES.values()
}
_MARKETS |= {mic: (mic,) for mics in _MARKETS.values() for mic in mics if mic not in _MARKETS}


def markets(prefix: str) -> tuple[str, ...]:
    """Return the markets that a prefix may mean; an unknown prefix stands for itself."""
    bare = _SPACING.sub("", prefix).upper()
    return _MARKETS.get(bare, (bare,))


def is_prefix(text: str) -> bool:
    """Tell whether the press writes an exchange so."""
    return _SPACING.sub("", text).upper() in _MARKETS


def runs_an_exchange(name: str) -> bool:
    """Tell whether a company's name says that it is an exchange."""
    return not _RUNS.isdisjoint(re.findall(r"\w+", name.casefold()))


def ric_suffixes(mic: str) -> tuple[str, ...]:
    """Return what follows the dot of a market's Reuters codes."""
    return _SUFFIXES.get(mic, ())


def known_prefixes(more: frozenset[str]) -> list[list[str]]:
    """Return every known prefix and those of `more`, each as its words, the longest first."""
    spellings = filter(None, {*PREFIXES, *_MARKETS, *more})
    return [_SPACING.sub(" ", prefix).split() for prefix in sorted(spellings, key=lambda text: (-len(text), text))]
