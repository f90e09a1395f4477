"""Columns line up, and a narrow terminal has fewer."""

from hypothesis import given
from hypothesis import strategies as st

from signals.reports.columns import INDENT, Column, columns_for, heading, table_row

COLUMNS: tuple[Column[int], ...] = (
    Column("name", -8, lambda row: f"n{row}"),
    Column("square", 8, lambda row: str(row * row)),
    Column("cube", 10, lambda row: str(row**3)),
)


def test_names_and_cells_line_up() -> None:
    assert heading(COLUMNS, "note") == "    name      square      cube  note"
    assert table_row(COLUMNS, 12, "even") == "    n12          144      1728  even"
    assert table_row(COLUMNS, 3) == "    n3             9        27"


@given(st.integers(0, 60), st.integers(0, 20))
def test_columns_leave_in_order_until_the_rest_fits(width: int, beside: int) -> None:
    names = [column.name for column in columns_for(COLUMNS, ("cube", "square"), width, beside)]
    used = len(INDENT) + sum(abs(column.width) for column in COLUMNS if column.name in names) + beside
    assert names in (["name", "square", "cube"], ["name", "square"], ["name"])
    assert used <= width or names == ["name"]
