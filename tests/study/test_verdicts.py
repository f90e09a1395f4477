"""Each rule of the verdict, and their order."""

from dataclasses import replace
from itertools import product

import pytest

from signals.study.verdicts import Tie, VerdictInputs, rules, tie_of, tie_of_class, verdict
from signals.types import RelevanceClass, Role, Status, Verdict

TIED, LOOSE = Tie(False, "tied"), Tie(True, "loose")
MOVED = VerdictInputs(
    Status.SCORED, "", TIED, before_publication=False, has_benchmark=True, ret=0.06, car=0.058, p_raw=0.001,
    q_value=0.001, confounded=False,
)  # fmt: skip
WITH_THE_MARKET = replace(MOVED, ret=0.03, car=0.01, p_raw=0.01, q_value=0.9)


def word(inputs: VerdictInputs) -> Verdict:
    return verdict(inputs, q_level=0.1)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Verdict.MOVE),
        ({"status": Status.PENDING}, Verdict.NOT_SCORED),
        ({"status": Status.UNSCORED}, Verdict.NOT_SCORED),
        ({"ret": None}, Verdict.NOT_SCORED),
        ({"car": None}, Verdict.NOT_SCORED),
        ({"q_value": None}, Verdict.NOT_SCORED),
        ({"tie": LOOSE}, Verdict.WEAK_TIE),
        ({"before_publication": True}, Verdict.EARLY_MOVE),
        ({"before_publication": True, "confounded": True}, Verdict.EARLY_MOVE),
        ({"confounded": True}, Verdict.CONFOUNDED),
        ({"q_value": 0.10}, Verdict.MOVE),
        ({"q_value": 0.11}, Verdict.NO_MOVE),
        ({"p_raw": None}, Verdict.MOVE),
        ({"ret": 0.03, "car": 0.01}, Verdict.MOVE),  # most of it was expected, and the rest is unusual
        ({"ret": -0.05, "car": -0.0875}, Verdict.MOVE),  # it fell while the market rose
        ({"ret": 0.04, "car": 0.0887}, Verdict.MOVE),  # it rose while the market fell
        ({"ret": 0.0, "car": 0.05}, Verdict.MOVE),  # it stayed while the market fell
    ],
)
def test_each_rule(change: dict[str, object], expected: Verdict) -> None:
    assert word(replace(MOVED, **change)) is expected  # type: ignore[arg-type]  # the fields are given by name


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Verdict.MARKET_WIDE),
        ({"ret": -0.03, "car": -0.01}, Verdict.MARKET_WIDE),
        ({"car": -0.01}, Verdict.MARKET_WIDE),  # less than the market, in its direction
        ({"confounded": True}, Verdict.MARKET_WIDE),
        ({"p_raw": 0.05}, Verdict.MARKET_WIDE),
        ({"p_raw": 0.0501}, Verdict.NO_MOVE),
        ({"p_raw": None}, Verdict.NO_MOVE),
        ({"has_benchmark": False}, Verdict.NO_MOVE),
        ({"car": 0.0151}, Verdict.NO_MOVE),  # less than half was expected
        ({"car": 0.0149}, Verdict.MARKET_WIDE),
        ({"ret": 0.03, "car": 0.07}, Verdict.NO_MOVE),  # expected -4%, moved +3%: against the market
        ({"ret": -0.0209, "car": -0.0509}, Verdict.NO_MOVE),
        ({"ret": 0.0, "car": 0.02}, Verdict.NO_MOVE),
        ({"before_publication": True}, Verdict.MARKET_WIDE),
        ({"tie": LOOSE}, Verdict.WEAK_TIE),
        ({"q_value": 0.1}, Verdict.MOVE),
    ],
)
def test_a_market_wide_move_is_an_unusual_return_in_the_direction_of_the_market(
    change: dict[str, object], expected: Verdict
) -> None:
    inputs = replace(WITH_THE_MARKET, **change)  # type: ignore[arg-type]  # the fields are given by name
    assert word(inputs) is expected


def test_the_first_rule_that_applies_decides() -> None:
    everything = replace(WITH_THE_MARKET, status=Status.PENDING, tie=LOOSE, before_publication=True, q_value=0.0,
                         confounded=True)  # fmt: skip
    order = [Verdict.NOT_SCORED]
    for change in (
        {"status": Status.SCORED}, {"tie": TIED}, {"before_publication": False}, {"confounded": False},
        {"q_value": 0.9}, {"p_raw": 0.9},
    ):  # fmt: skip
        assert word(everything) is order[-1]
        everything = replace(everything, **change)
        order.append(word(everything))
    assert order == [
        Verdict.NOT_SCORED, Verdict.WEAK_TIE, Verdict.EARLY_MOVE, Verdict.CONFOUNDED, Verdict.MOVE,
        Verdict.MARKET_WIDE, Verdict.NO_MOVE,
    ]  # fmt: skip


