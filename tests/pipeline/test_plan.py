"""The plan: what a derivation works with besides the store and the sources."""

from dataclasses import fields

from signals.pipeline import Plan
from tests.pipeline.stores import ACME, MKT, instrument, plan_of


def test_the_first_source_is_the_most_preferred_one_that_the_instrument_names() -> None:
    plan = plan_of(price_sources=("archive", "vendor", "local"))
    assert plan.first_source(instrument("ONE", symbols={"local": "1", "vendor": "I"})) == "vendor"
    assert plan.first_source(instrument("ONE", symbols={"other": "1"})) is None


def test_instruments_are_looked_up_by_ticker() -> None:
    assert plan_of().by_ticker() == {"ACME": ACME, "MKT": MKT}


def test_every_setting_says_how_its_change_is_named() -> None:
    labels = [setting.metadata["label"] for setting in fields(Plan)]
    assert all(labels)
    assert len(set(labels)) == len(labels)
