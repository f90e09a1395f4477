"""The words of wire headlines: those that a desk adds, those that mean a number, those that say little."""

from __future__ import annotations

import re

STEM = 6

# What an agency's desk puts before a headline: the version (UPDATE 2-, RPT-, CORRECTED-) and the kind of piece.
_VERSION = "UPDATE|WRAPUP|WRAP|RPT|REPEAT|CORRECTED|CORRECTION|CORRECTS|REFILE|REFILING|RECAST|RECASTS"
_KIND = (
    "BRIEF|EXCLUSIVE|FOCUS|INSIGHT|ANALYSIS|FEATURE|FACTBOX|EXPLAINER|TIMELINE|PREVIEW|DEALTALK|COLUMN|HIGHLIGHTS|"
    "INTERVIEW|MOVES|BREAKING|NEWSMAKER|TEXT|ADVISORY|OFFICIAL"
)
PREFIX = re.compile(
    rf"^\s*(?:(?:{_VERSION}|{_KIND})(?:\s+\d+)?\s*[-–—]\s*|(?i:(?:{_VERSION})\s+\d+)\s*[-–—]\s*|RT\s+@\w+:?\s+"
    rf"|(?i:(?:{_VERSION}|{_KIND})(?:\s+\d+)?(?:\s+from\s+source)?)\s*:\s+)+"
)
MARK = re.compile(r"\(\s*(?:update[sd]?|corrected|repeat|rpt|refile|exclusive)(?:\s+\d+)?\s*\)", re.IGNORECASE)
IS_VERSION = re.compile(
    rf"^\s*(?:(?:{_KIND})\s*[-:]\s*)*(?:RT\s+@|(?:{_VERSION})(?:\s+\d+)?(?:\s+from\s+source)?\s*[-–—:])", re.IGNORECASE
)
CREDIT = re.compile(
    r"(?:\s+[-–—|]\s*|\s*:\s+)(?:By\s+)?"
    r"(?:Reuters|Bloomberg|Bbg|AP|AFP|Dow Jones|Interfax|TASS|CNBC|WSJ|FT|NYT|sources?|report)\s*$",
    re.IGNORECASE,
)
LINK = re.compile(r"https?://\S+|\bvia\s+@\w+\s*$", re.IGNORECASE)
# An editor's note on what changed, which Reuters puts into the lead.
NOTE = re.compile(r"\((?:adds?|updates?|recasts?|changes?|writes|corrects?|refiles?|this version)\b[^)]*\)", re.I)

SCALES = {
    spelling: scale
    for scale, spellings in {
        "thousand": "k thousand тыс тысяч",
        "million": "m mn mln mio million millions млн миллионов",
        "billion": "b bn bln billion billions млрд миллиардов",
        "trillion": "tn trln trillion trillions трлн",
    }.items()
    for spelling in spellings.split()
}
EXPONENTS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
UNITS = {"pct", "percent", "percentage", "процент", "процента", "процентов", "проц"}
ORDINAL_ENDS = {"st", "nd", "rd", "th"}
NUMERALS = {
    spelling: str(number)
    for number, spellings in enumerate(
        (
            "first",
            "two second",
            "three third",
            "four fourth",
            "five fifth",
            "six sixth",
            "seven",
            "eight",
            "nine",
            "ten",
        ),
        1,
    )
    for spelling in spellings.split()
}
ABBREVIATED = {"st": "street", "qtr": "quarter", "exec": "executive", "yr": "year", "govt": "government"}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WEEKDAYS = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues thu thur thurs fri
    понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье
    """
)
# Without those that are words of their own: may, march.
CALENDAR = WEEKDAYS | _words(
    """
    january february april june july august september october november december
    jan feb apr jun jul aug sep sept oct nov dec q1 q2 q3 q4 h1 h2
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря
    """
)
LITTLE = _words(
    """
    a an the of to in on for at by from with and or as is are was were be been has have had it its their his her he she
    they that this than after before over into says said say will would could may might can not no up down out about
    amid new more inc corp co ltd plc llc company companies reuters also who which when while
    в во на и с со по за о об от до из для что как к ко у не а но его ее их это при
    """
)
# So usual in headlines that sharing them says nothing; by their first letters.
USUAL = frozenset(
    word[:STEM]
    for word in _words(
        """
        report announces results quarter quarterly financial operating earnings eps est estimate beat beats vs sales
        revenue profit share shares stock stocks price target raises lowers cuts maintains rating pt buy sell neutral
        outperform overweight market markets street wall top week high low highs lows moving session premarket upgrades
        downgrades upgrade downgrade initiates coverage trading higher lower deal year
        """
    )
)
