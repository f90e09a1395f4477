"""The registry of return models."""

import pytest

from signals.types import CONSTANT_MEAN, MARKET, MARKET_ADJUSTED, RAW, RETURN_MODELS, ReturnModel, return_model


@pytest.mark.parametrize(
    ("model", "needs_benchmark", "parameters"),
    [(RAW, False, 0), (CONSTANT_MEAN, False, 1), (MARKET_ADJUSTED, True, 0), (MARKET, True, 2)],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_model_is_a_regression(model: ReturnModel, needs_benchmark: bool, parameters: int) -> None:
    assert (model.needs_benchmark, model.parameters()) == (needs_benchmark, parameters)
    assert model.parameters(factors=2) == parameters + 2


def test_a_model_is_known_by_its_name() -> None:
    assert [return_model(name) for name in RETURN_MODELS] == [RAW, CONSTANT_MEAN, MARKET_ADJUSTED, MARKET]
    assert all(model.meaning for model in RETURN_MODELS.values())


def test_an_unknown_name_is_one_sentence_with_the_models() -> None:
    with pytest.raises(ValueError, match="'capm' is no return model: raw, constant-mean, market-adjusted or market"):
        return_model("capm")
