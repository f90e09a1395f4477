"""Quoted units: pence and their like are parts of currencies."""

import re

import pytest

from signals.types import QUOTED_UNITS, QuotedUnit, quoted_unit


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ("GBp", ("GBP", 0.01)),
        ("GBX", ("GBP", 0.01)),
        ("ZAc", ("ZAR", 0.01)),
        ("ILA", ("ILS", 0.01)),
        ("KWF", ("KWD", 0.001)),
        ("GBP", ("GBP", 1.0)),
        ("USD", ("USD", 1.0)),
        ("", ("", 1.0)),
    ],
)
def test_a_unit_is_a_part_of_a_currency_and_a_currency_its_own_unit(code: str, unit: tuple[str, float]) -> None:
    assert quoted_unit(code) == QuotedUnit(*unit)


def test_no_unit_has_the_code_of_a_currency() -> None:
    assert all(re.fullmatch("[A-Z]{3}", unit.currency) for unit in QUOTED_UNITS.values())
    assert not {unit.currency for unit in QUOTED_UNITS.values()} & QUOTED_UNITS.keys()
