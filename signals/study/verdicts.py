"""What a link or an event amounts to, in one word. Each rule is written here, once; the first that applies decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from signals.types import RelevanceClass, Role, Status, Verdict

WEAK_ROLES = (Role.PASSING, Role.SOURCE, Role.BOILERPLATE)
UNUSUAL_RETURN = 0.05  # p_raw at or below which a return is unusual in itself


@dataclass(frozen=True, slots=True)
class Tie:
    """Whether news is weakly tied to an instrument, and the sentence that says why or why not."""

    weak: bool
    why: str


@dataclass(frozen=True, slots=True)
class VerdictInputs:
    """What the rules look at: how the news is tied to the event, and what the event's move was.

    `before_publication` says that the window ends before the news was out, `has_benchmark` that the return model
    compares with a benchmark.
    """

    status: Status
    reason: str
    tie: Tie
    before_publication: bool
    has_benchmark: bool
    ret: float | None
    car: float | None
    p_raw: float | None
    q_value: float | None
    confounded: bool


def verdict(inputs: VerdictInputs, q_level: float) -> Verdict:
    """Return the verdict: that of the first of the `rules` which applies."""
    return list(rules(inputs, q_level))[-1][0]


def rules(inputs: VerdictInputs, q_level: float) -> Iterator[tuple[Verdict, str]]:
    """Yield the rules in their order up to the one that decides, each with its numbers as a sentence.

    Parameters
    ----------
    inputs
        The link or event.
    q_level
        Highest q-value at which a move is called unusual.

    Yields
    ------
    tuple of Verdict and str
        The verdict that a rule would give, and why it gives it or, but for the last, why it does not.
    """
    ret, car, q_value = inputs.ret, inputs.car, inputs.q_value
    if inputs.status is not Status.SCORED or ret is None or car is None or q_value is None:
        yield Verdict.NOT_SCORED, f"{inputs.status}: {inputs.reason}"
        return
    yield Verdict.WEAK_TIE, inputs.tie.why
    if inputs.tie.weak:
        return
    unusual = q_value <= q_level
    yield from _unusual(inputs, f"q {q_value:.3f} is {'at or below' if unusual else 'above'} {q_level:g}", unusual)
    if unusual:
        return
    market_wide, why = _market_wide(inputs, ret, car)
    yield Verdict.MARKET_WIDE, why
    if not market_wide:
        yield Verdict.NO_MOVE, "not unusual, and no part of a market-wide move"


def _unusual(inputs: VerdictInputs, why: str, unusual: bool) -> Iterator[tuple[Verdict, str]]:
    """Yield the rules for an abnormal return that is unusual, or the one that says that it is not."""
    if inputs.before_publication:
        yield Verdict.EARLY_MOVE, f"{why}, and the window ends before publication"
    elif not unusual:
        yield Verdict.MOVE, why
    elif inputs.confounded:
        yield Verdict.CONFOUNDED, f"{why}, and something else that is left in the abnormal return shares the window"
    else:
        yield Verdict.CONFOUNDED, "nothing else that is left in the abnormal return shares the window"
        yield Verdict.MOVE, f"{why}, tied to the article, and nothing else explains it"


def _market_wide(inputs: VerdictInputs, ret: float, car: float) -> tuple[bool, str]:
    """Return whether an unusual return is mostly what the model expected, in the same direction, and why or why not."""
    if not inputs.has_benchmark:
        return False, "the model has no benchmark"
    if inputs.p_raw is None or inputs.p_raw > UNUSUAL_RETURN:
        raw = "not known" if inputs.p_raw is None else f"{inputs.p_raw:.3f}"
        return False, f"p of the return itself, {raw}, is not at or below {UNUSUAL_RETURN:g}"
    expected = ret - car
    return expected * ret > 0 and abs(expected) > abs(ret) / 2, f"{expected:+.2%} of the {ret:+.2%} was expected"


def tie_of(role: Role, relevance: float, stale: bool, min_relevance: float) -> Tie:
    """Return how an article is tied to an event.

    Parameters
    ----------
    role, relevance
        Of the instrument in the article.
    stale
        The article is a later copy, published when the window had ended.
    min_relevance
        The lowest relevance at which an article is called tied to the move.
    """
    if role in WEAK_ROLES:
        return Tie(True, f"the instrument's role in the article is {role}")
    if relevance < min_relevance:
        return Tie(True, f"relevance {relevance:.2f} is below {min_relevance:g}")
    if stale:
        ended = "after day zero, or the window by the clock, had ended"
        return Tie(True, f"a copy of a story that was out before, published {ended}")
    return Tie(False, f"{role}, relevance {relevance:.2f} is not below {min_relevance:g}")


def tie_of_class(relevance_class: RelevanceClass) -> Tie:
    """Return how the best article of an event is tied to it."""
    weak = relevance_class is RelevanceClass.WEAK
    return Tie(weak, "no article is about the instrument" if weak else f"an article has it as {relevance_class}")
