"""Shrunk effects: a move is shrunk by the windows that had ended before it, and by no later one."""

from sqlalchemy import select

from signals.pipeline.derive.shrink import shrink
from signals.store import Connection, Store, moves
from signals.store.events import DroppedMove
from signals.store.tables import moves as table
from signals.types import Move, Reason, Status, Unscored
from tests.pipeline.stores import DAYS, NOW, event_on

REFUSED = Unscored(Status.UNSCORED, Reason.NO_BARS, "none")


def move_on(n: int, car: float | None, noise: float = 0.01, unscored: Unscored | None = None) -> Move:
    event = event_on(n)
    return Move(
        event_id=event.event_id, study="market", event_window="0..0", day_zero=event.day_zero, unscored=unscored,
        car=car, noise=noise, p_value=0.5, last_session=event.day_zero,
    )  # fmt: skip


def save(db: Connection, *changed: Move) -> None:
    moves.save_moves(db, changed, 1, NOW)
    shrink(db, changed)


def shrunk_on(db: Connection, n: int) -> float:
    return float(db.execute(select(table.c.car_shrunk).where(table.c.day_zero == DAYS[n])).scalar_one())


def test_the_first_move_has_nothing_to_be_believed_by(store: Store) -> None:
    with store.write() as db:
        save(db, move_on(10, 0.05))
        assert shrunk_on(db, 10) == 0.0


def test_large_moves_before_let_a_move_be_believed_and_later_ones_do_not(store: Store) -> None:
    with store.write() as db:
        save(db, *(move_on(n, 0.05) for n in (10, 11)))
        save(db, move_on(20, 0.04))
        believed = shrunk_on(db, 20)
        tau2 = (2 * 0.05**2 / 0.01**2 - 2) / (2 / 0.01**2)
        assert abs(believed - 0.04 * tau2 / (tau2 + 0.01**2)) < 1e-12
        save(db, move_on(20, 0.04), move_on(30, 0.5))
        assert shrunk_on(db, 20) == believed


def test_a_window_that_ends_on_the_same_day_says_nothing_yet(store: Store) -> None:
    with store.write() as db:
        other = Move(event_id="BOLT@x", study="market", event_window="0..0", day_zero=DAYS[10], unscored=None, car=0.5,
                     noise=0.01, p_value=0.5, last_session=DAYS[10])  # fmt: skip
        save(db, move_on(10, 0.05), other)
        values = db.execute(select(table.c.car_shrunk)).scalars().all()
    assert values == [0.0, 0.0]


def test_unscored_moves_and_other_windows_say_nothing(store: Store) -> None:
    with store.write() as db:
        save(db, move_on(10, None, unscored=REFUSED), move_on(12, 0.05))
        assert [effect.last_session for effect in moves.effects_of(db, "market", "0..0")] == [DAYS[12]]
        assert moves.effects_of(db, "market", "0..1") == []


def test_the_effect_of_a_dropped_move_goes_with_it(store: Store) -> None:
    with store.write() as db:
        save(db, move_on(10, 0.05), move_on(12, 0.05))
        db.execute(table.delete().where(table.c.day_zero == DAYS[10]))
        shrink(
            db, [], [DroppedMove("market", "0..0", DAYS[10], DAYS[10]), DroppedMove("market", "0..0", DAYS[9], None)]
        )
        assert [effect.last_session for effect in moves.effects_of(db, "market", "0..0")] == [DAYS[12]]
