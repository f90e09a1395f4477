"""What a link amounts to, in one word. Each rule is written here, once; the first that applies decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from signals.types import Role, Status, Verdict

WEAK_ROLES = (Role.PASSING, Role.SOURCE, Role.BOILERPLATE)


@dataclass(frozen=True, slots=True)
class VerdictInputs:
    """What the rules look at: how the article is tied to the event, and what the event's move was.

    `stale` says that the article is a later copy, published when the window had ended.
    """

    status: Status
    reason: str
    role: Role
    relevance: float
    stale: bool
    ret: float | None
    car: float | None
    q_value: float | None
    confounded: bool


def verdict(inputs: VerdictInputs, q_level: float, min_relevance: float) -> Verdict:
    """Return the verdict: that of the first of the `rules` which applies."""
    return list(rules(inputs, q_level, min_relevance))[-1][0]


def rules(inputs: VerdictInputs, q_level: float, min_relevance: float) -> Iterator[tuple[Verdict, str]]:
    """Yield the rules in their order up to the one that decides, each with its numbers as a sentence.

    Parameters
    ----------
    inputs
        The link.
    q_level
        Highest false-discovery rate at which a move is called one.
    min_relevance
        Lowest relevance at which an article is called tied to the move.

    Yields
    ------
    tuple of Verdict and str
        The verdict that a rule would give, and why it gives it or, but for the last, why it does not.
    """
    ret, car, q_value = inputs.ret, inputs.car, inputs.q_value
    if inputs.status is not Status.SCORED or ret is None or car is None or q_value is None:
        yield Verdict.NOT_SCORED, f"{inputs.status}: {inputs.reason}"
        return
    weak = _weak_tie(inputs, min_relevance)
    yield Verdict.WEAK_TIE, weak or f"{inputs.role}, relevance {inputs.relevance:.2f} is not below {min_relevance:g}"
    if weak:
        return
    yield Verdict.MARKET_WIDE, f"{ret - car:+.2%} of the {ret:+.2%} is what the model expected"
    if abs(ret - car) > abs(ret) / 2:
        return
    unusual = q_value <= q_level
    yield Verdict.NO_MOVE, f"q {q_value:.3f} is {'at or below' if unusual else 'above'} {q_level:g}"
    if not unusual:
        return
    if inputs.confounded:
        yield Verdict.CONFOUNDED, "something else that is left in the abnormal return shares the window"
    else:
        yield Verdict.CONFOUNDED, "nothing else that is left in the abnormal return shares the window"
        yield Verdict.MOVE, "unusual, tied to the article, and nothing else explains it"


def _weak_tie(inputs: VerdictInputs, min_relevance: float) -> str:
    """Return what makes an article's tie to the event a weak one, empty if nothing does."""
    if inputs.role in WEAK_ROLES:
        return f"the instrument's role in the article is {inputs.role}"
    if inputs.relevance < min_relevance:
        return f"relevance {inputs.relevance:.2f} is below {min_relevance:g}"
    late = "a copy of a story that was out before, published after day zero, or the window by the clock, had ended"
    return late if inputs.stale else ""
