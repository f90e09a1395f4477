"""The plan in tables: what SQL joins."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from signals.errors import ConfigError
from signals.pipeline.config_mirror import mirror_plan, mirrored_instruments
from signals.store import Store
from signals.types import Window
from tests.pipeline.stores import ACME, STUDY, instrument, plan_of


def test_every_instrument_has_a_row_with_the_zone_of_its_market(store: Store) -> None:
    with store.write() as db:
        mirror_plan(db, plan_of())
        rows = db.execute(text("SELECT ticker, mic, timezone, currency, benchmark FROM instruments ORDER BY ticker"))
        assert [tuple(row) for row in rows] == [
            ("ACME", "XAMS", "Europe/Amsterdam", "EUR", "MKT"),
            ("MKT", "XAMS", "Europe/Amsterdam", "EUR", None),
        ]


def test_every_study_has_a_row_per_window_with_its_model(store: Store) -> None:
    study = replace(STUDY, windows=(Window(0, 0), Window(-5, -1)), factors=("OIL",), exclude_events=True)
    with store.write() as db:
        mirror_plan(db, plan_of(studies=(study,)))
        rows = db.execute(text("SELECT study, event_window, model, interval FROM study_windows ORDER BY 1, 2"))
        assert [tuple(row) for row in rows] == [
            ("hourly", "0m..60m", "market", "1h"),
            ("market", "-5..-1", "market + OIL, own events left out", "1d"),
            ("market", "0..0", "market + OIL, own events left out", "1d"),
        ]


def test_a_change_replaces_the_row(store: Store) -> None:
    with store.write() as db:
        mirror_plan(db, plan_of())
        mirror_plan(db, plan_of(replace(ACME, name="Acme Group")))
        rows = db.execute(text("SELECT ticker, name FROM instruments ORDER BY ticker")).all()
        assert [tuple(row) for row in rows] == [("ACME", "Acme Group"), ("MKT", "Mkt Works")]


def test_an_unknown_market_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="XXXX"):
        mirrored_instruments(plan_of(instrument("ACME", mic="XXXX")))
