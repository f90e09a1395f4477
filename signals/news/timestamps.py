"""Parse the text of a date to a `Stamp`, which records how its time zone is known.

The zone is the one stated in the text, else that of the source's configuration, else UTC, recorded as assumed. The
source's `dayfirst` decides whether 01/02/2015 is in January or in February. A date that contradicts the setting is
rejected, because other dates of the source would silently be parsed wrongly. So is a text in which words that are not
understood follow a time without a zone: they may be one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from signals.news.date_grammar import DateMatch, add_time, dates, day_of
from signals.news.date_text import fold
from signals.news.zone_names import (
    StatedZone,
    fixed_zone,
    leading_zone,
    rival_zones,
    stated_offset,
    stated_zone,
    zone_rules,
)
from signals.types import Precision, Stamp, ZoneBasis

FIRST_YEAR, LAST_YEAR = 1980, 2100
_MAX_LENGTH = 300

_MISSING = frozenset({"", "-", "--", "null", "none", "nan", "nat", "n/a"})
_LOOSE_TIME = re.compile(r"(?<![\d:])\d{1,2}:\d\d(?![\d:])|\d\s?[ap]\.?m\b")
_HARMLESS = re.compile(r"[\s)\].,;|·•]*+(?:(?:г|р)\.|года|року)?[\s)\].,;|·•]*+\Z")
_COMMENT = re.compile(r"\(([^()]*)\)")
_MAYBE_ZONE = re.compile(r"[A-Z]{2,5}|\d|time")
_DIGIT = re.compile(r"\d")
_EPOCH = re.compile(r"(?P<whole>\d{9,10}|\d{13}|\d{16}|\d{19})(?:\.(?P<rest>\d+))?")
_SCIENTIFIC = re.compile(r"\d\.\d+[eE]\+?(?:9|12|15|18)")
_ISO = re.compile(
    r"\d{4}-\d\d-\d\d[T ](?:[01]\d|2[0-3]):\d\d(?P<second>:[0-5]\d(?:\.\d{1,6})?)?(?:Z|[+-](?:0\d|1[0-5]):[0-5]\d)?",
    re.ASCII,
)
_COMPACT = re.compile(r"(\d{8})(\d{4}(?:\d\d)?)")


def parse_stamp(
    text: str,
    zone: str | None = None,
    dayfirst: bool = False,
    date_format: str | None = None,
    language: str | None = None,
) -> Stamp:
    """Return the publication stamp that a text states.

    Parameters
    ----------
    text
        The stamp as written, possibly behind other words.
    zone
        IANA name of the source's zone, for a text that states none.
    dayfirst
        The source writes the day before the month, as in 21/01/2015. It does not affect dates that begin with a year,
        name the month or are separated by dots.
    date_format
        A `strptime` format; if given, no other form is accepted.
    language
        Code of the source's language, for names that are different months in different languages.

    Returns
    -------
    Stamp
        Its `zone` is an IANA name, or an offset such as ``UTC-04:00`` if the text states one. Its `others` are the
        other readings of a zone that can be read in two ways.

    Raises
    ------
    ValueError
        The text holds no date, an impossible one, two different ones, an unknown zone, words that are not understood
        behind a time without a zone, or a year outside 1980..2100.
    """
    if not date_format and (iso := _ISO.fullmatch(text)):
        return _from_iso(text, iso, zone)
    text = " ".join(text.split())
    if text.lower() in _MISSING:
        raise ValueError("there is no date")
    if len(text) > _MAX_LENGTH:
        raise ValueError(f"{text[:40]!r}... is too long for a date")
    if date_format:
        return _parse_format(text, zone, date_format)
    if epoch := _EPOCH.fullmatch(fold(text)):
        return _from_epoch(text, int(epoch["whole"]), epoch["rest"] or "0")
    if _SCIENTIFIC.fullmatch(text):
        return _from_epoch(text, int(float(text)), "0")
    searched = "{}T{}".format(*compact.groups()) if (compact := _COMPACT.fullmatch(text)) else _without_comments(text)
    return _parse(text, searched, zone, dayfirst, language)


def date_spans(text: str) -> list[tuple[int, int]]:
    """Return the start and end of each date, with the time and zone that belong to it, in a text."""
    return [(match.start, match.end) for match in dates(text, fold(text))]


def _from_iso(text: str, match: re.Match[str], zone: str | None) -> Stamp:
    """Return the stamp of the form that most archives have, without the search for others."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date: {error}") from None
    offset = parsed.utcoffset()
    precision = Precision.INSTANT if match["second"] else Precision.MINUTE
    stated = None if offset is None else fixed_zone(offset)
    return _resolve(text, parsed.replace(tzinfo=None), precision, stated, zone)


def _without_comments(text: str) -> str:
    """Return a stamp without comments in brackets (RFC 5322) that stand before its time and are no zones."""
    time_at = text.find(":") if ":" in text else len(text)
    last_word = next((n for n in range(len(text) - 1, -1, -1) if text[n].isalnum()), -1)

    def cut(comment: re.Match[str]) -> str:
        is_before = comment.start() <= time_at and comment.end() <= last_word
        return " " if is_before and not _MAYBE_ZONE.search(comment[1]) else comment[0]

    return " ".join(_COMMENT.sub(cut, text).split())


