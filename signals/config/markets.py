"""`markets:` of the configuration: the sessions and hours of a market as data, and which market an instrument is in."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from pathlib import Path

from signals.config.schema import MarketEntry
from signals.errors import ConfigError
from signals.types import (
    DATED_COLUMNS,
    MARKET_OF_KIND,
    ROUND_THE_CLOCK,
    Alias,
    DatedHours,
    Instrument,
    MarketRules,
    Scheme,
)


def market_rules(mic: str, entry: MarketEntry, root: Path) -> MarketRules:
    """Return an entry with the rows of its files; raises ConfigError with the file and the line."""
    rows = tuple(row for name in entry.hours for row in _rows(root / name))
    return MarketRules(mic, entry.calendar, entry.zone, entry.weekdays, entry.usual(), rows)


def _rows(path: Path) -> Iterator[DatedHours]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="more", restval="")
            if reader.fieldnames is None:
                raise ConfigError(str(path), f"markets: it is empty; its columns are {', '.join(DATED_COLUMNS)}")
            for cells in reader:
                where = f"{path}, line {reader.line_num}"
                if "more" in cells:
                    raise ConfigError(where, "it has more cells than the header; quote a text that has commas")
                try:
                    yield DatedHours.parse({title.strip(): cell.strip() for title, cell in cells.items()})
                except ValueError as error:
                    raise ConfigError(where, f"markets: {error}") from None
    except FileNotFoundError:
        raise ConfigError(str(path), "markets: there is no such file; correct `hours`") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(str(path), f"markets: cannot be read ({error}); save it as UTF-8 CSV") from None


# --- the market of an instrument ------------------------------------------------------------------------------------


def market_of(kind: str, mic: str | None, own: Collection[str]) -> str | None:
    """Return the market whose sessions an instrument has; None if nothing says it.

    Crypto is traded around the clock, whichever exchange's code it was given; only a market of `markets:` (`own`) or
    the other market without an exchange is taken instead. FX has the week around the clock where no code is given.
    """
    if kind == "crypto" and mic not in own and mic not in MARKET_OF_KIND.values():
        return ROUND_THE_CLOCK
    return mic or MARKET_OF_KIND.get(kind)


def code_on(mic: str, ticker: str) -> Alias:
    """Return the alias of a ticker at the exchange that its instrument names and does not have the sessions of."""
    return Alias(f"{mic}:{ticker}", Scheme.EXCHANGE)


def unused_mics(before: Collection[Instrument], after: Collection[Instrument]) -> dict[str, str]:
    """Return the codes that instruments were given and have not the sessions of, by ticker."""
    moved = {instrument.ticker: instrument.mic for instrument in after}
    return {one.ticker: one.mic for one in before if one.mic and moved[one.ticker] != one.mic}
