"""A benchmark in another currency: the rate that converts it, and the instruments that a move is measured with."""

from __future__ import annotations

from dataclasses import dataclass

from signals.pipeline import Plan
from signals.types import PEERS, Floats, Instrument, MarketKey


@dataclass(frozen=True, slots=True)
class Rate:
    """An instrument whose price is a rate of exchange; `inverse` where it is quoted the other way round."""

    ticker: str
    inverse: bool

    def converted(self, returns: Floats, rate: Floats) -> Floats:
        """Return the returns of a price in the other currency, given its own and those of the rate's quotes."""
        growth = (1 + returns) / (1 + rate) if self.inverse else (1 + returns) * (1 + rate)
        return growth - 1


def rate_between(plan: Plan, base: str, quote: str) -> Rate | None:
    """Return the rate that converts a price in `base` into one in `quote`, or None if the configuration has none."""
    if base + quote in plan.fx:
        return Rate(plan.fx[base + quote], inverse=False)
    return Rate(plan.fx[quote + base], inverse=True) if quote + base in plan.fx else None


def is_comparable(plan: Plan, own: Instrument, benchmark: Instrument) -> bool:
    """Return whether a benchmark is in an instrument's currency, or can be converted into it."""
    return benchmark.currency == own.currency or rate_between(plan, benchmark.currency, own.currency) is not None


def no_rate(own: Instrument, benchmark: Instrument) -> str:
    """Return the sentence for a benchmark in a currency that no rate converts, with the key to write."""
    currencies = f"{own.ticker} is in {own.currency}, its benchmark {benchmark.ticker} in {benchmark.currency}"
    hint = f"name what one {benchmark.currency} costs as fx.{benchmark.currency}{own.currency}"
    return f"{currencies}; {hint}"


def depends_on(plan: Plan) -> dict[str, set[str]]:
    """Return, per instrument, the other instruments whose bars its moves are measured with."""
    by_ticker = plan.by_ticker()
    factors = {name for study in plan.studies for name in study.factors}
    members: dict[MarketKey, set[str]] = {}
    for instrument in plan.instruments if PEERS in factors else ():
        members.setdefault(instrument.market, set()).add(instrument.ticker)
    others_of = {}
    for instrument in plan.instruments:
        benchmark = by_ticker.get(instrument.benchmark or "")
        others = {benchmark.ticker} if benchmark else set()
        if benchmark and benchmark.currency != instrument.currency:
            rate = rate_between(plan, benchmark.currency, instrument.currency)
            others |= {rate.ticker} if rate else set()
        others |= members.get(instrument.market, set()) - {instrument.ticker}
        others_of[instrument.ticker] = (others | factors) & by_ticker.keys()
    return others_of
