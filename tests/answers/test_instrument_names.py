"""What a user calls an instrument."""

from dataclasses import replace

import pytest

from signals.answers.instrument_names import instrument_row
from signals.answers.report import report
from signals.app import App
from signals.errors import UnknownNameError
from signals.pipeline import Plan
from signals.pipeline.config_mirror import mirror_plan
from signals.store import Store
from signals.store.queries import LinkFilters
from signals.types import Alias, Instrument, Scheme
from tests.stores import instrument, plan_of

NAMED = (
    instrument("GAZP", name="Gazprom", aliases=(Alias("RU0007661625", Scheme.ISIN), Alias("Газпром"))),
    instrument("SIBN", name="Gazprom Neft", aliases=(Alias("Gazprom Oil"),)),
    instrument("BRKa", name="Berkshire A"), instrument("BRKA", name="Berkshire", aliases=(Alias("Twice"),)),
    instrument("DUO", name="Duo", aliases=(Alias("Twice"),)),
)  # fmt: skip


def of(*instruments: Instrument) -> Plan:
    return replace(plan_of(), instruments=instruments)


@pytest.mark.parametrize(
    ("name", "ticker"),
    [
        ("GAZP", "GAZP"), ("gazp", "GAZP"), ("Gazprom", "GAZP"), ("GAZPROM", "GAZP"), ("gazprom neft", "SIBN"),
        ("газпром", "GAZP"), ("ru0007661625", "GAZP"), ("BRKA", "BRKA"), ("BRKa", "BRKa"),
    ],
)  # fmt: skip
def test_a_ticker_in_any_case_a_name_and_an_alias_mean_the_instrument(store: Store, name: str, ticker: str) -> None:
    with store.write() as db:
        mirror_plan(db, of(*NAMED))
        assert instrument_row(db, of(*NAMED), name).ticker == ticker


@pytest.mark.parametrize(
    ("name", "hint"), [("brka", "BRKA or BRKa"), ("twice", "BRKA or DUO"), ("GAZB", "Did you mean GAZP"), ("", "Known")]
)
def test_what_means_several_or_none_is_refused_with_what_it_may_be(store: Store, name: str, hint: str) -> None:
    with store.write() as db:
        mirror_plan(db, of(*NAMED))
        with pytest.raises(UnknownNameError, match=hint):
            instrument_row(db, of(*NAMED), name)


@pytest.mark.parametrize(
    ("count", "hint"),
    [
        (0, "run `signals run` first"),
        (12, "T00, T01, T02, T03, T04, T05, T06, T07, T08, T09, T10, T11[.]"),
        (13, "T11 [.][.][.][.]"),
    ],
)
def test_a_message_lists_at_most_a_dozen_tickers(store: Store, count: int, hint: str) -> None:
    with store.write() as db:
        plan = of(*(instrument(f"T{n:02}") for n in range(count)))
        mirror_plan(db, plan)
        with pytest.raises(UnknownNameError, match=hint):
            instrument_row(db, plan, "NOPE")


def test_a_report_by_name_is_that_of_the_ticker(demo_app: App) -> None:
    by_name, by_ticker = (report(demo_app, name, LinkFilters()) for name in ("gazprom", "GAZP"))
    assert (by_name.ticker, by_name.links) == ("GAZP", by_ticker.links)
