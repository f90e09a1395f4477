"""Columns of a table on a terminal: they line up, and the least needed ones leave a narrow terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")

INDENT = "    "


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column: its name, its width (negative: aligned to the left), and how it writes a row."""

    name: str
    width: int
    cell: Callable[[Row], str]

    def pad(self, text: str) -> str:
        """Fill the column."""
        return text.ljust(-self.width) if self.width < 0 else text.rjust(self.width)


def columns_for(
    columns: Sequence[Column[Row]], first_to_go: Sequence[str], width: int, beside: int = 0
) -> Sequence[Column[Row]]:
    """Return the columns that fit a width, with `beside` more characters after them.

    `first_to_go` names the columns that a narrow terminal leaves out, the least needed first.
    """
    for name in first_to_go:
        if len(INDENT) + sum(abs(column.width) for column in columns) + beside <= width:
            break
        columns = [column for column in columns if column.name != name]
    return columns


def heading(columns: Sequence[Column[Row]], last: str = "") -> str:
    """Return the line of the names, and of a last column without a width."""
    return _line([column.pad(column.name) for column in columns], last)


def table_row(columns: Sequence[Column[Row]], row: Row, last: str = "") -> str:
    """Return the line of a row, and of its cell in a last column without a width."""
    return _line([column.pad(column.cell(row)) for column in columns], last)


def _line(cells: Sequence[str], last: str) -> str:
    return f"{INDENT}{''.join(cells)}  {last}".rstrip()
