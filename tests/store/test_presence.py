"""Who is at work: the schedulers, and where a run is, written while another connection holds the write lock."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from signals.store import Store, run_log
from signals.store.presence import SILENT
from signals.types import ProgressRow
from tests.store.samples import LATER, NOW

ROW = ProgressRow(1, "score", "scoring", 20_000, 50_000, NOW)


def names(store: Store) -> list[str]:
    return [row.name for row in store.presence.schedulers()]


def test_a_scheduler_is_listed_from_its_first_beat_until_it_signs_off(store: Store) -> None:
    store.presence.beat("host:1", NOW, NOW, "nightly", LATER)
    store.presence.beat("host:1", NOW, LATER, None, None)
    store.presence.beat("host:2", NOW, LATER, None, None)
    assert names(store) == ["host:1", "host:2"]
    store.presence.sign_off("host:1")
    assert names(store) == ["host:2"]


def test_a_scheduler_that_was_long_silent_or_beat_in_the_future_is_not_listed(store: Store) -> None:
    year = timedelta(days=365)
    store.presence.beat("silent", NOW, NOW, None, None)
    store.presence.beat("host:3", NOW, NOW + SILENT + timedelta(seconds=1), None, None)
    assert names(store) == ["host:3"]
    store.presence.beat("ahead", NOW, NOW + year, None, None)
    store.presence.beat("host:4", NOW, NOW, None, None)
    assert names(store) == ["host:4"]


def test_only_the_last_run_has_a_place(store: Store) -> None:
    store.presence.report(ROW)
    store.presence.report(replace(ROW, done=40_000))
    assert store.presence.progress(1) == replace(ROW, done=40_000)
    store.presence.report(replace(ROW, run_id=2))
    assert (store.presence.progress(1), store.presence.progress(2)) == (None, replace(ROW, run_id=2))


def test_a_run_that_holds_the_write_lock_holds_up_no_beat_and_no_place(store: Store) -> None:
    with store.write() as db:
        run_log.begin(db, "nightly", NOW, NOW, "0")
        store.presence.beat("host:1", NOW, NOW, None, None)
        store.presence.report(ROW)
        assert (names(store), store.presence.progress(1)) == (["host:1"], ROW)


def test_who_only_reads_makes_no_file_and_a_file_that_is_none_of_ours_is_as_if_it_were_missing(
    sqlite_store: Store, tmp_path: Path
) -> None:
    assert (names(sqlite_store), sqlite_store.presence.progress(1)) == ([], None)
    beside = tmp_path / "signals.db.now"
    assert not beside.exists()
    beside.write_text("no database" * 100, encoding="utf-8")
    sqlite_store.presence.report(ROW)
    assert sqlite_store.presence.progress(1) is None
