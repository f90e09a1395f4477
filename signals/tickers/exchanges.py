"""Exchange prefixes and RIC suffixes of the press and of vendors, with their markets (MIC, ISO 10383).

A prefix that several exchanges share lists them all; it resolves only where exactly one of them lists the code.
"""

from __future__ import annotations

import re

# "NYSE American" also matches NYSEAmerican and NYSE-American, in any case.
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
    "NASDAQ Capital Market": ("XNAS",),
    "NASDAQ CM": ("XNAS",),
    "NASDAQ Global Market": ("XNAS",),
    "NASDAQ Global Select Market": ("XNAS",),
    "NASDAQ symbol": ("XNAS",),
    "NASDAQ GM": ("XNAS",),
    "NASDAQ GS": ("XNAS",),
    "New York Stock Exchange": ("XNYS",),
    "NGM": ("XNAS",),
    "NMS": ("XNAS",),
    "NS": ("XNSE",),
    "NSE": ("XNSE",),
    "NYMEX": ("XNYM",),
    "NYSE": ("XNYS",),
    "NYSE American": ("XASE",),
    "NYQ": ("XNYS",),
    "NYSE symbol": ("XNYS",),
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
    "OTC ID": ("OTCM",),
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

# The suffix of a Reuters instrument code (RIC), after its dot; only Yahoo writes ME, for Moscow.
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

# Exchanges of one country whose names the press confuses, and between which companies move.
_SISTERS = (("XNYS", "XNAS", "XASE", "ARCX", "BATS", "OTCM"), ("MISX", "RTSX"), ("XTSE", "XTSX", "XCNQ"))
# The country of a vendor's suffix, AAPL.US or VOD LN, and its markets.


_OPERATOR_WORD_LIST = "exchange exchanges bourse börse boerse bolsa биржа nasdaq nyse euronext cboe cme moex"
_OPERATOR_WORDS = frozenset(_OPERATOR_WORD_LIST.split())
_WORD = re.compile(r"\w+")
_SPACING = re.compile(r"[\s.-]")
_PREFIX_MICS = {_SPACING.sub("", prefix).upper(): mics for prefix, mics in PREFIXES.items()}
_SUFFIXES: dict[str, tuple[str, ...]] = {
    mic: tuple(suffix for suffix, market in RIC_SUFFIXES.items() if market == mic) for mic in RIC_SUFFIXES.values()
}
_PREFIX_MICS |= {mic: (mic,) for mics in _PREFIX_MICS.values() for mic in mics if mic not in _PREFIX_MICS}


def prefix_mics(prefix: str) -> tuple[str, ...]:
    """Return the MICs that a prefix may mean; an unknown prefix is its own MIC."""
    bare = _SPACING.sub("", prefix).upper()
    return _PREFIX_MICS.get(bare, (bare,))


def sister_mics(mic: str) -> tuple[str, ...]:
    """Return the other exchanges of the country of `mic` that the press confuses with it."""
    return next((tuple(other for other in group if other != mic) for group in _SISTERS if mic in group), ())


def is_exchange_prefix(text: str) -> bool:
    """Return whether a text is the prefix of an exchange."""
    return _SPACING.sub("", text).upper() in _PREFIX_MICS


def is_exchange_operator(name: str) -> bool:
    """Return whether the name of a company contains a word for an exchange."""
    return not _OPERATOR_WORDS.isdisjoint(_WORD.findall(name.casefold()))


def ric_suffixes(mic: str) -> tuple[str, ...]:
    """Return the RIC suffixes of a market."""
    return _SUFFIXES.get(mic, ())


def exchange_prefixes(extra: frozenset[str]) -> list[list[str]]:
    """Return the words of every exchange prefix and of the `extra` ones, the longest prefix first."""
    prefixes = filter(None, {*PREFIXES, *_PREFIX_MICS, *extra})
    return [_SPACING.sub(" ", prefix).split() for prefix in sorted(prefixes, key=lambda text: (-len(text), text))]
