"""What the portfolio tests and the paths need of events, compared with the regression written out."""

import numpy as np
import pytest
import statsmodels.api as sm

from signals.study.models import Panel, sums_for
from signals.study.samples import abnormal_paths, samples
from signals.types import Study, Window
from tests.study.conftest import ints


def test_a_sample_holds_the_residuals_and_the_abnormal_returns_of_each_event() -> None:
    rng = np.random.default_rng(4)
    market = rng.normal(0, 0.01, (1, 300)).repeat(2, axis=0)
    ret = 0.9 * market + rng.normal(0, 0.01, market.shape)
    panel = Panel(ret, market, np.full_like(ret, np.nan), np.full_like(ret, np.nan))
    study, sessions = Study("market", estimation=100, min_observations=50), np.arange(300).astype("datetime64[D]")
    window = Window(-1, 2)
    [sample] = samples(panel, sums_for(panel, study), sessions, study, [window], ints(0, 1), ints(200, 298))
    path, n = abnormal_paths(panel, study, ints(0, 1), ints(200, 298), -1, 2)
    fitted = sm.OLS(ret[0, 90:190], sm.add_constant(market[0, 90:190])).fit()
    assert sample.residuals[0] == pytest.approx(fitted.resid, rel=1e-9)
    assert sample.s[0] == pytest.approx(np.sqrt(fitted.mse_resid), rel=1e-9)
    assert sample.df.tolist() == [98, 98]
    assert n.tolist() == [100, 100]
    assert path[0] == pytest.approx(ret[0, 199:203] - fitted.predict(sm.add_constant(market[0, 199:203])), rel=1e-9)
    assert np.array_equal(sample.abnormal, path, equal_nan=True)
    assert np.isfinite(path[1]).tolist() == [True, True, True, False]
    assert sample.dates.tolist() == [[199, 200, 201, 202], [297, 298, 299, 300]]
    assert sample.residual_dates[0].tolist() == list(range(90, 190))
