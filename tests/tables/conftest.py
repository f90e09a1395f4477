"""A market of twelve instruments, a factor and an index, made by a fixed generator."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

#: A data frame; pandas' stubs take a cell for anything, so that no arithmetic on cells passes a type checker.
Frame = Any
DAY = 500  # the session on which S3 jumps by 8%


@pytest.fixture(scope="session")
def closes() -> Frame:
    rng = np.random.default_rng(3)
    days = pd.bdate_range("2020-01-01", periods=600)
    index: Any = pd.Series(rng.normal(0, 0.01, len(days)), index=days)
    oil = rng.normal(0, 0.015, len(days))
    returns: Any = pd.DataFrame(
        {f"S{n}": index + 0.3 * oil + rng.normal(0, 0.01, len(days)) for n in range(12)}, index=days
    )
    returns.loc[days[DAY], "S3"] += 0.08
    return 100 * (1 + returns.assign(OIL=oil, INDEX=index)).cumprod()


@pytest.fixture
def events(closes: Frame) -> Frame:
    return pd.DataFrame({"ticker": ["S3", "S4"], "day_zero": [closes.index[DAY]] * 2})
