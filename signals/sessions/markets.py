"""The markets that a clock can be built for: the calendar that each keeps, and the zone of its floor."""

from __future__ import annotations

import difflib

from signals.errors import ConfigError

# ISO 10383 market -> (name of its calendar in exchange_calendars, zone of its floor). The library has no calendar under
# some of these names: Moscow is XMOS there and the floors of the CME group share one.
MARKETS: dict[str, tuple[str, str]] = {
    "ARCX": ("XNYS", "America/New_York"),
    "BATS": ("XNYS", "America/New_York"),
    "BVMF": ("BVMF", "America/Sao_Paulo"),
    "IFEU": ("IEPA", "Europe/London"),
    "IFUS": ("IEPA", "America/New_York"),
    "MISX": ("XMOS", "Europe/Moscow"),
    "OTCM": ("XNYS", "America/New_York"),
    "XAMS": ("XAMS", "Europe/Amsterdam"),
    "XASE": ("XNYS", "America/New_York"),
    "XASX": ("XASX", "Australia/Sydney"),
    "XBKK": ("XBKK", "Asia/Bangkok"),
    "XBOM": ("XBOM", "Asia/Kolkata"),
    "XBRU": ("XBRU", "Europe/Brussels"),
    "XCBF": ("XCBF", "America/Chicago"),
    "XCBT": ("CMES", "America/Chicago"),
    "XCEC": ("CMES", "America/New_York"),
    "XCME": ("CMES", "America/Chicago"),
    "XCSE": ("XCSE", "Europe/Copenhagen"),
    "XDUB": ("XDUB", "Europe/Dublin"),
    "XETR": ("XETR", "Europe/Berlin"),
    "XFRA": ("XFRA", "Europe/Berlin"),
    "XHEL": ("XHEL", "Europe/Helsinki"),
    "XHKG": ("XHKG", "Asia/Hong_Kong"),
    "XIDX": ("XIDX", "Asia/Jakarta"),
    "XIST": ("XIST", "Europe/Istanbul"),
    "XJSE": ("XJSE", "Africa/Johannesburg"),
    "XKLS": ("XKLS", "Asia/Kuala_Lumpur"),
    "XKRX": ("XKRX", "Asia/Seoul"),
    "XLIS": ("XLIS", "Europe/Lisbon"),
    "XLON": ("XLON", "Europe/London"),
    "XMAD": ("XMAD", "Europe/Madrid"),
    "XMEX": ("XMEX", "America/Mexico_City"),
    "XMIL": ("XMIL", "Europe/Rome"),
    "XNAS": ("XNYS", "America/New_York"),
    "XNSE": ("XBOM", "Asia/Kolkata"),
    "XNYM": ("CMES", "America/New_York"),
    "XNYS": ("XNYS", "America/New_York"),
    "XNZE": ("XNZE", "Pacific/Auckland"),
    "XOSL": ("XOSL", "Europe/Oslo"),
    "XPRA": ("XPRA", "Europe/Prague"),
    "XPAR": ("XPAR", "Europe/Paris"),
    "XSES": ("XSES", "Asia/Singapore"),
    "XSHE": ("XSHG", "Asia/Shanghai"),
    "XSHG": ("XSHG", "Asia/Shanghai"),
    "XSTO": ("XSTO", "Europe/Stockholm"),
    "XSWX": ("XSWX", "Europe/Zurich"),
    "XTAE": ("XTAE", "Asia/Jerusalem"),
    "XTAI": ("XTAI", "Asia/Taipei"),
    "XTKS": ("XTKS", "Asia/Tokyo"),
    "XTSE": ("XTSE", "America/Toronto"),
    "XTSX": ("XTSE", "America/Toronto"),
    "XWAR": ("XWAR", "Europe/Warsaw"),
    "XWBO": ("XWBO", "Europe/Vienna"),
}


def known_mics() -> tuple[str, ...]:
    """Return the markets that a clock can be built for, in alphabetical order."""
    return tuple(sorted(MARKETS))


def zone_of(mic: str) -> str:
    """Return the IANA zone of a market's floor; raises ConfigError for a market that is not known."""
    return market(mic)[1]


def market(mic: str) -> tuple[str, str]:
    """Return the calendar and the zone of a market; raises ConfigError for one that is not known."""
    if mic not in MARKETS:
        near = difflib.get_close_matches(mic, MARKETS, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise ConfigError(
            f"mic {mic}", f"{hint}write the ISO 10383 code of one of the known markets: {', '.join(known_mics())}"
        )
    return MARKETS[mic]
