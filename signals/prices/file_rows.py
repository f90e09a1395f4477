"""The rows of a file by symbol, whichever way it holds several: a column of symbols, a column or more per symbol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from signals.prices import cells
from signals.prices.text_table import Columns, Line, Synonyms, Table, locate_columns
from signals.types import CsvDialect, Floats, Quarantined

_TEXTS = ("symbol", "currency", "time")


@dataclass(frozen=True, slots=True)
class ColumnLookup:
    """The columns that are looked for: their names, those that must be there, and what they are called."""

    names: Sequence[str]
    required: Sequence[str]
    columns: Columns
    synonyms: Synonyms


@dataclass(frozen=True, slots=True)
class SymbolRows:
    """The rows of a symbol, with the positions of its columns and the number of cells in a complete row."""

    positions: Mapping[str, int]
    width: int
    lines: Sequence[Line]


class FileRows:
    """The rows of a file.

    Parameters
    ----------
    by_symbol
        Whether the file holds several symbols.
    alone
        Whether one symbol is asked for: then a file that names none is that one's.

    Raises
    ------
    ValueError
        A required column is missing.
    """

    def __init__(self, table: Table, lookup: ColumnLookup, by_symbol: bool, alone: bool = False) -> None:
        self._table = table
        self._lookup = lookup
        self._by_symbol = by_symbol
        self._lines: Mapping[str, Sequence[Line]] = {"": table.rows}
        self._positions: dict[str, int] = {}
        self._levels = len(set(filter(None, table.tickers))) > (0 if by_symbol else 1)
        self.has_column_per_symbol = not self._levels and self._is_wide()
        if self._levels or self.has_column_per_symbol:
            return
        required = [*lookup.required, "symbol"] if by_symbol and not alone else lookup.required
        names = lookup.names if by_symbol else [name for name in lookup.names if name != "symbol"]
        self._positions = locate_columns(table, lookup.columns, names, required, lookup.synonyms)
        self._by_symbol = by_symbol and "symbol" in self._positions
        if self._by_symbol:
            self._lines = self._grouped(self._positions["symbol"])

    @property
    def has_symbols(self) -> bool:
        """Whether the file says itself which rows are a symbol's."""
        return self._by_symbol or self._levels

    def of(self, symbol: str) -> SymbolRows:
        """Return a symbol's rows, none if there are none; in a file for many also those too short to name a symbol."""
        table, lookup = self._table, self._lookup
        if self._levels:
            if symbol not in table.tickers:
                return SymbolRows({}, 0, ())
            names = [name for name in lookup.names if name != "symbol"]
            positions = locate_columns(table, lookup.columns, names, lookup.required, lookup.synonyms, symbol)
            return SymbolRows(positions, table.width, _with_any(table.rows, positions))
        if self.has_column_per_symbol:
            return self._column_of(symbol)
        if not self._by_symbol:
            return SymbolRows(self._positions, table.width, self._lines[""])
        lines = [*self._lines[symbol], *self._lines[""]] if symbol in self._lines and symbol else ()
        return SymbolRows(self._positions, table.width, lines)

    def _is_wide(self) -> bool:
        """Return whether there is a column per symbol: dates, and neither closes nor symbols by name."""
        lookup = self._lookup
        if "close" not in lookup.required or lookup.columns.keys() & {"symbol", "close"} or len(self._table.header) < 2:
            return False
        columns = {key: name for key, name in lookup.columns.items() if key == "date"}
        names = ("symbol", "date", "close", "open")
        return locate_columns(self._table, columns, names, (), lookup.synonyms).keys() == {"date"}

    def _column_of(self, symbol: str) -> SymbolRows:
        table, lookup = self._table, self._lookup
        if symbol not in table.header:
            if not self._by_symbol:  # the file is one symbol's: its close has another name
                locate_columns(table, lookup.columns, lookup.names, lookup.required, lookup.synonyms)
            return SymbolRows({}, 0, ())
        columns = {**{k: v for k, v in lookup.columns.items() if k in ("date", "time")}, "close": symbol}
        positions = locate_columns(table, columns, ("date", "close", *columns), ("date",), lookup.synonyms)
        return SymbolRows(positions, table.width, _with_any(table.rows, positions))

    def _grouped(self, position: int) -> dict[str, list[Line]]:
        lines: dict[str, list[Line]] = {"": []}
        for line in self._table.rows:
            name = line[1][position] if len(line[1]) > position else ""
            group = lines.get(name)
            if group is None:
                group = lines.setdefault(name.strip(), [])
            group.append(line)
        return lines


