"""Scored moves -> how likely each is chance, the verdict of each event, and the row that decides for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np

from signals.pipeline import Plan
from signals.pipeline.derive.error_rates import ErrorRates, groups_of
from signals.pipeline.derive.links import inputs_of
from signals.store import Connection, moves
from signals.study.verdicts import tie_of_class, verdict
from signals.types import ErrorRate, IntradayStudy, MoveState, Status, Study, Verdict, deciding_window


def judge(db: Connection, rates: ErrorRates, plan: Plan, ids: Iterable[str]) -> None:
    """Bring the error rates and verdicts of events up to date with their moves and articles."""
    states = moves.move_states(db, ids)
    studies: list[Study | IntradayStudy] = [*plan.studies, *plan.intraday]
    windows = {day_only: {s.name: str(deciding_window(s, day_only)) for s in studies} for day_only in (False, True)}
    judged: list[MoveState] = []
    for _, group in groupby(_rated(rates, states), key=lambda state: state.event_id):
        of_event = list(group)
        judged += _decided(of_event, plan, windows[of_event[0].day_only])
    moves.save_decided(db, [new for old, new in zip(states, judged, strict=True) if old != new])


def _rated(rates: ErrorRates, states: Sequence[MoveState]) -> list[MoveState]:
    """Return moves with their error rates; those of an event stay while its bars and its class do."""
    rated = [state._replace(local_fdr=None, q_value=None, q_basis=None) for state in states]
    alike: defaultdict[ErrorRate, list[int]] = defaultdict(list)
    for n, state in enumerate(states):
        if state.status is Status.SCORED and state.p_value is not None:
            rate = rates.of(state.study, state.event_window, state.day_zero, state.relevance_class)
            alike[rate].append(n)
    for rate, members in alike.items():
        groups, p = groups_of(rate), np.array([states[n].p_value for n in members], dtype=float)
        basis = f"{rate.events} {rate.relevance_class} events before {rate.first_day}"
        basis += f", pi {rate.pi:.4f}, a {rate.a:.2f}, c {rate.c:.3f}"
        numbers = zip(groups.local_fdr(p).tolist(), groups.q_values(p).tolist(), strict=True)
        for n, (local_fdr, q_value) in zip(members, numbers, strict=True):
            rated[n] = states[n]._replace(local_fdr=local_fdr, q_value=q_value, q_basis=basis)
    return rated


def _decided(states: Sequence[MoveState], plan: Plan, chosen: Mapping[str, str]) -> Iterator[MoveState]:
    """Yield the moves of one event with their verdicts, in their order; `chosen` is each study's deciding window."""
    verdicts = {(state.study, state.event_window): _verdict(state, plan) for state in states}
    status = {(state.study, state.event_window): state.status for state in states}
    deciding = [key for key in chosen.items() if key in verdicts]
    decides = next((key for key in deciding if status[key] is not Status.UNSCORED), deciding[0] if deciding else None)
    for state in states:
        key = (state.study, state.event_window)
        yield state._replace(
            verdict=verdicts[key],
            event_verdict=verdicts.get((state.study, chosen.get(state.study, "")), Verdict.NOT_SCORED),
            decides=key == decides,
        )


def _verdict(state: MoveState, plan: Plan) -> Verdict:
    return verdict(inputs_of(state, state.status, state.reason, tie_of_class(state.relevance_class)), plan.q_level)
