"""A store moved to another database: every row there, proved by counts and checksums, or nothing."""

from pathlib import Path

import pytest

from signals.answers.status import status
from signals.cli import main
from tests.worlds import NOW, app_at, contents, links_of, run, small


def test_a_sqlite_store_moves_to_postgresql_with_one_command(
    tmp_path: Path, postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = small(tmp_path, [(NOW, f"Acme opens plant {n}") for n in range(5)])
    run(app)
    assert main(["--config", str(app.config.path), "db", "copy", postgresql_url]) == 0
    assert " articles" in capsys.readouterr().out
    moved = app_at(app.config.path, database=postgresql_url)
    assert contents(moved) == contents(app)
    assert links_of(moved) == links_of(app)
    run(moved)  # which numbers its run after those that came along
    assert [row.run_id for row in status(moved).runs] == [2, 1]
    assert main(["--config", str(app.config.path), "db", "copy", postgresql_url]) == 2
    assert "already" in capsys.readouterr().err
    moved.store.engine.dispose()
