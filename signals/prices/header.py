"""Where the header of a table is: below lines about the file, in two rows, or at the top; and where the table ends."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from signals.prices.text_table import Columns, Line, Synonyms, Table, names_of, plain

_SEARCHED = 60  # rows at each end of a file among which its header and its footer are looked for
_FIELDS = {"open", "high", "low", "close", "adj close", "volume", "dividends", "stock splits", "capital gains"}
_KEYS = ("open", "high", "low", "volume", "adjusted_close")
_LABELS = {"price", "ticker", "attributes", "symbols", ""}  # what a frame calls the levels of its columns
_FRACTION = re.compile(r"-?\d+\.\d+")  # 600519 is a ticker
_PAIR = re.compile(r"""\(['"](.{1,100})['"], ['"](.{0,100})['"]\)""")  # a label of two levels, as text
_WORDS = re.compile(r"(?<![^\W\d])[^\W\d]{3,}+ .*[^\W\d]{2}")
_FOOTER = 300  # characters in which a footer shows that it is one
_BLOCK = re.compile(r"[A-Za-z_]+(\.[A-Za-z_]+)?")  # the name of the next block of a reply


@dataclass(frozen=True, slots=True)
class Names:
    """The names that the header may have for the columns of dates, of closes and of any prices or volumes."""

    date: Collection[str]
    close: Collection[str]
    bar: Collection[str]


def header_names(columns: Columns, synonyms: Synonyms, date: str = "date", close: str = "close") -> Names:
    """Return the names by which a header is known."""
    dates, closes = ([plain(str(columns[key]))] if key in columns else names_of(key, synonyms) for key in (date, close))
    own = (plain(str(name)) for key, name in columns.items() if key not in ("date", "symbol", "time"))
    others = (name for key in _KEYS for name in names_of(key, synonyms))
    return Names(dates, closes, {*_FIELDS, *closes, *own, *others})


def arrange(rows: Sequence[Line], names: Names) -> Table:
    """Return the rows under their header, without the lines about the file above and below them."""
    at = header_position(rows, names) or 0
    for top in dict.fromkeys((0, max(0, at - 1))):
        levels = _two_levels(rows[top:], names)
        if levels is not None:
            return levels
    header = rows[at][1]
    written = [name.strip() for name in header]
    if written and written[0] == "" and not any(plain(name) in names.date for name in written):
        written[0] = "date"  # the index of a frame
    # Concatenated files repeat their header.
    body = [row for row in rows[at + 1 :] if row[1] != header]
    return with_tickers(Table(tuple(written), tuple(without_footer(body, len(header)))))


def with_tickers(table: Table) -> Table:
    """Return a table whose columns are called ``('Close', 'AAPL')`` as one with tickers; another one as it is."""
    pairs = [_PAIR.fullmatch(name) for name in table.header]
    if sum(pair is not None for pair in pairs) < max(1, len(pairs) - 1):
        return table
    fields_first = any(plain(pair[1]) in _FIELDS for pair in pairs if pair)
    price, ticker = (1, 2) if fields_first else (2, 1)
    header = tuple(pair[price] if pair and pair[2] else pair[1] if pair else name
                   for name, pair in zip(table.header, pairs, strict=True))  # fmt: skip
    return Table(header, table.rows, tuple(pair[ticker] if pair and pair[2] else "" for pair in pairs))


def header_position(rows: Sequence[Line], names: Names) -> int | None:
    """Return the position of the header; None where no row looks like one."""
    dated: int | None = None
    for n, (_, cells) in enumerate(rows[:_SEARCHED]):
        row = [plain(cell) for cell in cells]
        has_date = any(name in names.date for name in row)
        if any(name in names.close for name in row) and (has_date or (len(row) > 1 and row[0] == "")):
            return n
        if dated is None and has_date and sum(map(bool, row)) > 1:
            dated = n  # a column per ticker has no close
    return dated


def _two_levels(rows: Sequence[Line], names: Names) -> Table | None:
    """Return the table of a frame with a row of prices and a row of tickers in its header."""
    if len(rows) < 3 or len(rows[0][1]) != len(rows[1][1]) or len(rows[0][1]) < 2:
        return None
    first, second = ([cell.strip() for cell in cells] for _, cells in rows[:2])
    for n in range(2, len(first)):
        first[n] = first[n] or (first[n - 1] if second[n] else "")  # cells of a sheet that were one
    labels = {*_LABELS, *names.date}
    if first[0].lower() not in labels or second[0].lower() not in labels:
        return None
    below = _fields_over(first, second, names)
    above = _fields_over(second, first, names)
    if not below and not above:
        return None
    fields, tickers = (first, second) if below else (second, first)
    body = list(rows[2:])
    index = [cell.strip() for cell in body[0][1]]
    if plain(index[0]) in {*names.date, ""} and not any(index[1:]):
        body = body[1:]
    if not any(plain(name) in names.date for name in fields):
        fields = ["date", *fields[1:]]
    tickers = ["" if plain(name) in names.date else ticker for name, ticker in zip(fields, tickers, strict=True)]
    return Table(tuple(fields), tuple(without_footer(body, len(fields))), tuple(tickers))


def _fields_over(fields: Sequence[str], tickers: Sequence[str], names: Names) -> bool:
    """Return whether one row has the names of prices and the other a ticker for each of them."""
    pairs = list(zip(map(plain, fields[1:]), tickers[1:], strict=True))
    prices = [ticker for name, ticker in pairs if name in names.bar]
    others = [name for name, ticker in pairs if name not in names.bar and (ticker or name not in names.date)]
    return bool(prices) and all(prices) and len(others) <= len(prices) and not any(map(_FRACTION.fullmatch, prices))


def without_footer(rows: Sequence[Line], width: int) -> Sequence[Line]:
    """Return rows without words below them, such as who they come from, and without another block of the reply."""
    for n in range(max(1, len(rows) - _SEARCHED), len(rows)):
        if len(rows[n][1]) == 1 and rows[n][0] > rows[n - 1][0] + 1 and _BLOCK.fullmatch(rows[n][1][0].strip()):
            if all(len(row) != width for _, row in rows[n:]):
                return rows[:n]
            break
    end = len(rows)
    while end and _is_sentence(rows[end - 1][1], width):
        end -= 1
    return rows[:end]


def _is_sentence(cells: Sequence[str], width: int) -> bool:
    written = [cell for cell in cells if cell.strip()]
    return width > 1 and len(written) == 1 and _WORDS.search(written[0][:_FOOTER]) is not None
