"""A move: its numbers, or why it has none."""

from dataclasses import fields
from datetime import date

import pytest

from signals.types import Move, MoveKey, MoveNumbers, Reason, Status, Unscored

KEY = MoveKey("GAZP@2024-02-29", "market", "0..1")


@pytest.mark.parametrize(
    ("unscored", "status"),
    [
        (None, Status.SCORED),
        (Unscored(Status.PENDING, Reason.WINDOW_OPEN, ""), Status.PENDING),
        (Unscored(Status.UNSCORED, Reason.NO_BARS, ""), Status.UNSCORED),
    ],
)
def test_a_move_is_scored_unless_it_says_why_not(unscored: Unscored | None, status: Status) -> None:
    move = Move(**KEY._asdict(), day_zero=date(2024, 2, 29), unscored=unscored)
    assert (move.key, move.status) == (KEY, status)


def test_every_number_of_a_move_is_a_column_with_a_meaning_and_none_where_it_was_not_measured() -> None:
    numbers = MoveNumbers()
    for field in fields(MoveNumbers):
        assert field.metadata["meaning"]
        assert isinstance(field.metadata["later"], bool)
        assert getattr(numbers, field.name) is None
