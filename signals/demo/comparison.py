"""Compare the planted effects with the links of the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from signals.demo.newsroom import Planted
from signals.demo.scripted_articles import Kind
from signals.types import Verdict

STUDY = "market"
WINDOW = "0..0"  # every effect is planted on day zero
DRIFT_WINDOW = "-5..-1"
NOT_LINKED = "not_linked"

# The verdicts that are right for each kind. With noise on every simulated day, some will differ.
RECOGNISED: Mapping[Kind, frozenset[str]] = {
    Kind.MOVE: frozenset({Verdict.MOVE}),
    Kind.LEAK: frozenset({Verdict.MOVE}),
    Kind.COPY: frozenset({Verdict.MOVE, Verdict.WEAK_TIE}),
    Kind.CONFOUNDED: frozenset({Verdict.CONFOUNDED}),
    Kind.NOTHING: frozenset({Verdict.NO_MOVE, Verdict.MARKET_WIDE, Verdict.WEAK_TIE}),
    Kind.MARKET_WIDE: frozenset({Verdict.MARKET_WIDE, Verdict.NO_MOVE}),
    Kind.PASSING: frozenset({Verdict.WEAK_TIE}),
    Kind.PENDING: frozenset({Verdict.NOT_SCORED}),
    Kind.AMBIGUOUS_TAG: frozenset({NOT_LINKED}),
    Kind.UNKNOWN_TAG: frozenset({NOT_LINKED}),
}


class LinkedArticle(Protocol):
    """What the comparison reads of a link; a `LinkRow` has it."""

    @property
    def title(self) -> str:
        """The headline."""

    @property
    def ticker(self) -> str:
        """The instrument."""

    @property
    def study(self) -> str:
        """The study."""

    @property
    def event_window(self) -> str:
        """The event window."""

    @property
    def day_zero(self) -> date:
        """The first session able to react."""

    @property
    def verdict(self) -> str:
        """The verdict."""


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of article: how many were planted, how many were recognised, and the others with their verdicts."""

    kind: Kind
    planted: int
    recognised: int
    others: tuple[tuple[Planted, str], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The planted effects and the verdicts of the store.

    Attributes
    ----------
    checks
        One for each kind that was planted, in the order of `Kind`.
    sessions_right, sessions_linked
        The number of links with the planted day zero, and of all links of planted articles.
    drifts_planted, drifts_found
        The number of leaks, and of those whose drift before the news has the verdict `early_move`.
    """

    checks: tuple[Check, ...]
    sessions_right: int
    sessions_linked: int
    drifts_planted: int
    drifts_found: int

    @property
    def false_alarms(self) -> int:
        """The number of articles without an effect that have the verdict `move`."""
        return sum(
            verdict == Verdict.MOVE
            for check in self.checks
            if check.kind is Kind.NOTHING
            for _, verdict in check.others
        )


def compare(planted: Sequence[Planted], links: Iterable[LinkedArticle]) -> Comparison:
    """Compare planted articles with links, matched by headline and, where one is planted, ticker.

    Links of other studies than `STUDY` are ignored.
    """
    results = {
        (link.title, link.ticker, link.event_window): (link.verdict, str(link.day_zero))
        for link in links
        if link.study == STUDY
    }
    linked_titles = {title: verdict for (title, _, window), (verdict, _) in results.items() if window == WINDOW}

    def verdict_of(plant: Planted, window: str = WINDOW) -> str:
        if not plant.ticker:
            return linked_titles.get(plant.headline, NOT_LINKED)
        return results.get((plant.headline, plant.ticker, window), (NOT_LINKED, ""))[0]

    is_right_day = [
        results[key][1] == plant.day_zero.isoformat()
        for plant in planted
        if (key := (plant.headline, plant.ticker, WINDOW)) in results
    ]
    leaks = [plant for plant in planted if plant.kind is Kind.LEAK]
    return Comparison(
        checks=tuple(_check(kind, [(p, verdict_of(p)) for p in planted if p.kind is kind]) for kind in _kinds(planted)),
        sessions_right=sum(is_right_day),
        sessions_linked=len(is_right_day),
        drifts_planted=len(leaks),
        drifts_found=sum(verdict_of(plant, DRIFT_WINDOW) == Verdict.EARLY_MOVE for plant in leaks),
    )


def _kinds(planted: Sequence[Planted]) -> list[Kind]:
    present = {plant.kind for plant in planted}
    return [kind for kind in Kind if kind in present]


def _check(kind: Kind, verdicts: Sequence[tuple[Planted, str]]) -> Check:
    others = tuple((plant, verdict) for plant, verdict in verdicts if verdict not in RECOGNISED[kind])
    return Check(kind, len(verdicts), len(verdicts) - len(others), others)
