"""The text of a date -> `Stamp`: what it says, and how its zone is known.

The zone is stated in the text, else the source's configured one, else UTC and called assumed. Whether 01/02/2015 is
in January or in February is the source's setting; a date that contradicts the setting is refused, because the rows
that do not contradict it would be read wrongly in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from signals.types import Precision, Stamp, ZoneBasis

FIRST_YEAR, LAST_YEAR = 1980, 2100
_LONGEST = 300

_MISSING = frozenset({"", "-", "--", "null", "none", "nan", "nat", "n/a"})

# What an abbreviation means: an IANA name and, where the abbreviation says it, the offset in hours. Moscow's differed
# by year under one name. IST is India's, CST the American one: in market news the others are rare.
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
# A time may be glued to the year: 20232:26 PM.
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


def read_stamp(text: str, zone: str | None = None, dayfirst: bool = False, date_format: str | None = None) -> Stamp:
    """Read a publication stamp.

    Parameters
    ----------
    text
        The stamp as written, perhaps with words around it.
    zone
        IANA name of the source's zone, for a text that states none.
    dayfirst
        21/01/2015 is how the source writes a date. Years first, month names and dotted dates do not ask.
    date_format
        A `strptime` format, for a text that needs one; nothing else is then tried.

    Returns
    -------
    Stamp
        Its `zone` is an IANA name, or the offset as in ``UTC-04:00`` where the text states one.

    Raises
    ------
    ValueError
        In one sentence: no date, an impossible one, two different ones, an unknown zone, a year outside 1980..2100.
    """
    shown = " ".join(text.split())
    if shown.lower() in _MISSING:
        raise ValueError("there is no date")
    if len(shown) > _LONGEST:
        raise ValueError(f"{shown[:40]!r}... is too long to be a date")
    try:
        if date_format:
            return _by_format(shown, zone, date_format)
        if epoch := _EPOCH.fullmatch(shown):
            return _from_epoch(shown, epoch)
        if compact := _COMPACT.fullmatch(shown):
            return _read(shown, "{}T{}".format(*compact.groups()), zone, dayfirst)
        return _read(shown, shown, zone, dayfirst)
    except OverflowError:
        raise ValueError(f"{shown!r} is outside the calendar") from None


def spans(text: str) -> list[tuple[int, int]]:
    """Return where in a text something is written that looks like a date with or without a time."""
    return [(start, end) for start, end, _, _ in _written(text)]


def _read(shown: str, text: str, zone: str | None, dayfirst: bool) -> Stamp:
    found = [_stamp(shown, day, clock, zone, dayfirst) for _, _, day, clock in _written(text)]
    if not found:
        raise ValueError(f"no date can be read in {shown[:80]!r}")
    if all(stamp.precision is Precision.DAY for stamp in found) and _LOOSE_CLOCK.search(text):
        raise ValueError(f"{shown[:80]!r} holds a time that does not stand beside the date")
    for other in found[1:]:
        if other.at != found[0].at:
            raise ValueError(f"{shown!r} states two different dates")
    return found[0]


def _written(text: str) -> Iterator[tuple[int, int, re.Match[str], re.Match[str] | None]]:
    """Find dates with the times that belong to them: start, end, date, time."""
    at = 0
    while day := _DATE.search(text, at):
        start, end = day.span()
        clock = _TIME_AFTER.match(text, end)
        if clock:
            end = clock.end()
        else:
            clock = _TIME_BEFORE.search(text[at:start])
            start = at + clock.start() if clock else start
        yield start, end, day, clock
        at = end


def _stamp(shown: str, day: re.Match[str], clock: re.Match[str] | None, zone: str | None, dayfirst: bool) -> Stamp:
    try:
        wall = datetime.combine(_day(day, dayfirst), datetime.min.time())
        precision = Precision.DAY
        if clock:
            wall, precision = _at_time(wall, clock)
    except ValueError as error:
        raise ValueError(f"{shown!r} is not a date: {error}") from None
    stated = _stated_zone(clock) if clock else None
    return _placed(shown, wall, precision, stated, zone)


def _day(found: re.Match[str], dayfirst: bool) -> date:
    part = found.group
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


def _at_time(day: datetime, clock: re.Match[str]) -> tuple[datetime, Precision]:
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


def _stated_zone(clock: re.Match[str]) -> tuple[str, tzinfo, float | None] | None:
    part = clock.group
    if part("off_hour"):
        hours, minutes = int(part("off_hour")), int(part("off_minute") or 0)
        if hours > 15 or minutes > 59:
            raise ValueError(f"{clock[0].strip()!r} states an impossible offset from UTC")
        shift = timedelta(hours=hours, minutes=minutes) * (1 if part("sign") == "+" else -1)
        return ("UTC" + _offset_text(shift) if shift else "UTC"), timezone(shift), None
    if part("iana"):
        return part("iana"), _zone(part("iana")), None
    if part("abbreviation"):
        known = _ABBREVIATIONS.get(part("abbreviation"))
        if known is None:
            raise ValueError(f"the zone {part('abbreviation')!r} in {clock[0].strip()!r} is not known")
        return known[0], _zone(known[0]), known[1]
    return None


def _offset_text(shift: timedelta) -> str:
    minutes = round(shift.total_seconds() / 60)
    return f"{'+' if minutes > 0 else '-'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone; write an IANA name such as Europe/London") from None


def _placed(
    shown: str, wall: datetime, precision: Precision, stated: tuple[str, tzinfo, float | None] | None, zone: str | None
) -> Stamp:
    """Put a wall-clock time on the UTC line."""
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        raise ValueError(f"{shown!r} is not a publication date: its year is outside {FIRST_YEAR}..{LAST_YEAR}")
    name, where, hours = stated or (zone or "UTC", _zone(zone or "UTC"), None)
    basis = ZoneBasis.STATED if stated else ZoneBasis.SOURCE if zone else ZoneBasis.ASSUMED
    # Before and after a change of the clock; both are the same on all but a few hours of a year.
    before, after = (wall.replace(tzinfo=where, fold=fold) for fold in (0, 1))
    if precision is Precision.DAY:
        return Stamp(shown, before.astimezone(UTC), wall, precision, name, basis)
    readings = sorted({before.astimezone(UTC), after.astimezone(UTC)})
    if hours is not None:
        agreeing = [r for r in readings if r.astimezone(where).utcoffset() == timedelta(hours=hours)]
        # EST in July names a time that New York's clocks never showed.
        return Stamp(shown, (agreeing or readings)[0], wall, precision, name, basis, ambiguous=not agreeing)
    return Stamp(shown, readings[0], wall, precision, name, basis, ambiguous=len(readings) > 1)


def _by_format(shown: str, zone: str | None, date_format: str) -> Stamp:
    try:
        read = datetime.strptime(shown, date_format)  # noqa: DTZ007 - its zone is found below, or is the source's
    except ValueError:
        raise ValueError(f"{shown!r} is not written as date_format {date_format!r} says") from None
    seconds = any(code in date_format for code in ("%S", "%f", "%c", "%X", "%T"))
    minutes = any(code in date_format for code in ("%M", "%H", "%I", "%R"))
    precision = Precision.INSTANT if seconds else Precision.MINUTE if minutes else Precision.DAY
    shift = read.utcoffset()
    stated = None if shift is None else (("UTC" + _offset_text(shift)) if shift else "UTC", timezone(shift), None)
    return _placed(shown, read.replace(tzinfo=None), precision, stated, zone)


def _from_epoch(shown: str, found: re.Match[str]) -> Stamp:
    seconds = float(found["seconds"]) if found["seconds"] else int(found["millis"]) / 1000
    wall = datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    return _placed(shown, wall, Precision.INSTANT, ("UTC", UTC, None), None)
