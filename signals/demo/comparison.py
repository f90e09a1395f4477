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
UNUSUAL = 0.01  # p of a drift that counts as seen
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
    def event_id(self) -> str:
        """The event."""

    @property
    def p_value(self) -> float | None:
        """The p-value of its move."""

    @property
    def local_fdr(self) -> float | None:
        """How likely its move is chance."""

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
        The number of leaks, and of those whose drift before the news has a p-value of `UNUSUAL` or less.
    called, expected_false
        The number of events called a move, and how many of them are chance by what was said of each.
    """

    checks: tuple[Check, ...]
    sessions_right: int
    sessions_linked: int
    drifts_planted: int
    drifts_found: int
    called: int
    expected_false: float

    @property
    def false_alarms(self) -> int:
        """The number of events without an effect that have the verdict `move`."""
        return sum(
            verdict == Verdict.MOVE
            for check in self.checks
            if check.kind in (Kind.NOTHING, Kind.MARKET_WIDE)
            for _, verdict in check.others
        )


def compare(planted: Sequence[Planted], links: Iterable[LinkedArticle]) -> Comparison:
    """Compare planted articles with links, matched by headline and, where one is planted, ticker.

    Links of other studies than `STUDY` are ignored.
    """
    in_study = [link for link in links if link.study == STUDY]
    results = {(link.title, link.ticker, link.event_window): (link.verdict, str(link.day_zero)) for link in in_study}
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
    calls = {x.event_id: x.local_fdr for x in in_study if x.event_window == WINDOW and x.verdict == Verdict.MOVE}
    drift_p = {(x.title, x.ticker): x.p_value or 0.0 for x in in_study if x.event_window == DRIFT_WINDOW}
    leaks = [plant for plant in planted if plant.kind is Kind.LEAK]
    return Comparison(
        checks=tuple(_check(kind, [(p, verdict_of(p)) for p in planted if p.kind is kind]) for kind in _kinds(planted)),
        sessions_right=sum(is_right_day),
        sessions_linked=len(is_right_day),
        drifts_planted=len(leaks),
        drifts_found=sum(drift_p.get((plant.headline, plant.ticker), 1.0) <= UNUSUAL for plant in leaks),
        called=len(calls),
        expected_false=sum(chance or 0.0 for chance in calls.values()),
    )


def _kinds(planted: Sequence[Planted]) -> list[Kind]:
    present = {plant.kind for plant in planted}
    return [kind for kind in Kind if kind in present]


def _check(kind: Kind, verdicts: Sequence[tuple[Planted, str]]) -> Check:
    others = tuple((plant, verdict) for plant, verdict in verdicts if verdict not in RECOGNISED[kind])
    return Check(kind, len(verdicts), len(verdicts) - len(others), others)
