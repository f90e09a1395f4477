"""Build articles and instruments in one line each."""

from __future__ import annotations

from datetime import UTC, datetime

from signals.types import Alias, Article, Instrument, Precision, Scheme, Stamp, Tag, ZoneBasis


def article(title: str = "", body: str = "", *tags: str | Tag, on: str = "2015-01-21") -> Article:
    wall = datetime.fromisoformat(on)
    at = wall.replace(tzinfo=UTC)
    stamp = Stamp(on, at, wall, Precision.MINUTE, "UTC", ZoneBasis.STATED)
    page_tags = tuple(tag if isinstance(tag, Tag) else Tag(tag) for tag in tags)
    return Article("test", "1", title, body, stamp, at, "digest", tags=page_tags)


def instrument(ticker: str, name: str, mic: str = "XNYS", *aliases: Alias | str) -> Instrument:
    alias_values = tuple(alias if isinstance(alias, Alias) else Alias(alias) for alias in aliases)
    return Instrument(ticker, name, mic, "USD", aliases=alias_values)


GAZPROM = instrument("GAZP", "Gazprom", "MISX", Alias("MM:GAZP", Scheme.EXCHANGE))
IBM = instrument("IBM", "International Business Machines Corporation")
APPLE = instrument("AAPL", "Apple Inc", "XNAS")
VODAFONE = instrument("VOD", "Vodafone Group plc", "XLON")
FORD = instrument("F", "Ford Motor Company")
BARCLAYS = instrument("BARC", "Barclays PLC", "XLON")
