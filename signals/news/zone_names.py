"""Look up time zones as articles write them: abbreviations, offsets, and words such as `Eastern Daylight Time`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from signals.news.date_text import fold
from signals.news.month_names import WEEKDAYS


class StatedZone(NamedTuple):
    """A zone stated in a text.

    Attributes
    ----------
    name, rules
        Its name and rules.
    hours
        The offset from UTC that an abbreviation states, in hours; None if it states none.
    season
        ``standard`` or ``daylight``, if words state one.
    rivals
        IANA names of the other meanings of the same abbreviation.
    doubtful
        The words may be no zone at all, as a bare name of a city.
    """

    name: str
    rules: tzinfo
    hours: float | None = None
    season: str = ""
    rivals: tuple[str, ...] = ()
    doubtful: bool = False


_NEW_YORK, _LONDON, _BERLIN, _MOSCOW = "America/New_York", "Europe/London", "Europe/Berlin", "Europe/Moscow"

# The IANA name of an abbreviation and, where it states one, the offset from UTC in hours. MSK has had several offsets.
_ABBREVIATIONS: dict[str, tuple[str, float | None]] = {
    "Z": ("UTC", None), "UT": ("UTC", None), "UTC": ("UTC", None), "GMT": ("UTC", None),
    "ET": (_NEW_YORK, None), "EST": (_NEW_YORK, -5), "EDT": (_NEW_YORK, -4),
    "CT": ("America/Chicago", None), "CST": ("America/Chicago", -6), "CDT": ("America/Chicago", -5),
    "MT": ("America/Denver", None), "MST": ("America/Denver", -7), "MDT": ("America/Denver", -6),
    "PT": ("America/Los_Angeles", None), "PST": ("America/Los_Angeles", -8), "PDT": ("America/Los_Angeles", -7),
    "AKST": ("America/Anchorage", -9), "AKDT": ("America/Anchorage", -8), "HST": ("Pacific/Honolulu", -10),
    "AST": ("America/Halifax", -4), "ADT": ("America/Halifax", -3), "NST": ("America/St_Johns", -3.5),
    "NDT": ("America/St_Johns", -2.5), "BRT": ("America/Sao_Paulo", -3), "BRST": ("America/Sao_Paulo", -2),
    "ART": ("America/Argentina/Buenos_Aires", -3), "CLT": ("America/Santiago", -4), "CLST": ("America/Santiago", -3),
    "COT": ("America/Bogota", -5), "PET": ("America/Lima", -5), "UYT": ("America/Montevideo", -3),
    "BST": (_LONDON, 1), "WET": ("Europe/Lisbon", 0), "WEST": ("Europe/Lisbon", 1),
    "CET": (_BERLIN, 1), "CEST": (_BERLIN, 2), "MET": (_BERLIN, 1), "MEST": (_BERLIN, 2), "MEZ": (_BERLIN, 1),
    "MESZ": (_BERLIN, 2), "HNEC": (_BERLIN, 1), "HAEC": (_BERLIN, 2), "EET": ("Europe/Helsinki", 2),
    "EEST": ("Europe/Helsinki", 3), "MSK": (_MOSCOW, None), "MSD": (_MOSCOW, None), "МСК": (_MOSCOW, None),
    "TRT": ("Europe/Istanbul", 3), "TSI": ("Europe/Istanbul", None), "IDT": ("Asia/Jerusalem", 3),
    "IST": ("Asia/Kolkata", None), "PKT": ("Asia/Karachi", 5), "NPT": ("Asia/Kathmandu", None),
    "HKT": ("Asia/Hong_Kong", None), "SGT": ("Asia/Singapore", None), "MYT": ("Asia/Kuala_Lumpur", 8),
    "PHT": ("Asia/Manila", 8), "WIB": ("Asia/Jakarta", 7), "WITA": ("Asia/Makassar", 8), "WIT": ("Asia/Jayapura", 9),
    "ICT": ("Asia/Bangkok", 7), "JST": ("Asia/Tokyo", None), "KST": ("Asia/Seoul", None), "GST": ("Asia/Dubai", 4),
    "YEKT": ("Asia/Yekaterinburg", None), "VLAT": ("Asia/Vladivostok", None), "SAST": ("Africa/Johannesburg", None),
    "EAT": ("Africa/Nairobi", 3), "WAT": ("Africa/Lagos", 1), "CAT": ("Africa/Maputo", 2),
    "AET": ("Australia/Sydney", None), "AEST": ("Australia/Sydney", 10), "AEDT": ("Australia/Sydney", 11),
    "ACST": ("Australia/Adelaide", 9.5), "ACDT": ("Australia/Adelaide", 10.5), "AWST": ("Australia/Perth", 8),
    "NZT": ("Pacific/Auckland", None), "NZST": ("Pacific/Auckland", 12), "NZDT": ("Pacific/Auckland", 13),
}  # fmt: skip
# Other meanings: the common ones make a stamp doubtful, all of them hold for a source whose zone is one of them.
_COMMON_RIVALS = {
    "IST": ("Asia/Jerusalem", "Europe/Dublin"), "CST": ("Asia/Shanghai",), "AST": ("Asia/Riyadh",),
}  # fmt: skip
_RIVALS = {
    **_COMMON_RIVALS,
    "CST": ("Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong"),
    "EST": ("Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane"),
    "EDT": ("Australia/Sydney", "Australia/Melbourne"),
    "PST": ("Asia/Manila",),
    "BST": ("Asia/Dhaka",),
    "MST": ("Asia/Kuala_Lumpur", "Asia/Yangon"),
}
_NOT_ZONES = frozenset({"AP", "AFP", "DPA", "UPI", "EFE", "ANSA", "TASS", "IANS", "PTI", "ANI", "RTRS", "DJ", "DJN"})

# Words that name a zone with or without `time` behind them, folded.
_REGIONS = {
    "eastern": _NEW_YORK, "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "alaska": "America/Anchorage", "hawaii": "Pacific/Honolulu",
    "atlantic": "America/Halifax", "newfoundland": "America/St_Johns",
}  # fmt: skip
_PHRASES = {
    **_REGIONS,
    **{f"{prefix} {name}": zone for name, zone in _REGIONS.items() for prefix in ("us", "u.s.", "n.y.", "american")},
    "central european": _BERLIN, "eastern european": "Europe/Helsinki", "western european": "Europe/Lisbon",
    "british": _LONDON, "uk": _LONDON, "u.k.": _LONDON, "greenwich mean": "UTC", "coordinated universal": "UTC",
    "universal": "UTC", "india": "Asia/Kolkata", "indian": "Asia/Kolkata", "israel": "Asia/Jerusalem",
    "japan": "Asia/Tokyo", "japanese": "Asia/Tokyo", "korea": "Asia/Seoul", "korean": "Asia/Seoul",
    "china": "Asia/Shanghai", "hong kong": "Asia/Hong_Kong", "singapore": "Asia/Singapore",
    "australian eastern": "Australia/Sydney", "australian central": "Australia/Adelaide",
    "australian western": "Australia/Perth", "new zealand": "Pacific/Auckland", "south africa": "Africa/Johannesburg",
    "south african": "Africa/Johannesburg", "gulf": "Asia/Dubai", "brasilia": "America/Sao_Paulo",
    "brazil": "America/Sao_Paulo", "argentina": "America/Argentina/Buenos_Aires", "pakistan": "Asia/Karachi",
    "philippine": "Asia/Manila", "russian": _MOSCOW, "turkey": "Europe/Istanbul", "turkish": "Europe/Istanbul",
    "arabian": "Asia/Riyadh", "arabia": "Asia/Riyadh", "saudi": "Asia/Riyadh",
}  # fmt: skip
_CITIES = {
    "new york": _NEW_YORK, "new york city": _NEW_YORK, "nyc": _NEW_YORK, "washington": _NEW_YORK, "boston": _NEW_YORK,
    "toronto": "America/Toronto", "chicago": "America/Chicago", "denver": "America/Denver",
    "los angeles": "America/Los_Angeles", "san francisco": "America/Los_Angeles", "london": _LONDON,
    "frankfurt": _BERLIN, "berlin": _BERLIN, "munich": _BERLIN, "paris": "Europe/Paris", "zurich": "Europe/Zurich",
    "geneva": "Europe/Zurich", "madrid": "Europe/Madrid", "milan": "Europe/Rome", "rome": "Europe/Rome",
    "amsterdam": "Europe/Amsterdam", "brussels": "Europe/Brussels", "vienna": "Europe/Vienna",
    "stockholm": "Europe/Stockholm", "oslo": "Europe/Oslo", "copenhagen": "Europe/Copenhagen",
    "helsinki": "Europe/Helsinki", "warsaw": "Europe/Warsaw", "kyiv": "Europe/Kyiv", "kiev": "Europe/Kyiv",
    "moscow": _MOSCOW, "istanbul": "Europe/Istanbul", "dubai": "Asia/Dubai", "riyadh": "Asia/Riyadh",
    "tel aviv": "Asia/Jerusalem", "mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata", "new delhi": "Asia/Kolkata",
    "beijing": "Asia/Shanghai", "shanghai": "Asia/Shanghai", "taipei": "Asia/Taipei", "tokyo": "Asia/Tokyo",
    "seoul": "Asia/Seoul", "sydney": "Australia/Sydney", "melbourne": "Australia/Melbourne",
    "sao paulo": "America/Sao_Paulo", "johannesburg": "Africa/Johannesburg",
}  # fmt: skip
# Whole phrases of other languages, folded.
_FOREIGN = {
    "по московскому времени": _MOSCOW, "московского времени": _MOSCOW, "московское время": _MOSCOW,
    "по москве": _MOSCOW, "по мск": _MOSCOW, "мск": _MOSCOW, "по киеву": "Europe/Kyiv",
    "по киевскому времени": "Europe/Kyiv", "за києвом": "Europe/Kyiv", "за київським часом": "Europe/Kyiv",
    "mitteleuropaische zeit": _BERLIN, "mitteleuropaischer zeit": _BERLIN, "heure de paris": "Europe/Paris",
    "hora de madrid": "Europe/Madrid", "hora peninsular": "Europe/Madrid", "ora italiana": "Europe/Rome",
    "hora de brasilia": "America/Sao_Paulo", "horario de brasilia": "America/Sao_Paulo",
    "北京时间": "Asia/Shanghai", "北京時間": "Asia/Shanghai", "日本時間": "Asia/Tokyo", "香港时间": "Asia/Hong_Kong",
    "香港時間": "Asia/Hong_Kong", "台北時間": "Asia/Taipei", "한국시간": "Asia/Seoul", "한국 시간": "Asia/Seoul",
    "美东时间": _NEW_YORK, "美東時間": _NEW_YORK, "纽约时间": _NEW_YORK,
}  # fmt: skip
_FOREIGN = {fold(name): zone for name, zone in _FOREIGN.items()}


def _alternation(names: dict[str, str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_NO_LETTERS = "|".join(sorted(set(WEEKDAYS.split()) - {name.lower() for name in _ABBREVIATIONS}))
_SEASON = r"(?:\s(?P<season>standard|daylight|summer|winter))?"
#: A zone in a folded text, from the sign, the letters or the words that begin it.
ZONE = (
    r"(?:(?:(?P<base>utc|gmt)\s?)?(?P<sign>[+-])(?P<off>\d{1,2}:?\d\d|\d{1,2})(?![\d:])"
    r"|(?P<iana>[a-z]+(?:/[a-z][a-z_]*(?:[+-]\d{1,2})?){1,2})(?!\w)"
    rf"|(?P<foreign>{_alternation(_FOREIGN)})(?![^\W\d_])"
    rf"|(?P<words>{_alternation(_PHRASES | _CITIES)}){_SEASON}(?P<time>\s(?:local\s)?time)?(?!\w)"
    r"|(?P<place>(?:[a-z.]+\s){1,3}time)(?!\w)"
    rf"|(?!(?:{_NO_LETTERS})(?!\w))(?P<letters>(?:[a-z]\.){{2,4}}|[a-zмск]{{1,5}})(?!\w))"
)
_LEADING = re.compile(rf"(?P<foreign>{_alternation(_FOREIGN)})[\s:,]*\Z")
_AREAS = ("Europe", "America", "Asia", "Africa", "Australia", "Pacific", "Atlantic", "Indian")
_OFFSET_AFTER = re.compile(r"\s?[+-]\d")
_AT_END = re.compile(r"\s*+[)\].,;]*+\s*+(?:\Z|[|·•–—])")
# The sense of ISO 8601 and of navigation: A is an hour ahead of UTC. J is no zone.
_MILITARY = {letter: hours for hours, letter in enumerate("ABCDEFGHIKLM", 1)}
_MILITARY |= {letter: -hours for hours, letter in enumerate("NOPQRSTUVWXY", 1)}


def stated_zone(match: re.Match[str], text: str, home: str | None) -> StatedZone | None:
    """Return the zone that a match of `ZONE` in a folded text names; None if its words are no zone.

    Parameters
    ----------
    match
        The match.
    text
        The text before folding.
    home
        The zone of the source, which decides between the meanings of an abbreviation.

    Raises
    ------
    ValueError
        It has the form of a zone and is not known.
    """
    ends_text = bool(_AT_END.match(text, match.end("zone")))
    if match["sign"]:
        return _offset(match, ends_text)
    if _OFFSET_AFTER.match(text, match.end("zone")):  # as in MSK+2
        raise ValueError(f"the zone {text[match.start('zone') :].strip()[:16]!r} is not known; set `date_format`")
    if match["iana"]:
        name = text[slice(*match.span("iana"))]
        return StatedZone(name, zone_rules(name))
    if match["foreign"]:
        return _named(_FOREIGN[match["foreign"]])
    if match["words"]:
        return _words(match, text, ends_text)
    if match["place"]:
        return _place(match["place"])
    return _abbreviation(text[slice(*match.span("letters"))].replace(".", ""), home, ends_text)


def names_zone(match: re.Match[str], text: str) -> bool:
    """Return whether a match of `ZONE` names a zone or has the form of one."""
    try:
        return stated_zone(match, text, None) is not None
    except ValueError:
        return True


def leading_zone(words: str) -> StatedZone | None:
    """Return the zone that the last words before a date name, as in 北京时间2024年6月5日; None if they name none."""
    match = _LEADING.search(fold(words)) if words else None
    return _named(_FOREIGN[match["foreign"]]) if match else None


def fixed_zone(offset: timedelta) -> StatedZone:
    """Return the zone of an offset from UTC, named as in ``UTC-04:00``."""
    minutes = round(offset.total_seconds() / 60)
    written = f"{'+' if minutes > 0 else '-'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return StatedZone(f"UTC{written}" if offset else "UTC", timezone(offset))


def zone_rules(name: str) -> ZoneInfo:
    """Return the rules of an IANA zone; raises ValueError for any other name."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone; write an IANA name such as Europe/London") from None


