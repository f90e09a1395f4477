"""The column types, and the checks that the tables make."""

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum

import pytest
from sqlalchemy import Column, MetaData, Table, insert, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError, StatementError

from signals.store import Store, run_log
from signals.store.kinds import kinds_of
from signals.store.tables import Flag, Instant, Number, Session, Term, instant_text, metadata, moves
from signals.types import MoveNumbers, Status
from tests.store.samples import DAY, NOW


class Colour(StrEnum):
    RED = "red"


TYPED = Table(
    "typed", MetaData(), Column("at", Instant), Column("session", Session), Column("flag", Flag),
    Column("term", Term(Colour)), Column("number", Number), sqlite_strict=True,
)  # fmt: skip


@pytest.fixture
def typed(store: Store) -> Iterator[Store]:
    with store.write() as db:
        TYPED.create(db)
    yield store
    with store.write() as db:
        TYPED.drop(db)


def test_values_come_back_as_they_were_written(typed: Store) -> None:
    moscow = datetime.fromisoformat("2024-01-01T03:00:00.123999+03:00")
    with typed.write() as db:
        db.execute(insert(TYPED).values(at=moscow, session=DAY, flag=True, term=Colour.RED, number=1 / 3))
        row = db.execute(select(TYPED)).one()
        stored = db.execute(text("SELECT flag, term FROM typed")).one()
    assert tuple(row) == (datetime(2024, 1, 1, 0, 0, 0, 123_000, tzinfo=UTC), DAY, True, Colour.RED, 1 / 3)
    assert isinstance(row.flag, bool)
    assert isinstance(row.term, Colour)
    assert tuple(stored) == (1, "red")


def test_null_is_none_in_every_column_type(typed: Store) -> None:
    with typed.write() as db:
        db.execute(insert(TYPED).values(dict.fromkeys(TYPED.c.keys())))
        assert tuple(db.execute(select(TYPED)).one()) == (None,) * len(TYPED.c)


def test_a_term_is_read_from_its_word_and_another_word_is_refused(typed: Store) -> None:
    with typed.write() as db:
        db.execute(insert(TYPED).values(term="red"))
        assert db.execute(select(TYPED.c.term)).scalar() is Colour.RED
        db.execute(text("UPDATE typed SET term = 'green'"))
        with pytest.raises(ValueError, match="green"):
            db.execute(select(TYPED.c.term)).scalar()


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    with store.write() as db, pytest.raises(StatementError, match="has no zone"):
        run_log.begin(db, "manual", datetime(2024, 1, 1), NOW, "0")  # noqa: DTZ001 - the point of the test


def test_the_order_of_stored_instants_is_their_order_in_time() -> None:
    moscow = datetime.fromisoformat("2024-01-01T03:00:00+03:00")
    london = datetime.fromisoformat("2024-01-01T00:00:00.500+00:00")
    assert instant_text(moscow) == "2024-01-01T00:00:00.000Z" < instant_text(london)


def test_a_sqlite_column_refuses_a_value_of_another_type(sqlite_store: Store) -> None:
    with pytest.raises(DatabaseError, match="cannot store TEXT"), sqlite_store.write() as db:
        db.execute(text("INSERT INTO effects VALUES ('market', '0..0', '2024-01-02', 'much', 1)"))


def test_the_columns_of_a_move_are_the_numbers_of_a_move() -> None:
    assert set(kinds_of(MoveNumbers)) <= set(moves.c.keys())


@pytest.mark.parametrize("word", [*Status, "other"])
def test_a_move_has_one_of_the_statuses(store: Store, word: str) -> None:
    row = {**dict.fromkeys(c.name for c in moves.c if c.nullable), "event_id": "GAZP@2024-02-29", "study": "market",
           "event_window": "0..0", "day_zero": DAY, "status": word, "reason": "", "reason_detail": "",
           "confounded": False, "confounders": "", "digest": "", "run_id": 1, "scored_at": NOW,
           "session_marks": ""}  # fmt: skip
    if word in set(Status):
        with store.write() as db:
            db.execute(insert(moves).values(row))
            assert db.execute(select(moves.c.status)).scalar() is Status(word)
    else:
        with pytest.raises(IntegrityError), store.write() as db:
            db.execute(insert(moves).values(row))


def test_a_flag_is_zero_or_one(store: Store) -> None:
    with pytest.raises(IntegrityError), store.write() as db:
        db.execute(text("INSERT INTO series VALUES ('A', 'b', '1d', NULL, :day, :day, 2, NULL, :now)"),
                   {"day": "2024-01-01", "now": "2024-01-01T00:00:00.000Z"})  # fmt: skip


def test_every_table_has_a_primary_key() -> None:
    assert [table.name for table in metadata.sorted_tables if not table.primary_key.columns] == []
