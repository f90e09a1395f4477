"""Pruning: rows that no link needs are dropped and no other."""

from datetime import timedelta
from pathlib import Path

import pytest

from signals.errors import StoreError
from signals.runs.as_of import derive_as_of
from signals.runs.maintenance import prune
from tests.worlds import NOW, contents, links_of, run, small

HEADLINES = [(NOW - timedelta(days=day), f"Acme opens plant {day}") for day in range(8, 20)]


def test_only_bodies_that_no_link_needs_are_dropped(tmp_path: Path) -> None:
    app = small(tmp_path, [*HEADLINES, (NOW - timedelta(days=9), "Nobody in particular waits")])
    text = (tmp_path / "wire.csv").read_text(encoding="utf-8").replace("published_at,title", "published_at,title,body")
    rows = [text.splitlines()[0], *(f"{line},SIMULATED body" for line in text.splitlines()[1:])]
    (tmp_path / "wire.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    run(app)
    links = links_of(app)
    assert prune(app, NOW)["article bodies"] == 1
    assert prune(app, NOW)["article bodies"] == 0
    assert links_of(app) == links
    assert not any(run(app).counts().values())
    assert "SIMULATED body" in {row["body"] for row in contents(app)["articles"] if row["title"].startswith("Acme")}
    with pytest.raises(StoreError, match="pruned"):
        derive_as_of(app, NOW - timedelta(days=3))
