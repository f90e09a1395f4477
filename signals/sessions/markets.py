"""The supported markets: the exchange calendar, the time zone and the closing auction of each, by ISO 10383 code.

A code that is not here gets its sessions from `markets:` of the configuration.
"""

from __future__ import annotations

import difflib
from datetime import date, time
from typing import NamedTuple

from signals.errors import ConfigError
from signals.types import ROUND_THE_CLOCK, WEEK_ROUND_THE_CLOCK, DatedHours, MarketRules


class Auction(NamedTuple):
    """How many minutes after the calendar's close the closing auction sets the day's last price, and since when."""

    minutes: int
    since: date = date.min


class Market(NamedTuple):
    """What the sessions of a market are made of.

    Attributes
    ----------
    calendar
        Its name in exchange_calendars; empty where every day of `weekdays` is a session.
    zone
        The IANA zone of its hours.
    usual
        Hours that differ from the calendar's.
    dated
        Rows of the configuration. Those that are shipped with the program belong to the calendar.
    bars_add, bars_remove
        Whether bars on other days make sessions, and whether a session without a bar was none.
    """

    calendar: str
    zone: str
    auction: Auction = Auction(0)
    usual: DatedHours | None = None
    weekdays: tuple[int, ...] = ()
    dated: tuple[DatedHours, ...] = ()
    bars_add: bool = True
    bars_remove: bool = True


class Group(NamedTuple):
    """Markets that share sessions and hours: operating and segment codes, and the name for the docs."""

    name: str
    mics: str
    market: Market


def hours(opens: str, closes: str) -> DatedHours:
    """Return usual hours, written as 08:00."""
    return DatedHours("hours", date.min, date.max, (), time.fromisoformat(opens), time.fromisoformat(closes))


_FIVE = Auction(5)  # from 17:30 to 17:35, say
_NEW_YORK = "America/New_York"

