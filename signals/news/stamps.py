"""The text of a date -> a Stamp: the instant, how precise it is, and how its zone is known.

A zone that the text states counts first, then the zone configured for the source, then UTC, marked as assumed. Which of
day and month stands first is a property of the source, never guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from signals.types import Precision, Stamp, ZoneBasis

FIRST_YEAR, LAST_YEAR = 1980, 2100

# Abbreviations are places, not offsets: newsrooms write EST all summer.
ZONES = {
    **dict.fromkeys(("Z", "UTC", "GMT", "UT"), "UTC"),
    **dict.fromkeys(("ET", "EST", "EDT"), "America/New_York"),
    **dict.fromkeys(("CT", "CST", "CDT"), "America/Chicago"),
    **dict.fromkeys(("MT", "MST", "MDT"), "America/Denver"),
    **dict.fromkeys(("PT", "PST", "PDT"), "America/Los_Angeles"),
    **dict.fromkeys(("BST",), "Europe/London"),
    **dict.fromkeys(("CET", "CEST"), "Europe/Berlin"),
    **dict.fromkeys(("EET", "EEST"), "Europe/Athens"),
    **dict.fromkeys(("MSK", "MSD", "МСК"), "Europe/Moscow"),
    "JST": "Asia/Tokyo",
    "HKT": "Asia/Hong_Kong",
    "SGT": "Asia/Singapore",
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"),
}

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_TIME = (
    r"(?:[T,\s]*(?:at\s+)?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\b\.?)?\s*\(?(?P<zone>[+-]\d\d:?\d\d|[A-ZМСК]{1,5}(?![A-Za-z]))?\)?)?"
)
_COMPACT_TIME = (
    r"(?:T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<fraction>)(?P<half>)(?P<zone>Z|[+-]\d\d:?\d\d)?)?(?!\d)"
)
_DATES = (
    r"(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})(?!\d)",
    r"(?<!\d)(?P<year>\d{4})/(?P<number>\d{1,2})/(?P<day>\d{1,2})(?!\d)",
    r"(?<!\d)(?P<one>\d{1,2})[./-](?P<two>\d{1,2})[./-](?P<year>\d{4})(?!\d)",
    rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)",
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>\d{{4}})(?!\d)",
)
_COMPACT = r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<number>[01]\d)(?P<day>[0-3]\d)"
_PATTERNS = (*(re.compile(date + _TIME) for date in _DATES), re.compile(_COMPACT + _COMPACT_TIME))
_EPOCH = re.compile(r"\s*(\d{10}|\d{13})\s*")


def read_stamp(text: str, zone: str | None = None, dayfirst: bool = False, date_format: str | None = None) -> Stamp:
    """Read a publication stamp.

    Parameters
    ----------
    text
        As written; words around the date do not matter.
    zone
        The source's own zone, for a stamp that states none.
    dayfirst
        Whether ``01/02/2015`` is 1 February.
    date_format
        A `strptime` format, for a source whose dates are none of the usual ones.

    Raises
    ------
    ValueError
        No date that could be a publication, in one sentence.
    """
    wall, precision, stated = _read(text.strip(), dayfirst, date_format)
    basis = ZoneBasis.STATED if stated else ZoneBasis.SOURCE if zone else ZoneBasis.ASSUMED
    name = stated or zone or "UTC"
    place = _place(name)
    readings = [wall.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1)]
    if not FIRST_YEAR <= readings[0].year <= LAST_YEAR:
        raise ValueError(f"{text.strip()!r} lies outside {FIRST_YEAR} to {LAST_YEAR} and is taken for a missing date")
    return Stamp(text.strip(), min(readings), wall, precision, name, basis, readings[0] != readings[1])


def _read(text: str, dayfirst: bool, date_format: str | None) -> tuple[datetime, Precision, str]:
    """Return the wall-clock time, its precision and the zone that the text states, if any."""
    if date_format is not None:
        read = datetime.strptime(text, date_format)  # noqa: DTZ007 - its zone, if any, is looked at next
        fine = any(code in date_format for code in ("%S", "%X", "%c", "%T", "%s"))
        minute = any(code in date_format for code in ("%M", "%R"))
        precision = Precision.INSTANT if fine else Precision.MINUTE if minute else Precision.DAY
        return read.replace(tzinfo=None), precision, _offset_name(read.tzinfo, read)
    if epoch := _EPOCH.fullmatch(text):
        seconds = int(epoch[1]) / (1000 if len(epoch[1]) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None), Precision.INSTANT, "UTC"
    for pattern in _PATTERNS:
        if found := pattern.search(text):
            return _from_match(text, found.groupdict(), dayfirst)
    raise ValueError(f"{text[:80]!r} holds no date" if text else "the date is missing")


def _from_match(text: str, part: dict[str, str | None], dayfirst: bool) -> tuple[datetime, Precision, str]:
    month = part.get("number")
    day = part.get("day")
    if part.get("one"):
        day, month = (part["one"], part["two"]) if dayfirst else (part["two"], part["one"])
    if part.get("month"):
        month = str(_MONTHS.index(str(part["month"]).lower()) + 1)
    try:
        wall = datetime(int(str(part["year"])), int(str(month)), int(str(day)))  # noqa: DTZ001 - a wall clock has no zone
        if part["hour"] is None:
            return wall, Precision.DAY, ""
        wall = wall.replace(hour=_hour(int(part["hour"]), part["half"]), minute=int(str(part["minute"])))
        if part["second"]:
            wall = wall.replace(second=min(int(part["second"]), 59), microsecond=_microseconds(part["fraction"]))
    except ValueError as error:
        hint = "; is it written day first? say so with `dayfirst`" if part.get("one") and "month" in str(error) else ""
        raise ValueError(f"{text[:80]!r} is no date: {error}{hint}") from None
    precision = Precision.INSTANT if part["second"] else Precision.MINUTE
    return wall, precision, _stated_zone(text, part["zone"])


def _hour(hour: int, half: str | None) -> int:
    if not half:
        return hour
    return hour % 12 + (12 if half[0] in "pP" else 0)


def _microseconds(fraction: str | None) -> int:
    return int((fraction or "0").ljust(6, "0")[:6]) // 1000 * 1000


def _stated_zone(text: str, zone: str | None) -> str:
    if not zone:
        return ""
    if zone[0] in "+-":
        digits = zone.replace(":", "")
        return "UTC" if int(digits) == 0 else f"UTC{digits[:3]}:{digits[3:]}"
    if zone in ZONES:
        return ZONES[zone]
    if len(zone) >= 3 and zone.endswith("T"):
        raise ValueError(f"{text[:80]!r} names the unknown zone {zone!r}")
    return ""


def _offset_name(zone: tzinfo | None, at: datetime) -> str:
    if zone is None:
        return ""
    minutes = int((zone.utcoffset(at) or timedelta()).total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    return "UTC" if minutes == 0 else f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _place(name: str) -> tzinfo:
    """Return the zone of an IANA name or of ``UTC-04:00``."""
    if len(name) == 9 and name.startswith("UTC"):
        minutes = int(name[4:6]) * 60 + int(name[7:9])
        return timezone(timedelta(minutes=-minutes if name[3] == "-" else minutes))
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone; write an IANA name such as Europe/London") from None