def _parse(text: str, searched: str, zone: str | None, dayfirst: bool, language: str | None) -> Stamp:
    """Return the stamp that `searched` states; `text` is the stamp as written."""
    folded = fold(searched)
    matches = list(dates(searched, folded))
    stamps = []
    for match in matches:
        try:
            stamps.append(_stamp(text, searched, match, zone, dayfirst, language))
        except ValueError as error:
            raise ValueError(f"{text!r} is not a date: {error}") from None
    if stamps and not _understood(searched[matches[-1].end :], stamps[-1]):
        problem = "the words after the time are not understood, and may name a zone"
        raise ValueError(f"{text[:80]!r}: {problem}; correct it, or set `date_format`")
    if not stamps:
        raise ValueError(f"there is no date in {text[:80]!r}")
    loose = _LOOSE_TIME.search(_around(folded, matches)) or _DIGIT.search(folded, matches[-1].end)
    if loose and all(stamp.precision is Precision.DAY for stamp in stamps):
        raise ValueError(f"{text[:80]!r} holds a time that is not next to the date")
    for other in stamps[1:]:
        if other.at != stamps[0].at:
            raise ValueError(f"{text!r} states two different dates")
    return stamps[0]


def _around(folded: str, matches: list[DateMatch]) -> str:
    """Return a text without the dates in it."""
    for match in matches:
        folded = folded[: match.start] + " " * (match.end - match.start) + folded[match.end :]
    return folded


def _understood(rest: str, stamp: Stamp) -> bool:
    """Return whether nothing behind a stamp can be the zone that it lacks."""
    has_time = stamp.precision is not Precision.DAY
    return not has_time or stamp.basis is ZoneBasis.STATED or bool(_HARMLESS.match(rest))


def _stamp(text: str, searched: str, match: DateMatch, zone: str | None, dayfirst: bool, language: str | None) -> Stamp:
    wall, precision = datetime.combine(day_of(match.day, dayfirst, language), datetime.min.time()), Precision.DAY
    if match.clock:
        wall, precision = add_time(wall, match.clock)
    stated = stated_zone(match.zone, searched, zone) if match.zone else leading_zone(searched[: match.start])
    if match.zone and not stated:
        raise ValueError(f"{match.zone['zone'].strip()!r} beside the time is not understood, and may name a zone")
    return _resolve(text, wall, precision, stated, zone)


def _resolve(text: str, wall: datetime, precision: Precision, stated: StatedZone | None, zone: str | None) -> Stamp:
    """Return the stamp of a wall-clock time in the stated zone, else in the source's, else in UTC."""
    if not FIRST_YEAR <= wall.year <= LAST_YEAR:
        raise ValueError(f"{text!r} is not a publication date: its year is outside {FIRST_YEAR}..{LAST_YEAR}")
    basis = ZoneBasis.STATED if stated else ZoneBasis.SOURCE if zone else ZoneBasis.ASSUMED
    read_in = stated or StatedZone(zone or "UTC", zone_rules(zone or "UTC"))
    stamp = _in_zone(text, wall, precision, read_in, basis)
    if precision is Precision.DAY or not stated:
        return stamp
    others = [_in_zone(text, wall, precision, rival, basis) for rival in rival_zones(stated)]
    if stated.doubtful:
        others.append(_in_zone(text, wall, precision, StatedZone(zone or "UTC", zone_rules(zone or "UTC")), basis))
    offset = stated_offset(stated, wall)
    if offset is not None:
        at = (wall - offset).replace(tzinfo=UTC)
        by_clock, fixed = stamp, fixed_zone(offset)
        agrees = at.astimezone(stated.rules).utcoffset() == offset
        stamp = replace(stamp, at=at, ambiguous=not agrees, zone=stated.name if agrees else fixed.name)
        # EST in July names a time that clocks in New York did not show: many write it for their clock.
        others += [] if agrees else [by_clock]
    return replace(stamp, others=tuple(other for other in others if other.at != stamp.at))


def _in_zone(text: str, wall: datetime, precision: Precision, zone: StatedZone, basis: ZoneBasis) -> Stamp:
    """Return the stamp that a clock in a zone showed; of two instants the earlier one."""
    # They differ only where the clock was set back or forward.
    earlier, later = (wall.replace(tzinfo=zone.rules, fold=fold).astimezone(UTC) for fold in (0, 1))
    if precision is Precision.DAY:
        return Stamp(text, earlier, wall, precision, zone.name, basis)
    return Stamp(text, min(earlier, later), wall, precision, zone.name, basis, ambiguous=earlier != later)


def _parse_format(text: str, zone: str | None, date_format: str) -> Stamp:
    try:
        parsed = datetime.strptime(text, date_format)  # noqa: DTZ007 - `_resolve` gives it the stated or the source's zone
    except ValueError:
        raise ValueError(f"{text!r} is not written as date_format {date_format!r} says") from None
    seconds = any(code in date_format for code in ("%S", "%f", "%c", "%X", "%T"))
    minutes = any(code in date_format for code in ("%M", "%H", "%I", "%R"))
    precision = Precision.INSTANT if seconds else Precision.MINUTE if minutes else Precision.DAY
    offset = parsed.utcoffset()
    stated = None if offset is None else fixed_zone(offset)
    return _resolve(text, parsed.replace(tzinfo=None), precision, stated, zone)


def _from_epoch(text: str, whole: int, rest: str) -> Stamp:
    """Return the stamp of a count of seconds, or by its length of milli-, micro- or nanoseconds, since 1970."""
    scale = 10 ** max(len(str(whole)) - 10, 0) if whole >= 10**10 else 1
    micro = int(rest.ljust(6, "0")[:6]) if scale == 1 else whole % scale * 1_000_000 // scale
    wall = datetime.fromtimestamp(whole // scale, UTC).replace(tzinfo=None, microsecond=micro)
    return _resolve(text, wall, Precision.INSTANT, fixed_zone(timedelta()), None)
