"""A table of text cells, whatever kind of file it comes from, and where the columns of bars are in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Line = tuple[int, list[str]]
Columns = Mapping[str, str | int]
Synonyms = Mapping[str, Sequence[str]]

#: Names of columns that mean the same whoever writes them. `date` is also the index of a frame, which has no name.
COMMON: Synonyms = {
    "date": ("datetime", "timestamp", "time", "day", "index level 0"),
    "ex_date": ("ex-date", "exdate", "date", "datetime"),
    "symbol": ("ticker",),
}


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file, each with its line number.

    `header` is empty where there is none. `tickers` has a ticker for each column, empty for the one of dates, where a
    second row of the header names them.
    """

    header: tuple[str, ...]
    rows: tuple[Line, ...]
    tickers: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """The number of cells in a complete row."""
        return len(self.header or (self.rows[0][1] if self.rows else ()))


def plain(name: str) -> str:
    """Return the name of a column without what tells vendors apart: case, outer spaces, ``<>*`` and ``_``."""
    return name.strip("<>* \t").replace("_", " ").strip().lower()


def names_of(key: str, synonyms: Synonyms) -> list[str]:
    """Return the plain names that the column of a key may have, the likeliest first."""
    return [plain(name) for name in (key, *synonyms.get(key, ()), *COMMON.get(key, ()))]


def locate_columns(
    table: Table,
    columns: Columns,
    names: Iterable[str],
    required: Sequence[str],
    synonyms: Synonyms | None = None,
    ticker: str | None = None,
) -> dict[str, int]:
    """Return the position of each column in `names`; one that `columns` does not map is looked up by its own names.

    Parameters
    ----------
    ticker
        The ticker whose columns are wanted, in a table that has them for several.

    Raises
    ------
    ValueError
        A required column, or one that `columns` maps, is missing, or stands twice with different values.
    """
    places = [n for n in range(len(table.header)) if ticker is None or table.tickers[n] in ("", ticker)]
    positions: dict[str, int] = {}
    for key in names:
        name = columns.get(key, key)
        if isinstance(name, int) and 0 <= name < table.width:
            positions[key] = name
            continue
        matches = list(_matches(table, places, key, columns, synonyms or {}))
        if key == "time" and matches == [positions.get("date")]:
            continue  # a column of times is that of the dates where there is no other
        if matches:
            _refuse_different(table, key, matches)
            positions[key] = matches[0]
        elif key in columns or key in required:
            raise ValueError(_missing(table, key, name))
    return positions


def _matches(table: Table, places: Sequence[int], key: str, columns: Columns, synonyms: Synonyms) -> Iterator[int]:
    """Yield the positions of the first name of a key that the header has."""
    exact = [n for n in places if table.header[n] == columns.get(key, key)]
    if exact or key in columns:
        yield from exact
        return
    header = [plain(table.header[n]) for n in places]
    for name in names_of(key, synonyms):
        if name in header:
            same = re.compile(rf"{re.escape(name)}(\.\d+)?")  # pandas numbers columns of one name
            yield from (n for n, written in zip(places, header, strict=True) if same.fullmatch(written))
            return


def _refuse_different(table: Table, key: str, places: Sequence[int]) -> None:
    """Raise ValueError unless columns of one name have the same cells."""
    for other in places[1:]:
        for number, cells in table.rows:
            if len(cells) > max(places) and cells[other].strip() != cells[places[0]].strip():
                raise ValueError(
                    f"line {number}: the column {table.header[other]!r} stands twice with different values "
                    f"({cells[places[0]]!r} and {cells[other]!r}); set `columns.{key}` to the position of one, "
                    f"{' or '.join(map(str, places))}"
                )


def _missing(table: Table, key: str, name: str | int) -> str:
    present = ", ".join(map(repr, table.header[:20])) or f"positions 0 to {table.width - 1}"
    hint = ", or write {symbol} in `path` if there is a file per symbol" if key == "symbol" else ""
    if table.header and all(any(c.isdigit() for c in cell) or not cell for cell in table.header):
        hint += f"; if the file has no header, set `header: false` and `columns.{key}` to a position"
    return f"there is no column {name!r} for {key}; set `columns.{key}` to one of {present}{hint}"
