"""A trader's year of nights: which share of what is called a move is chance, by what nightly runs know.

`benchmarks/calibration.py` prints it for a panel. A night has a few events on random names. A share of them is real:
an effect of 3% times a Student t with 4 degrees of freedom is added. An event has one of three classes of relevance,
and those about the instrument are real twice as often as the average. Error rates are fitted as nightly runs fit them,
on events at least ten sessions old, renewed every twenty; the year begins without any, and its cold start counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from signals.study.error_rates import TwoGroups, counts_of, fit
from signals.types import Floats, Ints

LEVELS = (0.10, 0.20, 0.30)
CLASSES = ("subject", "mentioned", "weak")
REAL_BY_CLASS = np.array([2.0, 1.0, 0.0])  # times the share of all
NIGHTS, RENEWED, LAG = 250, 20, 10
EFFECT, DEGREES = 0.03, 4
COLD = 60  # nights that begin without earlier ones

PValues = Callable[[Ints, Ints, Floats], Floats]  # rows, columns and effects -> p


@dataclass(frozen=True)
class Events:
    """Events of a year of nights, each ``(E,)``: the night, the class, the effect, and what was said of it."""

    night: Ints
    label: Ints
    effect: Floats
    p: Floats
    local_fdr: Floats
    q_value: Floats


@dataclass(frozen=True)
class Panel:
    """Placebos ``(N, T)`` that can be scored, and how p-values follow from effects."""

    usable: np.ndarray
    p_values: PValues


def years(panel: Panel, real: float, sizes: tuple[int, int], repeats: int, seed: int = 11) -> list[Events]:
    """Return the events of years of nights, `sizes` being the fewest and most of a night."""
    rng = np.random.default_rng(seed)
    return [_judged(*_year(rng, panel, real, sizes)) for _ in range(repeats)]


def _year(
    rng: np.random.Generator, panel: Panel, real: float, sizes: tuple[int, int]
) -> tuple[Ints, Ints, Floats, Floats]:
    days = np.flatnonzero(panel.usable.sum(axis=0) >= sizes[1])
    start = int(rng.integers(0, max(len(days) - NIGHTS, 0) + 1))
    count = rng.integers(sizes[0], sizes[1] + 1, min(NIGHTS, len(days)))
    night = np.repeat(np.arange(len(count)), count)
    row = np.concatenate(
        [rng.choice(np.flatnonzero(panel.usable[:, days[start + n]]), k, replace=False) for n, k in enumerate(count)]
    )
    label = rng.integers(0, len(CLASSES), len(row))
    effect = EFFECT * rng.standard_t(DEGREES, len(row)) * (rng.random(len(row)) < real * REAL_BY_CLASS[label])
    return night, label, effect, panel.p_values(row, days[start + night], effect)


def _judged(night: Ints, label: Ints, effect: Floats, p: Floats) -> Events:
    """Say of each event what could be said when it came."""
    local_fdr, q_value = np.empty(len(p)), np.empty(len(p))
    for first in range(0, NIGHTS, RENEWED):
        earlier, now = night < first - LAG, night // RENEWED == first // RENEWED
        groups: Sequence[TwoGroups] = fit(counts_of(p[earlier], label[earlier], len(CLASSES)))
        for n, of_class in enumerate(groups):
            part = now & (label == n)
            local_fdr[part], q_value[part] = of_class.local_fdr(p[part]), of_class.q_values(p[part])
    return Events(night, label, effect, p, local_fdr, q_value)


def joined(parts: Sequence[Events]) -> Events:
    """Return the events of several years as one."""
    names = ("night", "label", "effect", "p", "local_fdr", "q_value")
    return Events(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def false_share(chance: np.ndarray, called: np.ndarray) -> tuple[float, float]:
    """Return the percentage of calls that are chance, and its standard error."""
    count = max(int(called.sum()), 1)
    share = float(chance[called].mean()) if called.any() else 0.0
    return 100 * share, 100 * np.sqrt(max(share * (1 - share), 0.02) / count)


def nightly_bh(events: Events, level: float) -> np.ndarray:
    """Return which events Benjamini and Hochberg (1995) call within each night: what was done before."""
    called = np.zeros(len(events.p), bool)
    start = np.flatnonzero(np.diff(events.night, prepend=-1))
    for members in np.split(np.arange(len(events.p)), start[1:]):
        p = np.sort(events.p[members])
        passed = np.flatnonzero(p <= level * np.arange(1, len(p) + 1) / len(p))
        called[members] = len(passed) > 0 and events.p[members] <= p[passed[-1]]
    return called


Line = tuple[str, str, bool | None, bool]  # subject, figures, passed, in doubt


def lines(panel: Panel, repeats: int) -> Iterator[Line]:
    """Yield the lines of section 8.4 of docs/scoring.md."""
    for sizes in ((1, 10), (1, 1), (1, 3)):
        for real in (0.0, 0.05, 0.10, 0.30):
            parts = years(panel, real, sizes, repeats)
            events = joined(parts)
            name = f"{sizes[0]}-{sizes[1]} a night, {real:.0%} real" if real else f"{sizes[0]}-{sizes[1]}, nothing real"
            yield from _calls(name, events, real, repeats)
            if (sizes, real) == ((1, 10), 0.10):
                yield from _details(events, repeats)


def _calls(name: str, events: Events, real: float, repeats: int) -> Iterator[Line]:
    chance, large = events.effect == 0, np.abs(events.effect) >= EFFECT
    if not real:
        called = 100 * np.mean(events.q_value <= LEVELS[0])
        yield name, f"{called:.2f}% of events called at 0.10", bool(called <= 0.2), False
        return
    for level in LEVELS:
        called = events.q_value <= level
        share, error = false_share(chance, called)
        limit = 100 * level + 3
        figures = f"{share:.1f} (error {error:.1f}) of {called.sum() / repeats:.1f} calls a year; "
        figures += f"power at 3% or more {100 * called[large].mean():.0f}"
        wanted = real == 0.10
        yield f"{name}, at {level:.2f}", figures, bool(share <= limit) if wanted else None, share - 2 * error <= limit


def _details(events: Events, repeats: int) -> Iterator[Line]:
    chance = events.effect == 0
    for level in LEVELS[1:]:
        cold = (events.q_value <= level) & (events.night < COLD)
        share, error = false_share(chance, cold)
        figures = f"{share:.1f} (error {error:.1f}) of {cold.sum() / repeats:.1f} calls"
        yield f"  of these the first {COLD} nights, at {level:.2f}", figures, None, False
    for n, name in enumerate(CLASSES):
        called = (events.q_value <= LEVELS[1]) & (events.label == n)
        false = called[chance].sum() / repeats
        figures = f"{called.sum() / repeats:.1f} calls, {(called & chance).sum() / repeats:.1f} chance a year"
        yield f"  class {name}, at 0.20", figures, None if n < len(CLASSES) - 1 else bool(false <= 1), False
    edges = np.linspace(0, 1, 6)
    step = np.clip(np.searchsorted(edges, events.local_fdr) - 1, 0, 4)
    means = [(events.local_fdr[step == n].mean(), chance[step == n].mean()) for n in range(5) if (step == n).any()]
    figures = ", ".join(f"{said:.2f} > {was:.2f}" for said, was in means)
    yield "  chance said > what came out", figures, all(abs(said - was) <= 0.10 for said, was in means), False
    share, error = false_share(chance, nightly_bh(events, LEVELS[0]))
    yield f"  Benjamini-Hochberg within a night, {LEVELS[0]:.2f}", f"{share:.1f} (error {error:.1f})", None, False
