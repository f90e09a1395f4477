"""The peers as a factor of a study, and in the unusual sessions, through whole runs."""

from pathlib import Path

import pytest

from signals.answers.unusual import unusual
from signals.app import App
from signals.runs.run import rebuild
from tests.pipeline.two_exchanges import DAY, SHARES, configure, world, write
from tests.worlds import contents, links_of, run


def with_peers(folder: Path) -> App:
    app = world(folder, [(DAY, "ACME")])
    study = {"name": "beside peers", "model": "market", "factors": ["peers"], "windows": ["0..0"]}
    return configure(app, lambda content: content["studies"].append(study))


def test_what_all_peers_did_is_no_abnormal_move_beside_them(tmp_path: Path) -> None:
    app = with_peers(tmp_path)
    for ticker in SHARES:
        write(tmp_path, ticker, factor=lambda day: 1.08 if day == DAY else 1.0)
    run(app)
    by_study = {link.study: link for link in links_of(app)}
    assert by_study["beside peers"].status == "scored"
    assert abs(by_study["beside peers"].car or 1) < abs(by_study["market"].car or 0) / 2


def test_bars_of_a_peer_that_are_corrected_have_the_move_measured_anew(tmp_path: Path) -> None:
    app = with_peers(tmp_path)
    run(app)
    write(tmp_path, "BOLT", factor=lambda day: 1.05 if day == DAY else 1.0)
    run(app)
    before = contents(app, leave_out=["run_id", "scored_at"])
    rebuild(app, None)
    assert contents(app, leave_out=["run_id", "scored_at"]) == before


def test_the_parts_of_an_unusual_session_add_up_to_its_return(demo_app: App) -> None:
    sessions = unusual(demo_app, None, None, unexplained=False).sessions
    assert any(row.peers_part is not None for row in sessions)
    for row in sessions:
        parts = (row.market_part, row.ar) if row.own_part is None else (row.market_part, row.peers_part, row.own_part)
        assert sum(part or 0.0 for part in parts) == pytest.approx(row.ret)
