"""The state of knowledge at an instant: a store of its own, derived from the facts known then."""

from datetime import timedelta
from pathlib import Path

import pytest

from signals.errors import StoreError
from signals.runs.as_of import derive_as_of
from signals.runs.maintenance import prune
from tests.worlds import NOW, contents, links_of, run, small

NIGHT = timedelta(days=1)


def test_what_a_run_would_have_given_is_derived_beside_the_store(tmp_path: Path) -> None:
    early = [(NOW - timedelta(hours=9), "Acme opens a plant")]
    run(small(tmp_path, early, NOW))
    later = small(tmp_path, [*early, (NOW + timedelta(hours=9), "Acme sells a plant")], NOW + NIGHT)
    run(later)
    before = contents(later)
    past, stats = derive_as_of(later, NOW + timedelta(minutes=1))
    assert past.now() == NOW + timedelta(minutes=1)
    assert past.config.database == f"sqlite:///{tmp_path / 'as-of-20260304T033100Z.db'}"
    assert {link.title for link in links_of(past)} == {"Acme opens a plant"}
    assert stats.links == len(links_of(past))
    assert contents(later) == before
    again, _ = derive_as_of(later, NOW + timedelta(minutes=1))  # replaces the store of the first time
    assert links_of(again) == links_of(past)


def test_a_pruned_store_cannot_tell_what_was_known_before(tmp_path: Path) -> None:
    app = small(tmp_path, [(NOW, "Acme opens a plant")])
    run(app)
    prune(app, NOW)
    with pytest.raises(StoreError, match="was pruned of facts before 2026-03-04; name a later instant"):
        derive_as_of(app, NOW - NIGHT)
    derive_as_of(app, NOW)