#: exchange_calendars names some calendars otherwise: Moscow is XMOS, and the CME group shares one.
GROUPS: tuple[Group, ...] = (
    # --- America
    Group("New York Stock Exchange and NYSE group", "XNYS ARCX XASE XCHI XCIS AMXO ARCO", Market("XNYS", _NEW_YORK)),
    Group("Nasdaq", "XNAS XNGS XNMS XNCM XBOS XPHL XPSX", Market("XNYS", _NEW_YORK)),
    Group("Cboe equities", "BATS BATY EDGA EDGX XCBO", Market("XNYS", _NEW_YORK)),
    Group("IEX, MEMX, MIAX Pearl, LTSE", "IEXG MEMX EPRL LTSE", Market("XNYS", _NEW_YORK)),
    Group("OTC Markets", "OTCM OOTC PINX OTCQ OTCB PSGM EXPM XOTC", Market("XNYS", _NEW_YORK)),
    Group("CME, CBOT, Globex", "XCME XCBT GLBX FCME FCBT", Market("CMES", "America/Chicago")),
    Group("NYMEX, COMEX", "XNYM XCEC", Market("CMES", _NEW_YORK)),
    Group("Cboe Futures", "XCBF", Market("XCBF", "America/Chicago")),
    Group("ICE Futures US", "IFUS IEPA", Market("IEPA", _NEW_YORK)),
    Group("ICE Futures Europe", "IFEU", Market("IEPA", "Europe/London")),
    Group("Toronto, TSX Venture, Cboe Canada, CSE", "XTSE XTSX NEOE XCNQ XATS", Market("XTSE", "America/Toronto")),
    Group("Mexico: BMV, BIVA", "XMEX BIVA", Market("XMEX", "America/Mexico_City")),
    Group("B3, São Paulo", "BVMF", Market("BVMF", "America/Sao_Paulo")),
    Group("Buenos Aires", "XBUE", Market("XBUE", "America/Argentina/Buenos_Aires")),
    Group("Santiago", "XSGO", Market("XSGO", "America/Santiago")),
    Group("Colombia", "XBOG", Market("XBOG", "America/Bogota")),
    Group("Lima", "XLIM", Market("XLIM", "America/Lima")),
    Group("Bermuda", "XBDA", Market("XBDA", "Atlantic/Bermuda")),
    # --- Europe
    Group("London, AIM", "XLON AIMX", Market("XLON", "Europe/London", _FIVE)),
    Group("Aquis, Cboe and Turquoise in London", "AQXE NEXX BATE CHIX TRQX", Market("XLON", "Europe/London")),
    Group("Euronext Dublin", "XDUB XESM", Market("XDUB", "Europe/Dublin", Auction(2))),
    Group("Euronext Paris, Growth, Access", "XPAR ALXP XMLI", Market("XPAR", "Europe/Paris", _FIVE)),
    Group("Euronext Amsterdam", "XAMS TNLA", Market("XAMS", "Europe/Amsterdam", _FIVE)),
    Group("Euronext Brussels, Growth, Access", "XBRU ALXB MLXB TNLB", Market("XBRU", "Europe/Brussels", _FIVE)),
    Group("Euronext Lisbon, Growth, Access", "XLIS ALXL ENXL", Market("XLIS", "Europe/Lisbon", _FIVE)),
    Group("Euronext Milan, Growth, ETFplus", "XMIL MTAA EXGM XAIM BGEM ETFP", Market("XMIL", "Europe/Rome", _FIVE)),
    Group("Oslo, Expand, Growth", "XOSL XOAS MERK", Market("XOSL", "Europe/Oslo", _FIVE)),
    Group("Stockholm, First North, NGM, Spotlight", "XSTO FNSE SSME XNGM XSAT", Market("XSTO", "Europe/Stockholm")),
    Group("Helsinki, First North", "XHEL FNFI FSME", Market("XHEL", "Europe/Helsinki")),
    Group("Copenhagen, First North", "XCSE FNDK DSME", Market("XCSE", "Europe/Copenhagen")),
    Group("Iceland, First North", "XICE FNIS", Market("XICE", "Atlantic/Reykjavik")),
    Group("Tallinn, First North", "XTAL FNEE", Market("XTAL", "Europe/Tallinn")),
    Group("Riga, First North", "XRIS FNLV", Market("XRIS", "Europe/Riga")),
    Group("Vilnius, First North", "XLIT FNLT", Market("XLIT", "Europe/Vilnius")),
    Group("Xetra", "XETR XETA XETB", Market("XETR", "Europe/Berlin", _FIVE)),
    Group("Frankfurt", "XFRA FRAA FRAB", Market("XFRA", "Europe/Berlin", usual=hours("08:00", "20:00"))),
    Group("Stuttgart, Euwax", "XSTU STUA STUB EUWX", Market("XSTU", "Europe/Berlin")),
    Group("Düsseldorf, Quotrix", "XDUS DUSA DUSB DUSC DUSD XQTX", Market("XDUS", "Europe/Berlin")),
    Group("Hamburg", "XHAM HAMA HAMB", Market("XHAM", "Europe/Berlin")),
    Group("Hannover", "XHAN HANA HANB", Market("XHAM", "Europe/Berlin")),
    Group("Munich, gettex", "XMUN MUNA MUNB MUNC MUND", Market("XHAM", "Europe/Berlin")),
    Group("Berlin, Equiduct", "XBER BERA BERB EQTA EQTB", Market("XHAM", "Europe/Berlin")),
    Group("Tradegate", "XGAT XGRM", Market("XHAM", "Europe/Berlin")),
    Group("Eurex", "XEUR", Market("XEUR", "Europe/Berlin")),
    Group("European Energy Exchange", "XEEE", Market("XEEE", "Europe/Berlin")),
    Group("Vienna", "XWBO WBAH WBDM", Market("XWBO", "Europe/Vienna", _FIVE)),
    Group("SIX Swiss Exchange", "XSWX XVTX XQMH", Market("XSWX", "Europe/Zurich")),
    Group("Spain: BME", "XMAD XMCE XBAR XBIL XVAL MABX GROW XLAT BMEX", Market("XMAD", "Europe/Madrid", _FIVE)),
    Group("Warsaw, NewConnect", "XWAR XNCO", Market("XWAR", "Europe/Warsaw")),
    Group("Prague", "XPRA", Market("XPRA", "Europe/Prague", _FIVE)),
    Group("Budapest", "XBUD", Market("XBUD", "Europe/Budapest", _FIVE)),
    Group("Bucharest", "XBSE", Market("XBSE", "Europe/Bucharest")),
    Group("Bratislava", "XBRA", Market("XBRA", "Europe/Bratislava")),
    Group("Ljubljana", "XLJU", Market("XLJU", "Europe/Ljubljana")),
    Group("Zagreb", "XZAG", Market("XZAG", "Europe/Zagreb")),
    Group("Belgrade", "XBEL", Market("XBEL", "Europe/Belgrade")),
    Group("Athens", "ASEX XATH ENAX", Market("ASEX", "Europe/Athens")),
    Group("Cyprus", "XCYS XECM", Market("XCYS", "Asia/Nicosia")),
    Group("Borsa Istanbul", "XIST", Market("XIST", "Europe/Istanbul", Auction(8))),
    Group("Luxembourg, Euro MTF", "XLUX EMTF", Market("XLUX", "Europe/Luxembourg")),
    Group("Moscow", "MISX RTSX", Market("XMOS", "Europe/Moscow")),
    # --- Africa, Middle East, Asia, Pacific
    Group("Johannesburg, AltX, A2X", "XJSE ALTX A2XX", Market("XJSE", "Africa/Johannesburg")),
    Group("Tel Aviv", "XTAE", Market("XTAE", "Asia/Jerusalem")),
    Group("Saudi Exchange", "XSAU", Market("XSAU", "Asia/Riyadh", Auction(10))),
    Group("Astana International Exchange", "AIXK", Market("AIXK", "Asia/Almaty")),
    Group("Pakistan", "XKAR", Market("XKAR", "Asia/Karachi")),
    Group("BSE, India", "XBOM BSME", Market("XBOM", "Asia/Kolkata")),
    Group("NSE, India", "XNSE", Market("XBOM", "Asia/Kolkata")),
    Group("Shanghai", "XSHG XSSC", Market("XSHG", "Asia/Shanghai")),
    Group("Shenzhen", "XSHE XSEC", Market("XSHG", "Asia/Shanghai")),
    Group("Beijing", "BJSE", Market("XSHG", "Asia/Shanghai")),
    Group("Hong Kong, GEM", "XHKG XGEM", Market("XHKG", "Asia/Hong_Kong", Auction(10, date(2016, 7, 25)))),
    Group("Taiwan, Taipei Exchange", "XTAI ROCO", Market("XTAI", "Asia/Taipei")),
    Group("Korea: KOSPI, KOSDAQ, KONEX", "XKRX XKOS XKON", Market("XKRX", "Asia/Seoul")),
    Group("Tokyo", "XTKS XJPX", Market("XTKS", "Asia/Tokyo")),
    Group("Nagoya, Fukuoka, Sapporo", "XNGO XFKA XSAP", Market("XTKS", "Asia/Tokyo")),
    Group("Singapore", "XSES", Market("XSES", "Asia/Singapore", Auction(6))),
    Group("Thailand: SET, mai", "XBKK XMAI", Market("XBKK", "Asia/Bangkok", Auction(10))),
    Group("Malaysia", "XKLS", Market("XKLS", "Asia/Kuala_Lumpur")),
    Group("Indonesia", "XIDX", Market("XIDX", "Asia/Jakarta", Auction(10))),
    Group("Philippines", "XPHS", Market("XPHS", "Asia/Manila")),
    Group("ASX, Cboe Australia", "XASX CHIA", Market("XASX", "Australia/Sydney", Auction(10))),
    Group("New Zealand", "XNZE", Market("XNZE", "Pacific/Auckland", Auction(15))),
    # --- without an exchange
    Group(
        "crypto: every day, from midnight to midnight UTC",
        ROUND_THE_CLOCK,
        Market("", "UTC", usual=hours("00:00", "00:00"), weekdays=(0, 1, 2, 3, 4, 5, 6), bars_add=False,
               bars_remove=False),
    ),
    Group(
        "FX: Monday to Friday, from 17:00 in New York on the day before",
        WEEK_ROUND_THE_CLOCK,
        Market("", _NEW_YORK, usual=hours("17:00", "17:00"), weekdays=(0, 1, 2, 3, 4), bars_add=False),
    ),
)  # fmt: skip

