"""A small simulated market, calibrated once."""

import numpy as np
import pytest

from signals.study.calibration import Calibration, calibrate
from signals.study.leastsquares import Sums
from signals.study.models import Panel, sums_for
from signals.types import Floats, Study, Window

STUDY = Study("market", estimation=60, min_observations=40, windows=(Window(0, 0), Window(0, 2), Window(-5, -1)))


def simulated(seed: int, instruments: int = 12, sessions: int = 500) -> Panel:
    """Make returns whose volatility clusters, with heavy tails and a few gaps."""
    rng = np.random.default_rng(seed)
    calm = np.zeros((sessions, instruments))
    for t in range(1, sessions):
        calm[t] = 0.97 * calm[t - 1] + rng.normal(0, 0.12, instruments)
    market = rng.normal(0, 0.01, sessions)
    own = rng.uniform(0.01, 0.03, instruments) * np.exp(calm) * rng.standard_t(4, (sessions, instruments)) / 1.4
    ret: Floats = (rng.uniform(0.5, 1.5, instruments) * market[:, None] + own).T.copy()
    ret[rng.random(ret.shape) < 0.01] = np.nan
    return Panel(ret, np.broadcast_to(market, ret.shape).copy(), ret / 2, ret / 2)


@pytest.fixture(scope="session")
def market() -> tuple[Panel, Sums, Calibration]:
    """Return a panel, its sums and its calibration under `STUDY`."""
    panel = simulated(1)
    sums = sums_for(panel, STUDY)
    return panel, sums, calibrate(panel, sums, STUDY)
