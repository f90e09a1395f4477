"""The supported markets: the exchange calendar and the time zone of each."""

from __future__ import annotations

import difflib
from typing import NamedTuple

from signals.errors import ConfigError


class Market(NamedTuple):
    """The name of a market's calendar in exchange_calendars, and the IANA zone of its trading hours."""

    calendar: str
    zone: str


#: By ISO 10383 code. exchange_calendars names some otherwise: Moscow is XMOS, and the CME group shares one calendar.
MARKETS: dict[str, Market] = {
    "ARCX": Market("XNYS", "America/New_York"),
    "BATS": Market("XNYS", "America/New_York"),
    "BVMF": Market("BVMF", "America/Sao_Paulo"),
    "IFEU": Market("IEPA", "Europe/London"),
    "IFUS": Market("IEPA", "America/New_York"),
    "MISX": Market("XMOS", "Europe/Moscow"),
    "OTCM": Market("XNYS", "America/New_York"),
    "XAMS": Market("XAMS", "Europe/Amsterdam"),
    "XASE": Market("XNYS", "America/New_York"),
    "XASX": Market("XASX", "Australia/Sydney"),
    "XBKK": Market("XBKK", "Asia/Bangkok"),
    "XBOM": Market("XBOM", "Asia/Kolkata"),
    "XBRU": Market("XBRU", "Europe/Brussels"),
    "XCBF": Market("XCBF", "America/Chicago"),
    "XCBT": Market("CMES", "America/Chicago"),
    "XCEC": Market("CMES", "America/New_York"),
    "XCME": Market("CMES", "America/Chicago"),
    "XCSE": Market("XCSE", "Europe/Copenhagen"),
    "XDUB": Market("XDUB", "Europe/Dublin"),
    "XETR": Market("XETR", "Europe/Berlin"),
    "XFRA": Market("XFRA", "Europe/Berlin"),
    "XHEL": Market("XHEL", "Europe/Helsinki"),
    "XHKG": Market("XHKG", "Asia/Hong_Kong"),
    "XIDX": Market("XIDX", "Asia/Jakarta"),
    "XIST": Market("XIST", "Europe/Istanbul"),
    "XJSE": Market("XJSE", "Africa/Johannesburg"),
    "XKLS": Market("XKLS", "Asia/Kuala_Lumpur"),
    "XKRX": Market("XKRX", "Asia/Seoul"),
    "XLIS": Market("XLIS", "Europe/Lisbon"),
    "XLON": Market("XLON", "Europe/London"),
    "XMAD": Market("XMAD", "Europe/Madrid"),
    "XMEX": Market("XMEX", "America/Mexico_City"),
    "XMIL": Market("XMIL", "Europe/Rome"),
    "XNAS": Market("XNYS", "America/New_York"),
    "XNSE": Market("XBOM", "Asia/Kolkata"),
    "XNYM": Market("CMES", "America/New_York"),
    "XNYS": Market("XNYS", "America/New_York"),
    "XNZE": Market("XNZE", "Pacific/Auckland"),
    "XOSL": Market("XOSL", "Europe/Oslo"),
    "XPRA": Market("XPRA", "Europe/Prague"),
    "XPAR": Market("XPAR", "Europe/Paris"),
    "XSES": Market("XSES", "Asia/Singapore"),
    "XSHE": Market("XSHG", "Asia/Shanghai"),
    "XSHG": Market("XSHG", "Asia/Shanghai"),
    "XSTO": Market("XSTO", "Europe/Stockholm"),
    "XSWX": Market("XSWX", "Europe/Zurich"),
    "XTAE": Market("XTAE", "Asia/Jerusalem"),
    "XTAI": Market("XTAI", "Asia/Taipei"),
    "XTKS": Market("XTKS", "Asia/Tokyo"),
    "XTSE": Market("XTSE", "America/Toronto"),
    "XTSX": Market("XTSE", "America/Toronto"),
    "XWAR": Market("XWAR", "Europe/Warsaw"),
    "XWBO": Market("XWBO", "Europe/Vienna"),
}


def supported_mics() -> tuple[str, ...]:
    """Return the codes of the supported markets in alphabetical order."""
    return tuple(sorted(MARKETS))


def zone_of(mic: str) -> str:
    """Return the IANA zone of a market; raises ConfigError for a market that is not supported."""
    return market(mic).zone


def share_calendar(mic: str, other: str) -> bool:
    """Return whether two markets trade on the same days; False for one that is not supported."""
    return mic in MARKETS and other in MARKETS and MARKETS[mic].calendar == MARKETS[other].calendar


def market(mic: str) -> Market:
    """Return the calendar and the zone of a market; raises ConfigError for a market that is not supported."""
    if mic not in MARKETS:
        near = difflib.get_close_matches(mic, MARKETS, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise ConfigError(
            f"mic {mic}", f"{hint}write the ISO 10383 code of a supported market: {', '.join(supported_mics())}"
        )
    return MARKETS[mic]
