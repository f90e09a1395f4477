"""Values that several packages share: the numbers of a move are the same columns everywhere."""

from dataclasses import Field, fields
from pathlib import Path

import pytest
from sqlalchemy import inspect

from signals.store import Store
from signals.store.tables import moves
from signals.store.views import EVENTS, LINKS, View
from signals.types import EventRow, LinkRow, Move, MoveNumbers

NUMBERS = pytest.mark.parametrize("number", fields(MoveNumbers), ids=lambda number: number.name)


@NUMBERS
def test_every_number_of_a_move_has_a_meaning_and_is_none_until_measured(number: Field[object]) -> None:
    assert str(number.metadata["meaning"]).strip()
    assert number.default is None


@NUMBERS
def test_every_number_of_a_move_is_a_column_of_the_table(number: Field[object]) -> None:
    assert number.name in moves.c
    assert number.name in {f.name for f in fields(Move)}


@pytest.mark.parametrize(("view", "row"), [(LINKS, LinkRow), (EVENTS, EventRow)], ids=["v_links", "v_events"])
@NUMBERS
def test_every_number_of_a_move_is_a_column_of_the_views(number: Field[object], view: View, row: type) -> None:
    meanings = {name: meaning for name, _, meaning in view.columns}
    assert meanings[number.name] == number.metadata["meaning"]
    assert view.row is row
    assert number.name in {f.name for f in fields(row)}
    assert view.kind(number.name) in {"text", "integer", "real", "instant"}


def test_a_database_has_the_numbers_of_a_move_in_the_table_and_in_the_views(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'signals.db'}")
    store.upgrade()
    database, names = inspect(store.engine), {f.name for f in fields(MoveNumbers)}
    for relation in ("moves", "v_links", "v_events"):
        assert names <= {column["name"] for column in database.get_columns(relation)}, relation
    store.engine.dispose()
