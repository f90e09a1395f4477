"""What a column holds, by the type of the field that it becomes."""

from dataclasses import dataclass
from datetime import date, datetime

from signals.store.kinds import kinds_of
from signals.types import MoveNumbers


@dataclass(frozen=True)
class Row:
    name: str
    title: str | None
    count: int
    ratio: float | None
    session: date
    at: datetime | None
    names: tuple[str, ...] = ()
    either: int | str = 0


def test_the_kind_of_a_column_is_that_of_its_field_null_or_not() -> None:
    assert kinds_of(Row) == {
        "name": "text", "title": "text", "count": "integer", "ratio": "real", "session": "date", "at": "instant"
    }  # fmt: skip


def test_every_number_of_a_move_has_a_kind() -> None:
    assert len(kinds_of(MoveNumbers)) == len(MoveNumbers.__dataclass_fields__)
