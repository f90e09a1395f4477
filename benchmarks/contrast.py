"""False positive rates of the difference of two groups, on placebos of a panel; then its power.

Usage: ``python benchmarks/contrast.py [--panel FILE --benchmark FILE] [--repeats 1000]``

The panel is that of `benchmarks/calibration.py`. Events are drawn among sessions that have a score, months are the
clusters, and both groups are placebos of the same kind, so that every significant difference is a false one.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.calibration import DAY, Census, Market, read, simulated
from signals.study.contrast import Difference, contrast
from signals.types import Floats, Ints, Study

EFFECT = 0.02
Group = tuple[Floats, Ints]
Draw = Callable[[], tuple[Group, Group]]


class Placebos:
    """CARs of one session of every name and day of a panel, with the month of each day."""

    def __init__(self, market: Market) -> None:
        census = Census(market, Study("market"))
        scored = census.score(DAY)
        shape = census.panel.ret.shape
        self.rng = np.random.default_rng(5)
        car = scored.t_stat * scored.sigma * scored.kappa
        self.car = np.where(np.isfinite(scored.p_value), car, np.nan).reshape(shape)
        self.month = (12 * market.dates.year + market.dates.month).to_numpy() - 1
        days = np.isfinite(self.car).sum(axis=0) > shape[0] / 2
        self.months = np.unique(self.month[days])
        self.days = {int(m): np.flatnonzero(days & (self.month == m)) for m in self.months}
        self.correlations = np.corrcoef(np.where(np.isfinite(scored.z), scored.z, 0.0).reshape(shape))

    def of(self, months: Ints, events: int, names: Ints, *, one_day: bool) -> Group:
        """Draw events of some names in each month; on one day of it, or on any."""
        values, clusters = [], []
        for month in months.tolist():
            days = self.rng.choice(self.days[month], 1 if one_day else events)
            row = self.rng.choice(names, events, replace=not one_day)
            values += [self.car[row, days]]
            clusters += [np.full(events, month)]
        car, cluster = np.concatenate(values), np.concatenate(clusters)
        usable = np.isfinite(car)
        return car[usable], cluster[usable]

    def split(self, first: int, second: int, events: int, *, one_day: bool, similar: bool = False) -> Draw:
        """Draw two groups in months of their own."""

        def draw() -> tuple[Group, Group]:
            names = self.similar(60)[:30] if similar else np.arange(len(self.car))
            months = self.rng.permutation(self.months)[: first + second]
            parts = np.split(months, [first])
            one, other = (self.of(part, events, names, one_day=one_day) for part in parts)
            return one, other

        return draw

    def shared(self, months: int, events: int, *, similar: bool) -> Draw:
        """Draw two groups of different names in the same months, each on one day of the month."""

        def draw() -> tuple[Group, Group]:
            names = self.similar(60) if similar else self.rng.permutation(len(self.car))[:60]
            chosen = self.rng.permutation(self.months)[:months]
            one, other = (self.of(chosen, events, part, one_day=True) for part in np.split(names, 2))
            return one, other

        return draw

    def similar(self, count: int) -> Ints:
        """Return the names most correlated with one at random."""
        return np.argsort(-self.correlations[self.rng.integers(len(self.car))])[:count]


def rejected(draw: Draw, repeats: int, effect: float = 0.0) -> tuple[float, float]:
    """Return the percentage of differences that are significant at 5%, and the mean detectable one in percent."""
    answers: list[Difference] = []
    for _ in range(repeats):
        (a, a_clusters), (b, b_clusters) = draw()
        answers.append(contrast(a + effect, b, a_clusters, b_clusters))
    p = np.array([answer.p_value for answer in answers])
    return 100 * float(np.mean(p <= 0.05)), 100 * float(np.nanmean([answer.detectable for answer in answers]))


def main() -> int:
    """Print the sizes; return 1 if one is above 6.5%, two standard errors allowed."""
    shared = Path(__file__).resolve().parents[2] / "shared" / "data" / "us"
    parser = argparse.ArgumentParser(description="The size of the difference of two groups.")
    parser.add_argument("--panel", type=Path, help="with --benchmark, as in benchmarks/calibration.py")
    parser.add_argument("--benchmark", type=Path)
    parser.add_argument("--repeats", type=int, default=1000)
    arguments = parser.parse_args()
    if arguments.panel:
        market = read(arguments.panel, arguments.benchmark)
    elif shared.is_dir():
        market = read(shared / "panel_400_daily.csv.gz", shared / "sp500_index_daily.csv.gz")
    else:
        market = simulated()
    placebos, failed = Placebos(market), False
    error = 100 * np.sqrt(0.05 * 0.95 / arguments.repeats)
    print(f"{market.name}: {len(placebos.months)} months; rejected at 5% (error {error:.1f}), power at {EFFECT:+.0%}")
    few, most = 4, len(placebos.months) // 2
    cases = {
        f"{few} and {few} months, 5 events each": placebos.split(few, few, 5, one_day=False),
        f"{few} and {most} months, 5 events each": placebos.split(few, most, 5, one_day=False),
        f"{most} and {most} months, 5 events each": placebos.split(most, most, 5, one_day=False),
        f"{few} and {few} months, 20 events on a day": placebos.split(few, few, 20, one_day=True),
        f"{most} and {most} months, 20 events on a day": placebos.split(most, most, 20, one_day=True),
        f"{few} and {few} months, similar names on a day": placebos.split(few, few, 20, one_day=True, similar=True),
        f"{most} and {most} months, similar names on a day": placebos.split(most, most, 20, one_day=True, similar=True),
        f"{few} shared months, 20 events on a day": placebos.shared(few, 20, similar=False),
        f"{2 * most} shared months, 20 events on a day": placebos.shared(2 * most, 20, similar=False),
        f"{2 * most} shared months, similar names": placebos.shared(2 * most, 20, similar=True),
    }
    for name, draw in cases.items():
        size, detectable = rejected(draw, arguments.repeats)
        power, _ = rejected(draw, arguments.repeats // 2, EFFECT)
        failed |= size > 6.5 + 2 * error
        verdict = "FAIL" if size > 6.5 + 2 * error else "pass"
        print(f"{name:<52}{size:5.1f}   power {power:3.0f}   detectable {detectable:.1f}%   {verdict}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
