"""Writing and reading many rows."""

from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from signals.store import Store, bulk
from signals.store.tables import bars, effects, events, links, settings, unmatched_articles
from tests.store.samples import DAY, NOW

EFFECT = {"study": "market", "event_window": "0..0", "last_session": DAY, "excess": 0.5, "weight": 1.0}


def test_only_rows_that_differ_are_written_and_counted(store: Store) -> None:
    with store.write() as db:
        assert bulk.upsert(db, effects, [EFFECT, {**EFFECT, "event_window": "0..1"}]) == 2
        assert bulk.upsert(db, effects, [EFFECT, {**EFFECT, "event_window": "0..1", "excess": 0.25}]) == 1
        assert bulk.upsert(db, effects, [{**EFFECT, "weight": 2.0}], unchanged=["weight"]) == 0
        assert bulk.upsert(db, effects, []) == 0


def test_a_table_of_keys_alone_has_each_key_once(store: Store) -> None:
    with store.write() as db:
        assert bulk.upsert(db, unmatched_articles, [{"article_id": "a"}, {"article_id": "b"}]) == 2
        assert bulk.upsert(db, unmatched_articles, [{"article_id": "a"}]) == 0


@pytest.mark.parametrize("count", [0, 1, bulk.BATCH + 1])
def test_rows_are_inserted_in_batches(store: Store, count: int) -> None:
    with store.write() as db:
        bulk.insert(db, settings, [{"name": f"n{n:05}", "value": "v"} for n in range(count)])
        names = db.execute(select(settings.c.name).where(settings.c.name.like("n0%"))).scalars().all()
    assert sorted(names) == [f"n{n:05}" for n in range(count)]


def test_a_row_that_exists_is_not_inserted_again(store: Store) -> None:
    with store.write() as db:
        bulk.insert(db, settings, [{"name": "a", "value": "1"}])
    with pytest.raises(IntegrityError), store.write() as db:
        bulk.insert(db, settings, [{"name": "a", "value": "2"}])


def test_columns_become_rows_with_what_they_share(store: Store) -> None:
    shared = {"ticker": "GAZP", "source": "local", "interval": "1d", "fetched_at": NOW, "run_id": 1}
    with store.write() as db:
        bulk.insert_columns(db, bars, shared, {"start": ["2024-02-28", "2024-02-29"], "close": [1.0, None]})
        rows = db.execute(select(bars.c.start, bars.c.close, bars.c.fetched_at).order_by(bars.c.start)).all()
    assert [tuple(row) for row in rows] == [("2024-02-28", 1.0, NOW), ("2024-02-29", None, NOW)]


def test_rows_are_deleted_by_any_of_their_columns(store: Store) -> None:
    with store.write() as db:
        bulk.insert(db, effects, [{**EFFECT, "event_window": window} for window in ("0..0", "0..1", "0..5")])
        bulk.delete(db, effects, [])
        bulk.delete(db, effects, [{"study": "market", "event_window": window} for window in ("0..0", "0..5")])
        assert db.execute(select(effects.c.event_window)).scalars().all() == ["0..1"]


def test_a_constant_is_written_into_the_statement() -> None:
    query = select(events.c.event_id).where(events.c.dirty == bulk.literally(1))
    assert "dirty = 1" in str(query.compile(compile_kwargs={"render_postcompile": True}))


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (3, [3]), (500, [500]), (501, [500, 1])])
def test_keys_are_cut_into_chunks(count: int, sizes: list[int]) -> None:
    assert [len(part) for part in bulk.chunks(range(count))] == sizes
    assert [key for part in bulk.chunks(range(count)) for key in part] == list(range(count))


@dataclass(frozen=True)
class Record:
    event_id: str
    day_zero: date


def test_the_columns_of_a_record_come_from_the_first_table_that_has_them() -> None:
    assert bulk.columns_for(Record, links, events) == [links.c.event_id, events.c.day_zero]


def test_rows_are_read_as_records(store: Store) -> None:
    with store.write() as db:
        bulk.insert(db, effects, [EFFECT])
        query = select(effects.c.study, effects.c.last_session)
        assert bulk.read(db, query, Record) == [Record("market", DAY)]
