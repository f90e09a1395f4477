"""Instruments from CSV files.

One row is one listing. Rows with the same ticker are one instrument whose name changed, each name with its dates.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TextIO, get_args

from signals.errors import ConfigError
from signals.types import MARKET_OF_KIND, QUOTED_UNITS, STRICT, Alias, Instrument, Kind, Scheme, quoted_unit

FIELDS = (
    "ticker",
    "name",
    "mic",
    "currency",
    "kind",
    "benchmark",
    "issuer",
    "sector",
    "symbols",
    "aliases",
    "valid_from",
    "valid_to",
)
_REQUIRED = ("ticker", "name", "currency")  # and mic, which some kinds need not have
_KINDS = get_args(Kind)
_MIC, _CURRENCY = re.compile(r"[A-Z0-9]{4}"), re.compile("|".join(["[A-Z]{3}", *QUOTED_UNITS]))


@dataclass(frozen=True, slots=True)
class UniverseSpec:
    """One entry of `universe:` in the configuration.

    Attributes
    ----------
    columns
        Field to the header of its column, or to its position from 0 if the file has no header. A field that is not
        named is read from the column with its own name, if the file has one.
    defaults
        Field to the value of an empty or absent cell.
    symbols
        Price source to its symbol for every ticker, in which ``{ticker}`` is replaced; a cell of `symbols` overrides.
    separator
        The text between several aliases, or several ``source=symbol``, in one cell.
    """

    __pydantic_config__ = STRICT

    path: str
    columns: Mapping[str, str | int] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    header: bool = True
    separator: str = ";"


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the file with its cells checked."""

    ticker: str
    name: str
    mic: str
    currency: str
    kind: str
    benchmark: str | None
    issuer: str
    sector: str
    symbols: Mapping[str, str]
    aliases: tuple[Alias, ...]
    valid_from: date | None
    valid_to: date | None


def read_universe(spec: UniverseSpec, root: Path) -> tuple[Instrument, ...]:
    """Return the instruments of one file.

    Raises
    ------
    ConfigError
        In one sentence, with the file and the line.
    """
    path = root / spec.path
    try:
        with path.open(encoding=spec.encoding, newline="") as file:
            rows = list(_rows(_lines(file, spec), spec, path))
    except FileNotFoundError:
        raise ConfigError(str(path), "universe: there is no such file; correct `path`") from None
    except (OSError, UnicodeDecodeError, LookupError, csv.Error) as error:
        raise ConfigError(str(path), f"universe: cannot be read ({error})") from None
    order = {ticker: n for n, ticker in enumerate(dict.fromkeys(row.ticker for row in rows))}
    ordered = sorted(rows, key=lambda row: order[row.ticker])
    return tuple(_instrument(list(group)) for _, group in groupby(ordered, key=attrgetter("ticker")))


def _lines(file: TextIO, spec: UniverseSpec) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(file, delimiter=spec.delimiter)
    for cells in reader:
        yield reader.line_num, cells


def _rows(lines: Iterator[tuple[int, list[str]]], spec: UniverseSpec, path: Path) -> Iterator[_Row]:
    _, header = next(lines, (0, [])) if spec.header else (0, [])
    positions = _positions(spec, [title.strip() for title in header], path)
    for number, cells in lines:
        if any(cell.strip() for cell in cells):
            yield _row(cells, positions, spec, f"{path}, line {number}")


def _positions(spec: UniverseSpec, header: Sequence[str], path: Path) -> dict[str, int]:
    for key in (*spec.columns, *spec.defaults):
        if key not in FIELDS:
            raise ConfigError(str(path), f"universe: {key!r} is not a field; known: {', '.join(FIELDS)}")
    by_title = {title.casefold(): n for n, title in enumerate(header)}
    positions = {name: by_title[name] for name in FIELDS if name in by_title}
    for name, column in spec.columns.items():
        if isinstance(column, int):
            positions[name] = column
        elif column.casefold() in by_title:
            positions[name] = by_title[column.casefold()]
        else:
            raise ConfigError(str(path), f"universe: columns.{name}: no column is called {column!r}; it has {header}")
    required = _REQUIRED if "kind" in positions or spec.defaults.get("kind") in MARKET_OF_KIND else (*_REQUIRED, "mic")
    missing = [name for name in required if name not in positions and not spec.defaults.get(name)]
    if missing:
        raise ConfigError(
            str(path), f"universe: no column gives the {missing[0]}; name it in `columns` or give it in `defaults`"
        )
    return positions


