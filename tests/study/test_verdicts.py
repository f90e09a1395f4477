"""Each rule of the verdict, and their order."""

from dataclasses import replace

import pytest

from signals.study.verdicts import VerdictInputs, rules, verdict
from signals.types import Role, Status, Verdict

MOVED = VerdictInputs(Status.SCORED, "", Role.SUBJECT, 0.9, False, ret=0.06, car=0.058, q_value=0.001, confounded=False)


def word(tie: VerdictInputs) -> Verdict:
    return verdict(tie, q_level=0.1, min_relevance=0.25)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Verdict.MOVE),
        ({"status": Status.PENDING}, Verdict.NOT_SCORED),
        ({"role": Role.PASSING}, Verdict.WEAK_TIE),
        ({"role": Role.SOURCE}, Verdict.WEAK_TIE),
        ({"role": Role.BOILERPLATE}, Verdict.WEAK_TIE),
        ({"relevance": 0.2}, Verdict.WEAK_TIE),
        ({"stale": True}, Verdict.WEAK_TIE),
        ({"ret": 0.03, "car": 0.01}, Verdict.MARKET_WIDE),
        ({"ret": 0.0209, "car": -0.0116}, Verdict.MARKET_WIDE),
        ({"q_value": 0.11}, Verdict.NO_MOVE),
        ({"q_value": 0.10}, Verdict.MOVE),
        ({"confounded": True}, Verdict.CONFOUNDED),
    ],
)
def test_each_rule(change: dict[str, object], expected: Verdict) -> None:
    assert word(replace(MOVED, **change)) is expected  # type: ignore[arg-type]  # the fields are given by name


def test_the_first_rule_that_applies_decides() -> None:
    everything = replace(MOVED, role=Role.PASSING, ret=0.03, car=0.0, q_value=0.9, confounded=True)
    assert word(everything) is Verdict.WEAK_TIE
    assert word(replace(everything, role=Role.SUBJECT)) is Verdict.MARKET_WIDE
    assert word(replace(everything, role=Role.SUBJECT, car=0.03)) is Verdict.NO_MOVE


def test_a_rule_says_its_numbers() -> None:
    assert list(rules(replace(MOVED, relevance=0.2), 0.1, 0.25)) == [
        (Verdict.WEAK_TIE, "relevance 0.20 is below 0.25"),
    ]


def test_the_rules_before_the_one_that_decides_say_why_they_do_not() -> None:
    assert list(rules(MOVED, 0.1, 0.25)) == [
        (Verdict.WEAK_TIE, "subject, relevance 0.90 is not below 0.25"),
        (Verdict.MARKET_WIDE, "+0.20% of the +6.00% is what the model expected"),
        (Verdict.NO_MOVE, "q 0.001 is at or below 0.1"),
        (Verdict.CONFOUNDED, "nothing else that is left in the abnormal return shares the window"),
        (Verdict.MOVE, "unusual, tied to the article, and nothing else explains it"),
    ]