MARKETS: dict[str, Market] = {mic: group.market for group in GROUPS for mic in group.mics.split()}
_CALENDARS = {market.calendar: market for market in MARKETS.values() if market.calendar}
_OTHER_CALENDARS = {"us_futures": Market("us_futures", _NEW_YORK)}  # that no code means


def supported_mics() -> tuple[str, ...]:
    """Return the codes of the supported markets in alphabetical order."""
    return tuple(sorted(MARKETS))


def zone_of(mic: str, rules: MarketRules | None = None) -> str:
    """Return the IANA zone of a market; raises ConfigError for a market that is not supported."""
    return market(mic, rules).zone


def share_calendar(mic: str, other: str) -> bool:
    """Return whether two markets trade on the same days by one calendar."""
    one, two = MARKETS.get(mic), MARKETS.get(other)
    return one is not None and two is not None and one.calendar == two.calendar != ""


def market(mic: str, rules: MarketRules | None = None) -> Market:
    """Return what a market's sessions are made of.

    Parameters
    ----------
    mic
        Its code, or another one that `rules` say all of.
    rules
        Its entry of `markets:`, if it has one.

    Raises
    ------
    ConfigError
        No calendar serves the market, and the configuration does not either.
    """
    if rules is None:
        if mic not in MARKETS:
            near = difflib.get_close_matches(mic, MARKETS, n=1)
            hint = f"did you mean {near[0]}? if not, " if near else ""
            raise ConfigError(
                f"mic {mic}",
                f"no calendar serves this market; {hint}give its sessions under `markets:` in the configuration "
                "(docs/markets.md lists the codes that need no such entry)",
            )
        return MARKETS[mic]
    base = _base(mic, rules)
    return base._replace(
        zone=rules.zone or base.zone,
        usual=rules.usual or base.usual,
        weekdays=rules.weekdays or base.weekdays,
        dated=rules.dated,
    )


def _base(mic: str, rules: MarketRules) -> Market:
    """Return the market that an entry of `markets:` changes, or an empty one."""
    if rules.calendar:
        named = MARKETS.get(rules.calendar) or {**_CALENDARS, **_OTHER_CALENDARS}.get(rules.calendar)
        if named is None:
            raise ConfigError(
                f"markets.{mic}.calendar",
                f"{rules.calendar!r} is no calendar; write a code of docs/markets.md, or leave it out and give zone, "
                "weekdays, opens and closes",
            )
        return named
    if mic in MARKETS:
        return MARKETS[mic]
    timed = rules.usual is not None and None not in (rules.usual.opens, rules.usual.closes)
    listed_in_full = all(row.opens and row.closes for row in rules.dated if row.rule == "session") and rules.dated
    if not rules.zone or not (timed if rules.weekdays else timed or listed_in_full):
        raise ConfigError(
            f"markets.{mic}",
            "no calendar serves this market; give its zone, and either weekdays, opens and closes, or every session "
            "with its hours in the file of `hours` (or the `calendar` of a market that has the same sessions)",
        )
    return Market("", rules.zone)
