"""A benchmark in another currency: the rate that it is converted by, and what else an instrument's moves lean on."""

from __future__ import annotations

from dataclasses import dataclass

from signals.pipeline import Plan
from signals.types import Floats


@dataclass(frozen=True, slots=True)
class Rate:
    """An instrument whose price is a rate of exchange; `inverse` where it is quoted the other way round."""

    ticker: str
    inverse: bool

    def converted(self, returns: Floats, rate: Floats) -> Floats:
        """Return the returns of a price in the other currency, given its own and those of the rate's quotes."""
        grown = (1 + returns) / (1 + rate) if self.inverse else (1 + returns) * (1 + rate)
        return grown - 1


def rate_between(plan: Plan, base: str, quote: str) -> Rate | None:
    """Return by what a price in `base` becomes one in `quote`, or None if the configuration names nothing."""
    if base + quote in plan.fx:
        return Rate(plan.fx[base + quote], inverse=False)
    return Rate(plan.fx[quote + base], inverse=True) if quote + base in plan.fx else None


def leant_on(plan: Plan) -> dict[str, set[str]]:
    """Return, per instrument, the other instruments whose bars its moves are measured with."""
    by_ticker = {i.ticker: i for i in plan.instruments}
    factors = {name for study in plan.studies for name in study.factors}
    found = {}
    for instrument in plan.instruments:
        benchmark = by_ticker.get(instrument.benchmark or "")
        others = {benchmark.ticker} if benchmark else set()
        if benchmark and benchmark.currency != instrument.currency:
            rate = rate_between(plan, benchmark.currency, instrument.currency)
            others |= {rate.ticker} if rate else set()
        found[instrument.ticker] = (others | factors) & by_ticker.keys()
    return found