def stated_offset(zone: StatedZone, wall: datetime) -> timedelta | None:
    """Return the offset that an abbreviation or the word for a season states at a wall-clock time; None for none."""
    if zone.hours is not None:
        return timedelta(hours=zone.hours)
    if not zone.season:
        return None
    offsets = [wall.replace(month=month, day=1, tzinfo=zone.rules).utcoffset() or timedelta() for month in (1, 7)]
    return min(offsets) if zone.season == "standard" else min(offsets) + timedelta(hours=1)


def rival_zones(zone: StatedZone) -> Iterator[StatedZone]:
    """Yield the other zones that the letters of a stated one may mean."""
    yield from map(_named, zone.rivals)


def _named(name: str) -> StatedZone:
    return StatedZone(name, zone_rules(name))


def _offset(match: re.Match[str], ends_text: bool) -> StatedZone | None:
    digits = match["off"].replace(":", "")
    if len(digits) == 1 and not match["base"] and not ends_text:
        return None
    hours, minutes = (int(digits), 0) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 15 or minutes > 59:
        raise ValueError(f"{match[0].strip()!r} states an impossible offset from UTC")
    return fixed_zone(timedelta(hours=hours, minutes=minutes) * (1 if match["sign"] == "+" else -1))


def _words(match: re.Match[str], text: str, ends_text: bool) -> StatedZone | None:
    words, is_city = match["words"], match["words"] in _CITIES
    in_brackets = text[: match.start("words")].rstrip().endswith(("(", "["))
    if not match["time"] and not in_brackets and (is_city or words not in _PHRASES) and not ends_text:
        return None
    if not match["time"] and words not in _PHRASES and not is_city:
        return None
    zone = _named(_CITIES[words] if is_city else _PHRASES[words])
    season = {"summer": "daylight", "winter": "standard"}.get(match["season"] or "", match["season"] or "")
    if zone.name == "UTC" or (season == "standard" and words in ("moscow", "russian", "turkey", "turkish")):
        season = ""
    doubtful = is_city and not match["time"] and not in_brackets
    return zone._replace(season=season, doubtful=doubtful)


