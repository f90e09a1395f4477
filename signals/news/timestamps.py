"""Parse the text of a date to a `Stamp`, which records how its time zone is known.

The zone is the one stated in the text, else that of the source's configuration, else UTC, recorded as assumed. The
source's `dayfirst` decides whether 01/02/2015 is in January or in February. A date that contradicts the setting is
rejected, because other dates of the source would silently be parsed wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from signals.types import Precision, Stamp, ZoneBasis

FIRST_YEAR, LAST_YEAR = 1980, 2100
_MAX_LENGTH = 300

_MISSING = frozenset({"", "-", "--", "null", "none", "nan", "nat", "n/a"})

# The IANA name of an abbreviation and, where it states one, the offset from UTC in hours. MSK has had several offsets.
# IST is read as India's and CST as the American one: in market news the others are rare.
_ABBREVIATIONS: dict[str, tuple[str, float | None]] = {
    "Z": ("UTC", None), "UTC": ("UTC", None), "GMT": ("UTC", None),
    "ET": ("America/New_York", None), "EST": ("America/New_York", -5), "EDT": ("America/New_York", -4),
    "CT": ("America/Chicago", None), "CST": ("America/Chicago", -6), "CDT": ("America/Chicago", -5),
    "MT": ("America/Denver", None), "MST": ("America/Denver", -7), "MDT": ("America/Denver", -6),
    "PT": ("America/Los_Angeles", None), "PST": ("America/Los_Angeles", -8), "PDT": ("America/Los_Angeles", -7),
    "BST": ("Europe/London", 1), "WET": ("Europe/Lisbon", 0), "WEST": ("Europe/Lisbon", 1),
    "CET": ("Europe/Berlin", 1), "CEST": ("Europe/Berlin", 2), "EET": ("Europe/Helsinki", 2),
    "EEST": ("Europe/Helsinki", 3), "MSK": ("Europe/Moscow", None), "MSD": ("Europe/Moscow", None),
    "МСК": ("Europe/Moscow", None), "IST": ("Asia/Kolkata", None), "HKT": ("Asia/Hong_Kong", None),
    "SGT": ("Asia/Singapore", None), "JST": ("Asia/Tokyo", None), "KST": ("Asia/Seoul", None),
    "AEST": ("Australia/Sydney", 10), "AEDT": ("Australia/Sydney", 11), "SAST": ("Africa/Johannesburg", None),
    "NZST": ("Pacific/Auckland", 12), "NZDT": ("Pacific/Auckland", 13),
}  # fmt: skip

_MONTH_NUMBERS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12, "янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9,
    "окт": 10, "ноя": 11, "дек": 12,
}  # fmt: skip
_MONTH = (
    r"(?:(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])|(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]{0,6})"
)
# A time may follow the year without a space, as in 20232:26 PM.
_YEAR_ENDS = r"(?!\d(?!\d?:\d\d))"
_CLOCK = (
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?|\s*(?P<half_hour>[ap]\.?m\b\.?))"
)
_ZONE = (
    r"\s*\(?(?:(?:UTC|GMT)?\s?(?P<sign>[+\-−])(?P<off_hour>\d{1,2})(?::?(?P<off_minute>\d\d))?(?!\d)"
    r"|(?P<iana>[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_]+)+)|(?P<abbreviation>(?-i:Z|[A-Z]{2,5}|МСК))(?!\w))"
)
_DATE = re.compile(
    rf"""
    (?: (?<!\d)(?P<y1>\d{{4}})(?:(?P<s1>[-/.])(?P<m1>\d{{1,2}})(?P=s1)(?P<d1>\d{{1,2}})|(?P<m2>\d\d)(?P<d2>\d\d))(?!\d)
      | (?<!\d)(?P<first>\d{{1,2}})(?P<s2>[-/.])(?P<second_>\d{{1,2}})(?P=s2)(?P<y2>\d{{4}}){_YEAR_ENDS}
      | (?<!\d)(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?[\s.-]{{0,3}}(?:of\s)?(?P<w3>{_MONTH})[\s,.-]{{0,3}}(?P<y3>\d{{4}})
        {_YEAR_ENDS}
      | (?P<w4>{_MONTH})\.?\s{{0,3}}(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\s?,?\s{{0,3}}(?P<y4>\d{{4}}){_YEAR_ENDS}
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TIME_AFTER = re.compile(
    r"(?:T(?P<h2>\d\d)(?P<mi2>\d\d)(?P<se2>\d\d)?(?![\d:])|(?:T|(?:\s?г\.)?\s*[,;·|@]?\s*(?:at|в)?\s*|\s+[-–—]\s+)"
    rf"{_CLOCK})(?:{_ZONE})?",
    re.IGNORECASE,
)
_TIME_BEFORE = re.compile(
    rf"(?<![\d:]){_CLOCK}(?:{_ZONE})?\)?[\s,·|-]{{0,3}}(?:on\s)?(?:[a-z]{{3,9}}\.?,?\s)?\Z", re.IGNORECASE
)
_LOOSE_CLOCK = re.compile(r"(?<![\d:])\d{1,2}:\d\d(?![\d:])")
_EPOCH = re.compile(r"(?P<seconds>\d{9,10})(?:\.\d+)?|(?P<millis>\d{13})")
_COMPACT = re.compile(r"(\d{8})(\d{4}(?:\d\d)?)")


class _Zone(NamedTuple):
    """A zone stated in a text: its name, its rules, and the offset in hours that an abbreviation states."""

    name: str
    rules: tzinfo
    hours: float | None = None


class _Match(NamedTuple):
    """A date in a text with the time that belongs to it, and their span."""

    start: int
    end: int
    day: re.Match[str]
    clock: re.Match[str] | None


def parse_stamp(text: str, zone: str | None = None, dayfirst: bool = False, date_format: str | None = None) -> Stamp:
    """Return the publication stamp that a text states.

    Parameters
    ----------
    text
        The stamp as written, possibly among other words.
    zone
        IANA name of the source's zone, for a text that states none.
    dayfirst
        The source writes the day before the month, as in 21/01/2015. It does not affect dates that begin with a year,
        name the month or are separated by dots.
    date_format
        A `strptime` format; if given, no other form is accepted.

    Returns
    -------
    Stamp
        Its `zone` is an IANA name, or an offset such as ``UTC-04:00`` if the text states one.

    Raises
    ------
    ValueError
        The text holds no date, an impossible one, two different ones, an unknown zone, or a year outside 1980..2100.
    """
    text = " ".join(text.split())
    if text.lower() in _MISSING:
        raise ValueError("there is no date")
    if len(text) > _MAX_LENGTH:
        raise ValueError(f"{text[:40]!r}... is too long for a date")
    if date_format:
        return _parse_format(text, zone, date_format)
    if epoch := _EPOCH.fullmatch(text):
        return _from_epoch(text, epoch)
    if compact := _COMPACT.fullmatch(text):
        return _parse(text, "{}T{}".format(*compact.groups()), zone, dayfirst)
    return _parse(text, text, zone, dayfirst)


def date_spans(text: str) -> list[tuple[int, int]]:
    """Return the start and end of each date, with the time that belongs to it, in a text."""
    return [(match.start, match.end) for match in _matches(text)]


def _parse(text: str, searched: str, zone: str | None, dayfirst: bool) -> Stamp:
    """Return the stamp that `searched` states; `text` is the stamp as written."""
    stamps = [_stamp(text, match.day, match.clock, zone, dayfirst) for match in _matches(searched)]
    if not stamps:
        raise ValueError(f"there is no date in {text[:80]!r}")
    if all(stamp.precision is Precision.DAY for stamp in stamps) and _LOOSE_CLOCK.search(searched):
        raise ValueError(f"{text[:80]!r} holds a time that is not next to the date")
    for other in stamps[1:]:
        if other.at != stamps[0].at:
            raise ValueError(f"{text!r} states two different dates")
    return stamps[0]


def _matches(text: str) -> Iterator[_Match]:
    """Yield the dates in a text with the times that belong to them."""
    at = 0
    while day := _DATE.search(text, at):
        start, end = day.span()
        clock = _TIME_AFTER.match(text, end)
        if clock:
            end = clock.end()
        else:
            clock = _TIME_BEFORE.search(text[at:start])
            start = at + clock.start() if clock else start
        yield _Match(start, end, day, clock)
        at = end


def _stamp(text: str, day: re.Match[str], clock: re.Match[str] | None, zone: str | None, dayfirst: bool) -> Stamp:
    try:
        wall = datetime.combine(_date(day, dayfirst), datetime.min.time())
        precision = Precision.DAY
        if clock:
            wall, precision = _add_time(wall, clock)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date: {error}") from None
    return _resolve(text, wall, precision, _stated_zone(clock) if clock else None, zone)


def _date(match: re.Match[str], dayfirst: bool) -> date:
    part = match.group
    if part("y1"):
        return date(int(part("y1")), int(part("m1") or part("m2")), int(part("d1") or part("d2")))
    if part("y2"):
        first, second = int(part("first")), int(part("second_"))
        day, month = (first, second) if dayfirst or part("s2") == "." else (second, first)
        if month > 12 >= day:
            setting = "false" if dayfirst else "true"
            raise ValueError(f"there is no month {month}; set dayfirst: {setting} if the source writes dates so")
        return date(int(part("y2")), month, day)
    word, day_text, year = (part(f"{name}3") or part(f"{name}4") for name in "wdy")
    return date(int(year), _MONTH_NUMBERS[word[:3].lower()], int(day_text))


def _add_time(day: datetime, clock: re.Match[str]) -> tuple[datetime, Precision]:
    """Return a day at the time of a clock match, and the precision of the time."""
    part = clock.groupdict()
    if part.get("h2"):
        hour, minute, second = int(part["h2"]), int(part["mi2"]), part["se2"]
    else:
        hour, minute, second = int(part["hour"]), int(part["minute"] or 0), part["second"]
    half = (part["half"] or part["half_hour"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    micro = int((part["fraction"] or "0").ljust(6, "0")[:6])
    wall = day.replace(hour=hour, minute=minute, second=int(second or 0), microsecond=micro)
    return wall, Precision.INSTANT if second else Precision.MINUTE


def _stated_zone(clock: re.Match[str]) -> _Zone | None:
    """Return the zone that a time states; None if it states none."""
    part = clock.group
    if part("off_hour"):
        hours, minutes = int(part("off_hour")), int(part("off_minute") or 0)
        if hours > 15 or minutes > 59:
            raise ValueError(f"{clock[0].strip()!r} states an impossible offset from UTC")
        return _fixed_zone(timedelta(hours=hours, minutes=minutes) * (1 if part("sign") == "+" else -1))
    if part("iana"):
        return _Zone(part("iana"), _zone_info(part("iana")))
    if part("abbreviation"):
        if part("abbreviation") not in _ABBREVIATIONS:
            raise ValueError(f"the zone {part('abbreviation')!r} in {clock[0].strip()!r} is not known")
        name, offset = _ABBREVIATIONS[part("abbreviation")]
        return _Zone(name, _zone_info(name), offset)
    return None


def _fixed_zone(offset: timedelta) -> _Zone:
    minutes = round(offset.total_seconds() / 60)
    written = f"{'+' if minutes > 0 else '-'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return _Zone(f"UTC{written}" if offset else "UTC", timezone(offset))


def _zone_info(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone; write an IANA name such as Europe/London") from None


def _resolve(text: str, wall: datetime, precision: Precision, stated: _Zone | None, zone: str | None) -> Stamp:
    """Return the stamp of a wall-clock time in the stated zone, else in the source's, else in UTC."""
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        raise ValueError(f"{text!r} is not a publication date: its year is outside {FIRST_YEAR}..{LAST_YEAR}")
    name, rules, hours = stated or _Zone(zone or "UTC", _zone_info(zone or "UTC"))
    basis = ZoneBasis.STATED if stated else ZoneBasis.SOURCE if zone else ZoneBasis.ASSUMED
    # They differ only where the clock was set back or forward.
    earlier, later = (wall.replace(tzinfo=rules, fold=fold) for fold in (0, 1))
    if precision is Precision.DAY:
        return Stamp(text, earlier.astimezone(UTC), wall, precision, name, basis)
    instants = sorted({earlier.astimezone(UTC), later.astimezone(UTC)})
    if hours is not None:
        agreeing = [at for at in instants if at.astimezone(rules).utcoffset() == timedelta(hours=hours)]
        # EST in July names a time that clocks in New York did not show.
        return Stamp(text, (agreeing or instants)[0], wall, precision, name, basis, ambiguous=not agreeing)
    return Stamp(text, instants[0], wall, precision, name, basis, ambiguous=len(instants) > 1)


def _parse_format(text: str, zone: str | None, date_format: str) -> Stamp:
    try:
        parsed = datetime.strptime(text, date_format)  # noqa: DTZ007 - `_resolve` gives it the stated or the source's zone
    except ValueError:
        raise ValueError(f"{text!r} is not written as date_format {date_format!r} says") from None
    seconds = any(code in date_format for code in ("%S", "%f", "%c", "%X", "%T"))
    minutes = any(code in date_format for code in ("%M", "%H", "%I", "%R"))
    precision = Precision.INSTANT if seconds else Precision.MINUTE if minutes else Precision.DAY
    offset = parsed.utcoffset()
    stated = None if offset is None else _fixed_zone(offset)
    return _resolve(text, parsed.replace(tzinfo=None), precision, stated, zone)


def _from_epoch(text: str, match: re.Match[str]) -> Stamp:
    seconds = float(match["seconds"]) if match["seconds"] else int(match["millis"]) / 1000
    wall = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    return _resolve(text, wall, Precision.INSTANT, _Zone("UTC", UTC), None)
