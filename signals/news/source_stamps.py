"""Parse a stamp as its source writes it: by the zone, the order, the language and the format of its entry."""

from __future__ import annotations

from datetime import date

from signals.news.timestamps import parse_stamp
from signals.types import NewsSpec, Stamp, ZoneBasis


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


def zone_on(spec: NewsSpec, day: date) -> str | None:
    """Return the zone in which a source wrote the times of a day; None if its entry names none."""
    begun = [entry.zone for entry in spec.zones if entry.since is None or entry.since <= day]
    return begun[-1] if begun else spec.zones[0].zone if spec.zones else spec.dialect.timezone
