"""The size and the power of the p-value on one's own closes."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import signals
from tests.tables.conftest import Frame


def test_the_sizes_are_the_shares_of_placebos_that_an_event_study_rejects(closes: Frame) -> None:
    check = signals.calibrate(closes, "INDEX", windows=["0..0", "0..2"], factors=["OIL"])
    tickers = [name for name in closes if name not in ("INDEX", "OIL")]
    every = pd.DataFrame([(t, day) for t in tickers for day in closes.index], columns=["ticker", "day_zero"])
    results = signals.event_study(every, closes, "INDEX", windows=["0..0", "0..2"], factors=["OIL"])
    for row in check.sizes.to_dict("records"):
        p = results.loc[results["event_window"] == row["event_window"], "p_value"].dropna()
        assert row["placebos"] == len(p)
        for name, level in (("at_10", 0.1), ("at_5", 0.05), ("at_1", 0.01), ("at_0.1", 0.001)):
            assert row[name] == pytest.approx(100 * (p <= level).mean())
    assert check.sizes["at_5"].between(3, 7).all()


def test_years_and_power_are_beside_the_sizes(closes: Frame) -> None:
    check = signals.calibrate(closes, "INDEX", effects=(0.0, 0.02, 0.06), windows=["0..0"])
    assert list(check.years["year"]) == [2020, 2021, 2022]
    assert check.years["placebos"].sum() == check.sizes["placebos"].item()
    power = check.power["detected"]
    assert power[0] == pytest.approx(check.sizes["at_5"].item())
    assert power[0] < power[1] < power[2]
    assert power[2] > 95


def test_a_sample_is_repeated_by_its_seed(closes: Frame) -> None:
    first, again, other = (signals.calibrate(closes, "INDEX", seed=seed, placebos=500) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first.power, again.power)
    assert not first.power.equals(other.power)
    assert set(first.sizes["placebos"]) == {500}


def test_the_text_of_a_check_is_a_line_per_window(closes: Frame) -> None:
    lines = repr(signals.calibrate(closes, "INDEX")).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("0..0: ")
    assert "rejected at 10/5/1/.1%: " in lines[0]
    assert "+2.0% " in lines[0]


def test_a_break_of_the_unit_is_no_placebo(closes: Frame) -> None:
    broken = closes.copy()
    broken.iloc[450:, broken.columns.get_loc("S4")] *= 100
    whole, part = (signals.calibrate(table, "INDEX", windows=["0..2"]).sizes for table in (closes, broken))
    assert part["placebos"].item() == whole["placebos"].item() - 3


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"effects": []}, "effects are"),
        ({"effects": [np.nan]}, "effects are"),
        ({"placebos": 0}, "placebos is 0"),
        ({"estimation": 0}, "estimation is 0"),
        ({"windows": ["5..0"]}, "ends before"),
    ],
)
def test_a_check_without_sense_is_refused(closes: Frame, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        signals.calibrate(closes, "INDEX", **options)


def test_a_table_that_is_too_short_is_refused(closes: Frame) -> None:
    with pytest.raises(ValueError, match="100 sessions and no stock-day that can be measured"):
        signals.calibrate(closes[:100], "INDEX")
