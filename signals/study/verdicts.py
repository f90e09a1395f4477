"""What a link amounts to, in one word. Each rule is written here, once; the first that applies decides."""

from __future__ import annotations

from dataclasses import dataclass

from signals.types import Role, Status, Verdict

WEAK_ROLES = (Role.PASSING, Role.SOURCE, Role.BOILERPLATE)


@dataclass(frozen=True, slots=True)
class Tie:
    """What the rules look at: how the article is tied to the event, and what the event's move was."""

    status: Status
    reason: str
    role: Role
    relevance: float
    stale: bool
    ret: float | None
    car: float | None
    q_value: float | None
    confounded: bool


def verdict(tie: Tie, q_level: float, min_relevance: float) -> tuple[Verdict, str]:
    """Return the verdict and the rule that gave it, as a sentence with its numbers.

    Parameters
    ----------
    tie
        The link.
    q_level
        Highest false-discovery rate at which a move is called one.
    min_relevance
        Lowest relevance at which an article is called tied to the move.
    """
    if tie.status is not Status.SCORED or tie.ret is None or tie.car is None or tie.q_value is None:
        return Verdict.NOT_SCORED, f"{tie.status}: {tie.reason}"
    if tie.role in WEAK_ROLES:
        return Verdict.WEAK_TIE, f"the instrument's role in the article is {tie.role}"
    if tie.relevance < min_relevance:
        return Verdict.WEAK_TIE, f"relevance {tie.relevance:.2f} is below {min_relevance:g}"
    if tie.stale:
        return Verdict.WEAK_TIE, "a copy of a story that was out before: published after day zero had closed"
    if abs(tie.ret - tie.car) > abs(tie.ret) / 2:
        return Verdict.MARKET_WIDE, f"{tie.ret - tie.car:+.2%} of the {tie.ret:+.2%} is what the model expected"
    if not tie.q_value <= q_level:
        return Verdict.NO_MOVE, f"q {tie.q_value:.3f} is above {q_level:g}"
    if tie.confounded:
        return Verdict.CONFOUNDED, f"q {tie.q_value:.3f} is at or below {q_level:g}, but other news shares the window"
    return Verdict.MOVE, f"q {tie.q_value:.3f} is at or below {q_level:g} and nothing else explains it"
