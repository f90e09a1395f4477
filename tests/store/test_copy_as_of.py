"""Facts from one store to another, as they were known at an instant."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from signals.store import Store, articles, bars, run_log
from signals.store.copy_as_of import LEARNED_AT, copy_as_of
from signals.store.tables import DERIVED, metadata
from signals.store.tables import articles as article_rows
from signals.store.tables import bars as bar_rows
from signals.types import Refusal
from tests.store.samples import LATER, NOW, article, closes, quarantined, series


@pytest.fixture
def past(tmp_path: Path) -> Store:
    store = Store(f"sqlite:///{tmp_path / 'past.db'}")
    store.upgrade()
    return store


def write_facts(store: Store) -> None:
    """Write facts of two days, the second of which corrects those of the first."""
    with store.write() as db:
        for day in (NOW, LATER):
            run_log.begin(db, "nightly", day, day, "0")
        run_log.finish(db, 2, "done", run_log.RunStats(), LATER)
        bars.save_series(db, series())
        articles.save_articles(db, [article("1", "Old")], NOW)
        articles.save_articles(db, [article("1", "New", digest="b", seen_at=LATER), article("2", at=LATER)], LATER)
        bars.save_bars(db, "GAZP", closes({"2024-02-28": 100, "2024-02-29": 101}), 1)
        bars.save_bars(db, "GAZP", closes({"2024-02-29": 102}, LATER), 2)
        bars.save_quarantined(db, "GAZP", [quarantined()], LATER)
        articles.save_refusals(db, [Refusal("wire", "line 3", "no_date", "it has no date")], NOW)


def test_what_was_superseded_later_is_current_again(store: Store, past: Store) -> None:
    write_facts(store)
    copy_as_of(store, past, NOW)
    with past.read() as db:
        assert [one.article.title for one in articles.current_articles(db)] == ["Old"]
        assert db.execute(select(article_rows.c.superseded_at)).scalars().all() == [None]
        load = bars.load_bars(db, "GAZP", "local", "1d", NOW.date() - timedelta(9), NOW.date())
        assert np.array_equal(load.close, [100, 101])
        counts = {table.name: len(db.execute(select(table)).all()) for table in LEARNED_AT}
    assert counts == {"runs": 1, "documents": 0, "articles": 1, "refusals": 1, "bars": 2, "actions": 0, "series": 1,
                      "quarantine": 0}  # fmt: skip


def test_everything_known_since_is_copied_with_what_it_superseded(store: Store, past: Store) -> None:
    write_facts(store)
    copy_as_of(store, past, LATER)
    for table in LEARNED_AT:
        with store.read() as db, past.read() as other:
            assert sorted(map(repr, db.execute(select(table)))) == sorted(map(repr, other.execute(select(table))))
    with past.read() as db:
        assert sorted(db.execute(select(bar_rows.c.close)).scalars()) == [100, 101, 102]


def test_every_table_is_a_fact_derived_or_of_the_program_itself() -> None:
    own = {"settings", "instruments", "study_windows", "stage_runs", "source_runs", "run_rows", "schedulers",
           "hosts_left_alone", "progress"}  # fmt: skip
    assert {t.name for t in (*LEARNED_AT, *DERIVED)} | own == set(metadata.tables)
