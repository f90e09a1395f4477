"""A small simulated market, calibrated once, and helpers to compare scores bit by bit."""

from dataclasses import fields, replace

import numpy as np
import pytest

from signals.study.calibration import Calibration, calibrate
from signals.study.leastsquares import Sums
from signals.study.models import Panel, sums_for
from signals.study.score import Scores
from signals.types import Floats, Ints, Study, Window

STUDY = Study("market", estimation=60, min_observations=40, windows=(Window(0, 0), Window(0, 2), Window(-5, -1)))
SERIES = ("ret", "benchmark", "gap", "session")

Market = tuple[Panel, Sums, Calibration]


def simulated(seed: int, instruments: int = 12, sessions: int = 500) -> Panel:
    """Return a panel of heavy-tailed returns with clustered volatility and a few gaps."""
    rng = np.random.default_rng(seed)
    log_volatility = np.zeros((sessions, instruments))
    for t in range(1, sessions):
        log_volatility[t] = 0.97 * log_volatility[t - 1] + rng.normal(0, 0.12, instruments)
    market = rng.normal(0, 0.01, sessions)
    own = (
        rng.uniform(0.01, 0.03, instruments) * np.exp(log_volatility) * rng.standard_t(4, (sessions, instruments)) / 1.4
    )
    ret: Floats = (rng.uniform(0.5, 1.5, instruments) * market[:, None] + own).T.copy()
    ret[rng.random(ret.shape) < 0.01] = np.nan
    return Panel(ret, np.broadcast_to(market, ret.shape).copy(), ret / 2, ret / 2)


@pytest.fixture(scope="session")
def market() -> Market:
    """Return a panel, its sums and its calibration under `STUDY`; only for reading."""
    panel = simulated(1)
    sums = sums_for(panel, STUDY)
    return panel, sums, calibrate(panel, sums, STUDY)


def ints(*values: int) -> Ints:
    return np.array(values, dtype=np.int64)


def all_events(panel: Panel, until: int | None = None) -> tuple[Ints, Ints]:
    """Return the row and the column of every instrument on every session before `until`."""
    instruments, sessions = panel.ret.shape
    row, column = np.meshgrid(np.arange(instruments), np.arange(until or sessions), indexing="ij")
    return row.ravel(), column.ravel()


def first_sessions(panel: Panel, count: int) -> Panel:
    return replace(panel, **{name: getattr(panel, name)[:, :count].copy() for name in SERIES})


def with_noise(panel: Panel, start: int) -> Panel:
    """Return a copy of the panel whose returns are noise from column `start` on."""
    rng = np.random.default_rng(start)
    copy = replace(panel, **{name: getattr(panel, name).copy() for name in SERIES})
    for name in SERIES:
        getattr(copy, name)[:, start:] = rng.normal(0, 1e3, panel.ret[:, start:].shape)
    return copy


def same_bits(one: Scores, other: Scores) -> bool:
    texts = ("p_method", "reference_id")
    return all(
        np.array_equal(getattr(one, f.name), getattr(other, f.name), equal_nan=f.name not in texts)
        for f in fields(Scores)
    )
