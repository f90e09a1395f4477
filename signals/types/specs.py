"""Entries of `news:` and `prices:` in the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, time
from enum import StrEnum
from typing import Literal

from signals.redacting import without_secrets

# pydantic reads this attribute of a plain dataclass; it makes an unknown key of config.yaml an error.
STRICT = {"extra": "forbid"}


def _without_secrets(value: object) -> object:
    """Return a value of an entry as it may be shown."""
    if isinstance(value, str):
        return without_secrets(value)
    return tuple(map(_without_secrets, value)) if isinstance(value, tuple) else value


def _text(entry: NewsSpec | PriceSpec) -> str:
    """Return the text of an entry as a dataclass has it; digests of entries without an address depend on it."""
    values = (f"{each.name}={_without_secrets(getattr(entry, each.name))!r}" for each in fields(entry))
    return f"{type(entry).__qualname__}({', '.join(values)})"


class Keep(StrEnum):
    """How much of an article's text may stay stored: all, the title and what names an instrument, or the title."""

    BODY = "body"
    EVIDENCE = "evidence"
    HEADLINE = "headline"


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """How a delimited file is written. Cells are read as text, then `thousands`, `decimal` and K/M/B endings apply."""

    __pydantic_config__ = STRICT

    delimiter: str = ","
    encoding: str = "utf-8-sig"
    decimal: str = "."
    thousands: str = ""
    header: bool = True
    date_format: str | None = None
    dayfirst: bool = False
    timezone: str | None = None
    columns: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ZoneSince:
    """The zone in which a source wrote its times from a day on; without a day, from its first one on."""

    __pydantic_config__ = STRICT

    zone: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class NewsSpec:
    """One entry of `news:` in the configuration.

    `delay` is in seconds between two requests to one host. `symbols` are a vendor's spellings of what to ask it for.
    `zones` is a `timezone` that is given as a list. `midnight` says what stamps at 00:00:00 of a file are: instants or
    days; None leaves it to the file, all of whose stamps are then midnights if they are days.
    `records` is the path of the list of records in a reply.
    """

    __pydantic_config__ = STRICT

    name: str
    kind: str
    path: str | None = None
    url: str | None = None
    urls: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    publisher: str = ""
    known_at: Literal["fetched", "published"] = "fetched"
    keep: Keep = Keep.BODY
    records: str | None = None
    tag_separator: str | None = None
    tag_template: str | None = None
    tag_case: Literal["exact", "ignore"] = "exact"
    dialect: CsvDialect = CsvDialect()
    max_bytes: int = 20_000_000
    timeout: float = 20.0
    delay: float = 1.0
    robots: bool = True
    user_agent: str | None = None
    base_url: str | None = None
    language: str | None = None
    midnight: Literal["instant", "day"] | None = None
    zones: tuple[ZoneSince, ...] = ()

    def __repr__(self) -> str:
        """Show the entry without the secrets of its addresses."""
        return _text(self)


@dataclass(frozen=True, slots=True)
class ActionsSpec:
    """A file of dividends and splits that goes with a file of prices."""

    __pydantic_config__ = STRICT

    path: str
    columns: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a price source has to know of an instrument that it serves.

    Attributes
    ----------
    zone
        The IANA zone of its market.
    weekdays_only
        Whether its market rests on two days of the week.
    quoted_in
        The code of the unit of its prices: a currency, or a part of one such as GBp.
    """

    zone: str
    weekdays_only: bool = True
    quoted_in: str = ""


@dataclass(frozen=True, slots=True)
class PriceSpec:
    """One entry of `prices:` in the configuration.

    `records` is the path of the list of records in a JSON file. `synonyms` are further names that a column may have,
    each where the file has it; `columns` are names that it must have. `listings` are the instruments that the source
    serves by their symbols; they come from `instruments`, not from the entry.
    """

    __pydantic_config__ = STRICT

    name: str
    kind: str
    path: str | None = None
    interval: str = "1d"
    close_time: time | None = None
    scale: float = 1.0
    volume_scale: float = 1.0
    split_adjusted: bool | None = None
    duplicates: Literal["refuse", "last"] = "refuse"
    actions: ActionsSpec | None = None
    base_url: str | None = None
    timeout: float = 20.0
    delay: float | None = None
    at_once: int | None = None
    records: str | None = None
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dialect: CsvDialect = CsvDialect()
    listings: Mapping[str, Listing] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Show the entry without the secrets of its address."""
        return _text(self)
