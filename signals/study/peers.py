"""The peers of each instrument: the others of its sector, else those whose abnormal returns go most with its own.

They are chosen every `RENEWED` sessions from the estimation window before, so that no later return can change what a
session is compared with. `benchmarks/power.py` measures what they add (docs/scoring.md, *Power*).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from signals.study.leastsquares import Bools
from signals.study.models import Panel
from signals.types import PEERS, Floats, Study

COUNT, RENEWED = 10, 20  # peers of an instrument without a sector, and sessions between two choices
LEAST_OF_SECTOR = 5  # others that make a sector a group of peers
CLIP = 3.0  # a peer's largest abnormal return that counts, in standard deviations: it may have news of its own
SAME = 0.95  # correlation of abnormal returns from which two listings count as one company


@dataclass(frozen=True, slots=True, eq=False)
class PeerReturns:
    """What the peers of each instrument did, each ``(N, T)``.

    Attributes
    ----------
    mean
        The mean return of the peers; where there is no choice yet, that of all others.
    part
        The abnormal return that goes with the peers' mean abnormal return, by the slope of the estimation window; NaN
        where there is no choice yet.
    """

    mean: Floats
    part: Floats


def peer_returns(
    panel: Panel,
    sectors: Sequence[str] = (),
    since: int = 0,
    count: int = COUNT,
    renewed: int = RENEWED,
    clip: float | None = CLIP,
) -> PeerReturns:
    """Return the returns of each instrument's peers.

    Parameters
    ----------
    panel
        Returns and benchmarks of N instruments.
    sectors
        The sector of each, empty where it has none.
    since
        The first column that is asked for; earlier ones hold no choice of peers.
    """
    study = Study(PEERS)
    mean, part = mean_of_others(panel.ret), np.full(panel.ret.shape, np.nan)
    for start in range(study.gap + study.min_observations, panel.ret.shape[1], renewed):
        if start + renewed <= since:
            continue
        window = slice(max(start - study.gap - study.estimation, 0), start - study.gap)
        mature = np.isfinite(panel.ret[:, window]).sum(axis=1) >= study.min_observations
        if mature.sum() < 2:
            continue
        fits = market_residuals(panel.ret[:, window], panel.benchmark[:, window])
        chosen = _choose(fits, mature, sectors, count)
        block = slice(start, start + renewed)
        expected = fits.beta * np.nan_to_num(panel.benchmark[:, block])
        abnormal = panel.ret[:, block] - expected
        if clip is not None:
            abnormal = np.clip(abnormal, -clip * fits.deviation, clip * fits.deviation)
        has = mature & chosen.any(axis=1)
        mean[has, block] = _mean(chosen, abnormal + expected)[has]
        part[has, block] = (_slope(fits.residuals, chosen) * _mean(chosen, abnormal))[has]
    return PeerReturns(mean, part)


@dataclass(frozen=True, slots=True, eq=False)
class MarketResiduals:
    """Residuals ``(N, L)`` of the market model, 0 where missing; each instrument's beta and deviation, ``(N, 1)``."""

    residuals: Floats
    beta: Floats
    deviation: Floats


def market_residuals(ret: Floats, benchmark: Floats) -> MarketResiduals:
    """Return what the benchmark leaves of returns, both ``(N, L)``; without a benchmark, all but the mean."""
    has_benchmark = np.isfinite(benchmark).any(axis=1, keepdims=True)
    index = np.where(has_benchmark, benchmark, 0.0)
    valid = np.isfinite(ret) & np.isfinite(index)
    count = np.maximum(valid.sum(axis=1, keepdims=True), 1)

    def centred(values: Floats) -> Floats:
        values = np.where(valid, values, 0.0)
        return np.where(valid, values - values.sum(axis=1, keepdims=True) / count, 0.0)

    x, y = centred(index), centred(ret)
    beta = (x * y).sum(axis=1, keepdims=True) / np.maximum((x * x).sum(axis=1, keepdims=True), 1e-18)
    residuals = y - beta * x
    return MarketResiduals(residuals, beta, np.sqrt((residuals**2).sum(axis=1, keepdims=True) / count))


def mean_of_others(ret: Floats) -> Floats:
    """Return the mean return of all other instruments, ``(N, T)``."""
    valid = np.isfinite(ret)
    total, count = np.where(valid, ret, 0.0).sum(axis=0), valid.sum(axis=0)
    others = count - valid
    return np.where(others > 0, (total - np.where(valid, ret, 0.0)) / np.maximum(others, 1), np.nan)


def _choose(fits: MarketResiduals, mature: Bools, sectors: Sequence[str], count: int) -> Bools:
    """Return ``(N, N)`` which instruments are the peers of each."""
    unit = np.clip(fits.residuals, -CLIP * fits.deviation, CLIP * fits.deviation)
    unit /= np.maximum(np.sqrt((unit**2).sum(axis=1, keepdims=True)), 1e-12)
    likeness = unit @ unit.T
    likeness[:, ~mature] = likeness[likeness > SAME] = -2.0  # an instrument is most like itself
    chosen = likeness > -2.0
    if mature.sum() > count:
        most_alike = np.zeros(likeness.shape, dtype=bool)
        np.put_along_axis(most_alike, np.argpartition(-likeness, count, axis=1)[:, :count], True, axis=1)
        chosen &= most_alike
    for members in _sector_members(sectors):
        of_sector = members[None, :] & (likeness > -2.0)
        enough = members & (of_sector.sum(axis=1) >= LEAST_OF_SECTOR)
        chosen[enough] = of_sector[enough]
    return chosen


def _sector_members(sectors: Sequence[str]) -> Iterator[Bools]:
    names = np.array(sectors, dtype=object)
    for sector in sorted(set(sectors) - {""}):
        yield names == sector


def _mean(chosen: Bools, values: Floats) -> Floats:
    """Return the mean of the values ``(N, B)`` of each instrument's peers; NaN where none has one."""
    valid, weights = np.isfinite(values), chosen.astype(float)
    counts = weights @ valid
    return np.where(counts > 0, weights @ np.where(valid, values, 0.0) / np.maximum(counts, 1), np.nan)


def _slope(residuals: Floats, chosen: Bools) -> Floats:
    """Return ``(N, 1)`` how far each instrument's residuals go with the mean of its peers'."""
    weights = chosen / np.maximum(chosen.sum(axis=1, keepdims=True), 1)
    peers = weights @ residuals
    squares = np.maximum((peers**2).sum(axis=1, keepdims=True), 1e-18)
    return np.asarray((residuals * peers).sum(axis=1, keepdims=True) / squares)