def _place(phrase: str) -> StatedZone:
    """Return the zone of a place that is the name of an IANA zone, as in `Vladivostok time`."""
    place = phrase.removesuffix(" time").removesuffix(" local")
    name = "_".join(word.capitalize() for word in place.split())
    for area in _AREAS:
        try:
            return StatedZone(f"{area}/{name}", ZoneInfo(f"{area}/{name}"))
        except (KeyError, ValueError, OSError):
            continue
    raise ValueError(f"the zone {phrase!r} is not known; write `timezone` and `date_format`, or correct it")


def _abbreviation(letters: str, home: str | None, ends: bool) -> StatedZone | None:
    name = letters.upper()
    if len(name) == 1 and name != "Z":
        return _military(name) if letters == name and ends and name in _MILITARY else None
    if name not in _ABBREVIATIONS:
        if letters == name and name not in _NOT_ZONES:
            raise ValueError(f"the zone {letters!r} is not known")
        return None
    if letters != name and not ends:
        return None  # `et` is a French word
    zone, hours = _ABBREVIATIONS[name]
    if home in _RIVALS.get(name, ()):
        return _named(home or "UTC")
    rivals = () if home == zone else _COMMON_RIVALS.get(name, ())
    return StatedZone(zone, zone_rules(zone), hours, "", rivals)


def _military(letter: str) -> StatedZone:
    """Return the zone of a military letter; RFC 822 defined them with the wrong sign, so that both may be meant."""
    hours = _MILITARY[letter]
    # The signs of Etc are those of RFC 822: Etc/GMT+1 is an hour behind UTC.
    return fixed_zone(timedelta(hours=hours))._replace(rivals=(f"Etc/GMT{hours:+}",))
