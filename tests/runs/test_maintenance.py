"""What looks after a store: snapshots, pruning, copies."""

from datetime import timedelta
from pathlib import Path

import pytest

from signals.errors import LockedError, StoreError
from signals.runs.maintenance import copy_store, prune, publish
from signals.runs.run import prepare
from signals.store import Store
from signals.store.snapshot import FILE
from tests.worlds import NOW, app_at, contents, run, small


def test_a_snapshot_goes_to_the_configured_folder_or_to_another(tmp_path: Path) -> None:
    app = small(tmp_path, [(NOW, "Acme opens a plant")])
    run(app)
    assert tmp_path / "snapshot" / FILE in publish(app).files
    published = publish(app, tmp_path / "other")
    assert tmp_path / "other" / FILE in published.files
    assert published.rows["v_links"] == 4


def test_pruning_counts_what_it_dropped_and_waits_for_no_run(tmp_path: Path) -> None:
    app = small(tmp_path, [(NOW - timedelta(days=40), "Nobody builds"), (NOW, "Acme opens a plant")])
    run(app)
    assert prune(app, NOW - timedelta(days=30))["superseded bars"] == 0
    with app.store.lock(), pytest.raises(LockedError):
        prune(app, NOW)


def test_a_copy_has_the_rows_of_the_store(tmp_path: Path) -> None:
    app = small(tmp_path, [(NOW, "Acme opens a plant")])
    run(app)
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    tables, name = copy_store(app, url)
    assert name == str(tmp_path / "copy.db")
    assert {one.table: one.rows for one in tables}["articles"] == 1
    assert contents(app_at(app.config.path, database=url)) == contents(app)
    with pytest.raises(StoreError, match="already"):
        copy_store(app, url)


def test_a_copy_waits_for_no_run_in_either_store(tmp_path: Path) -> None:
    app = small(tmp_path)
    prepare(app)
    url = f"sqlite:///{tmp_path / 'copy.db'}"
    for store in (app.store, Store(url)):
        with store.lock(), pytest.raises(LockedError):
            copy_store(app, url)


def test_a_store_without_a_schema_is_not_looked_after(tmp_path: Path) -> None:
    app = small(tmp_path)
    with pytest.raises(StoreError, match="run `signals db upgrade`"):
        publish(app)
    with pytest.raises(StoreError, match="run `signals db upgrade`"):
        prune(app, NOW)