def _row(cells: Sequence[str], positions: Mapping[str, int], spec: UniverseSpec, location: str) -> _Row:
    def cell(name: str) -> str:
        text = cells[positions[name]].strip() if positions.get(name, len(cells)) < len(cells) else ""
        return text or spec.defaults.get(name, "")

    def checked(name: str, is_valid: Callable[[str], object], expected: str) -> str:
        text = cell(name)
        if not is_valid(text):
            raise ConfigError(location, f"{name}: {text!r} is not {expected}")
        return text

    def day(name: str) -> date | None:
        text = cell(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise ConfigError(location, f"{name}: {text!r} is not a date such as 2015-10-02") from None

    ticker = checked("ticker", lambda text: text and text.isprintable() and not set(text) & set("/\\"), "a ticker")
    pairs = [part.strip() for part in cell("symbols").split(spec.separator) if part.strip()]
    for pair in pairs:
        if "=" not in pair:
            raise ConfigError(location, f"symbols: {pair!r} names no price source; write source=symbol")
    own = {source.strip(): symbol.strip() for source, _, symbol in (pair.partition("=") for pair in pairs)}
    return _Row(
        ticker,
        checked("name", len, "a name"),
        checked(
            "mic",
            lambda text: _MIC.fullmatch(text) or (not text and cell("kind") in MARKET_OF_KIND),
            "a market code of four letters (ISO 10383)",
        ),
        checked("currency", _CURRENCY.fullmatch, "a currency code of three letters, or a quoted unit such as GBp"),
        checked("kind", lambda text: text in ("", *_KINDS), f"one of {', '.join(_KINDS)}") or "equity",
        cell("benchmark") or None,
        cell("issuer"),
        cell("sector"),
        {source: text.replace("{ticker}", ticker) for source, text in {**spec.symbols, **own}.items()},
        tuple(_alias(part.strip(), location) for part in cell("aliases").split(spec.separator) if part.strip()),
        day("valid_from"),
        day("valid_to"),
    )  # fmt: skip


def _alias(text: str, location: str) -> Alias:
    """Read an alias: a name, or ``scheme=text`` for another scheme."""
    scheme, sign, rest = text.partition("=")
    if not sign:
        return Alias(text)
    if scheme.strip() not in set(Scheme):
        raise ConfigError(location, f"aliases: {scheme!r} is not a scheme; known: {', '.join(Scheme)}")
    return Alias(rest.strip(), Scheme(scheme.strip()))


def _instrument(rows: Sequence[_Row]) -> Instrument:
    """Return the instrument of one ticker's rows; the row that ends last gives its name."""
    last = max(rows, key=lambda row: row.valid_to or date.max)
    names = [Alias(row.name, valid_from=row.valid_from, valid_to=row.valid_to) for row in rows] if len(rows) > 1 else []
    since = [row.valid_from for row in rows]
    until = [row.valid_to for row in rows]
    return Instrument(
        last.ticker,
        last.name,
        last.mic,
        quoted_unit(last.currency).currency,
        last.kind,
        last.benchmark,
        dict(last.symbols),
        tuple(dict.fromkeys([*names, *(alias for row in rows for alias in row.aliases)])),
        last.issuer,
        None if None in since else min(day for day in since if day),
        None if None in until else max(day for day in until if day),
        sector=last.sector,
        quoted_in=last.currency if last.currency in QUOTED_UNITS else "",
    )
