"""Parse a stamp as its source writes it: by the zone, the order, the language and the format of its entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

from signals.news.timestamps import parse_stamp
from signals.types import NewsSpec, Precision, Stamp, ZoneBasis


def parse_source_stamp(text: str, spec: NewsSpec, *, with_format: bool = False) -> Stamp:
    """Return the stamp that a text of a source states; raises ValueError as `parse_stamp` does.

    `date_format` of the entry holds for records and feeds only, whose stamps have a place of their own.
    """
    dialect = spec.dialect
    date_format = dialect.date_format if with_format else None

    def parse(zone: str | None) -> Stamp:
        return parse_stamp(text, zone, dialect.dayfirst, date_format, spec.language)

    if not spec.zones:
        return parse(dialect.timezone)
    stamp = parse(spec.zones[0].zone)
    return stamp if stamp.basis is ZoneBasis.STATED else parse(zone_on(spec, stamp.wall.date()))


def stamps_are_days(spec: NewsSpec, stamps: Sequence[Stamp]) -> bool:
    """Return whether the midnights of a file are days: as its entry says, else if all of its stamps are midnights.

    A single midnight is one by chance once in a day of seconds, and two of different days in 7 billion.
    """
    if spec.midnight is not None:
        return spec.midnight == "day"
    timed = [stamp for stamp in stamps if stamp.precision is not Precision.DAY]
    return bool(timed) and all(stamp.wall.time() == time.min for stamp in timed)


def as_day(stamp: Stamp) -> Stamp:
    """Return a stamp at midnight as that of the day; any other one unchanged.

    A day begins in the zone in which the stamp is written; what follows of it is a lower bound and no instant.
    """
    is_midnight = stamp.wall.time() == time.min
    return replace(stamp, precision=Precision.DAY, others=(), ambiguous=False) if is_midnight else stamp


def zone_on(spec: NewsSpec, day: date) -> str | None:
    """Return the zone in which a source wrote the times of a day; None if its entry names none."""
    begun = [entry.zone for entry in spec.zones if entry.since is None or entry.since <= day]
    return begun[-1] if begun else spec.zones[0].zone if spec.zones else spec.dialect.timezone