def _with_any(rows: Sequence[Line], positions: Mapping[str, int]) -> list[Line]:
    """Return the rows that have a value of the symbol: another one's days are in the same table."""
    values = [place for key, place in positions.items() if key not in ("date", "time", "volume")]
    return [row for row in rows if any(len(row[1]) <= place or cells.has_value(row[1][place]) for place in values)]


@dataclass(frozen=True, slots=True)
class ParsedRows:
    """The rows of a symbol as columns, with the times as written, and the rows that cannot be read.

    `currencies` are the codes of the rows' units, empty where the file has none. `is_minor` says that prices carry the
    sign of pence or cents, which their numbers account for.
    """

    times: Sequence[datetime]
    values: Mapping[str, Floats]
    currencies: Sequence[str]
    is_minor: bool
    unreadable: tuple[Quarantined, ...]


def parse(rows: SymbolRows, dialect: CsvDialect, date: str, symbol: str, source: str) -> ParsedRows:
    """Return rows as columns, without those that cannot be read.

    Parameters
    ----------
    date
        The key of the column of dates.

    Raises
    ------
    ValueError
        More than half of the rows cannot be read.
    """
    complete, faulty = _complete(rows)
    columns = {key: [row[place] for _, row in complete] for key, place in rows.positions.items() if key != "symbol"}
    try:
        times, problems = cells.parse_times(columns[date], dialect, columns.get("time"))
    except cells.ColumnError as error:
        raise ValueError(f"line {complete[error.position][0]}: {error}") from None
    numeric = [key for key in columns if key != date and key not in _TEXTS]
    values: dict[str, Floats] = {}
    for key in numeric:
        others = (columns[other] for other in numeric if other != key)
        numbers, column_problems = cells.parse_numbers(columns[key], dialect, others)
        values[key] = np.array(numbers, dtype=np.float64)
        problems |= column_problems
    faulty += [(complete[n], problem) for n, problem in problems.items()]
    if 2 * len(faulty) > len(rows.lines):
        (number, _), problem = min(faulty, key=_line_number)
        raise ValueError(f"line {number}: {problem}; {len(faulty)} of {len(rows.lines)} rows cannot be read")
    unreadable = tuple(
        Quarantined(symbol, source, _cell(row, rows.positions[date]), "unreadable", f"line {number}: {problem}")
        for (number, row), problem in sorted(faulty, key=_line_number)
    )
    readable = [n for n in range(len(complete)) if n not in problems]
    codes = columns.get("currency", ())
    return ParsedRows(
        [value for n in readable if (value := times[n])],
        {key: numbers[readable] for key, numbers in values.items()},
        [codes[n].strip() for n in readable] if codes else [],
        _has_minor_signs(columns.get("close", ())),
        unreadable,
    )


def _complete(rows: SymbolRows) -> tuple[list[Line], list[tuple[Line, str]]]:
    """Return the rows that have all cells, and the others with what is wrong with them."""
    width = rows.width
    complete: list[Line] = []
    faulty: list[tuple[Line, str]] = []
    for line in rows.lines:
        row = line[1]
        if len(row) < width or any(row[width:]):
            comma = "; quote numbers with a decimal comma, or use another `delimiter`" if len(row) > width else ""
            faulty.append((line, f"{len(row)} cells, not {width}{comma}"))
        else:
            complete.append(line)
    return complete, faulty


def _has_minor_signs(closes: Sequence[str]) -> bool:
    """Return whether closes are written with signs, some of them of pence or cents."""
    first = next(filter(cells.has_value, closes), "0").strip()
    return not (first[0].isdigit() and first[-1].isdigit()) and any(map(cells.is_minor, closes))


def _line_number(row: tuple[Line, str]) -> int:
    return row[0][0]


def _cell(row: Sequence[str], position: int) -> str:
    return row[position].strip() if position < len(row) else ""
