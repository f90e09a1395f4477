"""Values as JSON, as the store keeps a plan."""

from dataclasses import dataclass, field
from datetime import date

from signals.config import from_json, to_json
from signals.types import Alias, Instrument, IntradayStudy, IntradayWindow, Scheme, Study, Window


@dataclass(frozen=True)
class Plan:
    instruments: tuple[Instrument, ...]
    studies: tuple[Study | IntradayStudy, ...]
    levels: dict[str, float] = field(default_factory=dict)


PLAN = Plan(
    (
        Instrument(
            "GAZP", "Gazprom", "MISX", "RUB", aliases=(Alias("MM:GAZP", Scheme.EXCHANGE, True, date(2006, 1, 23)),)
        ),
    ),
    (
        Study("market", windows=(Window(0, 1), Window(-5, -1))),
        IntradayStudy("hourly", "1h", windows=(IntradayWindow(0, None),)),
    ),
    {"q": 0.1 + 0.2},
)


def test_a_value_is_read_back_equal_to_the_last_bit() -> None:
    assert from_json(Plan, to_json(Plan, PLAN)) == PLAN


def test_the_same_value_has_the_same_text() -> None:
    assert to_json(Plan, PLAN) == to_json(Plan, from_json(Plan, to_json(Plan, PLAN)) or Plan((), ()))


def test_json_of_another_shape_is_none() -> None:
    assert from_json(Plan, '{"instruments": [], "levels": {"q": "high"}}') is None
    assert from_json(Plan, "not json") is None
