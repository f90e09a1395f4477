"""The simulated market: daily bars with fat tails, clustered volatility and a beta to the benchmark."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

SESSIONS = 720  # the fewest that give the oldest article an estimation window


@dataclass(frozen=True, slots=True)
class Listing:
    """One instrument. `level` is its last close; `volatility` that of the daily returns beyond the benchmark's."""

    ticker: str
    name: str
    mic: str
    currency: str
    level: float
    volatility: float
    beta: float = 1.0
    benchmark: str | None = None


@dataclass(frozen=True, slots=True)
class Plants:
    """Returns planted in one series: added by session, or in place of the session's own return.

    `overnight` are the sessions whose open already includes the added return.
    """

    added: Mapping[date, float] = field(default_factory=dict)
    replaced: Mapping[date, float] = field(default_factory=dict)
    overnight: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Bar:
    """One simulated day."""

    session: date
    open: float
    high: float
    low: float
    close: float
    volume: int


LISTINGS = (
    Listing("IMOEX", "MOEX Russia Index", "MISX", "RUB", 2850.0, 0.010),
    Listing("GAZP", "Gazprom", "MISX", "RUB", 156.0, 0.011, 1.05, "IMOEX"),
    Listing("VLGS", "Volga Steel", "MISX", "RUB", 84.0, 0.014, 1.20, "IMOEX"),
    Listing("BKLM", "Baikal Minerals", "MISX", "RUB", 412.0, 0.013, 0.85, "IMOEX"),
    Listing("SIM500", "Simulated 500 Index", "XNYS", "USD", 5320.0, 0.009),
    Listing("NRVN", "Norvane Robotics", "XNYS", "USD", 118.0, 0.014, 1.35, "SIM500"),
    Listing("CLDF", "Calder Foods", "XNYS", "USD", 63.0, 0.009, 0.60, "SIM500"),
    Listing("CLDM", "Calder Mining", "XNYS", "USD", 37.0, 0.015, 1.10, "SIM500"),
    Listing("PLCD", "Pellucid Software", "XNYS", "USD", 241.0, 0.012, 1.25, "SIM500"),
    Listing("TSMN", "Tessamine Pharma", "XNYS", "USD", 88.0, 0.014, 0.80, "SIM500"),
    Listing("QLLN", "Quillon Energy", "XNYS", "USD", 52.0, 0.012, 0.95, "SIM500"),
    Listing("MRWS", "Marrowstone Airlines", "XNYS", "USD", 29.0, 0.014, 1.30, "SIM500"),
    Listing("BRMR", "Brightmoor Semiconductor", "XNYS", "USD", 176.0, 0.013, 1.40, "SIM500"),
    Listing("OSTR", "Ostrander Freight", "XNYS", "USD", 134.0, 0.011, 0.90, "SIM500"),
)


def simulate(mic: str, sessions: Sequence[date], plants: Mapping[str, Plants], seed: int) -> dict[str, list[Bar]]:
    """Return the bars of every listing of one market, by ticker; `sessions` are ascending."""
    returns: dict[str, list[float]] = {}
    bars: dict[str, list[Bar]] = {}
    for listing in (
        entry for entry in LISTINGS if entry.mic == mic
    ):  # a benchmark comes before the listings that follow it
        rng = random.Random(f"{seed} {listing.ticker}")  # noqa: S311 - a simulation, not a secret
        planted = plants.get(listing.ticker, Plants())
        market = returns[listing.benchmark] if listing.benchmark in returns else [0.0002] * len(sessions)
        noise = _clustered_t(rng, len(sessions), listing.volatility)
        returns[listing.ticker] = [
            planted.replaced.get(day, listing.beta * m + e) + planted.added.get(day, 0.0)
            for day, m, e in zip(sessions, market, noise, strict=True)
        ]
        bars[listing.ticker] = _bars(rng, sessions, returns[listing.ticker], listing, planted)
    return bars


def _clustered_t(rng: random.Random, n: int, volatility: float) -> list[float]:
    """Draw GARCH(1,1) returns with Student-t innovations of 5 degrees of freedom and the given overall volatility."""
    variance, drawn = volatility**2, []
    for _ in range(n):
        t5 = rng.gauss(0.0, 1.0) / math.sqrt(rng.gammavariate(2.5, 2.0) / 5.0)
        step = math.sqrt(variance * 3.0 / 5.0) * t5
        drawn.append(max(-0.2, min(0.2, step)))
        variance = 0.03 * volatility**2 + 0.07 * drawn[-1] ** 2 + 0.90 * variance
    return drawn


def _bars(
    rng: random.Random, sessions: Sequence[date], returns: Sequence[float], listing: Listing, planted: Plants
) -> list[Bar]:
    """Turn returns into bars whose last close is the listing's level."""
    close = listing.level / math.prod(1.0 + r for r in returns)
    bars = []
    for day, r in zip(sessions, returns, strict=True):
        jump = planted.added.get(day, 0.0) if day in planted.overnight else 0.0
        start = close * (1.0 + jump + 0.3 * (r - jump) + rng.gauss(0.0, 0.2 * listing.volatility))
        close *= 1.0 + r
        high = max(start, close) * (1.0 + abs(rng.gauss(0.0, 0.4 * listing.volatility)))
        low = min(start, close) * (1.0 - abs(rng.gauss(0.0, 0.4 * listing.volatility)))
        turnover = 4e9 / listing.level * math.exp(rng.gauss(0.0, 0.3)) * (1.0 + abs(r) / listing.volatility)
        bars.append(Bar(day, round(start, 2), round(high, 2), round(low, 2), round(close, 2), int(turnover) // 100))
    return bars
