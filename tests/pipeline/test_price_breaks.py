"""Jumps like a split or a change of unit, through whole runs: held back, named, and settled by what is advised."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from signals import doctor
from signals.answers.explain import explain
from signals.answers.status import status
from signals.app import App
from signals.runs.run import rebuild
from tests.pipeline.two_exchanges import DAY, DAYS, configure, world, write
from tests.worlds import links_of, run

BEFORE, AFTER = DAYS[DAYS.index(DAY) - 1], DAYS[DAYS.index(DAY) + 1]


def broken(folder: Path, **how: Any) -> App:
    """Run a world in which the price of ACME breaks on the day of its news."""
    app = world(folder, [(BEFORE, "ACME"), (DAY, "ACME"), (AFTER, "ACME")])
    write(folder, "ACME", **how)
    run(app)
    return app


def advised(app: App) -> list[str]:
    """Return the corrections that doctor advises for ACME."""
    (finding,) = [finding for finding in doctor.examine(app) if finding.where == "ACME"]
    return re.findall(r"corrections: (\[.*?\])`", finding.advice)


def settled(app: App, correction: str) -> App:
    """Write a correction, and derive all again."""
    app = configure(app, lambda content: content["instruments"]["ACME"].update(corrections=yaml.safe_load(correction)))
    rebuild(app, None)
    return app


def moves(app: App) -> dict[date, tuple[str, float | None]]:
    return {link.day_zero: (link.reason, link.ret) for link in links_of(app, study="plain")}


JUMPS: dict[str, dict[str, Any]] = {
    "pence become pounds": {"factor": lambda day: 0.01 if day >= DAY else 1.0},
    "a consolidation without its action": {"factor": lambda day: 30.0 if day >= DAY else 1.0},
    "a split without its action": {"factor": lambda day: 0.5 if day >= DAY else 1.0},
    "a split that the prices hold already": {"splits": {DAY: 7}},
    "a price of three fifths for a day": {"factor": lambda day: 0.6 if day == DAY else 1.0},
}


@pytest.mark.parametrize("jump", JUMPS)
def test_a_break_is_not_scored_and_is_named_and_its_neighbours_are_right(tmp_path: Path, jump: str) -> None:
    clean = world(tmp_path, [(BEFORE, "ACME")])
    run(clean)
    expected = moves(clean)[BEFORE]
    folder = tmp_path / "broken"
    folder.mkdir()
    app = broken(folder, **JUMPS[jump])
    assert moves(app)[DAY] == ("unit_break", None)
    assert moves(app)[BEFORE][1] == pytest.approx(expected[1])
    assert {(one.ticker, one.source) for one in status(app).price_breaks} == {("ACME", "p")}
    assert "ACME" in [finding.where for finding in doctor.examine(app)]


@pytest.mark.parametrize("jump", list(JUMPS)[:4])
def test_what_is_advised_settles_it(tmp_path: Path, jump: str) -> None:
    app = broken(tmp_path, **JUMPS[jump])
    app = settled(app, advised(app)[0])
    assert {reason for reason, _ in moves(app).values()} == {""}
    assert all(abs(ret or 1) < 0.05 for _, ret in moves(app).values())
    assert status(app).price_breaks == []


def test_explain_shows_the_prices_that_the_return_was_computed_from(tmp_path: Path) -> None:
    app = broken(tmp_path, **JUMPS["pence become pounds"])
    app = settled(app, advised(app)[0])
    (link,) = [link for link in links_of(app, study="plain") if link.day_zero == DAY]
    before, day = explain(app, link.link_id).tickers[0].links[0].path
    assert before.bar is not None
    assert day.bar is not None
    assert (day.bar.close or 0) / (before.bar.close or 1) - 1 == pytest.approx(link.ret)


def test_a_jump_that_is_confirmed_is_a_move(tmp_path: Path) -> None:
    app = broken(tmp_path, factor=lambda day: 0.5 if day >= DAY else 1.0)
    app = settled(app, advised(app)[1])
    assert moves(app)[DAY][1] == pytest.approx(-0.5, abs=0.03)


def test_a_break_of_the_benchmark_leaves_its_day_without_a_return(tmp_path: Path) -> None:
    app = world(tmp_path, [(DAY, "ACME"), (AFTER, "ACME")])
    write(tmp_path, "INDEX", factor=lambda day: 10.0 if day >= DAY else 1.0)
    run(app)
    assert {link.day_zero: link.reason for link in links_of(app, study="market")} == {DAY: "benchmark_bars", AFTER: ""}
    assert [(one.ticker, one.day) for one in status(app).price_breaks] == [("INDEX", DAY)]
