"""Spellings of codes in vendors' tags: ``AAPL US Equity``, ``AAPL.US``, ``AAPL:US``, ``R:AAPL.O``, ``CRYPTO:BTC``.

A vendor's tag is a code by itself, so that what stands around the ticker may be as short as a country. None of these
is searched for in prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from signals.tickers.exchanges import is_exchange_prefix, prefix_mics

_UNITED_STATES = ("XNYS", "XNAS", "XASE", "ARCX", "BATS", "OTCM")

#: The markets of a country: by ISO 3166, as FactSet, EODHD and Bloomberg's site write it.
COUNTRIES: dict[str, tuple[str, ...]] = {
    "AU": ("XASX",), "BE": ("XBRU",), "BR": ("BVMF",), "CA": ("XTSE", "XTSX"), "CH": ("XSWX",), "DE": ("XETR", "XFRA"),
    "DK": ("XCSE",), "ES": ("XMAD",), "FI": ("XHEL",), "FR": ("XPAR",), "GB": ("XLON",), "HK": ("XHKG",),
    "IE": ("XDUB",), "IN": ("XNSE", "XBOM"), "IT": ("XMIL",), "JP": ("XTKS",), "KR": ("XKRX", "XKOS"), "MX": ("XMEX",),
    "NL": ("XAMS",), "NO": ("XOSL",), "NZ": ("XNZE",), "PL": ("XWAR",), "PT": ("XLIS",), "RU": ("MISX",),
    "SE": ("XSTO",), "SG": ("XSES",), "TW": ("XTAI",), "UK": ("XLON",), "US": _UNITED_STATES, "USA": _UNITED_STATES,
    "ZA": ("XJSE",),
}  # fmt: skip

#: The exchange codes of Bloomberg, which stand after a blank or a colon; some are another country's by ISO 3166.
BLOOMBERG: dict[str, tuple[str, ...]] = {
    "AT": ("XASX",), "AU": ("XASX",), "AV": ("XWBO",), "BB": ("XBRU",), "BZ": ("BVMF",), "CN": ("XTSE",),
    "CT": ("XTSE",), "CV": ("XTSX",), "DC": ("XCSE",), "FH": ("XHEL",), "FP": ("XPAR",), "GR": ("XETR",),
    "GY": ("XETR",), "HK": ("XHKG",), "IB": ("XBOM",), "ID": ("XDUB",), "IJ": ("XIDX",), "IM": ("XMIL",),
    "IN": ("XNSE", "XBOM"), "IS": ("XNSE",), "IT": ("XTAE",), "JP": ("XTKS",), "JT": ("XTKS",), "KQ": ("XKOS",),
    "KS": ("XKRX",), "LN": ("XLON",), "MK": ("XKLS",), "MM": ("XMEX",), "NA": ("XAMS",), "NO": ("XOSL",),
    "NZ": ("XNZE",), "PL": ("XLIS",), "PW": ("XWAR",), "RM": ("MISX",), "RX": ("MISX",), "SJ": ("XJSE",),
    "SM": ("XMAD",), "SP": ("XSES",), "SS": ("XSTO",), "SW": ("XSWX",), "TB": ("XBKK",), "TI": ("XIST",),
    "TT": ("XTAI",), "UA": ("XASE",), "UN": ("XNYS",), "UP": ("ARCX",), "UQ": ("XNAS",), "UR": ("XNAS",),
    "US": _UNITED_STATES, "UW": ("XNAS",), "VX": ("XSWX",),
}  # fmt: skip

#: Exchange codes that only vendors write, before or after the ticker: Yahoo's, EODHD's.
VENDOR_EXCHANGES: dict[str, tuple[str, ...]] = {
    "ASE": ("XASE",), "BTS": ("BATS",), "KO": ("XKRX",), "NCM": ("XNAS",), "NGM": ("XNAS",), "NIM": ("XNAS",),
    "NMS": ("XNAS",), "NYQ": ("XNYS",), "OQB": ("OTCM",), "OQX": ("OTCM",), "PCX": ("ARCX",), "PNK": ("OTCM",),
    "SHG": ("XSHG",),
}  # fmt: skip

#: What vendors write before or after the ticker of an instrument of a kind, as in CRYPTO:BTC and BTC-USD.CC.
KIND_CODES: dict[str, tuple[str, ...]] = {
    "crypto": ("CRYPTO:{base}", "CRYPTO:{base}USD", "X:{base}USD", "{base}-USD.CC"),
    "fx": ("FOREX:{ticker}", "FX:{ticker}", "C:{ticker}", "{ticker}.FOREX"),
    "index": ("I:{ticker}", "INDEX:{ticker}", "{ticker}.INDX"),
}

_BLOOMBERG_TAG = re.compile(r"(?P<code>[A-Z0-9][\w/.*-]{0,14}) (?P<market>[A-Z]{2})(?: (?i:equity))?")
_SUFFIXED = re.compile(r"(?P<code>[A-Z0-9][\w./-]{0,14}?)(?P<mark>[.:-])(?P<market>[A-Z][A-Z0-9]{1,8})")
_PREFIXED = re.compile(r"(?P<market>[A-Z]{2,5}):(?P<code>[A-Z0-9][\w./-]{0,14})")
_DOLLAR = re.compile(r"[-/_]?USDT?$")
_PAIR_MARK = re.compile(r"[-/_]|=X$")
_CIK = re.compile(r"(?:CIK:?\s?)?(\d{10})|CIK:?\s?(\d{1,9})", re.IGNORECASE)


def vendor_listings(tag: str) -> Iterator[tuple[str, str]]:
    """Yield the MIC and the ticker of each listing that a vendor's tag may mean."""
    for market, ticker in _marked(tag):
        yield from ((mic, ticker) for mic in market)


