"""Whether the rows of the store were derived by the configuration as it is now."""

from pathlib import Path

import pytest
import yaml

from signals.doctor.derivation import (
    derived_otherwise,
    other_sessions,
    plan_changes,
    unused_markets,
    without_instruments,
)
from tests.worlds import app_at, run, small


def test_a_change_of_the_configuration_waits_for_a_rebuild(tmp_path: Path) -> None:
    app = small(tmp_path)
    run(app)
    assert list(derived_otherwise(plan_changes(app))) == []
    content = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
    app.config.path.write_text(yaml.safe_dump({**content, "plausible_zones": ["UTC"]}), encoding="utf-8")
    (finding,) = derived_otherwise(plan_changes(app_at(app.config.path)))
    assert "plausible_zones" in finding.problem
    assert "signals rebuild" in finding.advice


@pytest.mark.parametrize(("count", "end"), [(1, "n0"), (5, "n4"), (6, "n4 and 1 more"), (9, "n4 and 4 more")])
def test_a_finding_names_five_changes_and_counts_the_rest(count: int, end: str) -> None:
    (finding,) = derived_otherwise([f"n{n}" for n in range(count)])
    assert finding.problem.endswith(end)


def test_crypto_with_an_exchange_s_code_is_told_that_the_exchange_is_not_used() -> None:
    (first, second) = other_sessions({"BTC": "XNYS", "ETH": "XNYS", "SOL": "XLON"})
    assert (first.where, second.where) == ("SOL", "BTC, ETH")
    assert "those of XNYS are not used" in second.problem
    assert list(other_sessions({})) == []


def test_an_entry_of_markets_that_no_instrument_is_in_has_no_effect(tmp_path: Path) -> None:
    app = small(tmp_path)
    content = yaml.safe_load(app.config.path.read_text(encoding="utf-8"))
    markets = {mic: {"calendar": "XAMS"} for mic in ("XAMS", "XMAS")}
    app.config.path.write_text(yaml.safe_dump({**content, "markets": markets}), encoding="utf-8")
    (finding,) = without_instruments(unused_markets(app_at(app.config.path)))
    assert finding.where == "markets.XMAS"
