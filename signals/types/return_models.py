"""Return models: what an instrument's return is compared with. One registry, which every other module reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Benchmark(Enum):
    """How the benchmark's return enters a model."""

    ABSENT = "absent"
    SUBTRACTED = "subtracted"  # alpha 0 and beta 1 are given, nothing is estimated
    REGRESSOR = "regressor"


@dataclass(frozen=True, slots=True)
class ReturnModel:
    """A return model as a regression of the return on an intercept, the benchmark and further factors.

    `meaning` completes the sentence "the abnormal return is the return less ...".
    """

    name: str
    meaning: str
    intercept: bool
    benchmark: Benchmark
    takes_factors: bool = False

    @property
    def needs_benchmark(self) -> bool:
        """Whether the model compares with the benchmark."""
        return self.benchmark is not Benchmark.ABSENT

    def parameters(self, factors: int = 0) -> int:
        """Return the number of estimated parameters, with this many factors."""
        return int(self.intercept) + int(self.benchmark is Benchmark.REGRESSOR) + factors


RAW = ReturnModel("raw", "nothing", intercept=False, benchmark=Benchmark.ABSENT)
CONSTANT_MEAN = ReturnModel(
    "constant-mean", "its own mean over the estimation window", intercept=True, benchmark=Benchmark.ABSENT
)
MARKET_ADJUSTED = ReturnModel(
    "market-adjusted", "the return of the benchmark", intercept=False, benchmark=Benchmark.SUBTRACTED
)
MARKET = ReturnModel(
    "market",
    "alpha, beta times the return of the benchmark, and the part of any factors",
    intercept=True,
    benchmark=Benchmark.REGRESSOR,
    takes_factors=True,
)

RETURN_MODELS: Mapping[str, ReturnModel] = {m.name: m for m in (RAW, CONSTANT_MEAN, MARKET_ADJUSTED, MARKET)}


def return_model(name: str) -> ReturnModel:
    """Return the model of a name; raises ValueError for a name that is no model."""
    try:
        return RETURN_MODELS[name]
    except KeyError:
        *others, last = RETURN_MODELS
        raise ValueError(f"{name!r} is no return model: {', '.join(others)} or {last}") from None