def test_a_window_before_publication_never_says_move_and_no_other_says_early_move() -> None:
    grid = product((TIED, LOOSE), (True, False), (0.06, -0.06), (0.05, -0.05), (0.001, 0.9), (0.0, 0.9), (True, False))
    for tie, benchmark, ret, car, p_raw, q_value, confounded in grid:
        for early, never in ((True, {Verdict.MOVE, Verdict.CONFOUNDED}), (False, {Verdict.EARLY_MOVE})):
            inputs = VerdictInputs(Status.SCORED, "", tie, early, benchmark, ret, car, p_raw, q_value, confounded)
            assert word(inputs) not in never


def test_the_rules_before_the_one_that_decides_say_why_they_do_not() -> None:
    assert list(rules(MOVED, 0.1)) == [
        (Verdict.WEAK_TIE, "tied"),
        (Verdict.CONFOUNDED, "nothing else that is left in the abnormal return shares the window"),
        (Verdict.MOVE, "q 0.001 is at or below 0.1, tied to the article, and nothing else explains it"),
    ]
    assert list(rules(replace(MOVED, q_value=0.5, p_raw=0.3), 0.1)) == [
        (Verdict.WEAK_TIE, "tied"),
        (Verdict.MOVE, "q 0.500 is above 0.1"),
        (Verdict.MARKET_WIDE, "p of the return itself, 0.300, is not at or below 0.05"),
        (Verdict.NO_MOVE, "not unusual, and no part of a market-wide move"),
    ]


@pytest.mark.parametrize(
    ("inputs", "why"),
    [
        (replace(MOVED, status=Status.PENDING, reason="window_open"), "pending: window_open"),
        (replace(MOVED, tie=LOOSE), "loose"),
        (replace(MOVED, before_publication=True),
         "q 0.001 is at or below 0.1, and the window ends before publication"),
        (replace(MOVED, confounded=True),
         "q 0.001 is at or below 0.1, and something else that is left in the abnormal return shares the window"),
        (WITH_THE_MARKET, "+2.00% of the +3.00% was expected"),
    ],
)  # fmt: skip
def test_the_rule_that_decides_says_its_numbers(inputs: VerdictInputs, why: str) -> None:
    assert list(rules(inputs, 0.1))[-1] == (word(inputs), why)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"has_benchmark": False}, "the model has no benchmark"),
        ({"p_raw": None}, "p of the return itself, not known, is not at or below 0.05"),
        ({"car": 0.0151}, "+1.49% of the +3.00% was expected"),
    ],
)
def test_what_is_not_market_wide_says_why(change: dict[str, object], why: str) -> None:
    inputs = replace(WITH_THE_MARKET, **change)  # type: ignore[arg-type]  # the fields are given by name
    assert (Verdict.MARKET_WIDE, why) in list(rules(inputs, 0.1))
    assert word(inputs) is Verdict.NO_MOVE


# --- ties -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "relevance", "stale", "tie"),
    [
        (Role.SUBJECT, 0.25, False, Tie(False, "subject, relevance 0.25 is not below 0.25")),
        (Role.MENTIONED, 0.9, False, Tie(False, "mentioned, relevance 0.90 is not below 0.25")),
        (Role.SUBJECT, 0.2, False, Tie(True, "relevance 0.20 is below 0.25")),
        (Role.PASSING, 0.9, False, Tie(True, "the instrument's role in the article is passing")),
        (Role.SOURCE, 0.9, False, Tie(True, "the instrument's role in the article is source")),
        (Role.BOILERPLATE, 0.9, False, Tie(True, "the instrument's role in the article is boilerplate")),
        (Role.SUBJECT, 0.9, True, Tie(True, "a copy of a story that was out before, published after day zero, or the "
                                            "window by the clock, had ended")),
    ],
)  # fmt: skip
def test_an_article_is_tied_by_its_role_its_relevance_and_its_time(
    role: Role, relevance: float, stale: bool, tie: Tie
) -> None:
    assert tie_of(role, relevance, stale, 0.25) == tie


def test_an_event_is_tied_as_its_best_article_is() -> None:
    assert [tie_of_class(one) for one in RelevanceClass] == [
        Tie(False, "an article has it as subject"),
        Tie(False, "an article has it as mentioned"),
        Tie(True, "no article is about the instrument"),
    ]
