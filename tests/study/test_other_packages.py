"""The portfolio tests on seven simulated names, compared with statsmodels and with how the R package estudy2 does them.

estudy2 (Rudnytskyi, https://cran.r-project.org/package=estudy2) standardises by ``sd(residuals)``, whose divisor is
n - 1, and takes the mean and the sum of squares of the market over all sessions of the estimation period, whether the
name was listed or not. The papers divide by n - 2 and count the sessions of the regression. The formulas below are
written from its documentation and from the papers, each by itself.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pytest
import statsmodels.api as sm

from signals.study.models import Panel, fit_events, sums_for
from signals.study.portfolio import Aggregate, portfolio
from signals.study.samples import samples
from signals.types import Floats, Study, Window

DAY, LATE = 260, (70, 90)  # day zero; the first sessions of the two names that were listed late
STUDY = Study("market", estimation=240, gap=10, min_observations=100, windows=(Window(0, 0),))
BEGIN, END = DAY - STUDY.gap - STUDY.estimation, DAY - STUDY.gap


def returns_of(late: bool) -> tuple[Floats, Floats]:
    """Return the returns of seven names, and of the market, around a fall of a tenth on day zero."""
    rng = np.random.default_rng(1976)
    market = 0.01 * rng.standard_t(5, DAY + 1)
    market[DAY] = -0.12
    own = rng.uniform(0.01, 0.03, (7, 1)) * rng.standard_t(5, (7, DAY + 1))
    ret = rng.uniform(0.6, 1.6, (7, 1)) * market + own
    if late:
        for row, first in enumerate(LATE):
            ret[row, :first] = np.nan
    return ret, market


@dataclass(frozen=True)
class Regression:
    """One name's regression, with the market of its own sessions and of the whole estimation period."""

    alpha: float
    beta: float
    abnormal: float
    rss: float
    n: int
    own_market: Floats
    market: Floats
    event_market: float

    def standardised(self, df: int, market: Floats) -> float:
        """Return Patell's standardised abnormal return, with these degrees of freedom and the market of a period."""
        distance = (self.event_market - market.mean()) ** 2 / ((market - market.mean()) ** 2).sum()
        return self.abnormal / sqrt(self.rss / df) / sqrt(1 + 1 / self.n + distance)

    @property
    def by_papers(self) -> float:
        return self.standardised(self.n - 2, self.own_market)

    @property
    def by_package(self) -> float:
        return self.standardised(self.n - 1, self.market)


def regressions(late: bool) -> list[Regression]:
    ret, market = returns_of(late)
    results = []
    for own in ret:
        used = np.isfinite(own[BEGIN:END])
        y, x = own[BEGIN:END][used], market[BEGIN:END][used]
        fit = sm.OLS(y, sm.add_constant(x)).fit()
        alpha, beta = (float(value) for value in fit.params)
        abnormal = float(own[DAY] - alpha - beta * market[DAY])
        results.append(
            Regression(alpha, beta, abnormal, float(fit.ssr), len(y), x, market[BEGIN:END], float(market[DAY]))
        )
    return results


def ours(late: bool) -> tuple[Aggregate, Floats, Floats, Floats]:
    """Return the aggregate, and alpha, beta and abnormal return of each name."""
    ret, market = returns_of(late)
    missing = np.full_like(ret, np.nan)
    panel = Panel(ret, np.broadcast_to(market, ret.shape).copy(), missing, missing)
    sums, rows = sums_for(panel, STUDY), np.arange(7)
    days = np.full(7, DAY)
    fitted = fit_events(sums, STUDY, rows, days)
    sessions = np.datetime64("2019-03-01", "D") + np.arange(DAY + 1)
    (sample,) = samples(panel, sums, sessions, STUDY, STUDY.windows, rows, days)
    return portfolio(sample), fitted.alpha, fitted.slopes[:, 0], sample.abnormal[:, 0]


def t_of_mean(values: list[float]) -> float:
    return float(np.mean(values) / np.std(values, ddof=1) * sqrt(len(values)))


def patell_of(standardised: list[float], by_name: list[Regression]) -> float:
    return sum(standardised) / sqrt(sum((one.n - 2) / (one.n - 4) for one in by_name))


@pytest.mark.parametrize("late", [False, True])
def test_the_regressions_and_the_papers_tests_agree_with_statsmodels(late: bool) -> None:
    aggregate, alpha, beta, abnormal = ours(late)
    by_name = regressions(late)
    assert [one.n for one in by_name] == ([240 - first + BEGIN for first in LATE] if late else [240] * 2) + [240] * 5
    for values, name in ((alpha, "alpha"), (beta, "beta"), (abnormal, "abnormal")):
        assert values == pytest.approx([getattr(one, name) for one in by_name], rel=1e-9)
    tests = {name: test.statistic for name, test in aggregate.tests.items()}
    assert aggregate.caar == pytest.approx(np.mean([one.abnormal for one in by_name]), rel=1e-12)
    assert tests["cross_sectional_t"] == pytest.approx(t_of_mean([one.abnormal for one in by_name]), rel=1e-9)
    standardised = [one.by_papers for one in by_name]
    assert tests["patell"] == pytest.approx(patell_of(standardised, by_name), rel=1e-9)
    assert tests["bmp"] == pytest.approx(t_of_mean(standardised), rel=1e-9)


def test_with_equal_histories_the_package_has_our_bmp_and_a_patell_that_differs_by_its_divisor() -> None:
    by_name = regressions(late=False)
    package, tests = [one.by_package for one in by_name], ours(late=False)[0].tests
    assert tests["bmp"].statistic == pytest.approx(t_of_mean(package), rel=1e-9)
    assert patell_of(package, by_name) / tests["patell"].statistic == pytest.approx(sqrt(239 / 238), rel=1e-9)


def test_with_unequal_histories_the_divisor_and_the_period_of_the_market_are_all_that_differs() -> None:
    by_name = regressions(late=True)
    package, tests = [one.by_package for one in by_name], ours(late=True)[0].tests
    for name, statistic in (("bmp", t_of_mean(package)), ("patell", patell_of(package, by_name))):
        assert statistic != pytest.approx(tests[name].statistic, rel=1e-5)
    for one in by_name:
        own_n = one.standardised(one.n - 1, one.own_market)
        assert own_n / one.by_papers == pytest.approx(sqrt((one.n - 1) / (one.n - 2)), rel=1e-12)
        assert (own_n == pytest.approx(one.by_package, rel=1e-9)) == (one.n == 240)  # only the late ones differ further