def _marked(tag: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the markets and the ticker of each reading of a tag."""
    if (match := _BLOOMBERG_TAG.fullmatch(tag)) and match["market"] in BLOOMBERG:
        yield BLOOMBERG[match["market"]], match["code"]
    if match := _PREFIXED.fullmatch(tag):
        yield COUNTRIES.get(match["market"]) or VENDOR_EXCHANGES.get(match["market"], ()), match["code"]
    if match := _SUFFIXED.fullmatch(tag):
        yield _markets_of_suffix(match["mark"], match["market"]), match["code"]


def _markets_of_suffix(mark: str, suffix: str) -> tuple[str, ...]:
    """Return the markets that a suffix means; a dot before two letters is Reuters' or Yahoo's, except for US."""
    if mark == "-" or suffix in ("US", "USA"):
        return COUNTRIES.get(suffix, ())
    if suffix in VENDOR_EXCHANGES:
        return VENDOR_EXCHANGES[suffix]
    if mark == ":" and suffix in BLOOMBERG:
        return BLOOMBERG[suffix]
    if mark == ":" and suffix in COUNTRIES:
        return COUNTRIES[suffix]
    return prefix_mics(suffix) if len(suffix) > 2 and is_exchange_prefix(suffix) else ()


def reuters_code(tag: str) -> str:
    """Return the RIC of a tag of Reuters' archives, as in R:AAPL.O; empty if it is none."""
    return tag[2:] if tag.startswith("R:") else ""


def cik_of(tag: str) -> str:
    """Return the CIK that a tag writes out, with its ten digits or its name before it; empty if it is none."""
    match = _CIK.fullmatch(tag)
    return (match[1] or match[2]) if match else ""


def kind_codes(kind: str, ticker: str) -> list[str]:
    """Return what vendors write for an instrument of a kind that is on no exchange."""
    base = _DOLLAR.sub("", ticker) or ticker
    pair = _PAIR_MARK.sub("", ticker)
    return [text.format(base=base, ticker=pair) for text in KIND_CODES.get(kind, ())]
