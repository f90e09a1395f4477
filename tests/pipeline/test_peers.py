"""The peers as a factor of a study, and in the unusual sessions, through whole runs."""

import math
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from signals.answers.unusual import unusual
from signals.app import App
from signals.runs.run import rebuild
from tests.pipeline.two_exchanges import DAY, DAYS, NOW, SHARES, configure, world, write
from tests.worlds import app_at, contents, links_of, run


def with_peers(folder: Path) -> App:
    app = world(folder, [(DAY, "ACME")])
    study = {"name": "beside peers", "model": "market", "factors": ["peers"], "windows": ["0..0"]}
    return configure(app, lambda content: content["studies"].append(study))


def measured(app: App) -> dict[str, list[dict[str, Any]]]:
    tables = {"moves", "session_moves", "links", "averages", "base_rates"}
    return contents(app, leave_out=["run_id", "scored_at"], of=lambda table: table.name in tables)


def test_what_all_peers_did_is_no_abnormal_move_beside_them(tmp_path: Path) -> None:
    app = with_peers(tmp_path)
    draw = random.Random(5)
    common = {day: math.exp(draw.gauss(0, 0.1)) for day in DAYS}
    for ticker in SHARES:
        write(tmp_path, ticker, factor=common.__getitem__)
    run(app)
    by_study = {link.study: link for link in links_of(app)}
    assert by_study["beside peers"].status == "scored"
    assert abs(by_study["beside peers"].car or 1) < abs(by_study["market"].car or 0) / 2


def test_bars_of_a_peer_that_are_corrected_have_the_move_measured_anew(tmp_path: Path) -> None:
    app = with_peers(tmp_path)
    run(app)
    app = app_at(app.config.path, NOW + timedelta(days=1))
    write(tmp_path, "BOLT", factor=lambda day: 1.05 if day == DAY else 1.0)
    run(app)
    before = measured(app)
    rebuild(app, None)
    assert measured(app) == before


def test_the_parts_of_an_unusual_session_add_up_to_its_return(demo_app: App) -> None:
    sessions = unusual(demo_app, None, None, unexplained=False).sessions
    assert any(row.peers_part is not None for row in sessions)
    for row in sessions:
        parts = (row.market_part, row.ar) if row.own_part is None else (row.market_part, row.peers_part, row.own_part)
        assert sum(part or 0.0 for part in parts) == pytest.approx(row.ret)
