"""Match dates, and the times and zones beside them, in folded texts (`date_text.fold`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from signals.news.month_names import MIXED, MONTHS, WEEKDAYS
from signals.news.zone_names import ZONE, names_zone
from signals.types import Precision

_MONTH_OF = {name.replace("_", " "): number for number, row in enumerate(MONTHS, 1) for name in row.split()}
_MIXED = {(name, language): number for name, number, languages in MIXED for language in languages.split()}
_MONTH_NAMES = sorted({*_MONTH_OF, *(name for name, _ in _MIXED)}, key=len, reverse=True)
_MONTH = rf"(?:{'|'.join(map(re.escape, _MONTH_NAMES))})(?![^\W\d_])"
_WEEKDAY_NAMES = sorted((name.replace("_", " ") for name in WEEKDAYS.split()), key=len, reverse=True)
_WEEKDAY = (
    rf"(?:(?:{'|'.join(map(re.escape, _WEEKDAY_NAMES))})(?![^\W\d_])|(?:星期|周|週)[一二三四五六日天]"
    r"|[日月火水木金土](?:曜日?)?|[일월화수목금토](?:요일)?)"
)

# A time may follow the year without a space, as in 20232:26 PM.
_YEAR_ENDS = r"(?!\d(?!\d?:\d\d))"
# A year of two digits is one only at the end of a text or before a clock.
_SHORT_YEAR = r"'?\d\d(?=\s*+[)\]|]?\s*+\Z|[\s,|]{1,4}(?:at\s)?\d{1,2}[:.h]\d\d)(?!\s?[:.]\d\d)"
_YEAR = rf"(?:\d{{4}}{_YEAR_ENDS}|{_SHORT_YEAR})"
_DAY_END = r"(?:st|nd|rd|th|er|º|ª)?"

_HALF = r"(?:[ap]\.?\s?m\b\.?|noon\b|[πμ]\.?\s?μ\b\.?|صباحا|مساء|[صم](?!\w))"
_HALF_BEFORE = r"上午|午前|오전|凌晨|早上|下午|午後|오후|晚上"
_UNIT = r"(?:\s?(?:uhr|hrs?|hs|hours|uur|час(?:ов|а)?|ч)(?![^\W\d_])\.?)?"
_CLOCK = (
    rf"(?:(?P<before>{_HALF_BEFORE})\s*+)?(?:"
    r"(?P<hour1>\d{1,2}):(?P<minute1>\d\d)(?::(?P<second1>\d\d)(?:[.,](?P<fraction>\d{1,9})(?!\d))?)?(?![:\d])"
    rf"(?:\s*+(?P<half1>{_HALF}))?"
    r"|(?P<hour2>\d{1,2})\s?[時时點点시]\s?(?:(?P<minute2>\d{1,2})\s?[分분]\s?(?:(?P<second2>\d{1,2})\s?[秒초])?)?"
    rf"|(?P<hour3>\d{{1,2}})\.(?P<minute3>\d\d)(?:\.(?P<second3>\d\d))?(?![.\d%:]|\s?(?:%|million|billion))(?:\s*+(?P<half3>{_HALF}))?"
    r"|(?P<hour4>\d{1,2})\s?h(?:\s?(?P<minute4>\d\d)(?!\d))?(?!\w)"
    rf"|(?P<hour5>\d{{1,2}})\s*+(?P<half5>{_HALF})"
    r"|(?P<hour6>\d\d)(?P<minute6>\d\d)(?=\s?(?:hrs?|h|uhr|gmt|utc|z|[ecmp][sd]?t|bst|ces?t|msk|jst|hkt)(?!\w))"
    r"|(?P<hour7>\d{1,2})(?=\s?(?:uhr|часов)(?!\w))"
    rf"){_UNIT}"
)
# Runs of blanks are possessive: where two of them may meet, giving blanks back costs a power of their number.
_OPEN = r"\s*+[,;/|]?\s*+[(\[]?\s*+"
_ZONE = rf"(?P<zone>{_OPEN}{ZONE})"

# Looked for first, because most words are no names of months and most names of months are compared with each.
_WORD_BEFORE_DIGIT = r"[^\W\d_]{2,12}[\s./-]{0,3}\d|[\u0600-\u06ff]"
_DATE = re.compile(
    rf"""
    (?: (?<!\d)(?P<y0>\d{{4}})\s?[年년]\s?(?P<m0>\d{{1,2}})\s?[月월]\s?(?P<d0>\d{{1,2}})\s?[日号號일]
      | (?<!\d)(?P<y5>\d{{4}})-w(?P<week>\d\d)-(?P<weekday>[1-7])(?!\d)
      | (?<!\d)(?P<y1>\d{{4}})(?:(?P<s1>[-/.]\ ?)(?P<m1>\d{{1,2}})(?P=s1)(?P<d1>\d{{1,2}})\.?
        |(?P<m2>\d\d)(?P<d2>\d\d))(?!\d)
      | (?<![\d.])(?P<first>\d{{1,2}})(?P<s2>[-/.])(?P<second>\d{{1,2}})(?P=s2)(?P<y2>\d{{4}}){_YEAR_ENDS}
      | (?<![\d.])(?P<d6>\d{{1,2}})\.\ ?(?P<m6>\d{{1,2}})\.\ ?(?P<y6>\d{{4}}{_YEAR_ENDS}|\d\d(?![\d.:]))
      | (?<!\d)(?P<y7>\d{{4}})[\s,./-]{{1,3}}(?P<w7>{_MONTH})[\s./-]{{1,3}}(?P<d7>\d{{1,2}})(?![\d:])\.?
      | (?<!\d)(?P<d3>\d{{1,2}}){_DAY_END}[\s./-]{{0,3}}(?:(?:of|de|di|del|d’|d')\s?)?(?P<w3>{_MONTH})
        [\s,./-]{{0,3}}(?:(?:de|del|of)\s)?(?P<y3>{_YEAR})
      | (?={_WORD_BEFORE_DIGIT})(?P<w4>{_MONTH})[\s./-]{{0,3}}(?P<d4>\d{{1,2}}){_DAY_END}
        (?:\s?,?\s{{0,3}}|-)(?P<y4>{_YEAR})
      | (?={_WORD_BEFORE_DIGIT})(?P<w8>{_MONTH})\s{{1,3}}(?P<d8>\d{{1,2}})\s
        (?P<split>{_CLOCK}(?:{_ZONE})?)\s(?P<y8>\d{{4}})(?![\d:])
    )
    """,
    re.VERBOSE,
)
_SPLIT = re.compile(rf"{_CLOCK}(?:{_ZONE})?")
_LINK = (
    r"(?:\s++[-–—]\s++|\s*+(?:г\.?|года|р\.?|року|일)?\s*+[,;:·•|@/]?\s*+"
    rf"(?:[(]?{_WEEKDAY}[)]?[.,]?\s*+)?"
    r"(?:(?:at|kl|klo|um|om|ore|alle ore|alle|a las|as|a|o godz|godz|в|о|об|u|saat|on|pukul|στις)[.,]?\s*+)?[|,·]?\s*+)"
)
_TIME_AFTER = re.compile(
    rf"(?:[t_ ](?P<hour8>\d\d)(?P<minute8>\d\d)(?P<second8>\d\d)(?:[.,](?P<fraction8>\d{{1,9}}))?(?![\d:])"
    rf"|t(?P<hour9>\d\d)(?P<minute9>\d\d)?(?![\d:])|(?:t|{_LINK}){_CLOCK})(?:{_ZONE})?"
)
_TIME_BEFORE = re.compile(
    rf"(?<![\d:]){_CLOCK}(?:{_ZONE})?[)\]]?[\s,·|•-]{{0,4}}(?:(?:on|am|il|le|el)\s)?(?:{_WEEKDAY}[.,]?\s*)?(?:den\s)?\Z"
)
_ZONE_AFTER = re.compile(_ZONE)
_ZONE_OF_DAY = re.compile(r"(?P<zone>" + ZONE + r")\s*\Z")


@dataclass(frozen=True, slots=True)
class DateMatch:
    """A date in a folded text with the time that belongs to it, their span, and the match that holds the zone."""

    start: int
    end: int
    day: re.Match[str]
    clock: re.Match[str] | None
    zone: re.Match[str] | None


def dates(text: str, folded: str) -> Iterator[DateMatch]:
    """Yield the dates in a text with the times that belong to them."""
    at = 0
    while day := _DATE.search(folded, at):
        start, end = day.span()
        if _begins_inside_word(text, day):
            at = start + 1
            continue
        clock: re.Match[str] | None
        if day["split"]:
            clock = _SPLIT.match(folded, day.start("split"))
        elif clock := _TIME_AFTER.match(folded, end):
            end = clock.end()
        elif clock := _TIME_BEFORE.search(folded, at, start):
            start = clock.start()
        zone = clock if clock and clock["zone"] else None
        if not clock and (zone := _zone_of_day(folded, end)):
            end = zone.end()
        if clock and not zone and not day["split"]:
            zone = _ZONE_AFTER.match(folded, end)
            end = zone.end() if zone else end
        if zone and zone.start("zone") >= day.end() and not names_zone(zone, text):
            end, zone = zone.start("zone"), None
        yield DateMatch(start, end, day, clock, zone)
        at = end


def _zone_of_day(folded: str, end: int) -> re.Match[str] | None:
    """Return the offset at the end of an ISO 8601 date such as 2024-06-05+02:00."""
    zone = _ZONE_OF_DAY.match(folded, end)
    return zone if zone and (zone["letters"] == "z" or (zone["sign"] and ":" in zone["off"])) else None


def _begins_inside_word(text: str, day: re.Match[str]) -> bool:
    """Return whether a date begins with a month inside a word; `CommoditiesMay 31` are two words."""
    start = day.start()
    if not (day["w4"] or day["w8"]) or start == 0 or not text[start - 1].isalpha():
        return False
    return not (text[start - 1].islower() and text[start].isupper())


def day_of(match: re.Match[str], dayfirst: bool, language: str | None) -> date:
    """Return the day of a date match; raises ValueError for one that does not exist."""
    part = match.group
    if part("y0") or part("y1"):
        return date(int(part("y0") or part("y1")), int(_first(part, "m")), int(_first(part, "d")))
    if part("y5"):
        return date.fromisocalendar(int(part("y5")), int(part("week")), int(part("weekday")))
    if part("y6"):
        return date(_full_year(part("y6")), int(part("m6")), int(part("d6")))
    if part("y2"):
        first, second = int(part("first")), int(part("second"))
        day, month = (first, second) if dayfirst or part("s2") == "." else (second, first)
        if month > 12 >= day:
            setting = "false" if dayfirst else "true"
            raise ValueError(f"there is no month {month}; set dayfirst: {setting} if the source writes dates so")
        return date(int(part("y2")), month, day)
    number = next(n for n in "3478" if part(f"w{n}"))
    return date(_full_year(part(f"y{number}")), _month(part(f"w{number}"), language), int(part(f"d{number}")))


def _first(part: Callable[[str], str | None], letter: str) -> str:
    return next(filter(None, (part(f"{letter}{n}") for n in "012")))


def _full_year(digits: str) -> int:
    """Return a year; one of two digits is of 1950 to 2049 (RFC 5322, section 4.3)."""
    year = int(digits.lstrip("'"))
    return year if len(digits.lstrip("'")) > 2 else year + (2000 if year < 50 else 1900)


def _month(name: str, language: str | None) -> int:
    if (name, language) in _MIXED:
        return _MIXED[name, str(language)]
    if name in _MONTH_OF:
        return _MONTH_OF[name]
    languages = sorted({code for mixed, code in _MIXED if mixed == name})
    raise ValueError(f"{name!r} is another month in another language; set `language` to one of {', '.join(languages)}")


def add_time(day: datetime, clock: re.Match[str]) -> tuple[datetime, Precision]:
    """Return a day at the time of a clock match, and the precision of the time; raises ValueError for no such time."""
    parts = clock.groupdict()
    number = next(n for n in range(1, 10) if parts.get(f"hour{n}"))
    hour, minute = int(parts[f"hour{number}"] or 0), int(parts.get(f"minute{number}") or 0)
    second = parts.get(f"second{number}")
    micro = int((parts["fraction"] or parts.get("fraction8") or "0").ljust(6, "0")[:6])
    hour = _full_hour(hour, parts.get(f"half{number}") or "", parts["before"] or "")
    precision = Precision.INSTANT if second else Precision.MINUTE
    if (hour, minute, int(second or 0)) == (24, 0, 0):
        return day + timedelta(days=1), precision
    leap = second == "60"
    wall = day.replace(hour=hour, minute=minute, second=59 if leap else int(second or 0), microsecond=micro)
    return wall + timedelta(seconds=leap), precision


def _full_hour(hour: int, half: str, before: str) -> int:
    """Return an hour of 0 to 24 by the half of the day that stands behind or before it."""
    if not half and not before:
        return hour
    late = half[:1] in ("p", "n", "μ", "م") or before in ("下午", "午後", "오후", "晚上")
    if hour > 12 and late:
        return hour
    if hour > 12 or (hour == 0 and late):
        raise ValueError(f"there is no hour {hour} in that half of the day")
    return hour % 12 + (12 if late else 0)
