"""Word lists and patterns of wire headlines: desk prefixes, numbers, calendar words and stop words."""

from __future__ import annotations

import re

STEM_LENGTH = 6

# An agency's desk puts the version (UPDATE 2-, RPT-, CORRECTED-) and the kind of article before a headline.
_VERSION = "UPDATE|WRAPUP|WRAP|RPT|REPEAT|CORRECTED|CORRECTION|CORRECTS|REFILE|REFILING|RECAST|RECASTS"
_KIND = (
    "BRIEF|EXCLUSIVE|FOCUS|INSIGHT|ANALYSIS|FEATURE|FACTBOX|EXPLAINER|TIMELINE|PREVIEW|DEALTALK|COLUMN|HIGHLIGHTS|"
    "INTERVIEW|MOVES|BREAKING|NEWSMAKER|TEXT|ADVISORY|OFFICIAL"
)
DESK_PREFIX = re.compile(
    rf"^\s*(?:(?:{_VERSION}|{_KIND})(?:\s+\d+)?\s*[-–—]\s*|(?i:(?:{_VERSION})\s+\d+)\s*[-–—]\s*|RT\s+@\w+:?\s+"
    rf"|(?i:(?:{_VERSION}|{_KIND})(?:\s+\d+)?(?:\s+from\s+source)?)\s*:\s+)+"
)
VERSION_NOTE = re.compile(r"\(\s*(?:update[sd]?|corrected|repeat|rpt|refile|exclusive)(?:\s+\d+)?\s*\)", re.IGNORECASE)
VERSION_PREFIX = re.compile(
    rf"^\s*(?:(?:{_KIND})\s*[-:]\s*)*(?:RT\s+@|(?:{_VERSION})(?:\s+\d+)?(?:\s+from\s+source)?\s*[-–—:])", re.IGNORECASE
)
CREDIT = re.compile(
    r"(?:(?<!\s)\s+[-–—|]\s*|(?:(?<!\s)\s+)?:\s+)(?:By\s+)?"
    r"(?:Reuters|Bloomberg|Bbg|AP|AFP|Dow Jones|Interfax|TASS|CNBC|WSJ|FT|NYT|sources?|report)\s*$",
    re.IGNORECASE,
)
LINK = re.compile(r"https?://\S+|\bvia\s+@\w+\s*$", re.IGNORECASE)
# Reuters puts an editor's note on the changes into the lead.
EDITOR_NOTE = re.compile(
    r"\((?:adds?|updates?|recasts?|changes?|writes|corrects?|refiles?|this version)\b[^)]{0,400}\)", re.IGNORECASE
)

SCALES = {
    written_form: scale
    for scale, written_forms in {
        "thousand": "k thousand тыс тысяч",
        "million": "m mn mln mio million millions млн миллионов",
        "billion": "b bn bln billion billions млрд миллиардов",
        "trillion": "tn trln trillion trillions трлн",
    }.items()
    for written_form in written_forms.split()
}
EXPONENTS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}
PERCENT_WORDS = {"pct", "percent", "percentage", "процент", "процента", "процентов", "проц"}
ORDINAL_ENDS = {"st", "nd", "rd", "th"}
NUMERALS = {
    written_form: str(number)
    for number, written_forms in enumerate(
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
    for written_form in written_forms.split()
}
ABBREVIATIONS = {"st": "street", "qtr": "quarter", "exec": "executive", "yr": "year", "govt": "government"}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WEEKDAYS = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues thu thur thurs fri
    понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье
    """
)
# Without May and March, which are also other words.
CALENDAR_WORDS = WEEKDAYS | _words(
    """
    january february april june july august september october november december
    jan feb apr jun jul aug sep sept oct nov dec q1 q2 q3 q4 h1 h2
    января февраля марта апреля мая июня июля августа сентября октября ноября декабря
    """
)
STOP_WORDS = _words(
    """
    a an the of to in on for at by from with and or as is are was were be been has have had it its their his her he she
    they that this than after before over into says said say will would could may might can not no up down out about
    amid new more inc corp co ltd plc llc company companies reuters also who which when while
    в во на и с со по за о об от до из для что как к ко у не а но его ее их это при
    """
)
# Stems so frequent in headlines that sharing them does not make two articles similar.
FREQUENT_STEMS = frozenset(
    word[:STEM_LENGTH]
    for word in _words(
        """
        report announces results quarter quarterly financial operating earnings eps est estimate beat beats vs sales
        revenue profit share shares stock stocks price target raises lowers cuts maintains rating pt buy sell neutral
        outperform overweight market markets street wall top week high low highs lows moving session premarket upgrades
        downgrades upgrade downgrade initiates coverage trading higher lower deal year
        """
    )
)
