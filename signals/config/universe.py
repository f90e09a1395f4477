"""Instruments from CSV files, so that nobody writes thousands by hand.

One row is one listing; rows with the same ticker are one instrument whose name changed, each name with its dates.
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
from signals.types import STRICT, Alias, Instrument, Kind, Scheme

FIELDS = (
    "ticker",
    "name",
    "mic",
    "currency",
    "kind",
    "benchmark",
    "issuer",
    "symbols",
    "aliases",
    "valid_from",
    "valid_to",
)
_NEEDED = ("ticker", "name", "mic", "currency")
_KINDS = get_args(Kind)
_MIC, _CURRENCY = re.compile(r"[A-Z0-9]{4}"), re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class UniverseSpec:
    """One entry of `universe:` in the configuration.

    Attributes
    ----------
    columns
        Field to the header of its column, or to its position from 0 if the file has no header. A field that is not
        listed is the column of its own name, if there is one.
    defaults
        Field to what an empty or absent cell means.
    symbols
        Price source to its spelling of every ticker, where ``{ticker}`` stands for it; a cell says more.
    separator
        What parts several aliases, or several ``source=symbol``, in one cell.
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
    """One line of the file, its cells checked."""

    where: str
    ticker: str
    name: str
    mic: str
    currency: str
    kind: str
    benchmark: str | None
    issuer: str
    symbols: Mapping[str, str]
    aliases: tuple[Alias, ...]
    valid_from: date | None
    valid_to: date | None


def read(spec: UniverseSpec, root: Path) -> tuple[Instrument, ...]:
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
        raise ConfigError(str(path), "universe: there is no such file") from None
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
    at = _positions(spec, [title.strip() for title in header], path)
    for number, cells in lines:
        if any(cell.strip() for cell in cells):
            yield _row(cells, at, spec, f"{path}, line {number}")


def _positions(spec: UniverseSpec, header: Sequence[str], path: Path) -> dict[str, int]:
    for key in (*spec.columns, *spec.defaults):
        if key not in FIELDS:
            raise ConfigError(str(path), f"universe: {key!r} is not a field; known: {', '.join(FIELDS)}")
    named = {title.casefold(): n for n, title in enumerate(header)}
    at = {title: named[title] for title in FIELDS if title in named}
    for title, column in spec.columns.items():
        if isinstance(column, int):
            at[title] = column
        elif column.casefold() in named:
            at[title] = named[column.casefold()]
        else:
            raise ConfigError(str(path), f"universe: columns.{title}: no column is called {column!r}; it has {header}")
    missing = [title for title in _NEEDED if title not in at and not spec.defaults.get(title)]
    if missing:
        raise ConfigError(
            str(path), f"universe: no column says the {missing[0]}; name it in `columns` or give it in `defaults`"
        )
    return at


def _row(cells: Sequence[str], at: Mapping[str, int], spec: UniverseSpec, where: str) -> _Row:
    def cell(title: str) -> str:
        found = cells[at[title]].strip() if at.get(title, len(cells)) < len(cells) else ""
        return found or spec.defaults.get(title, "")

    def checked(title: str, holds: Callable[[str], object], wanted: str) -> str:
        text = cell(title)
        if not holds(text):
            raise ConfigError(where, f"{title}: {text!r} is not {wanted}")
        return text

    def day(title: str) -> date | None:
        text = cell(title)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise ConfigError(where, f"{title}: {text!r} is not a date as in 2015-10-02") from None

    ticker = checked("ticker", lambda text: text and text.isprintable() and not set(text) & set("/\\"), "a ticker")
    listed = [part.strip() for part in cell("symbols").split(spec.separator) if part.strip()]
    for part in listed:
        if "=" not in part:
            raise ConfigError(where, f"symbols: {part!r} names no price source; write source=symbol")
    own = {source.strip(): symbol.strip() for source, _, symbol in (part.partition("=") for part in listed)}
    return _Row(
        where,
        ticker,
        checked("name", len, "a name"),
        checked("mic", _MIC.fullmatch, "a market's code of four letters (ISO 10383)"),
        checked("currency", _CURRENCY.fullmatch, "a currency's code of three letters"),
        checked("kind", lambda text: text in ("", *_KINDS), f"one of {', '.join(_KINDS)}") or "equity",
        cell("benchmark") or None,
        cell("issuer"),
        {source: text.replace("{ticker}", ticker) for source, text in {**spec.symbols, **own}.items()},
        tuple(_alias(part.strip(), where) for part in cell("aliases").split(spec.separator) if part.strip()),
        day("valid_from"),
        day("valid_to"),
    )  # fmt: skip


def _alias(text: str, where: str) -> Alias:
    """Read a name, or ``scheme=text`` for another kind of alias."""
    scheme, sign, rest = text.partition("=")
    if not sign:
        return Alias(text)
    if scheme.strip() not in set(Scheme):
        raise ConfigError(where, f"aliases: {scheme!r} is not a scheme; known: {', '.join(Scheme)}")
    return Alias(rest.strip(), Scheme(scheme.strip()))


def _instrument(rows: Sequence[_Row]) -> Instrument:
    """Make one instrument of the rows of a ticker; the last one in force gives its name."""
    last = max(rows, key=lambda row: row.valid_to or date.max)
    names = [Alias(row.name, valid_from=row.valid_from, valid_to=row.valid_to) for row in rows] if len(rows) > 1 else []
    since = [row.valid_from for row in rows]
    until = [row.valid_to for row in rows]
    return Instrument(
        last.ticker,
        last.name,
        last.mic,
        last.currency,
        last.kind,
        last.benchmark,
        dict(last.symbols),
        tuple(dict.fromkeys([*names, *(alias for row in rows for alias in row.aliases)])),
        last.issuer,
        None if None in since else min(day for day in since if day),
        None if None in until else max(day for day in until if day),
    )
