"""Yahoo's exchange codes and the suffixes of its symbols, with their markets (MIC, ISO 10383)."""

from __future__ import annotations

import re
from typing import NamedTuple


class YahooExchange(NamedTuple):
    """The market of a code of Yahoo's, and what Yahoo writes behind the ticker there."""

    mic: str
    suffix: str = ""


#: Markets that no ISO code has (YHD, CCY, CCC) are left out; so are Yahoo's own funds. DJI, SNP, NIM and FGI hold the
#: indices of a market, OSA those of Tokyo's papers.
EXCHANGES: dict[str, YahooExchange] = {
    # the Americas
    **dict.fromkeys(("NMS", "NGM", "NCM", "NAS", "NIM"), YahooExchange("XNAS")),
    **dict.fromkeys(("NYQ", "NYS", "DJI", "SNP"), YahooExchange("XNYS")),
    **dict.fromkeys(("PNK", "OQB", "OQX", "OID", "OBB", "OEM", "OGM", "NAE"), YahooExchange("OTCM")),
    **dict.fromkeys(("CXI", "WCB", "CBO"), YahooExchange("XCBO")),
    "ASE": YahooExchange("XASE"), "PCX": YahooExchange("ARCX"), "BTS": YahooExchange("BATS"),
    "CBT": YahooExchange("XCBT"), "CME": YahooExchange("XCME"), "CMX": YahooExchange("XCEC"),
    "NYM": YahooExchange("XNYM"), "NYB": YahooExchange("IFUS"),
    "TOR": YahooExchange("XTSE", ".TO"), "VAN": YahooExchange("XTSX", ".V"), "NEO": YahooExchange("NEOE", ".NE"),
    "CNQ": YahooExchange("XCNQ", ".CN"), "MEX": YahooExchange("XMEX", ".MX"), "SAO": YahooExchange("BVMF", ".SA"),
    "BUE": YahooExchange("XBUE", ".BA"), "SGO": YahooExchange("XSGO", ".SN"), "BVC": YahooExchange("XBOG", ".CL"),
    "CCS": YahooExchange("BVCA", ".CR"),
    # Europe
    "LSE": YahooExchange("XLON", ".L"), "IOB": YahooExchange("XLON", ".IL"), "FGI": YahooExchange("XLON"),
    "AQS": YahooExchange("AQXE", ".AQ"), "CXE": YahooExchange("CHIX", ".XC"), "ISE": YahooExchange("XDUB", ".IR"),
    "PAR": YahooExchange("XPAR", ".PA"), "AMS": YahooExchange("XAMS", ".AS"), "BRU": YahooExchange("XBRU", ".BR"),
    "LIS": YahooExchange("XLIS", ".LS"), "MIL": YahooExchange("XMIL", ".MI"), "TLO": YahooExchange("ETLX", ".TI"),
    "GER": YahooExchange("XETR", ".DE"), "FRA": YahooExchange("XFRA", ".F"), "STU": YahooExchange("XSTU", ".SG"),
    "DUS": YahooExchange("XDUS", ".DU"), "HAM": YahooExchange("XHAM", ".HM"), "HAN": YahooExchange("XHAN", ".HA"),
    "MUN": YahooExchange("XMUN", ".MU"), "BER": YahooExchange("XBER", ".BE"), "VIE": YahooExchange("XWBO", ".VI"),
    "EBS": YahooExchange("XSWX", ".SW"), "MCE": YahooExchange("XMAD", ".MC"), "MAD": YahooExchange("XMAD", ".MA"),
    "STO": YahooExchange("XSTO", ".ST"), "HEL": YahooExchange("XHEL", ".HE"), "CPH": YahooExchange("XCSE", ".CO"),
    "OSL": YahooExchange("XOSL", ".OL"), "ICE": YahooExchange("XICE", ".IC"), "TAL": YahooExchange("XTAL", ".TL"),
    "RIS": YahooExchange("XRIS", ".RG"), "LIT": YahooExchange("XLIT", ".VS"), "WSE": YahooExchange("XWAR", ".WA"),
    "PRA": YahooExchange("XPRA", ".PR"), "BUD": YahooExchange("XBUD", ".BD"), "BVB": YahooExchange("XBSE", ".RO"),
    "ATH": YahooExchange("ASEX", ".AT"), "IST": YahooExchange("XIST", ".IS"), "MCX": YahooExchange("MISX", ".ME"),
    # Africa, the Middle East, Asia and the Pacific
    "JNB": YahooExchange("XJSE", ".JO"), "CAI": YahooExchange("XCAI", ".CA"), "TLV": YahooExchange("XTAE", ".TA"),
    "SAU": YahooExchange("XSAU", ".SR"), "DOH": YahooExchange("DSMD", ".QA"), "KUW": YahooExchange("XKUW", ".KW"),
    "DFM": YahooExchange("XDFM", ".AE"), "KAR": YahooExchange("XKAR", ".KA"), "BSE": YahooExchange("XBOM", ".BO"),
    "NSI": YahooExchange("XNSE", ".NS"), "NSE": YahooExchange("XNSE", ".NS"), "CSE": YahooExchange("XCOL", ".CM"),
    "SHH": YahooExchange("XSHG", ".SS"), "SHZ": YahooExchange("XSHE", ".SZ"), "HKG": YahooExchange("XHKG", ".HK"),
    "TAI": YahooExchange("XTAI", ".TW"), "TWO": YahooExchange("ROCO", ".TWO"), "KSC": YahooExchange("XKRX", ".KS"),
    "KOE": YahooExchange("XKOS", ".KQ"), "JPX": YahooExchange("XTKS", ".T"), "OSA": YahooExchange("XTKS"),
    "SAP": YahooExchange("XSAP", ".S"), "SES": YahooExchange("XSES", ".SI"), "SET": YahooExchange("XBKK", ".BK"),
    "KLS": YahooExchange("XKLS", ".KL"), "JKT": YahooExchange("XIDX", ".JK"), "PHS": YahooExchange("XPHS", ".PS"),
    "VSE": YahooExchange("XSTC", ".VN"), "ASX": YahooExchange("XASX", ".AX"), "CXA": YahooExchange("CHIA", ".XA"),
    "NZE": YahooExchange("XNZE", ".NZ"),
}  # fmt: skip

_BY_SUFFIX = {exchange.suffix: exchange for exchange in EXCHANGES.values() if exchange.suffix}
# Where a class of shares stands behind a dot, for which Yahoo writes a hyphen.
_DOTTED = ("XNYS", "XNAS", "XASE", "ARCX", "BATS", "XTSE", "XTSX", "XLON")
_CLASS = re.compile(r"-([A-Z])$")


def exchange_of(code: str, symbol: str) -> YahooExchange:
    """Return the market of a listing by its exchange code, or else by the suffix of its symbol; empty if neither."""
    suffix = "." + symbol.rpartition(".")[2] if "." in symbol else ""
    return EXCHANGES.get(code) or _BY_SUFFIX.get(suffix) or YahooExchange("")


def ticker_of(symbol: str, exchange: YahooExchange) -> str:
    """Return the code that a market has for Yahoo's symbol: VOD.L is VOD, ^GSPC is GSPC, BRK-B is BRK.B."""
    bare = symbol.removesuffix(exchange.suffix).removesuffix("=X").removeprefix("^") or symbol
    return _CLASS.sub(r".\1", bare) if exchange.mic in _DOTTED else bare
